"""kpksim calibrate and kpksim hypotheses: what they leave, and what they refuse."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from kpksim.calibration import calibrating
from kpksim.calibration.results_file import write_results
from kpksim.errors import DataError

SMALL = """
title = "Small"
outcome = "sbp"
model = "reference_racemic_2026b"
hypotheses = ["pressure_venous"]
[weights.grades]
A = 0.05
B = 0.15
D = 0.5
[rounding]
percent = { A = 5.0, B = 10.0, D = 10.0 }
pressure = 2.0
points = 0.0
[ranges]
percent = 100.0
points = 15.0
pressure = 40.0
effect_size = 2.0
"""
A_RUN = '\n[[sensitivity]]\nname = "other"\n'
A_TARGET = '\n[[targets]]\nname = "IV"\nroute = "iv"\ndose = "0.5 mg/kg"\nat = "1 h"\n'

BAD = {
    "unknown study": ("title", 'studies = ["glue2071"]\ntitle', 'did you mean "glue2018"?'),
    "unknown statement": (
        "[rounding]", '[weights.statements]\n"glue2017-99" = 0.2\n[rounding]',
        'weights.statements: no statement "glue2017-99"; did you mean "glue2017-9"?',
    ),
    "unknown scale": (
        "[rounding]", '[[left_out]]\nscales = ["VAS-anxity"]\nwhy = "x"\n[rounding]',
        'left_out.scales: no scale "VAS-anxity"; did you mean "VAS-anxiety"?',
    ),
    "unknown hypothesis": (
        '"pressure_venous"', '"pressure_venus"', 'did you mean "pressure_venous"?',
    ),
    "hypothesis of another outcome": (
        '"pressure_venous"', '"norketamine"', 'no hypothesis of sbp "norketamine"; known:',
    ),
    "unknown reading": (
        "[rounding]", "[weights.readings]\nofset = 0.2\n[rounding]",
        'weights.readings: no reading "ofset"; did you mean "offset"?',
    ),
    "left out and weighted": (
        "[rounding]",
        '[weights.statements]\n"glue2018-6" = 0.2\n[[left_out]]\nstatements = ["glue2018-6"]\n'
        'why = "x"\n[rounding]',
        '"glue2018-6" is left out and has a weight; keep one of left_out and weights',
    ),
    "weight above one": ("B = 0.15", "B = 1.5", "weights.grades.B: input should be less than 1"),
    "grade without a weight": ("B = 0.15\n", "", "weights.grades.B: this key is missing"),
    "unknown parameter": (
        "[rounding]", A_RUN + "widen = { emx = 1.7 }\n[rounding]",
        'sensitivity "other": widen: no parameter "emx"',
    ),
    "unknown route": (
        "[rounding]", A_RUN + 'without_routes = ["orall"]\n[rounding]', 'did you mean "oral"?',
    ),
    "run that stands twice": ("[rounding]", A_RUN + A_RUN + "[rounding]", "stands twice"),
    "dose in hours": (
        "[rounding]", A_TARGET.replace("0.5 mg/kg", "0.5 h") + "[rounding]",
        'targets "IV": "0.5 h" is a time, expected amount',
    ),
    "target before the dose": (
        "[rounding]", A_TARGET.replace('"1 h"', '"-1 h"') + "[rounding]",
        'targets "IV": at: must be a time after the first dose, got "-1 h"',
    ),
    "too few live points": (
        "[rounding]", "[sampler]\nlive_points = 5\n[rounding]",
        "sampler.live_points: must be more than twice the",
    ),
    "more points of nothing": (
        "[rounding]", "[sampler]\nmore_points = { pressure_venus = 400 }\n[rounding]",
        'sampler.more_points: no hypothesis of this file "pressure_venus"; did you mean',
    ),
    "more points that are fewer": (
        "[rounding]", "[sampler]\nmore_points = { pressure_venous = 300 }\n[rounding]",
        "sampler.more_points: pressure_venous: must be more than live_points (300), got 300",
    ),
    "unknown key": ("title =", "titel =", 'titel: unknown key; did you mean "title"?'),
    "no TOML": ("[ranges]", "[ranges", "is not valid TOML"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_gets_one_message_and_leaves_nothing(kpksim, case):
    old, new, message = BAD[case]
    assert old in SMALL
    Path("bad.toml").write_text(SMALL.replace(old, new, 1))
    answer = kpksim("calibrate", "bad.toml", "-o", "out")
    assert answer.status == 1
    (line,) = answer.err.strip().splitlines()
    assert line.startswith("kpksim: bad.toml: ")
    assert message in line
    assert answer.out == ""
    assert [one.name for one in Path().iterdir()] == ["bad.toml"]


def test_a_file_that_is_not_there_is_refused(kpksim):
    answer = kpksim("calibrate", "none.toml", "-o", "out")
    assert (answer.status, answer.err) == (1, "kpksim: none.toml: no such file\n")


def test_a_folder_of_something_else_stays_as_it_is(kpksim):
    Path("small.toml").write_text(SMALL)
    Path("out").mkdir()
    Path("out/thesis.txt").write_text("mine")
    for options in ((), ("--force",)):
        answer = kpksim("calibrate", "small.toml", "-o", "out", *options)
        assert answer.status == 1
        assert 'out: holds "thesis.txt", which is no part of a calibration' in answer.err
    assert [one.name for one in Path("out").iterdir()] == ["thesis.txt"]


def test_quick_and_full_exclude_each_other(kpksim):
    answer = kpksim("calibrate", "small.toml", "-o", "out", "--quick", "--full")
    assert answer.status == 2
    assert "exclude each other" in answer.err


@pytest.fixture
def made_up(monkeypatch, calibration):
    """Put made-up results where a fit would put its own, and remember what was asked."""
    seen = []

    def calibrate(path, folder, mode, tell):
        seen.append((path.name, str(folder), mode))
        write_results(calibration, folder)

    monkeypatch.setattr(calibrating, "calibrate", calibrate)
    return seen


def test_a_calibration_leaves_a_report_and_goes_on_in_its_folder(kpksim, made_up):
    Path("small.toml").write_text(SMALL)
    answer = kpksim("calibrate", "small.toml", "-o", "out", "--quick")
    assert (answer.status, answer.err) == (0, "Wrote out/report.html\n")
    assert kpksim("calibrate", "small.toml", "-o", "out", "--full").status == 0
    assert made_up == [("small.toml", "out", "quick"), ("small.toml", "out", "full")]
    page = Path("out/report.html").read_text()
    assert "kpksim calibrate small.toml -o out --full" in page


def test_all_files_of_a_folder_have_a_folder_each(kpksim, made_up):
    Path("files").mkdir()
    for name in ("a", "b"):
        Path(f"files/{name}.toml").write_text(SMALL)
    assert kpksim("calibrate", "files/all", "-o", "out").status == 0
    assert made_up == [("a.toml", "out/a", "default"), ("b.toml", "out/b", "default")]


def test_one_bad_file_of_a_folder_stops_all_before_any_fit(kpksim, made_up):
    Path("files").mkdir()
    Path("files/a.toml").write_text(SMALL)
    Path("files/b.toml").write_text(SMALL.replace("pressure_venous", "x"))
    assert kpksim("calibrate", "files", "-o", "out").status == 1
    assert made_up == []
    assert not Path("out").exists()


def test_results_of_another_run_are_refused_with_one_message(kpksim, monkeypatch):
    def calibrate(path, folder, mode, tell):
        raise DataError(f"{folder}/runs/ketamine__seed1.nc: is not the result of this run")

    monkeypatch.setattr(calibrating, "calibrate", calibrate)
    Path("small.toml").write_text(SMALL)
    answer = kpksim("calibrate", "small.toml", "-o", "out")
    assert answer.status == 1
    assert answer.err == "kpksim: out/runs/ketamine__seed1.nc: is not the result of this run\n"


def test_hypotheses_of_an_unknown_outcome_are_refused(kpksim):
    answer = kpksim("hypotheses", "anxity")
    assert answer.status == 1
    assert 'no outcome "anxity"; did you mean "anxiety"?' in answer.err


def test_hypotheses_stand_best_first_with_their_verdict(kpksim):
    rows = json.loads(kpksim("hypotheses", "sbp", "--json").out)
    evidence = [row["log_evidence"] for row in rows]
    assert evidence == sorted(evidence, reverse=True)
    assert rows[0]["difference"] == 0.0
    assert sum(row["weight"] for row in rows) == pytest.approx(1.0, abs=0.01)
    table = kpksim("hypotheses", "sbp").out
    assert table.splitlines()[0].split()[:2] == ["outcome", "hypothesis"]


@pytest.mark.parametrize(
    ("verdict", "weight", "line"),
    [
        ("favoured", 0.0, "-48.4 ± 0.3  0.0         -5.9      leader favoured  0 %"),
        ("leans", 0.0004, "-48.4 ± 0.3  0.0         -5.9      leans against    < 1 %"),
        ("cannot tell", 0.31, "-48.4 ± 0.3  0.0         -5.9      cannot tell      31 %"),
    ],
)
def test_a_verdict_is_about_its_row(kpksim, monkeypatch, verdict, weight, line):
    """A row that says "favoured" would be read as if its own hypothesis were."""
    facts = {
        "log_evidence": -48.44, "log_evidence_error": 0.3, "smallest_difference": -5.92,
        "verdict": verdict,
    }  # fmt: skip
    hypothesis = SimpleNamespace(label="Hydroxynorketamine", key="hydroxynorketamine")
    one = SimpleNamespace(facts=facts, weight=weight, hypothesis=hypothesis)
    monkeypatch.setattr("kpksim.library.posteriors.list_posteriors", lambda _: ("one",))
    monkeypatch.setattr("kpksim.library.posteriors.load_posterior", lambda *_: one)
    shown = kpksim("hypotheses", "sbp").out.splitlines()[1].split("Hydroxynorketamine")[1]
    assert shown.split() == line.split()


def test_an_outcome_without_posteriors_is_said_plainly(kpksim, monkeypatch):
    monkeypatch.setattr("kpksim.library.posteriors.list_posteriors", lambda _: ())
    answer = kpksim("hypotheses", "sbp")
    assert answer.status == 0
    assert answer.out == ""
    assert answer.err == "No posterior ships with this version; kpksim calibrate makes them.\n"
