"""What the places of true values in their posteriors say of a calibration.

If the posterior is right, the share of it below the true value is uniform from 0 to 1 over data
sets that are drawn from the prior (Cook, Gelman and Rubin; Talts and others). A posterior that is
too narrow puts too many true values near 0 and 1.
"""

import numpy as np
from scipy.stats import chisquare, kstest

INTERVALS = (0.5, 0.8, 0.9, 0.95)
JUDGED = 0.9
POOLED = (0.85, 0.95)
EACH = (0.83, 0.96)
CHANCE = 0.01
"""What may fall outside by chance, shared by all quantities."""

LARGEST_BINS, PER_BIN = 10, 5


def share_below(values: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Give the share of draws (n, k) below each true value (k,); equal ones count half."""
    return ((values < truth) + 0.5 * (values == truth)).mean(axis=0)


def coverage(shares: np.ndarray, interval: float) -> np.ndarray:
    """Give how often central intervals hold the truth, by quantity; shares are (n, k)."""
    return (np.abs(shares - 0.5) <= interval / 2.0).mean(axis=0)


def uniformity(shares: np.ndarray) -> float:
    """Give the probability of shares (n,) as uneven as these if they are uniform.

    Twice the smaller of two: chi-square over ten bins sees posteriors that are too narrow or too
    wide, Kolmogorov and Smirnov's test sees those that lie to one side.
    """
    bins = int(np.clip(len(shares) // PER_BIN, 2, LARGEST_BINS))
    counts = np.histogram(shares, bins, (0.0, 1.0))[0]
    both = chisquare(counts).pvalue, kstest(shares, "uniform").pvalue
    return float(min(1.0, 2.0 * min(both)))


def within(found: float, bounds: tuple[float, float]) -> bool:
    """Say whether a figure lies within bounds, ends included."""
    return bool(bounds[0] <= found <= bounds[1])


def judge(shares: np.ndarray, declared: int) -> dict:
    """Hold shares (n, k) against what is demanded; the first `declared` are the curves.

    Coverage is demanded of the curves, uniformity of every quantity.
    """
    curves = shares[:, :declared]
    each = coverage(curves, JUDGED)
    pooled = float(each.mean())
    chances = [uniformity(one) for one in shares.T]
    limit = CHANCE / shares.shape[1]
    return {
        "pooled": pooled,
        "pooled_passed": within(pooled, POOLED),
        "lowest": float(each.min()),
        "highest": float(each.max()),
        "each_passed": all(within(one, EACH) for one in each.tolist()),
        "smallest_p": min(chances),
        "limit_p": limit,
        "ranks_passed": bool(min(chances) > limit),
        "p": chances,
    }


def passed(judged: dict) -> bool:
    """Say whether everything demanded is met."""
    return all(judged[name] for name in ("pooled_passed", "each_passed", "ranks_passed"))
