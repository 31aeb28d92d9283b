"""What the TOML file of an observed study may hold."""

from typing import Annotated, Literal, Self

from pydantic import Field, PositiveInt, model_validator

from kpksim.documents import Document
from kpksim.dosing import RegimenDocument
from kpksim.vocabulary import PEOPLE, SITES

Text = Annotated[str, Field(min_length=1)]


class ArmDocument(Document):
    """One group of people and what they were given."""

    population: Text
    people: Literal[PEOPLE]  # type: ignore[valid-type]  # the names live in vocabulary
    n: PositiveInt | None = None
    weight: str | None = None
    site: Literal[SITES]  # type: ignore[valid-type]  # the names live in vocabulary
    matrix: Text
    regimens: list[RegimenDocument] = Field(default_factory=list)
    given: str = ""
    why_no_regimen: str = ""
    assumption: str = ""

    @model_validator(mode="after")
    def _told(self) -> Self:
        if bool(self.regimens) == bool(self.why_no_regimen):
            raise ValueError('an arm has either "regimens" or "why_no_regimen", in words')
        if bool(self.regimens) == bool(self.given):
            raise ValueError('"given" says in words what was given, in an arm without "regimens"')
        return self


class ObservedDocument(Document):
    """A source of observed pharmacokinetics; its numbers stand in the CSV file of the name."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    source: Text
    title: Text
    licence: Text
    conversions: list[Text] = Field(default_factory=list)
    notes: list[Text] = Field(default_factory=list)
    same_people: list[Text] = Field(default_factory=list)
    arms: dict[str, ArmDocument] = Field(min_length=1)
