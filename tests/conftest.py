"""Settings that hold for every test."""

import runpy
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import settings

from kpksim.analysis import compare
from kpksim.analysis.scenario import parse_scenario
from kpksim.calibration.results_file import read_results
from kpksim.library import posterior_catalogue

# The same examples in every run: a failure on one machine is a failure on all, and none is flaky.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")

MADE_UP = Path(__file__).parent / "calibration" / "made_up.json"
"""Results of a calibration with round numbers that no program computed."""

SMALL = """
title = "Small"
model = "reference_racemic_2026a"
horizon = "4 h"
outcomes = ["ketamine", "anxiety", "depression", "dissociation", "sbp"]
[[regimens]]
name = "IV"
route = "iv"
dose = "35 mg"
over = "40 min"
[population]
n = 3
seed = 1
"""


@pytest.fixture(scope="session", autouse=True)
def compiled_engine():
    """Compile everything before a test looks at what is said on stderr, or takes a time."""
    compare(parse_scenario(SMALL, "small.toml"))


@pytest.fixture(scope="session")
def calibration():
    """Give made-up results of a small calibration: three hypotheses, four statements."""
    return read_results(MADE_UP)


SHIPPED = runpy.run_path(str(Path(__file__).parent / "shipped.py"))


BY_PRIORS = ("analysis", "experiments", "laws", "plots", "report", "simulation")
"""Folders whose tests know the numbers of prior medians; what ships has tests of its own."""


@pytest.fixture(scope="module", autouse=True)
def prior_medians(request, tmp_path_factory):
    """Let tests of these folders find no posterior, unless they ship one themselves."""
    folder = request.path.relative_to(Path(__file__).parent).parts[0] if _is_test(request) else ""
    if folder not in BY_PRIORS:
        yield
        return
    nothing = tmp_path_factory.mktemp("no_posteriors")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posterior_catalogue, "_folder", lambda: nothing)
        SHIPPED["forget"]()
        yield
    SHIPPED["forget"]()


def _is_test(request):
    """Tell whether a module stands in this folder; doctests do not."""
    return Path(__file__).parent in request.path.parents


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """Let a test ship posteriors: `ship` all or some, `write` one, `drawn` gives its values."""
    folder = tmp_path / "posteriors"
    yield SimpleNamespace(
        folder=folder,
        drawn=SHIPPED["drawn"],
        studies=SHIPPED["STUDIES"],
        ship=partial(SHIPPED["ship"], folder, monkeypatch),
        write=partial(SHIPPED["write"], folder),
    )
    SHIPPED["forget"]()
