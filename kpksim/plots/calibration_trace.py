"""How the sampler climbed: likelihood against prior volume, and where the evidence lies."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from kpksim.calibration.results import Results
from kpksim.calibration.samples import Samples
from kpksim.engine.actions import Array
from kpksim.errors import DataError
from kpksim.plots.calibration_words import about, decimal
from kpksim.plots.curves import thinned
from kpksim.plots.folds import title
from kpksim.plots.key import Piece
from kpksim.plots.sheet import Panel, paper
from kpksim.plots.style import DRAWN, WIDTHS, house_style

COLOURS = (DRAWN[0], DRAWN[1], DRAWN[2], DRAWN[3])
"""One for each seed."""
_DEEPEST = 30.0
"""How far below the highest ln L the axis begins at most."""


def trace(
    results: Results, hypothesis: str, samples: Sequence[Samples], *, width: str = "wide"
) -> Figure:
    """Draw the way of the sampler, one line per seed.

    Parameters
    ----------
    results : Results
        What a calibration found.
    hypothesis : str
        Key of the hypothesis.
    samples : sequence of Samples
        Weighted samples of its main runs.
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.

    Returns
    -------
    Figure
        ln L over the logarithm of the prior volume, and the share of the evidence there.

    Raises
    ------
    DataError
        If there is no run.
    """
    if not samples:
        raise DataError(f"nothing to draw: there is no run of {hypothesis}")
    size = WIDTHS[width]
    key = [
        Piece("fill", 0, "", f"seed {one.seed}: ln Z {decimal(one.log_evidence)}", colour)
        for one, colour in zip(samples, COLOURS, strict=False)
    ]
    foot = (
        "The sampler closes in from the whole prior at the left. Seeds that agree lie on each "
        f"other. {about(results, hypothesis)}"
    )
    panels = [Panel("climb", size.tall, timed=True), Panel("evidence", size.tall, timed=True)]
    columns = [[one] for one in panels] if size.columns > 1 else [panels]
    with house_style():
        figure, (climb, evidence) = paper(key, foot, columns, size)
        for one, colour in zip(samples, COLOURS, strict=False):
            _draw(climb, evidence, one, colour)
        _scale(climb, evidence, samples)
    return figure


def log_volumes(samples: Samples) -> Array:
    """Give the logarithm of the prior volume that each sample still encloses.

    Parameters
    ----------
    samples : Samples
        Weighted samples of a run.

    Returns
    -------
    array, shape (n,)
        0 at first, falling; -inf for the last.
    """
    order = np.argsort(samples.log_likelihood, kind="stable")
    steps = samples.log_weights[order] + samples.log_evidence - samples.log_likelihood[order]
    with np.errstate(divide="ignore"):
        left = np.logaddexp.accumulate(steps[::-1])[::-1]
    found = np.empty(len(order))
    found[order] = np.append(left[1:], -np.inf) - left[0]
    return found


def _draw(climb: Axes, evidence: Axes, one: Samples, colour: str) -> None:
    """Draw one run in both panels."""
    order = np.argsort(one.log_likelihood, kind="stable")
    depth, height = -log_volumes(one)[order], one.log_likelihood[order]
    there = np.isfinite(depth)
    depth, height = depth[there], height[there]
    keep = thinned(depth, np.maximum(height, height.max() - 2.0 * _DEEPEST))
    climb.plot(depth[keep], height[keep], color=colour, linewidth=1.8, label=f"seed {one.seed}")
    edges = np.linspace(0.0, depth.max(), 61)
    weights = np.exp(one.log_weights[order][there])
    share, _ = np.histogram(depth, bins=edges, weights=100.0 * weights / weights.sum())
    middle = 0.5 * (edges[1:] + edges[:-1])
    evidence.plot(middle, share, color=colour, linewidth=1.8, label=f"seed {one.seed}")


def _scale(climb: Axes, evidence: Axes, samples: Sequence[Samples]) -> None:
    """Set axes and titles."""
    top = max(float(one.log_likelihood.max()) for one in samples)
    low = min(float(np.sort(one.log_likelihood)[len(one.log_likelihood) // 50]) for one in samples)
    climb.set_ylim(max(low, top - _DEEPEST), top + 2.0)
    evidence.set_ylim(0.0, None)
    for ax, words, unit in (
        (climb, "Log-likelihood", "ln L"),
        (evidence, "Where the posterior lies", "% per step"),
    ):
        ax.set_xlim(0.0, None)
        ax.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
        ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        ax.set_xlabel("How far the prior is closed in [nats]")
        title(ax, words, unit)
