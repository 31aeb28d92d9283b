import json
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from kpksim.calibration.calibrating import calibrate
from kpksim.calibration.carried import without
from kpksim.calibration.document import CalibrationDocument, ChangesDocument, SamplerDocument
from kpksim.calibration.findings import findings
from kpksim.calibration.fits import Asked
from kpksim.calibration.folder import open_folder
from kpksim.calibration.results import MIXTURE
from kpksim.calibration.setting import make_setting
from kpksim.calibration.study import read_calibration, run_calibration
from kpksim.calibration.targets import target_values
from kpksim.documents import read_document
from kpksim.dosing import infusion
from kpksim.errors import DataError, KpksimError
from kpksim.library.posteriors import list_posteriors, load_posterior
from kpksim.models.changes import changed as changed_model

CONFIGS = Path(__file__).parents[2] / "configs" / "calibrations"
SLOWER = ChangesDocument(name="slower", factors={"ka_sc": 0.1})
OUTCOMES = ("anxiety", "depression", "dissociation", "sbp", "dbp")


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sbp")
    return folder, calibrate(CONFIGS / "sbp.toml", folder, "quick")


def test_a_quick_calibration_leaves_posterior_curves_and_results(done):
    folder, results = done
    assert [one.key for one in results.hypotheses] == ["pressure_arterial"]
    assert results.hypotheses[0].verdict == "leading"
    assert results.reruns == [] and results.ensemble["pressure_arterial"].draws == 0
    told = json.loads((folder / "results.json").read_text())
    assert told["statement_hash"] == results.statement_hash
    posterior = load_posterior("sbp", "pressure_arterial", folder / "posteriors")
    assert len(posterior) == 1000
    drawn = np.stack([*posterior.values.values()], axis=1)
    assert len(np.unique(drawn, axis=0)) > 330
    low, middle, high = next(
        one for one in results.targets if one.name == "SC 1 mg/kg, 30 min"
    ).curves["mixture"]
    # the study that measured it says 10 mmHg
    assert low < 10.0 < high
    assert 5.0 < middle < 20.0


def test_a_second_run_in_the_same_folder_finds_everything_done(done):
    folder, results = done
    before = {one: one.stat().st_mtime_ns for one in (folder / "runs").iterdir()}
    again = calibrate(CONFIGS / "sbp.toml", folder, "quick")
    assert {one: one.stat().st_mtime_ns for one in (folder / "runs").iterdir()} == before
    assert again.hypotheses[0].log_evidence == results.hypotheses[0].log_evidence


def test_another_target_takes_over_the_fits(done, tmp_path):
    folder, results = done
    out, asked = tmp_path / "out", tmp_path / "sbp.toml"
    copytree(folder, out)
    text = (CONFIGS / "sbp.toml").read_text()
    asked.write_text(text.replace('name  = "SC 1 mg/kg, 30 min"', 'name  = "another name"'))
    (out / "calibration.toml").write_text(text)
    fit = out / "runs" / "pressure_arterial__seed1.nc"
    before = fit.stat().st_mtime_ns
    open_folder(out, asked, force=True)
    assert not fit.exists()
    again = calibrate(asked, out, "quick")
    assert fit.stat().st_mtime_ns == before
    assert again.hypotheses[0].log_evidence == results.hypotheses[0].log_evidence
    assert "another name" in [one.name for one in again.targets]
    assert not (out / "earlier").exists()


def test_an_importance_sum_over_the_prior_gives_the_same_evidence(done):
    _, results = done
    problem = read_calibration(CONFIGS / "sbp.toml").setting().problem("pressure_arterial")
    rng = np.random.default_rng(11)
    draws = problem.transform(rng.uniform(size=(20_000, len(problem.names))))
    likelihood = np.exp([problem.log_likelihood(one) for one in draws])
    error = likelihood.std() / likelihood.mean() / np.sqrt(len(draws))
    first = results.hypotheses[0]
    typical, stated = first.per_seed[0]
    spread = 4.0 * np.hypot(stated, error)
    assert typical == pytest.approx(np.log(likelihood.mean()), abs=spread)


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """Two hypotheses with few points and an odd number of draws."""
    settings = read_document(CONFIGS / "sbp.toml", CalibrationDocument)
    update = {
        "ensemble": None, "sensitivity": [SLOWER],
        "sampler": SamplerDocument(live_points=60, remaining=0.1, seeds=[1, 2], draws=101),
    }  # fmt: skip
    asked = Asked(settings.model_copy(update=update), "")
    done = run_calibration(asked, tmp_path_factory.mktemp("full") / "runs", "full")
    return asked, done, findings(done, configuration="")


