"""Regimens and models joined into one Dataset, under words that hold for all of them."""

from collections.abc import Sequence

import xarray as xr

from kpksim.vocabulary import ARTERIAL, CONCENTRATIONS


def side_by_side(parts: Sequence[xr.Dataset]) -> xr.Dataset:
    """Join results along their regimens.

    Parameters
    ----------
    parts : sequence of Dataset
        Results on the same times, each with the dim regimen.

    Returns
    -------
    Dataset
        All regimens; what one model does not give is nan. Concentrations name every site of
        sampling, and one enantiomer where it is the same in all.
    """
    result = xr.concat(
        parts, "regimen", data_vars="all", coords="minimal", compat="override", join="exact",
        combine_attrs="override",
    )  # fmt: skip
    for name in map(str, result.data_vars):
        seen = [one[name].attrs for one in parts if name in one]
        sites = list(dict.fromkeys(one.get("site", "") for one in seen))
        if any(sites):
            result[name].attrs["site"] = ", ".join(sites)
        if len({one["long_name"] for one in seen}) > 1:
            shown = name.removesuffix("_people").removesuffix("_parameters")
            result[name].attrs |= _common_words(shown, seen, sites)
    return result


def _common_words(name: str, seen: list[dict[str, str]], sites: list[str]) -> dict[str, str]:
    """Name a concentration that models give of different enantiomers, or from different blood."""
    venous = {one["long_name"].replace("arterial ", "") for one in seen}
    alike = f"{name}{ARTERIAL}" if sites == ["arterial"] and ARTERIAL not in name else name
    label = venous.pop() if len(venous) == 1 else CONCENTRATIONS[alike].label
    (short,) = (one.short for one in CONCENTRATIONS.values() if one.label == label)
    sampled = f", {' and '.join(sites)}" if len(sites) > 1 else ""
    return {"long_name": f"{label}{sampled}", "short_name": short}
