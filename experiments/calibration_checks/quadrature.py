"""The nodes of the likelihood against very many points from the prior of the latents."""

import numpy as np
from scipy.special import logsumexp, ndtri
from scipy.stats import qmc

from kpksim.calibration.problem import Problem
from kpksim.calibration.study_kernel import log_products

AT_A_TIME = 1024


def errors_of(problem: Problem, values: np.ndarray, nodes: int, seed: int) -> np.ndarray:
    """Give ln L by the calibration minus ln L by many nodes, for some parameters (n, P)."""
    found = np.array([problem.log_likelihood(one) for one in values])
    points = _points(int(problem.statements.bounds[:, -1].max()), nodes, seed)
    return found - np.array([by_many(problem, one, points) for one in values])


def by_many(problem: Problem, values: np.ndarray, points: np.ndarray) -> float:
    """Give ln L as the plain mean over points (L, n) of the prior of the latents."""
    named = dict(zip(problem.names, values.tolist(), strict=True))
    effects, baselines = problem.effects(named), problem.baselines(named)
    total = 0.0
    for study, (*_, latents) in enumerate(problem.statements.bounds):
        parts = [
            log_products(
                problem.statements, effects, baselines, named["rho"], named["tau"], study,
                np.ascontiguousarray(points[:latents, k : k + AT_A_TIME]),
            )
            for k in range(0, points.shape[1], AT_A_TIME)
        ]  # fmt: skip
        total += logsumexp(np.concatenate(parts)) - np.log(points.shape[1])
    return float(total)


def _points(latents: int, nodes: int, seed: int) -> np.ndarray:
    """Give quasi-random standard normal points (L, n), n the next power of two."""
    power = int(np.ceil(np.log2(nodes)))
    even = qmc.Sobol(latents, seed=seed).random_base2(power)
    return np.ascontiguousarray(ndtri(np.clip(even, 1e-12, 1.0 - 1e-12)).T)
