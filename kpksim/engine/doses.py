"""Actions of all subjects in the order in which they happen among the observations."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from kpksim.engine.actions import Actions, Array, Indices
from kpksim.engine.plan import cells_of


class Doses(NamedTuple):
    """Actions of all subjects; a first axis of length 1 stands for all.

    Attributes
    ----------
    ranking : array of int, shape (S or 1, E)
        Actions in the order in which they happen.
    time : array, shape (S or 1, E)
        When each happens [h].
    cell : array of int, shape (S or 1, E)
        Observation before which it happens; its number is that of the cell which ends there.
    compartment : array of int, shape (E,)
        State that it acts on.
    inlet : array of int, shape (E,)
        Position of that state among `inlets`; -1 where it has no infusions.
    amount : array, shape (S or 1, E)
        Amount added at once [mg].
    change : array, shape (S or 1, E)
        Change of the input rate [mg/h].
    inlets : array of int, shape (q,)
        States that receive infusions.
    """

    ranking: Indices
    time: Array
    cell: Indices
    compartment: Indices
    inlet: Indices
    amount: Array
    change: Array
    inlets: Indices


def doses_of(
    actions: Actions, n_subjects: int, n_states: int, times: Array, order: Indices
) -> Doses:
    """Put the actions of each subject in the order in which they happen among the observations.

    What is the same for all subjects is kept once.

    Parameters
    ----------
    actions : Actions
        Actions, E of them.
    n_subjects, n_states : int
        S and n.
    times, order : array, shape (T,)
        Times of the observations [h], and their ranks among things at the same time.

    Returns
    -------
    Doses
        Actions as the kernel wants them.

    Raises
    ------
    ValueError
        If shapes do not fit, or an action has no compartment.
    """
    compartment = np.atleast_1d(np.asarray(actions.compartment, dtype=np.int64))
    shape = (n_subjects, *compartment.shape)
    if compartment.ndim != 1 or np.any((compartment < 0) | (compartment >= n_states)):
        raise ValueError(
            f"compartment must be a list of state indices from 0 to {n_states - 1}, "
            f"got {compartment.tolist()}"
        )
    time = _rows("time", actions.time, shape)
    rank = _rows("order", actions.order, shape).astype(np.int64)
    change = _rows("rate", actions.rate, shape)
    inlets = np.unique(compartment[(change != 0.0).any(axis=0)])
    inlet = np.searchsorted(inlets, compartment)
    return Doses(
        ranking=np.lexsort(np.broadcast_arrays(rank, time), axis=-1),
        time=time,
        cell=cells_of(time, rank, times, order),
        compartment=compartment,
        inlet=np.where(np.isin(compartment, inlets), inlet, -1),
        amount=_rows("amount", actions.amount, shape),
        change=change,
        inlets=inlets,
    )


class OwnActions(NamedTuple):
    """Actions of one subject in the order in which they happen.

    Attributes
    ----------
    time : array, shape (E,)
        When each happens [h].
    cell : array of int, shape (E,)
        Observation before which it happens.
    compartment : array of int, shape (E,)
        State that it acts on.
    amount : array, shape (E,)
        Amount added at once [mg].
    change : array, shape (E,)
        Change of the input rate [mg/h].
    """

    time: Array
    cell: Indices
    compartment: Indices
    amount: Array
    change: Array


def actions_of(doses: Doses, subject: int) -> OwnActions:
    """Give the actions of one subject."""
    ranking = doses.ranking[subject % len(doses.ranking)]
    time, cell, amount, change = (
        rows[subject % len(rows)][ranking]
        for rows in (doses.time, doses.cell, doses.amount, doses.change)
    )
    return OwnActions(time, cell, doses.compartment[ranking], amount, change)


def _rows(name: str, values: ArrayLike, shape: tuple[int, ...]) -> Array:
    """Values for every action, in one row where all subjects share them."""
    array = np.asarray(values, dtype=float)
    if array.shape not in {(), shape[1:], (1, *shape[1:]), shape}:
        raise ValueError(
            f"{name} of actions must have shape {shape[1:]} or {shape}, got {array.shape}"
        )
    rows = array if array.shape == shape else np.broadcast_to(array, (1, *shape[1:]))
    return np.require(rows, requirements=["C", "W"])
