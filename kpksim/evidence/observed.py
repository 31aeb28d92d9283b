"""A study that measured concentrations: its arms and what was seen in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan

from kpksim.dosing import Regimen


@dataclass(frozen=True)
class ObservedArm:
    """One group of people and what they were given.

    Attributes
    ----------
    name : str
        Its name within the study.
    given : str
        What was given, in words.
    regimen : Regimen or None
        What was given, as doses; None where the source does not state enough.
    why_no_regimen : str
        What is missing for a regimen; empty where there is one.
    assumption : str
        What the regimen takes for granted that the source does not state; often empty.
    weight : float
        Mean or typical body weight; nan where it was not seen [kg].
    n : int or None
        Number of people; None where it was not seen.
    people : str
        ``"adults"``, ``"children"``, ``"intensive care"``, ``"anaesthesia"`` or ``"unknown"``.
    population : str
        Who they were, in words.
    site : str
        Where the blood was drawn, ``"venous"``, ``"arterial"`` or ``"unknown"``.
    matrix : str
        What was measured in, such as ``"plasma"`` or ``"serum"``.
    """

    name: str
    given: str
    regimen: Regimen | None
    why_no_regimen: str
    assumption: str
    weight: float
    n: int | None
    people: str
    population: str
    site: str
    matrix: str


@dataclass(frozen=True)
class Observation:
    """One number that a source reports of one arm.

    Attributes
    ----------
    id : str
        Its name, the same in every version of the data.
    arm : str
        Name of the arm.
    analyte : str
        A key of `kpksim.vocabulary.ANALYTES`.
    enantiomer : str
        ``"s"``, ``"r"``, or ``"sum"`` of both.
    metric : str
        A key of `kpksim.evidence.observed_units.METRICS`.
    value : float
        The number [unit].
    unit : str
        ng/mL, h, ng h/mL, 1, L/h or L; L/h/kg and L/kg where no weight makes them whole.
    statistic : str
        ``"mean"``, ``"median"``, ``"typical value of a model"`` or ``"point"``.
    grade : str
        A key of `kpksim.vocabulary.GRADES`.
    where : str
        Table, figure or abstract; and through whom it was seen, if not in the paper itself.
    use : str
        ``"quantitative"``, or ``"context"``: not to be compared with a number of a model.
    why : str
        Why it is context; empty otherwise.
    doubt : str
        Why a quantitative number may mislead all the same; often empty.
    note : str
        What else a reader should know; often empty.
    time : float
        Time of a concentration from the start of the regimen [h]; nan otherwise.
    window : tuple of float
        Start and end of an area, of a ratio of areas or of a slope [h]; the end is inf for all
        time, and either is nan where it is not stated.
    over : str
        Analyte in the denominator of a ratio of areas; empty otherwise.
    sd : float
        Standard deviation between people; nan where none was printed [unit].
    low, high : float
        Bounds of an interval or range; nan where none was printed [unit].
    spread : str
        What `sd`, `low` and `high` are; empty without them.
    digitised : bool
        Whether the number was read off a figure.
    """

    id: str
    arm: str
    analyte: str
    enantiomer: str
    metric: str
    value: float
    unit: str
    statistic: str
    grade: str
    where: str
    use: str = "quantitative"
    why: str = ""
    doubt: str = ""
    note: str = ""
    time: float = nan
    window: tuple[float, float] = (nan, nan)
    over: str = ""
    sd: float = nan
    low: float = nan
    high: float = nan
    spread: str = ""
    digitised: bool = False


@dataclass(frozen=True)
class ObservedStudy:
    """A source of observed pharmacokinetics.

    Attributes
    ----------
    key : str
        Its key, that of the bibliography.
    source : str
        Key of the bibliography, or ``"user"``.
    title : str
        What it measured, in one line.
    arms : mapping of str to ObservedArm
        Groups of people by name.
    observations : tuple of Observation
        Every number, in the order of the file.
    conversions : tuple of str
        How printed numbers became the numbers here, in words.
    notes : tuple of str
        What a user of the numbers must know.
    same_people : tuple of str
        Keys of other studies with the same people, surely or probably; a note says which.
    licence : str
        Under which terms the numbers may be passed on.
    """

    key: str
    source: str
    title: str
    arms: Mapping[str, ObservedArm]
    observations: tuple[Observation, ...]
    conversions: tuple[str, ...]
    notes: tuple[str, ...]
    same_people: tuple[str, ...]
    licence: str
