"""What the file of effect priors may hold: distributions, records and what each outcome needs."""

from dataclasses import MISSING, fields
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

FURTHER = {
    "also": {"w_also"},
    "inverted_u": {"ic50_ratio"},
    "slow_drive": {"slow_ec50_ratio"},
    "plasticity": {"g", "t_d"},
}
"""Parameters that only some hypotheses have, by what makes them different."""

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
    unit: Literal["1", "%", "min", "h", "d", "1/h", "ng/mL", "points", "CADSS points", "mmHg"]
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
        return self.median * self.scale

    @property
    def scale(self) -> float:
        """Factor that turns a value in the unit of the file into one in hours, 1 for no time."""
        return hours(f"1 {self.unit}") if self.unit in _TIMES else 1.0


class OutcomeDocument(Document):
    """Structure, drive and own parameters of one outcome."""

    structure: Literal["symptom", "dissociation", "pressure"]
    drive: Literal[DRIVES]  # type: ignore[valid-type]  # the names live in vocabulary
    notes: list[str]
    parameters: dict[str, Prior] = Field(default_factory=dict)


class StudiesDocument(Document):
    """How studies scatter: parameters by structure and by outcome."""

    shared: dict[Literal[tuple(STRUCTURES)], dict[str, Prior]]  # type: ignore[valid-type]
    outcomes: dict[Literal[tuple(OUTCOMES)], dict[str, Prior]]  # type: ignore[valid-type]


class FurtherDocument(Document):
    """Parameters that only some hypotheses have, by what makes them different."""

    also: dict[str, Prior]
    inverted_u: dict[str, Prior]
    slow_drive: dict[str, Prior]
    plasticity: dict[str, Prior]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for name, expected in FURTHER.items():
            found = set(getattr(self, name))
            if wrong := sorted(found ^ expected):
                raise ValueError(f"{name}: has {', '.join(sorted(expected))}; look at {wrong[0]}")
        return self


class EffectsDocument(Document):
    """The file of priors: parameters by structure, by outcome, and the enantiomer's potency."""

    title: str
    shared: dict[str, dict[str, Prior]]
    outcomes: dict[Literal[tuple(OUTCOMES)], OutcomeDocument]  # type: ignore[valid-type]
    hypotheses: FurtherDocument
    studies: StudiesDocument
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
    """Names that the file gives for every effect of a structure; an EC50 comes as a ratio."""
    stated = {field.name for field in fields(STRUCTURES[structure]) if field.default is MISSING}
    ratio = {"ec50_ratio"} if "ec50" in stated else set()
    more = {"t_d", "m"} if structure == "symptom" else set()
    return stated - {"drive", "ec50"} | ratio | more
