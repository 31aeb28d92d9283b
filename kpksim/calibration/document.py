"""What a calibration file may hold."""

import re
from typing import Annotated, Literal, Self

from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt, model_validator

from kpksim.documents import Document
from kpksim.vocabulary import OUTCOMES

Text = Annotated[str, Field(min_length=1)]
Share = Annotated[float, Field(gt=0.0, lt=1.0)]
Names = Annotated[list[Text], Field(min_length=1)]


class WeightsDocument(Document):
    """How far each statement is trusted: q, the share of a likelihood that knows nothing."""

    grades: dict[Literal["A", "B", "D"], Share]
    readings: dict[Text, Share] = Field(default_factory=dict)
    statements: dict[Text, Share] = Field(default_factory=dict)


class RoundingDocument(Document):
    """Standard error of a printed number that is rounded or said in words."""

    percent: dict[Literal["A", "B", "D"], NonNegativeFloat]
    pressure: NonNegativeFloat
    points: NonNegativeFloat


class ChoosingDocument(Document):
    """The earlier test by which people of arms of responders were chosen."""

    shift: bool = True
    route: Text
    dose: Text
    time: Text


class LeftOutDocument(Document):
    """Statements that are not in the fit, and why."""

    statements: list[Text] = Field(default_factory=list)
    scales: list[Text] = Field(default_factory=list)
    why: Text


class ScaleRangesDocument(Document):
    """Range over which a number is spread by the part that knows nothing."""

    percent: PositiveFloat
    points: PositiveFloat
    pressure: PositiveFloat
    effect_size: PositiveFloat


class AlternativesDocument(Document):
    """Numbers of statements that are read otherwise within the same reading."""

    wider: NonNegativeFloat = 0.0
    later: Text = "0 h"
    thresholds: dict[Text, float] = Field(default_factory=dict)


class SamplerDocument(Document):
    """Settings of nested sampling.

    `more_points` are live points of hypotheses whose posterior is narrow, in a full run. Every task
    is told its own number, so that the list is no part of what makes one task differ from another.
    """

    live_points: PositiveInt = 300
    more_points: dict[Text, PositiveInt] = Field(default_factory=dict, exclude=True)
    remaining: PositiveFloat = 0.01
    seeds: list[PositiveInt] = Field(default=[1], min_length=1)
    draws: Annotated[int, Field(ge=100)] = 1000


class EnsembleDocument(Document):
    """Draws of the pharmacokinetic model that the posterior is spread over."""

    draws: PositiveInt
    seed: PositiveInt


class ChangesDocument(Document):
    """What a run of the sensitivity analysis does otherwise."""

    name: Text
    alternative_readings: bool = False
    weights_times: PositiveFloat = 1.0
    widen: dict[Text, PositiveFloat] = Field(default_factory=dict)
    power: dict[Text, Share] = Field(default_factory=dict)
    without_studies: list[Text] = Field(default_factory=list)
    without_routes: list[Text] = Field(default_factory=list)
    factors: dict[Text, PositiveFloat] = Field(default_factory=dict)
    people: dict[Text, PositiveInt] = Field(default_factory=dict)
    responder_shift: bool = True


class TargetDocument(Document):
    """A point of a curve by which posteriors are compared."""

    name: Text
    route: Text
    dose: Text
    over: str | None = None
    every: str | None = None
    times: PositiveInt = 1
    product: str | None = None
    at: Text
    with_expectation: Literal["none", "blinded", "open"] = "none"


def _letters(name: str) -> str:
    """Give the letters and digits of a name, which are what names its file."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")


class CalibrationDocument(Document):
    """One outcome, the statements it is fitted to, and the hypotheses that compete."""

    title: Text
    outcome: Literal[tuple(OUTCOMES)]  # type: ignore[valid-type]  # the names live in vocabulary
    model: Text
    hypotheses: Names
    studies: list[Text] = Field(default_factory=list)
    thresholds: dict[Text, float] = Field(default_factory=dict)
    people: dict[Text, PositiveInt] = Field(default_factory=dict)
    weights: WeightsDocument
    rounding: RoundingDocument
    ranges: ScaleRangesDocument
    choosing: ChoosingDocument | None = None
    left_out: list[LeftOutDocument] = Field(default_factory=list)
    sampler: SamplerDocument = SamplerDocument()
    ensemble: EnsembleDocument | None = None
    leading: PositiveInt = 2
    sensitivity: list[ChangesDocument] = Field(default_factory=list)
    targets: list[TargetDocument] = Field(default_factory=list)
    alternatives: AlternativesDocument = AlternativesDocument()

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        for what, names in (
            ("hypotheses", self.hypotheses),
            ("studies", self.studies),
            ("sensitivity", [_letters(one.name) for one in self.sensitivity]),
            ("targets", [one.name for one in self.targets]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f'{what}: "{twice[0]}" stands twice; keep one of them')
        left = {name for one in self.left_out for name in one.statements}
        both = sorted(left & set(self.weights.statements))
        if both:
            raise ValueError(
                f'"{both[0]}" is left out and has a weight; keep one of left_out and weights'
            )
        return self
