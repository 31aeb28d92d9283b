"""Everything that a calibration found, put into words and numbers for readers."""

from collections.abc import Iterator, Mapping
from math import isnan

import numpy as np

from kpksim.calibration.choices import carried_without, evidence_under, left_out, reruns
from kpksim.calibration.diagnostics import compare_seeds
from kpksim.calibration.influence import influence_of
from kpksim.calibration.leave_out import LeftOut
from kpksim.calibration.predicted import ensemble_of, predictive_of
from kpksim.calibration.reached import parameters_of, targets_of
from kpksim.calibration.results import (
    MIXTURE,
    HypothesisResult,
    LeftOutScore,
    Results,
    SeedShift,
    StatementFacts,
    UnreadStatement,
)
from kpksim.calibration.run_identity import versions
from kpksim.calibration.setting import Setting
from kpksim.calibration.stacking import stacking_weights
from kpksim.calibration.study import Done
from kpksim.calibration.unseen import mixed_scores, scores_of
from kpksim.calibration.verdict import Verdict, judge_all, mixture_weights
from kpksim.library.hypotheses import load_hypothesis

MAIN = "main"


def findings(done: Done, *, configuration: str, date: str = "", commit: str = "") -> Results:
    """Put everything that a calibration found together.

    Parameters
    ----------
    done : Done
        What was computed.
    configuration : str
        Text of the calibration file.
    date, commit : str
        When, and with which state of the program.

    Returns
    -------
    Results
        For report, tables and figures.
    """
    setting = done.asked.setting()
    apart = {key: carried_without(done, key) for key in done.ranked}
    left = {key: left_out(analysis, apart[key]) for key, analysis in done.analyses.items()}
    under = evidence_under(done, left)
    verdicts = judge_all(done.evidence, under)
    weights = mixture_weights(done.evidence, verdicts)
    sampler = done.asked.settings.sampler
    scores = _scores(done, left)
    mixed = done.ranked if MIXTURE in scores else done.ranked[:1]
    return Results(
        title=done.asked.settings.title,
        outcome=done.asked.settings.outcome,
        model=setting.model.name,
        mode=done.plan.mode,
        statement_hash=setting.statement_hash,
        configuration=configuration,
        versions=versions(),
        settings={
            "live points": done.plan.live_points,
        }
        | {f"live points of {key}": n for key, n in done.plan.more_points.items()}
        | {
            "remaining evidence": sampler.remaining,
            "seeds": list(done.plan.seeds),
            "draws": sampler.draws,
            "steps": done.plan.steps,
        },
        date=date,
        commit=commit,
        statements=list(_statements(setting)),
        unread=[
            UnreadStatement(id=one.id, study=one.id.rpartition("-")[0], why=one.why)
            for one in setting.unread
        ],
        hypotheses=_hypotheses(done, verdicts, weights, left),
        reruns=list(reruns(done, under)),
        seeds=_seeds(done),
        parameters={key: list(parameters_of(done, key)) for key in done.ranked},
        targets=list(targets_of(done, weights)),
        predictive={
            key: list(
                predictive_of(setting.problem(key), done.analyses[key], left[key], apart[key])
            )
            for key in done.ranked
        },
        leave_out=scores,
        ensemble={key: ensemble_of(done.analyses[key]) for key in done.ranked},
        influence=list(influence_of(done, mixed, left, apart)),
    )


def _statements(setting: Setting) -> Iterator[StatementFacts]:
    """Give what is read, with its study's own words."""
    said = {one.id: one for study in setting.studies.values() for one in study.statements}
    for name, rows in setting.clusters.items():
        for row in rows:
            one = said[row.id]
            yield StatementFacts(
                id=row.id,
                study=row.first[0].study,
                cluster=name,
                reading=row.reading,
                alternative=one.alternative,
                says=one.says,
                grade=one.grade,
                n=None if isnan(row.n) else row.n,
                q=row.q,
                where=one.where,
                source=one.source,
                arms=list(dict.fromkeys(m.arm for m in (*row.first, *row.second))),
                hours=sorted({m.hour for m in (*row.first, *row.second)}),
            )


def _hypotheses(
    done: Done,
    verdicts: Mapping[str, Verdict],
    weights: Mapping[str, float],
    left: Mapping[str, LeftOut],
) -> list[HypothesisResult]:
    """Give the evidence of every hypothesis and what may be said of it, best first."""
    stacked = dict.fromkeys(done.ranked, None) | _stacking(done, left)
    found = []
    for key in done.ranked:
        hypothesis, runs = load_hypothesis(key), done.fits[key]
        verdict = verdicts.get(key)
        evidence = done.evidence[key]
        found.append(
            HypothesisResult(
                key=key,
                label=hypothesis.label,
                says=hypothesis.says,
                log_evidence=evidence.value,
                error=evidence.error,
                per_seed=[(one.log_evidence, one.log_evidence_error) for one in runs],
                max_log_likelihood=max(float(one.log_likelihood.max()) for one in runs),
                information=float(np.mean([one.information for one in runs])),
                likelihoods=sum(one.likelihoods for one in runs),
                seconds=sum(one.seconds for one in runs),
                difference=-verdict.main.value if verdict else 0.0,
                difference_error=verdict.main.error if verdict else 0.0,
                smallest=-verdict.smallest.value if verdict else 0.0,
                smallest_in=verdict.where if verdict else MAIN,
                turned=list(verdict.turned) if verdict else [],
                verdict=verdict.word if verdict else "leading",
                weight=weights[key],
                stacking=stacked[key],
                elpd=left[key].total,
            )
        )
    return found


def _scores(done: Done, left: Mapping[str, LeftOut]) -> dict[str, list[LeftOutScore]]:
    """Give the log scores of studies by hypothesis, and of their mixture where all can be told."""
    setting = done.asked.setting()
    found = {
        key: list(scores_of(setting.problem(key), done.analyses[key], left[key]))
        for key in done.ranked
    }
    if len(left) > 1 and all(one.reliable.all() for one in left.values()):
        found[MIXTURE] = list(mixed_scores(done.evidence, found))
    return found


def _stacking(done: Done, left: Mapping[str, LeftOut]) -> dict[str, float]:
    """Give the weights with which hypotheses together predict left-out studies best."""
    if len(left) < 2:
        return {}
    scores = np.stack([left[key].log_scores for key in done.ranked], axis=1)
    return dict(zip(done.ranked, stacking_weights(scores).tolist(), strict=True))


def _seeds(done: Done) -> dict[str, SeedShift]:
    """Give how far seeds lie apart."""
    return {key: _seed_shift(done, key) for key, runs in done.fits.items() if len(runs) > 1}


def _seed_shift(done: Done, key: str) -> SeedShift:
    """Compare the fits of a hypothesis under the first two seeds."""
    analysis = done.analyses[key]
    reached, seed = (np.asarray(analysis[one].values) for one in ("target_value", "seed"))
    names = [str(one) for one in analysis["target"].values]
    first, second = (reached[seed == k] for k in range(2))
    even = min(len(first), len(second))
    shifts = compare_seeds(names, first[:even], second[:even])["shift"]
    return SeedShift(
        difference=float(np.ptp([one.log_evidence for one in done.fits[key]])),
        largest_shift_of_a_target_in_sd=float(shifts.max()) if names else None,
    )
