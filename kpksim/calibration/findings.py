"""Everything that a calibration found, put into words and numbers for readers."""

from collections.abc import Iterator, Mapping, Sequence
from math import isnan

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from kpksim.calibration.analysis import QUANTILES
from kpksim.calibration.diagnostics import contraction
from kpksim.calibration.document import ChangesDocument
from kpksim.calibration.importance import LARGEST_K, SMALLEST_SIZE
from kpksim.calibration.leave_out import LeftOut, coin_flip, leave_one_out, log_mean
from kpksim.calibration.parameter_words import parameter_label
from kpksim.calibration.predictive import Judged, judge
from kpksim.calibration.problem import Problem
from kpksim.calibration.results import (
    EnsembleResult,
    HypothesisResult,
    Influence,
    LeftOutScore,
    ParameterResult,
    Predicted,
    Predictive,
    Rerun,
    Results,
    Scores,
    SeedShift,
    StatementFacts,
    TargetResult,
    UnreadStatement,
)
from kpksim.calibration.run_identity import versions
from kpksim.calibration.samples import Samples
from kpksim.calibration.setting import Setting
from kpksim.calibration.stacking import stacking_weights
from kpksim.calibration.study import WITHOUT, Done, without
from kpksim.calibration.verdict import Evidence, Verdict, judge_all, mixture_weights
from kpksim.library.hypotheses import hypothesis_priors, load_hypothesis, study_priors
from kpksim.vocabulary import QUANTITIES

Array = NDArray[np.float64]
Triple = tuple[float, float, float]

SEED = 20260101
"""Seed of the draws from a mixture."""

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
    problem = setting.problem(done.plan.hypotheses[0])
    left = {key: _left_out(done, key, analysis) for key, analysis in done.analyses.items()}
    verdicts = judge_all(done.evidence, _differences(done))
    weights = mixture_weights(done.evidence, verdicts)
    sampler = done.asked.settings.sampler
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
            "remaining evidence": sampler.remaining,
            "seeds": list(done.plan.seeds),
            "draws": sampler.draws,
        },
        date=date,
        commit=commit,
        statements=list(_statements(setting)),
        unread=[
            UnreadStatement(id=one.id, study=one.id.rpartition("-")[0], why=one.why)
            for one in setting.unread
        ],
        hypotheses=_hypotheses(done, verdicts, weights, left),
        reruns=list(_reruns(done)),
        seeds=_seeds(done),
        parameters={key: list(_parameters(done, key)) for key in done.ranked},
        targets=list(_targets(done, weights)),
        predictive={
            key: list(_predictive(setting.problem(key), done.analyses[key], left[key]))
            for key in done.ranked
        },
        leave_out={
            key: list(_scores(problem, done.analyses[key], left[key])) for key in done.ranked
        },
        scores={key: _score(problem, done.analyses[key], left[key]) for key in done.ranked},
        ensemble={key: _ensemble(done.analyses[key]) for key in done.ranked},
        influence=list(_influence(done)),
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
                says=one.says,
                grade=one.grade,
                n=None if isnan(row.n) else row.n,
                q=row.q,
                where=one.where,
                source=one.source,
                arms=list(dict.fromkeys(m.arm for m in (*row.first, *row.second))),
                hours=sorted({m.hour for m in (*row.first, *row.second)}),
            )


def _left_out(done: Done, key: str, analysis: xr.Dataset) -> LeftOut:
    """Score every study by the others: by weights, or by a fit where there is one."""
    studies = [str(one) for one in analysis["study"].values]
    likelihood = np.asarray(analysis["log_likelihood"].values)
    found = leave_one_out(studies, likelihood, independent=float(analysis.attrs["worth"]))
    refits = {
        study: _score_by_fit(done, key, study, done.reruns[f"{WITHOUT}{study}"][key])
        for study in studies
        if key in done.reruns.get(f"{WITHOUT}{study}", {})
    }
    return found.with_refits(refits)


