"""The central draw: the one whose curves lie nearest to the median of all."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kpksim.dosing import Regimen
from kpksim.models import Model
from kpksim.population import People
from kpksim.simulation.curves import curves_of_people
from kpksim.simulation.problem import people_values
from kpksim.simulation.question import Central, Question

Array = NDArray[np.float64]
MOST_TIMES = 120
"""Times at which curves are compared; a default grid is as dense where they move faster."""


def central_draws(
    model: Model, named: Mapping[str, Regimen], question: Question, person: People, times: Array
) -> dict[str, int]:
    """Find the central draw of every effect.

    Parameters
    ----------
    model : Model
        The model.
    named : mapping of str to Regimen
        Regimens over all of which a draw shall be central.
    question : Question
        What is asked; its mixtures are looked at.
    person : People
        The typical person.
    times : array, shape (T,)
        Times of the curves, ascending [h].

    Returns
    -------
    dict of str to int
        Place of the draw, from 0, by outcome: that of the smallest mean square distance from the
        pointwise median, each regimen in units of the spread of its draws. The first of several.
    """
    if not question.mixtures:
        return {}
    grid = times[np.unique(np.linspace(0, len(times) - 1, MOST_TIMES).round().astype(int))]
    only = replace(question, outputs=(), effects={}, expectation="none")
    people, values = people_values(model, person)
    distance: dict[str, Array] = {}
    for regimen in named.values():
        found = curves_of_people(
            model, regimen, people, values, question=only, times=grid, progress=lambda _: None
        )
        for outcome in question.mixtures:
            one = _distance(found[outcome])
            distance[outcome] = distance.get(outcome, 0.0) + one
    return {outcome: int(one.argmin()) for outcome, one in distance.items()}


def _distance(curves: Array) -> Array:
    """Give the mean square distance of each curve from the median of all, shape (n,) [1]."""
    away = ((curves - np.median(curves, axis=0)) ** 2).mean(axis=1)
    spread = curves.var(axis=0).mean()
    return np.asarray(away / spread if spread > 0.0 else away)


def at_central_draws(question: Question, which: Mapping[str, int]) -> Question:
    """Give a question whose mixtures are replaced by one draw each.

    Parameters
    ----------
    question : Question
        What is asked.
    which : mapping of str to int
        Place of the draw by outcome, from `central_draws`.

    Returns
    -------
    Question
        The same with effects of one set of parameters.
    """
    mixtures = question.mixtures
    fixed = {name: one.effect(which[name]) for name, one in mixtures.items()}
    central = {
        name: Central(which[name] + 1, one.hypotheses[which[name]])
        for name, one in mixtures.items()
    }
    return replace(question, effects={**question.effects, **fixed}, mixtures={}, central=central)
