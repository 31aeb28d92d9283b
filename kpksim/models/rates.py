"""The rate matrix of a compartment graph, for many people at once."""

import numpy as np
from numpy.typing import NDArray

from kpksim.errors import ModelError
from kpksim.models.model import Model, Values
from kpksim.models.structure import Flow
from kpksim.vocabulary import MOLAR_MASS

Array = NDArray[np.float64]
_ROUNDING = 1e-12


def rate_matrix(model: Model, values: Values) -> Array:
    """Give the matrix K of dx/dt = K x for the amounts x.

    Parameters
    ----------
    model : Model
        The model, n compartments.
    values : dict of str to array, shape (S,)
        Parameters of each person, from `Model.values`.

    Returns
    -------
    array, shape (S, n, n)
        Rate constants [1/h]; row = compartment that receives, column = compartment that gives.

    Raises
    ------
    ModelError
        If a volume is 0 or shares of a flow add up to more than one in some person.
    """
    people = len(next(iter(values.values()))) if values else 1
    n = len(model.compartments)
    matrix = np.zeros((people, n, n))
    for flow in model.flows:
        origin = model.index(flow.origin)
        rate = _rate_constant(model, flow, values)
        matrix[:, origin, origin] -= rate
        total = np.zeros(people)
        for name, share in flow.arrivals.items():
            arriving = np.broadcast_to(model.share(share, values), (people,))
            total = total + arriving
            matrix[:, model.index(name), origin] += (
                rate * arriving * _molar_factor(model, flow, name)
            )
        _refuse_more_than_all(model, flow, total)
    return matrix


def output_rows(model: Model, outputs: tuple[str, ...], values: Values) -> Array:
    """Give the rows that turn amounts into concentrations.

    Parameters
    ----------
    model : Model
        The model, n compartments.
    outputs : tuple of str
        Names of A outputs.
    values : dict of str to array, shape (S,)
        Parameters of each person.

    Returns
    -------
    array, shape (S, A, n)
        Reciprocal volumes [1/L]: rows @ amounts [mg] = concentrations [mg/L].

    Raises
    ------
    ModelError
        If a volume is 0 in some person.
    """
    people = len(next(iter(values.values()))) if values else 1
    rows = np.zeros((people, len(outputs), len(model.compartments)))
    for k, output in enumerate(outputs):
        for name in model.outputs[output].compartments:
            rows[:, k, model.index(name)] = 1.0 / _volume(model, name, values)
    return rows


def reachable(model: Model, start: set[int]) -> list[int]:
    """Find the compartments that drug can reach.

    Parameters
    ----------
    model : Model
        The model.
    start : set of int
        Positions of the compartments that receive doses.

    Returns
    -------
    list of int
        Positions of all compartments that drug reaches from there, ascending.

    """
    found, open_ends = set(start), list(start)
    while open_ends:
        origin = model.compartments[open_ends.pop()].name
        for flow in model.flows:
            if flow.origin == origin:
                new = {model.index(name) for name in flow.arrivals} - found
                found |= new
                open_ends.extend(new)
    return sorted(found)


def _rate_constant(model: Model, flow: Flow, values: Values) -> Array:
    """Give the rate constant of a flow [1/h], shape (S,)."""
    if flow.rate is not None:
        return values[flow.rate]
    assert flow.clearance is not None
    return values[flow.clearance] / _volume(model, flow.origin, values)


def _volume(model: Model, compartment: str, values: Values) -> Array:
    """Give the volume of a compartment [L], shape (S,)."""
    volume = model.compartments[model.index(compartment)].volume
    assert volume is not None  # checked when the model is read
    if not (values[volume] > 0.0).all():
        raise ModelError(f'{model.name}: a volume must be > 0, "{volume}" is 0 in some person')
    return values[volume]


def _molar_factor(model: Model, flow: Flow, arrival: str) -> float:
    """Give the mass of product that one mass unit of the origin becomes."""
    if not flow.molar:
        return 1.0
    before = model.compartments[model.index(flow.origin)].analyte
    after = model.compartments[model.index(arrival)].analyte
    return MOLAR_MASS[str(after)] / MOLAR_MASS[str(before)]


def _refuse_more_than_all(model: Model, flow: Flow, total: Array) -> None:
    """Refuse a flow of which more than all arrives."""
    if (total > 1.0 + _ROUNDING).any():
        person = int(np.argmax(total))
        raise ModelError(
            f'{model.name}: shares of the flow from "{flow.origin}" add up to {total[person]:.6g} '
            f"in person {person + 1}; they must not exceed 1"
        )
