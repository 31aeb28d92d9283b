"""The cohort with an effect site in every person, and the effect curves behind it."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from experiments.bench.workload import OUTPUTS, Workload
from kpksim.engine import Solution, driving, solve
from kpksim.models.effects import EffectSite, Mesh, Symptom, graded_mesh
from kpksim.simulation.problem import on_times

Array = NDArray[np.float64]
CHUNK = 64
"""People whose curves are computed before those of the next."""


@dataclass(frozen=True)
class Driven:
    """People with a symptom.

    Attributes
    ----------
    plain : Workload
        Their concentrations alone.
    with_site : Workload
        The same with the concentration at the effect site as one state and one output more.
    effect : Symptom
        The symptom, with the same parameters in all.
    """

    plain: Workload
    with_site: Workload
    effect: Symptom


def driven(plain: Workload, effect: Symptom) -> Driven:
    """Add the effect site [ng/mL] to people."""
    subjects, analytes, n = plain.rows.shape
    further = np.zeros((subjects, 1, n + 1))
    further[:, 0, :n] = effect.ke0 * plain.rows[:, OUTPUTS.index(effect.drive)]
    further[:, 0, n] = -effect.ke0
    rows = np.zeros((subjects, analytes + 1, n + 1))
    rows[:, :analytes, :n] = plain.rows
    rows[:, analytes, n] = 1.0
    rates = np.asarray(driving(plain.rates, further))
    return Driven(plain, replace(plain, rates=rates, rows=rows), effect)


def concentrations(people: Driven, out: Array) -> None:
    """Write concentrations, chunk by chunk in one thread."""
    for some in chunks(people):
        _solved(people.plain, some, out[some])


def concentrations_and_effects(people: Driven, out: Array, effects: Array) -> None:
    """Write concentrations and the effect of the drug, chunk by chunk in one thread.

    Parameters
    ----------
    people : Driven
        S people.
    out : array, shape (S, A + 1, T)
        Where concentrations go, the one at the effect site last.
    effects : array, shape (S, T)
        Where the effect of the drug goes.
    """
    work = people.with_site
    mesh = graded_mesh(work.times, work.actions.time)
    at_nodes = replace(
        work,
        actions=on_times(work.actions, mesh.nodes),
        times=mesh.nodes,
        rows=np.ascontiguousarray(work.rows[:, -1:]),
    )
    for some in chunks(people):
        _solved(work, some, out[some])
        inside = _solved(at_nodes, some).at[:, 0]
        effects[some] = _effect(people, mesh, out[some, -1], inside)


def _effect(people: Driven, mesh: Mesh, at: Array, inside: Array) -> Array:
    """Effect of the drug from the concentrations at the effect site, shape (S, T)."""
    site = EffectSite(people.plain.times, at, mesh, inside, float(people.plain.actions.time[0]))
    return people.effect.response(site)["drug"]


def chunks(people: Driven) -> list[slice]:
    """Cut people into chunks."""
    return [slice(k, k + CHUNK) for k in range(0, len(people.plain.rates), CHUNK)]


def _solved(work: Workload, some: slice, out: Array | None = None) -> Solution:
    """Solve some people of a workload in one thread."""
    return solve(work.rates[some], work.actions, work.times, work.rows[some], out=out, threads=1)
