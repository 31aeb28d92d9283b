"""Masses of a salt and of its base, masses and molar amounts."""

from typing import TYPE_CHECKING, TypeVar

from kpksim.errors import unknown
from kpksim.vocabulary import HYDROCHLORIDE_TO_BASE, MOLAR_MASS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Number = TypeVar("Number", float, "NDArray[np.float64]")
"""A number, or an array of them."""


def hydrochloride_to_base(amount: Number) -> Number:
    """Convert a mass of ketamine hydrochloride to the mass of base in it.

    Parameters
    ----------
    amount : float or array, shape (...)
        Mass of the hydrochloride [mg].

    Returns
    -------
    float or array, shape (...)
        Mass of base [mg].

    References
    ----------
    57.7 mg of hydrochloride hold 50 mg of base, [simons2022]_ methods.

    Examples
    --------
    >>> round(hydrochloride_to_base(57.7), 1)
    50.0
    """
    return amount * HYDROCHLORIDE_TO_BASE


def base_to_hydrochloride(amount: Number) -> Number:
    """Convert a mass of ketamine base to the mass of hydrochloride that holds it.

    Parameters
    ----------
    amount : float or array, shape (...)
        Mass of base [mg].

    Returns
    -------
    float or array, shape (...)
        Mass of the hydrochloride [mg].

    Examples
    --------
    >>> round(base_to_hydrochloride(50.0), 1)
    57.7
    """
    return amount / HYDROCHLORIDE_TO_BASE


def mass_to_molar(concentration: Number, analyte: str) -> Number:
    """Convert ng/mL to umol/L.

    Parameters
    ----------
    concentration : float or array, shape (...)
        Mass concentration [ng/mL].
    analyte : str
        Name of the analyte, a key of `kpksim.vocabulary.MOLAR_MASS`.

    Returns
    -------
    float or array, shape (...)
        Molar concentration [umol/L].

    Raises
    ------
    UnknownName
        If the molar mass of the analyte is not known.

    Examples
    --------
    >>> mass_to_molar(237.73, "ketamine")
    1.0
    """
    return concentration / _molar_mass(analyte)


def molar_to_mass(concentration: Number, analyte: str) -> Number:
    """Convert umol/L to ng/mL.

    Parameters
    ----------
    concentration : float or array, shape (...)
        Molar concentration [umol/L].
    analyte : str
        Name of the analyte, a key of `kpksim.vocabulary.MOLAR_MASS`.

    Returns
    -------
    float or array, shape (...)
        Mass concentration [ng/mL].

    Raises
    ------
    UnknownName
        If the molar mass of the analyte is not known.

    Examples
    --------
    >>> molar_to_mass(1.0, "norketamine")
    223.7
    """
    return concentration * _molar_mass(analyte)


def _molar_mass(analyte: str) -> float:
    """Give the molar mass of an analyte [g/mol]."""
    if analyte not in MOLAR_MASS:
        raise unknown("analyte", analyte, list(MOLAR_MASS))
    return MOLAR_MASS[analyte]
