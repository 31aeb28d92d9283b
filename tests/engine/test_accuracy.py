"""The engine against 40 digits: few models of every kind; the report of all is make accuracy."""

import pytest

from experiments.accuracy.errors import errors_of
from experiments.accuracy.models import KINDS

LARGEST = 1e-11
"""Componentwise relative error that the engine must reach."""


@pytest.mark.parametrize("kind", KINDS)
def test_every_component_agrees_with_40_digits(kind):
    errors = errors_of(kind, models=4, subjects=1, seed=7)
    assert errors.relative.size > 500
    assert errors.relative.max() <= LARGEST
    assert errors.negative == 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_component_of_many_models_agrees_with_40_digits(kind):
    errors = errors_of(kind, models=24, subjects=3, seed=20260101)
    assert errors.relative.max() <= LARGEST
    assert errors.negative == 0
