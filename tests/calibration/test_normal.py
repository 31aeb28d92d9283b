"""Normal and binomial distributions against SciPy."""

import numpy as np
import pytest
from scipy import special, stats

from kpksim.calibration.normal import binomial_tails, normal_cdf, normal_pdf, normal_quantile


def test_the_distribution_function_is_that_of_scipy_tails_and_all():
    x = np.linspace(-37.0, 37.0, 9999)
    found = np.array([normal_cdf(one) for one in x])
    wanted = special.ndtr(x)
    assert np.abs(found - wanted).max() < 1e-8
    assert np.abs(found / wanted - 1.0)[x < 0.0].max() < 2e-8


def test_the_distribution_function_takes_infinity():
    assert normal_cdf(-np.inf) == 0.0
    assert normal_cdf(np.inf) == 1.0


def test_the_density_is_that_of_scipy():
    x = np.linspace(-12.0, 12.0, 999)
    np.testing.assert_allclose([normal_pdf(one) for one in x], stats.norm.pdf(x), rtol=1e-13)


def test_the_quantile_goes_back_where_the_distribution_function_came_from():
    x = np.linspace(-8.9, 8.9, 999)
    found = [normal_quantile(special.ndtr(one), special.ndtr(-one)) for one in x]
    np.testing.assert_allclose(found, x, atol=5e-8)


@pytest.mark.parametrize(("p", "wanted"), [(0.0, -9.0), (1.0, 9.0), (1e-300, -9.0)])
def test_a_quantile_beyond_nine_standard_deviations_is_nine(p, wanted):
    assert normal_quantile(p, 1.0 - p) == wanted


@pytest.mark.parametrize("n", [1, 7, 18, 70, 200])
@pytest.mark.parametrize("p", [1e-9, 0.02, 0.5, 0.51, 0.97, 1.0 - 1e-7])
def test_tails_of_the_binomial_distribution_are_those_of_scipy(n, p):
    for k in {-1, 0, n // 3, n - 1, n}:
        below, above = binomial_tails(k, n, p)
        assert below == pytest.approx(stats.binom.cdf(k, n, p), rel=1e-7, abs=1e-290)
        assert above == pytest.approx(stats.binom.sf(k, n, p), rel=1e-7, abs=1e-290)
