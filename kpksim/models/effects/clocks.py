"""Slow states that a drive winds up: turnover, delay and tolerance.

All are linear equations that start at 0, solved on a `kpksim.models.effects.mesh.Mesh` whatever
the times at which they are wanted. Cells that are long for a fast rate are cut into parts, for
each subject by its own rates.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpksim.models.effects.drive import Drive
from kpksim.models.effects.fineness import parts_by_subject
from kpksim.models.effects.polynomials import coefficients, repeated_integrals
from kpksim.models.effects.subjects import for_each
from kpksim.models.effects.transduction import shape_code

Array = NDArray[np.float64]


def slow_clock(
    drive: Drive,
    times: ArrayLike,
    kin: ArrayLike,
    kout: ArrayLike,
    *,
    rate: ArrayLike = 0.0,
    transits: int = 0,
    out: Array | None = None,
) -> Array:
    r"""Slow clock: it fills while the drive is on and runs down over days.

    .. math::

        dX/dt &= k_{in} D (1 - X) - k_{out} X, \qquad X(0) = 0 \\
        dZ_i/dt &= k (Z_{i-1} - Z_i), \qquad Z_0 = X, \quad Z_i(0) = 0

    Parameters
    ----------
    drive : Drive
        Drive D.
    times : array, shape (T,)
        Times at which the clock is wanted, ascending, up to the end of the mesh [h].
    kin : float or array, shape (S,)
        Rate of filling at full drive [1/h].
    kout : float or array, shape (S,)
        Rate of running down [1/h].
    rate : float or array, shape (S,)
        Rate k at which each transit follows the one before [1/h].
    transits : int
        Number n of transits behind the clock.
    out : array, shape (S, T), optional
        Where the clock is written; a new array when left out.

    Returns
    -------
    array, shape (S, T)
        The last transit, or X without any; 0 to 1.

    Raises
    ------
    ModelError
        If a rate is too fast to be followed.

    Examples
    --------
    Full drive for ever leads to kin / (kin + kout), and to the same with a delay, only later:

    >>> from kpksim.models.effects.mesh import graded_mesh
    >>> mesh = graded_mesh([400.0], breaks=[0.0])
    >>> on = Drive(mesh, np.full((1, len(mesh.nodes)), 1e300), ec50=1.0, g=1.0)
    >>> slow_clock(on, [2.0, 400.0], kin=0.3, kout=0.1).round(2).tolist()
    [[0.41, 0.75]]
    >>> slow_clock(on, [2.0, 400.0], 0.3, 0.1, rate=0.2, transits=3).round(2).tolist()
    [[0.0, 0.75]]
    """
    rates = for_each(len(drive.ce), kin, kout, rate)
    clock, chain = rates[:2], (rates[2], rates[2])
    return _wound(drive, times, clock, chain, filled=True, stages=transits, out=out)


def leaky_integral(drive: Drive, times: ArrayLike, rate: ArrayLike) -> Array:
    r"""Integral of a drive that is forgotten at a constant rate, such as tolerance.

    .. math:: dT/dt = D - k T, \qquad T(0) = 0

    Parameters
    ----------
    drive : Drive
        Drive D.
    times : array, shape (T,)
        Times at which it is wanted, ascending, up to the end of the mesh [h].
    rate : float or array, shape (S,)
        Rate of forgetting, k [1/h].

    Returns
    -------
    array, shape (S, T)
        T [h].

    Raises
    ------
    ModelError
        If the rate is too fast to be followed.

    Examples
    --------
    Nothing forgotten: full drive for 3 h is 3 h.

    >>> from kpksim.models.effects.mesh import graded_mesh
    >>> mesh = graded_mesh([3.0], breaks=[0.0])
    >>> on = Drive(mesh, np.full((1, len(mesh.nodes)), 1e300), ec50=1.0, g=1.0)
    >>> float(leaky_integral(on, [3.0], rate=0.0)[0, 0].round(9))
    3.0
    """
    none, one, rates = for_each(len(drive.ce), 0.0, 1.0, rate)
    return _wound(drive, times, (none, none), (one, rates), filled=False, stages=1)


def waning(
    drive: Drive, times: ArrayLike, kappa: ArrayLike, rate: ArrayLike
) -> tuple[Array, Drive]:
    r"""Drive that wanes while it is on, as dissociation does.

    .. math:: D\, e^{-\kappa T}, \qquad dT/dt = D - k T, \qquad T(0) = 0

    Parameters
    ----------
    drive : Drive
        Drive D.
    times : array, shape (T,)
        Times at which it is wanted, ascending, up to the end of the mesh [h].
    kappa : float or array, shape (S,)
        Waning per hour of full drive [1/h].
    rate : float or array, shape (S,)
        Rate at which the waning is forgotten, k [1/h].

    Returns
    -------
    left : array, shape (S, T)
        Share of the drive that is left at the times.
    waned : Drive
        The drive that is left at the nodes of the mesh.

    Raises
    ------
    ModelError
        If the rate is too fast to be followed.

    Examples
    --------
    After one hour of full drive, nothing forgotten, half is left:

    >>> from kpksim.models.effects.mesh import graded_mesh
    >>> mesh = graded_mesh([1.0], breaks=[0.0])
    >>> on = Drive(mesh, np.full((1, len(mesh.nodes)), 1e300), ec50=1.0, g=1.0)
    >>> left, waned = waning(on, [1.0], kappa=np.log(2.0), rate=0.0)
    >>> float(left[0, 0].round(9)), float(waned.ce[0, -1].round(9))
    (0.5, 0.5)
    """
    (per_hour,) = for_each(len(drive.ce), kappa)
    left, inside = (
        np.exp(-per_hour[:, None] * leaky_integral(drive, some, rate))
        for some in (times, drive.mesh.nodes)
    )
    waned = inside * drive.at(drive.ce)
    return left, Drive(drive.mesh, waned, 1.0, 1.0, shape="given")


def _wound(
    drive: Drive,
    times: ArrayLike,
    clock: tuple[Array, ...],
    chain: tuple[Array, Array],
    *,
    filled: bool,
    stages: int,
    out: Array | None = None,
) -> Array:
    """Wind up subjects, those together whose cells are cut alike."""
    from kpksim.models.effects.kernels import wind

    wanted = np.asarray(times, dtype=float)
    ce = np.ascontiguousarray(drive.ce, dtype=float)
    ec50, g, ic50 = for_each(
        len(ce), drive.ec50, drive.g, np.inf if drive.ic50 is None else drive.ic50
    )
    source = ce, ec50, g, shape_code(drive.shape), ic50
    tables = repeated_integrals(max(stages, 1)), coefficients()
    result = np.empty((len(ce), len(wanted))) if out is None else out
    for who, parts in parts_by_subject(drive, np.maximum(clock[0] + clock[1], chain[1]), ec50, g):
        origin = parts.cell, parts.row, parts.stride, parts.table
        reading, lengths = parts.mesh.places(wanted), parts.mesh.lengths
        wind(source, who, lengths, origin, reading, tables, clock, chain, filled, stages, result)
    return result
