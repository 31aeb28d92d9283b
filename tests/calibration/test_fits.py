"""A fit is asked for anew when something that decides it changes, and only then."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import xarray as xr

from kpksim.calibration import study
from kpksim.calibration.document import CalibrationDocument, ChangesDocument
from kpksim.calibration.fits import fit_task
from kpksim.calibration.study import read_calibration

CONFIGS = Path(__file__).parents[2] / "configs" / "calibrations"
OTHERWISE = ChangesDocument(name="other readings", alternative_readings=True)


@pytest.fixture(scope="module")
def anxiety():
    return read_calibration(CONFIGS / "anxiety.toml")


def changed(asked, **more):
    plain = asked.settings.model_dump() | more
    return replace(asked, settings=CalibrationDocument.model_validate(plain))


def identity(asked, changes=None):
    return fit_task(asked, "ketamine", 1, **({"changes": changes} if changes else {})).identity


def test_what_is_made_of_fits_asks_for_no_new_fit(anxiety):
    less = changed(
        anxiety,
        title="Another",
        targets=[],
        sensitivity=[],
        ensemble=None,
        leading=1,
        hypotheses=["ketamine", "norketamine"],
        alternatives={"wider": 20.0},
    )
    assert identity(less) == identity(anxiety)


@pytest.mark.parametrize(
    "more",
    [
        {"model": "reference_racemic_2026a"},
        {"rounding": {"percent": {"A": 6.0, "B": 10.0, "D": 10.0}, "pressure": 2.0, "points": 0.0}},
        {"sampler": {"remaining": 0.5}},
        {"sampler": {"live_points": 299}},
        {"choosing": None},
    ],
)
def test_what_decides_a_fit_asks_for_a_new_one(anxiety, more):
    assert identity(changed(anxiety, **more)) != identity(anxiety)


def test_numbers_of_other_readings_ask_for_new_fits_of_these_alone(anxiety):
    wider = changed(anxiety, alternatives={"wider": 20.0})
    assert identity(wider, OTHERWISE) != identity(anxiety, OTHERWISE)


@pytest.mark.parametrize(("mode", "count"), [("default", 2), ("full", 13)])
def test_full_leaves_studies_out_of_every_hypothesis(anxiety, tmp_path, monkeypatch, mode, count):
    doubted = SimpleNamespace(to_refit=["dunedin"])
    evidence = SimpleNamespace(log_evidence=-1.0, log_evidence_error=0.1)
    keys = anxiety.settings.hypotheses
    monkeypatch.setattr(study, "_main_fits", lambda *_: dict.fromkeys(keys, (evidence,)))
    monkeypatch.setattr(study, "_analyses", lambda *_: dict.fromkeys(keys, xr.Dataset()))
    monkeypatch.setattr(study, "_reruns", lambda *_: {})
    monkeypatch.setattr(study, "by_weights", lambda _: doubted)
    monkeypatch.setattr(study, "_read_runs", lambda tasks, *_: {"asked": dict(tasks)})
    asked = study.run_calibration(anxiety, tmp_path, mode).reruns["asked"]
    assert {name for name, _ in asked} == {"without dunedin"}
    assert len({key for _, key in asked}) == count


def test_what_is_left_for_a_fit_reads_the_same_statements(anxiety):
    for changes in (None, OTHERWISE):
        given = (changes,) if changes else ()
        kept = anxiety.for_fit("ketamine", *given)
        assert kept.setting(*given).statement_hash == anxiety.setting(*given).statement_hash
        assert kept.setting(*given).model_hash("ketamine") == anxiety.setting(*given).model_hash(
            "ketamine"
        )
