"""Text with a unit on one side, plain numbers in fixed units on the other.

Pint reads the text; nothing beyond this file knows it.

Body weight has a dimension of its own here, so that ``"0.5 mg/kg"`` is never mistaken for a
pure number: the ``kg`` after a slash is body weight.
"""

import math
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from kpksim.errors import UnitError

INTERNAL_UNIT = {
    "amount": "mg",
    "amount per weight": "mg/kg",
    "time": "h",
    "volume": "L",
    "volume per weight": "L/kg",
    "clearance": "L/h",
    "clearance per weight": "L/h/kg",
    "rate constant": "1/h",
    "infusion rate": "mg/h",
    "infusion rate per weight": "mg/kg/h",
    "concentration": "mg/L",
    "molar concentration": "umol/L",
    "weight": "kg",
    "fraction": "1",
    "pressure": "mmHg",
}
"""Unit of each dimension inside the program."""

_DEFINITIONS = """
kilo- = 1e3 = k-
milli- = 1e-3 = m-
micro- = 1e-6 = u- = \N{MICRO SIGN}- = \N{GREEK SMALL LETTER MU}- = mc-
nano- = 1e-9 = n-
gram = [mass] = g
kg_body_weight = [body_weight]
liter = [volume] = L = l = litre
hour = [time] = h = hr
minute = hour / 60 = min
second = minute / 60 = s = sec
day = 24 * hour = d
week = 7 * day = wk
year = 365.25 * day = y = yr
mole = [substance] = mol
mmHg = [pressure]
percent = 0.01
"""
_NUMBER = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+|nan\b|inf\b)(?:e[-+]?[0-9]+)?"
_UNIT = r"[a-z\N{MICRO SIGN}\N{GREEK SMALL LETTER MU}]+(?:\s*(?:\^|\*\*)\s*-?[0-9])?"
_QUANTITY = re.compile(
    rf"\s*{_NUMBER}\s*(?P<unit>(?:1\s*(?=/))?(?:/?\s*{_UNIT}(?:(?:\s*[*/]\s*|\s+){_UNIT})*)?)\s*",
    re.IGNORECASE,
)
_BODY_WEIGHT = re.compile(r"(?<=/)\s*kg\b")


@cache
def _registry() -> Any:
    """Load Pint once, when the first quantity is read, with the units of this field alone."""
    import pint

    registry: Any = pint.UnitRegistry(None)
    registry.load_definitions(_DEFINITIONS.strip().splitlines())
    return registry


def _quantity(text: str) -> Any:
    """Read a text with Pint, body weight marked."""
    if not isinstance(text, str):
        raise UnitError(
            f'a quantity is text with a unit such as "0.5 mg/kg", got {text!r} without a unit'
        )
    words = text.replace("%", " percent")
    found = _QUANTITY.fullmatch(words)
    try:
        if found is None:
            raise ValueError("not one number followed by a unit")
        quantity = _registry().Quantity(_BODY_WEIGHT.sub("kg_body_weight", words))
        magnitude = float(quantity.magnitude)
    except Exception as error:  # Pint lets errors of Python's tokenizer and arithmetic through
        raise UnitError(
            f'cannot read "{text}" as a quantity; write one number, with a decimal point and no '
            'separators, and a unit such as "0.5 mg/kg"'
        ) from error
    unit = _BODY_WEIGHT.sub("", found["unit"])
    if unit != "kg" and re.search(r"\bkg\b", unit):
        raise UnitError(f'"{text}": per body weight is written with a slash, such as "mg/kg/h"')
    if not math.isfinite(magnitude):
        raise UnitError(f'a quantity must be a finite number, got "{text}"')
    return quantity


@cache
def _unit(dimension: str) -> Any:
    """Give the internal unit of a dimension as a Pint unit."""
    text = INTERNAL_UNIT[dimension]
    return _registry().Unit(_BODY_WEIGHT.sub("kg_body_weight", "" if text == "1" else text))


def dimension_of(text: str) -> str:
    """Name the dimension of a quantity.

    Parameters
    ----------
    text : str
        A number with a unit.

    Returns
    -------
    str
        A key of `INTERNAL_UNIT`, or Pint's own words when it is none of them. A mass is
        named ``"amount"``, never ``"weight"``.

    Raises
    ------
    UnitError
        If the text is no quantity.

    Examples
    --------
    >>> dimension_of("0.063 L/kg")
    'volume per weight'
    """
    quantity = _quantity(text)
    return _named_dimension(quantity)


