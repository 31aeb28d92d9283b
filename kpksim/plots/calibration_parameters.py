"""What was learned of parameters: prior against posterior."""

from math import inf, log

from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator

from kpksim.calibration.results import Interval, ParameterResult, Results
from kpksim.errors import DataError
from kpksim.plots.calibration_evidence import MAIN
from kpksim.plots.calibration_words import about, say_interval
from kpksim.plots.folds import GROUND
from kpksim.plots.key import Piece
from kpksim.plots.rows_sheet import Row, RowsSheet, rows_paper
from kpksim.plots.style import EDGE, WIDTHS, house_style

LEARNED, LITTLE = 0.5, 0.2
"""Contraction from which on a parameter counts as known better, and below which as not."""
LEVELS = {
    "Known better than before": (LEARNED, inf),
    "Known a little better": (LITTLE, LEARNED),
    "Not identified": (-inf, LITTLE),
}
"""Groups of parameters by contraction, the share of the prior variance that is gone."""
_SHARE_UNIT = "1"


def prior_posterior(results: Results, hypothesis: str, *, width: str = "wide") -> Figure:
    """Draw the posterior of every parameter on the scale of its prior, most contracted first.

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
        One line per parameter: ground, the middle 90 % of the prior; bar, that of the posterior.

    Raises
    ------
    DataError
        If the results hold no parameter of it.
    """
    found = sorted(results.parameters.get(hypothesis, []), key=lambda one: -one.contraction)
    if not found:
        raise DataError(f"nothing to draw: the results hold no parameter of {hypothesis}")
    size = WIDTHS[width]
    rows = [Row(one.label, heading=level(one.contraction), tail=_tail(one)) for one in found]
    key = [
        Piece("fill", 0, "", "middle 90 % of the prior", GROUND[0]),
        Piece("dot", 0, "", "posterior: median and middle 90 %", MAIN),
    ]
    foot = (
        "Each line has the scale of its prior, logarithmic or logit; numbers are the posterior. "
        f"Groups: the share of the prior variance that is gone, {LEARNED:g} and {LITTLE:g}. "
        f"{about(results, hypothesis)}"
    )
    with house_style():
        sheet = rows_paper(key, rows, foot, size, share=0.34)
        for y, one in zip(sheet.heights, found, strict=True):
            _draw_parameter(sheet, y, one)
        sheet.ax.set_xlim(-2.2, 2.2)
        sheet.ax.xaxis.set_major_locator(FixedLocator([-1.0, 0.0, 1.0]))
        sheet.ax.set_xticklabels(["5 %", "median", "95 %"])
        sheet.label("Quantiles of the prior")
    return sheet.figure


def level(contraction: float) -> str:
    """Say how much better than before a parameter is known.

    Parameters
    ----------
    contraction : float
        Share of the prior variance that is gone [1].

    Returns
    -------
    str
        A key of `LEVELS`.

    Examples
    --------
    >>> level(0.6), level(0.1)
    ('Known better than before', 'Not identified')
    """
    return next(name for name, (low, high) in LEVELS.items() if low <= contraction < high)


def on_prior(one: ParameterResult) -> Interval:
    """Give the posterior on the scale of the prior: its quantiles stand at -1, 0 and 1.

    Parameters
    ----------
    one : ParameterResult
        Prior and posterior.

    Returns
    -------
    tuple of float
        Quantiles of the posterior.

    Examples
    --------
    >>> same = ParameterResult(
    ...     name="g", unit="h", label="g", prior=(1, 2, 8), posterior=(2, 4, 8), contraction=0
    ... )
    >>> [round(one, 9) for one in on_prior(same)]
    [0.0, 0.5, 1.0]
    """
    is_share = one.unit == _SHARE_UNIT and max(*one.prior, *one.posterior) < 1.0
    low, middle, high = (_stretched(value, is_share=is_share) for value in one.prior)
    found = []
    for value in one.posterior:
        place = _stretched(value, is_share=is_share) - middle
        found.append(place / ((high - middle) if place > 0.0 else (middle - low)))
    return found[0], found[1], found[2]


def _stretched(value: float, *, is_share: bool) -> float:
    """Give the logit of a share, the logarithm of anything else."""
    return log(value / (1.0 - value)) if is_share else log(value)


def _tail(one: ParameterResult) -> str:
    """Write the posterior of a parameter with its unit."""
    unit = "" if one.unit == _SHARE_UNIT else f" {one.unit}"
    return f"{say_interval(one.posterior)}{unit}"


def _draw_parameter(sheet: RowsSheet, y: float, one: ParameterResult) -> None:
    """Draw one parameter."""
    low, middle, high = on_prior(one)
    ax = sheet.ax
    ax.fill_between([-1.0, 1.0], y - 8.0, y + 8.0, facecolor=GROUND[0], linewidth=0, zorder=0)
    ax.plot([0.0, 0.0], [y - 8.0, y + 8.0], color=EDGE, linewidth=1, zorder=1)
    ax.plot([low, high], [y, y], color=MAIN, linewidth=2.5, zorder=3, label=f"{one.name} 90 %")
    ax.plot([middle], [y], "o", color=MAIN, markersize=7, zorder=4, label=one.name)
