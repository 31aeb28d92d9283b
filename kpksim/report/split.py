"""The split of the spread between papers, parameters and people, set for reading."""

import math
from dataclasses import dataclass

import pandas as pd

from kpksim.plots.spread_words import ACROSS, METRIC, SplitBar, split_bars
from kpksim.plots.words import EN_DASH, say_number

HEADS = (
    ("Lowest to highest paper", ""),
    *((source.capitalize(), "%") for source in ACROSS),
    ("Papers, mean of 20 people", "%"),
    ("Log-variance of papers", "95 % interval"),
)
"""Heads of the columns of numbers and what stands under them."""


@dataclass(frozen=True)
class SplitRow:
    """The split of one metric in one group of models.

    Attributes
    ----------
    metric, models : str
        What it is about.
    cells : tuple of str
        Its numbers, in the order of `HEADS`.
    """

    metric: str
    models: str
    cells: tuple[str, ...]


def split_rows(table: pd.DataFrame) -> list[SplitRow]:
    """Set the split of one quantity after one regimen.

    Parameters
    ----------
    table : DataFrame
        Its rows of `kpksim.analysis.spread.spread_table`.

    Returns
    -------
    list of SplitRow
        One per metric and group of several models.
    """
    return [SplitRow(METRIC[one.metric], one.models, _cells(one)) for one in split_bars(table)]


def _cells(one: SplitBar) -> tuple[str, ...]:
    """Write the numbers of one row; what nobody states is a dash."""
    papers = one.rows.loc["papers"]
    shares = one.shares
    between = _range(papers, "lowest", "highest", 3)
    known = _range(papers, "variance_low", "variance_high", 2)
    variance = _number(float(papers["log_variance"]), 2)
    return (
        f"{between} {str(papers['unit']).replace(' ', '·')}" if between != EN_DASH else EN_DASH,
        *(f"{shares[source]:.0f}" if source in shares else EN_DASH for source in ACROSS),
        _whole(float(papers["share_of_mean_of_20"])) if "people" in shares else EN_DASH,
        f"{variance} ({known})" if variance != EN_DASH else EN_DASH,
    )


def _range(row: pd.Series, low: str, high: str, digits: int) -> str:
    """Write two numbers with a dash between them."""
    ends = [_number(float(row[name]), digits) for name in (low, high)]
    return EN_DASH if EN_DASH in ends else EN_DASH.join(ends)


def _number(value: float, digits: int) -> str:
    """Write a number with a few digits, or a dash."""
    return say_number(value, digits, zeros=True) if math.isfinite(value) else EN_DASH


def _whole(value: float) -> str:
    """Write a whole number, or a dash."""
    return f"{value:.0f}" if math.isfinite(value) else EN_DASH
