"""The paper of a figure: key above, panels in columns, foot below, all placed in CSS pixels."""

from collections.abc import Sequence
from dataclasses import dataclass

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Affine2D

from kpksim.plots.bands import with_people
from kpksim.plots.curves import regimen_names
from kpksim.plots.key import LINE, Piece, draw_key, flow
from kpksim.plots.style import INK_2, Width, letter, text_width
from kpksim.plots.words import band_label, draws_label, provenance, what_effects_hold, what_varies
from kpksim.vocabulary import EVERY_QUANTITY

DPI = 72
_TITLE, _TICKS, _BETWEEN = 32, 42, 8
_FOOT_LINE = 17
FOOT = "foot"
"""Mark of the lines below the panels."""


@dataclass(frozen=True)
class Panel:
    """Place of one quantity in a column of panels.

    Attributes
    ----------
    name : str
        The quantity.
    height : int
        Height of the panel [px].
    timed : bool
        Whether it carries the time axis of its column.
    """

    name: str
    height: int
    timed: bool

    @property
    def room(self) -> int:
        """Height with title, and with the time axis if it carries one [px]."""
        return _TITLE + self.height + _BETWEEN + _TICKS * self.timed


Columns = Sequence[Sequence[Panel]]
"""Panels from top to bottom, column by column."""


def stack(names: Sequence[str], height: int) -> list[Panel]:
    """Set panels one below the other, with one time axis at the foot.

    Parameters
    ----------
    names : sequence of str
        Quantities, from the top.
    height : int
        Height of each panel [px].

    Returns
    -------
    list of Panel
        One column.
    """
    last = len(names) - 1
    return [Panel(name, height, place == last) for place, name in enumerate(names)]


def level(left: Sequence[str], right: Sequence[str], height: int) -> list[list[Panel]]:
    """Set panels in two columns that end level: the column with fewer has taller ones.

    Parameters
    ----------
    left, right : sequence of str
        Quantities of each column, from the top.
    height : int
        Height of a panel in the column with more [px].

    Returns
    -------
    list of list of Panel
        Two columns.
    """
    whole = max(len(left), len(right)) * (_TITLE + height + _BETWEEN)
    return [stack(names, whole // len(names) - _TITLE - _BETWEEN) for names in (left, right)]


def lay_out(
    result: xr.Dataset,
    columns: Columns,
    width: Width,
    *,
    band: str | None,
    further: Sequence[Piece] = (),
) -> tuple[Figure, list[Axes]]:
    """Lay out a figure with its key, empty panels and foot.

    The foot says what varies, which model made it and what it is for.

    Parameters
    ----------
    result : Dataset
        Curves with the attributes of a comparison.
    columns : sequence of sequence of Panel
        Panels, column by column.
    width : Width
        How wide the figure is.
    band : str or None
        Regimen that carries the people band.
    further : sequence of Piece, optional
        The end of the key.

    Returns
    -------
    figure : Figure
        The figure, `width.px` CSS pixels wide.
    axes : list of Axes
        One for every panel, column by column.
    """
    names = [panel.name for column in columns for panel in column]
    held = what_effects_hold(result, names)
    below = " ".join([what_varies(result, names), held, provenance(result)])
    key = [*_key(result, names, band), *further]
    return paper(key, below, columns, width)


def paper(
    key: list[Piece], below: str, columns: Columns, width: Width
) -> tuple[Figure, list[Axes]]:
    """Make the paper of a figure: key above, empty panels, words below.

    Parameters
    ----------
    key : list of Piece
        The key, in the order of reading.
    below : str
        What stands below the panels.
    columns : sequence of sequence of Panel
        Panels, column by column.
    width : Width
        How wide the figure is.

    Returns
    -------
    figure : Figure
        The figure, `width.px` CSS pixels wide.
    axes : list of Axes
        One for every panel, column by column.
    """
    lines = flow(key, width)
    feet = wrapped(below, width.px - 8, width.small)
    head = len(lines) * LINE + 2
    body = max(sum(panel.room for panel in column) for column in columns)
    height = head + body + foot_height(len(feet))
    figure = Figure(figsize=(width.px / DPI, height / DPI), dpi=DPI)
    px = Affine2D().scale(1.0 / width.px, -1.0 / height).translate(0.0, 1.0) + figure.transFigure
    draw_key(figure, px, lines, width)
    axes = [
        ax for place in range(len(columns)) for ax in _place(figure, columns, place, head, width)
    ]
    for number, line in enumerate(feet):
        y = head + body + 12 + _FOOT_LINE * number
        figure.text(4, y, line, transform=px, fontsize=width.small, color=INK_2, gid=FOOT)
    return figure, axes


def foot_height(lines: int) -> int:
    """Measure the foot of a figure.

    Parameters
    ----------
    lines : int
        Lines of text in it.

    Returns
    -------
    int
        Height that it adds to the figure [px].

    Examples
    --------
    >>> foot_height(2)
    40
    """
    return _FOOT_LINE * lines + 6 if lines else 0


def _place(figure: Figure, columns: Columns, place: int, top: float, width: Width) -> list[Axes]:
    """Make the axes of one column."""
    height = figure.get_figheight() * DPI
    share = width.px / len(columns)
    left, wide = place * share + width.left, share - width.left - width.right
    axes = []
    for panel in columns[place]:
        bottom = height - (top + _TITLE + panel.height)
        box = (left / width.px, bottom / height, wide / width.px, panel.height / height)
        axes.append(figure.add_axes(box))
        top += panel.room
    return axes


def _key(result: xr.Dataset, names: list[str], band: str | None) -> list[Piece]:
    """Say who is who, what the band is, and how far the effect curves can be trusted."""
    pieces = []
    for place, name in enumerate(regimen_names(result)):
        told = str(result["sentence"].values[place]) if "sentence" in result.coords else ""
        pieces.append(Piece("chip", place, name, "" if told == name else told))
    carried = [(with_people(result, name, band), band_label(name)) for name in names]
    bands = sorted({(place, label) for place, label in carried if place is not None})
    pieces += [Piece("band", place, "", f"{label} ({letter(place)})") for place, label in bands]
    edged = [(with_people(result, name, band, of="parameters"), name) for name in names]
    edges = {(place, draws_label(result, name)) for place, name in edged if place is not None}
    pieces += [Piece("edges", k, "", f"{words} ({letter(k)})") for k, words in sorted(edges)]
    calibration = str(result.attrs.get("calibration", ""))
    if calibration and any(EVERY_QUANTITY[name].group == "effect" for name in names):
        mark = "note" if "uncalibrated" in calibration else "plain"
        pieces.append(Piece(mark, 0, "", f"effect curves {calibration}"))
    return pieces


def wrapped(text: str, room: float, size: float) -> list[str]:
    """Break text into lines that fit; call it inside `house_style`.

    Parameters
    ----------
    text : str
        What will be written.
    room : float
        Width of a line [px].
    size : float
        Font size [px].

    Returns
    -------
    list of str
        The lines.
    """
    lines, wide, blank = [""], 0.0, text_width("n n", size) - text_width("nn", size)
    for word in text.split():
        wide += blank + text_width(word, size)
        if lines[-1] and wide > room:
            lines.append("")
            wide = text_width(word, size)
        lines[-1] = f"{lines[-1]} {word}".lstrip()
    return lines
