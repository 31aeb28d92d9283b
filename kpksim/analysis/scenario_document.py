"""What a scenario file may hold: its schema as Pydantic classes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import Field, model_validator

from kpksim.documents import Document
from kpksim.dosing import RegimenDocument, Words
from kpksim.library import load_interaction
from kpksim.vocabulary import OUTCOMES

ALL_OUTCOMES = (
    "ketamine",
    "norketamine",
    "hydroxynorketamine",
    "dehydronorketamine",
    *OUTCOMES,
)
MOST_PEOPLE = 5_000
"""Most people, or parameter draws, of a comparison, whose curves are held in memory together."""
AS_THE_MODEL = "as the model"
"""Drug of a regimen that gives every model its own, milligram for milligram."""


@dataclass(frozen=True)
class Change:
    """What another drug or a gene changes in the body under a regimen.

    Attributes
    ----------
    factors : mapping of str to float
        Factor on each process or parameter of the model [1].
    words : str
        The same for a reader.
    """

    factors: Mapping[str, float]
    words: str


class ScenarioRegimenDocument(RegimenDocument):
    """A regimen, and which other drug or gene acts on the body meanwhile."""

    under: str | None = None
    factors: dict[str, float] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_change(self) -> Self:
        if self.under is not None and self.factors:
            raise ValueError('give either "under" (an interaction) or "factors" of your own')
        return self

    def change(self) -> Change | None:
        """Give what changes in the body, if anything does."""
        if self.under is not None:
            known = load_interaction(self.under)
            cause = f"{known.title}, {known.source}; derived here"
            return Change(known.factors, f"{_in_words(known.factors)} ({cause})")
        return Change(self.factors, _in_words(self.factors)) if self.factors else None


def _in_words(factors: Mapping[str, float]) -> str:
    """Give factors in words."""
    return ", ".join(f"{name} x {factor:g}" for name, factor in factors.items())


class SubjectDocument(Document):
    """The typical person."""

    weight: str = "70 kg"


class PopulationDocument(Document):
    """People around the typical person."""

    n: int = Field(ge=1, le=MOST_PEOPLE)
    seed: int = Field(ge=0)
    weight_cv: float = Field(default=0.0, ge=0.0, le=1.0)


class UncertaintyDocument(Document):
    """Draws of uncertain parameters, in the typical person."""

    n: int = Field(default=200, ge=2, le=MOST_PEOPLE)
    seed: int = Field(default=1, ge=0, lt=2**63)


class ScenarioDocument(Document):
    """A whole scenario file."""

    title: Words
    model: str | None = None
    models: list[str] = Field(default_factory=list)
    horizon: str
    outcomes: list[str] = Field(default_factory=lambda: list(ALL_OUTCOMES), min_length=1)
    with_expectation: Literal["none", "blinded", "open"] = "none"
    subject: SubjectDocument = SubjectDocument()
    regimens: list[ScenarioRegimenDocument] = Field(min_length=1)
    population: PopulationDocument | None = None
    uncertainty: UncertaintyDocument | None = None
    groups: dict[Words, list[str]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_model(self) -> Self:
        if (self.model is None) == (not self.models):
            raise ValueError('give either "model" (a key or a path) or "models" (a list of them)')
        names = [one.name for one in self.regimens]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f'the regimen name "{name}" stands twice; give each its own')
        return self

    @model_validator(mode="after")
    def _groups_of_models(self) -> Self:
        for name, keys in self.groups.items():
            for key in keys:
                if key not in self.models:
                    listed = ", ".join(self.models) or "none"
                    raise ValueError(
                        f'the group "{name}" names "{key}", which is not among "models" ({listed})'
                    )
            if len(set(keys)) < 2:
                raise ValueError(f'the group "{name}" needs at least two models, each once')
        return self
