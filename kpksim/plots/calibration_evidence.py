"""How much evidence there is for each hypothesis, and how well each predicts unseen studies."""

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from kpksim.calibration.results import HypothesisResult, LeftOutScore, Results, together
from kpksim.calibration.verdict import FAVOURED, LEANS
from kpksim.errors import DataError
from kpksim.plots.calibration_words import about, decimal
from kpksim.plots.folds import GROUND
from kpksim.plots.key import Piece
from kpksim.plots.rows_sheet import Row, RowsSheet, rows_paper
from kpksim.plots.style import DRAWN, EDGE, WIDTHS, house_style
from kpksim.vocabulary import VERDICTS

MAIN, OTHER = DRAWN[0], DRAWN[1]
"""Colours of what counts, and of what it is compared with."""
ZONES = {"cannot tell": GROUND[0], "leans": GROUND[2]}
"""Grounds of the differences that decide nothing, and of those that decide a little."""
_ROOM = 1.2


def evidence(results: Results, *, width: str = "wide") -> Figure:
    """Draw ln Z of every hypothesis less that of the leading one, with error and all re-runs.

    Parameters
    ----------
    results : Results
        What a calibration found.
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.

    Returns
    -------
    Figure
        One line per hypothesis, best first, on grounds of the verdicts.
    """
    size = WIDTHS[width]
    rows = [Row(one.label, tail=VERDICTS[one.verdict]) for one in results.hypotheses]
    shifts = [_shifts(results, one.key) for one in results.hypotheses]
    key = [
        Piece("dot", 0, "", "main fit, with its standard error", MAIN),
        *([Piece("tick", 0, "", "re-runs with other choices", OTHER)] if any(shifts) else []),
        Piece("fill", 0, "", "cannot tell", ZONES["cannot tell"]),
        Piece("fill", 0, "", "leans", ZONES["leans"]),
    ]
    foot = (
        f"ln Z less that of the leading hypothesis. The run nearest to 0 decides: below {LEANS:g} "
        f"cannot tell, from {LEANS:g} leans, from {FAVOURED:g} the leading one is favoured. "
        f"{about(results)}"
    )
    with house_style():
        sheet = rows_paper(key, rows, foot, size)
        _ground(sheet, results.hypotheses, shifts)
        for y, one, others in zip(sheet.heights, results.hypotheses, shifts, strict=True):
            sheet.ax.plot(
                others,
                [y] * len(others),
                "|",
                color=OTHER,
                markersize=11,
                label=f"{one.key} re-runs",
            )
            _interval(sheet, y, one)
        sheet.label("Difference in ln Z")
    return sheet.figure


def _shifts(results: Results, key: str) -> list[float]:
    """Give the differences of all re-runs that hold a hypothesis and the leading one."""
    first = results.leading.key
    return [
        run.hypotheses[key][0] - run.hypotheses[first][0]
        for run in results.reruns
        if key != first and {key, first} <= set(run.hypotheses)
    ]


def _ground(
    sheet: RowsSheet, hypotheses: Sequence[HypothesisResult], shifts: Sequence[Sequence[float]]
) -> None:
    """Lay the grounds of the verdicts under the lines and set the axis."""
    ax = sheet.ax
    ends = [one.difference - one.difference_error for one in hypotheses]
    every = [*ends, *(value for some in shifts for value in some)]
    low, high = min([*every, -FAVOURED]) - _ROOM, max([*every, 0.0]) + _ROOM
    ax.axvspan(-FAVOURED, -LEANS, facecolor=ZONES["leans"], linewidth=0, zorder=0)
    ax.axvspan(-LEANS, high, facecolor=ZONES["cannot tell"], linewidth=0, zorder=0)
    sheet.rule(0.0)
    ax.set_xlim(low, high)
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))


def _interval(sheet: RowsSheet, y: float, one: HypothesisResult) -> None:
    """Draw one hypothesis: a dot and its standard error."""
    low, high = one.difference - one.difference_error, one.difference + one.difference_error
    sheet.ax.plot([low, high], [y, y], color=MAIN, linewidth=2, zorder=3, label=f"{one.key} error")
    sheet.ax.plot([one.difference], [y], "o", color=MAIN, markersize=7, zorder=4, label=one.key)


def log_scores(results: Results, *, width: str = "wide") -> Figure:
    """Draw how well each study is predicted by the others, by the prior, and by a coin.

    Parameters
    ----------
    results : Results
        What a calibration found.
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.

    Returns
    -------
    Figure
        One line per study and one for their sum; the coin stands at 0.

    Raises
    ------
    DataError
        If no study was left out.
    """
    scores = results.leave_out.get(results.forecaster, [])
    if not scores:
        raise DataError("nothing to draw: no study was left out")
    size, shown = WIDTHS[width], [*scores, together(scores)]
    rows = [
        Row(one.study, heading="" if one is not shown[-1] else "Together", tail=decimal(_gain(one)))
        for one in shown
    ]
    key = [
        Piece("dot", 0, "", "by the other studies", MAIN),
        Piece("ring", 0, "", "by the prior alone", OTHER),
    ]
    foot = (
        "Logarithm of the probability given to what a study states, less that of a coin; to the "
        f"right is better. Numbers: by the other studies. {about(results, results.forecaster)}"
    )
    with house_style():
        sheet = rows_paper(key, rows, foot, size)
        for y, one in zip(sheet.heights, shown, strict=True):
            _score(sheet, y, one)
        sheet.rule(0.0)
        sheet.ax.margins(x=0.06)
        sheet.label("Log score over that of a coin")
    return sheet.figure


def _gain(one: LeftOutScore) -> float:
    """Give what the other studies gain over a coin."""
    return one.elpd - one.coin_flip


def _score(sheet: RowsSheet, y: float, one: LeftOutScore) -> None:
    """Draw the scores of one study, joined by a line."""
    prior = one.prior - one.coin_flip
    sheet.ax.plot([prior, _gain(one)], [y, y], color=EDGE, linewidth=1.5, zorder=2)
    sheet.ax.plot(
        [prior], [y], "o", color=OTHER, markerfacecolor="white", markeredgewidth=1.4, markersize=7,
        zorder=3, label=f"{one.study} prior",
    )  # fmt: skip
    sheet.ax.plot([_gain(one)], [y], "o", color=MAIN, markersize=7, zorder=4, label=one.study)
