"""Every model against every observation that it claims: predicted over observed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import groupby

import pandas as pd

from kpksim.analysis.claims import APART, Claim, Refusal, claims
from kpksim.analysis.prediction import predict
from kpksim.analysis.qualification_summary import summarise
from kpksim.errors import ScenarioError
from kpksim.evidence import Observation, ObservedArm, ObservedStudy
from kpksim.models import Model

Progress = Callable[[float], None]
TIMING = ("tmax", "t_half")
"""Metrics that depend on when blood was drawn; counted apart from levels and exposures."""
RATIOS = [
    "model", "used", "part", "study", "id", "arm", "given", "route", "site", "analyte",
    "enantiomer", "metric", "over", "time", "start", "end", "observed", "predicted", "ratio",
    "unit", "statistic", "grade", "digitised", "where", "reasons", "doubt",
]  # fmt: skip
REFUSED = ["model", "study", "id", "arm", "analyte", "enantiomer", "metric", "kind", "words"]


@dataclass(frozen=True)
class Qualification:
    """Models against observations.

    Attributes
    ----------
    models : tuple of Model
    studies : tuple of ObservedStudy
    ratios : DataFrame
        One row per model and observation that it claims, columns `RATIOS`.
    refused : DataFrame
        One row per model and observation that it does not claim, columns `REFUSED`.
    """

    models: tuple[Model, ...]
    studies: tuple[ObservedStudy, ...]
    ratios: pd.DataFrame
    refused: pd.DataFrame

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Statistics by model, use, part, and route, analyte and source."""
        return summarise(self.ratios)


def qualify(
    models: Sequence[Model],
    studies: Sequence[ObservedStudy],
    *,
    progress: Progress | None = None,
) -> Qualification:
    """Predict every observation by every model that claims it.

    Parameters
    ----------
    models : sequence of Model
        The models.
    studies : sequence of ObservedStudy
        What was observed.
    progress : callable, optional
        Called with the share of the work that is done.

    Returns
    -------
    Qualification
        Ratios, refusals and statistics.

    Raises
    ------
    ScenarioError
        If no model is given, or two have one name.

    Examples
    --------
    >>> import kpksim as kp
    >>> from kpksim.evidence import load_observed
    >>> found = qualify([kp.load_model("otto2021")], [load_observed("otto2021")])
    >>> found.ratios["used"].unique().tolist()
    ['evaluation']
    """
    _refuse_twins(models)
    ratios: list[dict[str, object]] = []
    refused: list[dict[str, object]] = []
    for k, model in enumerate(models):
        for study in studies:
            for arm in study.arms.values():
                found = _judged(model, study, arm)
                ratios += _ratio_rows(model, study, arm, found)
                refused += _refused_rows(model, study, found)
        if progress:
            progress((k + 1) / len(models))
    return Qualification(
        tuple(models),
        tuple(studies),
        pd.DataFrame(ratios, columns=RATIOS),
        pd.DataFrame(refused, columns=REFUSED),
    )


def used(model: Model, study: ObservedStudy) -> str:
    """Say whether a model was made with the observations of a study.

    Parameters
    ----------
    model : Model
        The model.
    study : ObservedStudy
        Where observations come from.

    Returns
    -------
    str
        ``"evaluation"`` when it is the model's own source, one of those that the model's file
        lists under ``fitted_to``, the source of one of its parameters, or has the same people as
        one of these; else ``"qualification"``.
    """
    known = {model.source, *model.fitted_to}
    known |= {one.source for one in model.parameters.values()}
    own = {study.key, study.source, *study.same_people} - {"user"}
    return "evaluation" if own & known else "qualification"


def part_of(observation: Observation) -> str:
    """Say among what an observation is counted: ``"levels"``, ``"timing"`` or ``"apart"``."""
    if observation.id in APART:
        return "apart"
    return "timing" if observation.metric in TIMING else "levels"


Judged = tuple[Observation, Claim | Refusal]


def _refuse_twins(models: Sequence[Model]) -> None:
    """Refuse what would give no table, or one in which two models cannot be told apart."""
    names = [one.name for one in models]
    if not names:
        raise ScenarioError("nothing to qualify: give at least one model")
    twins = sorted({name for name in names if names.count(name) > 1})
    if twins:
        raise ScenarioError(f'two models have the name "{twins[0]}"; leave one out or rename it')


def _judged(model: Model, study: ObservedStudy, arm: ObservedArm) -> list[Judged]:
    """Judge every observation of an arm."""
    own = (one for one in study.observations if one.arm == arm.name)
    return [(one, claims(model, arm, one)) for one in own]


def _ratio_rows(
    model: Model, study: ObservedStudy, arm: ObservedArm, found: Sequence[Judged]
) -> Iterator[dict[str, object]]:
    """Give the rows of what is claimed; what is read off one course is predicted together."""
    claimed = [(one, claim) for one, claim in found if isinstance(claim, Claim)]
    for (regimen, weight), group in groupby(
        claimed, lambda pair: (pair[1].regimen, pair[1].weight)
    ):
        pairs = list(group)
        values = predict(model, regimen, [one for one, _ in pairs], weight=weight, site=arm.site)
        for (one, claim), value in zip(pairs, values.tolist(), strict=True):
            yield _ratio_row(model, study, arm, one, claim) | {
                "predicted": value,
                "ratio": value / one.value,
            }


def _ratio_row(
    model: Model, study: ObservedStudy, arm: ObservedArm, one: Observation, claim: Claim
) -> dict[str, object]:
    """Give a row without what is predicted."""
    routes = dict.fromkeys(timed.dose.route for timed in claim.regimen.doses)
    facts = {name: value for name, value in asdict(one).items() if name in RATIOS}
    return facts | {
        "model": model.name,
        "used": used(model, study),
        "part": part_of(one),
        "study": study.key,
        "given": arm.given,
        "route": " and ".join(routes),
        "site": arm.site,
        "start": one.window[0],
        "end": one.window[1],
        "observed": one.value,
        "reasons": "; ".join([*claim.reasons, *filter(None, [arm.assumption])]),
    }


def _refused_rows(
    model: Model, study: ObservedStudy, found: Sequence[Judged]
) -> Iterator[dict[str, object]]:
    """Give the rows of what is refused."""
    for one, answer in found:
        if isinstance(answer, Refusal):
            facts = {name: value for name, value in asdict(one).items() if name in REFUSED}
            own = {"model": model.name, "study": study.key}
            yield facts | own | {"kind": answer.kind, "words": answer.words}
