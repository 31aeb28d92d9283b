"""What happens to the state at points in time, and in which order."""

from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Number = TypeVar("Number", np.float64, np.int64)


@dataclass(frozen=True)
class Actions:
    """Additions to states and changes of input rates.

    An infusion is two actions: ``+rate`` at its start and ``-rate`` at its end. Infusions into one
    compartment add.

    Attributes
    ----------
    time : array, shape (S, E) or (E,)
        When each action happens; need not be sorted [h].
    compartment : array of int, shape (E,)
        Index of the state that it acts on, from 0.
    amount : array, shape (S, E) or (E,)
        Amount added at once; 0 where the action changes a rate [mg].
    rate : array, shape (S, E) or (E,)
        Change of the input rate into the compartment [mg/h].
    order : array of int, shape (E,)
        Rank among things at the same time, lower first.
    """

    time: Array
    compartment: Indices
    amount: Array = field(default_factory=lambda: np.zeros(()))
    rate: Array = field(default_factory=lambda: np.zeros(()))
    order: Indices = field(default_factory=lambda: np.zeros((), dtype=np.int64))


@dataclass(frozen=True)
class Schedule:
    """Actions of each subject in the order in which they happen.

    Attributes
    ----------
    time, amount : array, shape (S, E)
        When, and how much at once.
    order : array of int, shape (S, E)
        Rank among things at the same time.
    compartment : array of int, shape (S, E)
        State acted on.
    inlet : array of int, shape (S, E)
        Position in `inlets` of that state, or of some other one where it has no infusions.
    input_rate : array, shape (S, E)
        Input rate through that inlet after the action [mg/h].
    inlets : array of int, shape (q,)
        States that receive infusions.
    """

    time: Array
    order: Indices
    compartment: Indices
    amount: Array
    inlet: Indices
    input_rate: Array
    inlets: Indices

    def of(self, subjects: slice) -> "Schedule":
        """Give the schedule of some of the subjects."""
        return replace(
            self,
            time=self.time[subjects],
            order=self.order[subjects],
            compartment=self.compartment[subjects],
            amount=self.amount[subjects],
            inlet=self.inlet[subjects],
            input_rate=self.input_rate[subjects],
        )


def schedule(actions: Actions, n_subjects: int, n_states: int) -> Schedule:
    """Sort the actions of each subject and follow the input rates through them."""
    compartment = np.atleast_1d(np.asarray(actions.compartment, dtype=np.int64))
    shape = (n_subjects, *compartment.shape)
    if compartment.ndim != 1 or np.any((compartment < 0) | (compartment >= n_states)):
        raise ValueError(
            f"compartment must be a list of state indices from 0 to {n_states - 1}, "
            f"got {compartment.tolist()}"
        )
    time = _spread("time", actions.time, shape)
    order = _spread("order", actions.order, shape).astype(np.int64)
    ranking = np.lexsort((order, time), axis=-1)

    def ranked(array: NDArray[Number]) -> NDArray[Number]:
        return np.take_along_axis(array, ranking, axis=-1)

    change = _spread("rate", actions.rate, shape)
    inlets = np.unique(compartment[(change != 0.0).any(axis=0)])
    inlet = np.minimum(np.searchsorted(inlets, compartment), max(len(inlets) - 1, 0))
    inlet = ranked(np.broadcast_to(inlet, shape))
    return Schedule(
        time=ranked(time),
        order=ranked(order),
        compartment=ranked(np.broadcast_to(compartment, shape)),
        amount=ranked(_spread("amount", actions.amount, shape)),
        inlet=inlet,
        input_rate=_input_rates(ranked(change), inlet, len(inlets)),
        inlets=inlets,
    )


def _spread(name: str, values: ArrayLike, shape: tuple[int, ...]) -> Array:
    """Values for every subject and action."""
    array = np.asarray(values, dtype=float)
    if array.shape not in {(), shape[1:], (1, *shape[1:]), shape}:
        raise ValueError(
            f"{name} of actions must have shape {shape[1:]} or {shape}, got {array.shape}"
        )
    return np.broadcast_to(array, shape)


def _input_rates(change: Array, inlet: Indices, n_inlets: int) -> Array:
    """Input rate through the inlet of each action after it [mg/h].

    The rounding error of the running sum is carried along exactly (Knuth's two-sum), so that
    ``+a +b -a -b`` is 0 and not a residue.
    """
    subjects = np.arange(change.shape[0])
    total = np.zeros((change.shape[0], max(n_inlets, 1)))
    lost = np.zeros_like(total)
    after = np.zeros_like(change)
    for action in range(change.shape[1]):
        place = subjects, inlet[:, action]
        old, new = total[place], change[:, action]
        total[place] = old + new
        back = total[place] - old
        lost[place] += (old - (total[place] - back)) + (new - back)
        after[:, action] = np.maximum(total[place] + lost[place], 0.0)
    return after
