"""Curves of hypotheses that survive and have next to none of the draws of a mixture."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kpksim.analysis.effect_draws import LEAST_SHARE
from kpksim.analysis.parts import Part
from kpksim.simulation.curves import curves_of_people
from kpksim.simulation.mixtures import rare_of
from kpksim.simulation.problem import people_values
from kpksim.simulation.question import Question

Array = NDArray[np.float64]
DRAWS = 24
"""Draws of each: the median is known to a quarter of their standard deviation."""


def rare_medians(
    part: Part, outcomes: Sequence[str], *, expectation: str
) -> dict[str, dict[str, Array]]:
    """Give the median curve of each hypothesis that a mixture hides for its small weight.

    Parameters
    ----------
    part : Part
        One regimen in one model.
    outcomes : sequence of str
        Effects that come as draws.
    expectation : str
        ``"none"``, ``"blinded"`` or ``"open"``.

    Returns
    -------
    dict of str to dict of str to array, shape (time,)
        By outcome and key; nothing where a model is integrated step by step, draw by draw.
    """
    if not part.model.is_linear:
        return {}
    wanted = {
        name: rare_of(part.model, name, LEAST_SHARE, DRAWS, part.typical) for name in outcomes
    }
    mixtures = {name: one for name, one in wanted.items() if one is not None}
    question = Question((), mixtures=mixtures, expectation=expectation)
    people, values = people_values(part.model, part.typical)
    curves = curves_of_people(
        part.model, part.regimen, people, values, question=question, times=part.times,
        progress=lambda _: None,
    )  # fmt: skip
    return {
        name: {
            key: np.median(curves[name][np.array(one.hypotheses) == key], axis=0)
            for key in one.draws.weights
        }
        for name, one in mixtures.items()
    }
