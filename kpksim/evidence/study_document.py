"""What the TOML file of a clinical study may hold."""

from typing import Annotated, Literal, Self

from pydantic import Field, PositiveInt, model_validator

from kpksim.documents import Document
from kpksim.dosing import RegimenDocument
from kpksim.vocabulary import (
    ARM_KINDS,
    BLINDING,
    CLOCKS,
    CONSTRUCTS,
    CONTROLS,
    LAYOUTS,
    READINGS,
    SCALES,
    STATEMENT_TYPES,
)

_NUMBERS = ("percent change", "mean change", "mean", "effect size", "odds ratio")
"""Types of statements that hold a number."""

Text = Annotated[str, Field(min_length=1)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class DesignDocument(Document):
    """How a study was made."""

    blinding: Literal[BLINDING]  # type: ignore[valid-type]  # the names live in vocabulary
    control: Literal[CONTROLS]  # type: ignore[valid-type]
    layout: Literal[LAYOUTS]  # type: ignore[valid-type]
    n: PositiveInt
    cohort: Name
    same_people: list[Name] = Field(default_factory=list)
    population: Text
    day_of_first_dose: Literal[0, 1] = 0
    washout: str | None = None
    weight: str | None = None


class StudyArmDocument(Document):
    """One group of people, or one phase of a crossover, and what it was given."""

    label: Text
    kind: Literal[ARM_KINDS]  # type: ignore[valid-type]
    n: PositiveInt | None = None
    responders_only: bool = False
    regimens: list[RegimenDocument] = Field(default_factory=list)
    given: str = ""
    assumption: str = ""

    @model_validator(mode="after")
    def _told(self) -> Self:
        if self.kind == "drug" and not self.regimens:
            raise ValueError('an arm of kind "drug" needs "regimens"')
        if self.kind != "drug" and self.regimens:
            raise ValueError(
                f'an arm of kind "{self.kind}" has no "regimens"; say in "given" what it got'
            )
        if bool(self.regimens) == bool(self.given):
            raise ValueError('"given" says in words what an arm without "regimens" got')
        return self


class StatementDocument(Document):
    """One thing that the review or the paper says."""

    id: Text
    rows: list[Text] = Field(min_length=1)
    about: Literal[tuple(CONSTRUCTS)] = Field(alias="construct")  # type: ignore[valid-type]
    scales: list[Literal[tuple(SCALES)]] = Field(  # type: ignore[valid-type]
        default_factory=list
    )
    measure: str = ""
    arms: list[Name] = Field(min_length=1)
    versus: str = "baseline"
    type: Literal[tuple(STATEMENT_TYPES)]  # type: ignore[valid-type]
    says: Text
    clock: Literal[tuple(CLOCKS)]  # type: ignore[valid-type]
    time: str | None = None
    day: float | None = None
    during: tuple[str, str] | None = Field(default=None, strict=False)
    visits: list[str] = Field(default_factory=list)
    untimed: str = ""
    value: float | None = None
    unit: str = ""
    se: float | None = Field(default=None, gt=0.0)
    sd: float | None = Field(default=None, gt=0.0)
    ci: tuple[float, float] | None = Field(default=None, strict=False)
    p: str = ""
    k: int | None = Field(default=None, ge=0)
    n: PositiveInt | None = None
    threshold: float | None = None
    bounds: tuple[float, float] | None = Field(default=None, strict=False)
    source: Text
    where: Text
    grade: Literal["A", "B", "D"]
    reading: Literal[tuple(READINGS)]  # type: ignore[valid-type]
    alternative: Literal[tuple(READINGS)] | None = None  # type: ignore[valid-type]
    assumption: str = ""
    repeats: str = ""
    why_not_used: str = ""
    discrepancy: str = ""

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        stated = [self.time, self.day, self.during, self.visits or None]
        if self.clock == "none":
            if any(one is not None for one in stated) or not self.untimed:
                raise ValueError('clock = "none" takes no time and says why in "untimed"')
        elif stated.count(None) != 3 and not (self.untimed and stated.count(None) == 4):
            raise ValueError(
                'give one of "time", "day", "during" and "visits", or say in "untimed" why not'
            )
        return self

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.type == "responders" and (self.k is None or self.n is None or self.k > self.n):
            raise ValueError('type = "responders" needs "k" and "n", k of n')
        if self.type in _NUMBERS and (self.value is None or not self.unit):
            raise ValueError(f'type = "{self.type}" needs "value" and "unit"')
        if (self.reading == "not used") != bool(self.why_not_used):
            raise ValueError('reading = "not used" goes with "why_not_used", and only then')
        if not (self.scales or self.measure):
            raise ValueError('needs "scales" of the vocabulary or a "measure" in words')
        return self


class StudyDocument(Document):
    """A clinical study: how it was made, who got what, what was found."""

    name: Name
    ref: int | None = None
    source: Text
    title: Text
    notes: list[Text] = Field(default_factory=list)
    design: DesignDocument
    arms: dict[Name, StudyArmDocument] = Field(min_length=1)
    statements: list[StatementDocument] = Field(min_length=1)