def is_number(text: str) -> bool:
    """Tell whether a text is a number without a unit.

    Parameters
    ----------
    text : str
        Some text.

    Returns
    -------
    bool
        Whether nothing stands behind the number; ``"5 %"`` has a unit.

    Examples
    --------
    >>> is_number("133"), is_number("133 L")
    (True, False)
    """
    found = _QUANTITY.fullmatch(text)
    return found is not None and not found["unit"]


def _named_dimension(quantity: Any) -> str:
    """Name the dimension of a Pint quantity."""
    for name in INTERNAL_UNIT:
        if quantity.is_compatible_with(_unit(name)):
            return name
    return str(quantity.dimensionality)


def read_quantity(text: str, *dimensions: str) -> tuple[float, str]:
    """Convert text with a unit to the internal number.

    Parameters
    ----------
    text : str
        A number with a unit, such as ``"40 min"``.
    *dimensions : str
        The dimensions that are allowed here, keys of `INTERNAL_UNIT`.

    Returns
    -------
    value : float
        The number in the internal unit of its dimension.
    dimension : str
        Which of the allowed dimensions it has.

    Raises
    ------
    UnitError
        If the text is no quantity, is not finite, or has another dimension.

    Examples
    --------
    >>> read_quantity("30 min", "time")
    (0.5, 'time')
    """
    quantity = _quantity(text)
    for dimension in dimensions:
        if quantity.is_compatible_with(_unit(dimension)):
            return float(quantity.to(_unit(dimension)).magnitude), dimension
    expected = " or ".join(dimensions)
    example = ", ".join(INTERNAL_UNIT[dimension] for dimension in dimensions)
    found = _named_dimension(quantity)
    article = "an" if found[0] in "aeiou" else "a"
    raise UnitError(f'"{text}" is {article} {found}, expected {expected} (unit like {example})')


def formula_dimension(formula: Callable[[dict[str, Any]], Any], dimensions: dict[str, str]) -> str:
    """Work out which dimension a formula has, from those of its names.

    Parameters
    ----------
    formula : callable
        Takes a value for every name and returns the result; it is called with quantities.
    dimensions : dict of str to str
        Dimension of every name, a key of `INTERNAL_UNIT`.

    Returns
    -------
    str
        The dimension of the result, a key of `INTERNAL_UNIT`.

    Raises
    ------
    UnitError
        If unlike quantities are added or compared, or the result has no named dimension.

    Examples
    --------
    >>> formula_dimension(lambda v: v["cl"] / v["vc"], {"cl": "clearance", "vc": "volume"})
    'rate constant'
    """
    import numpy as np
    import pint

    values = {
        name: _registry().Quantity(np.float64(1.0 + 1.0 / (k + math.pi)), _formula_unit(kind))
        for k, (name, kind) in enumerate(dimensions.items())
    }
    try:
        with np.errstate(all="ignore"):  # the numbers mean nothing here, only the units do
            result = _registry().Quantity(formula(values))
    except pint.PintError as error:
        raise UnitError(f"units do not agree: {error}") from None
    name = _named_dimension(result)
    if name not in INTERNAL_UNIT:
        raise UnitError(f"the result is a {name}, which is no quantity of a model")
    return name


def _formula_unit(dimension: str) -> Any:
    """Give the unit of a dimension in a formula: body weight [kg] is no amount [mg] there."""
    return _registry().Unit("kg_body_weight") if dimension == "weight" else _unit(dimension)


def to_internal(text: str, dimension: str) -> float:
    """Convert text with a unit to the internal number of one dimension.

    Parameters
    ----------
    text : str
        A number with a unit.
    dimension : str
        The dimension it must have, a key of `INTERNAL_UNIT`.

    Returns
    -------
    float
        The number in the internal unit.

    Raises
    ------
    UnitError
        If the text is no quantity or has another dimension.

    Examples
    --------
    >>> to_internal("2 weeks", "time")
    336.0
    """
    return read_quantity(text, dimension)[0]
