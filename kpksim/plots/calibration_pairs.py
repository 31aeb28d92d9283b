"""Which parameters go together: the draws of a posterior in pairs."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator
from scipy.stats import gaussian_kde, rankdata

from kpksim.calibration.results import Results
from kpksim.engine.actions import Array
from kpksim.errors import DataError
from kpksim.plots.calibration_words import about
from kpksim.plots.sheet import DPI, FOOT, foot_height, wrapped
from kpksim.plots.style import INK, INK_2, WIDTHS, Width, house_style
from kpksim.plots.words import say_number

MASSES = {0.9: "#BECAD8", 0.5: "#0A4F94"}
"""Shares of the draws that each ground holds, and its colour."""
STRONG = 0.3
"""Rank correlation from which on a pair is worth looking at."""
_NOT_SAMPLED = "pk_draw"
_CELLS, _MOST = 40, 600
_GAP, _LEFT, _BELOW = 8.0, 44.0, 40.0


def pairs(
    results: Results, hypothesis: str, posterior: xr.Dataset, *, width: str = "wide"
) -> Figure:
    """Draw the parameters that go together most strongly, in pairs.

    Parameters
    ----------
    results : Results
        What a calibration found.
    hypothesis : str
        Key of the hypothesis.
    posterior : Dataset
        Its equally weighted draws, one variable a parameter.
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.

    Returns
    -------
    Figure
        Half and nine tenths of the draws of each pair, below; rank correlations, above.

    Raises
    ------
    DataError
        If the draws hold fewer than two parameters.
    """
    size = WIDTHS[width]
    names = strongest(posterior, 6 if width == "wide" else 4)
    labels = {one.name: one.label for one in results.parameters.get(hypothesis, [])}
    foot = (
        "Dark: the densest half of the draws; light: nine tenths. Log scales. Numbers: rank "
        "correlation. Parameters that go together are known as a curve, not one by one. "
        f"{about(results, hypothesis)}"
    )
    with house_style():
        figure, axes = _grid(len(names), foot, size)
        draws = [posterior[name].values.astype(float) for name in names]
        for i, down in enumerate(draws):
            for j, across in enumerate(draws[: i + 1]):
                if i == j:
                    _name(axes[i][i], labels.get(names[i], names[i]), size)
                else:
                    _contours(axes[i][j], across, down)
                    _number(axes[j][i], across, down, size)
        _scale(axes, draws, size)
    return figure


def strongest(posterior: xr.Dataset, count: int) -> list[str]:
    """Choose the parameters that go together most strongly.

    Parameters
    ----------
    posterior : Dataset
        Equally weighted draws, one variable a parameter.
    count : int
        How many to choose at most.

    Returns
    -------
    list of str
        Names, in the order of the posterior.

    Raises
    ------
    DataError
        If there are fewer than two.
    """
    names, size = _sizes(posterior)
    chosen: list[int] = []
    for place in np.argsort(-size, axis=None):
        for one in divmod(int(place), len(names)):
            if one not in chosen and len(chosen) < count:
                chosen.append(one)
    return [names[one] for one in sorted(chosen)]


def go_together(posterior: xr.Dataset) -> bool:
    """Tell whether any two parameters have a rank correlation worth a figure.

    Parameters
    ----------
    posterior : Dataset
        Equally weighted draws, one variable a parameter.

    Returns
    -------
    bool
        Whether one is `STRONG` or more, up or down.
    """
    return bool(_sizes(posterior)[1].max() >= STRONG)


def _sizes(posterior: xr.Dataset) -> tuple[list[str], Array]:
    """Give names of parameters and the sizes of their rank correlations, 0 with themselves."""
    names = [str(name) for name in posterior.data_vars if name != _NOT_SAMPLED]
    if len(names) < 2:
        raise DataError("nothing to draw: the posterior holds fewer than two parameters")
    ranks = np.array([rankdata(posterior[name].values) for name in names])
    return names, np.abs(np.corrcoef(ranks)) - np.eye(len(names))


def _grid(count: int, foot: str, width: Width) -> tuple[Figure, list[list[Axes]]]:
    """Make square panels, and the foot below."""
    side = (width.px - _LEFT - 8.0 - _GAP * (count - 1)) / count
    feet = wrapped(foot, width.px - 8, width.small)
    body = 8.0 + count * side + (count - 1) * _GAP
    height = body + _BELOW + foot_height(len(feet))
    figure = Figure(figsize=(width.px / DPI, height / DPI), dpi=DPI)
    for number, line in enumerate(feet):
        y = 1.0 - (body + _BELOW + 6.0 + 17.0 * number) / height
        figure.text(
            4 / width.px, y, line, fontsize=width.small, color=INK_2, gid=FOOT, va="baseline"
        )
    step = side + _GAP
    return figure, [
        [
            figure.add_axes(
                (
                    (_LEFT + step * j) / width.px,
                    1.0 - (8.0 + step * i + side) / height,
                    side / width.px,
                    side / height,
                )
            )
            for j in range(count)
        ]
        for i in range(count)
    ]


def _contours(ax: Axes, across: Array, down: Array) -> None:
    """Shade where the densest draws of a pair lie."""
    x, y = np.log(across), np.log(down)
    step = max(1, len(x) // _MOST)
    density = gaussian_kde(np.array([x[::step], y[::step]]))
    grid = [np.linspace(*_ends(values), _CELLS) for values in (x, y)]
    heights = density(np.array([one.ravel() for one in np.meshgrid(*grid)]))
    levels = _levels(heights)
    for mass, floor in zip(MASSES, levels, strict=True):
        ax.contourf(
            np.exp(grid[0]), np.exp(grid[1]), heights.reshape(_CELLS, _CELLS),
            levels=[floor, heights.max() * 1.01], colors=[MASSES[mass]],
        )  # fmt: skip


def _levels(heights: Array) -> list[float]:
    """Give the density above which each share of the draws lies."""
    falling = np.sort(heights)[::-1]
    held = np.cumsum(falling) / falling.sum()
    return [float(falling[np.searchsorted(held, mass)]) for mass in MASSES]


def _ends(values: Array) -> tuple[float, float]:
    """Give where an axis of logarithms begins and ends."""
    low, high = np.quantile(values, [0.003, 0.997])
    room = 0.08 * (high - low) or 0.1
    return float(low - room), float(high + room)


def _number(ax: Axes, across: Array, down: Array, width: Width) -> None:
    """Write the rank correlation of a pair; the stronger the darker."""
    found = float(np.corrcoef(rankdata(across), rankdata(down))[0, 1])
    ax.text(
        0.5, 0.5, say_number(round(found, 2), digits=2), transform=ax.transAxes, ha="center",
        va="center", color=INK if abs(found) >= STRONG else INK_2,
        fontweight=600 if abs(found) >= STRONG else 400, fontsize=width.text,
    )  # fmt: skip
    _bare(ax)


def _name(ax: Axes, label: str, width: Width) -> None:
    """Name the parameter of a row and a column."""
    room = ax.get_window_extent().width - 4.0
    words = "\n".join(wrapped(label, room, width.small))
    ax.text(
        0.5, 0.5, words, transform=ax.transAxes, ha="center", va="center", color=INK,
        fontweight=500, fontsize=width.small, linespacing=1.25,
    )  # fmt: skip
    _bare(ax)


def _bare(ax: Axes) -> None:
    """Leave a panel without axes."""
    ax.set_axis_off()


def _scale(axes: Sequence[Sequence[Axes]], draws: Sequence[Array], width: Width) -> None:
    """Set limits and ticks; numbers only at the left and below."""
    last = len(draws) - 1
    for i, down in enumerate(draws):
        for j, across in enumerate(draws[:i]):
            ax = axes[i][j]
            ax.set_xscale("log")
            ax.set_yscale("log")
            ax.set_facecolor("#F5F7F9")
            ax.grid(visible=False)
            for axis, values, shown in ((ax.xaxis, across, i == last), (ax.yaxis, down, j == 0)):
                low, high = np.exp(_ends(np.log(values)))
                axis.set_major_locator(FixedLocator(_round_ticks(low, high)))
                axis.set_minor_locator(NullLocator())
                axis.set_major_formatter(
                    FuncFormatter(lambda value, _: say_number(value, digits=2))
                    if shown
                    else NullFormatter()
                )
                axis.set_tick_params(labelsize=width.small - 1.5)
            ax.set_xlim(*np.exp(_ends(np.log(across))))
            ax.set_ylim(*np.exp(_ends(np.log(down))))


def _round_ticks(low: float, high: float) -> list[float]:
    """Give two or three round numbers inside a log axis, far apart."""
    powers = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1.0)
    room = (high / low) ** 0.1
    for steps in ((1.0,), (1.0, 3.0), (1.0, 2.0, 5.0), tuple(np.arange(1.0, 10.0))):
        inside = [
            float(one) for one in np.outer(powers, steps).ravel() if low * room < one < high / room
        ]
        if len(inside) >= 2:
            return [inside[0], inside[-1]]
    return [float(np.sqrt(low * high))]
