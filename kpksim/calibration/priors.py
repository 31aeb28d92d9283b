"""From the unit cube to parameters: the priors of a hypothesis as a sampler needs them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv, betaln, ndtr, ndtri, xlog1py, xlogy

from kpksim.library.effect_document import Beta, LogNormal, Prior
from kpksim.units import hours

Array = NDArray[np.float64]

HALF_LOG_2_PI = 0.5 * float(np.log(2.0 * np.pi))
_TIMES = ("min", "h", "d")


@dataclass(frozen=True)
class Priors:
    """Independent priors of P parameters, in an order; times in h.

    Attributes
    ----------
    names : tuple of str
        Names of the parameters.
    normal : array of bool, shape (P,)
        Whether a parameter is log-normal and not beta.
    median, sd : array, shape (P,)
        Median and standard deviation of the logarithm of those.
    shapes : array, shape (P, 2)
        Both shape parameters of the others.
    """

    names: tuple[str, ...]
    normal: NDArray[np.bool_]
    median: Array
    sd: Array
    shapes: Array

    @classmethod
    def of(cls, records: Mapping[str, Prior], widen: Mapping[str, float]) -> "Priors":
        """Put records in an order.

        Parameters
        ----------
        records : mapping of str to Prior
            Records by name.
        widen : mapping of str to float
            Factor on the standard deviation of the logarithm, by name [1].

        Returns
        -------
        Priors
            The priors.
        """
        names = tuple(records)
        normal = np.array([isinstance(one.distribution, LogNormal) for one in records.values()])
        median, sd = np.ones(len(names)), np.zeros(len(names))
        shapes = np.ones((len(names), 2))
        for k, (name, record) in enumerate(records.items()):
            law = record.distribution
            if isinstance(law, Beta):
                shapes[k] = law.a, law.b
            else:
                unit = hours(f"1 {record.unit}") if record.unit in _TIMES else 1.0
                median[k], sd[k] = law.median * unit, law.sd * widen.get(name, 1.0)
        return cls(names, normal, median, sd, shapes)

    def transform(self, cube: Array) -> Array:
        """Give the parameters at a point of the unit cube.

        Parameters
        ----------
        cube : array, shape (..., P)
            Probabilities.

        Returns
        -------
        array, shape (..., P)
            Their quantiles.

        Examples
        --------
        >>> record = Prior.model_validate({
        ...     "distribution": {"family": "lognormal", "median": 4.0, "sd": 0.8}, "unit": "d",
        ...     "range": (1.1, 15.0), "kind": "assumed", "grade": "D", "reason": "-", "sources": [],
        ... })
        >>> float(Priors.of({"t_slow": record}, {}).transform(np.array([0.5]))[0])
        96.0
        """
        inside = np.clip(cube, 1e-12, 1.0 - 1e-12)
        found: Array = self.median * np.exp(self.sd * ndtri(inside))
        for k in np.flatnonzero(~self.normal):
            found[..., k] = betaincinv(*self.shapes[k], inside[..., k])
        return found

    def log_densities(self, values: Array) -> Array:
        """Logarithm of the prior density of every parameter.

        Parameters
        ----------
        values : array, shape (..., P)
            Parameters.

        Returns
        -------
        array, shape (..., P)
            The logarithms, per unit of each parameter.
        """
        sd = np.where(self.sd > 0.0, self.sd, 1.0)
        scaled = np.log(values / self.median) / sd
        one = -0.5 * scaled**2 - np.log(sd * values) - HALF_LOG_2_PI
        for k in np.flatnonzero(~self.normal):
            a, b = self.shapes[k]
            share = values[..., k]
            one[..., k] = xlogy(a - 1.0, share) + xlog1py(b - 1.0, -share) - betaln(a, b)
        found: Array = one
        return found

    def cube(self, values: Array) -> Array:
        """Give the point of the unit cube that some parameters come from.

        Parameters
        ----------
        values : array, shape (..., P)
            Parameters.

        Returns
        -------
        array, shape (..., P)
            Probabilities.
        """
        found: Array = ndtr(np.log(values / self.median) / np.where(self.sd > 0.0, self.sd, 1.0))
        for k in np.flatnonzero(~self.normal):
            found[..., k] = betainc(*self.shapes[k], values[..., k])
        return found
