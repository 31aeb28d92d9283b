"""What the checks of the calibration are asked, read from configs/calibration_checks/."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt

from kpksim.calibration.chains import STEPS
from kpksim.documents import Document, read_document

TOP = Path(__file__).parents[2]
FOLDER = TOP / "configs" / "calibration_checks"
CALIBRATIONS = TOP / "configs" / "calibrations"


class Sampler(Document):
    """How thoroughly one posterior is sampled; walks of 0 are the calibration's own."""

    live_points: PositiveInt
    remaining: PositiveFloat
    walks: NonNegativeInt = 0


class Simulated(Document):
    """Simulation-based calibration: data sets from the prior of one hypothesis."""

    hypothesis: str
    data_sets: PositiveInt
    sampler: Sampler
    draws: PositiveInt
    steps: PositiveInt = STEPS


class Recovery(Document):
    """Data sets from two hypotheses, each fitted by both."""

    hypotheses: Annotated[list[str], Field(min_length=2, max_length=2)]
    data_sets: PositiveInt
    sampler: Sampler


class Repeated(Document):
    """Fits of the real statements that differ in their seed alone, and nodes of the quadrature."""

    hypothesis: str
    seeds: Annotated[list[PositiveInt], Field(min_length=2, max_length=2)]
    sampler: Sampler
    draws: PositiveInt
    nodes: PositiveInt
    steps: PositiveInt = STEPS


class Settings(Document):
    """A file of configs/calibration_checks/."""

    title: str
    calibration: str
    seed: PositiveInt
    simulated: Simulated
    recovery: Recovery
    repeated: Repeated


def read_settings(file: Path) -> Settings:
    """Read a file of configs/calibration_checks/."""
    return read_document(file, Settings)
