"""The figures of a report: each twice, for a page and for a phone, with its caption."""

from dataclasses import dataclass
from pathlib import Path

import xarray as xr
from markupsafe import Markup

from kpksim.plots import FigureKind, available, to_svg, without_foot
from kpksim.plots.curves import is_relief
from kpksim.plots.words import what_effects_hold, what_varies, when


@dataclass(frozen=True)
class Drawing:
    """A figure of the report.

    Attributes
    ----------
    title, caption : str
        Heading and the text below.
    wide, narrow : Markup
        The same curves as SVG for a page and for a phone.
    """

    title: str
    caption: str
    wide: Markup
    narrow: Markup


def drawings(result: xr.Dataset, folder: Path | None = None) -> list[Drawing]:
    """Draw every figure that a result can fill.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h].
    folder : Path, optional
        Where `kpksim.plots.save_figures` has written them already; drawn anew when left out.

    Returns
    -------
    list of Drawing
        In the order of the report.
    """
    return [
        Drawing(
            kind.title,
            caption(result, kind),
            _wide(result, kind, folder),
            _inline(to_svg(kind.draw(result, width="narrow"), f"{kind.name}-narrow", words)),
        )
        for kind, words in ((kind, kind.label(result)) for kind in available(result))
    ]


def caption(result: xr.Dataset, kind: FigureKind) -> str:
    """Say what a figure shows, what varies in it and what is left out.

    Parameters
    ----------
    result : Dataset
        Curves with the attributes of a comparison.
    kind : FigureKind
        Which figure.

    Returns
    -------
    str
        A few sentences.
    """
    names = kind.shown(result)
    sentences = [f"{when(kind.end(result))} from the first dose.", what_varies(result, names)]
    sentences.append(what_effects_hold(result, names))
    if any(is_relief(name) for name in names):
        sentences.append("Dotted line: half of the score gone, the usual mark of a response.")
    return " ".join(sentence for sentence in sentences if sentence)


def _wide(result: xr.Dataset, kind: FigureKind, folder: Path | None) -> Markup:
    """Give the variant for a page: from its file if there is one."""
    if folder is not None:
        return _inline((folder / f"{kind.name}.svg").read_text(encoding="utf-8"))
    return _inline(to_svg(kind.draw(result), kind.name, kind.label(result)))


def _inline(drawing: str) -> Markup:
    """Take a figure into the page, which itself carries what the foot of a figure says."""
    return Markup(without_foot(drawing))
