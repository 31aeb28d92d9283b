"""What the file of hypotheses may hold, and a hypothesis."""

from dataclasses import dataclass
from typing import Literal, Self

from pydantic import Field, model_validator

from kpksim.documents import Document
from kpksim.library.effect_document import DRIVES
from kpksim.models.effects.transduction import SHAPES
from kpksim.vocabulary import OUTCOMES


@dataclass(frozen=True)
class Hypothesis:
    """One account of an effect.

    Attributes
    ----------
    key : str
        Its name in the library.
    structure : str
        ``"symptom"``, ``"dissociation"`` or ``"pressure"``.
    outcomes : tuple of str
        Outcomes for which it is meant.
    label, says : str
        Short name for figures, and one sentence.
    drive : str
        Concentration that drives the effect.
    also : str
        Second concentration that drives it, times a weight; empty for none.
    slow_drive : str
        Concentration that drives the slow clock; empty when it is `drive`.
    shape : str
        ``"hill"``, ``"power"`` or ``"inverted U"``.
    clocks : str
        Which clocks act: ``"both"``, ``"fast"`` or ``"slow"``.
    trigger : bool
        Whether the drive is a steep threshold, with a delay behind it.
    wanes : bool
        Whether the drive is that of dissociation, with its tolerance.
    """

    key: str
    structure: str
    outcomes: tuple[str, ...]
    label: str
    says: str
    drive: str
    also: str = ""
    slow_drive: str = ""
    shape: str = "hill"
    clocks: str = "both"
    trigger: bool = False
    wanes: bool = False

    @property
    def drives(self) -> tuple[str, ...]:
        """Every concentration that it needs."""
        return tuple(one for one in (self.drive, self.also, self.slow_drive) if one)


class HypothesisDocument(Document):
    """One hypothesis as it stands in the file."""

    structure: Literal["symptom", "dissociation", "pressure"]
    outcomes: list[Literal[tuple(OUTCOMES)]] = Field(min_length=1)  # type: ignore[valid-type]
    label: str = Field(min_length=1)
    says: str = Field(min_length=1)
    drive: Literal[DRIVES]  # type: ignore[valid-type]  # the names live in vocabulary
    also: Literal["", *DRIVES] = ""  # type: ignore[valid-type]
    slow_drive: Literal["", *DRIVES] = ""  # type: ignore[valid-type]
    shape: Literal[tuple(SHAPES)] = "hill"  # type: ignore[valid-type]
    clocks: Literal["both", "fast", "slow"] = "both"
    trigger: bool = False
    wanes: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Self:
        stated = {name for name in VARIANTS if getattr(self, name) != VARIANTS[name]}
        if stated and self.structure != "symptom":
            raise ValueError(f"a {self.structure} has no {sorted(stated)[0]}; only a symptom has")
        if self.trigger and self.clocks != "slow":
            raise ValueError('a trigger drives the slow clock alone; state clocks = "slow"')
        if self.slow_drive and (self.clocks != "both" or self.wanes or self.shape != "hill"):
            raise ValueError(
                "slow_drive needs both clocks, a Hill drive and none that wanes; leave out one"
            )
        return self


VARIANTS = {
    field: HypothesisDocument.model_fields[field].default
    for field in ("also", "slow_drive", "shape", "clocks", "trigger", "wanes")
}
"""What only a symptom may state, with its default."""


class HypothesesDocument(Document):
    """The file of hypotheses."""

    title: str
    hypotheses: dict[str, HypothesisDocument]
