"""The evidence on one page: what each study says of each construct, when, and by which route."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, NullLocator

from kpksim.evidence import Statement, Study
from kpksim.plots.style import EDGE, GRID, INK_2, house_style, line_colour
from kpksim.vocabulary import ROUTES, USE_LINE

PANELS = {
    "Anxiety": ("anxiety",),
    "Depression, suicidal thoughts": ("depression", "suicidal ideation"),
    "Dissociation, blood pressure": ("dissociation", "blood pressure"),
}
"""Panels and the constructs in each."""
TIMES = {
    0.5: "½ h", 1.0: "1 h", 4.0: "4 h", 24.0: "1 d", 72.0: "3 d", 168.0: "1 wk",
    672.0: "4 wk", 2184.0: "3 mo",
}  # fmt: skip
FIRST, LAST = 0.35, 3500.0
_WIDTH, _ABOVE, _BELOW, _ROW = 13.0, 0.85, 1.75, 0.5
"""Width, room above and below the panels, height of a study [in]."""
_LETTERS = 10.5
UNTIMED = 0.42
"""Where a statement without a time is drawn [h]."""


@dataclass(frozen=True)
class Mark:
    """How a kind of statement is drawn.

    Attributes
    ----------
    shape : str
        Matplotlib's marker.
    filled : bool
        Whether it says that something was there.
    label : str
        Words for the key.
    types : tuple of str
        Keys of `kpksim.vocabulary.STATEMENT_TYPES`.
    """

    shape: str
    filled: bool
    label: str
    types: tuple[str, ...]


MARKS = (
    Mark("o", True, "a number: mean, change, size", (
        "percent change", "mean change", "mean", "effect size")),
    Mark("s", True, "responders, k of n", ("responders",)),
    Mark("^", True, "significant, onset, peak, still there", (
        "significant", "onset within", "peak about", "lasts at least")),
    Mark("v", False, "not significant, gone, none seen, relapse", (
        "not significant", "back to baseline by", "none observed", "relapse")),
    Mark("D", True, "order of doses", ("order of doses",)),
    Mark("x", True, "other words", ("correlation", "odds ratio", "adverse event", "remark")),
)  # fmt: skip


def evidence_map(studies: Sequence[Study]) -> Figure:
    """Draw what studies say over time.

    Parameters
    ----------
    studies : sequence of Study
        From top to bottom.

    Returns
    -------
    Figure
        One panel for each group of constructs, one line for each study; colour is the route,
        shape the kind of statement, hollow means that nothing was seen.
    """
    with house_style():
        height = _ABOVE + _BELOW + _ROW * len(studies)
        figure = Figure(figsize=(_WIDTH, height))
        axes = figure.subplots(1, len(PANELS), sharey=True)
        figure.subplots_adjust(
            left=0.16, right=0.99, top=1 - _ABOVE / height, bottom=_BELOW / height, wspace=0.04
        )
        for ax, (title, constructs) in zip(axes, PANELS.items(), strict=True):
            for place, study in enumerate(studies):
                _draw_study(ax, place, study, constructs)
            _scale(ax, title, len(studies))
        axes[0].set_yticks(range(len(studies)), [_name(one) for one in studies])
        figure.suptitle(
            "What the studies say, and when", x=0.012, y=1 - 0.12 / height, ha="left", va="top",
            fontsize=_LETTERS + 3, fontweight="semibold",
        )  # fmt: skip
        _draw_keys(figure, studies, height)
    return figure


def _name(study: Study) -> str:
    """Name a study with its number of people."""
    return f"{study.key}  n = {study.n}"


def _draw_study(ax: Axes, place: int, study: Study, constructs: tuple[str, ...]) -> None:
    """Draw the statements of one study, those at one time beside each other."""
    taken: dict[int, int] = {}
    for one in study.statements:
        if one.construct in constructs and one.versus != "nothing":
            colour = _colour(study, one)
            spot = _spot(one)
            row = taken.get(spot, 0)
            taken[spot] = row + 1
            height = place + _OFFSETS[row % len(_OFFSETS)]
            _draw_statement(ax, one, height, colour)


_OFFSETS = (0.0, -0.24, 0.24, -0.12, 0.12, -0.34, 0.34)
"""Heights of statements at one time, around the line of their study."""


def _spot(one: Statement) -> int:
    """Give where a statement's mark stands, counted in widths of a mark on the log axis."""
    end = max(one.hours[-1], FIRST * 1.1) if one.hours else UNTIMED
    return round(9.0 * log10(end))