def test_a_full_calibration_carries_past_studies_and_compares_seeds(full):
    """Against a sum over the prior."""
    asked, done, found = full
    shift = found.seeds["pressure_arterial"].largest_shift_of_a_target_in_sd
    assert 0.0 < shift < 0.8
    again = {one.name: one.hypotheses["pressure_arterial"] for one in found.reruns}
    assert "without dunedin" in done.reruns and "slower" in again
    rng = np.random.default_rng(11)
    for one in (without("dunedin"), SLOWER):
        problem = asked.setting(one).problem("pressure_arterial")
        draws = problem.transform(rng.uniform(size=(10_000, len(problem.names))))
        known = np.log(np.mean(np.exp([problem.log_likelihood(x) for x in draws])))
        value, error = again[one.name]
        assert value == pytest.approx(known, abs=4.0 * error + 0.1)
    score = next(one for one in found.leave_out["pressure_arterial"] if one.study == "dunedin")
    main = next(one for one in found.hypotheses if one.key == "pressure_arterial").log_evidence
    assert score.carried and score.elpd == pytest.approx(main - again["without dunedin"][0])


def test_a_full_calibration_predicts_and_moves_by_the_mixture(full):
    """Shares with and without the study, and the draws carried past it, put together by hand."""
    asked, done, found = full
    without_it = next(one for one in found.reruns if one.name == "without dunedin").hypotheses
    main = {one.key: one.log_evidence for one in found.hypotheses}
    mixture = next(one for one in found.leave_out[MIXTURE] if one.study == "dunedin")
    whole, rest = (np.logaddexp(*some) for some in (
        list(main.values()), [value for value, _ in without_it.values()]
    ))  # fmt: skip
    assert len(main) == len(without_it) == 2
    assert mixture.elpd == pytest.approx(whole - rest, abs=1e-9)
    before, after = [], []
    for key in main:
        reached = done.analyses[key]["target_value"].values
        share = np.exp(main[key] - whole)
        before.append(np.repeat(reached, round(1000 * share), axis=0))
        carried = done.reruns["without dunedin"][key].values
        reached = target_values(asked, asked.setting().problem(key), carried)
        share = np.exp(without_it[key][0] - rest)
        after.append(np.repeat(reached, round(200 * share), axis=0))
    before, after = np.concatenate(before), np.concatenate(after)
    expected = (np.median(after, axis=0) - np.median(before, axis=0)) / before.std(axis=0)
    moved = next(one for one in found.influence if one.left_out == "dunedin").shifts
    assert list(moved.values()) == pytest.approx(expected, abs=0.05)
    assert np.abs(expected).max() > 0.2


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_shipped_posteriors_belong_to_the_statements_as_they_are(outcome):
    settings = read_document(CONFIGS / f"{outcome}.toml", CalibrationDocument)
    here = make_setting(settings).statement_hash
    keys = list_posteriors(outcome)
    assert keys, f"no posterior of {outcome} ships; run kpksim calibrate"
    for key in keys:
        fitted = load_posterior(outcome, key).facts["statement_hash"]
        assert fitted == here, (
            f"{outcome} under {key} was fitted to other statements; run kpksim calibrate "
            f"configs/calibrations/{outcome}.toml and ship its posteriors"
        )
    assert set(keys) == set(settings.hypotheses)
    assert sum(load_posterior(outcome, key).weight for key in keys) == pytest.approx(1.0)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_shipped_posteriors_belong_to_the_model_and_the_priors_as_they_are(outcome):
    setting = make_setting(read_document(CONFIGS / f"{outcome}.toml", CalibrationDocument))
    for key in list_posteriors(outcome):
        fitted = load_posterior(outcome, key).facts["model_hash"]
        assert fitted == setting.model_hash(key), (
            f"{outcome} under {key} was fitted with another model or other priors; run kpksim "
            f"calibrate configs/calibrations/{outcome}.toml and ship its posteriors"
        )


