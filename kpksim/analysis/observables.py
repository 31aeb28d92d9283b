"""What was measured in people, and which output of a model is the same thing."""

from typing import Protocol

from kpksim.dosing import Regimen
from kpksim.models import Model
from kpksim.vocabulary import PURE

METRICS = (
    "concentration", "cmax", "tmax", "auc", "auc_ratio", "t_half", "f", "cl", "vss",
)  # fmt: skip
"""Metrics of an observation that `kpksim.analysis.prediction.predict` knows."""


class Observable(Protocol):
    """What is read of a course of concentrations.

    Attributes
    ----------
    analyte : str
        A key of `kpksim.vocabulary.ANALYTES`.
    enantiomer : str
        ``"sum"``, ``"s"`` or ``"r"``.
    metric : str
        One of `METRICS`.
    time : float
        Time of a concentration, by the clock of the regimen [h].
    window : tuple of float
        Start and end of an area, a ratio of areas or a half-life [h]; an end of inf is an area
        without end, nan is not stated.
    over : str
        Analyte below the line of a ratio.
    """

    @property
    def analyte(self) -> str:
        """What was measured."""
        ...

    @property
    def enantiomer(self) -> str:
        """Which of its hands."""
        ...

    @property
    def metric(self) -> str:
        """Which quantity of its course."""
        ...

    @property
    def time(self) -> float:
        """When [h]."""
        ...

    @property
    def window(self) -> tuple[float, float]:
        """From when to when [h]."""
        ...

    @property
    def over(self) -> str:
        """What it is divided by."""
        ...


def given_drug(regimen: Regimen) -> str:
    """Give the drug of a regimen: one name, or ``"racemic ketamine"`` for a mixture.

    Parameters
    ----------
    regimen : Regimen
        The doses.

    Returns
    -------
    str
        A key of `kpksim.vocabulary.DRUGS`.
    """
    drugs = {timed.dose.drug for timed in regimen.doses}
    return drugs.pop() if len(drugs) == 1 else "racemic ketamine"


def output_of(
    model: Model, drug: str, analyte: str, enantiomer: str, site: str = "unknown"
) -> str | None:
    """Name the output of a model that is an analyte in people who were given a drug.

    After a pure enantiomer all that is measured is of that enantiomer, so the output without
    a suffix is it.

    Parameters
    ----------
    model : Model
        The model.
    drug : str
        What the people were given.
    analyte : str
        A key of `kpksim.vocabulary.ANALYTES`.
    enantiomer : str
        ``"sum"``, ``"s"`` or ``"r"``.
    site : str
        Where their blood was drawn: ``"venous"``, ``"arterial"`` or ``"unknown"``.

    Returns
    -------
    str or None
        Its name; None where the model has no such output.

    Examples
    --------
    >>> import kpksim as kp
    >>> model = kp.load_model("otto2021")
    >>> output_of(model, "esketamine", "norketamine", "s")
    'norketamine'
    >>> output_of(model, "racemic ketamine", "norketamine", "sum") is None
    True
    """
    for name in _names(model, drug, analyte, enantiomer):
        for whole in (name, f"{name}_{site}"):
            if whole in model.outputs and _same_site(model.outputs[whole].site, site):
                return whole
    return None


def _names(model: Model, drug: str, analyte: str, enantiomer: str) -> list[str]:
    """Give names that the output may have, apart from the site, the more exact first."""
    holds, given = PURE.get(model.drug), PURE.get(drug)
    if holds is not None and holds != given:
        return []  # a model of one enantiomer knows nothing of a dose that holds another
    if enantiomer == "sum":
        return [analyte]
    return [f"{analyte}_{enantiomer}", *([analyte] if given == enantiomer else [])]


def _same_site(of_model: str, of_people: str) -> bool:
    """Whether blood of the same kind of vessel is meant, as far as both say."""
    return "unknown" in (of_model, of_people) or of_model == of_people
