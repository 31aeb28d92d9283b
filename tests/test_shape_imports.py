"""The house has floors: a part imports only from the floors below it."""

import ast
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent / "kpksim"
ROOT = "__init__"
FLOORS = [
    {"errors"},
    {"documents", "writing"},
    {"vocabulary", "bibliography", "engine"},
    {"units"},
    {"dosing", "models", "population"},
    {"library", "evidence"},
    {"simulation"},
    {"analysis", "calibration"},
    {"plots"},
    {"report"},
    {ROOT},
    {"cli", "web"},
]
LEVEL = {part: level for level, parts in enumerate(FLOORS) for part in parts}
FILES = sorted(HOUSE.rglob("*.py"))


def part_of(file: Path) -> str:
    """Give the part of the house that a file belongs to."""
    return file.relative_to(HOUSE).parts[0].removesuffix(".py")


def imported_parts(tree: ast.AST) -> set[str]:
    """Give every part that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = (node.module or "").split(".")
            names = [[*start, alias.name] for alias in node.names]
        else:
            continue
        for package, *rest in names:
            if package == "kpksim":
                found.add(rest[0] if rest and rest[0] in LEVEL else ROOT)
    return found


def breaches(part: str, tree: ast.AST) -> set[str]:
    """Give the parts that a file of `part` must not import, but does."""
    return {
        other for other in imported_parts(tree) if other != part and LEVEL[other] >= LEVEL[part]
    }


def test_every_part_of_the_house_has_its_floor():
    assert {part_of(file) for file in FILES} <= set(LEVEL)


def test_a_part_imports_only_from_floors_below():
    found = {file: breaches(part_of(file), ast.parse(file.read_text())) for file in FILES}
    assert {str(file): parts for file, parts in found.items() if parts} == {}


def test_imports_are_absolute():
    nodes = [node for file in FILES for node in ast.walk(ast.parse(file.read_text()))]
    assert [node for node in nodes if isinstance(node, ast.ImportFrom) and node.level] == []


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("engine", "import kpksim.models"),
        ("units", "def f():\n    from kpksim.library.catalogue import load_model"),
        ("dosing", "from kpksim.models import Model"),
        ("analysis", "from kpksim import plots"),
        ("models", "from kpksim import load_model"),
    ],
)
def test_an_import_from_the_same_floor_or_above_is_found(part, source):
    assert breaches(part, ast.parse(source))


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("models", "from kpksim.models.parameter import Parameter\nfrom kpksim import units"),
        ("cli", "import kpksim\nfrom kpksim.report.output import write"),
        ("engine", "import numpy as np\nfrom scipy import linalg"),
    ],
)
def test_an_import_from_below_or_from_the_part_itself_is_fine(part, source):
    assert breaches(part, ast.parse(source)) == set()
