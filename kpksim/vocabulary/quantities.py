"""What is computed and shown: name, unit, label, range, direction, threshold, meaning."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Quantity:
    """Something that is computed and shown.

    Attributes
    ----------
    name : str
        Variable name in a dataset.
    group : str
        ``"concentration"`` or ``"effect"``.
    unit : str
        Unit of the values.
    label : str
        Words for an axis or a heading, without the unit.
    short : str
        Words for a narrow panel.
    lower, upper : float
        Smallest and largest possible value [unit].
    better : str
        ``"lower"``, ``"higher"`` or ``"neither"``: which direction is improvement.
    threshold : float or None
        Value that counts as a response or a relevant effect [unit].
    meaning : str
        One sentence for a reader from another field.
    """

    name: str
    group: str
    unit: str
    label: str
    short: str
    lower: float
    upper: float
    better: str
    threshold: float | None
    meaning: str


_INF = float("inf")

ANALYTES = {
    quantity.name: quantity
    for quantity in (
        Quantity(
            "ketamine", "concentration", "ng/mL", "Ketamine in plasma", "Ketamine",
            0.0, _INF, "neither", None,
            "The drug itself, as base; the sum of both enantiomers when the racemate is given.",
        ),
        Quantity(
            "norketamine", "concentration", "ng/mL", "Norketamine in plasma", "Norketamine",
            0.0, _INF, "neither", None,
            "First metabolite, active, formed in gut wall and liver.",
        ),
        Quantity(
            "hydroxynorketamine", "concentration", "ng/mL", "Hydroxynorketamine in plasma", "HNK",
            0.0, _INF, "neither", None,
            "Sum of the hydroxylated norketamines; known within a factor of 3.",
        ),
        Quantity(
            "dehydronorketamine", "concentration", "ng/mL", "Dehydronorketamine in plasma", "DHNK",
            0.0, _INF, "neither", None,
            "Metabolite of norketamine; its level rests on one study.",
        ),
    )
}  # fmt: skip

ENANTIOMERS = {"": "", "_s": "S-", "_r": "R-"}
"""Suffixes of outputs that hold one enantiomer, and how its name begins."""
ARTERIAL = "_arterial"
"""Suffix, after that, of outputs in arterial plasma where the main site of a model is venous."""


def _variant(quantity: Quantity, enantiomer: str, site: str) -> Quantity:
    """Describe an analyte as one enantiomer, or in arterial plasma."""
    prefix = ENANTIOMERS[enantiomer]
    name = quantity.name if prefix else quantity.name.capitalize()
    abbreviated = quantity.short.isupper()
    short = quantity.short.lower() if (prefix or site) and not abbreviated else quantity.short
    meaning = quantity.meaning
    if prefix:
        meaning = f"{quantity.name.capitalize()} of the {prefix}enantiomer alone."
    if site:
        meaning += " Here in arterial plasma, beside the venous plasma of the same model."
    return replace(
        quantity,
        name=f"{quantity.name}{enantiomer}{site}",
        label=f"{prefix}{name} in {'arterial ' if site else ''}plasma",
        short=f"{'Arterial ' if site else ''}{prefix}{short}",
        meaning=meaning,
    )


PARTS = {
    f"{analyte}{enantiomer}{site}": (analyte, enantiomer, site)
    for analyte in ANALYTES
    for site in ("", ARTERIAL)
    for enantiomer in ENANTIOMERS
}
"""Analyte, suffix of the enantiomer and suffix of the site, by the name of a concentration."""

CONCENTRATIONS = {
    name: _variant(ANALYTES[analyte], enantiomer, site)
    for name, (analyte, enantiomer, site) in PARTS.items()
}
"""Every concentration: each analyte as it is or one enantiomer of it, in plasma or arterial."""

OUTCOMES = {
    quantity.name: quantity
    for quantity in (
        Quantity(
            "anxiety", "effect", "% change", "Anxiety score", "Anxiety",
            -100.0, _INF, "lower", -50.0,
            "Change of an anxiety score from its value before the first dose.",
        ),
        Quantity(
            "depression", "effect", "% change", "Depression score", "Depression",
            -100.0, _INF, "lower", -50.0,
            "Change of a depression score from its value before the first dose.",
        ),
        Quantity(
            "dissociation", "effect", "CADSS points", "Dissociation", "Dissociation",
            0.0, 92.0, "lower", 4.0,
            "Dissociative symptoms on the Clinician-Administered Dissociative States Scale.",
        ),
        Quantity(
            "sbp", "effect", "mmHg", "Systolic pressure, change", "Systolic rise",
            -_INF, _INF, "neither", None,
            "Change of systolic blood pressure from its value before the dose.",
        ),
        Quantity(
            "dbp", "effect", "mmHg", "Diastolic pressure, change", "Diastolic rise",
            -_INF, _INF, "neither", None,
            "Change of diastolic blood pressure from its value before the dose.",
        ),
    )
}  # fmt: skip

QUANTITIES = ANALYTES | OUTCOMES
"""What is computed where nothing else is asked for."""
EVERY_QUANTITY = CONCENTRATIONS | OUTCOMES
"""What can be computed and shown."""
