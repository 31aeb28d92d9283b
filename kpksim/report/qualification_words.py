"""What the page and the document of a qualification say around their tables."""

from kpksim.analysis.agreement import ENOUGH
from kpksim.analysis.qualification import Qualification
from kpksim.analysis.verdicts import FEW

WORDS = {
    "verdicts": "For which use each model is fit",
    "verdict": (
        f"The smallest of 1.25-, 1.5- and 2-fold within which at least {100.0 * ENOUGH:.0f} % of "
        "the rows lie, by route and analyte, and how many rows there are. Rows that were not used "
        "for the model count; how near it comes to its own data says little. "
        f"Fewer than {FEW} rows decide nothing. A dash: not tested."
    ),
    "agreement": "Levels and exposures",
    "statistics": (
        "Concentrations, Cmax, areas, ratios of areas, bioavailability, clearance and volume; "
        "predicted for the typical person over observed. K and NK: ketamine and norketamine, "
        "whose levels are known best; HNK is known within a factor of 3. Own data: the row's "
        "source is the model's own, is cited for one of its numbers, is listed in its file as "
        "fitted to, or has the same people; not used: all others. Within: share of rows within so "
        "many times. GMFE: geometric mean fold error, exp of the mean of |ln ratio|; sources "
        "alike: the mean taken within each source first. Bias: geometric mean of the ratios. "
        "Spread: their geometric standard deviation."
    ),
    "timing": "Times of peaks",
    "of_timing": (
        "Counted apart, since Tmax depends on when blood was drawn. Half-lives depend on the assay "
        "and on how long was sampled, so they are context and not compared."
    ),
    "apart": "Numbers that contradict each other",
    "of_apart": (
        "hasan2017 prints a ratio of areas of hydroxynorketamine to ketamine of 0.33 after IV; "
        "hasan2021, by the same group, 1.7 for S and 3.1 for R. The first is counted nowhere else."
    ),
    "refused": "What is not compared, and why",
    "of_refused": (
        "Numbers are observations, each under the first reason that holds. What is compared is "
        "converted where it must be: a model of one enantiomer is given half of a racemic dose, a "
        "model of the racemate alone takes esketamine as racemate. Where model or source does not "
        "say from which vessel blood was drawn, they are compared all the same, though arterial "
        "and venous levels differ soon after a dose. ratios.csv says so row by row, refused.csv "
        "gives each reason in full."
    ),
}
"""Headings and captions."""


def span(found: Qualification) -> str:
    """Say how much is compared.

    Parameters
    ----------
    found : Qualification
        What was computed.

    Returns
    -------
    str
        One sentence.
    """
    observations = sum(len(one.observations) for one in found.studies)
    return (
        f"{_count(len(found.models), 'model')} against {_count(observations, 'observation')} from "
        f"{_count(len(found.studies), 'source')}: {_count(len(found.ratios), 'comparison')}."
    )


def _count(number: int, noun: str) -> str:
    """Say how many there are."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
