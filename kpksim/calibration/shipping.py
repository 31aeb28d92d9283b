"""Posteriors of a calibration as the files that simulations read."""

import json
from hashlib import sha256
from pathlib import Path

import numpy as np

from kpksim.calibration.parameter_words import parameter_label
from kpksim.calibration.posterior import PosteriorFacts, posterior_dataset, write_posterior
from kpksim.calibration.results import HypothesisResult, Results
from kpksim.calibration.study import Done
from kpksim.library.effect_document import Prior
from kpksim.library.hypotheses import hypothesis_priors, study_priors


def write_posteriors(done: Done, results: Results, folder: Path) -> list[Path]:
    """Write the draws of every hypothesis, spread over the pharmacokinetic model.

    Parameters
    ----------
    done : Done
        What was computed.
    results : Results
        What may be said of it.
    folder : Path
        Where the files go.

    Returns
    -------
    list of Path
        One file for each hypothesis, ``<outcome>__<hypothesis>.nc``.

    Raises
    ------
    DataError
        If a file would be too large.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for one in results.hypotheses:
        path = folder / f"{results.outcome}__{one.key}.nc"
        _write(done, results, one, path)
        written.append(path)
    return written


def _write(done: Done, results: Results, one: HypothesisResult, path: Path) -> None:
    """Write the draws of one hypothesis."""
    analysis = done.analyses[one.key]
    names = [str(name) for name in analysis["parameter"].values]
    records = hypothesis_priors(one.key, results.outcome) | study_priors(results.outcome)
    ensemble = done.asked.settings.ensemble
    facts = PosteriorFacts(
        outcome=results.outcome,
        hypothesis=one.key,
        model=results.model,
        log_evidence=one.log_evidence,
        log_evidence_error=one.error,
        effective_size=results.ensemble[one.key].effective_size,
        smallest_difference=one.smallest,
        verdict=one.verdict,
        weight=one.weight,
        statement_hash=results.statement_hash,
        configuration_hash=sha256(results.configuration.encode()).hexdigest()[:16],
        seeds=done.plan.seeds,
        settings={
            "live_points": done.plan.points(one.key),
            "remaining": done.asked.settings.sampler.remaining,
            "steps": done.plan.steps,
        },
        pk_seed=ensemble.seed if ensemble else 0,
        pk_draws=ensemble.draws if ensemble else 0,
    )  # fmt: skip
    dataset = posterior_dataset(
        names,
        np.asarray(analysis["shipped"].values),
        facts,
        labels={name: _label(name, records[name]) for name in names},
        pk_draw=np.asarray(analysis["pk_draw"].values),
    )
    studies = list(dict.fromkeys(statement.study for statement in results.statements))
    fitted_to = {
        "statements": len(results.statements),
        "studies": json.dumps(studies),
        "model_hash": done.asked.setting().model_hash(one.key),
    }
    write_posterior(path, dataset.assign_attrs(fitted_to))


def _label(name: str, record: Prior) -> dict[str, str]:
    """Give the unit and the name of a parameter; times are in h."""
    unit = "h" if record.unit in ("min", "h", "d") else record.unit
    return {"units": unit, "long_name": parameter_label(name)}
