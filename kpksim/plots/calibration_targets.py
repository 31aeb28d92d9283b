"""What the curves say at declared points: prior, mixture, hypotheses and re-runs."""

from collections.abc import Mapping
from math import copysign

from matplotlib.figure import Figure

from kpksim.calibration.results import MIXTURE, Interval, Results, TargetResult
from kpksim.errors import DataError, unknown
from kpksim.plots.calibration_evidence import MAIN, OTHER
from kpksim.plots.calibration_words import about, say_interval
from kpksim.plots.folds import GROUND
from kpksim.plots.key import Piece
from kpksim.plots.rows_sheet import Row, RowsSheet, rows_paper
from kpksim.plots.style import DRAWN, EDGE, WIDTHS, house_style

PRIOR, RERUN = "prior", "rerun: "
"""Names of curves that are not hypotheses."""
HYPOTHESIS = DRAWN[2]
"""Colour of single hypotheses."""


def targets(results: Results, *, width: str = "wide") -> Figure:
    """Draw every target: prior, mixture, and the medians of hypotheses and re-runs.

    Parameters
    ----------
    results : Results
        What a calibration found.
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.

    Returns
    -------
    Figure
        One line per target.

    Raises
    ------
    DataError
        If there is no target.
    """
    if not results.targets:
        raise DataError("nothing to draw: the calibration declares no target")
    size = WIDTHS[width]
    rows = [Row(one.name, tail=_tail(one, MIXTURE)) for one in results.targets]
    key = [
        Piece("fill", 0, "", "prior, middle 90 %", GROUND[0]),
        Piece("dot", 0, "", "mixture: median and 90 %", MAIN),
        Piece("tick", 0, "", "medians of single hypotheses", HYPOTHESIS),
        Piece("tick", 0, "", "of re-runs", OTHER),
    ]
    foot = (
        "Hypotheses stand above the line, re-runs of the leading one below it. Numbers: mixture. "
        f"{about(results)}"
    )
    with house_style():
        sheet = rows_paper(key, rows, foot, size, share=0.34)
        for y, one in zip(sheet.heights, results.targets, strict=True):
            _draw_target(sheet, y, one)
        _axis(sheet, results.targets[0])
    return sheet.figure


def target(results: Results, name: str, *, width: str = "wide") -> Figure:
    """Draw one target under the prior, the mixture, every hypothesis and every re-run.

    Parameters
    ----------
    results : Results
        What a calibration found.
    name : str
        Name of the target.
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.

    Returns
    -------
    Figure
        One line per curve.

    Raises
    ------
    UnknownName
        If there is no such target.
    """
    one = next((one for one in results.targets if one.name == name), None)
    if one is None:
        raise unknown("target", name, [target.name for target in results.targets])
    size = WIDTHS[width]
    labels = {one.key: one.label for one in results.hypotheses}
    shown = [key for key in one.curves if key in {PRIOR, MIXTURE, *labels} or key.startswith(RERUN)]
    rows = [Row(*_words(key, labels), tail=_tail(one, key)) for key in shown]
    foot = f"{name}: median and middle 90 %. {about(results)}"
    with house_style():
        sheet = rows_paper([], rows, foot, size)
        for y, key in zip(sheet.heights, shown, strict=True):
            colour = EDGE if key == PRIOR else MAIN if key == MIXTURE else _colour(key)
            _interval(sheet, y, one.curves[key], colour, key)
        if MIXTURE in one.curves:
            sheet.rule(one.curves[MIXTURE][1])
        _axis(sheet, one)
    return sheet.figure


def widest_apart(results: Results) -> str:
    """Give the target about which the surviving hypotheses differ most.

    Parameters
    ----------
    results : Results
        What a calibration found.

    Returns
    -------
    str
        Its name; empty where nothing differs.
    """
    keys = {one.key for one in results.surviving}
    apart = {one.name: _apart(one, keys) for one in results.targets}
    widest = max(apart, key=lambda name: apart[name], default="")
    return widest if apart.get(widest, 0.0) > 0.0 else ""


def _apart(one: TargetResult, keys: set[str]) -> float:
    """Give how far medians lie apart, by the width of the mixture."""
    medians = [curve[1] for key, curve in one.curves.items() if key in keys]
    low, _, high = one.curves.get(MIXTURE, (0.0, 0.0, 0.0))
    return (max(medians) - min(medians)) / (high - low) if medians and high > low else 0.0


def _words(key: str, labels: Mapping[str, str]) -> tuple[str, str]:
    """Give words and heading of a curve."""
    if key in (PRIOR, MIXTURE):
        return key.capitalize(), ""
    if key in labels:
        return labels[key], "Single hypotheses"
    return key.removeprefix(RERUN), "Re-runs of the leading hypothesis"


def _colour(key: str) -> str:
    """Give the colour of a single hypothesis or a re-run."""
    return OTHER if key.startswith(RERUN) else HYPOTHESIS


def _tail(one: TargetResult, key: str) -> str:
    """Write median and interval with the unit."""
    return f"{say_interval(one.curves[key])} {one.unit}" if key in one.curves else ""


def _draw_target(sheet: RowsSheet, y: float, one: TargetResult) -> None:
    """Draw one target."""
    if PRIOR in one.curves:
        low, _, high = one.curves[PRIOR]
        sheet.ax.fill_between(
            [low, high], y - 9.0, y + 9.0, facecolor=GROUND[0], linewidth=0, zorder=0
        )
    for key, curve in one.curves.items():
        if key not in (PRIOR, MIXTURE):
            shift = copysign(6.5, 1.0 if key.startswith(RERUN) else -1.0)
            sheet.ax.plot(
                [curve[1]], [y + shift], "|", color=_colour(key), markersize=7,
                markeredgewidth=1.4, zorder=3, label=f"{one.name} {key}",
            )  # fmt: skip
    if MIXTURE in one.curves:
        _interval(sheet, y, one.curves[MIXTURE], MAIN, one.name)


def _interval(sheet: RowsSheet, y: float, curve: Interval, colour: str, name: str) -> None:
    """Draw a median and its interval."""
    low, median, high = curve
    sheet.ax.plot([low, high], [y, y], color=colour, linewidth=2.5, zorder=4, label=f"{name} 90 %")
    sheet.ax.plot([median], [y], "o", color=colour, markersize=7, zorder=5, label=name)


def _axis(sheet: RowsSheet, one: TargetResult) -> None:
    """Set and name the axis; no change always stands in it."""
    sheet.rule(0.0)
    sheet.ax.margins(x=0.03)
    sheet.label(f"Effect of the drug [{one.unit}]")