def test_another_dose_of_an_arm_has_another_fingerprint():
    setting = make_setting(read_document(CONFIGS / "depression.toml", CalibrationDocument))
    study = setting.studies["lucchese2021"]
    key, arm = next(iter(study.arms.items()))
    more = replace(arm, regimen=infusion("5 mg/kg", over="40 min", drug="esketamine"))
    other = replace(study, arms={**study.arms, key: more})
    changed = replace(setting, studies={**setting.studies, study.key: other})
    assert changed.statement_hash != setting.statement_hash


def test_another_number_of_the_model_or_another_prior_has_another_fingerprint():
    setting = make_setting(read_document(CONFIGS / "sbp.toml", CalibrationDocument))
    key = "pressure_arterial"
    slower = replace(setting, model=changed_model(setting.model, {"ka_sc": 0.5}))
    wider = replace(setting, changes=ChangesDocument(name="wider", widen={"g": 2.0}))
    found = {one.model_hash(key) for one in (setting, slower, wider)}
    assert len(found) == 3


def test_a_changed_statement_has_another_fingerprint():
    settings = read_document(CONFIGS / "anxiety.toml", CalibrationDocument)
    other = settings.model_copy(update={"people": {"tully2021-26": 13}})
    assert make_setting(other).statement_hash != make_setting(settings).statement_hash


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"glue2017-2" ', '"glue2017-99" ', 'no statement "glue2017-99"'),
        ('"ketamine_power"', '"ketamine_pwoer"', "did you mean"),
        ('scales = ["VAS-anxiety"]', 'statements = ["glue2017-2"]', "is left out and has a weight"),
        ("power = { dunedin = 0.5 }", "power = { dundin = 0.5 }", "did you mean"),
        ("factors = { ka_sc = 0.5 }", "factors = { ka_scc = 0.5 }", "ka_scc"),
        ('model   = "reference_racemic_2026b"', 'model   = "reference"', "reference"),
        ("widen = { ec50_ratio", "widen = { ec51_ratio", "ec51_ratio"),
        ("live_points = 300", "live_points = 0", "live_points"),
        ("draws       = 1000", "draws       = 10", "draws: input should be greater than or equal"),
        (
            "without_routes = [",
            'without_studies = ["dundin"]\nwithout_routes = [',
            'sensitivity "without swallowed doses": without_studies: .*did you mean "dunedin"',
        ),
        (
            '"murrough2015-6"        = 0.1',
            '"diazgranados2010-1"    = 0.1',
            '"diazgranados2010-1" is about depression, this file about anxiety',
        ),
        (
            '"liu2019-1" = 17.0',
            '"liu2019-1" = 400.0',
            r"alternatives.thresholds: .*a threshold is from -100 to 100, got 400",
        ),
        ('"liu2019-2" = 17.0', '"liu2019-99" = 17.0', "alternatives.thresholds: no statement"),
        ('later = "7 d"', 'later = "soon"', 'alternatives.later: .*"soon"'),
        (
            "[weights.grades]",
            '[thresholds]\n"taylor2018-6" = -400.0\n[weights.grades]',
            r"thresholds: .*a threshold is from -100 to 144, got -400",
        ),
        ("power = { dunedin", "power = { dundin", 'sensitivity "Dunedin halved": power'),
    ],
)
def test_a_calibration_file_with_a_fault_says_which(tmp_path, old, new, says):
    text = (CONFIGS / "anxiety.toml").read_text()
    assert old in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(old, new))
    with pytest.raises(KpksimError, match=says):
        read_calibration(path)


def test_results_of_other_settings_are_not_overwritten(done, tmp_path):
    folder, _ = done
    path = tmp_path / "sbp.toml"
    text = (CONFIGS / "sbp.toml").read_text()
    path.write_text(text.replace("A = 0.05", "A = 0.06"))
    before = {one: one.read_bytes() for one in (folder / "runs").iterdir()}
    with pytest.raises(DataError, match="is not the result of this run"):
        calibrate(path, folder, "quick")
    assert {one: one.read_bytes() for one in (folder / "runs").iterdir()} == before
