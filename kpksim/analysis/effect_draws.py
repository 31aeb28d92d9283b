"""Effect curves of the typical person: their median, each hypothesis alone, the central draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from kpksim.library.hypotheses import list_hypotheses
from kpksim.library.posteriors import list_posteriors, mixture
from kpksim.models import Model
from kpksim.models.effects import Effect
from kpksim.simulation.central import nearest_draw, thinned
from kpksim.simulation.effects import effects_for, why_no_hypothesis
from kpksim.simulation.mixtures import effect_of_draw
from kpksim.vocabulary import OUTCOMES

Array = NDArray[np.float64]
LEAST_SHARE = 0.05
"""Share of the draws from which on a hypothesis has a curve of its own: ten of two hundred."""


@dataclass(frozen=True)
class Place:
    """A draw among others: its place from 0, and how many there are."""

    draw: int
    n: int


def drawn_outcomes(curves: xr.Dataset) -> list[str]:
    """List the effects that come as draws.

    Parameters
    ----------
    curves : Dataset
        Curves of the typical person.

    Returns
    -------
    list of str
        Those with the dim ``draw``.
    """
    return [name for name in OUTCOMES if name in curves and "draw" in curves[name].dims]


def middle(curves: xr.Dataset) -> xr.Dataset:
    """Give one curve for each quantity: the median of the draws where there are any.

    Parameters
    ----------
    curves : Dataset
        Curves of the typical person, dims (regimen, subject or draw, time).

    Returns
    -------
    Dataset
        Dims (regimen, time).
    """
    found = curves.isel(subject=0, drop=True) if "subject" in curves.dims else curves
    if "draw" not in found.dims:
        return found
    drawn = [name for name in found.data_vars if "draw" in found[name].dims]
    median = found[drawn].median("draw", keep_attrs=True).transpose("regimen", "time")
    return found.drop_dims("draw").assign(median.data_vars)


def every_hypothesis(outcomes: Sequence[str]) -> list[str]:
    """List the hypotheses whose posteriors ship, of any of some effects.

    Parameters
    ----------
    outcomes : sequence of str
        Names of effects.

    Returns
    -------
    list of str
        Keys in the order of the library, each once.
    """
    found = (
        key
        for outcome in outcomes
        for key in list_hypotheses(outcome)
        if key in list_posteriors(outcome)
    )
    return list(dict.fromkeys(found))


def by_hypothesis(
    curves: xr.Dataset, rare: Mapping[str, Mapping[str, Array]] | None = None
) -> xr.Dataset:
    """Give the median curve of each hypothesis alone.

    Parameters
    ----------
    curves : Dataset
        Curves of the typical person with the dim ``draw`` and the coordinate ``hypothesis``.
    rare : mapping of str to (mapping of str to array, shape (time,)), optional
        By outcome and key, the curve of a hypothesis that has less than `LEAST_SHARE` of the draws.

    Returns
    -------
    Dataset
        ``<outcome>_hypotheses``, dims (regimen, account, time), where ``account`` holds the keys of
        `every_hypothesis`; nan for one that has too few draws and is not among the rare ones.
    """
    keys = every_hypothesis(list(OUTCOMES))
    data = {}
    for outcome in drawn_outcomes(curves):
        told = curves["hypothesis"].sel(outcome=outcome).to_numpy()
        values = curves[outcome].transpose("draw", "regimen", "time").to_numpy()
        alone = (rare or {}).get(outcome, {})
        medians = [
            np.median(values[told == key], axis=0)
            if (told == key).mean() >= LEAST_SHARE
            else np.full(values.shape[1:], alone.get(key, np.nan))
            for key in keys
        ]
        attrs = dict(curves[outcome].attrs)
        data[f"{outcome}_hypotheses"] = (("account", "regimen", "time"), np.array(medians), attrs)
    found = xr.Dataset(
        data, {"account": keys, "time": curves["time"], "regimen": curves["regimen"]}
    )
    return found.transpose("regimen", "account", "time")


def compared(curves: xr.Dataset) -> dict[str, Array]:
    """Give the draws of each effect at the times at which draws are compared.

    Parameters
    ----------
    curves : Dataset
        Curves of the typical person under one regimen.

    Returns
    -------
    dict of str to array, shape (n, t)
        Curves by outcome.
    """
    times = curves["time"].to_numpy()
    return {
        name: thinned(curves[name].isel(regimen=0).transpose("draw", "time").to_numpy(), times)
        for name in drawn_outcomes(curves)
    }


def central_of(regimens: Sequence[Mapping[str, Array]]) -> dict[str, Place]:
    """Find the central draw of each effect over some regimens.

    Parameters
    ----------
    regimens : sequence of (dict of str to array)
        From `compared`, of one model.

    Returns
    -------
    dict of str to Place
        The draw by outcome.
    """
    outcomes = dict.fromkeys(name for one in regimens for name in one)
    return {
        name: Place(nearest_draw([one[name] for one in regimens]), len(regimens[0][name]))
        for name in outcomes
    }


def effects_at(
    model: Model, outcomes: Sequence[str], central: Mapping[str, Place]
) -> dict[str, Effect]:
    """Give the effects that people get: those of the central draw, or else of the prior.

    Parameters
    ----------
    model : Model
        The model.
    outcomes : sequence of str
        What is wanted.
    central : mapping of str to Place
        From `central_of`.

    Returns
    -------
    dict of str to Effect
        By outcome.
    """
    found = effects_for(model, tuple(name for name in outcomes if name not in central))
    for name, place in central.items():
        draws = mixture(name, place.n, lambda one: not why_no_hypothesis(model, one))
        found[name] = effect_of_draw(model, draws, place.draw)
    return found
