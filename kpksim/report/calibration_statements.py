"""The statements of a calibration, set for reading: how each is read, what is predicted of it."""

from collections import Counter
from typing import get_args

from kpksim.calibration.results import Judged, Results, StatementFacts
from kpksim.plots.calibration_predictive import paired
from kpksim.plots.calibration_words import observed_words, predicted_words, times_words
from kpksim.plots.words import EN_DASH
from kpksim.report.lines import Lines
from kpksim.vocabulary import READINGS


def statement_lines(results: Results, hypothesis: str) -> Lines:
    """Set every statement with its reading, its weight, and what is predicted of it.

    Parameters
    ----------
    results : Results
        What a calibration found.
    hypothesis : str
        Key of the hypothesis.

    Returns
    -------
    Lines
        One row per statement, by study.
    """
    heads = (
        "Statement", "Says", "When", "Reading", "Judged", "Left out", "Source", "Grade", "n", "q",
        "Observed", "Predicted", "Without its study",
    )  # fmt: skip
    rows = []
    for facts, one in paired(results, hypothesis):
        left = one.left_out
        rows.append(
            (
                facts.id,
                facts.says,
                times_words(facts),
                _reading(facts),
                one.judged,
                EN_DASH if left is None else left.judged,
                ", ".join(part for part in (facts.source, facts.where) if part),
                facts.grade,
                EN_DASH if facts.n is None else f"{facts.n:g}",
                f"{facts.q:g}",
                observed_words(facts, one) or "yes",
                predicted_words(one),
                EN_DASH if left is None else predicted_words(left),
            )
        )
    return Lines(heads, tuple(rows), labels=7)


def _reading(facts: StatementFacts) -> str:
    """Name the reading of a statement, and the other one that it could have."""
    if facts.alternative in ("", facts.reading):
        return facts.reading
    other = "left out" if facts.alternative == "not used" else facts.alternative
    return f"{facts.reading} (or {other})"


def readings_used(results: Results) -> dict[str, str]:
    """Say what the readings in use mean.

    Parameters
    ----------
    results : Results
        What a calibration found.

    Returns
    -------
    dict of str to str
        Meaning by reading, in the order of the vocabulary.
    """
    used = {one.reading for one in results.statements}
    return {key: words for key, words in READINGS.items() if key in used}


def judged_lines(results: Results) -> Lines:
    """Count what each hypothesis reproduces, weakly or not at all.

    Parameters
    ----------
    results : Results
        What a calibration found.

    Returns
    -------
    Lines
        One row per hypothesis with predictions.
    """
    labels = {one.key: one.label for one in results.hypotheses}
    kinds = get_args(Judged)
    rows = []
    for key, found in results.predictive.items():
        counts = Counter(one.judged for one in found)
        unseen = Counter(one.left_out.judged for one in found if one.left_out is not None)
        cells = [str(counts[kind]) for kind in kinds]
        cells += [str(unseen[kind]) if unseen else EN_DASH for kind in kinds]
        rows.append((labels.get(key, key), *cells))
    heads = ("Hypothesis", *kinds, *(f"{kind}, left out" for kind in kinds))
    return Lines(heads, tuple(rows))


def conflicts(results: Results, hypothesis: str) -> list[str]:
    """Name the statements that are in conflict with the fit, or with the other studies.

    Parameters
    ----------
    results : Results
        What a calibration found.
    hypothesis : str
        Key of the hypothesis.

    Returns
    -------
    list of str
        One sentence each, the fit's own conflicts first.
    """
    fitted, unseen = [], []
    for facts, one in paired(results, hypothesis):
        observed = observed_words(facts, one)
        seen = f"observed {observed}, " if observed else ""
        said = f"{facts.study}, {facts.id}: {facts.says}"
        if one.judged == "in conflict":
            fitted.append(f"{said} ({seen}expected {predicted_words(one)})")
        elif one.left_out is not None and one.left_out.judged == "in conflict":
            expected = predicted_words(one.left_out)
            unseen.append(f"{said} ({seen}the other studies expect {expected})")
    return fitted + unseen
