"""What the posterior expects of each statement, beside what was observed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator

from kpksim.calibration.results import Predicted, Predictive, Results, StatementFacts
from kpksim.errors import DataError
from kpksim.plots.calibration_words import about, observed_words, predicted_words
from kpksim.plots.folds import GROUND
from kpksim.plots.key import MARKERS, Piece
from kpksim.plots.rows_sheet import Row, RowsSheet, rows_paper
from kpksim.plots.style import DRAWN, EDGE, INK_2, WIDTHS, Width, house_style

Pair = tuple[StatementFacts, Predictive]
SHOWN = {
    "reproduced": ("dot", DRAWN[0]),
    "weak": ("ring", DRAWN[1]),
    "in conflict": ("diamond", DRAWN[5]),
}
"""Mark and colour of what is judged reproduced, weak or in conflict."""
FAR = 2.4
"""Where an axis ends that counts in half widths of the 90 % interval."""


@dataclass(frozen=True)
class _Figure:
    """The lines of a figure and what stands around them."""

    pairs: Sequence[Pair]
    rows: Sequence[Row]
    words: str
    axis: str


def predicted_numbers(results: Results, hypothesis: str, *, width: str = "wide") -> Figure:
    """Draw each observed number or count on the scale of its predictive interval.

    Parameters
    ----------
    results : Results
        What a calibration found.
    hypothesis : str
        Key of the hypothesis.
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.

    Returns
    -------
    Figure
        One line per statement, by study: ground, the middle 90 and 50 %; mark, the observed.

    Raises
    ------
    DataError
        If no number or count was predicted.
    """
    pairs = [one for one in paired(results, hypothesis) if one[1].probability is None]
    if not pairs:
        raise DataError(f"nothing to draw: no number was predicted under {hypothesis}")
    rows = [
        Row(facts.says, facts.study, f"{observed_words(facts, one)}; {predicted_words(one)}")
        for facts, one in pairs
    ]
    words = (
        "Grounds: middle 90 and 50 % of what a study like this would find. Numbers: observed; "
        "predicted median and 90 %."
    )
    shown = _Figure(pairs, rows, words, "Observed, on the scale of the predicted")
    figure, sheet = _paper(results, hypothesis, shown, WIDTHS[width])
    for y, (_, one) in zip(sheet.heights, pairs, strict=True):
        _draw_number(sheet.ax, y, one)
    sheet.ax.set_xlim(-FAR - 0.1, FAR + 0.1)
    sheet.ax.xaxis.set_major_locator(FixedLocator([-1.0, 0.0, 1.0]))
    sheet.ax.set_xticklabels(["5 %", "median", "95 %"])
    return figure


def predicted_answers(results: Results, hypothesis: str, *, width: str = "wide") -> Figure:
    """Draw the probability of each statement that is so or not so.

    Parameters
    ----------
    results : Results
        What a calibration found.
    hypothesis : str
        Key of the hypothesis.
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.

    Returns
    -------
    Figure
        One line per statement, by study: bar and mark, its probability.

    Raises
    ------
    DataError
        If no such statement was predicted.
    """
    pairs = [one for one in paired(results, hypothesis) if one[1].probability is not None]
    if not pairs:
        raise DataError(f"nothing to draw: no probability was predicted under {hypothesis}")
    rows = [Row(facts.says, facts.study, predicted_words(one)) for facts, one in pairs]
    words = "Probability that a study like this would find what was stated."
    shown = _Figure(pairs, rows, words, "Probability of what was stated")
    figure, sheet = _paper(results, hypothesis, shown, WIDTHS[width])
    for y, (_, one) in zip(sheet.heights, pairs, strict=True):
        _draw_answer(sheet.ax, y, one)
    sheet.ax.set_xlim(-0.02, 1.02)
    sheet.rule(0.5)
    return figure


def paired(results: Results, hypothesis: str) -> list[Pair]:
    """Give statements with what is predicted of them, those of one study together.

    Parameters
    ----------
    results : Results
        What a calibration found.
    hypothesis : str
        Key of the hypothesis.

    Returns
    -------
    list of (StatementFacts, Predictive)
        By study.
    """
    found = list(zip(results.statements, results.predictive.get(hypothesis, []), strict=False))
    studies = list(dict.fromkeys(facts.study for facts, _ in found))
    return sorted(found, key=lambda pair: studies.index(pair[0].study))


def _paper(
    results: Results, hypothesis: str, shown: _Figure, size: Width
) -> tuple[Figure, RowsSheet]:
    """Lay out a figure of statements."""
    there = {one.judged for _, one in shown.pairs}
    key = [
        Piece(mark, 0, "", word, colour) for word, (mark, colour) in SHOWN.items() if word in there
    ]
    if any(one.left_out for _, one in shown.pairs):
        key.append(Piece("tick", 0, "", "without its study", INK_2))
    foot = f"{shown.words} {about(results, hypothesis)}"
    with house_style():
        sheet = rows_paper(key, shown.rows, foot, size, share=0.45)
        sheet.label(shown.axis)
    return sheet.figure, sheet


def on_interval(value: float, one: Predicted) -> float:
    """Give where a number lies in a predictive interval: its ends stand at -1 and 1.

    Parameters
    ----------
    value : float
        The number.
    one : Predicted
        Median and 90 % interval.

    Returns
    -------
    float
        Place, at most `FAR` away from the median.

    Examples
    --------
    >>> spread = Predicted(low=-60.0, median=-50.0, high=-30.0, judged="reproduced")
    >>> on_interval(-40.0, spread), on_interval(-100.0, spread)
    (0.5, -2.4)
    """
    if one.low is None or one.median is None or one.high is None:
        return 0.0
    above = value - one.median
    half = (one.high - one.median) if above > 0.0 else (one.median - one.low)
    place = 0.0 if above == 0.0 else above / half if half > 0.0 else np.copysign(FAR, above)
    return float(np.clip(place, -FAR, FAR))


def _draw_number(ax: Axes, y: float, one: Predictive) -> None:
    """Draw one number: grounds, the observed, and where the others would have put it."""
    ax.fill_between([-1.0, 1.0], y - 8.0, y + 8.0, facecolor=GROUND[1], linewidth=0, zorder=0)
    if one.inner is not None:
        inner = [on_interval(end, one) for end in one.inner]
        ax.fill_between(inner, y - 8.0, y + 8.0, facecolor=GROUND[0], linewidth=0, zorder=0.5)
    ax.plot([0.0, 0.0], [y - 8.0, y + 8.0], color=EDGE, linewidth=1, zorder=1)
    if one.left_out is not None and one.left_out.median is not None:
        _draw_tick(ax, y, on_interval(one.observed, one.left_out), one)
    _draw_mark(ax, y, on_interval(one.observed, one), one)


def _draw_answer(ax: Axes, y: float, one: Predictive) -> None:
    """Draw one probability: bar, mark, and what the others would have said."""
    probability = one.probability or 0.0
    ax.fill_between(
        [0.0, probability], y - 5.0, y + 5.0, facecolor=GROUND[0], linewidth=0, zorder=0.5
    )
    if one.left_out is not None and one.left_out.probability is not None:
        _draw_tick(ax, y, one.left_out.probability, one)
    _draw_mark(ax, y, probability, one)


def _draw_mark(ax: Axes, y: float, x: float, one: Predictive) -> None:
    """Draw how a statement is judged."""
    mark, colour = SHOWN[one.judged]
    ax.plot(
        [x], [y], MARKERS[mark], color=colour, markersize=7, zorder=4, label=one.id,
        markerfacecolor="white" if mark == "ring" else colour, markeredgewidth=1.4,
    )  # fmt: skip


def _draw_tick(ax: Axes, y: float, x: float, one: Predictive) -> None:
    """Draw where the fit without its study puts a statement."""
    ax.plot(
        [x], [y], "|", color=INK_2, markersize=12, markeredgewidth=1.2, zorder=3,
        label=f"{one.id} left out",
    )  # fmt: skip
