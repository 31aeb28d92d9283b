"""The structure of a model drawn as text, in at most 80 columns."""

from collections.abc import Mapping
from dataclasses import dataclass

from kpksim.models.canvas import Canvas
from kpksim.models.layout import Box, Exchange, Exit, Layout, Link, layout_of
from kpksim.models.model import Model
from kpksim.models.placement import arrows_of, placement_of

WIDTH = 80
"""Columns that a drawing may take."""


@dataclass(frozen=True)
class _Columns:
    """First column of each side and the width of its boxes; lanes from the middle outwards."""

    left: int
    middle: int
    middle_width: int
    right: int
    lanes: Mapping[str, int]


def draw(model: Model, width: int = WIDTH) -> list[str]:
    """Draw the compartments of a model as boxes and its flows as arrows.

    Depots stand left, compartments that only exchange drug stand right, the others in the middle
    from the parent down to the last metabolite. What is too wide loses the blanks in its boxes,
    then the words on its arrows, then the names, which become the numbers of the compartments.

    Parameters
    ----------
    model : Model
        The model.
    width : int
        Columns that it may take.

    Returns
    -------
    list of str
        Its lines, of plain characters.
    """
    layout = layout_of(placement_of(model), arrows_of(model))
    names = {one.name: one.name for one in model.compartments}
    airy = {name: f" {name} " for name in names}
    for shown, labelled in ((airy, True), (names, True), (airy, False), (names, False)):
        lines = _paint(model, layout, shown, labelled=labelled)
        if max(map(len, lines)) <= width:
            return lines
    numbers = {name: str(k + 1) for k, name in enumerate(names)}
    lines = _paint(model, layout, numbers, labelled=False)
    return lines + [f"{number} = {name}" for name, number in numbers.items()]


def _paint(model: Model, layout: Layout, names: Mapping[str, str], *, labelled: bool) -> list[str]:
    """Draw a layout with these names, with or without words on the arrows."""
    tops = {one.name: _routes(model, one.name) for one in model.compartments}
    columns = _columns(layout, names, tops, labelled)
    canvas = Canvas()
    starts = {"left": 0, "middle": columns.middle, "right": columns.right}
    for box in layout.boxes:
        _draw_box(canvas, columns, box, starts[box.side], names[box.name], tops[box.name])
    for link in layout.links:
        width = columns.left if link.side == "left" else columns.middle_width
        _draw_link(canvas, link, starts[link.side] + width // 2, labelled)
    for one in layout.exits:
        _draw_exit(canvas, columns, one, labelled)
    for other in layout.exchanges:
        _draw_exchange(canvas, columns, other, labelled)
    for name, column in columns.lanes.items():
        _draw_lane(canvas, columns, layout, name, column)
    return canvas.lines()


def _routes(model: Model, compartment: str) -> str:
    """Give what stands on the border of a box: the routes whose doses enter it."""
    entries = [entry for entry in model.administrations if entry.into == compartment]
    routes = ", ".join(dict.fromkeys(entry.route for entry in entries))
    return f"- {routes} v " if routes else ""


def _columns(
    layout: Layout, names: Mapping[str, str], tops: Mapping[str, str], labelled: bool
) -> _Columns:
    """Make room for the widest box and the longest word of each column."""

    def widest(side: str) -> int:
        boxes = [one.name for one in layout.boxes if one.side == side]
        return max((max(len(names[k]) + 2, len(tops[k]) + 3) for k in boxes), default=0)

    def longest(lines: list[Exit] | list[Exchange]) -> int:
        return max((len(one.label) if labelled else 0 for one in lines), default=0)

    left = widest("left")
    ends = 3 + (2 if left else 0) + (5 if any(one.out for one in layout.exits) else 0)
    gutter = longest(layout.exits) + ends + 2 * len(layout.entries) if layout.exits else 0
    middle, middle_width = left + gutter, widest("middle")
    right = middle + middle_width + longest(layout.exchanges) + 4
    lanes = {name: middle - 4 - 2 * k for k, name in enumerate(layout.entries)}
    return _Columns(left, middle, middle_width, right, lanes)


def _draw_box(
    canvas: Canvas, columns: _Columns, box: Box, column: int, name: str, top: str
) -> None:
    """Draw a compartment; boxes of one column are of one width but on the right."""
    own = max(len(name) + 2, len(top) + 3)
    width = {"left": columns.left, "middle": columns.middle_width, "right": own}[box.side]
    canvas.box(box.row, column, height=box.height, width=width, name=name, top=top)


def _draw_link(canvas: Canvas, link: Link, column: int, labelled: bool) -> None:
    """Draw an arrow down, up or both between two boxes."""
    last = link.row + link.height - 1
    canvas.down(column, link.row, last)
    if link.up:
        canvas.write(link.row, column, "^")
    if link.down:
        canvas.write(last, column, "v")
    if labelled:
        canvas.write(link.row + link.up, column + 2, link.label)


def _draw_exit(canvas: Canvas, columns: _Columns, line: Exit, labelled: bool) -> None:
    """Draw a line from a depot to the right, or from a box of the middle to the left."""
    ends = [columns.lanes[name] for name in line.lanes]
    label = line.label if labelled else ""
    if not line.is_depot:
        canvas.across(line.row, ends[0], columns.middle)
        canvas.write(line.row, ends[0] - 1 - len(label), label)
        return
    outside = min(columns.lanes.values(), default=columns.middle) - 5
    stop = columns.middle if line.beside else max(ends, default=outside)
    canvas.across(line.row, columns.left, stop, label)
    if line.beside:
        canvas.write(line.row, stop - 1, ">")
    elif line.out:
        canvas.write(line.row, stop - 1, "> out")


def _draw_exchange(canvas: Canvas, columns: _Columns, line: Exchange, labelled: bool) -> None:
    """Draw an arrow right of the middle."""
    start = columns.middle + columns.middle_width
    canvas.across(line.row, start, columns.right, line.label if labelled else "", at=2)
    canvas.write(line.row, columns.right - 1, "> out" if line.out else ">")
    if not line.out:
        canvas.write(line.row, start, "<")


def _draw_lane(canvas: Canvas, columns: _Columns, layout: Layout, name: str, column: int) -> None:
    """Draw the line at the left side that leads to a compartment from everything that joins it."""
    end = layout.entries[name]
    joints = [one.row for one in layout.exits if name in one.lanes] + [end]
    canvas.down(column, min(joints), max(joints))
    canvas.across(end, column, columns.middle)
    canvas.write(end, columns.middle - 1, ">")
    for row in joints:
        canvas.write(row, column, "+")
