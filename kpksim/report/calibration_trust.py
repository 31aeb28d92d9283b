"""How far the numbers of a calibration can be relied on, set for reading."""

from collections.abc import Callable

from kpksim.calibration.importance import trusted
from kpksim.calibration.results import MIXTURE, LeftOutScore, Results, together
from kpksim.plots.calibration_words import decimal
from kpksim.plots.words import EN_DASH, say_number
from kpksim.report.lines import Lines


def score_lines(results: Results) -> Lines:
    """Set the log score of every study left out, and their sums.

    Parameters
    ----------
    results : Results
        What a calibration found.

    Returns
    -------
    Lines
        One row per study and one for all: of the mixture where it is known, and of the leading
        hypothesis.
    """
    leading = results.leave_out.get(results.leading.key, [])
    if not leading:
        return Lines(("Study",), (), labels=1)
    shown = {"leading": leading, MIXTURE: results.leave_out.get(MIXTURE, [])}
    shown = {name: [*scores, together(scores)] for name, scores in shown.items() if scores}
    rows = tuple(
        (
            one.study,
            *(cell for scores in shown.values() for cell in _score(scores[k])),
            decimal(one.coin_flip),
            _how(one) if one in leading else "",
            _or_dash(one.k_hat, "{:.2f}".format),
            _or_dash(one.effective_size, "{:.0f}".format),
        )
        for k, one in enumerate(shown["leading"])
    )
    heads = [head for name in shown for head in (name, f"{name}, prior")]
    return Lines(("Study", *heads, "coin", "how", "k-hat", "effective draws"), rows, labels=1)


def _score(one: LeftOutScore) -> tuple[str, str]:
    """Write a score by the other studies and by the prior, with standard errors."""
    return (
        f"{decimal(one.elpd)} ± {one.error:.1f}",
        f"{decimal(one.prior)} ± {one.prior_error:.1f}",
    )


def _how(one: LeftOutScore) -> str:
    """Say how a study was left out, and whether weights could do it."""
    if one.carried:
        return "carried over"
    size, k_hat = one.effective_size, one.k_hat
    doubted = size is not None and k_hat is not None and not trusted(size, k_hat)
    return "reweighted, not to be trusted" if doubted else "reweighted"


def _or_dash(value: float | None, write: Callable[[float], str]) -> str:
    """Write a number, or a dash where there is none."""
    return EN_DASH if value is None else write(value)


def ensemble_lines(results: Results) -> Lines:
    """Set what becomes of fits when concentrations are uncertain.

    Parameters
    ----------
    results : Results
        What a calibration found.

    Returns
    -------
    Lines
        One row per hypothesis.
    """
    labels = {one.key: one.label for one in results.hypotheses}
    rows = tuple(
        (
            labels.get(key, key),
            f"{one.draws} draws",
            "carried over" if one.carried else "reweighted",
            "in ln Z" if one.reliable else "not to be relied on",
            f"{one.effective_size:.0f}",
            decimal(one.log_evidence_shift),
        )
        for key, one in results.ensemble.items()
    )
    heads = ("Hypothesis", "Concentrations", "How", "Shift", "effective draws", "ln Z")
    return Lines(heads, rows, labels=4)


def seed_lines(results: Results) -> Lines:
    """Set how far fits with another seed lie apart.

    Parameters
    ----------
    results : Results
        What a calibration found.

    Returns
    -------
    Lines
        One row per hypothesis.
    """
    rows = []
    for one in results.hypotheses:
        shift = results.seeds.get(one.key)
        apart = None if shift is None else abs(shift.difference)
        moved = None if shift is None else shift.largest_shift_of_a_target_in_sd
        rows.append(
            (
                one.label,
                " ".join(decimal(value) for value, _ in one.per_seed) or EN_DASH,
                _or_dash(apart, "{:.2f}".format),
                _or_dash(moved, "{:.2f}".format),
                _or_dash(one.max_log_likelihood, decimal),
                _or_dash(one.information, "{:.1f}".format),
                _or_dash(one.likelihoods, say_number),
                _or_dash(one.seconds, "{:.0f}".format),
            )
        )
    heads = (
        "Hypothesis", "ln Z by seed", "apart", "targets, SD", "best ln L", "information",
        "likelihoods", "s",
    )  # fmt: skip
    return Lines(heads, tuple(rows))


def check_lines(results: Results) -> Lines:
    """Set the checks of the machinery.

    Parameters
    ----------
    results : Results
        What a calibration found.

    Returns
    -------
    Lines
        One row per figure.
    """
    if results.checks is None:
        return Lines(("Check", "What", "Demanded", "Met", "Found"), (), labels=4)
    parts = {
        "brute force": results.checks.brute_force,
        "simulation-based calibration": results.checks.sbc,
        "recovery of hypotheses": results.checks.recovery,
        "repeatability": results.checks.repeatability,
    }
    met = {True: "yes", False: "no", None: ""}
    rows = tuple(
        (name, one.says, one.demanded, met[one.passed], one.found)
        for name, some in parts.items()
        for one in some
    )
    return Lines(("Check", "What", "Demanded", "Met", "Found"), rows, labels=4)
