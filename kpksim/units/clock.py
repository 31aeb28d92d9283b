"""Times in hours, read and written."""

import math

from kpksim.errors import UnitError
from kpksim.units.quantity import to_internal


def hours(value: float | str) -> float:
    """Convert a time to hours; a plain number is hours already.

    Parameters
    ----------
    value : float or str
        Hours, or text with a unit such as ``"3.5 d"``.

    Returns
    -------
    float
        Time [h].

    Raises
    ------
    UnitError
        If the text is no time.

    Examples
    --------
    >>> hours("3.5 d")
    84.0
    """
    if isinstance(value, str):
        return to_internal(value, "time")
    number = float(value)
    if not math.isfinite(number):
        raise UnitError(f"a time must be a finite number, got {value}")
    return number


def say_time(value: float) -> str:
    """Write a time in the unit in which a person would say it.

    Parameters
    ----------
    value : float
        Time [h].

    Returns
    -------
    str
        The time in minutes, hours or days.

    Examples
    --------
    >>> say_time(2 / 3), say_time(12.0), say_time(84.0), say_time(168.0)
    ('40 min', '12 h', '3.5 d', '7 d')
    """
    if value and abs(value) < 2.0 and value != 1.0:
        return f"{_short(value * 60.0)} min"
    if abs(value) < 24.0 or (abs(value) < 72.0 and value % 12.0):
        return f"{_short(value)} h"
    return f"{_short(value / 24.0)} d"


def _short(number: float) -> str:
    """Write a number with up to six digits and no trailing zeros."""
    return f"{number:.6g}"