def _score_by_fit(done: Done, key: str, study: str, samples: Samples) -> float:
    """Score a study by a fit that did not see it."""
    problem = done.asked.setting().problem(key)
    drawn = _complete(done, key, study, samples)
    place = problem.studies.index(study)
    likelihood = np.array([problem.by_study(one)[place] for one in drawn])
    return float(log_mean(likelihood)[0])


def _complete(done: Done, key: str, study: str, samples: Samples) -> Array:
    """Give draws of a fit without a study with what that study alone needs from its prior."""
    rng = np.random.default_rng(SEED)
    problem = done.asked.setting().problem(key)
    fewer = done.asked.setting(without(study)).problem(key)
    n = done.asked.settings.sampler.draws
    found = problem.transform(rng.uniform(size=(n, len(problem.names))))
    columns = [problem.names.index(one) for one in fewer.names]
    found[:, columns] = samples.equal(n, rng)
    return found


def _differences(done: Done) -> dict[str, dict[str, Evidence]]:
    """Give the evidence under every other choice: by a fit, or by weights that can be relied on."""
    main = done.evidence
    found: dict[str, dict[str, Evidence]] = {}
    for changes in done.asked.settings.sensitivity:
        found[changes.name] = {
            key: one for key in main if (one := _under(done, key, changes.name, main[key]))
        }
    for key, analysis in done.analyses.items():
        for study, shift in _without_each(analysis).items():
            name = f"{WITHOUT}{study}"
            fitted = done.reruns.get(name, {}).get(key)
            if fitted is not None:
                found.setdefault(name, {})[key] = _evidence(fitted)
            elif shift is not None:
                value = Evidence(main[key].value + shift, main[key].error)
                found.setdefault(name, {})[key] = value
    return found


def _under(done: Done, key: str, name: str, main: Evidence) -> Evidence | None:
    """Give the evidence of a hypothesis under another choice; None where nobody can tell."""
    fitted = done.reruns.get(name, {}).get(key)
    if fitted is not None:
        return _evidence(fitted)
    one = done.analyses[key].sel(rerun=name)
    size, k_hat = float(one["rerun_size"]), float(one["rerun_k_hat"])
    if size < SMALLEST_SIZE or k_hat > LARGEST_K:
        return None
    error = float(np.hypot(main.error, 1.0 / np.sqrt(size)))
    return Evidence(main.value + float(one["rerun_shift"]), error)


def _without_each(analysis: xr.Dataset) -> dict[str, float | None]:
    """Give the shift of ln Z when a study is left out by weights; None where they fail."""
    studies = [str(one) for one in analysis["study"].values]
    likelihood = np.asarray(analysis["log_likelihood"].values)
    found = leave_one_out(studies, likelihood, independent=float(analysis.attrs["worth"]))
    shifts = log_mean(-likelihood)[0]
    return {
        study: float(shift) if good else None
        for study, shift, good in zip(studies, shifts, found.reliable, strict=True)
    }


def _evidence(samples: Samples) -> Evidence:
    """Give the evidence of a fit."""
    return Evidence(samples.log_evidence, samples.log_evidence_error)


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


def _stacking(done: Done, left: Mapping[str, LeftOut]) -> dict[str, float]:
    """Give the weights with which hypotheses together predict left-out studies best."""
    if len(left) < 2:
        return {}
    scores = np.stack([left[key].log_scores for key in done.ranked], axis=1)
    return dict(zip(done.ranked, stacking_weights(scores).tolist(), strict=True))


def _reruns(done: Done) -> Iterator[Rerun]:
    """Give the evidence under every other choice."""
    told = {one.name: says(one) for one in done.asked.settings.sensitivity}
    for name, found in _differences(done).items():
        yield Rerun(
            name=name,
            says=told.get(name, f"The people of {name.removeprefix(WITHOUT)} are left out."),
            hypotheses={key: (one.value, one.error) for key, one in found.items()},
        )


