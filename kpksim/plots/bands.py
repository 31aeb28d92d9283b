"""The band that a panel carries: people, or draws of uncertain parameters, of one regimen."""

import numpy as np
import xarray as xr

from kpksim.plots.curves import FIRST, Array, regimen_names

_WIDTH = 1e-9
"""Part of its height from which on a band is one, and no rounding."""


def people(
    result: xr.Dataset, name: str, regimen: int, *, of: str = "people"
) -> tuple[Array, Array] | None:
    """Give the lower and upper end of the band of one regimen.

    Parameters
    ----------
    result : Dataset
        Curves; ``<name>_people`` and ``<name>_parameters`` hold quantiles 0.05 to 0.95 when people
        were simulated, and parameters drawn.
    name : str
        Quantity.
    regimen : int
        Place of the regimen, from 0.
    of : str
        ``"people"`` or ``"parameters"``.

    Returns
    -------
    tuple of array, shape (time,), or None
        5 % and 95 % quantile [unit of the quantity]; None when there are none, or nothing varies.

    Examples
    --------
    >>> people(xr.Dataset({"sbp": 0.0}), "sbp", 0) is None
    True
    """
    if f"{name}_{of}" not in result:
        return None
    spread = result.variables[f"{name}_{of}"].transpose("regimen", "quantile", "time").values
    quantile = result["quantile"].values
    low, high = (
        np.asarray(spread[regimen, np.abs(quantile - q).argmin()], dtype=np.float64)
        for q in (0.05, 0.95)
    )
    if not np.isfinite(low).any():
        return None
    varies = np.nanmax(high - low) > _WIDTH * np.nanmax(np.abs(high), initial=0.0)
    return (low, high) if varies or of == "people" else None


def with_people(
    result: xr.Dataset, name: str, band: str | None, *, of: str = "people"
) -> int | None:
    """Choose the one regimen that carries the band in a panel.

    Parameters
    ----------
    result : Dataset
        Curves, with people or without.
    name : str
        Quantity of the panel.
    band : str or None
        Name of the regimen, `FIRST`, or None for no band.
    of : str
        ``"people"`` or ``"parameters"``.

    Returns
    -------
    int or None
        Place of the regimen; None when no band is wanted or there is none.

    Examples
    --------
    >>> with_people(xr.Dataset(coords={"regimen": ["IV"]}), "sbp", FIRST) is None
    True
    """
    if band is None:
        return None
    for place, regimen in enumerate(regimen_names(result)):
        if band in (FIRST, regimen) and people(result, name, place, of=of) is not None:
            return place
    return None
