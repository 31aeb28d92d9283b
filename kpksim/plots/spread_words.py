"""Words about the spread between papers: captions, labels, and what stands above each bar."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from kpksim.analysis.spread import ALL_MODELS, MEAN_OF, variance_interval
from kpksim.plots.words import say_number, short_name
from kpksim.vocabulary import EVERY_QUANTITY

METRIC = {"cmax": "Cmax", "auc_inf": "AUC", "at_4h": "C(4 h)"}
"""Metrics as a reader knows them."""


ACROSS = ("papers", "people", "parameters")
"""Order of the sources in a bar or a row."""


@dataclass(frozen=True)
class SplitBar:
    """The split of one metric in one group of several models.

    Attributes
    ----------
    metric, group : str
        What it is about.
    rows : DataFrame
        Its rows of the table, by source.
    """

    metric: str
    group: str
    rows: pd.DataFrame

    @property
    def models(self) -> str:
        """The group with its number of models."""
        count = int(self.rows["n_models"].iloc[0])
        return (
            f"all {count} models" if self.group == ALL_MODELS else f"{count} models: {self.group}"
        )

    @property
    def fold(self) -> str:
        """Highest over lowest paper; empty where one of them is 0."""
        fold = float(self.rows.loc["papers", "fold"])
        return f"{fold:.2f}-fold" if np.isfinite(fold) else ""

    @property
    def shares(self) -> dict[str, float]:
        """Share of each source that is known [%], in the order of reading."""
        share = self.rows["share"]
        return {one: float(share[one]) for one in ACROSS if np.isfinite(share[one])}


def split_bars(table: pd.DataFrame) -> Iterator[SplitBar]:
    """Give the split of every metric in every group of several models.

    Parameters
    ----------
    table : DataFrame
        Rows of `kpksim.analysis.spread.spread_table` about one quantity after one regimen.

    Yields
    ------
    SplitBar
        In the order of the table.
    """
    several = table[table["n_models"] > 1]
    for (metric, group), rows in several.groupby(["metric", "group"], sort=False):
        yield SplitBar(str(metric), str(group), rows.set_index("source"))


def spread_label(table: pd.DataFrame, outcome: str, regimen: str) -> str:
    """Say in words what a figure of the spread shows.

    Parameters
    ----------
    table : DataFrame
        Its rows of the split.
    outcome, regimen : str
        What it is about.

    Returns
    -------
    str
        One sentence per metric and group.
    """
    said = [f"{EVERY_QUANTITY[outcome].label} after {regimen}, shares of the log-variance."]
    for one in split_bars(table):
        shares = ", ".join(f"{source} {share:.0f} %" for source, share in one.shares.items())
        said.append(f"{METRIC[one.metric]}, {one.models}: {shares}; {one.fold} between papers.")
    return " ".join(said)


def spread_caption(result: xr.Dataset, table: pd.DataFrame, outcome: str, regimen: str) -> str:
    """Say what a figure of the spread shows and on how much it rests.

    Parameters
    ----------
    result : Dataset
        Curves with the attributes of a comparison.
    table : DataFrame
        Its rows of the split.
    outcome, regimen : str
        What it is about.

    Returns
    -------
    str
        A few sentences.
    """
    whole = table[table["group"] == ALL_MODELS]
    parts = whole[whole["metric"] == "cmax"].set_index("source")
    if parts.empty:
        parts = whole.drop_duplicates("source").set_index("source")
    n = int(parts["n_models"].iloc[0])
    low, high = (say_number(end, 2) for end in variance_interval(1.0, n))
    name = short_name(result, outcome)
    return " ".join(
        sentence
        for sentence in (
            f"{name} after {regimen}, typical person in {n} models.",
            _ribbons_said(result, parts),
            "At the right of each bar: highest over lowest paper.",
            _mixed(parts),
            f"A variance of {n} papers is known within a factor of {low} to {high} (95 %).",
            _of_means(parts),
        )
        if sentence
    )


def _ribbons_said(result: xr.Dataset, parts: pd.DataFrame) -> str:
    """Say what the ribbons hold and which models state it."""
    stated = [
        f"{words} ({_who(parts.loc[source])})"
        for source, words in (("parameters", "uncertain parameters"), ("people", "people"))
    ]
    counts = [
        f"{say_number(float(result.attrs.get(key, 0)))} {what}"
        for key, what in (("n_draws", "draws"), ("n_people", "people"))
        if result.attrs.get(key, 0)
    ]
    seen = f" From {' and '.join(counts)} per model." if counts else ""
    return (
        "Ribbons: middle 90 % around the geometric mean of the papers if logarithms are normal, "
        f"one around the other: {', '.join(stated)}, papers.{seen}"
    )


def _who(row: pd.Series) -> str:
    """Say how many models state a source of spread."""
    stating, n = int(row["n_stating"]), int(row["n_models"])
    return "stated by none, so left out" if not stating else f"stated by {stating} of {n} models"


def _mixed(parts: pd.DataFrame) -> str:
    """Say what is mixed in the whole group besides papers."""
    first = parts.iloc[0]
    mixed = [
        f"{what} ({first[column]})"
        for what, column in (("sites of sampling", "sites"), ("drugs", "drugs"))
        if "," in str(first[column])
    ]
    return f"All models together mix {' and '.join(mixed)}." if mixed else ""


def _of_means(parts: pd.DataFrame) -> str:
    """Say what averaging over people does not do."""
    share = float(parts.loc["papers", "share_of_mean_of_20"])
    if not np.isfinite(share) or not np.isfinite(float(parts.loc["people", "share"])):
        return ""
    tail = ": more people do not make papers agree" if share > 50.0 else ""
    return f"In the mean Cmax of {MEAN_OF} people, papers hold {share:.0f} % of the spread{tail}."
