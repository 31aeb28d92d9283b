"""Settings that hold for every test."""

import pytest
from hypothesis import settings

from kpksim.engine import Actions, solve

# The same examples in every run: a failure on one machine is a failure on all, and none is flaky.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session", autouse=True)
def compiled_engine():
    """Compile the engine before a test looks at what is said on stderr."""
    solve([[[-1.0]]], Actions([0.0], [0], [1.0]), [0.0, 1.0], [[1.0]])
