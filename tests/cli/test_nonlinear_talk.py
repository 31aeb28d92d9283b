"""What the command line says of a model that is not linear."""

import json
from pathlib import Path

MODEL = Path(__file__).parents[1] / "models" / "induced.toml"
SCENARIO = """title = "Induced"
model = "{model}"
horizon = "12 h"
outcomes = ["ketamine"]
[[regimens]]
name = "IV"
route = "iv"
dose = "35 mg"
[population]
n = 20
seed = 1
"""


def test_the_card_shows_saturable_flows_and_enzymes(kpksim):
    lines = [" ".join(line.split()) for line in kpksim("models", MODEL).out.splitlines()]
    for expected in (
        "central -> central_nk (fm) vmax vmax, km km",
        "central -> out of the body clearance cl, enzyme cyp",
        "central <-> peripheral1 clearance q",
        "central induces cyp turnover kenz, emax emax, ec50 ec50",
        "km 300 ng/mL assumed D user",
    ):
        assert expected in lines


def test_the_record_holds_saturable_flows_and_enzymes(kpksim):
    record = json.loads(kpksim("models", MODEL, "--json").out)
    assert record["flows"][3]["vmax"] == "vmax"
    assert record["flows"][3]["km"] == "km"
    assert [one["inducer"] for one in record["enzymes"]] == ["central"]


def test_a_comparison_of_many_people_says_once_that_it_takes_long(kpksim, tmp_path):
    (tmp_path / "many.toml").write_text(SCENARIO.format(model=MODEL))
    answer = kpksim("compare", "many.toml", "-o", "out")
    assert answer.status == 0
    assert answer.err.count("induced: not a linear model, so every person is integrated") == 1
    few = SCENARIO.format(model=MODEL).replace("n = 20", "n = 2")
    (tmp_path / "few.toml").write_text(few)
    assert "not a linear model" not in kpksim("compare", "few.toml", "-o", "few").err


def test_an_event_table_of_many_subjects_says_so_too(kpksim, tmp_path):
    rows = [f"{k},0,1,iv,10\n{k},1,0,0,0" for k in range(1, 21)]
    (tmp_path / "events.csv").write_text("\n".join(["ID,TIME,EVID,CMT,AMT", *rows]) + "\n")
    answer = kpksim("simulate", "--model", MODEL, "--events", "events.csv")
    assert len(answer.out.splitlines()) == 41
    assert answer.err.count("induced: not a linear model") == 1
