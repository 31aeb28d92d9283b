"""Where effect curves go beyond the evidence, set for reading."""

from dataclasses import dataclass

import xarray as xr

from kpksim.plots.curves import regimen_names
from kpksim.plots.words import short_name


@dataclass(frozen=True)
class BeyondRow:
    """Why some effect curves of a regimen are beyond the evidence.

    Attributes
    ----------
    place : int
        Place of the regimen among the curves.
    about, why : str
        The outcomes, and the reasons that they share.
    """

    place: int
    about: str
    why: str


def beyond_rows(result: xr.Dataset) -> list[BeyondRow]:
    """Set why effect curves are beyond the evidence.

    Parameters
    ----------
    result : Dataset
        Curves with the coordinate ``why_beyond`` where there are effects.

    Returns
    -------
    list of BeyondRow
        By regimen; outcomes with the same reasons are told together.
    """
    if "why_beyond" not in result.coords:
        return []
    rows: dict[tuple[int, str], list[str]] = {}
    for place, name in enumerate(regimen_names(result)):
        for outcome in map(str, result["outcome"].values):
            why = str(result["why_beyond"].sel(regimen=name, outcome=outcome).values)
            if why:
                rows.setdefault((place, why), []).append(short_name(result, outcome))
    return [BeyondRow(place, ", ".join(about), why) for (place, why), about in rows.items()]
