"""Where each compartment stands in a drawing: depots left, what clears drug in the middle."""

from collections.abc import Sequence
from dataclasses import dataclass

from kpksim.models.model import Model
from kpksim.models.structure import Flow


@dataclass(frozen=True)
class Arrow:
    """Drug on its way from one compartment to one other.

    Attributes
    ----------
    origin : str
        Compartment it leaves.
    target : str or None
        Compartment it reaches; None is out of the body.
    label : str
        Parameter that is its size, and the share that arrives.
    number : int
        Position of its flow in the model file, from 1.
    """

    origin: str
    target: str | None
    label: str
    number: int


@dataclass(frozen=True)
class Placement:
    """Columns of a drawing.

    Attributes
    ----------
    middle : tuple of str
        Compartments from top to bottom.
    depots : mapping of str to tuple of tuple of str
        Chains of depots that stand left of a compartment of the middle.
    peripherals : mapping of str to tuple of str
        Compartments that only exchange drug with a compartment of the middle.
    """

    middle: tuple[str, ...]
    depots: dict[str, tuple[tuple[str, ...], ...]]
    peripherals: dict[str, tuple[str, ...]]


def arrows_of(model: Model) -> list[Arrow]:
    """Take the flows of a model apart into arrows.

    Parameters
    ----------
    model : Model
        The model.

    Returns
    -------
    list of Arrow
        One for each place that a flow reaches, in the order of the file.
    """
    found = []
    for flow in model.flows:
        size = str(flow.rate or flow.clearance or flow.vmax)
        if not flow.arrivals:
            found.append(Arrow(flow.origin, None, size, flow.number))
        for target, share in flow.arrivals.items():
            label = size if share == 1.0 else f"{size} ({share})"
            found.append(Arrow(flow.origin, target, label, flow.number))
    return found


def placement_of(model: Model) -> Placement:
    """Say where each compartment of a model stands.

    Parameters
    ----------
    model : Model
        The model.

    Returns
    -------
    Placement
        Every compartment once.
    """
    arrows = arrows_of(model)
    hosts = _hosts(model, arrows)
    chains = _chains(model, arrows, hosts)
    taken = set(hosts) | {name for chain in chains for name in chain}
    rest = [one.name for one in model.compartments if one.name not in taken]
    middle = _from_top(rest, arrows)
    depots: dict[str, tuple[tuple[str, ...], ...]] = {}
    for chain in chains:
        reached = {arrow.target for arrow in arrows if arrow.origin in chain}
        host = next((name for name in middle if name in reached), middle[0])
        depots[host] = (*depots.get(host, ()), chain)
    peripherals = {
        name: tuple(one.name for one in model.compartments if hosts.get(one.name) == name)
        for name in middle
    }
    return Placement(tuple(middle), depots, peripherals)


def returns(flow: Flow, other: Flow) -> bool:
    """Tell whether a flow is the way back of another by the same clearance.

    Parameters
    ----------
    flow, other : Flow
        Two flows.

    Returns
    -------
    bool
        Whether they are one exchange.
    """
    same = flow.clearance is not None and flow.clearance == other.clearance
    return same and [flow.origin] == list(other.arrivals) and [other.origin] == list(flow.arrivals)


def _hosts(model: Model, arrows: Sequence[Arrow]) -> dict[str, str]:
    """Find the compartments that exchange drug with one other alone, and that other."""
    dosed = {entry.into for entry in model.administrations}
    found: dict[str, str] = {}
    for name in reversed([one.name for one in model.compartments]):
        sent = {arrow.target for arrow in arrows if arrow.origin == name}
        received = {arrow.origin for arrow in arrows if arrow.target == name}
        if name not in dosed and sent == received and len(sent) == 1:
            (host,) = received
            if host not in found:
                found[name] = host
    return found


def _chains(model: Model, arrows: Sequence[Arrow], hosts: dict[str, str]) -> list[tuple[str, ...]]:
    """Find the depots: no volume, and nothing flows in but from the depot before."""
    chains: list[list[str]] = []
    waiting = [
        one.name for one in model.compartments if one.volume is None and one.name not in hosts
    ]
    before = len(waiting) + 1
    while len(waiting) < before:
        before = len(waiting)
        for name in list(waiting):
            sources = {arrow.origin for arrow in arrows if arrow.target == name}
            chain = next((one for one in chains if sources == {one[-1]}), None)
            if chain is not None:
                chain.append(name)
            elif not sources:
                chains.append([name])
            if chain is not None or not sources:
                waiting.remove(name)
    return [tuple(chain) for chain in chains]


def _from_top(names: list[str], arrows: Sequence[Arrow]) -> list[str]:
    """Order compartments so that drug flows down, and each chain stays together."""
    order: list[str] = []
    while len(order) < len(names):
        left = [name for name in names if name not in order]
        waiting = {
            arrow.target
            for arrow in arrows
            if arrow.origin in left and arrow.target != arrow.origin
        }
        ready = [name for name in left if name not in waiting] or left[:1]
        after = {arrow.target for arrow in arrows if order and arrow.origin == order[-1]}
        order.append(next((name for name in ready if name in after), ready[0]))
    return order
