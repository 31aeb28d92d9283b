"""All curves of a problem: concentrations, drives at effect sites, effects."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from kpksim.engine import Kinetics, driving, outputs_alone
from kpksim.models.effects import Effect, EffectSite, Number, graded_mesh
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
    potency: Number = 1.0,
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
        Effects by outcome; parameters may be one number for each of the people.
    times : array, shape (T,)
        Times, ascending [h].
    potency : float or array, shape (S,)
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
    groups = _groups(problem)
    if len(groups) == 1:
        return _of_group(problem, outputs, effects, times, potency=potency, first_dose=first_dose)
    parts = [
        _of_group(
            problem.chosen(group),
            outputs,
            {name: chosen_effect(one, group) for name, one in effects.items()},
            times,
            potency=potency if np.ndim(potency) == 0 else np.asarray(potency)[group],
            first_dose=first_dose,
        )
        for group in groups
    ]
    result = {name: np.empty((len(problem.people), len(times))) for name in parts[0]}
    for group, part in zip(groups, parts, strict=True):
        for name, curve in part.items():
            result[name][group] = curve
    return result


def _groups(problem: Problem) -> list[NDArray[np.intp]]:
    """Find the people who share all times of input: they share a mesh."""
    _, group = np.unique(problem.actions.time, axis=0, return_inverse=True)
    return [np.flatnonzero(group.ravel() == k) for k in range(int(group.max()) + 1)]


def chosen_effect(effect: Effect, which: NDArray[np.intp]) -> Effect:
    """Give an effect with the parameters of some people.

    Parameters
    ----------
    effect : Effect
        An effect; a parameter that is one number for all stays as it is.
    which : array of int
        Which people.

    Returns
    -------
    Effect
        The effect, otherwise unchanged.
    """
    stated = {one.name: getattr(effect, one.name) for one in fields(effect)}
    of_each = {name: one[which] for name, one in stated.items() if np.ndim(one) == 1}
    return replace(effect, **of_each)


def _of_group(
    problem: Problem,
    outputs: Sequence[str],
    effects: Mapping[str, Effect],
    times: Array,
    *,
    potency: Number,
    first_dose: float,
) -> Curves:
    """Give the curves of people who share a mesh."""
    mesh = graded_mesh(times, problem.actions.time[0])
    sites = _sites(effects)
    rates, rows = _with_effect_sites(problem, outputs, sites.values(), potency)
    at = outputs_alone(rates, on_times(problem.actions, times), times, rows, threads=1)
    # the clocks are solved on times of their own, whatever the times wanted
    actions, rows = on_times(problem.actions, mesh.nodes), rows[:, len(outputs) :]
    inside = outputs_alone(rates, actions, mesh.nodes, rows, threads=1)
    result = {name: at[:, k] for k, name in enumerate(outputs)}
    found = {
        key: EffectSite(times, at[:, len(outputs) + k], mesh, inside[:, k], first_dose)
        for k, key in enumerate(sites)
    }
    for outcome, effect in effects.items():
        components = effect.response(*(found[site.key] for site in _sites_of(effect)))
        result |= {f"{outcome}_{name}": curve for name, curve in components.items()}
    return result


@dataclass(frozen=True)
class _Site:
    """An effect site: what drives it, by weight, and its rate constant [1/h]."""

    weights: Mapping[str, Number]
    ke0: Number

    @property
    def key(self) -> tuple[object, ...]:
        """What effects at the same site share."""
        weights = ((name, np.asarray(one).tobytes()) for name, one in self.weights.items())
        return (*weights, np.asarray(self.ke0).tobytes())


def _sites_of(effect: Effect) -> list[_Site]:
    """Give the effect sites of an effect."""
    return [_Site(weights, effect.ke0) for weights in effect.sites]


def _sites(effects: Mapping[str, Effect]) -> dict[tuple[object, ...], _Site]:
    """Find the effect sites that differ."""
    return {site.key: site for effect in effects.values() for site in _sites_of(effect)}


def _with_effect_sites(
    problem: Problem,
    outputs: Sequence[str],
    sites: Iterable[_Site],
    potency: Number,
) -> tuple[Kinetics, Array]:
    """Add one state per effect site, in ng/mL, so that the engine solves them exactly.

    The rows give the concentrations of the outputs first, those at the effect sites after them.
    """
    wanted = list(sites)
    people, n = len(problem.people), len(problem.kept)
    states = n + len(wanted)
    further = np.zeros((people, len(wanted), states))
    for k, site in enumerate(wanted):
        ke0 = np.broadcast_to(site.ke0, people)
        drives = problem.rows(list(site.weights))
        weights = np.stack([np.broadcast_to(one, people) for one in site.weights.values()], axis=1)
        further[:, k, :n] = ke0[:, None] * np.einsum("sa,sam->sm", weights, drives)
        further[:, k, n + k] = -ke0
    rows = np.zeros((people, len(outputs) + len(wanted), states))
    rows[:, : len(outputs), :n] = problem.rows(outputs)
    strength = np.atleast_1d(np.asarray(potency, dtype=float))[:, None, None]
    rows[:, len(outputs) :, n:] = strength * np.eye(len(wanted))
    return driving(problem.rates, further), rows
