"""All curves of a problem: concentrations, drives at effect sites, effects."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kpksim.engine import Inside, Kinetics, driving, solve
from kpksim.models.effects import NODES, Effect, EffectSite, graded_mesh
from kpksim.simulation.problem import Problem, on_times

Array = NDArray[np.float64]
Curves = dict[str, Array]
"""Curves by name, shape (S, T); parts of an effect are named ``<outcome>_<component>``."""


def all_curves(
    problem: Problem,
    outputs: Sequence[str],
    effects: Mapping[str, Effect],
    times: Array,
    *,
    potency: float = 1.0,
    first_dose: float = 0.0,
) -> Curves:
    """Give concentrations and the components of effects in all people.

    Parameters
    ----------
    problem : Problem
        S people.
    outputs : sequence of str
        Names of concentrations.
    effects : mapping of str to Effect
        Effects by outcome.
    times : array, shape (T,)
        Times, ascending [h].
    potency : float
        Factor on the drive, for an enantiomer given to a model of the racemate [1].
    first_dose : float
        Time of the first dose, where expectation starts [h].

    Returns
    -------
    dict of str to array, shape (S, T)
        Concentrations [ng/mL] by output, effects by ``<outcome>_<component>``.
    """
    if not effects:
        found = problem.concentrations(outputs, times)
        return {name: found[:, k] for k, name in enumerate(outputs)}
    result: Curves = {}
    for group in _groups(problem):
        some = problem.chosen(group)
        part = _of_group(some, outputs, effects, times, potency=potency, first_dose=first_dose)
        for name, curve in part.items():
            whole = result.setdefault(name, np.empty((len(problem.people), len(times))))
            whole[group] = curve
    return result


def _groups(problem: Problem) -> list[NDArray[np.intp]]:
    """Find the people who share all times of input: they share a mesh."""
    _, group = np.unique(problem.actions.time, axis=0, return_inverse=True)
    return [np.flatnonzero(group.ravel() == k) for k in range(int(group.max()) + 1)]


def _of_group(
    problem: Problem,
    outputs: Sequence[str],
    effects: Mapping[str, Effect],
    times: Array,
    *,
    potency: float,
    first_dose: float,
) -> Curves:
    """Give the curves of people who share a mesh."""
    mesh, index = graded_mesh(times, problem.actions.time[0])
    keys = sorted({(effect.drive, effect.ke0) for effect in effects.values()})
    rates, rows = _with_effect_sites(problem, outputs, keys)
    within = Inside(rows[:, len(outputs) :], tuple(NODES))
    solution = solve(rates, on_times(problem.actions, mesh), mesh, rows, inside=within)
    result = {name: solution.at[:, k, index] for k, name in enumerate(outputs)}
    for outcome, effect in effects.items():
        k = keys.index((effect.drive, effect.ke0))
        at = potency * solution.at[:, len(outputs) + k]
        inside = potency * solution.inside[:, k].transpose(0, 2, 1)
        components = effect.response(EffectSite(mesh, at, inside, first_dose))
        result |= {f"{outcome}_{name}": curve[:, index] for name, curve in components.items()}
    return result


def _with_effect_sites(
    problem: Problem, outputs: Sequence[str], keys: Sequence[tuple[str, float]]
) -> tuple[Kinetics, Array]:
    """Add one state per effect site, in ng/mL, so that the engine solves them exactly.

    The rows give the concentrations of the outputs first, those at the effect sites after them.
    """
    people, n = len(problem.people), len(problem.kept)
    states = n + len(keys)
    sites = np.zeros((people, len(keys), states))
    drives = problem.rows([drive for drive, _ in keys])
    for k, (_, ke0) in enumerate(keys):
        sites[:, k, :n] = ke0 * drives[:, k]
        sites[:, k, n + k] = -ke0
    rows = np.zeros((people, len(outputs) + len(keys), states))
    rows[:, : len(outputs), :n] = problem.rows(outputs)
    rows[:, len(outputs) :, n:] = np.eye(len(keys))
    return driving(problem.rates, sites), rows
