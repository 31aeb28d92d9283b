"""What the fit of the reference model is told, read from configs/reference_model/."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from kpksim.documents import Document, read_document

FOLDER = Path(__file__).parents[2] / "configs" / "reference_model"
Positive = Annotated[float, Field(gt=0.0)]


class Split(Document):
    """Sources by key, with the reason for their place."""

    title: str
    fit: dict[str, str]
    held_back: dict[str, str]


class Prior(Document):
    """A normal distribution of one parameter on its scale."""

    centre: str
    sd: Positive
    scale: Literal["log", "logit"] = "log"
    basis: str


class Reading(Document):
    """Errors of reading a figure, by source."""

    share: dict[str, Positive]
    floor: dict[str, str]


class Residuals(Document):
    """Standard deviations on the log scale."""

    title: str
    row: dict[str, Positive]
    least: dict[str, Positive]
    people: dict[Literal["cv"], Positive]
    reading: Reading
    shared: dict[str, Positive]
    absorbed: Positive


class Settings(Document):
    """How much is run."""

    title: str
    seed: int
    starts: Annotated[int, Field(gt=0)]
    profiles: list[str]
    simpler: dict[str, dict[str, Positive]]


class Priors(Document, extra="allow"):
    """A table for each parameter."""

    title: str

    __pydantic_extra__: dict[str, Prior]


def read_settings(name: str) -> Settings:
    """Read full.toml or quick.toml."""
    return read_document(FOLDER / f"{name}.toml", Settings)


def read_split() -> Split:
    """Read which sources are fitted and which are held back."""
    return read_document(FOLDER / "split.toml", Split)


def read_residuals() -> Residuals:
    """Read how far a number may lie from the model."""
    return read_document(FOLDER / "residuals.toml", Residuals)


def read_priors() -> dict[str, Prior]:
    """Read what is believed of each parameter before the fit, in the order of the file."""
    return dict(read_document(FOLDER / "priors.toml", Priors).__pydantic_extra__)


def read_any(file: Path) -> Document:
    """Read any file of configs/reference_model/ by its name."""
    schemas = {"split": Split, "priors": Priors, "residuals": Residuals}
    return read_document(file, schemas.get(file.stem, Settings))
