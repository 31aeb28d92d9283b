"""Tables of predicted against observed rows, as Markdown."""

import numpy as np

from experiments.reference_model import judged
from experiments.reference_model.judged import COUNTED_ANALYTES, Compared, Verdict, by_source
from experiments.reference_model.parameters import plain
from experiments.reference_model.rows import Row
from experiments.reference_model.settings import Split

HNK = ("hydroxynorketamine",)
FAR = 1.6
"""Fold error from which a row is listed."""


def figures_to_reach(compared: Compared, split: Split) -> str:
    """Write the table of figures and goals."""
    both = by_source(compared, COUNTED_ANALYTES)
    fitted = {key: one for key, one in both.items() if key in split.fit}
    held = {key: one for key, one in both.items() if key in split.held_back}
    hnk = by_source(compared, HNK)
    small = (
        ("ketamine and norketamine, fitted sources: GMFE, mean over sources",
         judged.balanced(fitted), judged.FIT_GMFE),
        ("the same, held-back sources", judged.balanced(held), judged.HELD_GMFE),
        ("hydroxynorketamine, all sources: GMFE, mean over sources",
         judged.balanced(hnk), judged.HNK_GMFE),
    )  # fmt: skip
    large = (
        ("rows of fitted sources within twofold", judged.share_within_2(fitted), judged.WITHIN_2),
        ("rows of held-back sources within twofold", judged.share_within_2(held), judged.WITHIN_2),
    )
    lines = [_goal(what, value, "≤", goal, value <= goal) for what, value, goal in small]
    lines += [_goal(what, value, "≥", goal, value >= goal) for what, value, goal in large]
    return markdown_table("| figure | found | goal | met |", "|---|---:|---:|---|", lines)


def _goal(what: str, value: float, sign: str, goal: float, met: bool) -> str:
    """Write one figure and its goal."""
    return f"| {what} | {value:.2f} | {sign} {goal} | {'yes' if met else '**no**'} |"


def sources(compared: Compared, split: Split) -> str:
    """Write the table of fold errors by source."""
    both, hnk = by_source(compared, COUNTED_ANALYTES), by_source(compared, HNK)
    dhnk = by_source(compared, ("dehydronorketamine",))
    lines = []
    for key in compared.sources:
        used = "fitted" if key in split.fit else "held back"
        lines.append(
            f"| {key} | {used} | {_verdict(both.get(key))} | {_gmfe(hnk.get(key))} "
            f"| {_gmfe(dhnk.get(key))} |"
        )
    head = "| source | used | rows | GMFE | bias | within 2-fold | HNK GMFE | DHNK GMFE |"
    return markdown_table(head, "|---|---|---:|---:|---:|---:|---:|---:|", lines)


def against(old: Compared, new: Compared) -> str:
    """Write how another model does on the rows that both give."""
    known = np.isfinite(old.predicted)
    lines = []
    for key in old.sources:
        which = known & np.array([row.source == key and row.counts for row in old.rows])
        if which.any():
            one, other = (judged.verdict(each.ratios[which]) for each in (old, new))
            lines.append(f"| {key} | {one.n} | {one.gmfe:.2f} | {other.gmfe:.2f} |")
    return markdown_table("| source | rows | 2026a | 2026b |", "|---|---:|---:|---:|", lines)


def _verdict(one: Verdict | None) -> str:
    """Write four cells."""
    if one is None:
        return "| | |"
    return f"{one.n} | {one.gmfe:.2f} | {one.bias:.2f} | {100 * one.within_2:.0f} %"


def _gmfe(one: Verdict | None) -> str:
    """Write one cell."""
    return "" if one is None else f"{one.gmfe:.2f}"


def hydroxynorketamine(compared: Compared) -> str:
    """Write every summary of hydroxynorketamine."""
    lines = [
        f"| {row.source} | {row.arm.name.replace('_', ' ')} | {_analyte(row)} | "
        f"{_metric(row)} | {plain(row.observation.value)} | {plain(predicted)} | {ratio:.2f} |"
        for row, predicted, ratio in zip(
            compared.rows, compared.predicted, compared.ratios, strict=True
        )
        if row.observation.analyte in HNK
        and row.observation.metric not in ("concentration", "tmax")
    ]
    head = "| source | arm | | | observed | predicted | ratio |"
    return markdown_table(head, "|---|---|---|---|---:|---:|---:|", lines)


def times_of_peaks(compared: Compared) -> str:
    """Write the times of peaks."""
    lines = [
        f"| {row.source} | {row.arm.name.replace('_', ' ')} | {_analyte(row)} | "
        f"{row.observation.value:.2f} | {predicted:.2f} |"
        for row, predicted in zip(compared.rows, compared.predicted, strict=True)
        if row.observation.metric == "tmax"
    ]
    return markdown_table(
        "| source | arm | | observed, h | predicted, h |", "|---|---|---|---:|---:|", lines
    )


def far_off(compared: Compared) -> str:
    """Write every counted row that is off by more than `FAR`."""
    lines = [
        f"| {row.source} | {row.arm.name.replace('_', ' ')} | {_analyte(row)} | {_metric(row)} "
        f"| {plain(row.observation.value)} | {plain(predicted)} | {ratio:.2f} |"
        for row, predicted, ratio in zip(
            compared.rows, compared.predicted, compared.ratios, strict=True
        )
        if row.counts and not 1.0 / FAR <= ratio <= FAR
    ]
    head = "| source | arm | | | observed | predicted | ratio |"
    return markdown_table(head, "|---|---|---|---|---:|---:|---:|", lines)


def _analyte(row: Row) -> str:
    """Name an analyte and its hand."""
    hand = {"s": "S-", "r": "R-", "sum": ""}[row.observation.enantiomer]
    return f"{hand}{row.observation.analyte}"


def _metric(row: Row) -> str:
    """Name a metric with its unit."""
    one = row.observation
    names = {"auc": "AUC", "cmax": "Cmax", "f": "F", "cl": "CL"}
    if one.metric == "concentration":
        return f"at {one.time:g} h, {one.unit}"
    if one.metric == "auc_ratio":
        return "AUC over ketamine's"
    return f"{names[one.metric]}, {one.unit}".removesuffix(", 1")


def markdown_table(head: str, rule: str, lines: list[str]) -> str:
    """Put a table together."""
    return "\n".join([head, rule, *lines])
