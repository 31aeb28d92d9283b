"""The benchmark as a command: bad options, rows that fail, the quick run from end to end."""

import json
from importlib.util import find_spec

import pytest

from experiments.bench import run
from experiments.bench.figures import Figure
from experiments.bench.registry import TASKS, Task


def refused(options, capsys):
    """The one line with which options are refused."""
    with pytest.raises(SystemExit, match="2"):
        run.main(options)
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    return message


def test_an_unknown_row_is_refused_with_all_that_there_are(tmp_path, capsys):
    said = refused(["--only", "speed", "-o", str(tmp_path / "new")], capsys)
    assert 'no row "speed"' in said
    assert all(key in said for key in TASKS)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--rounds", "3"], "--rounds"),
        (["--only"], "--only"),
        (["--docs", "--quick"], "--docs keeps the full benchmark only"),
        (["--docs", "--only", "cohort"], "--docs keeps the full benchmark only"),
    ],
)
def test_a_bad_option_is_refused_with_one_line(options, said, capsys):
    assert said in refused(options, capsys)


def test_a_folder_that_cannot_be_made_is_refused_before_the_work(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    said = refused(["--quick", "-o", str(tmp_path / "file" / "new")], capsys)
    assert "cannot be made" in said


def test_a_row_that_fails_leaves_the_others(tmp_path, capsys, monkeypatch):
    def broken(settings):
        raise ValueError("no such thing")

    monkeypatch.setitem(TASKS, "cohort", Task("Broken", broken))
    works = Task("Works", lambda settings: ([Figure("threads", "one / two", 1.8)], ["a note"]))
    monkeypatch.setitem(TASKS, "threads", works)
    keys = ["--only", "threads", "--only", "cohort"]
    assert run.main(["--quick", "-o", str(tmp_path), *keys]) == 1
    rows = json.loads((tmp_path / "bench.json").read_text())["rows"]
    assert [row["key"] for row in rows] == ["cohort", "threads"]
    assert rows[0]["failure"] == "ValueError: no such thing"
    assert rows[1]["figures"][0]["met"] == "must"
    assert "| Broken | failed: ValueError" in (tmp_path / "bench.md").read_text()
    captured = capsys.readouterr()
    assert captured.out == f"{tmp_path / 'bench.md'}\n"
    assert captured.err == ""


def test_what_is_measured_is_kept_when_the_run_is_stopped(tmp_path, monkeypatch):
    def stopped(settings):
        raise KeyboardInterrupt

    works = Task("Works", lambda settings: ([Figure("", "a figure", 1.0)], []))
    monkeypatch.setitem(TASKS, "cohort", works)
    monkeypatch.setitem(TASKS, "threads", Task("Stopped", stopped))
    with pytest.raises(KeyboardInterrupt):
        run.main(["--quick", "-o", str(tmp_path), "--only", "cohort", "--only", "threads"])
    rows = json.loads((tmp_path / "bench.json").read_text())["rows"]
    assert [row["key"] for row in rows] == ["cohort"]


def test_progress_is_one_line_for_a_row():
    for row in (
        run.Row("cohort", "A", (Figure("", "ratio", 2.5),), seconds=3.0),
        run.Row("cohort", "A", failure="ValueError: no such thing"),
        run.Row("compile", "B", notes=("left out with --quick",)),
    ):
        assert "\n" not in run.progress(row)
    assert "2.5" in run.progress(run.Row("cohort", "A", (Figure("", "ratio", 2.5),)))


def test_two_rows_run_in_a_moment(tmp_path):
    keys = ["--only", "cohort", "--only", "negatives"]
    assert run.main(["--quick", "-o", str(tmp_path), *keys]) == 0
    found = json.loads((tmp_path / "bench.json").read_text())
    assert [row["key"] for row in found["rows"]] == ["cohort", "negatives"]
    assert found["rows"][1]["figures"][0]["value"] == 0.0
    assert found["machine"]["cores"] >= 1


@pytest.mark.slow
def test_the_quick_benchmark_runs_from_end_to_end(tmp_path):
    keys = [key for key in TASKS if key != "roadrunner" or find_spec("roadrunner")]
    only = [word for key in keys for word in ("--only", key)]
    answer = run.main(["--quick", "-o", str(tmp_path), *only])
    rows = json.loads((tmp_path / "bench.json").read_text())["rows"]
    assert {row["key"]: row["failure"] for row in rows} == dict.fromkeys(keys, "")
    assert answer == 0
    errors = {one["name"]: one["value"] for row in rows for one in row["figures"]}
    assert errors["effects_error"] < 1e-7
