"""The paper of a figure: key above, panels in columns, foot below, all placed in CSS pixels."""

from collections.abc import Sequence
from dataclasses import dataclass

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, Rectangle
from matplotlib.transforms import Affine2D, Transform

from kpksim.plots.curves import regimen_names, with_people
from kpksim.plots.style import (
    BAND_DEPTH,
    INK,
    INK_2,
    NOTE,
    NOTE_GROUND,
    Width,
    letter,
    line_colour,
    text_colour,
    text_width,
)
from kpksim.plots.words import band_label, provenance, what_effects_hold, what_varies
from kpksim.vocabulary import EVERY_QUANTITY

DPI = 72
_TITLE, _TICKS, _BETWEEN, _LINE = 32, 42, 8, 24
_GAP, _FOOT_LINE = 18, 17
FOOT = "foot"
"""Mark of the lines below the panels."""
_START = {"chip": 23, "band": 23, "note": 6}
"""Where the words of a piece begin [px from its left]."""


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


@dataclass(frozen=True)
class Piece:
    """A piece of the key.

    Attributes
    ----------
    mark : str
        ``"chip"``, ``"band"`` or ``"note"``.
    regimen : int
        Place of the regimen it belongs to.
    strong, light : str
        Words beside the mark, in ink and in grey.
    """

    mark: str
    regimen: int
    strong: str
    light: str


def lay_out(
    result: xr.Dataset, columns: Columns, width: Width, *, band: str | None
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

    Returns
    -------
    figure : Figure
        The figure, `width.px` CSS pixels wide.
    axes : list of Axes
        One for every panel, column by column.
    """
    names = [panel.name for column in columns for panel in column]
    lines = _flow(_key(result, names, band), width)
    held = what_effects_hold(result, names)
    below = " ".join([what_varies(result, names), held, provenance(result)])
    feet = _wrap(below, width.px - 8, width.small)
    head = len(lines) * _LINE + 2
    body = max(sum(panel.room for panel in column) for column in columns)
    height = head + body + foot_height(len(feet))
    figure = Figure(figsize=(width.px / DPI, height / DPI), dpi=DPI)
    px = Affine2D().scale(1.0 / width.px, -1.0 / height).translate(0.0, 1.0) + figure.transFigure
    _draw_key(figure, px, lines, width)
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
    calibration = str(result.attrs.get("calibration", ""))
    if calibration and any(EVERY_QUANTITY[name].group == "effect" for name in names):
        pieces.append(Piece("note", 0, "", f"effect curves {calibration}"))
    return pieces


def _flow(pieces: list[Piece], width: Width) -> list[list[tuple[float, Piece]]]:
    """Set the pieces of the key in lines."""
    lines: list[list[tuple[float, Piece]]] = [[]]
    x, room = 4.0, width.px - 8.0
    for piece in pieces:
        shown = _shortened(piece, room, width)
        wide = _piece_width(shown, width)
        if lines[-1] and x + wide > room:
            lines.append([])
            x = 4.0
        lines[-1].append((x, shown))
        x += wide + _GAP
    return lines


def _shortened(piece: Piece, room: float, width: Width) -> Piece:
    """Cut words that are wider than the figure, the grey ones first."""
    strong, light = piece.strong, piece.light
    while _piece_width(Piece(piece.mark, 0, strong, light), width) > room - 4 and strong + light:
        if len(light) > 8 or not strong:
            light = light.rstrip("…")[:-1].rstrip() + "…"
        else:
            strong = strong.rstrip("…")[:-1].rstrip() + "…"
    return Piece(piece.mark, piece.regimen, strong, light)


def _piece_width(piece: Piece, width: Width) -> float:
    """Measure a piece of the key [px]."""
    strong = text_width(piece.strong, width.text, 500) + 7 if piece.strong else 0.0
    return _START[piece.mark] + strong + text_width(piece.light, width.text)


def _draw_key(
    figure: Figure, px: Transform, lines: list[list[tuple[float, Piece]]], width: Width
) -> None:
    """Draw the lines of the key."""
    for number, line in enumerate(lines):
        y = 12.0 + number * _LINE
        for x, piece in line:
            if piece.mark == "chip":
                _draw_chip(figure, px, x, y, piece)
            elif piece.mark == "band":
                _draw_swatch(figure, px, x, y, piece)
            _draw_words(figure, px, x + _START[piece.mark], y + 4.5, piece, width.text)


def _draw_words(
    figure: Figure, px: Transform, x: float, y: float, piece: Piece, size: float
) -> None:
    """Draw the words of a piece; a note stands on its own ground."""
    is_note = piece.mark == "note"
    if piece.strong:
        figure.text(x, y, piece.strong, transform=px, fontsize=size, color=INK, fontweight=500)
        x += text_width(piece.strong, size, 500) + 7
    ground = {"boxstyle": "round,pad=0.35", "facecolor": NOTE_GROUND, "edgecolor": "none"}
    figure.text(
        x, y, piece.light, transform=px, fontsize=size, color=NOTE if is_note else INK_2,
        bbox=ground if is_note else None,
    )  # fmt: skip


def _draw_chip(figure: Figure, px: Transform, x: float, y: float, piece: Piece) -> None:
    """Draw a disc with the regimen's letter in it."""
    colour = text_colour(piece.regimen)
    figure.add_artist(Ellipse((x + 9, y), 18, 18, facecolor=colour, linewidth=0, transform=px))
    figure.text(
        x + 9, y + 4, letter(piece.regimen), color="white", fontsize=11, fontweight=600,
        ha="center", va="baseline", transform=px,
    )  # fmt: skip


def _draw_swatch(figure: Figure, px: Transform, x: float, y: float, piece: Piece) -> None:
    """Draw a piece of band."""
    figure.add_artist(
        Rectangle(
            (x, y - 6), 18, 12, transform=px, linewidth=0,
            facecolor=line_colour(piece.regimen), alpha=BAND_DEPTH,
        )
    )  # fmt: skip


def _wrap(text: str, room: float, size: float) -> list[str]:
    """Break text into lines that fit."""
    lines, wide, blank = [""], 0.0, text_width("n n", size) - text_width("nn", size)
    for word in text.split():
        wide += blank + text_width(word, size)
        if lines[-1] and wide > room:
            lines.append("")
            wide = text_width(word, size)
        lines[-1] = f"{lines[-1]} {word}".lstrip()
    return lines
