"""What a study file leaves to be looked at: likely doubles, and people in whom nothing was told."""

from collections.abc import Iterable

from kpksim.evidence.study import Study


def likely_doubles(study: Study, others: Iterable[Study]) -> list[str]:
    """Say which known studies may hold the same people.

    Parameters
    ----------
    study : Study
        A new study.
    others : iterable of Study
        The known ones.

    Returns
    -------
    list of str
        A sentence for each: one cohort by name, one paper, or the same number of people given the
        same doses by the same route.
    """
    found = []
    for other in others:
        reason = _reason(study, other)
        if other.key != study.key and reason and other.key not in study.same_people:
            found.append(
                f"{other.key} may hold the same people: {reason}; if so, give both one cohort and "
                f'name it in design.same_people = ["{other.key}"]'
            )
    return found


def _reason(study: Study, other: Study) -> str:
    """Say why two studies may hold the same people; empty when nothing speaks for it."""
    if study.source != "user" and study.source == other.source:
        return f"both are {study.source}"
    if study.cohort == other.cohort:
        return f'both say cohort = "{study.cohort}"'
    if study.n == other.n and _given(study) & _given(other):
        shared = ", ".join(sorted(_given(study) & _given(other)))
        return f"{study.n} people in both, and in both {shared}"
    return ""


def _given(study: Study) -> set[str]:
    """Give what the arms of a study got, in words."""
    return {arm.given for arm in study.arms.values() if arm.regimen is not None}
