"""Fitted parameters: on the scale of the fit, in the units of the model, in a model."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.reference_model.settings import Prior
from kpksim.models import Model
from kpksim.units import dimension_of, to_internal

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Belief:
    """Parameters that are estimated, and what is believed of them before.

    Attributes
    ----------
    names : tuple of str
        P names.
    scales : tuple of str
        ``"log"`` or ``"logit"`` for each.
    centre, sd : array, shape (P,)
        Mean and standard deviation on the scale [1].
    """

    names: tuple[str, ...]
    scales: tuple[str, ...]
    centre: Array
    sd: Array

    def values(self, point: Array) -> dict[str, float]:
        """Give the parameters in internal units from their place on the scale."""
        return {
            name: float(from_scale(one, scale))
            for name, scale, one in zip(self.names, self.scales, point, strict=True)
        }

    def point(self, values: Mapping[str, float]) -> Array:
        """Give the place on the scale from the values in internal units."""
        pairs = zip(self.names, self.scales, strict=True)
        return np.array([to_scale(values[name], scale) for name, scale in pairs])


def belief_of(priors: Mapping[str, Prior]) -> Belief:
    """Put priors into arrays.

    Parameters
    ----------
    priors : mapping of str to Prior
        Priors by parameter.

    Returns
    -------
    Belief
        The same on the scales of the fit.
    """
    centres = [to_scale(internal(one.centre), one.scale) for one in priors.values()]
    return Belief(
        tuple(priors),
        tuple(one.scale for one in priors.values()),
        np.array(centres),
        np.array([one.sd for one in priors.values()]),
    )


def internal(text: str) -> float:
    """Read a quantity in its own dimension [internal unit]."""
    return to_internal(text, dimension_of(text))


def to_scale(value: float, scale: str) -> float:
    """Take a value to its scale."""
    return float(np.log(value) - (np.log1p(-value) if scale == "logit" else 0.0))


def from_scale(place: ArrayLike, scale: str) -> Array:
    """Take places on a scale back to values."""
    places = np.asarray(place, dtype=float)
    return np.asarray(1.0 / (1.0 + np.exp(-places)) if scale == "logit" else np.exp(places))


def interval(place: ArrayLike, sd: ArrayLike, scale: str) -> tuple[float, float]:
    """Give the 95 % interval of a parameter in its own unit."""
    middle, spread = float(np.asarray(place)), 1.96 * float(np.asarray(sd))
    return float(from_scale(middle - spread, scale)), float(from_scale(middle + spread, scale))


def with_values(model: Model, values: Mapping[str, float]) -> Model:
    """Give the model with other typical values.

    Parameters
    ----------
    model : Model
        The model.
    values : mapping of str to float
        Values in internal units.

    Returns
    -------
    Model
        The model with these values; nothing else changes.
    """
    new = {name: replace(model.parameters[name], value=value) for name, value in values.items()}
    return replace(model, parameters={**model.parameters, **new})


def plain(value: float, digits: int = 3) -> str:
    """Write a number with so many digits and without an exponent."""
    return f"{float(f'{value:.{digits}g}'):g}"
