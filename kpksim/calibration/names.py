"""What a calibration file names must exist; a refusal says in which key the name stands."""

from collections.abc import Iterator, Sequence

from kpksim.calibration.arms import chooser_of
from kpksim.calibration.document import CalibrationDocument, ChangesDocument
from kpksim.calibration.moments import construct_of
from kpksim.documents import at_place
from kpksim.errors import DataError, unknown
from kpksim.evidence import REVIEW, Statement, Study, list_studies, load_study
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
    cohorts = list(dict.fromkeys(study.cohort for study in studies))
    parameters = {
        name: None
        for key in settings.hypotheses
        for name in hypothesis_priors(key, settings.outcome)
    }
    _check("weights.readings", "reading", settings.weights.readings, list(READINGS))
    _check("power", "group of studies", changes.power, cohorts)
    _check("widen", "parameter", changes.widen, list(parameters))
    _check("without_routes", "route", changes.without_routes, list(ROUTES))
    for one in settings.left_out:
        _check("left_out.scales", "scale", one.scales, list(SCALES))
    for key, table in (("weights.grades", settings.weights.grades),
                       ("rounding.percent", settings.rounding.percent)):  # fmt: skip
        missing = [grade for grade in GRADES if grade not in table]
        if missing:
            raise DataError(f"{key}.{missing[0]}: this key is missing; state it for every grade")
    with at_place("alternatives.later"):
        hours(settings.alternatives.later)
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
    """Refuse statements that do not exist or are about something else."""
    every = [*studies, *(load_study(key) for key in [*list_studies(), REVIEW])]
    known = {one.id: one for study in every for one in study.statements}
    for place, names in _statements(settings, changes):
        for name in names:
            with at_place(place):
                if name not in known:
                    way_out = "`kpksim studies KEY` lists those of a study"
                    raise unknown("statement", name, list(known), way_out)
    for name in settings.weights.statements:
        with at_place("weights.statements"):
            _check_about(known[name], settings.outcome)
    for place, thresholds in _thresholds(settings).items():
        with at_place(place):
            for name, threshold in thresholds.items():
                _check_about(known[name], settings.outcome)
                _check_threshold(known[name], threshold)


def _check_about(statement: Statement, outcome: str) -> None:
    """Refuse a statement that is not about an outcome."""
    construct = construct_of(outcome)
    if statement.construct != construct:
        raise DataError(
            f'"{statement.id}" is about {statement.construct}, this file about {construct}; take '
            "it out"
        )


def _check_threshold(statement: Statement, threshold: float) -> None:
    """Refuse a threshold that is neither a change in percent nor a level of the scale."""
    tops = [SCALES[one].upper for one in statement.scales]
    high = max([100.0, *(top for top in tops if top is not None)])
    if not -100.0 <= threshold <= high:
        raise DataError(
            f'"{statement.id}": on {", ".join(statement.scales)} a threshold is from -100 to '
            f"{high:g}, got {threshold:g}"
        )


def _thresholds(settings: CalibrationDocument) -> dict[str, dict[str, float]]:
    """Give every place that states thresholds of statements."""
    return {
        "thresholds": settings.thresholds,
        "alternatives.thresholds": settings.alternatives.thresholds,
    }


def _statements(settings: CalibrationDocument, changes: ChangesDocument) -> Iterator[Named]:
    """Give every place that names statements."""
    yield "weights.statements", list(settings.weights.statements)
    for place, thresholds in _thresholds(settings).items():
        yield place, list(thresholds)
    yield "people", list(settings.people)
    yield "people", list(changes.people)
    for one in settings.left_out:
        yield "left_out.statements", one.statements
