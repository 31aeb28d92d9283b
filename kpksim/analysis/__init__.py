"""What is made of simulations: exposure, comparison, summary."""

from kpksim.analysis.comparison import Comparison, compare
from kpksim.analysis.exposure import exposure
from kpksim.analysis.quantiles import quantiles_of_people
from kpksim.analysis.scenario import Scenario, parse_scenario, read_scenario

__all__ = [
    "Comparison",
    "Scenario",
    "compare",
    "exposure",
    "parse_scenario",
    "quantiles_of_people",
    "read_scenario",
]
