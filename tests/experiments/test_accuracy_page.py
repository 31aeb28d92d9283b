"""The accuracy report: what counts as an error, and which verdict it leads to."""

import json

import mpmath
import numpy as np
import pytest

from experiments.accuracy import run
from experiments.accuracy.errors import errors_in, relative_errors
from experiments.accuracy.models import KINDS, cases
from experiments.accuracy.page import judged, table, verdict
from kpksim.engine import solve


def kind(**said):
    """What is found for one kind of models."""
    usual = {"kind": "random", "values": 100, "small": 3, "negative": 0}
    errors = {"median": 1e-16, "q99": 1e-14, "q999": 2e-14, "max": 3e-13}
    return usual | errors | said


@pytest.mark.parametrize(
    ("found", "met"),
    [
        (kind(), "aim"),
        (kind(max=1e-12), "aim"),
        (kind(max=2e-12), "must"),
        (kind(max=1e-11), "must"),
        (kind(max=1.1e-11), "missed"),
        (kind(max=float("inf")), "missed"),
        (kind(max=float("nan")), "missed"),
        (kind(negative=1), "missed"),
    ],
)
def test_a_kind_is_judged_by_its_largest_error_and_its_negative_values(found, met):
    assert judged(found) == met
    assert table([found]).splitlines()[-1].endswith(f"| {met} |")


def test_the_verdict_names_what_is_missed():
    said = verdict([kind(), kind(kind="stiff", max=4e-11)])
    assert "4.0e-11" in said
    assert "Missed for: stiff." in said
    assert "Reached for all kinds" in verdict([kind()])


def test_errors_are_relative_and_small_values_are_left_out():
    exact = [[mpmath.mpf(2), mpmath.mpf("1e-299")], [mpmath.mpf("1e-301"), mpmath.mpf(0)]]
    errors = relative_errors(np.array([[2.5, 1e-299], [7.0, 0.0]]), exact)
    assert errors[0] == 0.25
    assert errors[1] < 1e-15
    assert np.isnan(errors[2])
    assert errors[3] == 0.0
    assert relative_errors(np.array([1e-9]), [[mpmath.mpf(0)]])[0] == np.inf


@pytest.mark.parametrize("name", KINDS)
def test_models_are_compartmental_and_have_doses_before_their_end(name):
    for case in cases(name, models=4, subjects=2, seed=3):
        away = ~np.eye(case.rates.shape[1], dtype=bool)
        assert (case.rates[:, away] >= 0.0).all()
        assert (case.rates.sum(axis=1) <= 1e-12 * np.abs(case.rates).max()).all()
        assert case.actions.time.shape[0] == len(case.readings[0].actions) == 2
        assert case.actions.time.min() < case.times[-1] <= 90 * 24
        assert (np.diff(case.times) > 0.0).all()


def test_a_defective_model_has_equal_rates():
    (case,) = cases("ka = k10", models=1, subjects=1, seed=3)
    depot, central, metabolite = case.rates[0].diagonal()[:3]
    assert depot == central
    assert metabolite <= central
    (case,) = cases("Erlang chain", models=1, subjects=1, seed=3)
    assert len(set(case.rates[0].diagonal())) == 1


def test_an_engine_that_is_wrong_by_1e_10_is_found():
    (case,) = cases("random, CV 0.3", models=1, subjects=1, seed=3)
    found = solve(case.rates, case.actions, case.times, case.rows).at[0]
    assert np.nanmax(errors_in(case, 0, found)) < 1e-11
    assert np.nanmax(errors_in(case, 0, found * (1.0 + 1e-10))) > 9e-11


@pytest.mark.slow
def test_the_quick_report_is_written(tmp_path, capsys):
    assert run.main(["--quick", "-o", str(tmp_path / "new")]) == 0
    found = json.loads((tmp_path / "new" / "accuracy.json").read_text())
    assert [one["kind"] for one in found["kinds"]] == list(KINDS)
    assert "| Erlang chain |" in (tmp_path / "new" / "accuracy.md").read_text()
    assert capsys.readouterr().out.endswith("accuracy.md\n")


@pytest.mark.parametrize(
    ("options", "said"),
    [(["--fast"], "--fast"), (["--docs", "--quick"], "--quick"), (["-o"], "argument")],
)
def test_a_bad_option_is_refused_with_one_line(options, said, capsys):
    with pytest.raises(SystemExit, match="2"):
        run.main(options)
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert said in message
