"""Circles of compartments that drug would never leave."""

from kpksim.errors import DataError
from kpksim.models.model import Model
from kpksim.models.structure import Flow


def refuse_closed_circles(model: Model) -> None:
    """Refuse compartments without a volume that feed each other and nothing else.

    Drug that comes there would stay for ever where no concentration tells of it. A circle from
    which some flow leads on is allowed, and so is one compartment that only collects (urine).

    Parameters
    ----------
    model : Model
        The model; its names are checked already.

    Raises
    ------
    DataError
        At the first such circle; the message names its compartments and a way out.
    """
    volumes = {one.name: one.volume for one in model.compartments}
    reached = {name: _reached(model, name) for name in volumes}
    for flow in model.flows:
        name = flow.origin
        circle = [other for other in reached[name] if name in reached[other]]
        closed = not any(_leaves(one, circle) for one in model.flows if one.origin in circle)
        if name in circle and closed and not any(volumes[other] for other in circle):
            named = ", ".join(one for one in volumes if one in circle)
            raise DataError(
                f"flows.{flow.number}.to: the compartments {named} have no volume and feed only "
                "each other, so that drug never leaves them and shows in no concentration; let a "
                "flow lead out of the circle, or give one of them a volume"
            )


def _reached(model: Model, start: str) -> list[str]:
    """Find the compartments that drug comes to from a compartment, itself if it comes back."""
    found: list[str] = []
    open_ends = [start]
    while open_ends:
        origin = open_ends.pop()
        arrivals = [to for flow in model.flows if flow.origin == origin for to in flow.arrivals]
        new = [name for name in dict.fromkeys(arrivals) if name not in found]
        found += new
        open_ends += new
    return found


def _leaves(flow: Flow, circle: list[str]) -> bool:
    """Tell whether some of a flow arrives outside a circle, or leaves the body."""
    whole = sum(share for share in flow.arrivals.values() if not isinstance(share, str)) == 1.0
    return not whole or any(name not in circle for name in flow.arrivals)
