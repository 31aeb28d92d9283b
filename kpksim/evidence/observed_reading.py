"""Observed studies: a TOML file on the source and the arms, a CSV file of numbers beside it."""

from collections.abc import Mapping
from math import nan
from pathlib import Path

from kpksim.bibliography import check_source
from kpksim.documents import at_place, parse_document, read_text
from kpksim.dosing import regimens_of
from kpksim.errors import DataError
from kpksim.evidence.observed import ObservedArm, ObservedStudy
from kpksim.evidence.observed_document import ArmDocument, ObservedDocument
from kpksim.evidence.observed_rows import read_rows
from kpksim.units import to_internal


def read_observed(path: str | Path) -> ObservedStudy:
    """Read an observed study from a file of one's own.

    Parameters
    ----------
    path : str or Path
        The TOML file; the CSV file of the same name lies beside it.

    Returns
    -------
    ObservedStudy
        The study, checked.

    Raises
    ------
    DataError
        If a file cannot be read or breaks a rule; the message names file and place.
    """
    about = Path(path)
    numbers = about.with_suffix(".csv")
    return parse_observed(read_text(about), read_text(numbers), str(about), str(numbers))


def parse_observed(text: str, rows: str, place: str, rows_place: str) -> ObservedStudy:
    """Make an observed study from the texts of its two files.

    Parameters
    ----------
    text : str
        Content of the TOML file.
    rows : str
        Content of the CSV file.
    place, rows_place : str
        Where the two come from, for messages.

    Returns
    -------
    ObservedStudy
        The study.

    Raises
    ------
    DataError
        If a text breaks a rule; the message names file and place.
    """
    document = parse_document(text, ObservedDocument, place)
    with at_place(place):
        arms = _arms(document)
        check_source(document.source, "source", "study")
    return ObservedStudy(
        key=document.name,
        source=document.source,
        title=document.title,
        arms=arms,
        observations=read_rows(rows, arms, rows_place),
        conversions=tuple(document.conversions),
        notes=tuple(document.notes),
        same_people=tuple(document.same_people),
        licence=document.licence,
    )


def _arms(document: ObservedDocument) -> Mapping[str, ObservedArm]:
    """Read every arm."""
    arms = {}
    for name, one in document.arms.items():
        with at_place(f"arms.{name}"):
            arms[name] = _arm(name, one)
    return arms


def _arm(name: str, document: ArmDocument) -> ObservedArm:
    """Turn an arm's document into the arm."""
    regimen = regimens_of(document.regimens, "regimens")
    return ObservedArm(
        name=name,
        given=regimen.sentence() if regimen else document.given,
        regimen=regimen,
        why_no_regimen=document.why_no_regimen,
        assumption=document.assumption,
        weight=nan if document.weight is None else _weight(document.weight),
        n=document.n,
        people=document.people,
        population=document.population,
        site=document.site,
        matrix=document.matrix,
    )


def _weight(text: str) -> float:
    """Read a body weight [kg]."""
    with at_place("weight"):
        weight = to_internal(text, "weight")
        if weight <= 0.0:
            raise DataError(f'must be > 0 kg, got "{text}"')
    return weight
