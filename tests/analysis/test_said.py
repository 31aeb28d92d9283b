"""Statements of studies that gave the same doses stand beside the curves of a comparison."""

import json

import pytest

import kpksim as kp
from kpksim.analysis import compare, parse_scenario
from kpksim.analysis.said import studies_say
from kpksim.evidence import load_study
from kpksim.plots import effects_days
from kpksim.plots.statements import statements_of
from kpksim.report.statements import statement_groups

SCENARIO = """
title    = "Two"
model    = "reference_racemic_2026a"
horizon  = "21 d"
outcomes = ["ketamine", "anxiety", "dissociation", "sbp"]
[[regimens]]
name  = "Weekly"
route = "sc"
dose  = "1 mg/kg"
every = "7 d"
times = 14
[[regimens]]
name  = "Unheard of"
route = "sc"
dose  = "0.77 mg/kg"
"""


@pytest.fixture(scope="module")
def result():
    return compare(parse_scenario(SCENARIO, "two.toml")).result


def test_only_studies_of_the_same_doses_are_heard():
    found = studies_say({
        "A": kp.infusion("0.5 mg/kg", over="40 min").sentence(),
        "B": kp.infusion("0.5 mg/kg", over="41 min").sentence(),
    })  # fmt: skip
    assert {row["regimen"] for row in found} == {"A"}
    assert {row["study"] for row in found} >= {"taylor2018", "zarate2012", "murrough2015"}
    assert "glue2017" not in {row["study"] for row in found}


def test_what_no_curve_can_be_held_against_is_left_out():
    found = {row["statement"] for row in studies_say({"A": "0.5 mg/kg IV over 40 min, once"})}
    unused = {one.id for one in load_study("taylor2018").statements if one.reading == "not used"}
    assert unused
    assert not unused & found


def test_a_comparison_carries_the_statements_and_cites_their_studies(result):
    rows = json.loads(result.attrs["statements"])
    assert {row["regimen"] for row in rows} == {"Weekly"}
    assert "glue2018" in result.attrs["citations"].split()
    (peak,) = [row for row in statements_of(result, "sbp") if row["value"] is not None]
    assert (peak["value"], peak["unit"], peak["hours"]) == (10.0, "mmHg", [0.5])


def test_the_report_lists_statements_by_regimen_and_outcome_in_order_of_time(result):
    groups = statement_groups(result)
    assert {group.place for group in groups} == {0}
    assert [group.about for group in groups] == ["Anxiety", "Dissociation", "Systolic rise"]
    anxiety = groups[0].rows
    assert any("50 %" in row.says for row in anxiety)
    assert len(anxiety) == len(statements_of(result, "anxiety"))
    assert all(row.study in result.attrs["citations"] for row in anxiety)


def test_marks_lie_at_the_numbers_and_the_rest_at_the_foot(result):
    ax = effects_days(result).axes[0]
    marks = [line for line in ax.lines if line.get_label() == "_statement"]
    at_value = [line for line in marks if line.get_transform() == ax.transData]
    assert [float(line.get_ydata()[0]) for line in at_value] == [-50.0]
    assert len(marks) > len(at_value)
    assert all(0.0 < line.get_ydata()[0] < 1.0 for line in marks if line not in at_value)


def test_no_study_is_heard_of_a_body_that_another_drug_changes():
    text = SCENARIO.replace("times = 14\n", "times = 14\nfactors = { cl_s = 0.5 }\n", 1)
    text = text.replace("reference_racemic_2026a", "reference_racemic_2026b")
    found = compare(parse_scenario(text, "two.toml")).result
    assert json.loads(found.attrs["statements"]) == []


def test_a_mean_pressure_is_no_change_of_pressure():
    rows = studies_say({"A": "1 mg/kg SC, 14 weekly doses"})
    numbers = {(row["outcome"], row["type"]) for row in rows if row["value"] is not None}
    assert ("dissociation", "mean") in numbers
    assert not {kind for outcome, kind in numbers if outcome in ("sbp", "dbp")} - {"mean change"}
