"""The instruments with which studies measure."""

from collections.abc import Mapping
from dataclasses import dataclass


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
