"""Colours, letters, fonts and widths that every figure shares."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

INK, INK_2 = "#1B2430", "#4A5565"
EDGE, GRID = "#8A95A5", "#E8ECF1"
NOTE, NOTE_GROUND = "#6B4300", "#FFF8E8"

DRAWN = (
    "#0A4F94", "#C8500A", "#0E9C82", "#5A1F4D", "#9933FF", "#7B1E1E", "#000055", "#CC66EE",
)  # fmt: skip
"""Colour of the lines of each regimen in turn; any two differ by CIE76 26 or more in normal,
protan, deutan and tritan sight (Machado 2009, full loss)."""

WRITTEN = (
    "#0A4F94", "#B04508", "#0A7763", "#5A1F4D", "#7A1FE0", "#7B1E1E", "#000055", "#9A35BE",
)  # fmt: skip
"""The same colours dark enough for text: contrast on white 5 or more."""

DASHES = (0, (3, 2))
"""Line of what is uncertain about a model."""
DOTS = (0, (0.1, 1.7))
"""Line of a curve beyond the evidence, with round caps."""
LINE, LINE_WITH_BAND, BAND_DEPTH = 1.8, 2.6, 0.13


@dataclass(frozen=True)
class Width:
    """How wide a figure is and what follows from it.

    Attributes
    ----------
    name : str
        ``"wide"`` or ``"narrow"``.
    px : int
        Width of the figure [CSS px].
    columns : int
        Panels side by side.
    left, right : int
        Room beside each panel for tick labels and letters [px].
    tall, low : int
        Height of a panel that stands alone in its row and of one among several [px].
    text, small : float
        Size of key and titles, and of foot and tick labels [px].
    """

    name: str
    px: int
    columns: int
    left: int
    right: int
    tall: int
    low: int
    text: float
    small: float


WIDTHS = {
    "wide": Width("wide", 728, 2, 38, 20, 190, 132, 12.5, 11.5),
    "narrow": Width("narrow", 358, 1, 38, 20, 176, 128, 13.0, 12.0),
}
"""The report's column and a phone."""


def letter(index: int) -> str:
    """Name a regimen by its place.

    Parameters
    ----------
    index : int
        Place of the regimen, from 0.

    Returns
    -------
    str
        A to Z, then A2, B2 and so on.

    Examples
    --------
    >>> letter(0), letter(3), letter(26)
    ('A', 'D', 'A2')
    """
    turn, place = divmod(index, 26)
    return chr(ord("A") + place) + (str(turn + 1) if turn else "")


def line_colour(index: int) -> str:
    """Give the colour of a regimen's line and band.

    Parameters
    ----------
    index : int
        Place of the regimen, from 0.

    Returns
    -------
    str
        A colour of `DRAWN`; they repeat after the eighth, the letters do not.

    Examples
    --------
    >>> line_colour(0)
    '#0A4F94'
    """
    return DRAWN[index % len(DRAWN)]


def text_colour(index: int) -> str:
    """Give the colour of a regimen's letter.

    Parameters
    ----------
    index : int
        Place of the regimen, from 0.

    Returns
    -------
    str
        A colour of `WRITTEN`.

    Examples
    --------
    >>> text_colour(0)
    '#0A4F94'
    """
    return WRITTEN[index % len(WRITTEN)]


@contextmanager
def house_style() -> Iterator[None]:
    """Draw and save in the style of `kpksim.mplstyle`, leaving Matplotlib's settings alone.

    Yields
    ------
    None
        Nothing; the style holds inside the block.

    Examples
    --------
    >>> with house_style():
    ...     mpl.rcParams["svg.fonttype"]
    'none'
    """
    _register_fonts()
    log = logging.getLogger("matplotlib.font_manager")
    level = log.level
    log.setLevel(logging.ERROR)  # DejaVu, which only fills gaps, has no weights 500 and 600
    try:
        with mpl.rc_context(_settings()), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
            yield
    finally:
        log.setLevel(level)


@cache
def text_width(text: str, size: float, weight: int = 400) -> float:
    """Measure text in the house font; call it inside `house_style`.

    Parameters
    ----------
    text : str
        What will be written.
    size : float
        Font size [px].
    weight : int
        400, 500 or 600.

    Returns
    -------
    float
        Its width [px].

    Examples
    --------
    >>> with house_style():
    ...     text_width("00", 10.0)
    12.0
    """
    if not text:
        return 0.0
    font = FontProperties(size=size, weight=weight)
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


@cache
def _settings() -> mpl.RcParams:
    """Read the style file once."""
    with as_file(files("kpksim.plots") / "kpksim.mplstyle") as path:
        return mpl.rc_params_from_file(path, use_default_template=False)


@cache
def _register_fonts() -> None:
    """Make the shipped fonts known to Matplotlib, once."""
    with as_file(files("kpksim.plots") / "fonts") as folder:
        for path in sorted(folder.glob("*.ttf")):
            font_manager.fontManager.addfont(path)
