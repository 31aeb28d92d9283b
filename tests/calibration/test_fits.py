"""A fit is asked for anew when something that decides it changes, and only then."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from kpksim.calibration import study
from kpksim.calibration.analysis import analysis_task
from kpksim.calibration.carried import carry_task, without
from kpksim.calibration.document import CalibrationDocument, ChangesDocument
from kpksim.calibration.fits import asked_of, fit_task
from kpksim.calibration.modes import plan_of
from kpksim.calibration.study import read_calibration

CONFIGS = Path(__file__).parents[2] / "configs" / "calibrations"
OTHERWISE = ChangesDocument(name="other readings", alternative_readings=True)


class Anything:
    """An analysis of which nothing is asked."""

    def sel(self, **_):
        return self


@pytest.fixture(scope="module")
def anxiety():
    return read_calibration(CONFIGS / "anxiety.toml")


def changed(asked, **more):
    plain = asked.settings.model_dump() | more
    return replace(asked, settings=CalibrationDocument.model_validate(plain))


def identity(asked):
    return fit_task(asked, "ketamine", 1).identity


def moved(asked, changes):
    plan = plan_of(asked.settings, "default")
    return carry_task(asked, "ketamine", plan, changes).identity


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


def test_numbers_of_other_readings_decide_other_readings_alone(anxiety):
    wider = changed(anxiety, alternatives={"wider": 20.0})
    assert moved(wider, OTHERWISE) != moved(anxiety, OTHERWISE)
    assert moved(wider, without("dunedin")) == moved(anxiety, without("dunedin"))


def test_what_decides_a_fit_decides_what_it_is_carried_over_to(anxiety):
    fewer = changed(anxiety, sampler={"live_points": 299})
    assert moved(fewer, OTHERWISE) != moved(anxiety, OTHERWISE)
    less = changed(anxiety, targets=[], sensitivity=[], ensemble=None, leading=1)
    assert moved(less, OTHERWISE) == moved(anxiety, OTHERWISE)


@pytest.mark.parametrize("outcome", ["anxiety", "depression", "dissociation"])
def test_wider_priors_are_carried_over_to_where_a_hypothesis_has_them(outcome):
    """Some hypotheses have a parameter that a file widens, and others have not."""
    asked = read_calibration(CONFIGS / f"{outcome}.toml")
    wider = [one for one in asked.settings.sensitivity if one.widen]
    assert wider
    for changes in wider:
        for key in asked.settings.hypotheses:
            task = carry_task(asked, key, plan_of(asked.settings, "full"), changes)
            alone = asked_of(task.arguments["asked"])
            told = ChangesDocument.model_validate(task.arguments["changes"])
            assert told.widen
            assert alone.setting(told).model_hash(key) == task.arguments["model_hashes"][1]


@pytest.mark.parametrize(("mode", "count"), [("default", 2), ("full", 13)])
def test_full_leaves_studies_out_of_every_hypothesis(anxiety, tmp_path, monkeypatch, mode, count):
    doubted = SimpleNamespace(untold=["dunedin"])
    evidence = SimpleNamespace(log_evidence=-1.0, log_evidence_error=0.1)
    keys = anxiety.settings.hypotheses
    made = dict.fromkeys(keys, (evidence,)), dict.fromkeys(keys, Anything())
    monkeypatch.setattr(study, "_fits_and_analyses", lambda *_: made)
    monkeypatch.setattr(study, "by_weights", lambda _: doubted)
    monkeypatch.setattr(study, "weights_tell", lambda _, what: what == "rerun")
    monkeypatch.setattr(study, "_do", lambda *_: None)
    monkeypatch.setattr(study, "read_result", lambda task, _: task)
    monkeypatch.setattr(study, "carried_of", lambda task: task)
    found = study.run_calibration(anxiety, tmp_path, mode).reruns
    assert list(found) == ["without dunedin"]
    assert len(found["without dunedin"]) == count


def test_a_full_run_gives_narrow_posteriors_their_live_points(anxiety):
    sampler = anxiety.settings.sampler.model_copy(update={"more_points": {"plasticity": 900}})
    settings = anxiety.settings.model_copy(update={"sampler": sampler})
    full, default = (plan_of(settings, mode) for mode in ("full", "default"))
    assert (full.points("plasticity"), full.points("ketamine")) == (900, 300)
    assert default.points("plasticity") == 300
    more, asked = replace(anxiety, settings=settings), anxiety
    changes = asked.settings.sensitivity[0]
    told = analysis_task(more, "plasticity", full)
    assert told.arguments["live_points"] == 900
    assert carry_task(more, "plasticity", full, changes).arguments["live_points"] == 900
    same = [analysis_task(one, "ketamine", full).identity for one in (more, asked)]
    assert same[0] == same[1]
    assert told.identity != analysis_task(more, "plasticity", default).identity


def test_what_is_left_for_a_fit_reads_the_same_statements(anxiety):
    for changes in (None, OTHERWISE):
        given = (changes,) if changes else ()
        kept = anxiety.for_fit("ketamine", *given)
        assert kept.setting(*given).statement_hash == anxiety.setting(*given).statement_hash
        assert kept.setting(*given).model_hash("ketamine") == anxiety.setting(*given).model_hash(
            "ketamine"
        )
