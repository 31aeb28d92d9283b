"""The figures of a qualification: which there are, their captions and their files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from markupsafe import Markup
from matplotlib.figure import Figure

from kpksim.analysis.qualification import Qualification
from kpksim.plots.files import to_png, to_svg, without_foot
from kpksim.plots.qualification import (
    LEVELS,
    observed_predicted,
    ratios_by_model,
    ratios_by_source,
    residuals,
)
from kpksim.report.drawings import Drawing

_ROWS = "Predicted for the typical person; grounds: within 1.25, 1.5 and 2 times."


@dataclass(frozen=True)
class Kind:
    """A figure about one model, or about all.

    Attributes
    ----------
    name : str
        Start of its file name.
    title, caption : str
        What it shows.
    draw : callable
        Function of `kpksim.plots.qualification`.
    metrics : tuple of str
        Metrics of which it needs one; any when empty.
    """

    name: str
    title: str
    caption: str
    draw: Callable[..., Figure]
    metrics: tuple[str, ...] = ()


OVERVIEW = Kind(
    "ratios", "Predicted over observed by model", f"{_ROWS} Each point is one row.", ratios_by_model
)
OF_MODEL = (
    Kind(
        "observed_predicted",
        "Predicted against observed",
        f"{_ROWS} Line: identity.",
        observed_predicted,
        tuple(metric for _, metrics in LEVELS.values() for metric in metrics),
    ),
    Kind(
        "by_source",
        "Predicted over observed by route and source",
        f"{_ROWS} Each point is one row.",
        ratios_by_source,
    ),
    Kind("residuals", "Over time", f"{_ROWS} Concentrations only.", residuals, ("concentration",)),
)


def save_figures(found: Qualification, folder: Path) -> None:
    """Write every figure as SVG and PNG.

    Parameters
    ----------
    found : Qualification
        What was computed.
    folder : Path
        Where to write; it exists.
    """
    for kind, name, rows in _all(found):
        figure = kind.draw(rows)
        (folder / f"{name}.svg").write_text(
            to_svg(figure, name, _label(kind, rows)) + "\n", "utf-8"
        )
        (folder / f"{name}.png").write_bytes(to_png(figure))


def drawings(found: Qualification, folder: Path | None = None) -> dict[str, list[Drawing]]:
    """Draw every figure twice, for a page and for a phone.

    Parameters
    ----------
    found : Qualification
        What was computed.
    folder : Path, optional
        Where `save_figures` has written them already; drawn anew when left out.

    Returns
    -------
    dict of str to list of Drawing
        By model; those about all models under ``""``.
    """
    result: dict[str, list[Drawing]] = {name: [] for name in ("", *(m.name for m in found.models))}
    for kind, name, rows in _all(found):
        words = _label(kind, rows)
        if folder is None:
            wide = to_svg(kind.draw(rows), name, words)
        else:
            wide = (folder / f"{name}.svg").read_text("utf-8")
        narrow = to_svg(kind.draw(rows, width="narrow"), f"{name}-narrow", words)
        drawn = Drawing(kind.title, kind.caption, _inline(wide), _inline(narrow))
        result["" if kind is OVERVIEW else str(rows["model"].iloc[0])].append(drawn)
    return result


def _all(found: Qualification) -> Iterator[tuple[Kind, str, pd.DataFrame]]:
    """Give every figure that can be filled, with its name and its rows."""
    levels = found.ratios[found.ratios["part"] == "levels"]
    if len(levels):
        yield OVERVIEW, OVERVIEW.name, levels
    for model in found.models:
        rows = levels[levels["model"] == model.name]
        for kind in OF_MODEL:
            if len(rows) and (not kind.metrics or rows["metric"].isin(kind.metrics).any()):
                yield kind, f"{model.name}_{kind.name}", rows


def _label(kind: Kind, rows: pd.DataFrame) -> str:
    """Say in words what a figure shows, for those who cannot see it."""
    inside = ((rows["ratio"] >= 0.5) & (rows["ratio"] <= 2.0)).mean()
    names = ", ".join(dict.fromkeys(rows["model"]))
    return f"{kind.title}, {names}: {len(rows)} rows, {inside:.0%} within 2-fold."


def _inline(drawing: str) -> Markup:
    """Take a figure into the page, which itself carries what the foot of a figure says."""
    return Markup(without_foot(drawing))
