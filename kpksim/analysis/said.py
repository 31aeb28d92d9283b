"""What the reviewed studies say of the regimens of a comparison."""

from collections.abc import Iterator, Mapping
from math import isnan
from typing import Any

from kpksim.evidence import Statement, Study, list_studies, load_study

NUMBERS_OF = {
    "anxiety": ("percent change",),
    "depression": ("percent change",),
    "dissociation": ("mean", "mean change"),
    "sbp": ("mean change",),
    "dbp": ("mean change",),
}
"""Types of statements whose number can be read off the curve of an outcome: nobody dissociates
before a dose, so that a mean score is a change, and a mean pressure is none."""


def studies_say(sentences: Mapping[str, str]) -> list[dict[str, Any]]:
    """Give the statements of studies that gave the same doses.

    Parameters
    ----------
    sentences : mapping of str to str
        Regimens by name, in the words of `Regimen.sentence`: studies gave the same doses when
        they have the same words.

    Returns
    -------
    list of dict
        One for each regimen, outcome and statement that a curve can be held against: regimen,
        study, statement, outcome, type, hours, span, value and unit (None where there is no
        number of that unit), says, reading. Statements about the time of each dose are those of
        the first.
    """
    studies = [load_study(key) for key in list_studies()]
    return [
        row
        for name, sentence in sentences.items()
        for study in studies
        for row in _of_study(name, sentence, study)
    ]


def _of_study(name: str, sentence: str, study: Study) -> Iterator[dict[str, Any]]:
    """Give what one study says of a regimen."""
    arms = study.arms.items()
    same = {key for key, arm in arms if arm.regimen is not None and arm.given == sentence}
    for one in study.statements:
        if one.is_fitted and one.hours and same & set(one.arms):
            for outcome in one.outcomes:
                yield _row(name, outcome, study, one)


def _row(name: str, outcome: str, study: Study, one: Statement) -> dict[str, Any]:
    """Put a statement beside a regimen."""
    number = one.type in NUMBERS_OF[outcome] and not isnan(one.value)
    return {
        "regimen": name,
        "outcome": outcome,
        "study": study.key,
        "statement": one.id,
        "type": one.type,
        "hours": list(one.hours),
        "span": one.span,
        "value": one.value if number else None,
        "unit": one.unit if number else None,
        "says": one.says,
        "reading": one.reading,
    }
