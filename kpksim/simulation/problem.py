"""A problem: a model, people and inputs, ready for the engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kpksim.dosing import Regimen
from kpksim.engine import Actions, Kinetics, among, chosen, solve
from kpksim.models import Model, Values, kinetics, output_rows, reachable
from kpksim.models.effects.mesh import SAME_TIME
from kpksim.population import People
from kpksim.simulation.inputs import Input, regimen_inputs, to_actions

Array = NDArray[np.float64]
NG_PER_ML = 1000.0
"""ng/mL in one mg/L."""


@dataclass(frozen=True)
class Problem:
    """Amounts over time in S people, m compartments and enzymes that drug can reach.

    Attributes
    ----------
    model : Model
    people : People
        S people.
    values : dict of str to array, shape (S,)
        Parameters of each person.
    kept : tuple of int
        Compartments that drug reaches and enzymes that it induces, by position in the model.
    rates : Kinetics
        Of S people and m states: rate constants between them, shape (S, m, m) [1/h], or the
        system of a model that is not linear.
    actions : Actions
        What enters when.
    """

    model: Model
    people: People
    values: Values
    kept: tuple[int, ...]
    rates: Kinetics
    actions: Actions

    def chosen(self, which: slice | NDArray[np.intp]) -> "Problem":
        """Give the problem of some of the people.

        Parameters
        ----------
        which : slice or array of int
            Which ones.

        Returns
        -------
        Problem
            Their problem, otherwise unchanged.
        """
        return replace(
            self,
            people=self.people.chosen(which),
            values={name: value[which] for name, value in self.values.items()},
            rates=chosen(self.rates, which),
            actions=replace(
                self.actions,
                time=self.actions.time[which],
                amount=self.actions.amount[which],
                rate=self.actions.rate[which],
            ),
        )

    def rows(self, outputs: Sequence[str]) -> Array:
        """Give the rows that turn amounts into concentrations.

        Parameters
        ----------
        outputs : sequence of str
            Names of A outputs.

        Returns
        -------
        array, shape (S, A, m)
            rows @ amounts [mg] = concentrations [ng/mL].
        """
        whole = output_rows(self.model, tuple(outputs), self.values)
        return NG_PER_ML * whole[:, :, list(self.kept)]

    def concentrations(self, outputs: Sequence[str], times: Array) -> Array:
        """Give concentrations at some times; a dose at that time is in already.

        Parameters
        ----------
        outputs : sequence of str
            Names of A outputs.
        times : array, shape (T,)
            Times, ascending [h].

        Returns
        -------
        array, shape (S, A, T)
            Concentrations [ng/mL].
        """
        return solve(self.rates, on_times(self.actions, times), times, self.rows(outputs)).at


def on_times(actions: Actions, times: Array) -> Actions:
    """Move actions that differ from a wanted time by rounding alone onto it.

    Parameters
    ----------
    actions : Actions
        What enters when.
    times : array, shape (T,)
        Wanted times, ascending [h].

    Returns
    -------
    Actions
        The same actions; a dose at 3 x 0.1 h is in what is wanted at 0.3 h.
    """
    return replace(actions, time=snapped(actions.time, times, SAME_TIME))


def snapped(moments: Array, times: Array, within: Array | float) -> Array:
    """Give moments, those that differ from a wanted time by rounding alone moved onto it.

    Parameters
    ----------
    moments : array, shape (...)
        Times at which something happens [h].
    times : array, shape (T,)
        Wanted times, ascending [h].
    within : array, shape (...), or float
        How far rounding may have taken a moment [h].

    Returns
    -------
    array, shape (...)
        The moments [h].
    """
    after = np.searchsorted(times, moments).clip(max=len(times) - 1)
    before = (after - 1).clip(min=0)
    nearer_before = np.abs(times[before] - moments) < np.abs(times[after] - moments)
    nearest = times[np.where(nearer_before, before, after)]
    return np.where(np.abs(nearest - moments) <= within, nearest, moments)


def people_values(
    model: Model, people: People, given: Mapping[str, Array] | None = None
) -> tuple[People, Values]:
    """Give people every covariate that a model reads, and the model's parameters in them.

    Parameters
    ----------
    model : Model
        The model.
    people : People
        S people; covariates that they lack become those of the model's typical person.
    given : mapping of str to array, shape (S,), optional
        Parameters whose values are stated and not computed.

    Returns
    -------
    people : People
        The people, covariates complete.
    values : dict of str to array, shape (S,)
        Parameters of each person.
    """
    complete = people.with_covariates(model.typical_covariates)
    values = model.values(complete.covariates, complete.etas, given, shifts=complete.shifts)
    return complete, values


def problem_of(model: Model, regimen: Regimen, people: People) -> Problem:
    """Put the problem of a regimen in some people together.

    Parameters
    ----------
    model : Model
        The model.
    regimen : Regimen
        The doses.
    people : People
        S people; covariates that they lack become those of the model's typical person.

    Returns
    -------
    Problem
        The problem.
    """
    complete, values = people_values(model, people)
    return make_problem(model, complete, values, regimen_inputs(model, values, regimen, complete))


def make_problem(model: Model, people: People, values: Values, inputs: Sequence[Input]) -> Problem:
    """Put a problem together.

    Parameters
    ----------
    model : Model
        The model.
    people : People
        S people.
    values : dict of str to array, shape (S,)
        Parameters of each person, from `people_values`.
    inputs : sequence of Input
        What enters which compartment when.

    Returns
    -------
    Problem
        The problem, without the compartments that no drug reaches.
    """
    kept = reachable(model, {one.compartment for one in inputs})
    rates = among(kinetics(model, values), kept)
    return Problem(model, people, values, tuple(kept), rates, to_actions(inputs, kept))
