"""Curves that lie on top of each other, so that a reader does not look for the hidden one."""

import numpy as np
import xarray as xr

from kpksim.plots.curves import Array, log_floor, typical, until
from kpksim.plots.style import letter
from kpksim.plots.words import short_name

UNSEEN = 0.005
"""Part of a panel's height within which two curves look like one: less than a line's width [1]."""


def on_top(result: xr.Dataset, panels: dict[str, set[str]], end: float) -> str:
    """Say which curves of a figure lie on top of each other.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h].
    panels : dict of str to set of str
        Scales, ``"linear"`` and ``"log"``, on which each quantity is drawn.
    end : float
        End of the window [h].

    Returns
    -------
    str
        One phrase; empty when every curve can be seen somewhere in each panel.

    Examples
    --------
    >>> same = xr.Dataset(
    ...     {"sbp": (("regimen", "time"), [[0.0, 7.0], [0.0, 7.0], [0.0, 9.0]])},
    ...     coords={"time": [0.0, 1.0]},
    ... )
    >>> on_top(same, {"sbp": {"linear"}}, end=1.0)
    'on top of each other: A and B (systolic rise)'
    """
    inside = until(result, end)
    found: dict[str, list[str]] = {}
    for name, scales in panels.items():
        for group in groups(typical(inside, name), scales):
            who = " and ".join(letter(place) for place in group)
            found.setdefault(who, []).append(_lowered(short_name(inside, name)))
    parts = [
        who if len(where) == len(panels) > 1 else f"{who} ({', '.join(where)})"
        for who, where in found.items()
    ]
    return f"on top of each other: {'; '.join(parts)}" if parts else ""


def groups(curves: Array, scales: set[str]) -> list[list[int]]:
    """Find the curves of a panel that look like one.

    Parameters
    ----------
    curves : array, shape (regimen, time)
        Values; nan where a model gives none.
    scales : set of str
        Scales on which they are drawn: they must look like one on each.

    Returns
    -------
    list of list of int
        Places of two or more curves that coincide.
    """
    drawn = [curves] if "linear" in scales else []
    if "log" in scales:
        drawn.append(np.log(np.maximum(curves, log_floor(curves))))
    known = [place for place, curve in enumerate(curves) if np.isfinite(curve).any()]
    found: list[list[int]] = []
    for place in known:
        same = next((one for one in found if all(_like(d, one[0], place) for d in drawn)), None)
        if same is None:
            found.append([place])
        else:
            same.append(place)
    return [one for one in found if len(one) > 1]


def _like(drawn: Array, one: int, other: int) -> bool:
    """Whether two curves are nowhere farther apart than an eye can see."""
    if not np.array_equal(np.isfinite(drawn[one]), np.isfinite(drawn[other])):
        return False
    height = np.nanmax(drawn) - min(0.0, float(np.nanmin(drawn)))
    return bool(np.nanmax(np.abs(drawn[one] - drawn[other])) <= UNSEEN * height)


def _lowered(words: str) -> str:
    """Write a name inside a sentence; an abbreviation keeps its letters."""
    return words if words.isupper() else words[0].lower() + words[1:]
