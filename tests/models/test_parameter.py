"""Parameters of people: weight, covariates, random effects; closed forms as the second way."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from kpksim.models.document import ParameterDocument
from kpksim.models.parameter import Scaling, read_parameter

WEIGHT = {"weight": np.array([35.0, 70.0, 140.0])}
ALLOMETRY = {"covariate": "weight", "reference": "70 kg", "exponent": 0.75}
AGE_SLOPE = {
    "covariate": "age",
    "form": "additive",
    "reference": "60 year",
    "slope": "-2.19 L/h",
    "per": "1 year",
}


def parameter(**record):
    return read_parameter("p", ParameterDocument(**record), "user")


@given(
    st.floats(min_value=1.0, max_value=300.0),
    st.floats(min_value=-1.5, max_value=1.5),
    st.floats(min_value=1.0, max_value=300.0),
)
def test_power_of_weight_is_a_straight_line_in_logarithms(reference, exponent, weight):
    scaling = {"covariate": "weight", "reference": f"{reference} kg", "exponent": exponent}
    cl = parameter(value="95.2 L/h", scaling=scaling)
    found = cl.of_people({"weight": np.array([weight])}, None)
    expected = math.log(95.2) + exponent * (math.log(weight) - math.log(reference))
    assert np.log(found) == pytest.approx(expected, abs=1e-12)


def test_value_per_weight_grows_with_weight():
    vc = parameter(value="0.063 L/kg")
    assert (vc.dimension, vc.unit) == ("volume per weight", "L/kg")
    assert vc.of_people(WEIGHT, None) == pytest.approx([2.205, 4.41, 8.82])


def test_twice_the_weight_is_16_to_the_3_over_16_of_the_clearance():
    cl = parameter(value="1 L/h", scaling=ALLOMETRY)
    assert cl.of_people(WEIGHT, None) == pytest.approx([0.5**0.75, 1.0, 8.0**0.25])


def test_scalings_multiply_one_after_the_other():
    further = {"covariate": "age", "reference": "40 year", "exponent": -1.0}
    cl = parameter(value="10 L/h", scaling=[ALLOMETRY, further])
    year = 365.25 * 24.0
    found = cl.of_people(WEIGHT | {"age": year * np.array([40.0, 80.0, 20.0])}, None)
    assert found == pytest.approx(10.0 * np.array([0.5**0.75, 0.5, 2.0 * 2.0**0.75]))


@pytest.mark.parametrize(("above", "at_30"), [(False, 151.0 + 2.19 * 30.0), (True, 151.0)])
def test_slope_acts_on_both_sides_of_the_reference_or_above_it(above, at_30):
    qh = parameter(value="151 L/h", scaling=AGE_SLOPE | {"above": above})
    age = 365.25 * 24.0 * np.array([30.0, 60.0, 70.0])
    found = qh.of_people(WEIGHT | {"age": age}, None)
    assert found == pytest.approx([at_30, 151.0, 151.0 - 21.9])


def test_slope_of_a_value_per_weight_is_per_weight_too():
    slope = AGE_SLOPE | {"slope": "0.1 L/h/kg"}
    cl = parameter(value="1 L/h/kg", scaling=slope)
    age = 365.25 * 24.0 * np.array([61.0, 61.0, 62.0])
    assert cl.of_people(WEIGHT | {"age": age}, None) == pytest.approx([38.5, 77.0, 168.0])


def test_category_that_is_not_named_has_factor_one():
    sex = {"covariate": "sex", "form": "category", "factors": {"female": 1.34}}
    cl = parameter(value="2 L/h", scaling=sex)
    found = cl.of_people(WEIGHT | {"sex": np.array(["female", "male", "female"])}, None)
    assert found == pytest.approx([2.68, 2.0, 2.68])
    assert Scaling("sex", "category")(np.ones(1), np.array(["male"])) == pytest.approx([1.0])


def test_log_scale_makes_the_distribution_of_scipy():
    ka = parameter(value="0.97 1/h", iiv={"cv": 1.32})
    assert ka.iiv.omega2 == pytest.approx(math.log(1.0 + 1.32**2))
    sd = math.sqrt(ka.iiv.omega2)
    share = np.array([0.05, 0.5, 0.95])
    found = ka.of_people(WEIGHT, sd * stats.norm.ppf(share))
    assert found == pytest.approx(stats.lognorm(sd, scale=0.97).ppf(share))
    assert stats.lognorm(sd).std() / stats.lognorm(sd).mean() == pytest.approx(1.32)


def test_logit_scale_is_that_of_scipy():
    share = parameter(value="54 %", iiv={"omega2": 0.501, "scale": "logit"})
    eta = np.array([-3.0, 0.0, 3.0])
    found = share.of_people(WEIGHT, eta)
    assert found == pytest.approx(special.expit(special.logit(0.54) + eta), rel=1e-14)


@given(st.floats(min_value=1e-6, max_value=1.0 - 1e-6), st.floats(min_value=-700, max_value=700))
def test_share_on_the_logit_scale_stays_a_share(value, eta):
    share = parameter(value=repr(value), iiv={"omega2": 1.0, "scale": "logit"})
    found = share.of_people({"weight": np.array([70.0])}, np.array([eta]))
    assert 0.0 <= found[0] <= 1.0


def test_typical_person_has_the_value_itself():
    vc = parameter(value="133 L", iiv={"omega2": 0.08})
    assert vc.of_people(WEIGHT, None).tolist() == [133.0] * 3


def test_random_effect_without_spread_changes_nothing():
    assert parameter(value="133 L").of_people(WEIGHT, np.ones(3)).tolist() == [133.0] * 3


def test_spread_between_doses_is_kept_apart():
    both = parameter(value="20.1 min", iiv={"omega2": 0.021}, iov={"omega2": 0.751})
    assert (both.iiv.omega2, both.iov.omega2) == (0.021, 0.751)
    assert both.value == pytest.approx(0.335)


def test_record_of_the_source_is_kept():
    record = read_parameter(
        "cl",
        ParameterDocument(
            value="95.2 L/h", kind="fixed", grade="B", where="table 3", source="fanta2015"
        ),
        "otto2021",
    )
    assert (record.source, record.grade, record.where) == ("fanta2015", "B", "table 3")
    assert (record.kind, record.text, record.unit) == ("fixed", "95.2 L/h", "L/h")
    assert record.needs == ()
    derived = parameter(expression="max(f_abs - f_oral, 0)")
    assert derived.needs == ("f_abs", "f_oral")
    assert math.isnan(derived.value)
