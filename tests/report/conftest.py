import runpy
from pathlib import Path

import pytest

from kpksim.report import render

make_comparison = runpy.run_path(str(Path(__file__).parents[1] / "plots" / "conftest.py"))[
    "make_comparison"
]


@pytest.fixture(name="make_comparison", scope="session")
def make_comparison_of_choice():
    return make_comparison


@pytest.fixture(scope="session")
def comparison():
    return make_comparison()


@pytest.fixture(scope="session")
def page(comparison):
    return render(
        comparison, command="kpksim compare routes.toml -o DIR", config_name="routes.toml"
    )
