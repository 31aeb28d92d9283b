"""What quantiles over people cost beside the simulation."""

import numpy as np

from experiments.bench.clock import in_turns, ratios
from experiments.bench.figures import Figure
from experiments.bench.rows.cohort import Found, simulate, six_infusions, size_of
from experiments.bench.settings import Settings


def over_people(settings: Settings) -> Found:
    """Cost of quantiles over that of the simulation, and the difference from NumPy's."""
    from kpksim.analysis.quantiles import quantiles

    work, levels = six_infusions(settings), settings.quantiles.levels
    out = work.warm()
    ways = {"simulation": lambda: simulate(work, out), "quantiles": lambda: quantiles(out, levels)}
    taken = in_turns(ways, settings.rounds)
    cost = ratios(taken["quantiles"], taken["simulation"])
    part = np.ascontiguousarray(out[..., :: max(1, out.shape[2] // 20)])
    difference = np.abs(quantiles(part, levels) - np.quantile(part, levels, axis=0)).max()
    return [
        Figure("quantiles_cost", "time / time of the simulation", cost["median"], "", cost),
        *[Figure("", way, one.median * 1e3, "ms", one.spread(1e-3)) for way, one in taken.items()],
        Figure("quantiles_error", "largest difference from numpy.quantile", difference, "ng/mL"),
    ], [f"{size_of(work)}, levels {', '.join(map(str, levels))}"]
