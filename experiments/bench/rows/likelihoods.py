"""How fast the likelihood of a calibration is: its curves, and the integral over latents."""

from functools import partial

import numpy as np

from experiments.bench.clock import in_turns, spread
from experiments.bench.figures import Figure
from experiments.bench.rows.cohort import Found
from experiments.bench.settings import Settings
from experiments.calibration_checks.simulated import problem_of


def likelihoods(settings: Settings) -> Found:
    """Likelihoods per second of all statements of an outcome, at points of the prior."""
    asked = settings.likelihoods
    problem = problem_of(asked.calibration, asked.hypothesis)
    rng = np.random.default_rng(settings.seed)
    values = problem.transform(rng.random((asked.points, len(problem.names))))
    taken = in_turns({"all": partial(_all, problem.log_likelihood, values)}, settings.rounds)
    rates = spread([asked.points / seconds for seconds in taken["all"].seconds])
    note = (
        f"{asked.calibration} by {asked.hypothesis}, one thread: {len(problem.rows)} statements, "
        f"{len(problem.names)} parameters, {asked.points} points of the prior"
    )
    return [Figure("likelihoods", "likelihoods per second", rates["median"], "", rates)], [note]


def _all(log_likelihood, values: np.ndarray) -> list[float]:
    """Compute every likelihood."""
    return [log_likelihood(one) for one in values]
