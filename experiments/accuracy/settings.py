"""How many random models the accuracy report takes, read from configs/accuracy/."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from kpksim.documents import Document, read_document

FOLDER = Path(__file__).parents[2] / "configs" / "accuracy"
Positive = Annotated[int, Field(gt=0)]


class Settings(Document):
    """Models of each kind, and subjects of each model."""

    title: str
    seed: int
    models: Positive
    subjects: Positive


def read_settings(file: Path) -> Settings:
    """Read a file of configs/accuracy/."""
    return read_document(file, Settings)
