"""The origin guard for people: whether those who are simulated are like those behind a model."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kpksim.models import Covariate, Model
from kpksim.population import People
from kpksim.units import dimension_of, to_internal
from kpksim.vocabulary import OTHER_PEOPLE

Array = NDArray[np.float64]
LIGHTEST_ADULT = 39.0
"""Lightest of the 820 adults of [perezruixo2021]_, the widest population of the library [kg]."""


def people_warnings(model: Model, people: People) -> list[str]:
    """Say which of the people are unlike those behind a model.

    Parameters
    ----------
    model : Model
        The model.
    people : People
        S people; covariates that they lack are the typical person's and fit.

    Returns
    -------
    list of str
        One sentence for each covariate that lies outside its range.
    """
    said = [
        covariate_warning(model, name, people.covariates[name])
        for name in dict.fromkeys(["weight", *model.covariates])
        if name in people.covariates
    ]
    return [one for one in said if one]


def covariate_warning(model: Model, name: str, values: Array) -> str:
    """Say that a covariate lies outside what informed a model.

    Parameters
    ----------
    model : Model
        The model.
    name : str
        Name of the covariate, such as ``"weight"``.
    values : array, shape (S,)
        Of S people, in the internal unit.

    Returns
    -------
    str
        One sentence; empty where nothing is known against it.
    """
    known = model.covariates.get(name)
    if known is not None and known.range is not None:
        return _outside_range(model, known, values)
    return _unlike(model, values) if name == "weight" else ""


def different_people(models: Sequence[Model]) -> list[str]:
    """Say that models are about people of different kinds, or of a kind that is not compared.

    Parameters
    ----------
    models : sequence of Model
        The models of a comparison.

    Returns
    -------
    list of str
        At most one sentence.
    """
    kinds = {one.name: one.people for one in models if one.people != "unknown"}
    if len(set(kinds.values())) > 1:
        told = ", ".join(f"{name} about {kind}" for name, kind in kinds.items())
        return [f"The models are about different people ({told}): curves differ by people too."]
    return []


def effect_people_warning(model: Model) -> str:
    """Say that effects are stated for other people than those behind a model.

    Parameters
    ----------
    model : Model
        A model that drives effects.

    Returns
    -------
    str
        One sentence; empty when nothing is known against it.
    """
    if model.people not in OTHER_PEOPLE:
        return ""
    return f"{model.name} is about {_said(model.people)}; the effects are stated for adults."


def _outside_range(model: Model, known: Covariate, values: Array) -> str:
    """Compare people with the range of a covariate."""
    assert known.range is not None
    low, high = (_internal(known, one) for one in known.range)
    outside = ~((values >= low * (1.0 - 1e-9)) & (values <= high * (1.0 + 1e-9)))
    if not outside.any():
        return ""
    unit = _internal(known, f"1 {known.unit}")
    return (
        f"The range of {known.name} behind {model.name} is {known.range[0]} to {known.range[1]}, "
        f"got {_who(values, outside, str(known.unit), unit)}: what it gives there is extrapolated."
    )


def _unlike(model: Model, values: Array) -> str:
    """Compare weights with the kind of people where a model states no range."""
    light = values < LIGHTEST_ADULT
    wrong = {"adults": light, "children": ~light}.get(model.people, np.zeros_like(light))
    if not wrong.any():
        return ""
    side = "below" if model.people == "adults" else "not below"
    return (
        f"{model.name} is about {model.people}, got a weight of {_who(values, wrong, 'kg', 1.0)}, "
        f"{side} that of the lightest adult of the library ({LIGHTEST_ADULT:g} kg, "
        "perezruixo2021): what it gives there is extrapolated."
    )


def _who(values: Array, which: NDArray[np.bool_], unit: str, size: float) -> str:
    """Name the values of some people, in a unit of some size."""
    found = values[which] / size
    if len(values) == 1:
        return f"{found[0]:.3g} {unit}"
    return f"{found.min():.3g} to {found.max():.3g} {unit} in {which.sum()} of {len(values)} people"


def _internal(known: Covariate, text: str) -> float:
    """Read a value of a covariate in its internal unit."""
    dimension = "weight" if known.name == "weight" else dimension_of(known.reference)
    return to_internal(text, dimension)


def _said(people: str) -> str:
    """Say a kind of people in a sentence."""
    return f"people in {people}" if people == "intensive care" else people
