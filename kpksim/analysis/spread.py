"""How much of the spread lies between papers, in their parameters and between people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaincinv

Array = NDArray[np.float64]
SPREAD_METRICS = {"cmax": "ng/mL", "auc_inf": "ng h/mL", "at_4h": "ng/mL"}
"""Metrics whose spread is split, and their units; at_4h counts from the first dose."""
SOURCES = ("papers", "parameters", "people")
ALL_MODELS = "all models"
MEAN_OF = 20
"""People whose mean is asked about: their own spread is divided by their number."""
COLUMNS = [
    "regimen", "group", "quantity", "metric", "unit", "source", "log_variance", "variance_low",
    "variance_high", "share", "share_of_mean_of_20", "lowest", "highest", "fold", "n_models",
    "n_stating", "models", "sites", "drugs", "note",
]  # fmt: skip
_SILENT = 1e-12
"""Log-variance up to which nothing varies but rounding."""
_MIDDLE_90 = 2.0 * 1.6448536269514722
"""Width of the middle 90 % of a normal distribution [standard deviations]."""


@dataclass(frozen=True)
class Sample:
    """One metric of one regimen in one model.

    Attributes
    ----------
    regimen, model, site, drug, quantity, metric : str
        What it is; `site` is that of the output, `drug` what was given.
    typical : float
        Value of the typical person.
    people : array, shape (S,)
        Value of each person; empty when none were simulated.
    draws : array, shape (D,)
        Value of the typical person in each parameter draw; empty when there are none.
    """

    regimen: str
    model: str
    site: str
    drug: str
    quantity: str
    metric: str
    typical: float
    people: Array
    draws: Array


@dataclass(frozen=True)
class _Part:
    """What one source adds to the spread."""

    source: str
    variance: float
    fold: float
    models: tuple[str, ...]
    ends: tuple[float, float] = (float("nan"), float("nan"))


def spread_table(
    samples: Sequence[Sample], groups: Mapping[str, Sequence[str]] | None = None
) -> pd.DataFrame:
    """Split the variance of the logarithm of each metric by its source.

    Between papers it is the variance of the typical persons over the models. In the parameters,
    and between people, it is the mean over the models that state it. Log-variances add up, so
    their shares do; a share of 20 people's mean holds a twentieth of the spread between people.

    Parameters
    ----------
    samples : sequence of Sample
        Metrics of every regimen in every model.
    groups : mapping of str to sequence of str, optional
        Models that are also split among themselves, by the name of the group; by site of sampling
        when left out.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`; for every regimen, quantity, metric and group one row per source.
        ``variance_low`` and ``variance_high`` are the 95 % interval of a variance known from so few
        papers (chi-square), ``share`` is in %, ``lowest`` and ``highest`` are the typical persons
        of the papers, ``fold`` is their ratio, else the 95 % over the 5 % quantile of a
        log-normal. A single model is a group of its own, without
        papers and shares.

    Examples
    --------
    >>> nobody = np.array([])
    >>> two = [Sample("IV", key, "venous", "esketamine", "ketamine", "cmax", value, nobody, nobody)
    ...        for key, value in (("a", 100.0), ("b", 200.0))]
    >>> row = spread_table(two).iloc[0]
    >>> row["source"], f"{row['log_variance']:.2f}", f"{row['fold']:.1f}", f"{row['share']:.0f} %"
    ('papers', '0.24', '2.0', '100 %')
    """
    found: dict[tuple[str, str, str], list[Sample]] = {}
    for one in samples:
        found.setdefault((one.regimen, one.quantity, one.metric), []).append(one)
    rows = [
        row
        for name in _in_order(found)
        for group, members in _grouped(found[name], groups or {})
        for row in _rows(group, members)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _in_order(names: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Order by regimen and quantity as they came, and by metric as `SPREAD_METRICS` lists them."""
    known = list(names)
    regimens, quantities = ([*dict.fromkeys(one[k] for one in known)] for k in (0, 1))
    metrics = list(SPREAD_METRICS)
    return sorted(
        known,
        key=lambda one: (
            regimens.index(one[0]), quantities.index(one[1]), metrics.index(one[2])
        ),
    )  # fmt: skip


def log_variance(values: Array) -> float:
    """Variance of the logarithm.

    Parameters
    ----------
    values : array, shape (n,)
        Positive values [any unit].

    Returns
    -------
    float
        Variance of ln(values), with n - 1 [1]; nan for less than two values, or when one is not
        positive and finite.

    Examples
    --------
    >>> round(log_variance(np.exp([1.0, 3.0])), 9)
    2.0
    """
    good = np.isfinite(values) & (values > 0.0)
    if values.size < 2 or not good.all():
        return float("nan")
    return float(np.log(values).var(ddof=1))


def variance_interval(variance: float, n: int) -> tuple[float, float]:
    """95 % interval of a variance that n normal values were seen to have.

    Parameters
    ----------
    variance : float
        Variance of the n values.
    n : int
        How many there are.

    Returns
    -------
    low, high : float
        Ends of the interval by the chi-square distribution; nan for less than two values.

    Examples
    --------
    >>> [round(end, 2) for end in variance_interval(1.0, 6)]
    [0.39, 6.02]
    """
    if n < 2:
        return float("nan"), float("nan")
    freedom = n - 1  # chi-square with f degrees of freedom is twice a gamma of shape f / 2
    quantiles = (2.0 * gammaincinv(freedom / 2.0, q) for q in (0.975, 0.025))
    low, high = (float(variance * freedom / one) for one in quantiles)
    return low, high


def _grouped(
    samples: list[Sample], groups: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, list[Sample]]]:
    """Give all models, then the groups among them, then each model alone."""
    if len(samples) > 1:
        yield ALL_MODELS, samples
    sites = list(dict.fromkeys(one.site for one in samples))
    stated = {name: [one for one in samples if one.model in keys] for name, keys in groups.items()}
    by_site = {_said(site): [one for one in samples if one.site == site] for site in sites}
    for name, members in (stated or by_site).items():
        if 1 < len(members) < len(samples):
            yield name, members
    yield from ((one.model, [one]) for one in samples)


def _said(site: str) -> str:
    """Name a site of sampling."""
    return "site not stated" if site == "unknown" else site


def _rows(group: str, members: list[Sample]) -> Iterator[tuple[object, ...]]:
    """Give the rows of one group: papers, parameters, people; of one model the last two."""
    inside = [_stated(source, members) for source in SOURCES[1:]]
    parts = inside if len(members) == 1 else [_papers(members), *inside]
    size = np.array([one.variance for one in parts])
    of_mean = size / np.array([MEAN_OF if one.source == "people" else 1.0 for one in parts])
    first = members[0]
    named = (first.regimen, group, first.quantity, first.metric, SPREAD_METRICS[first.metric])
    sites, drugs = (_listed(_said(one.site) for one in members), _listed(m.drug for m in members))
    for part, share, of_many in zip(parts, _shares(size), _shares(of_mean), strict=True):
        n = len(members) if part.source == "papers" else 0
        stated = (len(members), len(part.models), " ".join(part.models))
        yield (
            *named, part.source, part.variance, *variance_interval(part.variance, n),
            share, of_many, *part.ends, part.fold, *stated, sites, drugs,
            _note(part, len(members)),
        )  # fmt: skip


def _papers(members: list[Sample]) -> _Part:
    """Give the spread of the typical persons."""
    values = np.array([one.typical for one in members])
    models = tuple(one.model for one in members)
    lowest, highest = float(values.min()), float(values.max())
    fold = highest / lowest if lowest > 0.0 else float("nan")
    return _Part("papers", log_variance(values), fold, models, (lowest, highest))


def _stated(source: str, members: list[Sample]) -> _Part:
    """Give the mean spread of draws or people, over the models that state one."""
    values = {
        m.model: log_variance(m.draws if source == "parameters" else m.people) for m in members
    }
    stating = {name: one for name, one in values.items() if one > _SILENT}
    if not stating:
        return _Part(source, float("nan"), float("nan"), ())
    mean = float(np.mean(list(stating.values())))
    return _Part(source, mean, float(np.exp(_MIDDLE_90 * np.sqrt(mean))), tuple(stating))


def _shares(variances: Array) -> Array:
    """Give the share of each variance [%]; nan where it is not known, or papers are not."""
    total = np.nansum(variances)
    if len(variances) < len(SOURCES) or not total > 0.0:
        return np.full(len(variances), np.nan)
    return np.asarray(100.0 * variances / total)


def _note(part: _Part, n: int) -> str:
    """Say on how much a number rests."""
    if not part.models:
        return "stated by no model: missing, not zero"
    return "" if len(part.models) == n else f"stated by {len(part.models)} of {n} models"


def _listed(words: Iterator[str]) -> str:
    """List each word once."""
    return ", ".join(dict.fromkeys(words))
