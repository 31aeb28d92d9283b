"""The figures of a report: each twice, for a page and for a phone, with its caption."""

from dataclasses import dataclass

import xarray as xr
from markupsafe import Markup

from kpksim.plots import FigureKind, available, to_svg
from kpksim.plots.curves import is_relief
from kpksim.plots.words import what_varies, when
from kpksim.vocabulary import OUTCOMES

_EXPECTATION = {
    "none": "Effect curves show the drug alone, without the response to placebo.",
    "blinded": "Effect curves hold the drug and the expectation of a blinded study.",
    "open": "Effect curves hold the drug and the expectation of an open study.",
}


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


def drawings(result: xr.Dataset) -> list[Drawing]:
    """Draw every figure that a result can fill.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h].

    Returns
    -------
    list of Drawing
        In the order of the report.
    """
    return [
        Drawing(
            kind.title,
            caption(result, kind),
            _inline(result, kind, "wide"),
            _inline(result, kind, "narrow"),
        )
        for kind in available(result)
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
    if any(name in OUTCOMES for name in names):
        sentences.append(_EXPECTATION[str(result.attrs.get("expectation", "none"))])
    if any(is_relief(name) for name in names):
        sentences.append("Dotted line: half of the score gone, the usual mark of a response.")
    return " ".join(sentences)


def _inline(result: xr.Dataset, kind: FigureKind, width: str) -> Markup:
    """Draw one variant; the page itself carries what the foot of a figure would say."""
    figure = kind.draw(result, width=width, foot=False)
    return Markup(to_svg(figure, f"{kind.name}-{width}", kind.label(result)))
