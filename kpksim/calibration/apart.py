"""Curves of the surviving hypotheses over time: where they part company."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from kpksim.calibration.arms import Places, courses_of, potent, reference_curves
from kpksim.calibration.curves import Curves
from kpksim.calibration.pk_spread import pk_draws
from kpksim.calibration.predictive import QUANTILES
from kpksim.calibration.results import Results
from kpksim.calibration.study import Done
from kpksim.calibration.targets import regimen_of_target
from kpksim.dosing import Regimen
from kpksim.library.hypotheses import Hypothesis
from kpksim.population import Draws
from kpksim.vocabulary import QUANTITIES

Array = NDArray[np.float64]

DRAWS = 200
"""Posterior draws behind each curve."""

AFTER = {"symptom": 336.0, "dissociation": 4.0, "pressure": 4.0}
"""How long curves are followed after the last dose, by structure [h]."""

BETWEEN = np.concatenate([np.arange(0.0, 3.0, 0.25), np.geomspace(3.0, 336.0, 40)])
"""Times after each dose at which curves are read [h]."""


def curves_apart(done: Done, results: Results) -> xr.Dataset:
    """Give the curves of every hypothesis in the mixture at the regimens of the targets.

    Parameters
    ----------
    done : Done
        What was computed.
    results : Results
        What may be said of it.

    Returns
    -------
    Dataset
        The outcome by hypothesis, regimen, quantile and time [h]; the drug alone, in the typical
        study. NaN after the end of a regimen.
    """
    documents = done.asked.settings.targets
    regimens = list(dict.fromkeys(regimen_of_target(one) for one in documents))
    keys = [one.key for one in results.surviving]
    parts = [_of_hypothesis(done, key, regimens) for key in keys]
    times = np.unique(np.concatenate([time for time, _ in parts[0]])) if regimens else np.empty(0)
    shape = (len(keys), len(regimens), len(QUANTILES), len(times))
    found = np.full(shape, np.nan)
    for k, of_regimens in enumerate(parts):
        for r, (moments, values) in enumerate(of_regimens):
            found[k, r][:, np.searchsorted(times, moments)] = values
    outcome = results.outcome
    attrs = {"units": QUANTITIES[outcome].unit, "long_name": QUANTITIES[outcome].label}
    return xr.Dataset(
        {outcome: (("hypothesis", "regimen", "quantile", "time"), found, attrs)},
        {
            "hypothesis": keys,
            "regimen": [one.sentence() for one in regimens],
            "quantile": list(QUANTILES),
            "time": ("time", times, {"units": "h", "long_name": "Time"}),
        },
    )


def _of_hypothesis(done: Done, key: str, regimens: Sequence[Regimen]) -> list[tuple[Array, Array]]:
    """Give times and quantiles of each regimen under one hypothesis."""
    analysis = done.analyses[key]
    names = [str(one) for one in analysis["parameter"].values]
    values = np.asarray(analysis["shipped"].values)[:DRAWS]
    member = np.asarray(analysis["pk_draw"].values)[:DRAWS]
    setting, draws = done.asked.setting(), pk_draws(done.asked)
    hypothesis = setting.problem(key).hypothesis
    places = _places(regimens, hypothesis.structure)
    found = np.empty((len(values), sum(map(len, places.times))))
    for k in np.unique(member):
        draw = (draws, int(k)) if draws is not None and k >= 0 else None
        curves = _curves(done, hypothesis, places, draw)
        for row in np.flatnonzero(member == k):
            found[row] = curves.effect(dict(zip(names, values[row].tolist(), strict=True)))
    if hypothesis.structure == "symptom":
        found = 100.0 * np.expm1(-found)
    ends = np.cumsum([0, *map(len, places.times)])
    return [
        (times, np.quantile(found[:, ends[r] : ends[r + 1]], QUANTILES, axis=0))
        for r, times in enumerate(places.times)
    ]


def _places(regimens: Sequence[Regimen], structure: str) -> Places:
    """Lay out the times of each regimen."""
    times = []
    for one in regimens:
        last = one.last_time if structure == "symptom" else 0.0
        moments = np.concatenate([timed.time + BETWEEN for timed in one.doses])
        times.append(np.unique(moments[moments <= last + AFTER[structure]].round(6)))
    return Places(tuple(regimens), tuple(times), {})


def _curves(
    done: Done, hypothesis: Hypothesis, places: Places, draw: tuple[Draws, int] | None
) -> Curves:
    """Give the curves of a hypothesis under one draw of the pharmacokinetic model."""
    model = done.asked.setting().model
    return Curves(
        hypothesis=hypothesis,
        courses=courses_of(model, places, hypothesis.drives, draw),
        reference=reference_curves(model, hypothesis.drives, draw),
        potent=potent(model, places.regimens),
    )
