"""The engine against 40 digits: few models of every kind; the report of all is make accuracy."""

from fractions import Fraction

import numpy as np
import pytest

from experiments.accuracy.errors import errors_of, relative_errors
from experiments.accuracy.exact import exact_outputs
from experiments.accuracy.models import KINDS
from kpksim.engine import Actions, solve

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


@pytest.mark.parametrize("n", [5, 9, 12, 16])
def test_the_end_of_a_long_chain_is_right_soon_after_an_infusion_began(n):
    rates = np.diag(np.ones(n - 1), -1) - np.eye(n)
    times = [Fraction(9, 128), Fraction(31, 128), Fraction(1)]
    infusion = Actions(time=[0.0], compartment=[0], rate=[50.0])
    found = solve([rates], infusion, [float(time) for time in times], np.eye(n)).at[0]
    exact = exact_outputs(rates, [(Fraction(0), 0, 0.0, 50.0)], times, np.eye(n))
    assert relative_errors(found, exact).max() <= LARGEST
