"""Study files: read, checked for sense, turned into a `Study`."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import nan
from pathlib import Path

from kpksim.bibliography import check_source
from kpksim.documents import at_place, parse_document, read_text
from kpksim.dosing import regimens_of
from kpksim.errors import DataError, unknown
from kpksim.evidence.study import Statement, Study, StudyArm
from kpksim.evidence.study_document import StatementDocument, StudyArmDocument, StudyDocument
from kpksim.evidence.study_time import hours_of
from kpksim.units import to_internal
from kpksim.vocabulary import SCALES


def read_study(path: str | Path) -> Study:
    """Read a study from a file of one's own.

    Parameters
    ----------
    path : str or Path
        A TOML file.

    Returns
    -------
    Study
        The study, checked.

    Raises
    ------
    DataError
        If the file cannot be read or breaks a rule; the message names file and place.
    """
    return parse_study(read_text(Path(path)), str(path))


def parse_study(text: str, place: str) -> Study:
    """Make a study from the text of a file.

    Parameters
    ----------
    text : str
        The file's content.
    place : str
        Where it comes from, for messages.

    Returns
    -------
    Study
        The study.

    Raises
    ------
    DataError
        If the text breaks a rule; the message names the place.
    """
    document = parse_document(text, StudyDocument, place)
    with at_place(place):
        for where, key in _sources(document):
            check_source(key, where, "study")
        _refuse_twice(document.statements)
        arms = {name: _arm(name, one) for name, one in document.arms.items()}
        statements = tuple(_statement(one, arms, document) for one in document.statements)
    design = document.design
    return Study(
        key=document.name,
        ref=document.ref,
        source=document.source,
        title=document.title,
        notes=tuple(document.notes),
        blinding=design.blinding,
        control=design.control,
        layout=design.layout,
        n=design.n,
        cohort=design.cohort,
        same_people=tuple(design.same_people),
        population=design.population,
        day_of_first_dose=design.day_of_first_dose,
        weight=nan if design.weight is None else to_internal(design.weight, "weight"),
        arms=arms,
        statements=statements,
    )


def _sources(document: StudyDocument) -> Iterator[tuple[str, str]]:
    """Give every place where a source is named."""
    yield "source", document.source
    for one in document.statements:
        yield f'statements "{one.id}".source', one.source


def _refuse_twice(statements: list[StatementDocument]) -> None:
    """Refuse two statements with one name."""
    for name, times in Counter(one.id for one in statements).items():
        if times > 1:
            raise DataError(f'statements: the id "{name}" stands {times} times; give each its own')


def _arm(name: str, document: StudyArmDocument) -> StudyArm:
    """Turn an arm's document into the arm."""
    regimen = regimens_of(document.regimens, f"arms.{name}.regimens")
    return StudyArm(
        name=name,
        label=document.label,
        kind=document.kind,
        n=document.n,
        responders_only=document.responders_only,
        regimen=regimen,
        given=regimen.sentence() if regimen else document.given,
        assumption=document.assumption,
    )


def _statement(
    one: StatementDocument, arms: Mapping[str, StudyArm], study: StudyDocument
) -> Statement:
    """Turn a statement's document into the statement."""
    with at_place(f'statements "{one.id}"'):
        for name in one.arms:
            if name not in arms:
                with at_place("arms"):
                    raise unknown("arm", name, list(arms))
        _check_numbers(one, study.design.n)
        hours = hours_of(one, arms[one.arms[0]].regimen, study.design.day_of_first_dose)
    return Statement(
        id=one.id,
        rows=tuple(one.rows),
        construct=one.about,
        scales=tuple(one.scales),
        measure=one.measure,
        arms=tuple(one.arms),
        versus=one.versus,
        type=one.type,
        says=one.says,
        clock=one.clock,
        hours=hours,
        span=one.during is not None,
        untimed=one.untimed,
        value=_or_nan(one.value),
        unit=one.unit,
        se=_or_nan(one.se),
        sd=_or_nan(one.sd),
        ci=one.ci or (nan, nan),
        p=one.p,
        k=one.k,
        n=one.n,
        threshold=_or_nan(one.threshold),
        bounds=one.bounds or (nan, nan),
        source=one.source,
        where=one.where,
        grade=one.grade,
        reading=one.reading,
        alternative=one.alternative or "",
        assumption=one.assumption,
        repeats=one.repeats,
        why_not_used=one.why_not_used,
        discrepancy=one.discrepancy,
    )


def _or_nan(value: float | None) -> float:
    """Give a number, or nan where none is stated."""
    return nan if value is None else value


def _check_numbers(one: StatementDocument, people: int) -> None:
    """Refuse numbers that cannot be: scores off their scale, more people than there were."""
    if one.n is not None and one.n > people:
        raise DataError(f"n: {one.n} people of {people} in the study; see design.n")
    for place, ends in (("ci", one.ci), ("bounds", one.bounds)):
        if ends is not None and not ends[0] < ends[1]:
            raise DataError(f"{place}: the lower end comes first, got {ends[0]:g} to {ends[1]:g}")
    if one.repeats == one.id:
        raise DataError(f'repeats: "{one.id}" cannot stand for itself; name the other statement')
    if one.type == "percent change" and one.value is not None and one.value < -100.0:
        raise DataError(f"value: nothing falls by more than 100 %, got {one.value:g}")
    for name in one.scales:
        _check_scores(name, one)


def _check_scores(name: str, one: StatementDocument) -> None:
    """Refuse scores off their scale, changes that are longer than it, and levels beyond both."""
    scale = SCALES[name]
    if scale.lower is None or scale.upper is None:
        return
    low, high = scale.lower, scale.upper
    if one.type == "mean" and one.value is not None:
        _check_within("value", f"{name} runs", low, high, [one.value])
    if one.unit == scale.unit:
        span = high - low
        numbers = {"value": [one.value], "ci": one.ci or (), "bounds": one.bounds or ()}
        for place, stated in numbers.items():
            known = [number for number in stated if number is not None]
            _check_within(place, f"a change on {name} runs", -span, max(high, span), known)
    if one.threshold is not None:  # a level of the scale, or a change in percent
        _check_within("threshold", f"on {name} it runs", -100.0, max(high, 100.0), [one.threshold])


def _check_within(place: str, what: str, low: float, high: float, numbers: Sequence[float]) -> None:
    """Refuse a number that is not within bounds."""
    for number in numbers:
        if not low <= number <= high:
            raise DataError(f"{place}: {what} from {low:g} to {high:g}, got {number:g}")