def says(changes: ChangesDocument) -> str:
    """Say what a run does otherwise.

    Parameters
    ----------
    changes : ChangesDocument
        The run.

    Returns
    -------
    str
        A sentence.

    Examples
    --------
    >>> says(ChangesDocument(name="doubts doubled", weights_times=2.0))
    'Doubts q of all statements times 2.'
    """
    parts = []
    if changes.alternative_readings:
        parts.append("every statement read in its other way")
    if changes.weights_times != 1.0:
        parts.append(f"doubts q of all statements times {changes.weights_times:g}")
    parts += [f"prior of {name} {by:g} times as wide" for name, by in changes.widen.items()]
    parts += [f"likelihood of {name} to the power {by:g}" for name, by in changes.power.items()]
    parts += [f"without {name}" for name in changes.without_studies]
    if changes.without_routes:
        parts.append(f"without doses by {' or '.join(changes.without_routes)}")
    parts += [f"{name} of the model times {by:g}" for name, by in changes.factors.items()]
    parts += [f"{n} people behind {name}" for name, n in changes.people.items()]
    if not changes.responder_shift:
        parts.append("people chosen as responders taken as anybody")
    words = "; ".join(parts)
    return f"{words[:1].upper()}{words[1:]}."


def _seeds(done: Done) -> dict[str, SeedShift]:
    """Give how far seeds lie apart."""
    return {
        key: SeedShift(difference=float(np.ptp([one.log_evidence for one in runs])))
        for key, runs in done.fits.items()
        if len(runs) > 1
    }


def _parameters(done: Done, key: str) -> Iterator[ParameterResult]:
    """Give prior and posterior of every parameter in the unit of its record."""
    analysis, outcome = done.analyses[key], done.asked.settings.outcome
    records = hypothesis_priors(key, outcome) | study_priors(outcome)
    prior, posterior = (np.asarray(analysis[one].values) for one in ("prior_value", "shipped"))
    learned = contraction(np.log(prior), np.log(posterior))
    for k, name in enumerate(map(str, analysis["parameter"].values)):
        record = records[name]
        yield ParameterResult(
            name=name,
            unit=record.unit,
            label=parameter_label(name),
            prior=_triple(prior[:, k] / record.scale),
            posterior=_triple(posterior[:, k] / record.scale),
            contraction=float(learned[k]),
        )


def _triple(values: Array) -> Triple:
    """Give the 5, 50 and 95 % quantile."""
    low, middle, high = np.quantile(values, QUANTILES)
    return float(low), float(middle), float(high)


def _targets(done: Done, weights: Mapping[str, float]) -> Iterator[TargetResult]:
    """Give every target under prior, mixture, hypotheses and other choices."""
    mixed = _mixed(done, weights)
    leading = done.analyses[done.ranked[0]]
    for k, target in enumerate(done.asked.settings.targets):
        curves = {
            "prior": _triple(np.asarray(leading["prior_target"].values)[:, k]),
            "mixture": _triple(mixed[:, k]),
        }
        for key in done.ranked:
            curves[key] = _triple(np.asarray(done.analyses[key]["shipped_target"].values)[:, k])
        for name in map(str, leading["rerun"].values):
            one = leading.sel(rerun=name)
            reliable = float(one["rerun_k_hat"]) <= LARGEST_K
            if reliable and float(one["rerun_size"]) >= SMALLEST_SIZE:
                low, middle, high = (float(x) for x in one["rerun_target"].values[k])
                curves[f"rerun: {name}"] = (low, middle, high)
        yield TargetResult(
            name=target.name,
            unit=QUANTITIES[done.asked.settings.outcome].unit,
            with_expectation=target.with_expectation,
            curves=curves,
        )


def _mixed(done: Done, weights: Mapping[str, float]) -> Array:
    """Give targets of draws from the mixture of hypotheses."""
    rng = np.random.default_rng(SEED)
    n = done.asked.settings.sampler.draws
    parts = []
    for key, weight in weights.items():
        targets = np.asarray(done.analyses[key]["shipped_target"].values)
        parts.append(targets[rng.integers(len(targets), size=round(weight * n))])
    return np.concatenate(parts)


