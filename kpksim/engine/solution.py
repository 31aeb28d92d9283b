"""States and outputs of a linear system at the times asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kpksim.engine.actions import Actions, Array, Floats
from kpksim.engine.doses import doses_of
from kpksim.engine.plan import plan
from kpksim.engine.shapes import ascending, joined, ranks, sources, storage, systems
from kpksim.engine.threads import in_parts
from kpksim.engine.work import Work, compact

PART = 64
"""Subjects that a thread takes at a time."""

FEW_VALUES = 500_000
"""With fewer values to compute, about a millisecond's work, there is one thread."""


@dataclass(frozen=True)
class Inside:
    """What is wanted inside the gaps between observations.

    Attributes
    ----------
    rows : array, shape (S, B, n) or (B, n)
        Floats: ``rows @ state``.
    fractions : sequence of float, length F
        Ascending positions in a gap, between 0 and 1.
    """

    rows: ArrayLike
    fractions: Sequence[float]


@dataclass(frozen=True)
class Solution:
    """Floats at the observations and inside the gaps, and the state at the end.

    Attributes
    ----------
    at : array, shape (S, A, T)
        Floats at each time, in the memory that was given for them.
    inside : array, shape (S, B, F, T - 1)
        Floats of `Inside` at its fractions of each gap between consecutive times.
    state : array, shape (S, n)
        State right after the last observation [mg].
    input_rate : array, shape (S, n)
        Input rate into each state then [mg/h].
    """

    at: Floats
    inside: Array
    state: Array
    input_rate: Array


def solve(
    rates: ArrayLike,
    actions: Actions,
    times: ArrayLike,
    rows: ArrayLike,
    *,
    order: ArrayLike | None = None,
    inside: Inside | None = None,
    out: Floats | None = None,
    threads: int | None = None,
) -> Solution:
    """Solve ``dx/dt = rates @ x + input`` from an empty system under actions.

    The arithmetic on a subject does not depend on the others, nor on the number of threads.

    Parameters
    ----------
    rates : array, shape (S, n, n)
        Rate constants ``rates[..., to, from]`` [1/h].
    actions : Actions
        Additions and changes of input rates; those after the last observation are ignored.
    times : array, shape (T,)
        Times of the observations, ascending [h].
    rows : array, shape (S, A, n) or (A, n)
        Floats: ``rows @ state``.
    order : array of int, shape (T,), optional
        Rank of each observation among things at its time (default 1: after actions of order 0).
        Lower ranks first; at equal rank actions come before observations.
    inside : Inside, optional
        Floats that are wanted inside the gaps between consecutive times too. The time of every
        action must then be one of `times`.
    out : array, shape (S, A, T), optional
        Where the outputs at the times go, of float64 or float32 and C-contiguous; new memory of
        float64 when left out. Writing to memory that was used before is several times faster.
    threads : int, optional
        Number of threads; when left out all processors, or one for little work.

    Returns
    -------
    Solution
        Floats and the state at the end.

    Raises
    ------
    ValueError
        If shapes do not fit, `times` do not ascend, or an action lies inside a gap while `inside`
        is given.

    Examples
    --------
    100 mg at once, of which half leaves every hour:

    >>> actions = Actions(time=[0.0], compartment=[0], amount=[100.0])
    >>> answer = solve([[[-np.log(2.0)]]], actions, [0.0, 1.0, 2.0], rows=[[1.0]])
    >>> answer.at[0, 0].round(9).tolist()
    [100.0, 50.0, 25.0]

    """
    matrices = systems(rates)
    n_subjects, n_states = matrices.shape[:2]
    observed = ascending(times)
    ends = sources(rows, n_subjects, n_states)
    within = sources(inside.rows if inside else np.empty((0, n_states)), n_subjects, n_states)
    fractions = np.array(inside.fractions if inside else (), dtype=float)
    doses = doses_of(actions, n_subjects, n_states, observed, ranks(order, observed))
    if inside:
        _refuse_actions_inside(doses.time, observed)
    system = compact(matrices, joined(ends, within), doses)
    n_ends, n_within, n_gaps = ends.shape[1], within.shape[1], len(observed) - 1
    work = Work(
        system=system,
        plan=plan(observed, n_ends + n_within * len(fractions)),
        times=observed,
        fractions=fractions,
        at=storage(out, (n_subjects, n_ends, len(observed))),
        inside=np.empty((n_subjects, n_within, len(fractions), n_gaps)),
        state=np.empty((n_subjects, len(system.kept) + len(doses.inlets))),
    )
    _share(work, threads)
    return _solution(work, n_states)


def _share(work: Work, threads: int | None) -> None:
    """Share the subjects out over threads."""
    few = threads is None and work.at.size + work.inside.size < FEW_VALUES
    in_parts(work.do, len(work.at), part=PART, threads=1 if few else threads)


def _solution(work: Work, n_states: int) -> Solution:
    """Put what was computed in the order of all states."""
    system, n_subjects = work.system, len(work.at)
    n_kept = len(system.kept)
    state, input_rate = np.zeros((n_subjects, n_states)), np.zeros((n_subjects, n_states))
    state[:, system.kept] = work.state[:, :n_kept]
    input_rate[:, system.kept[system.doses.inlets]] = work.state[:, n_kept:]
    return Solution(work.at, work.inside, state, input_rate)


def _refuse_actions_inside(when: Array, times: Array) -> None:
    """Refuse actions between observations."""
    between = (when > times[0]) & (when < times[-1]) & ~np.isin(when, times)
    if between.any():
        raise ValueError(
            "outputs inside gaps need every action time among times, "
            f"got an action at {when[between][0]} h; add it to times"
        )
