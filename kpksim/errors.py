"""Everything that kpksim refuses, by name.

A message states the rule, the offender with its value and place, and the way out. The command
line shows the message alone and exits with status 1.
"""

from difflib import get_close_matches


class KpksimError(Exception):
    """A request that kpksim refuses; the parent of every error below."""

    def __str__(self) -> str:
        """Give the message itself (a `KeyError` would quote it)."""
        return str(self.args[0]) if self.args else ""


class DataError(KpksimError, ValueError):
    """A file whose content breaks a rule; the message starts with its place."""


class UnitError(KpksimError, ValueError):
    """A quantity that cannot be read or has the wrong dimension."""


class RegimenError(KpksimError, ValueError):
    """A dosing regimen that cannot be given."""


class ModelError(KpksimError, ValueError):
    """A model that cannot be computed, or a dose that the model does not know."""


class ScenarioError(KpksimError, ValueError):
    """A scenario that asks for something impossible."""


class UnknownName(KpksimError, KeyError):
    """A name that is in no catalogue; the message suggests the nearest one."""


class OutputError(KpksimError, OSError):
    """A result that cannot be written."""


class MissingPackage(KpksimError, ImportError):
    """A package of an extra that the work needs and that is not installed."""


def unknown(kind: str, name: str, known: list[str], way_out: str = "") -> UnknownName:
    """Make the error for a name that is not among the known ones.

    Parameters
    ----------
    kind : str
        What the name stands for, such as ``"model"``.
    name : str
        The name that was asked for.
    known : list of str
        Every name that exists.
    way_out : str
        What lists the names; when empty the names themselves are given.

    Returns
    -------
    UnknownName
        The error, to be raised by the caller.

    Examples
    --------
    >>> print(unknown("route", "ivv", ["iv", "sc"]))
    no route "ivv"; did you mean "iv"? Known: iv, sc
    """
    guess = nearest(name, known)
    hint = f'; did you mean "{guess}"?' if guess else ";"
    listed = f"{'Known' if guess else 'known'}: {', '.join(known) or 'none'}"
    return UnknownName(f'no {kind} "{name}"{hint} {way_out or listed}')


def nearest(name: str, known: list[str]) -> str:
    """Give the known name that a wrong one most likely means.

    Parameters
    ----------
    name : str
        The wrong name.
    known : list of str
        Every name that exists.

    Returns
    -------
    str
        One of `known`; empty when none is near.

    Examples
    --------
    >>> nearest("IV", ["im", "iv"])
    'iv'
    """
    lower = {key.lower(): key for key in reversed(known)}
    word = name.lower()
    near = get_close_matches(word, lower, n=1, cutoff=0.5)
    start = [key for key in known if word and _one_begins(word, key.lower())]
    return lower[near[0]] if near else (start[0] if start else "")


def _one_begins(one: str, other: str) -> bool:
    """Say whether one of two words is the beginning of the other."""
    return one.startswith(other) or other.startswith(one)
