"""Figures as text and bytes: SVG with real text, PNG, and the files of a comparison."""

import io
import re
from html import escape
from pathlib import Path

import pandas as pd
import xarray as xr
from matplotlib import rc_context
from matplotlib.figure import Figure

from kpksim.errors import OutputError
from kpksim.plots.catalogue import available
from kpksim.plots.sheet import FOOT, foot_height
from kpksim.plots.style import house_style

PNG_DPI = 144
_PNG = {"compress_level": 6, "compress_type": 3}  # run lengths: quick and small for flat colours
FALLBACK = "'Kpksim Sans', system-ui, sans-serif"

_CUT = (
    (re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<metadata>.*?</metadata>", re.DOTALL), ""),
    (re.compile(r"<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL), ""),
    (re.compile(rf'<g id="{FOOT}"'), f'<g class="{FOOT}"'),
    (re.compile(r'(<g) id="[^"]*"'), r"\1"),
    (re.compile(r' transform="rotate\(-0 [^"]*\)"'), ""),
    (re.compile(r"font-family: [^;\"]*;? ?"), ""),
    (re.compile(r"(\d+\.\d\d)\d+"), r"\1"),
    (re.compile(r"\s*\n\s*"), "\n"),
)
_ID = re.compile(r'(\bid="|url\(#|href="#)')
_FOOT_LINES = re.compile(rf'<g class="{FOOT}">.*?</g>\s*', re.DOTALL)
_HEIGHT = re.compile(r'height="[\d.]+"( viewBox="0 0 [\d.]+ )([\d.]+)"')
_HEAD = re.compile(r'<svg[^>]*?width="([\d.]+)pt" height="([\d.]+)pt"[^>]*>')


def to_svg(figure: Figure, name: str, label: str) -> str:
    """Write a figure as SVG, the same bytes every time.

    Text stays text and is drawn in the font of the page, or in the system's own.

    Parameters
    ----------
    figure : Figure
        A figure of `kpksim.plots`.
    name : str
        Start of every id in it, so that several can share one page.
    label : str
        What it shows, in words.

    Returns
    -------
    str
        An ``<svg>`` element.

    Examples
    --------
    >>> to_svg(Figure(figsize=(1.0, 1.0)), "empty", "Nothing")[:4]
    '<svg'
    """
    text = io.StringIO()
    with house_style(), rc_context({"svg.hashsalt": name}):
        figure.savefig(text, format="svg", metadata={"Date": None})
    drawing = text.getvalue()
    for pattern, instead in _CUT:
        drawing = pattern.sub(instead, drawing)
    drawing = _ID.sub(rf"\g<1>{name}-", drawing)
    return _HEAD.sub(lambda size: _head(size[1], size[2], label), drawing, count=1).strip()


def without_foot(drawing: str) -> str:
    """Cut the foot off a figure, for a page that says itself what the foot says.

    Parameters
    ----------
    drawing : str
        An ``<svg>`` element of `to_svg`.

    Returns
    -------
    str
        The element without the lines below its panels, lower by their height.

    Examples
    --------
    >>> without_foot('<svg height="9" viewBox="0 0 8 9"></svg>')
    '<svg height="9" viewBox="0 0 8 9"></svg>'
    """
    rest, lines = _FOOT_LINES.subn("", drawing)

    return _HEIGHT.sub(lambda size: _lowered(size, foot_height(lines)), rest, count=1)


def _lowered(size: re.Match[str], by: int) -> str:
    """Write the height of an element anew, lower by some pixels."""
    height = float(size[2]) - by
    return f'height="{height:g}"{size[1]}{height:g}"'


def _head(width: str, height: str, label: str) -> str:
    """Open the element: pixels, the words for it and the font."""
    wide, high = float(width), float(height)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{wide:g}" height="{high:g}" viewBox="0 0 {wide:g} {high:g}" role="img" '
        f'aria-label="{escape(label)}" font-family="{FALLBACK}" stroke-linejoin="round">'
    )


def to_png(figure: Figure) -> bytes:
    """Write a figure as PNG, two dots for each CSS pixel.

    Parameters
    ----------
    figure : Figure
        A figure of `kpksim.plots`.

    Returns
    -------
    bytes
        The picture.

    Examples
    --------
    >>> to_png(Figure(figsize=(1.0, 1.0)))[1:4]
    b'PNG'
    """
    picture = io.BytesIO()
    with house_style():
        figure.savefig(
            picture, format="png", dpi=PNG_DPI, metadata={"Software": None},
            pil_kwargs=_PNG,
        )  # fmt: skip
    return picture.getvalue()


def save_figures(
    result: xr.Dataset, folder: Path, spread: pd.DataFrame | None = None
) -> list[Path]:
    """Write every figure that a result can fill as SVG and PNG.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h].
    folder : Path
        Where to write; made when missing.
    spread : DataFrame, optional
        How the spread is split, from `kpksim.analysis`.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    OutputError
        If the folder or a file cannot be written.
    """
    files = []
    for kind in available(result, spread):
        figure = kind.draw(result)
        drawing = to_svg(figure, kind.name, kind.label(result)) + "\n"
        for ending, content in (("svg", drawing.encode()), ("png", to_png(figure))):
            files.append(_write(folder / f"{kind.name}.{ending}", content))
    return files


def _write(path: Path, content: bytes) -> Path:
    """Write one file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise OutputError(
            f"a figure needs a folder that can be written: {path}: {error.strerror}"
        ) from error
    return path
