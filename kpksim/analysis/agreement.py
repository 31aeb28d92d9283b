"""How well predictions agree with observations: statistics of their ratios."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FOLDS = (1.25, 1.5, 2.0)
"""A prediction within so many times the observation, or the observation within so many times it."""
ENOUGH = 0.75
"""Share of the ratios that must lie within a fold for a verdict to name it."""


@dataclass(frozen=True)
class Agreement:
    """Statistics of n ratios of predicted over observed.

    Attributes
    ----------
    n : int
        Number of ratios.
    sources : int
        Number of sources that they come from.
    within : tuple of float
        Share within each of `FOLDS` [1]; a ratio on the border is within.
    gmfe : float
        Geometric mean fold error, exp of the mean of abs(ln ratio) [1].
    balanced_gmfe : float
        The same with the mean taken within each source first, so that all count alike [1].
    bias : float
        Geometric mean of the ratios [1].
    precision : float
        Geometric standard deviation of the ratios, a fold around the bias [1]; nan for one.
    """

    n: int
    sources: int
    within: tuple[float, ...]
    gmfe: float
    balanced_gmfe: float
    bias: float
    precision: float


def agreement(ratios: ArrayLike, sources: Sequence[str]) -> Agreement:
    """Statistics of ratios of predicted over observed.

    Parameters
    ----------
    ratios : array, shape (n,)
        Ratios, positive [1].
    sources : sequence of str
        Where each observation comes from, n of them.

    Returns
    -------
    Agreement
        The statistics; nan where there is nothing.

    Raises
    ------
    ValueError
        If there are not as many sources as ratios, or a ratio is not positive.

    Examples
    --------
    Twice as much, and half as much, is a two-fold error without bias:

    >>> found = agreement([2.0, 0.5], ["a", "b"])
    >>> round(found.gmfe, 9), round(found.bias, 9), found.within
    (2.0, 1.0, (0.0, 0.0, 1.0))
    """
    values = np.asarray(ratios, dtype=float)
    if values.shape != (len(sources),) or not (values > 0.0).all():
        raise ValueError("ratios must be positive, and each needs a source")
    if not values.size:
        return Agreement(0, 0, (np.nan,) * len(FOLDS), np.nan, np.nan, np.nan, np.nan)
    logs, names = np.log(values), np.asarray(sources)
    by_source = [float(np.abs(logs[names == name]).mean()) for name in np.unique(names)]
    return Agreement(
        n=len(logs),
        sources=len(by_source),
        within=tuple(_share_within(logs, fold) for fold in FOLDS),
        gmfe=float(np.exp(np.abs(logs).mean())),
        balanced_gmfe=float(np.exp(np.mean(by_source))),
        bias=float(np.exp(logs.mean())),
        precision=float(np.exp(logs.std(ddof=1))) if len(logs) > 1 else np.nan,
    )


def verdict(found: Agreement) -> float:
    """Give the fold that predictions keep within.

    Parameters
    ----------
    found : Agreement
        Statistics of some ratios.

    Returns
    -------
    float
        The smallest of `FOLDS` within which at least the share `ENOUGH` of the ratios lies; inf
        where they do not keep within the largest; nan where there is none.

    Examples
    --------
    >>> verdict(agreement([1.0, 1.1, 0.9, 1.9], ["a"] * 4))
    1.25
    """
    if not found.n:
        return np.nan
    kept = (fold for fold, share in zip(FOLDS, found.within, strict=True) if share >= ENOUGH)
    return next(kept, np.inf)


def _share_within(logs: NDArray[np.float64], fold: float) -> float:
    """Give the share of log ratios within a fold; rounding does not push one over the border."""
    return float((np.abs(logs) <= np.log(fold) * (1.0 + 1e-12)).mean())
