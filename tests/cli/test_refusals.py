"""Every wrong request gets one message and exit status 1, and leaves nothing behind."""

from pathlib import Path

import pytest

SCENARIO = """
title    = "One dose"
model    = "reference_racemic_2026a"
horizon  = "24 h"
outcomes = ["ketamine"]
[subject]
weight = "70 kg"
[[regimens]]
name  = "A"
route = "iv"
dose  = "0.5 mg/kg"
over  = "40 min"
"""
A_REGIMEN = SCENARIO[SCENARIO.index("[[regimens]]") :]

BAD = {
    "unknown key": ('title    = "One', 'titel = "x"\ntitle = "One', "titel: unknown key; did you"),
    "unknown key of a regimen": ("over  =", "ovr  =", 'did you mean "over"?'),
    "missing key": ('horizon  = "24 h"', "", "horizon: this key is missing"),
    "duplicate key": ('dose  = "0.5', 'dose = "1 mg"\ndose  = "0.5', "Cannot overwrite a value"),
    "no TOML": ("[subject]", "[subject", "is not valid TOML"),
    "dose in hours": ('"0.5 mg/kg"', '"0.5 h"', '"0.5 h" is a time, expected amount'),
    "dose without unit": ('"0.5 mg/kg"', '"0.5"', '"0.5" is a'),
    "dose as a number": ('"0.5 mg/kg"', "0.5", "should be a valid string"),
    "negative dose": ('"0.5 mg/kg"', '"-0.5 mg/kg"', "finite and > 0, got -0.5 mg/kg"),
    "dose of zero": ('"0.5 mg/kg"', '"0 mg/kg"', "finite and > 0, got 0 mg/kg"),
    "dose not a number": ('"0.5 mg/kg"', '"nan mg/kg"', "must be a finite number"),
    "infinite dose": ('"0.5 mg/kg"', '"inf mg/kg"', "must be a finite number"),
    "infinite number": ('weight = "70 kg"', "weight = inf", "subject.weight"),
    "infusion of 0 min": ('"40 min"', '"0 min"', 'duration > 0, got "0 min"'),
    "infusion of negative time": ('"40 min"', '"-40 min"', '"-40 min"'),
    "unknown route": ('"iv"', '"ivv"', 'no route "ivv"; did you mean "iv"?'),
    "unknown model": ('"reference_racemic_2026a"', '"domino"', 'did you mean "domino1982"?'),
    "missing model file": ('"reference_racemic_2026a"', '"mine.toml"', "mine.toml: no such file"),
    "unknown drug": ("over  =", 'drug = "esketamin"\nover  =', 'did you mean "esketamine"?'),
    "unknown form": ("over  =", 'form = "basis"\nover  =', '"basis"'),
    "unknown outcome": ('["ketamine"]', '["ketamin"]', 'did you mean "ketamine"?'),
    "horizon before the first dose": ("over  =", 'start = "2 d"\nover  =', "after the first dose"),
    "horizon of zero": ('"24 h"', '"0 h"', "after the first dose"),
    "horizon that is no time": ('"24 h"', '"24 mg"', '"24 mg" is an amount, expected time'),
    "regimen name twice": (A_REGIMEN, A_REGIMEN + A_REGIMEN, 'the regimen name "A" stands twice'),
    "times of zero": ("over  =", 'every = "1 h"\ntimes = 0\nover  =', "times"),
    "every of zero": ("over  =", 'every = "0 h"\ntimes = 2\nover  =', "every"),
    "negative weight": ('"70 kg"', '"-70 kg"', '"-70 kg"'),
    "weight in litres": ('"70 kg"', '"70 L"', '"70 L" is a volume, expected weight'),
    "no people": ("[subject]", "[population]\nn = 0\nseed = 1\n[subject]", "population.n"),
    "no regimen": (A_REGIMEN, "", "regimens"),
}

IMPOSSIBLE = {
    "unknown product": ({'"iv"': '"oral_er"\nproduct = "XR"', 'over  = "40 min"': ""}, '"XR"'),
    "other drug": (
        {"reference_racemic_2026a": "simons2022"},
        "simons2022 is a model of esketamine",
    ),
    "route that the model lacks": (
        {"reference_racemic_2026a": "domino1982", '"iv"': '"sc"', 'over  = "40 min"': ""},
        "sc",
    ),
    "outcome that the model lacks": (
        {"reference_racemic_2026a": "domino1982", '["ketamine"]': '["norketamine"]'},
        '"norketamine"',
    ),
}


def assert_refused(answer, message: str) -> None:
    """Check that an answer is one message on stderr with exit status 1."""
    assert (answer.status, answer.out) == (1, "")
    assert answer.err.startswith("kpksim: ")
    assert message in answer.err
    assert answer.err.count("\n") == 1
    assert "Traceback" not in answer.err


def content(folder: Path) -> set[str]:
    """List what is in a folder, hidden things as well."""
    return {entry.name for entry in folder.iterdir()}


