"""What the file of effect priors may hold: distributions, records and what each outcome needs."""

from dataclasses import fields
from math import exp
from statistics import NormalDist
from typing import Annotated, Literal, Self

from pydantic import Field, PositiveFloat, model_validator

from kpksim.documents import Document
from kpksim.models.effects import Dissociation, Pressure, Symptom
from kpksim.units import hours
from kpksim.vocabulary import ANALYTES, ARTERIAL, OUTCOMES

STRUCTURES = {"symptom": Symptom, "dissociation": Dissociation, "pressure": Pressure}
"""Structure of each name in the file."""

DRIVES = tuple(f"{name}{site}" for name in ANALYTES for site in ("", ARTERIAL))
"""What may drive an outcome: an analyte in venous or, if it says so, in arterial plasma."""

_TIMES = ("min", "h", "d")


class LogNormal(Document):
    """Log-normal distribution: its median and the standard deviation of its logarithm."""

    family: Literal["lognormal"]
    median: PositiveFloat
    sd: PositiveFloat

    def quantile(self, probability: float) -> float:
        """Value below which this share of the distribution lies."""
        return self.median * exp(self.sd * NormalDist().inv_cdf(probability))


class Beta(Document):
    """Beta distribution on the shares from 0 to 1."""

    family: Literal["beta"]
    a: PositiveFloat
    b: PositiveFloat

    def quantile(self, probability: float) -> float:
        """Value below which this share of the distribution lies."""
        from scipy.special import betaincinv  # a third of a second that only effects need

        return float(betaincinv(self.a, self.b, probability))


class Prior(Document):
    """What is assumed of one parameter, why, and from which papers.

    Attributes
    ----------
    distribution : LogNormal or Beta
        Prior distribution [unit].
    unit : str
        Unit in the file.
    range : tuple of float
        Central 90 % of the distribution, rounded [unit].
    kind, grade : str
        Always ``"assumed"`` and ``"D"``: nothing here was estimated from data.
    reason : str
        Why this distribution.
    sources : list of str
        Bibliography keys of the papers behind the reason.
    """

    distribution: Annotated[LogNormal | Beta, Field(discriminator="family")]
    unit: Literal["1", "min", "h", "d", "1/h", "ng/mL", "CADSS points", "mmHg"]
    range: tuple[float, float] = Field(strict=False)
    kind: Literal["assumed"]
    grade: Literal["D"]
    reason: str = Field(min_length=1)
    sources: list[str]

    @property
    def median(self) -> float:
        """Median of the distribution [unit]."""
        return self.distribution.quantile(0.5)

    @property
    def value(self) -> float:
        """Median with times in hours, as the effect structures take it."""
        return self.median * hours(f"1 {self.unit}") if self.unit in _TIMES else self.median


class OutcomeDocument(Document):
    """Structure, drive and own parameters of one outcome."""

    structure: Literal["symptom", "dissociation", "pressure"]
    drive: Literal[DRIVES]  # type: ignore[valid-type]  # the names live in vocabulary
    notes: list[str]
    parameters: dict[str, Prior] = Field(default_factory=dict)


class EffectsDocument(Document):
    """The file of priors: parameters by structure, by outcome, and the enantiomer's potency."""

    title: str
    shared: dict[str, dict[str, Prior]]
    outcomes: dict[Literal[tuple(OUTCOMES)], OutcomeDocument]  # type: ignore[valid-type]
    esketamine_potency: Prior
    arketamine_potency: Prior | None = None

    def parameters(self, outcome: str) -> dict[str, Prior]:
        """Priors of an outcome: those of its structure and its own."""
        document = self.outcomes[outcome]
        return self.shared.get(document.structure, {}) | document.parameters

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for outcome, document in self.outcomes.items():
            found, allowed = set(self.parameters(outcome)), _parameters_of(document.structure)
            if missing := sorted(allowed - found - {"t_d"}):
                raise ValueError(f"outcomes.{outcome}: needs the parameter {missing[0]}")
            if extra := sorted(found - allowed):
                raise ValueError(
                    f"outcomes.{outcome}: a {document.structure} has no parameter {extra[0]}; "
                    f"it has {', '.join(sorted(allowed))}"
                )
        return self


def _parameters_of(structure: str) -> set[str]:
    """Names that the file gives for a structure; the EC50 of a symptom comes as a ratio."""
    names = {field.name for field in fields(STRUCTURES[structure])} - {"drive", "transits"}
    return names - {"ec50"} | {"ec50_ratio"} if structure == "symptom" else names
