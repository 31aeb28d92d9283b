"""A problem whose posterior and evidence are known."""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.stats import norm


@dataclass(frozen=True)
class Gaussians:
    """One observation of each of k values that are normal a priori: all is conjugate.

    Prior N(0, 2^2) of each value; observed with a standard error of its own.
    """

    observed: tuple[float, ...] = (1.0, -2.0, 0.5)
    errors: tuple[float, ...] = (0.3, 1.0, 4.0)
    statement_hash: str = "three numbers"
    prior_sd: float = 2.0

    @property
    def names(self):
        return tuple(f"theta{k}" for k in range(len(self.observed)))

    def transform(self, u):
        return norm.ppf(u) * self.prior_sd

    def cube(self, values):
        return norm.cdf(values / self.prior_sd)

    def log_likelihood(self, values):
        z = (values - np.array(self.observed)) / np.array(self.errors)
        return float(-0.5 * z @ z - np.log(self.errors).sum() - len(z) / 2 * np.log(2 * np.pi))

    def log_evidence(self):
        spread = np.hypot(self.prior_sd, self.errors)
        return float(norm.logpdf(self.observed, 0.0, spread).sum())

    def posterior(self):
        """Give mean and standard deviation of each value."""
        variance = 1 / (1 / self.prior_sd**2 + 1 / np.array(self.errors) ** 2)
        return variance * np.array(self.observed) / np.array(self.errors) ** 2, np.sqrt(variance)


@pytest.fixture(scope="session")
def gaussians():
    return Gaussians()
