"""The kinetics of a compartment graph, for many people at once."""

import numpy as np
from numpy.typing import NDArray

from kpksim.engine import Kinetics, Nonlinear
from kpksim.errors import ModelError
from kpksim.models.model import Model, Values
from kpksim.models.structure import Enzyme, Flow
from kpksim.vocabulary import MOLAR_MASS

Array = NDArray[np.float64]
_ROUNDING = 1e-12
FASTEST = 1e12
"""Fastest rate constant that is integrated step by step [1/h]: some nanoseconds."""


def kinetics(model: Model, values: Values) -> Kinetics:
    """Give what the engine solves: the matrix of a linear model, the system of another.

    Parameters
    ----------
    model : Model
        The model, n compartments and enzymes.
    values : dict of str to array, shape (S,)
        Parameters of each person, from `Model.values`.

    Returns
    -------
    Kinetics
        Of S people and n states, amounts [mg] and after them how far each enzyme is above its
        baseline [1].

    Raises
    ------
    ModelError
        As for `rate_matrix`, or if a km or ec50 is 0 or a flow is instant in some person.
    """
    rates = rate_matrix(model, values)
    if model.is_linear:
        return rates
    flows = [flow for flow in model.flows if not _is_proportional(flow)]
    people, n = rates.shape[:2]
    boost = np.zeros((len(flows) + len(model.enzymes), n))
    for k, flow in enumerate(flows):
        boost[k, _positions(model, flow.enzyme)] = 1.0
    with np.errstate(over="ignore", invalid="ignore"):  # refused below
        processes = [_process(model, flow, values) for flow in flows]
        processes += [_induction(model, enzyme, values) for enzyme in model.enzymes]
    origins, speed, saturation, moves = zip(*processes, strict=True)
    system = Nonlinear(
        rates=rates,
        origin=np.array(origins),
        speed=np.stack([np.broadcast_to(one, people) for one in speed], axis=1),
        saturation=np.stack([np.broadcast_to(one, people) for one in saturation], axis=1),
        moves=np.stack(moves, axis=1),
        boost=boost,
    )
    _refuse_instant(model, system)
    return system


def rate_matrix(model: Model, values: Values) -> Array:
    """Give the matrix K of dx/dt = K x for the amounts x: all flows that are proportional to them.

    Parameters
    ----------
    model : Model
        The model, n compartments and enzymes.
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
    matrix = np.zeros((people, model.n_states, model.n_states))
    for flow in filter(_is_proportional, model.flows):
        rate = _rate_constant(model, flow, values)
        matrix[:, :, model.index(flow.origin)] += rate[:, None] * _moves(model, flow, values)
    for enzyme in model.enzymes:
        place = _positions(model, enzyme.name)[0]
        matrix[:, place, place] = -values[enzyme.turnover]
    return matrix


def output_rows(model: Model, outputs: tuple[str, ...], values: Values) -> Array:
    """Give the rows that turn amounts into concentrations.

    Parameters
    ----------
    model : Model
        The model, n compartments and enzymes.
    outputs : tuple of str
        Names of A outputs.
    values : dict of str to array, shape (S,)
        Parameters of each person.

    Returns
    -------
    array, shape (S, A, n)
        Reciprocal volumes [1/L]: rows @ amounts [mg] = concentrations [mg/L]; 0 for enzymes.

    Raises
    ------
    ModelError
        If a volume is 0 in some person.
    """
    people = len(next(iter(values.values()))) if values else 1
    rows = np.zeros((people, len(outputs), model.n_states))
    for k, output in enumerate(outputs):
        for name in model.outputs[output].compartments:
            rows[:, k, model.index(name)] = 1.0 / _volume(model, name, values)
    return rows


def reachable(model: Model, start: set[int]) -> list[int]:
    """Find the compartments that drug can reach, and the enzymes that it induces there.

    Parameters
    ----------
    model : Model
        The model.
    start : set of int
        Positions of the compartments that receive doses, and of enzymes that are induced already.

    Returns
    -------
    list of int
        Positions of all compartments that drug reaches from there, then of the enzymes.

    """
    found = set(start)
    open_ends = [place for place in start if place < len(model.compartments)]
    while open_ends:
        origin = model.compartments[open_ends.pop()].name
        for flow in model.flows:
            if flow.origin == origin:
                new = {model.index(name) for name in flow.arrivals} - found
                found |= new
                open_ends.extend(new)
    induced = [one.name for one in model.enzymes if model.index(one.inducer) in found]
    return sorted(found | {_positions(model, name)[0] for name in induced})


def _is_proportional(flow: Flow) -> bool:
    """Whether a flow is proportional to the amount that it leaves."""
    return flow.vmax is None and flow.enzyme is None


def _positions(model: Model, enzyme: str | None) -> list[int]:
    """Give the position of an enzyme among the states; none when there is no enzyme."""
    return [len(model.compartments) + k for k, e in enumerate(model.enzymes) if e.name == enzyme]


def _moves(model: Model, flow: Flow, values: Values) -> Array:
    """Give what each state gains from a flow of one [mg/mg], shape (S, n)."""
    people = len(next(iter(values.values()))) if values else 1
    moves, total = np.zeros((people, model.n_states)), np.zeros(people)
    moves[:, model.index(flow.origin)] = -1.0
    for name, share in flow.arrivals.items():
        arriving = np.broadcast_to(model.share(share, values), (people,))
        total = total + arriving
        moves[:, model.index(name)] += arriving * _molar_factor(model, flow, name)
    _refuse_more_than_all(model, flow, total)
    return moves


def _process(model: Model, flow: Flow, values: Values) -> tuple[int, Array, Array | float, Array]:
    """Give origin, speed [1/h], saturation [1/mg] and moves of a flow that is not proportional."""
    origin, moves = model.index(flow.origin), _moves(model, flow, values)
    if flow.km is None:
        return origin, _rate_constant(model, flow, values), 0.0, moves
    half = _positive(model, flow.km, values) * _volume(model, flow.origin, values)
    return origin, values[str(flow.vmax)] / half, 1.0 / half, moves


def _induction(model: Model, enzyme: Enzyme, values: Values) -> tuple[int, Array, Array, Array]:
    """Give the same of the formation of an enzyme, which takes nothing from its inducer."""
    half = _positive(model, enzyme.ec50, values) * _volume(model, enzyme.inducer, values)
    speed = values[enzyme.turnover] * model.share(enzyme.emax, values) / half
    moves = np.zeros((len(half), model.n_states))
    moves[:, _positions(model, enzyme.name)] = 1.0
    return model.index(enzyme.inducer), speed, 1.0 / half, moves


def _refuse_instant(model: Model, system: Nonlinear) -> None:
    """Refuse what is too fast to be followed step by step."""
    linear = np.abs(system.rates).max(axis=(1, 2))
    fastest = np.maximum(linear, system.speed.max(axis=1))
    if not (fastest <= FASTEST).all():
        person = int(np.argmax(~(fastest <= FASTEST)))
        raise ModelError(
            f"{model.name}: a model with vmax and km or an enzyme is integrated step by step, so "
            f"no rate constant may exceed {FASTEST:g} 1/h (vmax / (km volume) of a flow that "
            f"saturates); the largest is {fastest[person]:.3g} 1/h in person {person + 1}"
        )


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
    return _positive(model, volume, values, "a volume")


def _positive(model: Model, name: str, values: Values, what: str = "a km or ec50") -> Array:
    """Give a parameter that divides, shape (S,)."""
    if not (values[name] > 0.0).all():
        raise ModelError(f'{model.name}: {what} must be > 0, "{name}" is 0 in some person')
    return values[name]


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