@pytest.mark.parametrize(("old", "new", "message"), BAD.values(), ids=BAD.keys())
def test_a_bad_scenario_is_refused_with_its_place(kpksim, tmp_path, old, new, message):
    assert old in SCENARIO
    Path("bad.toml").write_text(SCENARIO.replace(old, new, 1))
    answer = kpksim("compare", "bad.toml", "-o", "out")
    assert_refused(answer, message)
    assert "bad.toml" in answer.err
    assert content(tmp_path) == {"bad.toml"}


@pytest.mark.parametrize(("changes", "message"), IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_what_a_model_cannot_be_given_is_refused(kpksim, tmp_path, changes, message):
    scenario = SCENARIO
    for old, new in changes.items():
        assert old in scenario
        scenario = scenario.replace(old, new)
    Path("bad.toml").write_text(scenario)
    assert_refused(kpksim("compare", "bad.toml", "-o", "out"), message)
    assert content(tmp_path) == {"bad.toml"}


def test_a_missing_scenario_is_refused(kpksim):
    assert_refused(kpksim("compare", "none.toml", "-o", "out"), "none.toml: no such file")


def test_a_folder_is_no_scenario(kpksim, tmp_path):
    assert_refused(kpksim("compare", tmp_path, "-o", "out"), "is a folder, expected a file")


def test_a_scenario_that_is_no_text_is_refused(kpksim):
    Path("bad.toml").write_bytes(b"\xff\xfe\x00title")
    assert_refused(kpksim("compare", "bad.toml", "-o", "out"), "bad.toml: is not UTF-8 text")


def test_results_of_an_earlier_run_are_not_overwritten(kpksim):
    Path("good.toml").write_text(SCENARIO)
    Path("out").mkdir()
    for name in ("report.html", "results.nc"):
        Path("out", name).write_text("earlier")
    answer = kpksim("compare", "good.toml", "-o", "out")
    assert_refused(answer, "out: holds results already; replace them with --force")
    assert Path("out", "report.html").read_text() == "earlier"


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_a_folder_with_other_files_is_never_replaced(kpksim, force):
    Path("good.toml").write_text(SCENARIO)
    Path("out").mkdir()
    Path("out", "thesis.txt").write_text("years of work")
    answer = kpksim("compare", "good.toml", "-o", "out", *force)
    assert_refused(answer, "out: holds files that are no results of kpksim; name another folder")
    assert content(Path("out")) == {"thesis.txt"}


def test_a_folder_below_a_file_cannot_be_written(kpksim, tmp_path):
    Path("good.toml").write_text(SCENARIO)
    Path("file").write_text("")
    answer = kpksim("compare", "good.toml", "-o", "file/out")
    assert_refused(answer, "file/out: cannot be made, file is a file")
    assert content(tmp_path) == {"good.toml", "file"}


def test_a_file_in_the_place_of_the_folder_is_refused(kpksim):
    Path("good.toml").write_text(SCENARIO)
    Path("out").write_text("")
    assert_refused(kpksim("compare", "good.toml", "-o", "out"), "out: is a file, expected")


def test_an_unknown_model_is_refused_with_the_nearest_name(kpksim):
    assert_refused(kpksim("models", "domino"), 'no model "domino"; did you mean "domino1982"?')


def test_an_unknown_source_is_refused_with_the_nearest_name(kpksim):
    assert_refused(kpksim("cite", "otto2012"), 'did you mean "otto2021"?')


def test_a_result_of_unknown_kind_is_refused_before_anything_is_read(kpksim):
    answer = kpksim("simulate", "--model", "otto2021", "--events", "none.csv", "-o", "out.xlsx")
    assert_refused(answer, "out.xlsx: the name of a result ends in .csv or .nc")


def test_a_missing_event_table_is_refused(kpksim):
    answer = kpksim("simulate", "--model", "otto2021", "--events", "none.csv", "-o", "out.csv")
    assert_refused(answer, "none.csv: no such file")
    assert not Path("out.csv").exists()


def test_a_bad_record_is_refused_with_its_line(kpksim, tmp_path):
    Path("events.csv").write_text("ID,TIME,EVID,CMT,AMT,RATE\n1,0,1,central,-5,0\n")
    answer = kpksim("simulate", "--model", "otto2021", "--events", "events.csv", "-o", "out.csv")
    assert_refused(answer, "events.csv: line 2")
    assert content(tmp_path) == {"events.csv"}


def test_an_existing_scenario_is_not_overwritten(kpksim):
    Path("scenario.toml").write_text("mine")
    assert_refused(kpksim("init"), "scenario.toml: exists already; name another file")
    assert Path("scenario.toml").read_text() == "mine"


def test_a_starter_for_a_missing_folder_is_refused(kpksim):
    assert_refused(kpksim("init", "none/scenario.toml"), "none/scenario.toml: no such file")
