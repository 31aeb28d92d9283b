"""The rows of a drawing: which box, line and arrow stands on which row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from kpksim.models.placement import Arrow, Placement

Side = Literal["left", "middle", "right"]


@dataclass(frozen=True)
class Box:
    """A compartment, `height` rows with its borders from `row` on, in a column."""

    name: str
    side: Side
    row: int
    height: int


@dataclass(frozen=True)
class Link:
    """An arrow between two boxes of one column, from `row` on; `up` where drug goes up as well."""

    side: Side
    row: int
    label: str
    up: bool
    down: bool

    @property
    def height(self) -> int:
        """Rows that it takes."""
        return 1 + self.up + self.down


@dataclass(frozen=True)
class Exit:
    """A line left of the middle, from a depot or from a box of the middle.

    Attributes
    ----------
    row : int
        Its row.
    label : str
        The word on it.
    lanes : tuple of str
        Compartments whose lane it joins.
    beside : bool
        Whether it reaches the box beside the depot.
    out : bool
        Whether it leaves the body.
    is_depot : bool
        Whether it comes from a depot.
    """

    row: int
    label: str
    lanes: tuple[str, ...]
    beside: bool
    out: bool
    is_depot: bool


@dataclass(frozen=True)
class Exchange:
    """An arrow right of the middle: to and from a peripheral, or out of the body."""

    row: int
    label: str
    out: bool


@dataclass(frozen=True)
class Layout:
    """Everything that is drawn, by row.

    Attributes
    ----------
    boxes, links, exits, exchanges : list
        What stands where.
    entries : dict of str to int
        Row on which the lane of a compartment reaches it.
    """

    boxes: list[Box] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    exits: list[Exit] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    entries: dict[str, int] = field(default_factory=dict)


def layout_of(place: Placement, arrows: Sequence[Arrow]) -> Layout:
    """Give each part of a drawing its rows.

    Parameters
    ----------
    place : Placement
        Columns of the compartments.
    arrows : sequence of Arrow
        What flows between them.

    Returns
    -------
    Layout
        The drawing without its columns.
    """
    layout = Layout()
    lanes = _lanes(place, arrows)
    row, before = 0, None
    for name in place.middle:
        if before is not None:
            row = _join(layout, arrows, "middle", (before, name), row)
        left = _depots(layout, place, arrows, name, row)
        left = _turns(layout, place, arrows, name, left, lanes)
        right = _right_side(layout, place, arrows, name, row)
        bottom = max(row + 2, left, right)
        layout.boxes.append(Box(name, "middle", row, bottom - row + 1))
        row, before = bottom + 1, name
    return layout


def label_of(arrows: Sequence[Arrow]) -> str:
    """Give the words on a line; a way there and back has one word where they are the same.

    Parameters
    ----------
    arrows : sequence of Arrow
        What flows along it.

    Returns
    -------
    str
        The words, a stroke between them.
    """
    return "/".join(dict.fromkeys(arrow.label for arrow in arrows))


def _between(arrows: Sequence[Arrow], origin: str, target: str | None) -> list[Arrow]:
    return [one for one in arrows if (one.origin, one.target) == (origin, target)]


def _lanes(place: Placement, arrows: Sequence[Arrow]) -> set[str]:
    """Find the compartments that are reached from far away: each gets a line at the left side."""
    hosts = {
        depot: host for host, chains in place.depots.items() for chain in chains for depot in chain
    }
    far = {
        arrow.target
        for arrow in arrows
        if arrow.origin in hosts and arrow.target in place.middle
        if arrow.target != hosts[arrow.origin]
    }
    return {str(one) for one in far} | {
        str(arrow.target) for name in place.middle for arrow in _far_arrows(place, arrows, name)
    }


def _far_arrows(place: Placement, arrows: Sequence[Arrow], name: str) -> list[Arrow]:
    """Give the arrows of a box of the middle that reach neither its neighbours nor the outside."""
    k = place.middle.index(name)
    near = {*place.middle[max(k - 1, 0) : k + 2], *place.peripherals[name], None}
    return [one for one in arrows if one.origin == name and one.target not in near]


def _join(
    layout: Layout, arrows: Sequence[Arrow], side: Side, pair: tuple[str, str], row: int
) -> int:
    """Draw what flows between two boxes that stand one above the other; give the row after it."""
    down, up = _between(arrows, *pair), _between(arrows, *reversed(pair))
    if not down and not up:
        return row + 1
    link = Link(side, row, label_of([*down, *up]), bool(up), bool(down))
    layout.links.append(link)
    return row + link.height


def _depots(layout: Layout, place: Placement, arrows: Sequence[Arrow], host: str, row: int) -> int:
    """Draw the depots left of a box from a row on; give the row of the last border."""
    for chain in place.depots.get(host, ()):
        for k, depot in enumerate(chain):
            following = chain[k + 1] if k + 1 < len(chain) else None
            exits = list(_depot_exits(place, arrows, depot, following, host))
            for j, (label, lanes, beside, out) in enumerate(exits):
                layout.exits.append(Exit(row + 1 + j, label, lanes, beside, out, is_depot=True))
            layout.boxes.append(Box(depot, "left", row, 2 + max(1, len(exits))))
            row += 1 + max(1, len(exits))
            if following is not None:
                row = _join(layout, arrows, "left", (depot, following), row + 1)
    return row


def _depot_exits(
    place: Placement, arrows: Sequence[Arrow], depot: str, following: str | None, host: str
) -> Iterator[tuple[str, tuple[str, ...], bool, bool]]:
    """Give each flow out of a depot to the right: words, lanes, whether beside, whether out."""
    flows: dict[int, list[Arrow]] = {}
    for arrow in arrows:
        if arrow.origin == depot and (following is None or arrow.target != following):
            flows.setdefault(arrow.number, []).append(arrow)
    for flow in flows.values():
        targets = {arrow.target for arrow in flow}
        lanes = tuple(str(one) for one in targets - {host, None})
        label = label_of(flow) if len(flow) == 1 else flow[0].label.split(" ")[0]
        yield label, lanes, host in targets, None in targets


def _turns(
    layout: Layout,
    place: Placement,
    arrows: Sequence[Arrow],
    name: str,
    row: int,
    lanes: set[str],
) -> int:
    """Draw the lane into a box and those out of it; give the row of its lower border."""
    first = row
    if name in lanes:
        row += 1
        layout.entries[name] = row
    for arrow in _far_arrows(place, arrows, name):
        row += 1
        layout.exits.append(
            Exit(row, arrow.label, (str(arrow.target),), beside=False, out=False, is_depot=False)
        )
    return row if row == first else row + 1


def _right_side(
    layout: Layout, place: Placement, arrows: Sequence[Arrow], name: str, row: int
) -> int:
    """Draw peripherals and what leaves the body; give the row of the lower border."""
    for peripheral in place.peripherals[name]:
        ways = _between(arrows, name, peripheral) + _between(arrows, peripheral, name)
        layout.boxes.append(Box(peripheral, "right", row, 3))
        layout.exchanges.append(Exchange(row + 1, label_of(ways), out=False))
        row += 2
    lost = _between(arrows, name, None)
    for arrow in lost:
        row += 1
        layout.exchanges.append(Exchange(row, arrow.label, out=True))
    return row + 1 if lost else row
