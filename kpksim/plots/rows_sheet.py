"""Paper of figures with a line per thing: its words, what is drawn of it, a number at its end.

On a page words stand to the left of what is drawn, on a phone above it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Affine2D

from kpksim.plots.key import LINE, Piece, draw_key, flow
from kpksim.plots.sheet import DPI, FOOT, foot_height, wrapped
from kpksim.plots.style import EDGE, INK, INK_2, Width, text_width

TEXT_LINE = 15.0
"""Height of a line of words [px]."""
_HEAD, _TRACK, _GAP, _TICKS = 27.0, 24.0, 10.0, 46.0


@dataclass(frozen=True)
class Row:
    """One line of a figure.

    Attributes
    ----------
    words : str
        What it is about.
    heading : str
        Group that it belongs to, written once above its first line; empty for none.
    tail : str
        What stands at its end, mostly a number.
    """

    words: str
    heading: str = ""
    tail: str = ""


@dataclass(frozen=True)
class Place:
    """Where one line stands.

    Attributes
    ----------
    row : Row
        The line.
    lines : tuple of str
        Its words, broken.
    heading : float or None
        Where its heading is written, if it has one [px from the top of the panel].
    top, centre : float
        Where its words begin, and the height at which it is drawn [px from the top].
    """

    row: Row
    lines: tuple[str, ...]
    heading: float | None
    top: float
    centre: float


@dataclass(frozen=True)
class RowsSheet:
    """A figure with its empty panel.

    Attributes
    ----------
    figure : Figure
        The figure.
    ax : Axes
        The panel; heights in it are pixels from its top.
    heights : tuple of float
        Where each line is drawn [px].
    width : Width
        How wide the figure is.
    """

    figure: Figure
    ax: Axes
    heights: tuple[float, ...]
    width: Width

    def label(self, words: str) -> None:
        """Name the axis."""
        self.ax.set_xlabel(words)

    def rule(self, x: float) -> None:
        """Rule a value: through the panel, or where words stand in it only at the lines."""
        if self.width.columns > 1:
            self.ax.axvline(x, color=EDGE, linewidth=1, zorder=1)
            return
        for y in self.heights:
            ends = (y - 0.5 * _TRACK, y + 0.5 * _TRACK - 3.0)
            self.ax.plot([x, x], ends, color=EDGE, linewidth=1, zorder=1)


def rows_paper(
    key: Sequence[Piece], rows: Sequence[Row], foot: str, width: Width, *, share: float = 0.4
) -> RowsSheet:
    """Lay out a figure: key, a line per row with its words, foot; call it inside `house_style`.

    Parameters
    ----------
    key : sequence of Piece
        The key.
    rows : sequence of Row
        From top to bottom.
    foot : str
        What stands below.
    width : Width
        How wide the figure is.
    share : float, optional
        Share of a page's width that words take at most [1].

    Returns
    -------
    RowsSheet
        The figure.
    """
    above = width.columns == 1
    tails = max((text_width(row.tail, width.small) for row in rows), default=0.0)
    tails += _GAP if tails else 0.0
    most = max((text_width(row.words, width.small) for row in rows), default=0.0) + 2.0
    room = width.px - 8.0 - tails if above else min(most, share * width.px)
    places = list(_places(rows, room, width, above=above))
    left = 8.0 if above else room + 14.0
    right = 8.0 if above else tails + 8.0
    lines = flow(list(key), width) if key else []
    feet = wrapped(foot, width.px - 8, width.small)
    head, high = LINE * len(lines) + 6.0, places[-1].centre + 0.5 * _TRACK if places else _TRACK
    height = head + high + _TICKS + foot_height(len(feet))
    figure = Figure(figsize=(width.px / DPI, height / DPI), dpi=DPI)
    px = Affine2D().scale(1.0 / width.px, -1.0 / height).translate(0.0, 1.0) + figure.transFigure
    draw_key(figure, px, lines, width)
    for number, line in enumerate(feet):
        y = head + high + _TICKS + 8.0 + 17.0 * number
        figure.text(4, y, line, transform=px, fontsize=width.small, color=INK_2, gid=FOOT)
    frame = (
        left / width.px, 1.0 - (head + high) / height, (width.px - left - right) / width.px,
        high / height,
    )  # fmt: skip
    ax = _axes(figure, frame, high)
    _write(ax, places, left, width, above=above)
    return RowsSheet(figure, ax, tuple(one.centre for one in places), width)


def _places(rows: Sequence[Row], room: float, width: Width, *, above: bool) -> Iterator[Place]:
    """Set the lines one below the other."""
    y, before = 0.0, ""
    for row in rows:
        heading = None
        if row.heading != before:
            before = row.heading
            heading = y + _HEAD - 9.0 if before else None
            y += _HEAD if before else 0.0
        lines = tuple(wrapped(row.words, room, width.small))
        tall = TEXT_LINE * len(lines)
        if above:
            yield Place(row, lines, heading, y + 2.0, y + tall + 0.5 * _TRACK)
            y += tall + _TRACK
        else:
            step = max(_TRACK, tall + 8.0)
            yield Place(row, lines, heading, y + 0.5 * (step - tall), y + 0.5 * step)
            y += step


def _axes(figure: Figure, frame: tuple[float, float, float, float], high: float) -> Axes:
    """Make the panel."""
    ax = figure.add_axes(frame)
    ax.set_ylim(high, 0.0)
    ax.yaxis.set_visible(False)
    ax.grid(visible=False)
    ax.xaxis.label.set_color(INK_2)
    return ax


def _write(ax: Axes, places: Sequence[Place], left: float, width: Width, *, above: bool) -> None:
    """Write headings, words and tails, and rule the lines."""
    for place in places:
        if place.heading is not None:
            _say(ax, (4.0 - left, place.heading), place.row.heading, width, colour=INK, weight=600)
        start = 4.0 - left
        for number, line in enumerate(place.lines):
            y = place.top + TEXT_LINE * (number + 0.5)
            _say(ax, (start, y), line, width)
        if place.row.tail:
            y = place.top + 0.5 * TEXT_LINE if above else place.centre
            end = width.px - left - 4.0
            _say(ax, (end, y), place.row.tail, width, ha="right")
        ax.axhline(place.centre, color=EDGE, linewidth=0.5, alpha=0.5, zorder=1)


def _say(
    ax: Axes, spot: tuple[float, float], words: str, width: Width, *, colour: str = INK_2,
    weight: int = 400, ha: str = "left",
) -> None:  # fmt: skip
    """Write words at pixels from the left of the panel, and at a height in it."""
    x, y = spot
    ax.annotate(
        words, (0.0, y), xycoords=("axes fraction", "data"), xytext=(x, 0.0),
        textcoords="offset points", color=colour, fontweight=weight, fontsize=width.small,
        ha=ha, va="center", annotation_clip=False, zorder=6,
    )  # fmt: skip
