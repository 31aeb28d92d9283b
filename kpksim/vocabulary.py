"""Every quantity once: name, unit, label, range, direction, threshold and meaning.

Axis labels, dataset attributes, tables and the report read this file and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

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
FORMS = ("base", "hydrochloride")
SITES = ("venous", "arterial", "unknown")
PEOPLE = ("adults", "children", "intensive care", "anaesthesia", "unknown")
"""Kinds of people that a model or an observation is about."""
OTHER_PEOPLE = ("children", "intensive care")
"""Those who are unlike the adults of the regimens and of the effects."""
CLEARANCES = {
    "true": "a clearance from blood (CL)",
    "apparent": "a clearance over a bioavailability that is not known (CL/F)",
    "unknown": "not stated whether a clearance or CL/F",
}
"""What the clearance of the drug is in a model."""
METABOLITE_MASSES = {
    "own": "their own mass",
    "parent": "parent-equivalent mass; molar masses are in their apparent volumes and clearances",
    "unknown": "not stated",
}
"""What metabolites are counted in while they are in a model; outputs are their own mass."""
KINDS = ("estimated", "fixed", "derived", "digitised", "assumed")
GRADES = {
    "A": "seen in the paper itself",
    "B": "seen in a secondary source",
    "D": "derived or assumed here",
}
"""How well a number is traced; a number from memory is not accepted."""

PROCESSES = {
    "hepatic clearance": "intrinsic clearance of ketamine by the liver",
    "gut availability": "share of a swallowed dose that passes the gut wall as ketamine",
    "norketamine clearance": "clearance of norketamine",
}
"""What other drugs and genes change in the body; a model says which parameters measure it."""

CONSTRUCTS = {
    "anxiety": "symptoms of anxiety",
    "depression": "symptoms of depression",
    "suicidal ideation": "thoughts of suicide",
    "dissociation": "feeling detached from oneself or the world",
    "blood pressure": "pressure and heart rate",
    "function": "work, social life and cognition",
    "tolerability": "unwanted effects, people who leave a study",
    "biology": "brain activity, proteins, concentrations in blood",
}
"""What a statement of a clinical study is about."""

STATEMENT_TYPES = {
    "percent change": "change from baseline in percent of it",
    "mean change": "change from baseline in points",
    "mean": "mean score, or another mean number",
    "responders": "k of n whose score fell beyond a threshold",
    "effect size": "standardised difference between arms or from baseline",
    "significant": "a difference that reached p < 0.05",
    "not significant": "a difference that did not",
    "onset within": "an effect is there by a time",
    "lasts at least": "an effect is still there at a time",
    "back to baseline by": "an effect is gone by a time",
    "peak about": "an effect is largest near a time",
    "relapse": "symptoms came back",
    "order of doses": "one dose does more than another, or no more",
    "none observed": "something was looked for and not seen",
    "correlation": "two measures go together, or do not",
    "odds ratio": "odds of a response in one group over another",
    "adverse event": "an unwanted effect, with or without its number",
    "remark": "words without a number, an order or a time",
}
"""Kinds of statements of clinical studies."""

READINGS = {
    "percent change": "normal around the mean percent change",
    "points": "normal around the mean change in points, through a baseline",
    "ever responded": "binomial: at least one of several visits beyond the threshold",
    "responded": "binomial: one visit beyond the threshold",
    "significant": "the test was passed, by its power",
    "direction": "only the sign of a difference",
    "not significant": "the test was not passed, by its power",
    "effect size": "normal around the standardised difference",
    "order": "the sign of a difference: the first arm, or the later of two times, does more",
    "plateau": "a difference smaller than a margin",
    "interval": "words as a range of the observed mean",
    "below threshold": "mean score under a clinical level",
    "offset": "significant at one rating, not significant at the next",
    "gone by": "mean drug effect small by a time",
    "relapse": "share of people whose relief is lost by a time",
    "mean score": "normal around the mean score itself",
    "not used": "says nothing that a curve could be held against",
}
"""How the likelihood of a statement may read it."""

CLOCKS = {
    "first dose": "from the start of the first dose",
    "last dose": "from the start of the last dose of the course",
    "each dose": "from the start of each dose, or of any dose",
    "none": "no time is stated or needed; the statement says why",
}
"""What the time of a statement counts from."""

BLINDING = ("open", "double-blind", "single-blind", "retrospective", "mixed")
CONTROLS = ("none", "saline", "midazolam", "waiting", "other dose")
LAYOUTS = (
    "single arm", "ascending doses", "crossover", "parallel", "case series", "cohort", "subgroup",
)  # fmt: skip
ARM_KINDS = ("drug", "midazolam", "placebo", "no treatment")

USE_LINE = "For research and teaching. Not for dosing a patient."


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


@dataclass(frozen=True)
class Scale:
    """An instrument with which a study measures.

    Attributes
    ----------
    name : str
        Abbreviation, as studies print it.
    label : str
        Full name.
    construct : str
        What it measures.
    unit : str
        Unit of the score.
    lower, upper : float or None
        Smallest and largest possible score [unit]; None where no source says so.
    better : str
        ``"lower"`` or ``"neither"``: which direction is improvement.
    response : float or None
        Change from baseline that counts as a response [%].
    clinical_level : float or None
        Score up to which symptoms count as mild or absent [unit].
    meaning : str
        One sentence for a reader from another field.
    sources : mapping of str to str
        Bibliography keys: ``"scale"`` names the instrument; ``"range"``, ``"response"`` and
        ``"clinical level"`` name who states the number, a range also by its items and their marks.
    """

    name: str
    label: str
    construct: str
    unit: str
    lower: float | None
    upper: float | None
    better: str
    response: float | None
    clinical_level: float | None
    meaning: str
    sources: Mapping[str, str]


SCALES = {
    scale.name: scale
    for scale in (
        Scale(
            "HAM-A", "Hamilton Anxiety Rating Scale", "anxiety",
            "points", 0.0, 56.0, "lower", -50.0, 14.0,
            "A clinician rates 14 symptoms of anxiety.",
            {
                "scale": "hamilton1959", "range": "hamilton1959",
                "response": "shadli2018", "clinical level": "matza2010",
            },
        ),
        Scale(
            "FQ", "Fear Questionnaire", "anxiety", "points", 0.0, 120.0, "lower", None, None,
            "Patients rate how much they avoid 15 feared situations.",
            {"scale": "marks1979", "range": "mavissakalian1986"},
        ),
        Scale(
            "HADS-A", "Hospital Anxiety and Depression Scale, anxiety", "anxiety",
            "points", 0.0, 21.0, "lower", None, None,
            "Patients with a physical illness rate seven signs of anxiety.",
            {"scale": "zigmond1983", "range": "zigmond1983"},
        ),
        Scale(
            "HADS-D", "Hospital Anxiety and Depression Scale, depression", "depression",
            "points", 0.0, 21.0, "lower", None, None,
            "Patients with a physical illness rate seven signs of depression.",
            {"scale": "zigmond1983", "range": "zigmond1983"},
        ),
        Scale(
            "GAD-7", "Generalized Anxiety Disorder scale", "anxiety",
            "points", 0.0, 21.0, "lower", None, None,
            "Patients rate how often seven signs of worry bothered them.",
            {"scale": "spitzer2006", "range": "spitzer2006"},
        ),
        Scale(
            "LSAS", "Liebowitz Social Anxiety Scale", "anxiety",
            "points", 0.0, 144.0, "lower", -35.0, None,
            "A clinician rates fear and avoidance of 24 social situations.",
            {"scale": "liebowitz1987", "range": "liebowitz1987", "response": "taylor2018"},
        ),
        Scale(
            "SSAI", "Spielberger State Anxiety Inventory", "anxiety",
            "points", 20.0, 80.0, "lower", None, None,
            "Patients rate 20 feelings at this moment; nobody scores below 20.",
            {"scale": "spielberger1983", "range": "spielberger1983"},
        ),
        Scale(
            "VAS-anxiety", "Visual analogue scale of anxiety", "anxiety",
            "points", None, None, "lower", -50.0, None,
            "Patients mark on a line how anxious they feel.",
            {"scale": "taylor2018", "response": "taylor2018"},
        ),
        Scale(
            "MADRS", "Montgomery-Asberg Depression Rating Scale", "depression",
            "points", 0.0, 60.0, "lower", -50.0, None,
            "A clinician rates ten symptoms of depression.",
            {
                "scale": "montgomery1979", "range": "takahashi2021",
                "response": "diazgranados2010",
            },
        ),
        Scale(
            "MADRS-SI", "Suicidal thoughts, item 10 of the MADRS", "suicidal ideation",
            "points", 0.0, 6.0, "lower", None, None,
            "A clinician rates thoughts of suicide.",
            {"scale": "montgomery1979", "range": "montgomery1979"},
        ),
        Scale(
            "HAM-D", "Hamilton Depression Rating Scale, 17 items", "depression",
            "points", 0.0, 52.0, "lower", None, None,
            "A clinician rates 17 symptoms of depression.",
            {"scale": "hamilton1960", "range": "rush2003"},
        ),
        Scale(
            "HAMD6", "Hamilton Depression Rating Scale, 6 items", "depression",
            "points", None, None, "lower", None, None,
            "The six items of the HAM-D that carry the core of depression.",
            {"scale": "dunlop2019"},
        ),
        Scale(
            "QIDS-SR16", "Quick Inventory of Depressive Symptomatology", "depression",
            "points", 0.0, 27.0, "lower", None, None,
            "Patients rate 16 items on nine signs of depression.",
            {"scale": "rush2003", "range": "rush2003"},
        ),
        Scale(
            "BSI", "Beck Scale for Suicide Ideation", "suicidal ideation",
            "points", None, None, "lower", None, None,
            "Wish to die and plans of suicide are rated.", {"scale": "beck1979"},
        ),
        Scale(
            "CADSS", "Clinician-Administered Dissociative States Scale", "dissociation",
            "points", 0.0, 92.0, "lower", None, None,
            "A clinician asks for 23 signs of feeling detached from oneself or the world.",
            # The trial registered as NCT04226963 marks each of the 23 items from 0 to 4.
            {"scale": "bremner1998", "range": "rodrigues2021"},
        ),
        Scale(
            "WSAS", "Work and Social Adjustment Scale", "functioning",
            "points", 0.0, 40.0, "lower", None, None,
            "Patients rate how far the illness impairs five parts of daily life.",
            {"scale": "mundt2002", "range": "mundt2002"},
        ),
        Scale(
            "SBP", "Systolic blood pressure", "blood pressure",
            "mmHg", None, None, "neither", None, None,
            "Pressure in the arteries while the heart contracts.", {},
        ),
        Scale(
            "DBP", "Diastolic blood pressure", "blood pressure",
            "mmHg", None, None, "neither", None, None,
            "Pressure in the arteries between two beats.", {},
        ),
    )
}  # fmt: skip
"""Instruments of the clinical studies, by the name that a study prints."""
