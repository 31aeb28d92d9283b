"""Places for the letters that name the curves: clear of each other and of the lines."""

import numpy as np
from numpy.typing import NDArray

from kpksim.plots.curves import Array

GAP = 13.0
"""Smallest distance between two letters [px]."""
_BESIDE, _STEP = 10.0, 6.0
_CLEAR, _NEARER, _BARELY = 8.0, 1.5, 3.0
"""A letter is at least so far from its line, and so much nearer to it than to another [px]."""


def spread(heights: Array, highest: float, gap: float = GAP) -> Array:
    """Move heights apart as little as is needed, keeping their order.

    Parameters
    ----------
    heights : array, shape (n,)
        Wanted heights [px].
    highest : float
        Where the topmost may stand at most [px].
    gap : float
        Smallest distance between neighbours [px].

    Returns
    -------
    array, shape (n,)
        Heights that are at least `gap` apart; groups stay centred on where they wanted to be.

    Examples
    --------
    >>> spread(np.array([10.0, 10.0, 90.0]), highest=100.0).tolist()
    [3.5, 16.5, 90.0]
    """
    order = np.argsort(heights, kind="stable")
    wanted = heights[order] - gap * np.arange(heights.size)
    wanted = np.minimum(wanted, highest - gap * (heights.size - 1))
    groups: list[tuple[float, int]] = []
    for height in wanted:
        mean, count = float(height), 1
        while groups and groups[-1][0] > mean:
            before, size = groups.pop()
            mean = (mean * count + before * size) / (count + size)
            count += size
        groups.append((mean, count))
    level = np.concatenate([np.full(count, mean) for mean, count in groups] or [np.empty(0)])
    placed = np.empty(heights.size)
    placed[order] = level + gap * np.arange(heights.size)
    return placed


def at_peaks(
    curves: Array, width: float, height: float, down: bool = False
) -> tuple[Array, NDArray[np.bool_]]:
    """Place one letter beside the peak of each curve.

    A letter that would touch another letter or a line moves along its own curve; where lines
    are too dense for that, it stands on its own line.

    Parameters
    ----------
    curves : array, shape (n, m)
        Heights of the curves at m equal steps across the panel [px from its floor].
    width, height : float
        Size of the panel [px].
    down : bool
        Whether the curves fall from the top, so that letters stand below them.

    Returns
    -------
    places : array, shape (n, 2)
        Centres of the letters [px from the left, px from the floor].
    on_line : array of bool, shape (n,)
        Whether a letter stands on its line.

    Examples
    --------
    >>> peak = np.array([[0.0, 50.0, 0.0, 0.0, 0.0]])
    >>> places, on_line = at_peaks(peak, width=400.0, height=80.0)
    >>> places.tolist(), on_line.tolist()
    ([[100.0, 60.0]], [False])
    """
    x = np.linspace(0.0, width, curves.shape[1])
    extreme = np.nanargmin(curves, axis=1) if down else np.nanargmax(curves, axis=1)
    placed: list[Array] = []
    on_line = np.zeros(len(curves), dtype=bool)
    for own, peak in enumerate(extreme):
        spots = _beside(x, curves[own], int(peak), -_BESIDE if down else _BESIDE)
        inside = (spots[:, 0] >= 5) & (spots[:, 0] <= width - 5)
        inside &= (spots[:, 1] >= 6) & (spots[:, 1] <= height + 4)
        away = _to_lines(spots, x, curves)
        others = np.delete(away, own, axis=1).min(axis=1, initial=np.inf)
        free = inside & (away[:, own] >= _CLEAR) & (others >= away[:, own] + _NEARER)
        free &= _to_letters(spots, placed) >= GAP
        on_line[own] = not free.any()
        placed.append(spots[free.argmax()] if free.any() else _upon(x, curves, own, peak, placed))
    return np.array(placed), on_line


def _upon(x: Array, curves: Array, own: int, peak: int, placed: list[Array]) -> Array:
    """Choose a spot on a curve, near its peak, clear of letters and if possible of lines."""
    curve = curves[own]
    order = np.argsort(np.abs(np.arange(x.size) - peak), kind="stable")
    order = order[np.isfinite(curve[order])]
    spots = np.column_stack([x, curve])[order]
    others = np.delete(_to_lines(spots, x, curves), own, axis=1).min(axis=1, initial=np.inf)
    room = np.minimum(_to_letters(spots, placed) / GAP, 1.0)  # counts before the lines do
    nearest: Array = spots[(10.0 * room + (others >= _BARELY)).argmax()]
    return nearest


def _beside(x: Array, curve: Array, peak: int, away: float) -> Array:
    """List spots square to a curve on both sides, from its peak outwards, the outer side first."""
    finite = np.flatnonzero(np.isfinite(curve))
    slope = np.gradient(curve[finite], x[finite]) if finite.size > 1 else np.zeros(finite.size)
    slope[finite == peak] = 0.0
    square = np.column_stack([-slope, np.ones(finite.size)]) / np.hypot(slope, 1.0)[:, None]
    order = np.argsort(np.abs(finite - peak), kind="stable")
    order = np.concatenate([order[:1], order[1 :: max(1, round(_STEP / (x[1] - x[0])))]])
    foot = np.column_stack([x[finite], curve[finite]])[order]
    outer, inner = foot + away * square[order], foot - away * square[order]
    return np.stack([outer, inner], axis=1).reshape(-1, 2)


def _to_letters(spots: Array, placed: list[Array]) -> Array:
    """Measure the distance of each spot to the nearest letter that has its place [px]."""
    if not placed:
        return np.full(len(spots), np.inf)
    away = np.linalg.norm(spots[:, None] - np.array(placed), axis=2)
    return np.asarray(away.min(axis=1))


def _to_lines(spots: Array, x: Array, curves: Array) -> Array:
    """Measure the distance of each spot to each line, shape (spot, curve) [px]."""
    step = x[1] - x[0]
    rise = np.diff(curves, axis=1)
    right = spots[:, 0, None, None] - x[:-1]
    up = spots[:, 1, None, None] - curves[:, :-1]
    share = np.clip((right * step + up * rise) / (step**2 + rise**2), 0.0, 1.0)
    away = np.hypot(right - share * step, up - share * rise)
    nearest: Array = np.where(np.isfinite(away), away, np.inf).min(axis=2)
    return nearest
