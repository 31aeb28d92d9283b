"""What the page and the document of a calibration say around their tables."""

from kpksim.calibration.importance import LARGEST_K, SMALLEST_SIZE
from kpksim.calibration.results import Results, together
from kpksim.calibration.verdict import FAVOURED, LEANS
from kpksim.plots.calibration_words import decimal
from kpksim.plots.words import when
from kpksim.vocabulary import EVERY_QUANTITY

WORDS = {
    "verdicts": "What may be said",
    "evidence": "Evidence for the hypotheses",
    "of_evidence": (
        "Z is the probability that a hypothesis, its priors included, gave to the statements. "
        "Smallest: the difference nearest to 0 over the main fits and all re-runs; it decides. "
        f"Below {LEANS:g}, or with another sign in any re-run: cannot tell. From {LEANS:g} the "
        f"evidence leans to the leading hypothesis, from {FAVOURED:g} that one is favoured. Share: "
        "in the mixture by which curves are predicted. Stacking: the mixture that would predict "
        "studies left out best. Left-out score: sum of the log scores of studies left out."
    ),
    "reruns": "The same with other choices",
    "of_reruns": "Difference in ln Z to the leading hypothesis. A dash: not run.",
    "curves": "Curves",
    "of_targets": (
        "Effect of the drug without expectation, unless said otherwise: median and middle 90 %. "
        "Width left: that of the mixture over that of the prior. Hypotheses, re-runs: lowest and "
        "highest median."
    ),
    "identified": "What is known of parameters",
    "of_identified": (
        "Contraction: the share of the prior variance that is gone, of logarithms or logits; near "
        "0 the statements say nothing of a parameter, below 0 it is known less well than before. "
        "Curves are known better than parameters."
    ),
    "statements": "Statements",
    "of_statements": (
        "Reproduced: a number or count inside its 90 % interval, or what was stated has at least "
        "even chances. In conflict: outside the 98 % interval, or a chance below one in ten. Weak: "
        "between. q: share of the likelihood that knows nothing, so that no statement decides "
        "alone. In brackets: the other reading, which a re-run takes. Left out: judged by what the "
        "other studies expect, by draws carried over to them or by weights that can be relied on; "
        "a dash where neither is at hand."
    ),
    "of_judged": (
        "A wide prior reproduces much as well, so that these counts rank nothing; log scores do."
    ),
    "conflicts": "In conflict",
    "unread": "Not read",
    "scores": "Studies left out",
    "of_scores": (
        "Log score: logarithm of the probability given to what a study states by the fit to all "
        "others, by the prior, and by a likelihood that knows nothing. Reweighted where the "
        f"weights can be trusted (k-hat up to {LARGEST_K:g}, {SMALLEST_SIZE:g} effective draws or "
        "more), else carried over to the other studies where the run does so; k-hat and effective "
        "draws are of the leading hypothesis. The mixture gives each hypothesis the share of the "
        "evidence that it has without that study; it is there where all were taken past every "
        "study. Standard errors are of the computation."
    ),
    "ensemble": "Uncertain concentrations",
    "of_ensemble": (
        "Posterior over draws of the model of concentrations; ln Z: its change against the typical "
        "person, part of the evidence above. Reweighted, or carried over to each draw of the model "
        "where weights fail. Not to be relied on: too few effective draws, so that the evidence "
        "above is that of the typical person."
    ),
    "sampler": "Sampler",
    "of_sampler": (
        "Apart: difference of ln Z between seeds. Targets: largest shift of a target between "
        "seeds, in posterior standard deviations. Information in nats."
    ),
    "checks": "Checks of the machinery",
    "limits": "What no statement can tell",
}
"""Headings and captions."""


def span(results: Results) -> str:
    """Say how much went into a calibration.

    Parameters
    ----------
    results : Results
        What it found.

    Returns
    -------
    str
        One sentence.
    """
    people = len({one.cluster for one in results.statements})
    return (
        f"{_count(len(results.statements), 'statement')} about {_outcome(results)} of "
        f"{_count(people, 'group')} of people, "
        f"{_count(len(results.hypotheses), 'hypothesis', 'hypotheses')}."
    )


def caveats(results: Results) -> list[str]:
    """Say what a reader must know of how the results came about.

    Parameters
    ----------
    results : Results
        What a calibration found.

    Returns
    -------
    list of str
        Sentences; empty for a complete run.
    """
    found = []
    if results.mode == "quick":
        found.append("A quick run: few live points, few hypotheses. It shows that all works.")
    if len(results.hypotheses) == 1:
        found.append("One hypothesis was fitted, so that none can be compared.")
    elif not results.reruns:
        found.append("No re-run was made, so that verdicts rest on the main fits alone.")
    elif lacking := _lacking(results):
        found.append(f"Verdicts rest on fewer choices where re-runs lack: not run for {lacking}.")
    return [*found, *_unforeseen(results)]


def _unforeseen(results: Results) -> list[str]:
    """Say so where studies left out are predicted no better than by the prior."""
    scores = results.leave_out.get(results.forecaster, [])
    total = together(scores)
    if not scores or total.elpd > total.prior:
        return []
    return [
        "A study left out is predicted no better by the others than by the prior (log scores "
        f"{decimal(total.elpd)} ± {total.error:.1f} and {decimal(total.prior)} ± "
        f"{total.prior_error:.1f}): one more study may change these curves."
    ]


def _lacking(results: Results) -> str:
    """Say for which hypotheses re-runs tell nothing, and how many of all."""
    missing = {
        one.label: sum(one.key not in run.hypotheses for run in results.reruns)
        for one in results.hypotheses
    }
    every = len(results.reruns)
    return ", ".join(f"{label} ({n} of {every})" for label, n in missing.items() if n)


def limits(results: Results) -> list[str]:
    """Say what the statements leave open whatever the fit.

    Parameters
    ----------
    results : Results
        What a calibration found.

    Returns
    -------
    list of str
        Sentences.
    """
    hours = [hour for one in results.statements for hour in one.hours if hour > 0.0]
    found = []
    if hours:
        found.append(
            f"Onset before the first rating at {when(min(hours))}, and anything after the last at "
            f"{when(max(hours))}: the curves there are the model's."
        )
    if results.outcome in ("anxiety", "depression"):
        found += [
            "How much of the relief in open studies is the drug and how much is expectation: the "
            "two are known in sum.",
            "When relief is lost after a course: relapse is stated once, without a time for each "
            "person.",
            "What sex, age and weight do, and whether one enantiomer does more: no statement "
            "compares them.",
        ]
    elif results.outcome == "dissociation":
        found.append(
            "How fast tolerance grows and wanes: only the ratio of both is bound by the statements."
        )
    return found


def settings_words(results: Results) -> str:
    """Write the settings of the sampler.

    Parameters
    ----------
    results : Results
        What a calibration found.

    Returns
    -------
    str
        Names and values.
    """
    cells = []
    for name, value in results.settings.items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else f"{value}"
        cells.append(f"{name.replace('_', ' ')} {shown}")
    return "; ".join(cells)


def versions_words(results: Results) -> str:
    """Write the versions of what computed.

    Parameters
    ----------
    results : Results
        What a calibration found.

    Returns
    -------
    str
        Names and versions.
    """
    return ", ".join(f"{name} {version}" for name, version in results.versions.items())


def _outcome(results: Results) -> str:
    """Name the outcome."""
    quantity = EVERY_QUANTITY.get(results.outcome)
    return quantity.short.lower() if quantity else results.outcome


def _count(number: int, noun: str, plural: str = "") -> str:
    """Say how many there are."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"
