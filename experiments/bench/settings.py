"""Sizes of the benchmark, read from configs/benchmarks/."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from kpksim.documents import Document, read_document

FOLDER = Path(__file__).parents[2] / "configs" / "benchmarks"
Positive = Annotated[int, Field(gt=0)]
Share = Annotated[float, Field(gt=0.0, lt=1.0)]
Length = Annotated[float, Field(gt=0.0)]


class Cohort(Document):
    """People who all get six infusions."""

    subjects: Positive
    days: Positive
    step_minutes: Positive


class Course(Document):
    """People who take daily oral doses."""

    subjects: Positive
    doses: Positive
    step_minutes: Positive
    lag_hours: Length


class Irregular(Document):
    """People sampled at irregular times."""

    subjects: Positive
    times: Positive


class Effects(Document):
    """People with an effect curve, and how many of them the error is taken from."""

    subjects: Positive
    error_subjects: Positive


class Likelihoods(Document):
    """The likelihood of a calibration file, by one of its hypotheses."""

    calibration: str
    hypothesis: str
    points: Positive


class Quantiles(Document):
    """Quantiles over people."""

    levels: Annotated[list[Share], Field(min_length=1)]


class Growth(Document):
    """Sizes over which time and memory grow."""

    people: Annotated[list[Positive], Field(min_length=2)]
    step_minutes: Positive
    states: Annotated[list[Annotated[int, Field(ge=3)]], Field(min_length=2)]
    states_subjects: Positive


class Others(Document):
    """Subjects that other simulators are given, and their tolerances."""

    subjects: Positive
    rtol: Length
    atol: Length


class Start(Document):
    """Starts from the cache, and starts that compile."""

    runs: Positive
    compiles: Annotated[int, Field(ge=0)]


class Settings(Document):
    """All sizes of a benchmark."""

    title: str
    seed: int
    rounds: Positive
    cohort: Cohort
    course: Course
    irregular: Irregular
    effects: Effects
    likelihoods: Likelihoods
    quantiles: Quantiles
    growth: Growth
    others: Others
    start: Start


def read_settings(file: Path) -> Settings:
    """Read a file of configs/benchmarks/."""
    return read_document(file, Settings)
