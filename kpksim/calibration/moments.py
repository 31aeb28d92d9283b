"""Where a statement looks at a curve: arm, time, instrument, and what people expect."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kpksim.evidence import REVIEW, Statement, Study, StudyArm
from kpksim.vocabulary import SCALES

SAME_PEOPLE = ("crossover", "ascending doses", "single arm", "case series")
"""Layouts in which every arm is the same people."""

CONTROLS = ("midazolam", "placebo", "no treatment")
"""Kinds of arms without ketamine."""

PRESSURES = {"sbp": "SBP", "dbp": "DBP"}
"""Instrument of each pressure."""

CONSTRUCT_OF = {"sbp": "blood pressure", "dbp": "blood pressure"}
"""Construct of outcomes that are named otherwise."""

DEFAULT_INSTRUMENTS = {"anxiety": "HAM-A", "depression": "MADRS", "dissociation": "CADSS"}
"""Instrument that a statement without one is read on."""


@dataclass(frozen=True)
class Moment:
    """One arm at one time, as one instrument sees it.

    Attributes
    ----------
    study, arm : str
        Keys.
    hour : float
        Time since the start of the first dose, or since the control was given [h].
    kind : str
        One of `kpksim.vocabulary.ARM_KINDS`.
    design : str
        ``"blinded"``, ``"open"``, or ``"none"`` for the drug alone.
    instrument : str
        A key of `kpksim.vocabulary.SCALES`.
    group : str
        Group of people within the cluster of studies.
    chosen : bool
        Whether the people were chosen because they had responded.
    """

    study: str
    arm: str
    hour: float
    kind: str
    design: str
    instrument: str
    group: str
    chosen: bool = False


def construct_of(outcome: str) -> str:
    """Give the construct of an outcome.

    Parameters
    ----------
    outcome : str
        One of `kpksim.vocabulary.OUTCOMES`.

    Returns
    -------
    str
        A key of `kpksim.vocabulary.CONSTRUCTS`.

    Examples
    --------
    >>> construct_of("sbp"), construct_of("anxiety")
    ('blood pressure', 'anxiety')
    """
    return CONSTRUCT_OF.get(outcome, outcome)


def instrument_of(statement: Statement, outcome: str) -> str:
    """Give the instrument on which a statement is read.

    Parameters
    ----------
    statement : Statement
        The statement.
    outcome : str
        Name of the outcome.

    Returns
    -------
    str
        The first scale that it names of this construct; empty where a statement about blood
        pressure does not name this one.
    """
    if outcome in PRESSURES:
        return PRESSURES[outcome] if PRESSURES[outcome] in statement.scales else ""
    named = [one for one in statement.scales if SCALES[one].construct == outcome]
    return named[0] if named else DEFAULT_INSTRUMENTS[outcome]


def design_of(study: Study, statement: Statement) -> str:
    """Give what people of a statement expect.

    Parameters
    ----------
    study : Study
        The study.
    statement : Statement
        The statement.

    Returns
    -------
    str
        ``"blinded"`` or ``"open"``; in a study of both, blinded where there is a control;
        ``"none"`` where the review speaks of a drug effect.
    """
    if study.key == REVIEW:
        return "none"
    if study.blinding == "double-blind":
        return "blinded"
    against = [*statement.arms, statement.versus]
    controlled = any(study.arms[one].kind in CONTROLS for one in against if one in study.arms)
    return "blinded" if study.blinding == "mixed" and controlled else "open"


def group_of(study: Study, arms: Sequence[str]) -> str:
    """Name the group of people that some arms are.

    Parameters
    ----------
    study : Study
        The study.
    arms : sequence of str
        Arms that a statement takes together.

    Returns
    -------
    str
        One name for all arms of a crossover, another for people chosen as responders, and for
        arms of different people a name of their own.
    """
    if any(study.arms[one].responders_only for one in arms):
        return "responders"
    return "people" if study.layout in SAME_PEOPLE else " + ".join(arms)


def moments(
    study: Study, statement: Statement, arms: Sequence[str], hours: Sequence[float], outcome: str
) -> Iterator[Moment]:
    """Give the moments of some arms at some times.

    Parameters
    ----------
    study : Study
        The study.
    statement : Statement
        The statement.
    arms : sequence of str
        Keys of the arms.
    hours : sequence of float
        Times as the statement counts them [h].
    outcome : str
        Name of the outcome.

    Yields
    ------
    Moment
        One for each arm and time.
    """
    group = group_of(study, arms)
    for key in arms:
        arm = study.arms[key]
        for hour in hours:
            yield Moment(
                study=study.key,
                arm=key,
                hour=hour + _first_dose(arm, statement.clock),
                kind=arm.kind,
                design=design_of(study, statement),
                instrument=instrument_of(statement, outcome),
                group=group,
                chosen=arm.responders_only,
            )


def _first_dose(arm: StudyArm, clock: str) -> float:
    """Give the time from which a statement counts; the first dose stands for each."""
    return arm.regimen.doses[0].time if clock == "each dose" and arm.regimen else 0.0


def visits(study: Study, instrument: str, outcome: str) -> tuple[float, ...]:
    """Give the times at which a study rated something, as far as its statements say.

    Parameters
    ----------
    study : Study
        The study.
    instrument : str
        The instrument; times of other instruments of the construct count as well, because a visit
        rates them all.
    outcome : str
        Name of the outcome.

    Returns
    -------
    tuple of float
        Times, ascending [h].
    """
    found = {
        hour
        for one in study.statements
        if not one.span and one.construct in (construct_of(outcome), "anxiety", "depression")
        for hour in one.hours
    }
    return tuple(sorted(found))
