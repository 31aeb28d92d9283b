import numpy as np
import pytest
from scipy import stats

from kpksim.calibration.priors import Priors
from kpksim.library.effect_document import Prior


def record(distribution, unit="1"):
    facts = {"unit": unit, "range": (0.0, 1.0), "kind": "assumed", "grade": "D", "reason": "-"}
    return Prior.model_validate({"distribution": distribution, "sources": [], **facts})


RECORDS = {
    "t_slow": record({"family": "lognormal", "median": 4.0, "sd": 0.8}, "d"),
    "rf": record({"family": "beta", "a": 1.5, "b": 3.0}),
}
LAWS = [stats.lognorm(0.8, scale=96.0), stats.beta(1.5, 3.0)]


def test_quantiles_and_densities_are_those_of_scipy():
    priors = Priors.of(RECORDS, {})
    cube = np.random.default_rng(1).uniform(0.01, 0.99, size=(50, 2))
    values = priors.transform(cube)
    densities = priors.log_densities(values)
    for k, law in enumerate(LAWS):
        np.testing.assert_allclose(values[:, k], law.ppf(cube[:, k]), rtol=1e-9)
        np.testing.assert_allclose(densities[:, k], law.logpdf(values[:, k]), rtol=1e-9, atol=1e-9)


def test_the_cube_is_found_back():
    priors = Priors.of(RECORDS, {})
    cube = np.random.default_rng(2).uniform(0.01, 0.99, size=(20, 2))
    np.testing.assert_allclose(priors.cube(priors.transform(cube)), cube, rtol=1e-9)


def test_a_wider_prior_has_the_same_median_and_farther_quantiles():
    wide, plain = (Priors.of(RECORDS, widen) for widen in ({"t_slow": 1.7}, {}))
    middle, upper = np.full(2, 0.5), np.full(2, 0.975)
    assert wide.transform(middle)[0] == pytest.approx(plain.transform(middle)[0])
    ratio = np.log(wide.transform(upper)[0] / 96.0) / np.log(plain.transform(upper)[0] / 96.0)
    assert ratio == pytest.approx(1.7)


def test_the_ends_of_the_cube_give_finite_values():
    priors = Priors.of(RECORDS, {})
    for end in (0.0, 1.0):
        values = priors.transform(np.full(2, end))
        assert np.isfinite(values).all() and np.isfinite(priors.log_densities(values)).all()
