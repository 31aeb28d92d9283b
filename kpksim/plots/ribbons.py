"""Nested ribbons: how far parameters, people and papers spread a curve, one around the other."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from kpksim.plots.curves import Array, regimen_names, typical

INSIDE_OUT = ("parameters", "people", "papers")
"""Sources of spread, from the innermost ribbon to the outermost."""
_HALF = 1.6448536269514722
"""Half the width of the middle 90 % of a normal distribution [standard deviations]."""


@dataclass(frozen=True)
class Ribbons:
    """Bands around the middle of several papers.

    Attributes
    ----------
    middle : array, shape (time,)
        Geometric mean of the typical persons [unit of the quantity].
    bands : dict of str to (array, array)
        Lower and upper end by source, from the innermost; a source that no model states is left
        out. Each holds those before it.
    """

    middle: Array
    bands: dict[str, tuple[Array, Array]]


def members(result: xr.Dataset, name: str, regimen: str) -> list[int]:
    """Find the curves of one regimen, one for each model that gives a quantity.

    Parameters
    ----------
    result : Dataset
        Curves whose ``regimen`` is named "regimen, model" where there are several models.
    name : str
        Quantity.
    regimen : str
        The regimen alone.

    Returns
    -------
    list of int
        Places of the curves.

    Examples
    --------
    >>> result = xr.Dataset(
    ...     {"ketamine": (("regimen", "time"), [[1.0], [np.nan]])},
    ...     coords={"regimen": ["IV, a", "IV, b"], "model": ("regimen", ["a", "b"])},
    ... )
    >>> members(result, "ketamine", "IV")
    [0]
    """
    models = [str(one) for one in result["model"].values]
    named = zip(regimen_names(result), models, strict=True)
    curves = typical(result, name)
    return [
        place
        for place, (label, model) in enumerate(named)
        if label == f"{regimen}, {model}" and np.isfinite(curves[place]).any()
    ]


def ribbons(result: xr.Dataset, name: str, places: list[int]) -> Ribbons:
    """Add the log-variances of parameters, people and papers up at every time.

    Parameters
    ----------
    result : Dataset
        Curves with quantiles of people and of parameter draws.
    name : str
        Quantity.
    places : list of int
        The curves that belong together, one per model.

    Returns
    -------
    Ribbons
        The middle 90 % if logarithms are normal; nan where a curve is 0.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.log(typical(result, name)[places])
    log[~np.isfinite(log)] = np.nan
    middle, variance = log.mean(axis=0), np.zeros(log.shape[1])
    bands = {}
    for source in INSIDE_OUT:
        own = _mean_of(result, name, source, places)
        if source == "papers":
            own = log.var(axis=0, ddof=1)
        if own is not None:
            variance = variance + own
            half = _HALF * np.sqrt(variance)
            bands[source] = np.exp(middle - half), np.exp(middle + half)
    return Ribbons(np.exp(middle), bands)


def _mean_of(
    result: xr.Dataset, name: str, source: str, places: list[int]
) -> NDArray[np.float64] | None:
    """Give the mean log-variance of the models that state one, shape (time,)."""
    if f"{name}_{source}" not in result:
        return None
    quantiles = result.variables[f"{name}_{source}"].transpose("regimen", "quantile", "time").values
    probability = result["quantile"].values
    low, high = (quantiles[places, np.abs(probability - q).argmin()] for q in (0.05, 0.95))
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (np.log(high / low) / (2.0 * _HALF)) ** 2
    stating = [one for one in variance if np.nanmax(one, initial=0.0) > 1e-12]
    return np.mean(stating, axis=0) if stating else None
