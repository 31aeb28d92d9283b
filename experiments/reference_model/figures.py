"""Figures of the fit: courses, predicted against observed, priors and posteriors, two sites."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from numpy.typing import NDArray

import kpksim as kp
from experiments.reference_model.many import many_courses
from experiments.reference_model.page import Found
from experiments.reference_model.parameters import from_scale
from kpksim.analysis.observables import given_drug, output_of
from kpksim.evidence import load_observed
from kpksim.plots.style import DRAWN, EDGE, GRID, INK_2, house_style
from kpksim.writing import new_file

Array = NDArray[np.float64]
DRAWS, SEED = 200, 20260101
PLAIN = FuncFormatter(lambda value, _: f"{value:g}")
"""Ticks of a logarithmic axis as plain numbers."""
HANDS = {"s": "S-", "r": "R-", "sum": ""}
NAMES = {
    "ketamine": "ketamine", "norketamine": "norketamine", "hydroxynorketamine": "HNK, total",
    "dehydronorketamine": "DHNK",
}  # fmt: skip


@dataclass(frozen=True)
class Panel:
    """One panel of courses: an arm, and which curves of it."""

    title: str
    source: str
    arm: str
    curves: tuple[tuple[str, str], ...]
    until: float
    key: str = "lower right"


PANELS = (
    Panel("Kamp: racemate in three steps, arterial", "kampbja2020", "racemate",
          (("ketamine", "s"), ("ketamine", "r")), 6.0, "upper left"),
    Panel("Kamp: norketamine of the racemate, arterial", "kampbja2020", "racemate",
          (("norketamine", "s"), ("norketamine", "r")), 6.0),
    Panel("Kamp: later metabolites, arterial", "kampbja2020", "racemate",
          (("hydroxynorketamine", "sum"), ("dehydronorketamine", "s")), 6.0),
    Panel("Kamp: esketamine in three steps, arterial", "kampbja2020", "esketamine",
          (("ketamine", "s"), ("norketamine", "s")), 6.0),
    Panel("Hasan: 5 mg over 30 min, venous", "hasan2021", "iv",
          (("ketamine", "s"), ("ketamine", "r")), 24.5, "upper right"),
    Panel("Otto: esketamine 10 mg over 30 min, venous", "otto2021", "iv",
          (("ketamine", "s"), ("norketamine", "s")), 11.0, "upper right"),
)  # fmt: skip


def draw(found: Found, folder: Path) -> None:
    """Draw all figures into a folder.

    Parameters
    ----------
    found : Found
        What a run found.
    folder : Path
        Where SVG and PNG files go.
    """
    with house_style():
        _save(courses(found), folder / "figure_courses")
        _save(observed_predicted(found), folder / "figure_observed_predicted")
        _save(priors_posteriors(found), folder / "figure_priors")
        _save(two_sites(found), folder / "figure_sites")


def _save(figure: Figure, place: Path) -> None:
    """Write a figure as SVG and PNG."""
    for ending in ("svg", "png"):
        with new_file(place.with_suffix(f".{ending}")) as path:
            figure.savefig(path, format=ending, dpi=150, bbox_inches="tight")


def courses(found: Found) -> Figure:
    """Draw concentrations over time, arm by arm, with what was seen."""
    figure = Figure(figsize=(11.0, 9.2), layout="constrained")
    grid = figure.subplots(3, 2)
    sets = draws(found)
    for ax, panel in zip(grid.flat, PANELS, strict=True):
        _course(ax, found, panel, sets)
    figure.suptitle(
        "Reference model 2026b (lines), 90 % of draws of its parameters (bands), observed (points)",
        fontsize=12.5,
    )
    return figure


def draws(found: Found) -> dict[str, Array]:
    """Draw parameters from the covariance of the fit, the estimate itself first."""
    best, rng = found.best, np.random.default_rng(SEED)
    points = rng.multivariate_normal(best.point, best.covariance, DRAWS)
    points = np.concatenate([best.point[None], points])
    belief = best.objective.belief
    return {name: from_scale(points[:, k], belief.scales[k]) for k, name in enumerate(belief.names)}


def _course(ax: Axes, found: Found, panel: Panel, sets: dict[str, Array]) -> None:
    """Draw one panel."""
    study = load_observed(panel.source)
    arm = study.arms[panel.arm]
    assert arm.regimen is not None
    times = np.linspace(0.02, panel.until, 400)
    drug = given_drug(arm.regimen)
    lowest, highest = np.inf, 0.0
    for k, (analyte, hand) in enumerate(panel.curves):
        output = output_of(found.model, drug, analyte, hand, arm.site)
        assert output is not None
        curves = many_courses(found.model, arm, output, times, sets)
        low, high = np.quantile(curves[1:], [0.05, 0.95], axis=0)
        ax.fill_between(times, low, high, color=DRAWN[k], alpha=0.15, lw=0)
        ax.plot(times, curves[0], color=DRAWN[k], label=f"{HANDS[hand]}{NAMES[analyte]}")
        seen = [one for one in study.observations if _of_curve(one, panel.arm, analyte, hand)]
        lowest = min(lowest, *(one.value for one in seen))
        highest = max(highest, *(one.value for one in seen))
        ax.plot(
            [one.time for one in seen], [one.value for one in seen], "o", ms=5,
            color=DRAWN[k], mec="white", mew=0.7,
        )  # fmt: skip
    used = "fitted" if panel.source in found.split.fit else "held back"
    ax.set_title(f"{panel.title} ({used})", fontsize=10.5, loc="left")
    ax.set_yscale("log")
    ax.set_ylim(0.4 * lowest, 3.0 * highest)
    ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 3.0)))
    ax.yaxis.set_major_formatter(PLAIN)
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.set_xlim(0.0, panel.until)
    ax.set_xlabel("Time [h]")
    ax.set_ylabel("Plasma [ng/mL]")
    ax.legend(fontsize=9.5, loc=panel.key)


def _of_curve(one: object, arm: str, analyte: str, hand: str) -> bool:
    """Whether an observation is a point of a curve."""
    wanted = {"arm": arm, "analyte": analyte, "enantiomer": hand, "metric": "concentration"}
    return all(getattr(one, key) == value for key, value in wanted.items())


def observed_predicted(found: Found) -> Figure:
    """Draw predicted against observed, and their ratio by source."""
    figure = Figure(figsize=(11.0, 5.6), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.0, 1.15))
    compared = found.compared
    observed = np.array([row.observation.value for row in compared.rows])
    counted = np.array([row.counts for row in compared.rows])
    held = np.array([row.source in found.split.held_back for row in compared.rows])
    level = np.array([row.observation.unit == "ng/mL" for row in compared.rows]) & counted
    ends = np.array([0.1, 500.0])
    for fold, style in ((1.0, "-"), (1.5, "--"), (2.0, ":")):
        for factor in {fold, 1.0 / fold}:
            left.plot(ends, ends * factor, style, color=EDGE, lw=1.0)
    for which, label, colour, shape in _kinds(level, held):
        left.plot(observed[which], compared.predicted[which], shape, color=colour, ms=5,
                  mec="white", mew=0.6, label=label)  # fmt: skip
    left.set(xscale="log", yscale="log", xlim=ends, ylim=ends, xlabel="Observed [ng/mL]",
             ylabel="Predicted [ng/mL]")  # fmt: skip
    for axis in (left.xaxis, left.yaxis):
        axis.set_major_formatter(PLAIN)
    left.set_title("Levels and peaks; lines 1, 1.5 and 2-fold", fontsize=10.5, loc="left")
    left.legend(loc="upper left")
    _ratios(right, found, counted, held)
    return figure


def _kinds(level: Array, held: Array) -> list[tuple[Array, str, str, str]]:
    """Give fitted and held-back rows with their looks."""
    return [
        (level & ~held, "fitted", DRAWN[0], "o"),
        (level & held, "held back", DRAWN[1], "D"),
    ]


def _ratios(ax: Axes, found: Found, counted: Array, held: Array) -> None:
    """Draw predicted over observed by source."""
    compared, rng = found.compared, np.random.default_rng(SEED)
    keys = compared.sources
    for place, key in enumerate(reversed(keys)):
        which = np.array([row.source == key for row in compared.rows]) & counted
        jitter = place + rng.uniform(-0.22, 0.22, which.sum())
        is_held = key in found.split.held_back
        ax.plot(
            compared.ratios[which], jitter, "D" if is_held else "o", ms=4.5,
            color=DRAWN[1] if is_held else DRAWN[0], mec="white", mew=0.5, alpha=0.85,
        )  # fmt: skip
    for fold in (0.5, 1.0, 2.0):
        ax.axvline(fold, color=EDGE, lw=1.0, ls="-" if fold == 1.0 else ":", zorder=0)
    ax.set(
        xscale="log", xlim=(0.25, 4.2), yticks=range(len(keys)), xlabel="Predicted over observed"
    )
    ax.set_yticklabels(list(reversed(keys)))
    ax.set_xticks([0.25, 0.5, 1.0, 2.0, 4.0], ["1/4", "1/2", "1", "2", "4"])
    ax.minorticks_off()
    ax.set_title("Every level and exposure of ketamine and norketamine", fontsize=10.5, loc="left")


def priors_posteriors(found: Found) -> Figure:
    """Draw what was believed before and after, in standard deviations of the prior."""
    best = found.best
    belief = best.objective.belief
    order = np.argsort(best.learned)
    figure = Figure(figsize=(8.6, 9.6), layout="constrained")
    ax = figure.subplots()
    for place, k in enumerate(order):
        shift = (best.point[k] - belief.centre[k]) / belief.sd[k]
        spread = 1.96 * best.sd[k] / belief.sd[k]
        ax.plot([-1.96, 1.96], [place, place], color=GRID, lw=7, solid_capstyle="butt")
        ax.plot([shift - spread, shift + spread], [place, place], color=_colour(best.learned[k]),
                lw=2.6, solid_capstyle="butt")  # fmt: skip
        ax.plot(shift, place, "o", color=_colour(best.learned[k]), ms=5)
    ax.axvline(0.0, color=EDGE, lw=1.0, zorder=0)
    ax.set_yticks(range(len(order)), [belief.names[k] for k in order], fontsize=9)
    ax.set_ylim(-0.8, len(order) - 0.2)
    ax.set_xlabel("Distance from the centre of the prior [standard deviations of the prior]")
    ax.set_title("Grey, 95 % before; colour, 95 % after the fit", fontsize=11, loc="left")
    _key(ax)
    return figure


def _colour(share: float) -> str:
    """Give the colour of how much the rows inform."""
    return DRAWN[0] if share >= 0.5 else DRAWN[2] if share >= 0.1 else DRAWN[1]


def _key(ax: Axes) -> None:
    """Say what the colours mean."""
    words = (("rests on rows", 0.9), ("rows and prior", 0.3), ("prior", 0.0))
    for word, share in words:
        ax.plot([], [], color=_colour(share), lw=2.6, marker="o", label=word)
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, fontsize=10)


def two_sites(found: Found) -> Figure:
    """Draw arterial and venous ketamine during and after an infusion."""
    figure = Figure(figsize=(7.2, 4.2), layout="constrained")
    ax = figure.subplots()
    times = np.linspace(0.0, 3.0, 361)
    names: Sequence[str] = ["ketamine_arterial", "ketamine"]
    curves = kp.simulate(
        found.model, kp.infusion("35 mg", over="40 min"), times, outcomes=list(names)
    )
    ax.axvspan(0.0, 2.0 / 3.0, color=GRID, zorder=0)
    ax.text(0.7, 285.0, "35 mg of racemate over 40 min", color=INK_2, fontsize=9.5)
    for k, (name, label) in enumerate(zip(names, ("arterial", "venous"), strict=True)):
        ax.plot(times, curves[name], color=DRAWN[k], label=label)
    ax.set(
        xlabel="Time [h]", ylabel="Ketamine in plasma [ng/mL]", ylim=(0.0, 300.0), xlim=(0.0, 3.0)
    )
    ax.set_title("The order turns round when the infusion stops", fontsize=11, loc="left")
    ax.legend()
    return figure
