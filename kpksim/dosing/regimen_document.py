"""A regimen as TOML files write it: scenarios, studies and observed concentrations."""

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from kpksim.documents import Document, at_place
from kpksim.dosing.constructors import given
from kpksim.dosing.regimen import Regimen
from kpksim.errors import DataError
from kpksim.units import to_internal


def _plain(text: str) -> str:
    """Refuse words that no figure could show."""
    if not text.strip() or not text.isprintable() or len(text) > 120:
        raise ValueError("needs 1 to 120 printable characters on one line")
    return text


Words = Annotated[str, AfterValidator(_plain)]
"""A title or a name."""


class StepDocument(Document):
    """One dose of a regimen whose doses differ."""

    dose: str
    over: str | None = None
    after: str = "0 h"


class RegimenDocument(Document):
    """A regimen, as a scenario writes it."""

    name: Words
    route: str
    dose: str | None = None
    over: str | None = None
    every: str | None = None
    times: int | None = None
    until: str | None = None
    start: str = "0 h"
    drug: str = "racemic ketamine"
    form: str = "base"
    product: str | None = None
    steps: list[StepDocument] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.dose is None) == (not self.steps):
            raise ValueError('a regimen has either "dose" or "steps"')
        if self.steps and self.over is not None:
            raise ValueError('with "steps", "over" belongs into each step')
        if (self.every is None) != (self.times is None and self.until is None):
            raise ValueError('repeated doses need "every" and either "times" or "until"')
        return self


def regimen_of(document: RegimenDocument) -> Regimen:
    """Turn a regimen's document into the regimen.

    Parameters
    ----------
    document : RegimenDocument
        The regimen, as a file writes it.

    Returns
    -------
    Regimen
        Its doses.

    Raises
    ------
    KpksimError
        If a quantity cannot be read or a dose cannot be given.
    """
    steps = document.steps or [StepDocument(dose=str(document.dose), over=document.over)]
    start = to_internal(document.start, "time")
    regimen: Regimen | None = None
    for step in steps:
        start += _pause(step.after)
        dose = given(
            step.dose,
            document.route,
            over=step.over,
            drug=document.drug,
            form=document.form,
            product=document.product,
            at=start,
        )
        regimen = dose if regimen is None else regimen + dose
    assert regimen is not None
    if document.every is None:
        return regimen
    return regimen.repeat(document.every, times=document.times, until=document.until)


def regimens_of(documents: Sequence[RegimenDocument], place: str) -> Regimen | None:
    """Put the regimens of one group of people side by side.

    Parameters
    ----------
    documents : sequence of RegimenDocument
        The regimens, as a file lists them.
    place : str
        Place of the list in the file, for messages.

    Returns
    -------
    Regimen or None
        All their doses; None where nothing is given.

    Raises
    ------
    DataError
        If a quantity cannot be read or a dose cannot be given; the message gives the place.
    """
    parts = []
    for number, one in enumerate(documents, start=1):
        with at_place(f"{place}.{number}"):
            parts.append(regimen_of(one))
    return reduce(add, parts) if parts else None


def _pause(text: str) -> float:
    """Read the time between two steps."""
    pause = to_internal(text, "time")
    if pause < 0.0:
        raise DataError(f'"after" counts from the step before and must be >= 0, got "{text}"')
    return pause
