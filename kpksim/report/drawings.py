"""The figures of a report: each twice, for a page and for a phone, with its caption."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import xarray as xr
from markupsafe import Markup

from kpksim.plots import FigureKind, SpreadKind, available, to_svg, without_foot
from kpksim.report.split import SplitRow, split_rows


@dataclass(frozen=True)
class Drawing:
    """A figure of the report.

    Attributes
    ----------
    title, caption : str
        Heading and the text below.
    wide, narrow : Markup
        The same curves as SVG for a page and for a phone.
    split : tuple of SplitRow
        Numbers of a figure of the spread between papers; none for others.
    """

    title: str
    caption: str
    wide: Markup
    narrow: Markup
    split: tuple[SplitRow, ...] = ()


def drawings(
    result: xr.Dataset, folder: Path | None = None, spread: pd.DataFrame | None = None
) -> list[Drawing]:
    """Draw every figure that a result can fill.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h].
    folder : Path, optional
        Where `kpksim.plots.save_figures` has written them already; drawn anew when left out.
    spread : DataFrame, optional
        How the spread is split, from `kpksim.analysis`.

    Returns
    -------
    list of Drawing
        In the order of the report.
    """
    return [
        Drawing(
            kind.title,
            kind.caption(result),
            _wide(result, kind, folder),
            _inline(to_svg(kind.draw(result, width="narrow"), f"{kind.name}-narrow", words)),
            tuple(split_rows(kind.table)) if isinstance(kind, SpreadKind) else (),
        )
        for kind, words in ((kind, kind.label(result)) for kind in available(result, spread))
    ]


def _wide(result: xr.Dataset, kind: FigureKind | SpreadKind, folder: Path | None) -> Markup:
    """Give the variant for a page: from its file if there is one."""
    if folder is not None:
        return _inline((folder / f"{kind.name}.svg").read_text(encoding="utf-8"))
    return _inline(to_svg(kind.draw(result), kind.name, kind.label(result)))


def _inline(drawing: str) -> Markup:
    """Take a figure into the page, which itself carries what the foot of a figure says."""
    return Markup(without_foot(drawing))
