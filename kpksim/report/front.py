"""What stands around the figures: receipt, limits, sources."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import xarray as xr

from kpksim.analysis import Comparison
from kpksim.bibliography import all_sources
from kpksim.plots.words import say_number
from kpksim.units import say_time

_UNCALIBRATED = (
    "where nothing has been fitted, parameters are the medians of what was assumed beforehand: "
    "read shapes, order and timing, not sizes."
)
_CALIBRATED = (
    "curves are those of a typical study, and new studies scatter around them; what is known are "
    "curves, not single parameters. People differ by their concentrations alone."
)


@dataclass(frozen=True)
class Reference:
    """A source as it stands in the list.

    Attributes
    ----------
    key : str
        How models and notes name it.
    text : str
        Who, when, what, where.
    link, link_text : str
        Where it can be read; empty when no identifier is known.
    faults : tuple of str
        Known errors of the source that touch what was used.
    """

    key: str
    text: str
    link: str
    link_text: str
    faults: tuple[str, ...]


def receipt(comparison: Comparison, *, command: str, config_name: str) -> dict[str, str]:
    """Say what made the report and how to make it again.

    Parameters
    ----------
    comparison : Comparison
        What was computed.
    command : str
        The command that repeats it.
    config_name : str
        File name of the configuration.

    Returns
    -------
    dict of str to str
        Label and text, in the order of reading.
    """
    attrs = comparison.result.attrs
    text = str(attrs.get("configuration", ""))
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    cards = model_cards(comparison.result)
    titles = [
        f"{cards[key]['title']} ({key})" if key in cards else key
        for key in model_keys(comparison.result)
    ]
    return {
        "Model": "; ".join(titles),
        "People": _people(comparison.result),
        "Made": f"kpksim {attrs.get('version', '')}",
        "Configuration": f"{config_name}, SHA-256 {digest}, printed in full below",
        "Repeat": command,
    }


def _people(result: xr.Dataset) -> str:
    """Say who was simulated, and how often with other parameters."""
    draws = int(result.attrs.get("n_draws", 0))
    seed = result.attrs.get("draws_seed")
    effects = int(result.attrs.get("n_effect_draws", 0))
    fitted = f"; {say_number(effects)} draws of each effect" if effects else ""
    drawn = f"; {say_number(draws)} draws of uncertain parameters, seed {seed}" if draws else ""
    drawn += fitted
    weight = f"{say_number(float(result.attrs['weight']))} kg" if "weight" in result.attrs else ""
    typical = f"typical person of {weight}" if weight else "typical person"
    count = int(result.attrs.get("n_people", 0))
    if not count:
        return f"{typical}; no spread between people{drawn}"
    people = f"{say_number(count)} simulated people, seed {result.attrs.get('seed')}"
    return f"{typical}; {people}{drawn}"


def model_keys(result: xr.Dataset) -> list[str]:
    """List the models of a result.

    Parameters
    ----------
    result : Dataset
        With the attribute ``models``, keys apart by spaces.

    Returns
    -------
    list of str
        Their keys.

    Examples
    --------
    >>> model_keys(xr.Dataset(attrs={"models": "otto2021 kamp2020"}))
    ['otto2021', 'kamp2020']
    """
    return str(result.attrs.get("models", "")).split()


def span(result: xr.Dataset) -> str:
    """Say how much is compared, over how long.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h].

    Returns
    -------
    str
        One phrase.

    Examples
    --------
    >>> span(xr.Dataset(coords={"regimen": ["IV", "SC"], "time": [0.0, 336.0]}))
    'A comparison of 2 regimens over 14 d'
    """
    curves, models = result.sizes["regimen"], max(1, len(model_keys(result)))
    count = curves // models
    noun = "regimen" if count == 1 else "regimens"
    lead = "" if curves == 1 else "A comparison of "
    within = f" in {models} models" if models > 1 else ""
    return f"{lead}{count} {noun}{within} over {say_time(float(result['time'].values[-1]))}"


def model_cards(result: xr.Dataset) -> dict[str, dict[str, Any]]:
    """Give what each model says of itself.

    Parameters
    ----------
    result : Dataset
        With the attribute ``model_cards``, as JSON.

    Returns
    -------
    dict of str to dict
        ``title`` and ``notes`` of each model, by its key.

    Examples
    --------
    >>> model_cards(xr.Dataset(attrs={"model_cards": '{"a": {"title": "A", "notes": []}}'}))["a"]
    {'title': 'A', 'notes': []}
    """
    cards: dict[str, dict[str, Any]] = json.loads(result.attrs.get("model_cards", "{}"))
    return cards


def limits(result: xr.Dataset) -> dict[str, tuple[str, ...]]:
    """List what models and effects say against themselves.

    Parameters
    ----------
    result : Dataset
        With the attributes ``model_cards`` and ``effect_notes``.

    Returns
    -------
    dict of str to tuple of str
        Notes of each model by its key, and of the effect curves.
    """
    notes = {key: tuple(card["notes"]) for key, card in model_cards(result).items()}
    effects = tuple(line for line in str(result.attrs.get("effect_notes", "")).splitlines() if line)
    calibration = str(result.attrs.get("calibration", ""))
    if calibration:
        meaning = [_CALIBRATED] if "calibrated to" in calibration else []
        meaning += [_UNCALIBRATED] if "uncalibrated" in calibration else []
        first = f"{calibration[0].upper()}{calibration[1:]}: {' '.join(meaning)}"
        effects = (first.strip(": "), *effects)
    return {key: said for key, said in (notes | {"Effect curves": effects}).items() if said}


def references(attrs: Mapping[str, Any]) -> list[Reference]:
    """List the sources of every number that was used.

    Parameters
    ----------
    attrs : mapping of str to object
        Attributes of a result; ``citations`` are keys apart by spaces.

    Returns
    -------
    list of Reference
        In alphabetical order of their keys.
    """
    return [_reference(key) for key in str(attrs.get("citations", "")).split()]


def _reference(key: str) -> Reference:
    """Write one source."""
    found = all_sources().get(key)
    if found is None:
        return Reference(key, "", "", "", ())
    place = " ".join(part for part in (found.journal, found.volume) if part)
    parts = (found.short, found.title, place)
    text = ". ".join(part.rstrip(".") for part in parts if part) + "."
    if found.doi:
        link, shown = f"https://doi.org/{found.doi}", f"doi:{found.doi}"
    elif found.pmid:
        link, shown = f"https://pubmed.ncbi.nlm.nih.gov/{found.pmid}/", f"PMID {found.pmid}"
    else:
        link, shown = found.url, found.url
    return Reference(key, text, link, shown, found.errata)
