"""Words and numbers of the figures: units, times, what varies, what is seen."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from kpksim.plots.bands import people
from kpksim.plots.curves import is_relief, regimen_names, typical, unsupported, until
from kpksim.plots.hypotheses import shown_accounts
from kpksim.plots.statements import statements_of
from kpksim.plots.style import letter
from kpksim.units import say_time
from kpksim.vocabulary import EVERY_QUANTITY, OUTCOMES, USE_LINE

MINUS, EN_DASH, THIN = "\N{MINUS SIGN}", "\N{EN DASH}", "\N{THIN SPACE}"


def say_number(value: float, digits: int = 3, *, zeros: bool = False) -> str:
    """Write a number for reading: few digits, a real minus sign, thousands set apart.

    Parameters
    ----------
    value : float
        Any finite number.
    digits : int
        Significant digits; whole numbers keep all of theirs.
    zeros : bool
        Whether zeros at the end stay, as in a table.

    Returns
    -------
    str
        The number.

    Examples
    --------
    >>> say_number(158.04), say_number(0.0666), say_number(-3.0) == f"{MINUS}3"
    ('158', '0.0666', True)
    """
    size = abs(float(f"{value:.{digits - 1}e}")) if abs(value) < 10.0**digits else abs(value)
    places = max(0, digits - 1 - int(np.floor(np.log10(size)))) if size > 0.0 else 0
    text = f"{size:,.{places}f}"
    if "." in text and not zeros:
        text = text.rstrip("0").rstrip(".")
    sign = MINUS if value < 0.0 else ""
    return sign + text.replace(",", THIN)


def when(hours: float) -> str:
    """Say a time as exactly as a reader needs it.

    Parameters
    ----------
    hours : float
        Time [h].

    Returns
    -------
    str
        Whole minutes below 2 h, tenths of hours or days beyond.

    Examples
    --------
    >>> when(0.6667), when(3.14), when(171.0)
    ('40 min', '3.1 h', '7.1 d')
    """
    if hours < 2.0:
        return say_time(round(hours * 60.0) / 60.0)
    if hours < 72.0:
        return f"{round(hours, 1):g} h"
    return say_time(round(hours / 24.0, 1) * 24.0)


def short_name(result: xr.Dataset, name: str) -> str:
    """Give a quantity's name for a narrow place.

    Parameters
    ----------
    result : Dataset
        Curves, whose attribute ``short_name`` is used where there is one.
    name : str
        Quantity.

    Returns
    -------
    str
        Few words.

    Examples
    --------
    >>> short_name(xr.Dataset({"ketamine_s": 0.0}), "ketamine_s")
    'S-ketamine'
    """
    return str(result[name].attrs.get("short_name", EVERY_QUANTITY[name].short))


def title_and_unit(result: xr.Dataset, name: str, short: bool) -> tuple[str, str]:
    """Give the head of a panel.

    Parameters
    ----------
    result : Dataset
        Curves whose attributes ``long_name``, ``short_name`` and ``units`` are used.
    name : str
        Quantity.
    short : bool
        Whether the panel is narrow.

    Returns
    -------
    tuple of str
        Title and unit.

    Examples
    --------
    >>> curve = xr.Dataset({"sbp": ((), 0.0, {"long_name": "Systolic", "units": "mmHg"})})
    >>> title_and_unit(curve, "sbp", short=True)
    ('Systolic rise', 'mmHg')
    """
    seen = result[name].attrs
    title = short_name(result, name) if short else seen["long_name"]
    unit = str(seen["units"])
    return str(title), f"{unit} · lower is better" if is_relief(name) else unit


def band_label(name: str) -> str:
    """Say what the people band of a quantity holds.

    Parameters
    ----------
    name : str
        Quantity.

    Returns
    -------
    str
        Label of the band.

    Examples
    --------
    >>> band_label("ketamine"), band_label("sbp")
    ('90 % of people', '90 % of people: spread of exposure only')
    """
    tail = ": spread of exposure only" if EVERY_QUANTITY[name].group == "effect" else ""
    return f"90 % of people{tail}"


def draws_label(result: xr.Dataset, name: str) -> str:
    """Say what the dashed lines of a quantity hold.

    Parameters
    ----------
    result : Dataset
        Curves.
    name : str
        Quantity.

    Returns
    -------
    str
        Label of the lines.

    Examples
    --------
    >>> draws_label(xr.Dataset(), "ketamine")
    '90 % of parameter draws'
    """
    if f"{name}_hypotheses" in result:
        return "90 % of parameters and mechanism"
    return "90 % of parameter draws"


def what_varies(result: xr.Dataset, names: list[str]) -> str:
    """Say what the lines and bands of a figure are, and what is left out.

    Parameters
    ----------
    result : Dataset
        Curves with the attributes of a comparison.
    names : list of str
        Quantities that the figure shows.

    Returns
    -------
    str
        One to three sentences.

    Examples
    --------
    >>> what_varies(xr.Dataset(attrs={"n_people": 0}), ["ketamine"])
    'Lines: typical person. No spread between people was simulated.'
    """
    return f"Lines: typical person. {_people_said(result, names)}{_draws_said(result, names)}"


def _people_said(result: xr.Dataset, names: list[str]) -> str:
    """Say what the people band is."""
    count = int(result.attrs.get("n_people", 0))
    if not count or not any(_has(result, name, "people") for name in names):
        return "No spread between people was simulated."
    return (
        f"Band (one regimen, named above): middle 90 % of {say_number(count)} simulated people"
        f"{_seed_said(result, 'seed')}. Residual error is not drawn."
    )


def _draws_said(result: xr.Dataset, names: list[str]) -> str:
    """Say what the dashed lines are; nothing where there are none."""
    drawn = [name for name in names if f"{name}_parameters" in result]
    there = [name for name in drawn if _has(result, name, "parameters")]
    fitted = [name for name in there if f"{name}_hypotheses" in result]
    count, effects = (int(result.attrs.get(key, 0)) for key in ("n_draws", "n_effect_draws"))
    said = ""
    if fitted:
        paired = f", paired with {say_number(count)} of the concentrations" if count else ""
        said = (
            f" Effect curves are medians of {say_number(effects)} draws of parameters and "
            f"mechanism; dashed: their middle 90 %{paired}."
        )
    if count and len(there) > len(fitted):
        said += (
            f" Dashed: middle 90 % of {say_number(count)} draws of uncertain parameters"
            f"{_seed_said(result, 'draws_seed')}, in the typical person."
        )
    if any(shown_accounts(result, name) for name in names):
        said += " Thin numbered lines: single hypotheses, where they differ most from this mixture."
    return said


def _seed_said(result: xr.Dataset, name: str) -> str:
    """Say a seed, if there is one."""
    seed = result.attrs.get(name)
    return f", seed {seed}" if seed is not None else ""


def _has(result: xr.Dataset, name: str, of: str) -> bool:
    """Tell whether any regimen has a band of people or parameters for a quantity."""
    places = range(result.sizes["regimen"])
    return any(people(result, name, place, of=of) is not None for place in places)


_MARKED = (
    " Marks: what studies that gave the same doses state (circle a number, square responders, "
    "triangle up an effect seen, triangle down none)."
)
_BEYOND = " Dotted curves: no study has looked there."
_EXPECTATION = {
    "none": "Effect curves show the drug alone, without the response to placebo.",
    "blinded": "Effect curves hold the drug and the expectation of a blinded study.",
    "open": "Effect curves hold the drug and the expectation of an open study.",
}


def what_effects_hold(result: xr.Dataset, names: Sequence[str]) -> str:
    """Say of effect curves whether expectation is in them.

    Parameters
    ----------
    result : Dataset
        Curves with the attribute ``expectation``.
    names : sequence of str
        Quantities that a figure shows.

    Returns
    -------
    str
        One sentence; empty when the figure shows no effect.

    Examples
    --------
    >>> what_effects_hold(xr.Dataset(attrs={"expectation": "open"}), ["anxiety"])
    'Effect curves hold the drug and the expectation of an open study.'
    """
    if not any(name in OUTCOMES for name in names):
        return ""
    marked = any(statements_of(result, name) for name in names)
    effects = [name for name in names if name in OUTCOMES and "outcome" in result.coords]
    dotted = any(unsupported(result, name).any() for name in effects)
    expectation = _EXPECTATION[str(result.attrs.get("expectation", "none"))]
    return expectation + _BEYOND * dotted + _MARKED * marked


def provenance(result: xr.Dataset) -> str:
    """Say which model and program made a figure, and what it is for.

    Parameters
    ----------
    result : Dataset
        Curves with the attributes of a comparison.

    Returns
    -------
    str
        Model keys, version and use line.

    Examples
    --------
    >>> provenance(xr.Dataset(attrs={"models": "otto2021", "version": "0.1.0"}))
    'Model: otto2021. kpksim 0.1.0. For research and teaching. Not for dosing a patient.'
    """
    keys = ", ".join(str(result.attrs.get("models", "")).split())
    version = result.attrs.get("version", "")
    use = result.attrs.get("use_line", USE_LINE)
    return f"Model: {keys}. kpksim {version}. {use}"


def spoken(result: xr.Dataset, names: list[str], end: float) -> str:
    """Say in words what a figure shows: the peak of every curve.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h].
    names : list of str
        Quantities that the figure shows.
    end : float
        End of its window [h].

    Returns
    -------
    str
        One sentence per panel.

    Examples
    --------
    >>> attrs = {"long_name": "Systolic", "units": "mmHg"}
    >>> curve = xr.Dataset(
    ...     {"sbp": (("regimen", "time"), [[0.0, 7.0]], attrs)},
    ...     coords={"regimen": ["IV"], "time": [0.0, 0.5]},
    ... )
    >>> spoken(curve, ["sbp"], end=12.0)
    'Systolic, mmHg, over 12 h: A (IV) peaks at 7 at 30 min.'
    """
    inside = until(result, end)
    time = np.asarray(inside["time"].values, dtype=np.float64)
    return " ".join(_spoken_panel(inside, name, time, end) for name in dict.fromkeys(names))


def _spoken_panel(inside: xr.Dataset, name: str, time: np.ndarray, end: float) -> str:
    """Say the peak of every curve of one panel."""
    title, unit = title_and_unit(inside, name, short=False)
    verb = "falls to" if is_relief(name) else "peaks at"
    parts = []
    for place, (regimen, curve) in enumerate(
        zip(regimen_names(inside), typical(inside, name), strict=True)
    ):
        who = f"{letter(place)} ({regimen})"
        if not np.isfinite(curve).any():
            parts.append(f"{who} has no values")
        elif not np.nan_to_num(curve).any():
            parts.append(f"{who} stays at 0")
        else:
            peak = int(np.nanargmin(curve) if is_relief(name) else np.nanargmax(curve))
            parts.append(f"{who} {verb} {say_number(curve[peak])} at {when(time[peak])}")
    return f"{title}, {unit}, over {when(end)}: {'; '.join(parts)}."
