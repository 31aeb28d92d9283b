"""Figures of a comparison: a dataset in, axes or a figure out; nothing is shown.

`save_figures` and `to_svg` write what the other functions draw.
"""

from kpksim.plots.catalogue import FIGURES, FigureKind, available
from kpksim.plots.disagreement import SpreadKind, disagreement
from kpksim.plots.evidence import evidence_map
from kpksim.plots.figures import (
    concentration,
    concentrations,
    concentrations_days,
    effects_days,
    effects_hours,
    metabolites,
)
from kpksim.plots.files import save_figures, to_png, to_svg, without_foot

__all__ = [
    "FIGURES",
    "FigureKind",
    "SpreadKind",
    "available",
    "concentration",
    "concentrations",
    "concentrations_days",
    "disagreement",
    "effects_days",
    "effects_hours",
    "evidence_map",
    "metabolites",
    "save_figures",
    "to_png",
    "to_svg",
    "without_foot",
]
