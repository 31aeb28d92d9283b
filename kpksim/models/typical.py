"""Whether a model can be computed for its typical person."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from kpksim.models.intake import intakes_by_route
from kpksim.models.model import Model
from kpksim.models.rates import kinetics, output_rows


def check_typical(model: Model) -> None:
    """Refuse a model that cannot be computed for its typical person.

    Parameters
    ----------
    model : Model
        The model; its names and dimensions are checked already.

    Raises
    ------
    ModelError
        If a parameter is negative or not finite, or shares add up to more than one.
    """
    values = model.values(_typical_covariates(model))
    kinetics(model, values)
    output_rows(model, tuple(model.outputs), values)
    for (drug, route, product), amount in _doses(model):
        intakes_by_route(model, values, route, amount, product, drug)


def _typical_covariates(model: Model) -> dict[str, NDArray[np.float64]]:
    """Give the reference of each covariate; a category that is not said has factor 1."""
    found = {"weight": np.array([70.0])}
    found |= {name: np.array([one.typical]) for name, one in model.covariates.items()}
    for parameter in model.parameters.values():
        for scaling in parameter.scalings:
            found.setdefault(scaling.covariate, np.array([np.nan]))
    return found


def _doses(model: Model) -> Iterator[tuple[tuple[str, str, str | None], float]]:
    """Give each drug, route and product with every dose that has a share, else with 1 mg."""
    doses: dict[tuple[str, str, str | None], dict[float, None]] = {}
    for entry in model.administrations:
        stated = doses.setdefault((entry.drug or model.drug, entry.route, entry.product), {})
        stated |= dict.fromkeys(entry.fraction_by_dose)
    for way, amounts in doses.items():
        yield from ((way, amount) for amount in amounts or (1.0,))
