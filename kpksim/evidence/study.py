"""A clinical study: its design, its arms and what it states."""

from collections.abc import Mapping
from dataclasses import dataclass

from kpksim.dosing import Regimen
from kpksim.vocabulary import OUTCOMES_OF

PRESSURES = {"SBP": "sbp", "DBP": "dbp"}
"""Outcomes whose scale says which one is meant."""


@dataclass(frozen=True)
class StudyArm:
    """One group of people, or one phase of a crossover.

    Attributes
    ----------
    name, label : str
        Its key within the study, and words for a reader.
    kind : str
        One of `kpksim.vocabulary.ARM_KINDS`.
    n : int or None
        Number of people; None where it was not seen.
    responders_only : bool
        Whether people were chosen because they had responded before.
    regimen : Regimen or None
        What was given; None in an arm without ketamine.
    given : str
        The same in words.
    assumption : str
        What the regimen takes for granted that no source states.
    """

    name: str
    label: str
    kind: str
    n: int | None
    responders_only: bool
    regimen: Regimen | None
    given: str
    assumption: str


@dataclass(frozen=True)
class Statement:
    """One thing that the review or the paper says of a study.

    Attributes
    ----------
    id : str
        Its name, the same in every version of the data.
    rows : tuple of str
        Rows of the extraction that it represents.
    construct : str
        A key of `kpksim.vocabulary.CONSTRUCTS`.
    scales : tuple of str
        Keys of `kpksim.vocabulary.SCALES`; empty where none was named.
    measure : str
        What was measured, in words, where no scale says it.
    arms : tuple of str
        The arms that it is about: all of them together, or in the order that it states.
    versus : str
        Another arm, ``"baseline"``, or words of a group.
    type : str
        A key of `kpksim.vocabulary.STATEMENT_TYPES`.
    says : str
        The statement in words of our own.
    clock : str
        A key of `kpksim.vocabulary.CLOCKS`.
    hours : tuple of float
        Times since the start of the first dose, ascending [h]; empty where none is stated, and of
        the clock ``"each dose"`` since the start of a dose.
    span : bool
        Whether `hours` are the two ends of a span and not visits.
    untimed : str
        Why there is no time.
    value : float
        Number; nan where there is none [unit].
    unit : str
        Its unit, and that of `bounds`.
    se, sd : float
        Standard error and standard deviation; nan where not stated [unit].
    ci : tuple of float
        95 % interval; nan where not stated [unit].
    p : str
        p value, as printed.
    k, n : int or None
        Responders, and people in whom it was seen.
    threshold : float
        Change that counts as a response [%]; nan where there is none.
    bounds : tuple of float
        What a word such as minor, no further or gone stands for: the range of the mean change, or
        of the difference between two times; nan where no word needs it [unit].
    source, where, grade : str
        Bibliography key, place in it, and how well it is traced.
    reading, alternative : str
        Keys of `kpksim.vocabulary.READINGS`; the alternative may be empty.
    assumption : str
        What the reading takes for granted that no source states.
    repeats : str
        Id of the statement that a fit takes instead, since both hold one fact of one cohort.
    why_not_used : str
        Why no curve can be held against it.
    discrepancy : str
        What another source says instead.
    """

    id: str
    rows: tuple[str, ...]
    construct: str
    scales: tuple[str, ...]
    measure: str
    arms: tuple[str, ...]
    versus: str
    type: str
    says: str
    clock: str
    hours: tuple[float, ...]
    span: bool
    untimed: str
    value: float
    unit: str
    se: float
    sd: float
    ci: tuple[float, float]
    p: str
    k: int | None
    n: int | None
    threshold: float
    bounds: tuple[float, float]
    source: str
    where: str
    grade: str
    reading: str
    alternative: str
    assumption: str
    repeats: str
    why_not_used: str
    discrepancy: str

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Outcomes whose curves it can be held against, keys of `kpksim.vocabulary.OUTCOMES`."""
        pressures = tuple(PRESSURES[scale] for scale in self.scales if scale in PRESSURES)
        return pressures or OUTCOMES_OF.get(self.construct, ())

    @property
    def is_fitted(self) -> bool:
        """Whether a fit takes it: it has a reading, is about a change, and repeats no other."""
        return self.reading != "not used" and not self.repeats and self.versus != "nothing"


@dataclass(frozen=True)
class Study:
    """A clinical study.

    Attributes
    ----------
    key : str
        Its name, which is the bibliography key of its paper for a study of the review.
    ref : int or None
        Number in the list of references of the review.
    source, title : str
        Bibliography key, and words for a reader.
    notes : tuple of str
        What a reader must know of it.
    blinding, control, layout : str
        One of `BLINDING`, `CONTROLS` and `LAYOUTS` of `kpksim.vocabulary`.
    n : int
        Number of people.
    cohort : str
        Group of people; studies that share people share it.
    same_people : tuple of str
        Keys of the studies that share people.
    population : str
        Who they were.
    day_of_first_dose : int
        What the paper calls the day of the first dose, 0 or 1.
    weight : float
        Mean body weight; nan where it was not seen [kg].
    arms : mapping of str to StudyArm
    statements : tuple of Statement
    """

    key: str
    ref: int | None
    source: str
    title: str
    notes: tuple[str, ...]
    blinding: str
    control: str
    layout: str
    n: int
    cohort: str
    same_people: tuple[str, ...]
    population: str
    day_of_first_dose: int
    weight: float
    arms: Mapping[str, StudyArm]
    statements: tuple[Statement, ...]
