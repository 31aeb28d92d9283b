"""What becomes of a dose before it is in a compartment: route, share, lag, zero-order duration."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.errors import ModelError, unknown
from kpksim.models.model import Model, Values
from kpksim.models.structure import Administration, Share

Array = NDArray[np.float64]
_ROUNDING = 1e-12
_LABEL = 1e-3
"""How far a label rounds a dose: 32.3 mg of hydrochloride stand for 28 mg of base [1]."""


@dataclass(frozen=True)
class Intake:
    """One way of a dose into one compartment.

    Attributes
    ----------
    compartment : int
        Position of the compartment.
    share : array, shape (S,)
        Share of the dose that goes this way [1].
    bioavailability : array, shape (S,)
        NONMEM's F [1].
    lag : array, shape (S,)
        Time until it begins [h].
    duration : array, shape (S,), or None
        Length of a zero-order input that the model states [h].
    rate : array, shape (S,), or None
        Rate of a zero-order input that the model states [mg/h].
    """

    compartment: int
    share: Array
    bioavailability: Array
    lag: Array
    duration: Array | None
    rate: Array | None


def intakes_by_route(
    model: Model,
    values: Values,
    route: str,
    amount: float,
    product: str | None = None,
    drug: str | None = None,
) -> list[Intake]:
    """Say where a dose by a route goes in each person.

    Parameters
    ----------
    model : Model
        The model.
    values : dict of str to array, shape (S,)
        Parameters of each person.
    route : str
        A key of `kpksim.vocabulary.ROUTES`.
    amount : float
        Dose of one administration [mg], for shares that depend on it.
    product : str, optional
        Which tablet, spray or wafer; the first that the model lists when none is named.
    drug : str, optional
        The drug that is given; one that the model does not tell apart goes where its own goes.

    Returns
    -------
    list of Intake
        The ways into the body.

    Raises
    ------
    ModelError
        If the model does not know the route, or a person would absorb more than the dose.
    UnknownName
        If the model does not know the product.
    """
    entries = _entries(model, drug, route, product)
    shares = _shares(model, values, entries, amount)
    intakes = [
        _intake(model, values, entry, share) for entry, share in zip(entries, shares, strict=True)
    ]
    if not any(entry.scale_factor for entry in entries):
        _refuse_more_than_dose(model, route, intakes)
    return intakes


def intake_by_compartment(model: Model, values: Values, compartment: int) -> Intake:
    """Say what becomes of a dose that an event record puts into a compartment.

    Parameters
    ----------
    model : Model
        The model.
    values : dict of str to array, shape (S,)
        Parameters of each person.
    compartment : int
        Position of the compartment, from 0.

    Returns
    -------
    Intake
        The way into the body, with the compartment's own F, lag, duration and rate.
    """
    entry = Administration("iv", model.compartments[compartment].name)
    return _intake(model, values, entry, np.ones(_people(values)))


def _people(values: Values) -> int:
    """Count the people that parameters stand for."""
    return len(next(iter(values.values()))) if values else 1


def _entries(
    model: Model, drug: str | None, route: str, product: str | None
) -> list[Administration]:
    """Find the administrations of a drug, route and product."""
    given = drug if drug in model.drugs else model.drug
    of_drug = [entry for entry in model.administrations if (entry.drug or model.drug) == given]
    of_route = [entry for entry in of_drug if entry.route == route]
    if not of_route:
        routes = list(dict.fromkeys(entry.route for entry in of_drug))
        of_what = "" if len(model.drugs) == 1 else f" for {given}"
        raise ModelError(
            f'{model.name} has no route "{route}"{of_what}; its routes are '
            f"{', '.join(routes) or 'none'}{_why_no_other(model)}"
        )
    products = list(dict.fromkeys(entry.product for entry in of_route))
    wanted = products[0] if product is None else product
    if wanted not in products:
        named = [one for one in products if one]
        way_out = "" if named else "the model tells no products apart; leave it out"
        raise unknown(f"product by route {route} in {model.name}", str(wanted), named, way_out)
    return [entry for entry in of_route if entry.product == wanted]


def _why_no_other(model: Model) -> str:
    """Say why a model with CL/F has no other route, which one with CL might have."""
    if model.clearance != "apparent":
        return ""
    return "; it knows CL/F, and nothing else tells the F of its own route from that of another"


def _shares(
    model: Model, values: Values, entries: list[Administration], amount: float
) -> list[Array]:
    """Give the share of each entry; "rest" is one minus the others."""
    people = _people(values)
    stated = [
        _by_dose(model, entry, amount) if entry.fraction_by_dose else entry.fraction
        for entry in entries
    ]
    shares = [
        np.zeros(people) if one == "rest" else np.broadcast_to(model.share(one, values), (people,))
        for one in stated
    ]
    rest = 1.0 - np.sum(shares, axis=0)
    return [rest if one == "rest" else share for one, share in zip(stated, shares, strict=True)]


def _by_dose(model: Model, entry: Administration, amount: float) -> Share:
    """Look up a share that depends on the dose."""
    table: Mapping[float, Share] = entry.fraction_by_dose
    for dose, share in table.items():
        if abs(dose - amount) <= _LABEL * dose:
            return share
    doses = ", ".join(f"{dose:g}" for dose in table)
    raise ModelError(
        f"{model.name}: the share absorbed by route {entry.route} is known for doses of "
        f"{doses} mg, got {amount:g} mg; give one of these"
    )


def _intake(model: Model, values: Values, entry: Administration, share: Array) -> Intake:
    """Join what an administration says with what its compartment says."""
    index = model.index(entry.into)
    compartment = model.compartments[index]
    people = _people(values)
    bioavailability = _first(entry.bioavailability, compartment.bioavailability)
    lag = _first(entry.lag, compartment.lag)
    stated = entry if entry.duration or entry.rate else compartment
    return Intake(
        compartment=index,
        share=np.asarray(share),
        bioavailability=np.array(np.broadcast_to(model.share(bioavailability, values), (people,))),
        lag=np.zeros(people) if lag is None else values[str(lag)],
        duration=None if stated.duration is None else values[stated.duration],
        rate=None if stated.rate is None else values[stated.rate],
    )


def _first(override: Share | None, default: Share | None) -> Share | None:
    """Take what the administration says, else what the compartment says."""
    return default if override is None else override


def _refuse_more_than_dose(model: Model, route: str, intakes: list[Intake]) -> None:
    """Refuse an administration of which somebody would absorb more than the dose."""
    total = np.sum([one.share * one.bioavailability for one in intakes], axis=0)
    negative = np.min([one.share for one in intakes], axis=0) < -_ROUNDING
    if (total > 1.0 + _ROUNDING).any() or negative.any():
        raise ModelError(
            f"{model.name}: shares of a dose by route {route} must lie between 0 and 1 and add up "
            f"to at most 1, the largest sum is {total.max():.6g}"
        )