def _predictive(problem: Problem, analysis: xr.Dataset, left: LeftOut) -> Iterator[Predictive]:
    """Hold every statement against the posterior, and against that without its study."""
    replicated = np.asarray(analysis["replicate"].values)
    weights = np.exp(left.log_weights)
    place = [left.studies.index(row.cluster) for row in problem.rows]
    plain, apart = judge(problem, replicated), judge(problem, replicated, weights[:, place])
    sign = 1.0 if problem.hypothesis.structure == "symptom" else -1.0
    for row, column, one, other in zip(problem.rows, replicated.T, plain, apart, strict=True):
        turn = sign if one.family == "number" else 1.0
        inner = np.sort(turn * np.quantile(column, [0.25, 0.75]))
        yield Predictive(
            **_predicted(one, turn).model_dump(),
            id=row.id,
            family=one.family,
            observed=turn * row.y,
            n=None if isnan(row.n) else row.n,
            inner=None if one.family == "yes/no" else (float(inner[0]), float(inner[1])),
            left_out=_predicted(other, turn),
        )


def _predicted(one: Judged, turn: float) -> Predicted:
    """Give what is expected of a statement, in its own direction; None for what it has not."""
    if one.family == "yes/no":
        return Predicted(probability=one.probability, judged=one.judged)
    low, high = sorted((turn * one.low, turn * one.high))
    return Predicted(low=low, median=turn * one.median, high=high, judged=one.judged)


def _scores(problem: Problem, analysis: xr.Dataset, left: LeftOut) -> Iterator[LeftOutScore]:
    """Give the log score of every study."""
    prior, nothing = _references(problem, analysis, left.studies)
    for k, study in enumerate(left.studies):
        refitted = bool(np.isnan(left.k_hats[k]))
        yield LeftOutScore(
            study=study,
            elpd=float(left.log_scores[k]),
            prior=float(prior[k]),
            coin_flip=float(nothing[k]),
            k_hat=None if refitted else float(min(left.k_hats[k], 99.0)),
            effective_size=None if refitted else float(left.effective_sizes[k]),
            refitted=refitted,
        )


def _references(
    problem: Problem, analysis: xr.Dataset, studies: Sequence[str]
) -> tuple[Array, Array]:
    """Give the log scores of studies by the prior, and by knowing nothing."""
    prior = log_mean(np.asarray(analysis["prior_log_likelihood"].values))[0]
    flat = np.array([row.l0 for row in problem.rows])
    return prior, coin_flip(studies, [row.cluster for row in problem.rows], flat)


def _score(problem: Problem, analysis: xr.Dataset, left: LeftOut) -> Scores:
    """Give log scores summed over studies."""
    prior, nothing = _references(problem, analysis, left.studies)
    return Scores(leave_out=left.total, prior=float(prior.sum()), coin_flip=float(nothing.sum()))


def _ensemble(analysis: xr.Dataset) -> EnsembleResult:
    """Give what spreading over draws of the pharmacokinetic model does."""
    if "member_weight" not in analysis:
        worth = float(analysis.attrs["worth"])
        return EnsembleResult(draws=0, effective_size=worth, log_evidence_shift=0.0)
    return EnsembleResult(
        draws=analysis.sizes["member"],
        effective_size=float(analysis["ensemble_size"]),
        log_evidence_shift=float(analysis["ensemble_shift"]),
    )


def _influence(done: Done) -> Iterator[Influence]:
    """Give the shift of every target of the leading hypothesis when a study is left out."""
    key = done.ranked[0]
    analysis = done.analyses[key]
    reached = np.asarray(analysis["target_value"].values)
    left = leave_one_out(
        [str(one) for one in analysis["study"].values],
        np.asarray(analysis["log_likelihood"].values),
        independent=float(analysis.attrs["worth"]),
    )
    names = [str(one) for one in analysis["target"].values]
    spread = reached.std(axis=0)
    for k, study in enumerate(left.studies):
        weights = np.exp(left.log_weights[:, k])
        moved = weights @ reached - reached.mean(axis=0)
        shifts = moved / np.where(spread > 0.0, spread, 1.0)
        yield Influence(left_out=study, shifts=dict(zip(names, map(float, shifts), strict=True)))
