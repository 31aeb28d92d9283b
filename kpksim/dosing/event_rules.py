"""What an event table must obey, rule by rule."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kpksim.dosing.regimen import MOST_DOSES
from kpksim.errors import DataError

if TYPE_CHECKING:
    from kpksim.dosing.event_table import EventTable

Mask = NDArray[np.bool_]
MISSING = ("", ".")
"""What stands for no value in a data set; it reads as 0."""


@dataclass(frozen=True)
class Rule:
    """A rule about one column.

    Attributes
    ----------
    column : str
        The column that is wrong when the rule is broken.
    broken : callable
        Takes a table and tells for each record whether it breaks the rule, shape (n,).
    rule : str
        The rule in words.
    way_out : str
        What to do about it.
    """

    column: str
    broken: "Callable[[EventTable], Mask]"
    rule: str
    way_out: str


def check(table: "EventTable", rules: Sequence[Rule]) -> None:
    """Refuse a table at the first record that breaks a rule.

    Parameters
    ----------
    table : EventTable
        The table.
    rules : sequence of Rule
        The rules, in the order in which they are checked.

    Raises
    ------
    DataError
        If a rule is broken.
    """
    for rule in rules:
        broken = np.flatnonzero(rule.broken(table))
        if broken.size:
            first = int(broken[0])
            value = getattr(table, rule.column.lower())[first]
            shown = f"{value:g}" if isinstance(value, float | np.number) else f'"{value}"'
            raise DataError(
                f"{table.source}: line {table.line[first]}, column {rule.column}: "
                f"{rule.rule}, got {shown}; {rule.way_out}"
            )


def read_number(text: str, place: str) -> float:
    """Convert a value of a data set to a finite number; no value is 0.

    Parameters
    ----------
    text : str
        The value as it stands in the file.
    place : str
        Start of the message: file, line and column.

    Returns
    -------
    float
        The number.

    Raises
    ------
    DataError
        If the text is no finite number.

    Examples
    --------
    >>> read_number("2.5", "events.csv: line 2, column AMT"), read_number(".", "")
    (2.5, 0.0)
    """
    if text in MISSING:
        return 0.0
    try:
        number = float(text.replace("_", "?"))
    except ValueError:
        raise DataError(
            f'{place}: a number is expected, got "{text}"; write "." where there is none'
        ) from None
    if not math.isfinite(number):
        raise DataError(
            f'{place}: a number must be finite, got "{text}"; write "." where there is none'
        )
    return number


def _not_finite_or_negative(column: str) -> "Callable[[EventTable], Mask]":
    """Make the test for a number that is not finite or below 0."""
    return lambda table: ~(np.isfinite(getattr(table, column)) & (getattr(table, column) >= 0.0))


def _dosing_without_dose(column: str) -> Rule:
    """Make the rule that a column is 0 on a record that gives no dose."""
    return Rule(
        column,
        lambda table: ~table.is_dose & (getattr(table, column.lower()) != 0.0),
        "a record that is no dose (EVID 0, 2, 3) must have 0 here",
        "set EVID to 1 for a dose, or this value to 0",
    )


def _runs_backwards(table: "EventTable") -> Mask:
    """Find times before the time of the record above; a reset starts the clock anew."""
    backwards: Mask = np.diff(table.time, prepend=table.time[0]) < 0.0
    same: Mask = np.diff(table.subject, prepend=0) == 0
    return backwards & same & ~np.isin(table.evid, (3, 4))


def _is_no_rate(table: "EventTable") -> Mask:
    """Find rates that are neither a number >= 0 nor a code."""
    allowed: Mask = (table.rate >= 0.0) | np.isin(table.rate, (-1.0, -2.0))
    return ~(allowed & np.isfinite(table.rate))


def _is_no_compartment(table: "EventTable") -> Mask:
    """Find compartments written like a number that are no whole number >= 0."""
    like_a_number = (text.startswith(tuple("+-.0123456789")) for text in table.cmt)
    pairs = zip(like_a_number, table.cmt, strict=True)
    return np.array([like and not text.isdecimal() for like, text in pairs])


def _has_no_compartment(table: "EventTable") -> Mask:
    """Find doses without a compartment."""
    nowhere: Mask = np.array([text in ("", "0") for text in table.cmt])
    return table.is_dose & nowhere


def _is_constant(table: "EventTable") -> Mask:
    """Find infusions that have always been running: steady state, a rate and no amount."""
    runs: Mask = (table.rate > 0.0) | (table.rate == -1.0)
    steady: Mask = table.is_dose & (table.amt == 0.0) & (table.ss > 0)
    return steady & runs


_NO_CONSTANT = "a constant infusion at steady state (AMT 0, RATE > 0) must have 0 here"

TABLE_RULES = (
    Rule("TIME", _not_finite_or_negative("time"), "a time must be finite and >= 0",
         "count the time from the first event"),
    Rule("EVID", lambda table: (table.evid < 0) | (table.evid > 4), "EVID must be 0, 1, 2, 3 or 4",
         "1 is a dose, 0 an observation"),
    Rule("TIME", _runs_backwards, "time must not run backwards within an ID",
         "sort the records of each ID by time"),
    Rule("AMT", _not_finite_or_negative("amt"), "an amount must be finite and >= 0",
         "write 0 where nothing is given"),
    Rule("RATE", _is_no_rate, "a rate must be finite and >= 0, or -1 or -2",
         "an infusion has AMT divided by its duration"),
    Rule("II", _not_finite_or_negative("ii"), "an interval must be finite and >= 0",
         "write 0 where nothing repeats"),
    Rule("ADDL", lambda table: (table.addl < 0) | (table.addl >= MOST_DOSES),
         f"the number of additional doses must be from 0 to {MOST_DOSES - 1}",
         "write 0 where nothing repeats"),
    Rule("SS", lambda table: (table.ss < 0) | (table.ss > 3), "SS must be 0, 1, 2 or 3",
         "0 is a dose without steady state"),
    Rule("CMT", _is_no_compartment, "a compartment is a whole number >= 0 or a name",
         'write 1, "central" or a route such as "iv"'),
    *(_dosing_without_dose(column) for column in ("AMT", "RATE", "II", "ADDL", "SS")),
    Rule("CMT", _has_no_compartment, "a dose needs a compartment",
         'write its number, its name or a route such as "iv"'),
    Rule("AMT", lambda table: table.is_dose & (table.amt == 0.0) & ~_is_constant(table),
         "a dose needs AMT > 0", "set EVID to 0 for an observation"),
    Rule("II", lambda table: (table.addl > 0) & (table.ii == 0.0) & ~_is_constant(table),
         "additional doses (ADDL > 0) need II > 0", "write the time between them"),
    Rule("II", lambda table: (table.ss > 0) & (table.ii == 0.0) & ~_is_constant(table),
         "steady state of a repeated dose needs II > 0", "write the time between the doses"),
    Rule("II", lambda table: _is_constant(table) & (table.ii > 0.0), _NO_CONSTANT,
         "give an amount for an infusion that repeats"),
    Rule("ADDL", lambda table: _is_constant(table) & (table.addl > 0), _NO_CONSTANT,
         "give an amount for an infusion that repeats"),
)  # fmt: skip
"""What every event table obeys; the order matters: later rules rely on earlier ones."""
