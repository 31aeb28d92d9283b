"""The drug: molar masses, salts, enantiomers that are given, routes."""

from dataclasses import dataclass

MOLAR_MASS = {
    "ketamine": 237.73,
    "norketamine": 223.70,
    "hydroxynorketamine": 239.70,
    "dehydronorketamine": 221.68,
}
"""Molar mass of each analyte as base [g/mol]."""

HYDROCHLORIDE_TO_BASE = 0.867
"""Mass of ketamine base in one mass unit of its hydrochloride [1]; 237.73 / 274.2."""

DRUGS = ("racemic ketamine", "esketamine", "arketamine", "generic")
PURE = {"esketamine": "s", "arketamine": "r"}
"""The one enantiomer that is in a drug."""
FORMS = ("base", "hydrochloride")


@dataclass(frozen=True)
class Route:
    """A way of giving the drug.

    Attributes
    ----------
    name : str
        Key in files and calls.
    label : str
        Word at the start of a sentence.
    phrase : str
        Word after the dose.
    """

    name: str
    label: str
    phrase: str


ROUTES = {
    route.name: route
    for route in (
        Route("iv", "IV", "IV"),
        Route("im", "IM", "IM"),
        Route("sc", "Subcutaneous", "SC"),
        Route("oral", "Oral", "oral"),
        Route("oral_er", "Oral, extended release", "oral ER"),
        Route("intranasal", "Intranasal", "intranasal"),
        Route("sublingual", "Sublingual", "sublingual"),
    )
}
