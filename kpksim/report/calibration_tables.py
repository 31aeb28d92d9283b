"""The numbers of a calibration, set for reading; the page and the document share them."""

from collections.abc import Sequence

import numpy as np

from kpksim.calibration.results import (
    MIXTURE,
    HypothesisResult,
    Results,
    TargetResult,
)
from kpksim.plots.calibration_parameters import LITTLE, level
from kpksim.plots.calibration_targets import PRIOR, RERUN
from kpksim.plots.calibration_words import (
    decimal,
    say_interval,
)
from kpksim.plots.words import EN_DASH, say_number
from kpksim.report.lines import Lines
from kpksim.units import say_share
from kpksim.vocabulary import VERDICTS

NOTHING = 1e-3
"""Part of the largest of some medians below which another one is as good as nothing."""


def hypothesis_lines(results: Results) -> Lines:
    """Set the evidence of every hypothesis, its verdict and its shares, best first.

    Parameters
    ----------
    results : Results
        What a calibration found.

    Returns
    -------
    Lines
        One row per hypothesis.
    """
    heads = (
        "Hypothesis", "Verdict", "Decided by", "ln Z", "difference", "smallest", "share",
        "stacking", "left-out score",
    )  # fmt: skip
    rows = tuple(
        (
            one.label,
            VERDICTS[one.verdict],
            _decided(one),
            f"{decimal(one.log_evidence)} ± {one.error:.1f}",
            _difference(one),
            EN_DASH if one.verdict == "leading" else decimal(one.smallest),
            say_share(one.weight),
            _share(one.stacking),
            _number(one.elpd),
        )
        for one in results.hypotheses
    )
    return Lines(heads, rows, labels=3)


def _decided(one: HypothesisResult) -> str:
    """Say which run decides a verdict."""
    if one.verdict == "leading":
        return ""
    if one.turned:
        more = f" and {len(one.turned) - 1} more" if len(one.turned) > 1 else ""
        return f"ahead in “{one.turned[0]}”{more}"
    return "main fits" if one.smallest_in == "main" else f"“{one.smallest_in}”"


def _difference(one: HypothesisResult) -> str:
    """Write the difference to the leading hypothesis."""
    if one.verdict == "leading":
        return EN_DASH
    return decimal(one.difference)


def _share(value: float | None) -> str:
    """Write a share in percent."""
    return EN_DASH if value is None else say_share(value)


def _number(value: float | None) -> str:
    """Write a number with one decimal."""
    return EN_DASH if value is None else decimal(value)


def rerun_lines(results: Results) -> Lines:
    """Set the difference of each hypothesis to the leading one in every re-run.

    Parameters
    ----------
    results : Results
        What a calibration found.

    Returns
    -------
    Lines
        One row per re-run, a column for each hypothesis that any of them covers.
    """
    first = results.leading.key
    covered = {key for run in results.reruns if first in run.hypotheses for key in run.hypotheses}
    shown = [one for one in results.hypotheses if one.key in covered and one.key != first]
    rows = tuple(
        (
            run.name,
            run.says,
            *(
                decimal(run.hypotheses[one.key][0] - run.hypotheses[first][0])
                if {one.key, first} <= set(run.hypotheses)
                else EN_DASH
                for one in shown
            ),
        )
        for run in results.reruns
    )
    return Lines(("Re-run", "What is otherwise", *(one.label for one in shown)), rows, labels=2)


def target_lines(results: Results) -> Lines:
    """Set prior and mixture of every target, and how far single fits lie from it.

    Parameters
    ----------
    results : Results
        What a calibration found.

    Returns
    -------
    Lines
        One row per target.
    """
    keys = {one.key for one in results.surviving}
    heads = ("Target", "Unit", "Mixture", "Prior", "Width left", "Hypotheses", "Re-runs")
    rows = tuple(
        (
            one.name,
            one.unit,
            _curve(one, MIXTURE),
            _curve(one, PRIOR),
            _width_left(one),
            _range([curve[1] for key, curve in one.curves.items() if key in keys]),
            _range([curve[1] for key, curve in one.curves.items() if key.startswith(RERUN)]),
        )
        for one in results.targets
    )
    return Lines(heads, rows, labels=2)


def _curve(one: TargetResult, key: str) -> str:
    """Write a curve of a target."""
    return say_interval(one.curves[key]) if key in one.curves else EN_DASH


def _width_left(one: TargetResult) -> str:
    """Write the width of the mixture as a share of that of the prior."""
    if not {PRIOR, MIXTURE} <= set(one.curves):
        return EN_DASH
    prior, mixture = one.curves[PRIOR], one.curves[MIXTURE]
    wide = prior[2] - prior[0]
    return f"{100.0 * (mixture[2] - mixture[0]) / wide:.0f} %" if wide > 0.0 else EN_DASH


def _range(values: Sequence[float]) -> str:
    """Write the lowest and the highest of some medians."""
    if not values:
        return EN_DASH
    ends = np.array([min(values), max(values)])
    ends[np.abs(ends) < NOTHING * np.abs(ends).max()] = 0.0
    low, high = (say_number(value, digits=2) for value in ends.tolist())
    return low if low == high else f"{low} to {high}"


def parameter_lines(results: Results, hypothesis: str) -> Lines:
    """Set prior and posterior of every parameter, the most contracted first.

    Parameters
    ----------
    results : Results
        What a calibration found.
    hypothesis : str
        Key of the hypothesis.

    Returns
    -------
    Lines
        One row per parameter.
    """
    found = sorted(results.parameters.get(hypothesis, []), key=lambda one: -one.contraction)
    rows = tuple(
        (
            one.label,
            one.name,
            level(one.contraction).lower(),
            "" if one.unit == "1" else one.unit,
            say_interval(one.prior),
            say_interval(one.posterior),
            f"{one.contraction:.2f}",
        )
        for one in found
    )
    heads = ("Parameter", "Name", "Verdict", "Unit", "Prior", "Posterior", "Contraction")
    return Lines(heads, rows, labels=4)


def unidentified(results: Results, hypothesis: str) -> list[str]:
    """List the parameters of which the statements say next to nothing.

    Parameters
    ----------
    results : Results
        What a calibration found.
    hypothesis : str
        Key of the hypothesis.

    Returns
    -------
    list of str
        Their labels.
    """
    found = results.parameters.get(hypothesis, [])
    return [one.label for one in found if one.contraction < LITTLE]
