"""What can be observed, and how a printed number becomes one in the unit of its metric."""

from dataclasses import dataclass

from kpksim.errors import UnitError
from kpksim.units import hours, molar_to_mass, read_quantity


@dataclass(frozen=True)
class Metric:
    """Something that a study reports of a concentration.

    Attributes
    ----------
    name : str
        Key in files.
    unit : str
        Unit of its values in the program.
    dimensions : tuple of str
        Dimensions of a printed number, keys of `kpksim.units.INTERNAL_UNIT`.
    windowed : bool
        Whether it belongs to a window of time.
    """

    name: str
    unit: str
    dimensions: tuple[str, ...]
    windowed: bool = False


_CONCENTRATION = ("concentration", "molar concentration")
METRICS = {
    metric.name: metric
    for metric in (
        Metric("concentration", "ng/mL", _CONCENTRATION),
        Metric("cmax", "ng/mL", _CONCENTRATION),
        Metric("tmax", "h", ("time",)),
        Metric("auc", "ng h/mL", _CONCENTRATION, windowed=True),
        Metric("t_half", "h", ("time",), windowed=True),
        Metric("f", "1", ("fraction",), windowed=True),
        Metric("auc_ratio", "1", ("fraction",), windowed=True),
        Metric("cl", "L/h", ("clearance", "clearance per weight")),
        Metric("vss", "L", ("volume", "volume per weight")),
    )
}
"""Every metric by name."""

_PER_WEIGHT = {"clearance per weight": "L/h/kg", "volume per weight": "L/kg"}
_NG_PER_MG = 1000.0  # ng/mL in one mg/L


def at_door(number: float, unit: str, metric: str, analyte: str) -> tuple[float, str]:
    """Convert a printed number to the unit of its metric.

    Parameters
    ----------
    number : float
        What is printed [unit].
    unit : str
        Its unit as text, such as ``"nmol/mL"``; ``"1"`` for a pure number. An area is written
        with the time second, such as ``"ng min/mL"``.
    metric : str
        A key of `METRICS`.
    analyte : str
        Whose molar mass turns an amount of substance into a mass.

    Returns
    -------
    value : float
        The number [second result].
    unit : str
        The unit of the metric, or that per kg of body weight.

    Raises
    ------
    UnitError
        If the unit does not fit the metric.

    Examples
    --------
    >>> value, unit = at_door(9.3, "umol/L", "concentration", "ketamine")
    >>> round(value), unit
    (2211, 'ng/mL')
    >>> value, unit = at_door(8363.0, "ng min/mL", "auc", "ketamine")
    >>> round(value, 1), unit
    (139.4, 'ng h/mL')
    """
    kind = METRICS[metric]
    if metric == "auc":
        level, time = _area_units(unit)
        return _mass(number, level, analyte) * hours(f"1 {time}"), kind.unit
    if kind.dimensions == _CONCENTRATION:
        return _mass(number, unit, analyte), kind.unit
    text = f"{number!r}" if unit == "1" else f"{number!r} {unit}"
    value, dimension = read_quantity(text, *kind.dimensions)
    return value, _PER_WEIGHT.get(dimension, kind.unit)


def _mass(number: float, unit: str, analyte: str) -> float:
    """Convert a concentration to ng/mL."""
    value, dimension = read_quantity(f"{number!r} {unit}", *_CONCENTRATION)
    return value * _NG_PER_MG if dimension == "concentration" else molar_to_mass(value, analyte)


def _area_units(unit: str) -> tuple[str, str]:
    """Split the unit of an area, such as "ng min/mL", into "ng/mL" and "min"."""
    above, slash, below = unit.partition("/")
    words = above.split()
    if len(words) != 2 or not slash:
        raise UnitError(f'"{unit}" is no unit of an area; write it like "ng h/mL"')
    return f"{words[0]}/{below}", words[1]
