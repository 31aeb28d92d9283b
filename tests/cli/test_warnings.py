"""What a run converts or extrapolates is said once, on standard error."""

from pathlib import Path

import pytest

SCENARIO = """
title = "Film"
model = "simons2022"
horizon = "2 h"
outcomes = ["ketamine"]
subject = { weight = "15 kg" }
[[regimens]]
name = "Film"
route = "sublingual"
dose = "57.7 mg"
form = "hydrochloride"
drug = "esketamine"
every = "1 h"
times = 2
"""
EVENTS = """ID,TIME,EVID,CMT,AMT,FORM,WT
1,0,1,iv,10,hydrochloride,15
1,1,1,iv,10,hydrochloride,15
"""


def test_compare_says_each_warning_once(kpksim):
    Path("film.toml").write_text(SCENARIO)
    answer = kpksim("compare", "film.toml", "-o", "out")
    *warnings, last = answer.err.splitlines()
    assert (answer.status, last) == (0, "Wrote out/report.html")
    assert [line.split(" ", 3)[:3] for line in warnings] == [
        ["Warning:", "Doses", "of"],
        ["Warning:", "The", "range"],
    ]
    assert "each milligram is taken as 0.867 mg of base" in warnings[0]
    assert "53 kg to 93 kg, got 15 kg" in warnings[1]
    report = Path("out", "report.html").read_text()
    assert report.count("got 15 kg: what it gives there is extrapolated.") == 1


@pytest.mark.parametrize("output", [[], ["-o", "out.csv"]])
def test_simulate_says_each_warning_once_and_not_in_the_result(kpksim, output):
    Path("events.csv").write_text(EVENTS)
    answer = kpksim("simulate", "--model", "simons2022", "--events", "events.csv", *output)
    warnings = [line for line in answer.err.splitlines() if line.startswith("Warning: ")]
    assert [line.split(": ")[2] for line in warnings] == [
        "line 2, column FORM",
        "line 2, column WT",
    ]
    assert "Warning" not in answer.out


def test_the_card_of_a_model_of_children_says_for_whom_it_is_not(kpksim):
    text = Path(__file__).parent.parent.joinpath("models", "both_sites.toml").read_text()
    Path("mine.toml").write_text(text.replace('"adults"', '"children"'))
    card = kpksim("models", "mine.toml").out
    assert "children; regimens and effects here are of adults" in card
    assert "regimens and effects" not in kpksim("models", "otto2021").out
