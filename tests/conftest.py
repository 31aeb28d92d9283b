"""Settings that hold for every test."""

import runpy
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import settings

from kpksim.analysis import compare
from kpksim.analysis.scenario import parse_scenario

# The same examples in every run: a failure on one machine is a failure on all, and none is flaky.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")

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


SHIPPED = runpy.run_path(str(Path(__file__).parent / "shipped.py"))


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
