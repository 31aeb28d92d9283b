"""Settings that hold for every test."""

from hypothesis import settings

# The same examples in every run: a failure on one machine is a failure on all, and none is flaky.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")
