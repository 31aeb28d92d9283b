"""The central draw: the one whose curves lie nearest to the median of all."""

from collections.abc import Mapping, Sequence
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
        Place of the draw, from 0, by outcome, as `nearest_draw` finds it.
    """
    if not question.mixtures:
        return {}
    grid = thinned(times, times)
    only = replace(question, outputs=(), effects={}, expectation="none")
    people, values = people_values(model, person)
    curves = [
        curves_of_people(
            model, regimen, people, values, question=only, times=grid, progress=lambda _: None
        )
        for regimen in named.values()
    ]
    return {name: nearest_draw([one[name] for one in curves]) for name in question.mixtures}


def nearest_draw(curves: Sequence[Array]) -> int:
    """Find the draw whose curves lie nearest to the median of all.

    Parameters
    ----------
    curves : sequence of array, shape (n, T)
        Curves of each draw, of one or several regimens.

    Returns
    -------
    int
        Place of the draw, from 0: that of the smallest mean square distance from the pointwise
        median, each regimen in units of the spread of its draws. The first of several.

    Examples
    --------
    >>> nearest_draw([np.array([[0.0, 1.0], [0.0, 2.0], [0.0, 9.0]])])
    1
    """
    return int(np.sum([_distance(one) for one in curves], axis=0).argmin())


def thinned(curves: Array, times: Array) -> Array:
    """Give curves at those times at which draws are compared.

    Parameters
    ----------
    curves : array, shape (..., T)
        Curves.
    times : array, shape (T,)
        Their times [h].

    Returns
    -------
    array, shape (..., t)
        The curves at most `MOST_TIMES` times.
    """
    last = len(times) - 1
    return curves[..., np.unique(np.linspace(0, last, MOST_TIMES).round().astype(int))]


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
