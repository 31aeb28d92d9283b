"""Nested sampling finds posteriors and evidences that are known, and survives interruption."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from kpksim.calibration import run_identity, sampling
from kpksim.calibration.run_identity import SamplerSettings, identity
from kpksim.calibration.samples import effective_size, resample
from kpksim.calibration.sampling import sample
from kpksim.errors import DataError, MissingPackage, ScenarioError

QUICK = SamplerSettings(nlive=40, dlogz=0.1)


class Killed(Exception):
    """What a test throws into a run."""


def kill_after(likelihoods):
    def told(progress):
        if progress.likelihoods > likelihoods:
            raise Killed

    return told


@pytest.fixture
def impatient(monkeypatch):
    """Tell of every step and keep every one."""
    monkeypatch.setattr(sampling, "TOLD_EVERY", -1.0)
    monkeypatch.setattr(sampling, "CHECKPOINT_EVERY", -1.0)


@pytest.fixture(scope="module")
def kept(tmp_path_factory, gaussians):
    """Give what a finished run leaves in its checkpoint."""
    place = tmp_path_factory.mktemp("kept") / "run.checkpoint"
    sample(gaussians, QUICK, seed=3, checkpoint=place)
    return place.read_bytes()


@pytest.fixture
def place(kept, tmp_path):
    """Give a place with that checkpoint."""
    path = tmp_path / "run.checkpoint"
    path.write_bytes(kept)
    return path


def same(one, other):
    return (
        one.log_evidence == other.log_evidence
        and one.likelihoods == other.likelihoods
        and np.array_equal(one.values, other.values)
        and np.array_equal(one.log_weights, other.log_weights)
    )


def test_evidence_and_posterior_are_those_of_the_conjugate_model(gaussians):
    found = sample(gaussians, SamplerSettings(nlive=300), seed=1)
    assert found.log_evidence == pytest.approx(
        gaussians.log_evidence(), abs=4 * found.log_evidence_error
    )
    assert 0.03 < found.log_evidence_error < 0.3
    mean, sd = gaussians.posterior()
    weights = np.exp(found.log_weights)
    assert weights.sum() == pytest.approx(1.0)
    found_mean = weights @ found.values
    found_sd = np.sqrt(weights @ (found.values - found_mean) ** 2)
    assert (found_mean - mean) / sd == pytest.approx(np.zeros(3), abs=0.15)
    assert found_sd / sd == pytest.approx(np.ones(3), abs=0.12)
    draws = found.equal(1000, np.random.default_rng(2))
    assert (draws.mean(axis=0) - found_mean) / sd == pytest.approx(np.zeros(3), abs=0.05)
    assert found.likelihoods > 1000
    assert found.seconds > 0


def test_stored_likelihoods_are_those_of_the_stored_values(gaussians):
    found = sample(gaussians, QUICK, seed=1)
    again = [gaussians.log_likelihood(values) for values in found.values[::50]]
    assert found.log_likelihood[::50] == pytest.approx(again)


def test_a_seed_gives_the_same_samples_and_another_seed_others(gaussians):
    one, again, other = (sample(gaussians, QUICK, seed=seed) for seed in (3, 3, 4))
    assert same(one, again)
    assert one.log_evidence != other.log_evidence


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("likelihoods", [60, 1500])
def test_a_killed_run_resumes_to_the_same_samples(gaussians, tmp_path, likelihoods, monkeypatch):
    whole = sample(gaussians, QUICK, seed=3)
    place = tmp_path / "run.checkpoint"
    with pytest.raises(Killed):
        sample(gaussians, QUICK, seed=3, checkpoint=place, progress=kill_after(likelihoods))
    monkeypatch.setattr(sampling, "CHECKPOINT_EVERY", 1e9)
    told = []
    resumed = sample(gaussians, QUICK, seed=3, checkpoint=place, on_resume=told.append)
    assert same(whole, resumed)
    assert len(told) == 1
    assert 40 < told[0].likelihoods <= whole.likelihoods
    assert resumed.seconds > 0


def test_a_finished_run_is_taken_from_its_checkpoint(gaussians, tmp_path):
    place = tmp_path / "run.checkpoint"
    first = sample(gaussians, QUICK, seed=3, checkpoint=place)
    told = []
    again = sample(gaussians, QUICK, seed=3, checkpoint=place, progress=told.append)
    assert same(first, again)
    assert told == []
    assert again.seconds >= 0.9 * first.seconds


@pytest.mark.usefixtures("impatient")
def test_progress_tells_rate_and_remaining_evidence(gaussians):
    told = []
    found = sample(gaussians, QUICK, seed=3, progress=told.append)
    assert told[-1].remaining < 2 * QUICK.dlogz
    assert told[-1].remaining < told[0].remaining
    assert told[-1].log_evidence == pytest.approx(found.log_evidence, abs=0.2)
    assert all(one.per_second > 0 for one in told)
    assert told[-1].likelihoods == found.likelihoods
    assert [one.iterations for one in told] == list(range(1, len(told) + 1))


def test_a_checkpoint_says_in_its_first_line_whose_it_is(kept):
    head = json.loads(kept.partition(b"\n")[0])
    assert head["parameters"] == "theta0 theta1 theta2"
    assert head["statements"] == "three numbers"
    assert head["seed"] == "3"
    assert head["settings"] == "nlive=40 dlogz=0.1 walks=0"


@pytest.mark.parametrize(
    ("change", "settings", "seed", "said"),
    [
        ({"statement_hash": "others"}, QUICK, 3, "statements three numbers, here others"),
        ({}, replace(QUICK, nlive=41), 3, "settings nlive=40 .*, here nlive=41"),
        ({}, QUICK, 4, "seed 3, here 4"),
        ({"observed": (1.0, -2.0, 0.6)}, QUICK, 3, "problem [0-9a-f]{16}, here [0-9a-f]{16}"),
        ({"prior_sd": 2.1}, QUICK, 3, "problem [0-9a-f]{16}, here [0-9a-f]{16}"),
        ({"observed": (1.0,), "errors": (1.0,)}, QUICK, 3, "parameters theta0 theta1 theta2, "),
    ],
)
def test_a_checkpoint_of_another_run_is_refused_and_kept(
    gaussians, place, change, settings, seed, said
):
    before = place.read_bytes()
    with pytest.raises(DataError, match=f"belongs to another run .*{said}.*remove the file"):
        sample(replace(gaussians, **change), settings, seed=seed, checkpoint=place)
    assert place.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no checkpoint of a calibration"),
        (b"\x89HDF\r\n\x1a\n", "is no checkpoint of a calibration"),
        (b'["a list"]\n', "is no checkpoint of a calibration"),
    ],
)
def test_a_file_that_is_no_checkpoint_is_refused_and_kept(gaussians, tmp_path, content, said):
    place = tmp_path / "run.checkpoint"
    place.write_bytes(content)
    with pytest.raises(DataError, match=said):
        sample(gaussians, QUICK, seed=3, checkpoint=place)
    assert place.read_bytes() == content


@pytest.mark.parametrize("cut", [1, 1000])
def test_a_damaged_checkpoint_is_refused_and_kept(gaussians, place, cut):
    content = place.read_bytes()[:-cut]
    place.write_bytes(content)
    with pytest.raises(DataError, match="is damaged, so the run cannot resume"):
        sample(gaussians, QUICK, seed=3, checkpoint=place)
    assert place.read_bytes() == content


def test_versions_are_part_of_a_run(gaussians, monkeypatch):
    before = identity(gaussians, QUICK, 3)
    monkeypatch.setattr(run_identity, "version", lambda package: "99.0")
    changed = {key for key, text in identity(gaussians, QUICK, 3).items() if before[key] != text}
    assert changed == {"versions"}


def test_without_dynesty_the_message_says_how_to_get_it(gaussians, monkeypatch):
    monkeypatch.setitem(sys.modules, "dynesty", None)
    with pytest.raises(MissingPackage, match=r'needs dynesty.*pip install "kpksim\[bayes\]"'):
        sample(gaussians, QUICK, seed=3)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"nlive": 6}, r"nlive must be above twice the number of parameters \(3\), got 6"),
        ({"dlogz": 0.0}, "dlogz must be above 0, got 0"),
        ({"walks": -1}, "walks must not be negative, got -1"),
    ],
)
def test_impossible_settings_are_refused(gaussians, settings, said):
    with pytest.raises(ScenarioError, match=said):
        sample(gaussians, SamplerSettings(**settings), seed=1)


def test_effective_size_of_equal_weights_is_their_number():
    assert effective_size(np.full(50, -700.0)) == pytest.approx(50.0)


def test_resampling_takes_each_as_often_as_its_share_rounded_down_or_up():
    rng = np.random.default_rng(5)
    weights = rng.dirichlet(np.full(30, 0.3))
    taken = np.bincount(resample(np.log(weights) + 9.0, 1000, rng), minlength=30)
    assert taken.sum() == 1000
    assert (np.abs(taken - 1000 * weights) < 1).all()


def test_the_extra_is_imported_when_sampling_begins_and_not_before():
    modules = "sampling", "posterior", "diagnostics", "leave_out", "pk_ensemble", "runs", "verdict"
    lines = [f"import kpksim.calibration.{module}" for module in modules]
    lines += ["import sys", "print(sorted({'dynesty', 'arviz_stats'} & set(sys.modules)))"]
    said = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True
    )
    assert said.stdout == "[]\n"
