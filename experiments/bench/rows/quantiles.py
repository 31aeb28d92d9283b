"""What quantiles over people cost beside the simulation."""

import numpy as np

from experiments.bench.clock import in_turns, ratios
from experiments.bench.figures import Figure
from experiments.bench.rows.cohort import Found, simulate, six_infusions, size_of
from experiments.bench.settings import Settings
from kpksim.analysis.quantiles import quantiles_of_people


def over_people(settings: Settings) -> Found:
    """Cost of quantiles over that of the simulation, and the difference from NumPy's."""
    work, levels = six_infusions(settings), settings.quantiles.levels
    out = work.warm()
    ways = {
        "simulation": lambda: simulate(work, out),
        "quantiles": lambda: quantiles_of_people(out, levels),
    }
    taken = in_turns(ways, settings.rounds)
    cost = ratios(taken["quantiles"], taken["simulation"])
    part = np.ascontiguousarray(out[..., :: max(1, out.shape[2] // 20)])
    difference = quantiles_of_people(part, levels) - np.quantile(part, levels, axis=0)
    error = float(np.abs(difference).max())
    return [
        Figure("quantiles_cost", "time / time of the simulation", cost["median"], "", cost),
        *[Figure("", way, one.median * 1e3, "ms", one.spread(1e-3)) for way, one in taken.items()],
        Figure("quantiles_error", "largest difference from numpy.quantile", error, "ng/mL"),
    ], [f"{size_of(work)}, levels {', '.join(map(str, levels))}"]
