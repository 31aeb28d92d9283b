"""Weights of hypotheses by what their mixture would have predicted."""

import numpy as np
from scipy.optimize import minimize

from kpksim.calibration.samples import Array
from kpksim.errors import ModelError


def stacking_weights(log_scores: Array) -> Array:
    r"""Give the weights with which a mixture of hypotheses predicts left-out studies best.

    .. math:: \max_w \sum_s \ln \sum_k w_k e^{\ell_{sk}}, \qquad w_k \ge 0, \; \sum_k w_k = 1

    The sum is concave in w: there is one maximum. Two hypotheses that predict alike share their
    weight in any way; a hypothesis that is never better than the mixture gets none.

    Parameters
    ----------
    log_scores : array, shape (S, K)
        Log score of each of S studies, left out, under each of K hypotheses.

    Returns
    -------
    array, shape (K,)
        The weights.

    Raises
    ------
    ModelError
        If a score is not finite, or no maximum is found.

    References
    ----------
    Yao, Vehtari, Simpson and Gelman, Bayesian Anal. 13 (2018) 917.

    Examples
    --------
    Each of two hypotheses predicts one of two studies, equally well:

    >>> stacking_weights(np.array([[-1.0, -30.0], [-30.0, -1.0]])).round(6).tolist()
    [0.5, 0.5]
    """
    if not np.isfinite(log_scores).all():
        raise ModelError("a log score is not finite; hypotheses cannot be stacked by it")
    scores = np.exp(log_scores - log_scores.max(axis=1, keepdims=True))
    hypotheses = scores.shape[1]

    def loss(weights: Array) -> tuple[float, Array]:
        mixed = np.maximum(scores @ weights, 1e-300)
        return -float(np.log(mixed).sum()), -(scores / mixed[:, None]).sum(axis=0)

    found = minimize(
        loss,
        np.full(hypotheses, 1.0 / hypotheses),
        jac=True,
        method="SLSQP",
        bounds=[(0.0, 1.0)] * hypotheses,
        constraints={
            "type": "eq",
            "fun": lambda weights: weights.sum() - 1.0,
            "jac": lambda weights: np.ones(hypotheses),
        },
        options={"ftol": 1e-12, "maxiter": 1000},
    )
    if not found.success:
        raise ModelError(f"stacking weights were not found ({found.message})")
    weights = np.clip(found.x, 0.0, None)
    return np.asarray(weights / weights.sum())
