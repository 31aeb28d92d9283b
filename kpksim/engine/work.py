"""A linear system and its actions as the kernel wants them, part by part of the subjects."""

from dataclasses import dataclass

import numpy as np

from kpksim.engine.actions import Array, Floats, Indices
from kpksim.engine.cells import empty_tables
from kpksim.engine.doses import Doses
from kpksim.engine.ladder import empty_ladder
from kpksim.engine.march import Course, empty_journey, march
from kpksim.engine.plan import Plan
from kpksim.engine.reach import spread
from kpksim.engine.system import empty_system, lengths


@dataclass(frozen=True)
class Compact:
    """A system without the states that nothing reaches.

    Attributes
    ----------
    kept : array of int, shape (m,)
        The states that are left.
    rates : array, shape (S, m, m)
        Rate constants between them [1/h].
    sources : array, shape (S or 1, R, m)
        Rows that give outputs.
    columns : array of int, shape (R, m + q)
        States and input rates that lead to each output, then others.
    count : array of int, shape (R,)
        How many lead to it.
    doses : Doses
        Actions on them.
    """

    kept: Indices
    rates: Array
    sources: Array
    columns: Indices
    count: Indices
    doses: Doses


def compact(rates: Array, sources: Array, doses: Doses) -> Compact:
    """Leave out the states that no action reaches, but one; they stay empty.

    Parameters
    ----------
    rates : array, shape (S, n, n)
        Rate constants [1/h].
    sources : array, shape (S or 1, R, n)
        Rows that give outputs.
    doses : Doses
        Actions.

    Returns
    -------
    Compact
        What is left.
    """
    n = rates.shape[1]
    links = (rates != 0.0).any(axis=0)
    reached = spread(links, np.isin(np.arange(n), doses.compartment))
    reached[:1] |= not reached.any()
    kept = np.flatnonzero(reached)
    place = np.cumsum(reached) - 1
    seen = spread(links.T, (sources != 0.0).any(axis=0))[:, kept]
    inlets = place[doses.inlets]
    leading = np.concatenate([seen, seen[:, inlets]], axis=1)
    return Compact(
        kept,
        np.require(rates if reached.all() else rates[:, kept][:, :, kept], requirements=["C", "W"]),
        np.require(sources[:, :, kept], requirements=["C", "W"]),
        np.argsort(~leading, axis=1, kind="stable"),
        leading.sum(axis=1),
        doses._replace(compartment=place[doses.compartment], inlets=inlets),
    )


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
    fractions : array, shape (F,)
        Positions inside the gaps between them.
    at : array, shape (S, A, T)
        Where the outputs at the times go.
    inside : array, shape (S, R - A, F, T - 1)
        Where those inside the gaps go.
    state : array, shape (S, m + q)
        Where the state after the last observation goes, and the input rates.
    """

    system: Compact
    plan: Plan
    times: Array
    fractions: Array
    at: Floats
    inside: Array
    state: Array

    def do(self, first: int, end: int) -> None:
        """Compute the subjects from `first` up to `end`, without it."""
        n_ends, system = self.at.shape[1], self.system
        sizes = lengths(self.state.shape[1])
        tables = empty_tables(
            self.plan.steps,
            self.plan.block,
            system.columns,
            system.count,
            n_ends,
            self.fractions,
            sizes,
        )
        journey = empty_journey(sizes, len(system.doses.inlets))
        march(
            first, end, system.rates, system.sources, journey,
            Course(self.times, self.plan.runs), system.doses, tables, empty_system(sizes),
            empty_ladder(sizes), self.at.reshape(-1), self.inside.reshape(-1), self.state,
        )  # fmt: skip
