"""The key of a figure: who is who, what the bands are, what to beware of."""

from dataclasses import dataclass, replace

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse, Rectangle
from matplotlib.transforms import Transform

from kpksim.plots.style import (
    BAND_DEPTH,
    DASHES,
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

LINE = 24
"""Height of a line of the key [px]."""
_GAP = 18
MARKERS = {"dot": "o", "ring": "o", "diamond": "D", "tick": "|"}
"""Pieces that show a mark, and Matplotlib's name of it."""
_START = {"chip": 23, "band": 23, "edges": 23, "fill": 23, "note": 6} | dict.fromkeys(MARKERS, 16)
"""Where the words of a piece begin [px from its left]."""


@dataclass(frozen=True)
class Piece:
    """A piece of the key.

    Attributes
    ----------
    mark : str
        ``"chip"``, ``"band"``, ``"edges"``, ``"fill"``, ``"note"`` or a key of `MARKERS`.
    regimen : int
        Place of the regimen it belongs to.
    strong, light : str
        Words beside the mark, in ink and in grey.
    colour : str
        Colour of a fill or a mark.
    """

    mark: str
    regimen: int
    strong: str
    light: str
    colour: str = ""


Lines = list[list[tuple[float, Piece]]]
"""Pieces with their places from the left [px], line by line."""


def flow(pieces: list[Piece], width: Width) -> Lines:
    """Set the pieces of a key in lines.

    Parameters
    ----------
    pieces : list of Piece
        The key, in the order of reading.
    width : Width
        How wide the figure is.

    Returns
    -------
    list of list of (float, Piece)
        Each piece with its place, line by line.
    """
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
    return replace(piece, strong=strong, light=light)


def _piece_width(piece: Piece, width: Width) -> float:
    """Measure a piece of the key [px]."""
    strong = text_width(piece.strong, width.text, 500) + 7 if piece.strong else 0.0
    return _START[piece.mark] + strong + text_width(piece.light, width.text)


def draw_key(figure: Figure, px: Transform, lines: Lines, width: Width) -> None:
    """Draw the lines of a key.

    Parameters
    ----------
    figure : Figure
        Where to draw.
    px : Transform
        From pixels, counted from the top left, to the figure.
    lines : list of list of (float, Piece)
        From `flow`.
    width : Width
        How wide the figure is.
    """
    for number, line in enumerate(lines):
        y = 12.0 + number * LINE
        for x, piece in line:
            if piece.mark == "chip":
                _draw_chip(figure, px, x, y, piece)
            elif piece.mark == "edges":
                _draw_dashes(figure, px, x, y, piece)
            elif piece.mark in MARKERS:
                _draw_marker(figure, px, x, y, piece)
            elif piece.mark in ("band", "fill"):
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
    """Draw a piece of band, or of a fill."""
    is_band = piece.mark == "band"
    figure.add_artist(
        Rectangle(
            (x, y - 6), 18, 12, transform=px, linewidth=0,
            facecolor=line_colour(piece.regimen) if is_band else piece.colour,
            alpha=BAND_DEPTH if is_band else 1.0,
        )
    )  # fmt: skip


def _draw_marker(figure: Figure, px: Transform, x: float, y: float, piece: Piece) -> None:
    """Draw a mark as it stands in the figure."""
    figure.add_artist(
        Line2D(
            [x + 6], [y], marker=MARKERS[piece.mark], markersize=10 if piece.mark == "tick" else 7,
            color=piece.colour, markerfacecolor="white" if piece.mark == "ring" else piece.colour,
            markeredgewidth=1.4, linestyle="none", transform=px,
        )
    )  # fmt: skip


def _draw_dashes(figure: Figure, px: Transform, x: float, y: float, piece: Piece) -> None:
    """Draw the two dashed edges of a band."""
    for height in (y - 5, y + 5):
        figure.add_artist(
            Line2D(
                (x, x + 18), (height, height), transform=px, linewidth=1, linestyle=DASHES,
                color=line_colour(piece.regimen),
            )
        )  # fmt: skip
