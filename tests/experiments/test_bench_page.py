"""The table of the benchmark, from what was recorded: met and missed are decided rightly."""

import json
from pathlib import Path

import pytest

from experiments.bench.clock import Timing, in_turns, ratios
from experiments.bench.figures import GOALS, Figure, Row, judged
from experiments.bench.page import number, page, summary, table

RECORDED = json.loads((Path(__file__).parent / "recorded_bench.json").read_text())


def line(what):
    """The cells of the line of a figure in the recorded table."""
    (found,) = [one for one in table(RECORDED["rows"]).splitlines() if f"| {what} |" in one]
    return [cell.strip() for cell in found.strip("|").split("|")]


@pytest.mark.parametrize(
    ("name", "value", "met"),
    [
        ("cohort_ratio", 2.9, "aim"),
        ("cohort_ratio", 3.0, "aim"),
        ("cohort_ratio", 4.5, "must"),
        ("cohort_ratio", 4.51, "missed"),
        ("cohort_ratio", float("nan"), "missed"),
        ("threads", 1.95, "aim"),
        ("threads", 1.7, "must"),
        ("threads", 1.69, "missed"),
        ("accuracy", 9e-13, "aim"),
        ("accuracy", 2e-11, "missed"),
        ("negatives", 0.0, "must"),
        ("negatives", 1.0, "missed"),
        ("roadrunner", 99.0, "missed"),
        ("roadrunner", 5000.0, "must"),
        ("", 1.0, None),
        ("course_lags_ratio", 99.0, None),
    ],
)
def test_a_figure_is_judged_by_its_goal(name, value, met):
    assert judged(name, value)["met"] == met


def test_goals_are_the_ones_that_were_set():
    musts = {name: goal["must"] for name, goal in GOALS.items()}
    assert musts == {
        "cohort_ratio": 4.5, "one_thread": 1.5, "threads": 1.7, "accuracy": 1e-11, "negatives": 0,
        "irregular_minutes": 15.0, "irregular_free": 15.0, "course_ratio": 3.0,
        "effects_error": 1e-7, "effects_cost": 8.0, "quantiles_cost": 1.0, "quantiles_error": 0.0,
        "likelihoods": 800, "start": 0.7, "compile": 20.0, "roadrunner": 100.0,
        "solve_ivp": 500.0, "memory": 64.0,
    }  # fmt: skip
    for goal in GOALS.values():
        aim = goal.get("aim", goal["must"])
        assert aim <= goal["must"] if goal["better"] == "less" else aim >= goal["must"]


def test_a_missed_figure_is_shown_as_missed():
    assert line("time per value") == [
        "The same, one thread", "time per value", "≤ 1.5", "≤ 1", "1.8 ns", "1.7 to 2.2 (n = 11)",
        "**missed**",
    ]  # fmt: skip
    said = summary(RECORDED["rows"])
    assert "2 of 3 figures reach what they must, 1 also the aim." in said
    assert "**Missed: The same, one thread (time per value).**" in said


def test_a_figure_that_reaches_its_goal_says_which():
    assert line("time / time of the fill")[-1] == "aim"
    assert line("time of one thread / time of two")[2:] == [
        "≥ 1.7", "≥ 1.9", "1.75", "1.6 to 1.88 (n = 11)", "must",
    ]  # fmt: skip


def test_a_figure_without_a_goal_has_no_verdict():
    assert line("simulation")[2:4] == ["", ""]
    assert line("simulation")[-1] == ""


def test_a_row_that_failed_says_why():
    (found,) = [one for one in table(RECORDED["rows"]).splitlines() if "failed" in one]
    assert found.startswith("| libRoadRunner | failed: ModuleNotFoundError: No module named")
    assert "**Failed: libRoadRunner.**" in summary(RECORDED["rows"])


def test_every_line_of_the_table_has_the_same_cells():
    counts = {one.count("|") for one in table(RECORDED["rows"]).splitlines()}
    assert counts == {8}


def test_the_page_says_on_which_machine():
    text = page(RECORDED)
    for said in ("Processor of the test, 2 cores", "Debian of the test", "commit abc1234"):
        assert said in text
    assert "median of 11 rounds" in text


def test_the_verdict_goes_into_the_json():
    row = Row("threads", "Two threads", (Figure("threads", "one / two", 1.6),)).as_json()
    assert row["figures"][0]["met"] == "missed"
    assert json.loads(json.dumps(row)) == row


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (None, ""), (2.345, "2.35"), (0.0123, "0.0123"), (999.0, "999"),
     (12345.6, "12,346"), (3e-13, "3.0e-13"), (-0.5, "-0.5")],
)  # fmt: skip
def test_numbers_have_three_digits(value, text):
    assert number(value) == text


def test_ways_take_turns_after_a_round_that_does_not_count():
    calls = []
    taken = in_turns({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, rounds=3)
    assert calls == ["a", "b"] * 4
    assert [len(one.seconds) for one in taken.values()] == [3, 3]


def test_a_ratio_is_that_of_medians_with_the_spread_of_rounds():
    found = ratios(Timing((2.0, 4.0, 12.0)), Timing((1.0, 2.0, 3.0)))
    assert found == {"min": 2.0, "median": 2.0, "max": 4.0, "n": 3}
    assert Timing((2.0, 4.0, 12.0)).spread(per=2.0)["max"] == 6.0
