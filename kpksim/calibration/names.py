"""What a calibration file names must exist; a refusal says in which key the name stands."""

from collections.abc import Iterator, Sequence

from kpksim.calibration.arms import chooser_of
from kpksim.calibration.document import CalibrationDocument, ChangesDocument
from kpksim.documents import at_place
from kpksim.errors import DataError, unknown
from kpksim.evidence import REVIEW, Study, list_studies, load_study
from kpksim.library.hypotheses import hypothesis_priors
from kpksim.units import hours
from kpksim.vocabulary import GRADES, READINGS, ROUTES, SCALES

Named = tuple[str, Sequence[str]]


def check_names(
    settings: CalibrationDocument, changes: ChangesDocument, studies: Sequence[Study]
) -> None:
    """Refuse a file that names what does not exist.

    Parameters
    ----------
    settings : CalibrationDocument
        The file.
    changes : ChangesDocument
        What is done otherwise in this run.
    studies : sequence of Study
        The studies that are read.

    Raises
    ------
    DataError
        With the key, the name and what it may have meant.
    """
    _check_statements(settings, changes, studies)
    run = f'sensitivity "{changes.name}"'
    cohorts = list(dict.fromkeys(study.cohort for study in studies))
    parameters = {
        name: None
        for key in settings.hypotheses
        for name in hypothesis_priors(key, settings.outcome)
    }
    _check("weights.readings", "reading", settings.weights.readings, list(READINGS))
    _check(f"{run}: power", "group of studies", changes.power, cohorts)
    _check(f"{run}: widen", "parameter", changes.widen, list(parameters))
    _check(f"{run}: without_routes", "route", changes.without_routes, list(ROUTES))
    for one in settings.left_out:
        _check("left_out.scales", "scale", one.scales, list(SCALES))
    for key, table in (("weights.grades", settings.weights.grades),
                       ("rounding.percent", settings.rounding.percent)):  # fmt: skip
        missing = [grade for grade in GRADES if grade not in table]
        if missing:
            raise DataError(f"{key}.{missing[0]}: this key is missing; state it for every grade")
    if settings.choosing is not None:
        with at_place("choosing"):
            chooser_of(settings.choosing)
            hours(settings.choosing.time)


def _check(
    place: str, kind: str, names: Sequence[str] | dict[str, float], known: list[str]
) -> None:
    """Refuse a name that is not among the known ones."""
    for name in names:
        if name not in known:
            with at_place(place):
                raise unknown(kind, name, known)


def _check_statements(
    settings: CalibrationDocument, changes: ChangesDocument, studies: Sequence[Study]
) -> None:
    """Refuse statements that do not exist."""
    every = [load_study(key) for key in [*list_studies(), REVIEW]]
    ids = list(dict.fromkeys(one.id for study in [*studies, *every] for one in study.statements))
    for place, names in _statements(settings, changes):
        for name in names:
            if name not in ids:
                way_out = "`kpksim studies KEY` lists those of a study"
                with at_place(place):
                    raise unknown("statement", name, ids, way_out)


def _statements(settings: CalibrationDocument, changes: ChangesDocument) -> Iterator[Named]:
    """Give every place that names statements."""
    yield "weights.statements", list(settings.weights.statements)
    yield "thresholds", list(settings.thresholds)
    yield "people", list(settings.people)
    yield f'sensitivity "{changes.name}": people', list(changes.people)
    for one in settings.left_out:
        yield "left_out.statements", one.statements
