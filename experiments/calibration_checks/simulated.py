"""One data set drawn from a hypothesis, and the posteriors that are fitted to it."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import xarray as xr

from experiments.calibration_checks.ranks import share_below
from experiments.calibration_checks.settings import CALIBRATIONS
from kpksim.calibration.chains import Walked, walk_on
from kpksim.calibration.document import CalibrationDocument
from kpksim.calibration.draws import draw_data
from kpksim.calibration.problem import Problem
from kpksim.calibration.readings.codes import VALUE
from kpksim.calibration.run_identity import SamplerSettings, identity
from kpksim.calibration.samples import Samples
from kpksim.calibration.sampling import sample
from kpksim.calibration.setting import Setting, make_setting
from kpksim.calibration.targets import TargetCurves, target_curves, targets
from kpksim.calibration.tasks import Bench
from kpksim.documents import read_document
from kpksim.library.hypotheses import load_hypothesis


@cache
def setting_of(calibration: str) -> Setting:
    """Load a file of configs/calibrations/ with what it names."""
    file = CALIBRATIONS / f"{calibration}.toml"
    return make_setting(read_document(file, CalibrationDocument))


@cache
def problem_of(calibration: str, hypothesis: str) -> Problem:
    """Give the problem of one hypothesis."""
    return setting_of(calibration).problem(hypothesis)


@cache
def targets_of(calibration: str, hypothesis: str) -> TargetCurves:
    """Give what one hypothesis needs at the targets of a file."""
    return target_curves(setting_of(calibration), load_hypothesis(hypothesis))


def fingerprint(calibration: str, hypotheses: list[str]) -> str:
    """Give a text that changes with the statements, the priors or the likelihood."""
    found = [identity(problem_of(calibration, one), SamplerSettings(), 1) for one in hypotheses]
    return " ".join(one["problem"] for one in found)


def drawn(problem: Problem, seed: list[int]) -> tuple[np.ndarray, Problem]:
    """Draw parameters from the prior and, from them, what every statement would have said."""
    rng = np.random.default_rng(seed)
    truth = problem.transform(rng.random(len(problem.names)))
    return truth, problem.with_data(data_from(problem, truth, rng))


def data_from(problem: Problem, truth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw what every statement would have said if some parameters were true."""
    named = dict(zip(problem.names, truth.tolist(), strict=True))
    return draw_data(
        rng, problem.statements, problem.effects(named), problem.baselines(named),
        named["rho"], named["tau"],
    )  # fmt: skip


def check_data_set(
    bench: Bench, *, calibration: str, hypothesis: str, seed: list[int], sampler: dict,
    draws: int, steps: int, problem: str,
) -> xr.Dataset:  # fmt: skip
    """Draw a data set, fit it, and say where the truth lies in what was found."""
    del problem  # it tells one run from another
    asked, curves = problem_of(calibration, hypothesis), targets_of(calibration, hypothesis)
    truth, simulated = drawn(asked, seed)
    fit = _fit(simulated, sampler, seed, bench)
    _, walked = _walked(simulated, fit, draws, steps)
    found = placed(asked.names, walked.values, truth, curves)
    return found.assign_attrs(_facts(fit) | {"accepted": walked.accepted})


def placed(
    names: Sequence[str], values: np.ndarray, truth: np.ndarray, curves: TargetCurves
) -> xr.Dataset:
    """Say where true parameters and targets lie among draws of a posterior."""
    both = np.hstack([targets(curves, names, values), values])
    true = np.append(targets(curves, names, truth[None])[0], truth)
    share = share_below(both, true)
    found = {"truth": ("quantity", true), "share_below": ("quantity", share)}
    return xr.Dataset(found, {"quantity": [*curves.names, *names]})


def fit_both(
    bench: Bench, *, calibration: str, hypotheses: list[str], truth: str, seed: list[int],
    sampler: dict, problem: str,
) -> xr.Dataset:  # fmt: skip
    """Draw a data set from one hypothesis and compute the evidence of both."""
    del problem
    data = drawn(problem_of(calibration, truth), seed)[1].statements
    values = data.numbers[:, VALUE]
    fits = []
    for one in hypotheses:
        fits.append(_fit(problem_of(calibration, one).with_data(values), sampler, seed, bench))
        bench.checkpoint.unlink(missing_ok=True)
    found = {
        "log_evidence": ("hypothesis", [one.log_evidence for one in fits]),
        "log_evidence_error": ("hypothesis", [one.log_evidence_error for one in fits]),
        "likelihoods": ("hypothesis", [one.likelihoods for one in fits]),
        "seconds": ("hypothesis", [one.seconds for one in fits]),
    }
    return xr.Dataset(found, {"hypothesis": hypotheses}, {"truth": truth})


def fit_again(
    bench: Bench,
    *,
    calibration: str,
    hypothesis: str,
    seed: int,
    sampler: dict,
    draws: int,
    steps: int,
    problem: str,
) -> xr.Dataset:
    """Fit the real statements with a seed and keep equally weighted draws and their targets."""
    del problem
    asked = problem_of(calibration, hypothesis)
    fit = _fit(asked, sampler, [seed], bench)
    before, walked = _walked(asked, fit, draws, steps)
    curves = targets_of(calibration, hypothesis)
    found = {
        "value": (("draw", "parameter"), walked.values),
        "at_target": (("draw", "target"), targets(curves, fit.names, walked.values)),
        "before": (("draw", "target"), targets(curves, fit.names, before)),
    }
    return xr.Dataset(
        found, {"parameter": list(fit.names), "target": list(curves.names)}, _facts(fit)
    )


def _fit(problem: Problem, sampler: dict, seed: list[int], bench: Bench) -> Samples:
    """Sample a posterior."""
    settings = SamplerSettings(sampler["live_points"], sampler["remaining"], sampler["walks"])
    return sample(
        problem, settings, seed=seed[-1], checkpoint=bench.checkpoint, progress=bench.tell
    )


def _walked(problem: Problem, fit: Samples, draws: int, steps: int) -> tuple[np.ndarray, Walked]:
    """Give draws of a fit, and where they have got to when they walk on as a calibration's do."""
    rng = np.random.default_rng(fit.seed)
    before = fit.equal(draws, rng)
    return before, walk_on(problem, before, rng, steps=steps)


def _facts(fit: Samples) -> dict:
    """Say how a fit went."""
    return {
        "log_evidence": fit.log_evidence, "log_evidence_error": fit.log_evidence_error,
        "information": fit.information, "likelihoods": fit.likelihoods, "seconds": fit.seconds,
        "effective_size": fit.effective_size, "seed": fit.seed,
    }  # fmt: skip
