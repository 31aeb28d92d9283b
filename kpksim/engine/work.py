"""A linear system and its actions as the kernel wants them, part by part of the subjects."""

from dataclasses import dataclass, field

import numpy as np

from kpksim.engine.actions import Array, Floats, Indices
from kpksim.engine.cells import empty_tables
from kpksim.engine.delivery import empty_outbox
from kpksim.engine.doses import Doses
from kpksim.engine.ladder import empty_ladder
from kpksim.engine.march import Course, Room, empty_journey, march
from kpksim.engine.plan import LARGEST_BLOCK, Plan
from kpksim.engine.reach import Flags, spread
from kpksim.engine.system import empty_system, lengths


@dataclass(frozen=True)
class Compact:
    """A system without the states that nothing reaches, each behind those that lead to it.

    Attributes
    ----------
    kept : array of int, shape (m,)
        The states that are left.
    rates : array, shape (S, n, n)
        Rate constants between all states [1/h].
    outputs : array, shape (S or 1, A, m)
        Rows that give outputs.
    n_leading : array of int, shape (A,)
        How many of the first of input rates and states lead to each output; no other does.
    doses : Doses
        Actions on them.
    """

    kept: Indices
    rates: Array
    outputs: Array
    n_leading: Indices
    doses: Doses


def compact(rates: Array, outputs: Array, doses: Doses) -> Compact:
    """Leave out the states that no action reaches, but one; they stay empty.

    Parameters
    ----------
    rates : array, shape (S, n, n)
        Rate constants [1/h].
    outputs : array, shape (S or 1, A, n)
        Rows that give outputs.
    doses : Doses
        Actions.

    Returns
    -------
    Compact
        What is left.
    """
    links = (rates != 0.0).any(axis=0)
    kept = _in_order(links, np.isin(np.arange(rates.shape[1]), doses.compartment))
    place = np.zeros(rates.shape[1], dtype=np.int64)
    place[kept] = np.arange(len(kept))
    rows = np.require(outputs[:, :, kept], requirements=["C", "W"])
    seen = spread(links[np.ix_(kept, kept)].T, (rows != 0.0).any(axis=0))
    n_leading = len(kept) - np.argmax(seen[:, ::-1], axis=1)
    inlets = place[doses.inlets]
    return Compact(
        kept,
        rates,
        rows,
        np.where(seen.any(axis=1), len(inlets) + n_leading, 0),
        doses._replace(compartment=place[doses.compartment], inlets=inlets),
    )


def _of_states(rates: Array, kept: Indices) -> Array:
    """Give the rate constants between some states, in their order."""
    n_subjects, n = rates.shape[:2]
    places = (n * kept[:, None] + kept).ravel()
    return rates.reshape(n_subjects, n * n).take(places, axis=1).reshape(-1, len(kept), len(kept))


def _in_order(links: Flags, start: Flags) -> Indices:
    """Give the states that are reached, each behind all those that lead to it."""
    reached = spread(links, start)
    reached[:1] |= not reached.any()
    leading = spread(links.T, np.eye(len(links), dtype=bool))
    return np.flatnonzero(reached)[np.argsort(leading[reached].sum(axis=1), kind="stable")]


@dataclass(frozen=True)
class Work:
    """What threads share: each takes some subjects and writes their results.

    Attributes
    ----------
    system : Compact
        The system and its actions.
    plan : Plan
        Runs of observations.
    times : array, shape (T,)
        Times of the observations [h].
    at : array, shape (S, A, T)
        Where the outputs at the times go.
    state : array, shape (S, q + m)
        Where the input rates after the last observation go, and the state.
    rooms : list of Room
        Rooms that no thread works in.
    """

    system: Compact
    plan: Plan
    times: Array
    at: Floats
    state: Array
    rooms: list[Room] = field(default_factory=list)

    def do(self, first: int, end: int) -> None:
        """Compute the subjects from `first` up to `end`, without it."""
        try:
            room = self.rooms.pop()
        except IndexError:
            room = self._room()
        system = self.system
        rates = _of_states(system.rates[first:end], system.kept)
        course = Course(self.times, self.plan.runs)
        march(first, end, rates, system.outputs, course, system.doses, room, self.state)
        self.rooms.append(room)

    def _room(self) -> Room:
        """Give room for one thread."""
        sizes, plan, system = lengths(self.state.shape[1]), self.plan, self.system
        return Room(
            empty_journey(sizes, len(system.doses.inlets)),
            empty_tables(plan.steps, plan.block, system.n_leading, sizes),
            empty_system(sizes),
            empty_ladder(sizes),
            empty_outbox(self.at.reshape(-1), LARGEST_BLOCK),
        )
