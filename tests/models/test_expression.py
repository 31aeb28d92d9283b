"""Formulas of model files: the grammar, and Python's own arithmetic as the second way."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpksim.errors import ModelError
from kpksim.models.expression import LONGEST, parse_expression

VALUES = {"cl": 95.2, "vc": 133.0, "f_abs": 0.93, "ka": 0.97}
NUMBERS = st.floats(min_value=0.1, max_value=10.0).map(lambda number: f"{number:.3f}")
LEAVES = st.one_of(NUMBERS, st.sampled_from(list(VALUES)))


def larger(parts):
    """Formulas made of smaller ones."""
    pair = st.tuples(parts, st.sampled_from("+-*/"), parts)
    return st.one_of(
        pair.map(lambda three: "({} {} {})".format(*three)),
        pair.map(lambda three: "{} {} {}".format(*three)),
        parts.map(lambda one: f"-({one})"),
        parts.map(lambda one: f"({one}) ^ 2"),
        parts.map(lambda one: f"exp(-({one}) ^ 2)"),
        parts.map(lambda one: f"log(1 + ({one}) ^ 2)"),
        st.tuples(parts, parts).map(lambda two: "min({}, {})".format(*two)),
        st.tuples(parts, parts).map(lambda two: "max({}, {})".format(*two)),
    )


def python_says(formula):
    """The same formula by Python, whose arithmetic raises where ours gives inf or nan."""
    names = {"exp": math.exp, "log": math.log, "min": min, "max": max, **VALUES}
    try:
        return eval(formula.replace("^", "**"), {"__builtins__": {}}, names)
    except (ZeroDivisionError, OverflowError):
        return None


@given(st.recursive(LEAVES, larger, max_leaves=8).filter(lambda text: len(text) <= LONGEST))
def test_formula_has_the_value_that_python_gives_it(formula):
    expected = python_says(formula)
    found = float(parse_expression(formula)(VALUES))
    if expected is None:
        assert not math.isfinite(found)
    else:
        assert found == pytest.approx(expected, rel=1e-12, abs=0.0, nan_ok=True)


def test_power_binds_before_the_minus_and_from_the_right():
    assert parse_expression("-2 ^ 2")({}) == -4.0
    assert parse_expression("2 ^ 3 ^ 2")({}) == 512.0
    assert parse_expression("2 ^ -1")({}) == 0.5


def test_formula_acts_on_every_person():
    found = parse_expression("max(f_abs - f, 0)")({"f_abs": 0.93, "f": np.array([0.18, 0.95])})
    assert found == pytest.approx([0.75, 0.0])


def test_names_stand_once_in_their_order():
    assert parse_expression(" b * a + exp(b) - max(c, a)").names == ("b", "a", "c")
    assert parse_expression("2 * 3").names == ()


@pytest.mark.parametrize(
    ("formula", "value"),
    [("1 / 0", math.inf), ("log(0)", -math.inf), ("0 / 0", math.nan), ("9 ^ 9 ^ 9 ^ 9", math.inf),
     ("(0 - 2) ^ 0.5", math.nan), ("exp(1000)", math.inf)],
)  # fmt: skip
def test_formula_without_a_value_gives_no_finite_number_and_no_warning(formula, value):
    assert float(parse_expression(formula)({})) == pytest.approx(value, nan_ok=True)


@pytest.mark.parametrize(
    "formula",
    [
        "open('x')", "__import__('os')", "cl.real", "cl[0]", "[cl]", "{cl}", "(cl, vc)", "'cl'",
        "lambda: cl", "cl if vc else ka", "cl < vc", "cl and vc", "not cl", "~cl", "+cl", "cl % vc",
        "cl // vc", "cl @ vc", "True", "None", "1j", "f'{cl}'", "sin(cl)", "exp(x=cl)",
        "min(*cl, vc)",
        "(cl := 2)",
    ],
)  # fmt: skip
def test_everything_outside_the_grammar_is_refused(formula):
    with pytest.raises(ModelError, match=r"is not allowed in the expression .*; allowed are \+ -"):
        parse_expression(formula)


@pytest.mark.parametrize("formula", ["", "cl +", "(cl", "cl vc", "cl = 2", "1cl", "cl\n+ vc", "\0"])
def test_unreadable_formula_is_refused(formula):
    with pytest.raises(ModelError, match="cannot read the expression"):
        parse_expression(formula)


@pytest.mark.parametrize(
    ("formula", "message"),
    [("exp(cl, vc)", '"exp" takes 1 values'), ("min(cl)", '"min" takes 2 values')],
)
def test_function_with_other_than_its_values_is_refused(formula, message):
    with pytest.raises(ModelError, match=message):
        parse_expression(formula)


def test_very_long_formula_is_refused_before_it_is_read():
    with pytest.raises(ModelError, match="an expression has at most 500 characters, this one has"):
        parse_expression("-" * 100_000 + "cl")
    assert parse_expression("-" * (LONGEST - 2) + "cl")({"cl": 1.0}) == 1.0
