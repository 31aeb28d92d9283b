"""The exact outputs against mpmath's own exponential, closed forms and the literal simulator."""

import csv
import importlib.util
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
import pytest

from experiments.accuracy.exact import exact_outputs

CONFORMANCE = Path(__file__).parents[1] / "conformance"
RATES = [[-1.3, 0.0, 0.0], [1.3, -0.9, 0.4], [0.0, 0.7, -0.4]]


def off(found, expected):
    """Largest relative difference."""
    with mpmath.workdps(60):
        return max(
            float(abs(a - b) / abs(b)) for a, b in zip(found, expected, strict=True) if b != 0
        )


def test_a_bolus_is_a_column_of_the_exponential():
    time = Fraction(0.1) + Fraction(17, 60)
    found = exact_outputs(RATES, [(Fraction(0), 0, 2.0, 0.0)], [time], np.eye(3))
    with mpmath.workdps(60):
        hours = mpmath.mpf(time.numerator) / time.denominator
        expected = 2 * mpmath.expm(mpmath.matrix(RATES) * hours)[:, 0]
        assert off([one[0] for one in found], list(expected)) < 1e-40


def test_an_infusion_into_one_compartment_is_the_closed_form():
    doses = [(Fraction(1, 3), 0, 0.0, 50.0), (Fraction(1), 0, 0.0, -50.0)]
    times = [Fraction(0), Fraction(1, 2), Fraction(1), Fraction(400)]
    (found,) = exact_outputs([[-1.5]], doses, times, [[0.25]])
    with mpmath.workdps(60):
        k = mpmath.mpf(1.5)

        def filled(hours):
            return mpmath.mpf(12.5) / k * (1 - mpmath.exp(-k * hours))

        end = filled(mpmath.mpf(2) / 3)
        expected = [0, filled(mpmath.mpf(1) / 6), end, end * mpmath.exp(-k * 399)]
        assert found[0] == 0
        assert expected[-1] < 1e-250
        assert off(found, expected) < 1e-40


def test_a_dose_at_an_observation_is_in_it():
    doses = [(Fraction(1), 0, 3.0, 0.0)]
    (found,) = exact_outputs([[-1.0]], doses, [Fraction(0), Fraction(1)], [[1.0]])
    assert [float(one) for one in found] == [0.0, 3.0]


def test_a_system_that_never_changes_keeps_its_dose():
    (found,) = exact_outputs([[0.0]], [(Fraction(0), 0, 3.0, 0.0)], [Fraction(5)], [[1.0]])
    assert float(found[0]) == 3.0


@pytest.fixture(scope="module")
def literal():
    """The literal simulator as a module."""
    spec = importlib.util.spec_from_file_location("literal", CONFORMANCE / "literal.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_infusions_that_overlap_agree_with_the_literal_simulator(literal):
    with (CONFORMANCE / "24_iv2_inf_overlap" / "events.csv").open() as file:
        records = list(csv.DictReader(file))
    with mpmath.workdps(literal.DIGITS):
        system = literal.System(mpmath.matrix(RATES), outputs={1: (0, 1), 2: (1, 1)})
        truth = literal.literal(records, [system] * len(records))
    doses = [one for row in records if row["EVID"] == "1" for one in changes(literal, row)]
    looks = [row for row in records if row["EVID"] == "0"]
    times = [literal.exact(row["TIME"]) for row in looks]
    found = exact_outputs(RATES, doses, sorted(set(times)), np.eye(3))
    place = {time: k for k, time in enumerate(sorted(set(times)))}
    ours = [found[int(row["CMT"]) - 1][place[time]] for row, time in zip(looks, times, strict=True)]
    assert len(doses) >= 8
    assert off(ours, [truth[k] for k in sorted(truth)]) < 1e-40


def changes(literal, row):
    """What a dose record does, as the exact outputs take it."""
    amount, rate = literal.exact(row["AMT"]), literal.exact(row["RATE"])
    state = int(row["CMT"]) - 1
    for copy in range(int(row["ADDL"]) + 1):
        start = literal.exact(row["TIME"]) + copy * literal.exact(row["II"])
        if rate:
            yield start, state, 0.0, float(rate)
            yield start + amount / rate, state, 0.0, -float(rate)
        else:
            yield start, state, float(amount), 0.0
