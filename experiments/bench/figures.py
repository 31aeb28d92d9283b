"""Figures that rows measure, and whether they reach their goals."""

import math
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

GOALS = tomllib.loads((Path(__file__).parent / "goals.toml").read_text())
"""Per name of a figure: `must`, mostly `aim`, and whether `less` or `more` is better."""


@dataclass(frozen=True)
class Figure:
    """One number of a row.

    Attributes
    ----------
    name : str
        What goals.toml calls it; other figures have no goal.
    what : str
        What it says, for the table.
    value : float
        The number.
    unit : str
        Its unit; empty for a pure number.
    spread : dict or None
        Least, median, largest and number of the timings behind it.
    """

    name: str
    what: str
    value: float
    unit: str = ""
    spread: dict[str, float] | None = None


@dataclass(frozen=True)
class Row:
    """What one row of the benchmark found, or why it failed."""

    key: str
    title: str
    figures: tuple[Figure, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    failure: str = ""

    def as_json(self) -> dict[str, object]:
        """Give the row as plain values, with the goal and the verdict of every figure."""
        figures = [asdict(one) | judged(one.name, one.value) for one in self.figures]
        return asdict(self) | {"figures": figures, "notes": list(self.notes)}


def judged(name: str, value: float) -> dict[str, object]:
    """Give goal and verdict of a figure: aim, must, missed, or None where there is no goal."""
    goal = GOALS.get(name)
    if goal is None:
        return {"must": None, "aim": None, "better": None, "met": None}
    met = "missed"
    for step in ("must", "aim"):
        if step in goal and reaches(value, goal[step], goal["better"]):
            met = step
    return {key: goal.get(key) for key in ("must", "aim", "better")} | {"met": met}


def reaches(value: float, goal: float, better: str) -> bool:
    """Find out whether a value is at least as good as a goal; what is no number never is."""
    if math.isnan(value):
        return False
    return value <= goal if better == "less" else value >= goal
