"""Which figures a result can fill, in the order in which a report shows them."""

from collections.abc import Callable
from dataclasses import dataclass

import xarray as xr
from matplotlib.figure import Figure

from kpksim.plots.curves import drawable, hours_window
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
from kpksim.plots.words import spoken


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


def available(result: xr.Dataset) -> list[FigureKind]:
    """Choose the figures that a result can fill.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h].

    Returns
    -------
    list of FigureKind
        Those with at least one quantity; the days only when the curves last longer than one, and
        the course only when a dose is repeated.

    Examples
    --------
    >>> [kind.name for kind in available(xr.Dataset({"sbp": 0.0}, coords={"time": [0.0, 9.0]}))]
    ['effects_hours']
    """
    lasts = float(result["time"].values[-1]) > 24.0
    repeated = "last_dose" in result.coords and bool((result["last_dose"] > 0.0).any())
    return [
        kind
        for kind in FIGURES
        if kind.shown(result)
        and (lasts or kind.clock == "hours")
        and (repeated or not kind.repeated)
    ]
