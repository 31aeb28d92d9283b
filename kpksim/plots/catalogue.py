"""Which figures a result can fill, in the order in which a report shows them."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from kpksim.plots.curves import drawable, hours_window, is_relief
from kpksim.plots.disagreement import SpreadKind, spread_kinds
from kpksim.plots.figures import (
    ACUTE,
    COURSE,
    METABOLITES,
    RELIEF,
    concentrations,
    concentrations_days,
    effects_days,
    effects_hours,
    forms,
    metabolites,
)
from kpksim.plots.words import spoken, what_effects_hold, what_varies, when


@dataclass(frozen=True)
class FigureKind:
    """A figure that may be drawn.

    Attributes
    ----------
    name : str
        File name without its ending.
    title : str
        Heading in a report.
    draw : callable
        Function of `kpksim.plots` that draws it.
    quantities : tuple of str
        What it can show.
    clock : str
        ``"hours"`` or ``"days"``.
    repeated : bool
        Whether it is for repeated doses alone.
    """

    name: str
    title: str
    draw: Callable[..., Figure]
    quantities: tuple[str, ...]
    clock: str
    repeated: bool = False

    def shown(self, result: xr.Dataset) -> list[str]:
        """List the quantities that it shows of a result."""
        return drawable(result, self.quantities)

    def end(self, result: xr.Dataset) -> float:
        """Give the end of its time window [h]."""
        return hours_window(result) if self.clock == "hours" else float(result["time"].values[-1])

    def caption(self, result: xr.Dataset) -> str:
        """Say what it shows, what varies in it and what is left out."""
        names = self.shown(result)
        sentences = [f"{when(self.end(result))} from the first dose.", what_varies(result, names)]
        sentences.append(what_effects_hold(result, names))
        if any(is_relief(name) for name in names):
            sentences.append(
                "Level dotted line: half of the score gone, the usual mark of a response."
            )
        return " ".join(sentence for sentence in sentences if sentence)

    def label(self, result: xr.Dataset) -> str:
        """Say in words what it shows, for those who cannot see it."""
        return spoken(result, self.shown(result), self.end(result))


FIGURES = (
    FigureKind("concentrations", "Ketamine", concentrations, forms(("ketamine",)), "hours"),
    FigureKind(
        "concentrations_days",
        "Concentrations, whole course",
        concentrations_days,
        forms(COURSE),
        "days",
        repeated=True,
    ),
    FigureKind("metabolites", "Metabolites", metabolites, forms(METABOLITES), "hours"),
    FigureKind("effects_hours", "Effects, first hours", effects_hours, ACUTE + RELIEF, "hours"),
    FigureKind("effects_days", "Effects, days", effects_days, RELIEF, "days"),
)


def available(
    result: xr.Dataset, spread: pd.DataFrame | None = None
) -> list[SpreadKind | FigureKind]:
    """Choose the figures that a result can fill.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h].
    spread : DataFrame, optional
        How the spread is split, from `kpksim.analysis`.

    Returns
    -------
    list of SpreadKind or FigureKind
        The spread between papers first; then those with at least one quantity: the days only when
        the curves last longer than one, and the course only when a dose is repeated.

    Examples
    --------
    >>> [kind.name for kind in available(xr.Dataset({"sbp": 0.0}, coords={"time": [0.0, 9.0]}))]
    ['effects_hours']
    """
    lasts = float(result["time"].values[-1]) > 24.0
    repeated = "last_dose" in result.coords and bool((result["last_dose"] > 0.0).any())
    return [*spread_kinds(result, spread)] + [
        kind
        for kind in FIGURES
        if kind.shown(result)
        and (lasts or kind.clock == "hours")
        and (repeated or not kind.repeated)
    ]