def _draw_statement(ax: Axes, one: Statement, height: float, colour: str) -> None:
    """Draw one statement: a mark at its end, ticks at its visits, a line over its span."""
    mark = next(mark for mark in MARKS if one.type in mark.types)
    hours = [max(hour, FIRST * 1.1) for hour in one.hours] or [UNTIMED]
    ax.plot(hours, [height] * len(hours), "-" if one.span else "-|", color=colour, linewidth=1.0,
            alpha=0.7, markersize=5.0)  # fmt: skip
    face = colour if mark.filled and one.hours else "white"
    ax.plot(
        hours[-1], height, mark.shape, color=colour, markersize=6.0, markerfacecolor=face,
        markeredgewidth=1.2,
    )  # fmt: skip


def _colour(study: Study, one: Statement) -> str:
    """Give the colour of the route; grey for arms without ketamine."""
    regimen = study.arms[one.arms[0]].regimen
    return EDGE if regimen is None else _route_colour(regimen.doses[0].dose.route)


def _route_colour(route: str) -> str:
    """Give the colour of a route."""
    return line_colour(list(ROUTES).index(route))


def _scale(ax: Axes, title: str, n: int) -> None:
    """Make the axes of a panel."""
    ax.set_title(title, loc="left", fontsize=_LETTERS + 1)
    ax.set_xscale("log")
    ax.set_xlim(FIRST, LAST)
    ax.set_ylim(n - 0.4, -0.6)
    ax.xaxis.set_major_locator(FixedLocator(list(TIMES)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xticklabels(TIMES.values())
    ax.tick_params(axis="y", length=0, labelsize=_LETTERS)
    ax.tick_params(axis="x", labelsize=_LETTERS - 1.5)
    ax.grid(axis="x", color=GRID)
    for place in range(1, n, 2):
        ax.axhspan(place - 0.5, place + 0.5, color=GRID, alpha=0.45, zorder=0, linewidth=0)


def _draw_keys(figure: Figure, studies: Sequence[Study], height: float) -> None:
    """Draw what shapes and colours mean."""
    shapes = [
        Line2D([], [], linestyle="", marker=mark.shape, color=INK_2, label=mark.label,
               markerfacecolor=INK_2 if mark.filled else "white")
        for mark in MARKS
    ]  # fmt: skip
    names = _routes(studies)
    labels = [*(ROUTES[name].label for name in names), "no ketamine"]
    colours = [*(_route_colour(name) for name in names), EDGE]
    routes = [
        Line2D([], [], linestyle="", marker="o", color=colour, label=label)
        for colour, label in zip(colours, labels, strict=True)
    ]
    for handles, columns, bottom in ((shapes, 3, 0.72), (routes, len(routes), 0.4)):
        figure.legend(
            handles=handles, loc="lower left", bbox_to_anchor=(0.005, bottom / height),
            ncols=columns, frameon=False, fontsize=_LETTERS, handletextpad=0.3, columnspacing=1.6,
        )  # fmt: skip
    note = (
        "Time since the first dose, or since each dose. A line is a span, ticks are visits; hollow "
        f"at the left edge: no time. {USE_LINE}"
    )
    figure.text(0.012, 0.14 / height, note, fontsize=_LETTERS - 1, color=INK_2)


def _routes(studies: Sequence[Study]) -> list[str]:
    """Give the routes that studies use, in the order of the vocabulary."""
    used = {
        arm.regimen.doses[0].dose.route
        for study in studies
        for arm in study.arms.values()
        if arm.regimen is not None
    }
    return [name for name in ROUTES if name in used]
