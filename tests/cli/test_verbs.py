"""What each verb gives on good requests, where it goes and with which exit status."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

import kpksim as kp
from kpksim.library import resolve_alias
from kpksim.models.diagram import draw

EVENTS = """ID,TIME,EVID,CMT,AMT,RATE
1,0,1,central,35,52.5
1,0.6666666666666667,0,0,0,0
1,4,0,0,0,0
2,0,1,central,10,0
2,4,0,0,0,0
"""


def run(*arguments: str, **options) -> subprocess.CompletedProcess:
    """Run the program in a process of its own."""
    command = [sys.executable, "-c", "from kpksim.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, **options)


def seconds_of_children() -> float:
    """Give the processor time of all processes that were run and have ended [s]."""
    times = os.times()
    return times.children_user + times.children_system


def test_help_comes_at_once():
    spent = []
    for _ in range(3):
        start = seconds_of_children()
        assert run("--help").returncode == 0
        spent.append(seconds_of_children() - start)
    assert min(spent) < 0.4


def test_help_needs_no_numerics():
    program = "import sys, kpksim.cli; print({'numpy', 'rich', 'pandas'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert answer.stdout.strip() == "set()"


def test_the_version_is_that_of_the_package(kpksim):
    answer = kpksim("--version")
    assert (answer.status, answer.out) == (0, f"kpksim {kp.__version__}\n")


def test_no_verb_gives_help_and_the_status_of_wrong_usage(kpksim):
    answer = kpksim()
    assert answer.status == 2
    assert "compare" in answer.out + answer.err


def test_an_unknown_verb_suggests_the_nearest(kpksim):
    answer = kpksim("comapre")
    assert answer.status == 2
    assert "Did you mean 'compare'?" in answer.err


def test_a_missing_option_is_wrong_usage(kpksim):
    answer = kpksim("compare", "scenario.toml")
    assert answer.status == 2
    assert "--output" in answer.err


def test_an_interrupt_ends_quietly(kpksim, monkeypatch):
    def interrupted(path):
        raise KeyboardInterrupt

    monkeypatch.setattr("kpksim.analysis.read_scenario", interrupted)
    answer = kpksim("compare", "scenario.toml", "-o", "out")
    assert (answer.status, answer.out) == (130, "")
    assert "Traceback" not in answer.err


def test_a_full_disk_is_one_message(kpksim, monkeypatch):
    def full(path):
        raise OSError(28, "No space left on device", "results.nc")

    monkeypatch.setattr("kpksim.analysis.read_scenario", full)
    answer = kpksim("compare", "scenario.toml", "-o", "out")
    assert (answer.status, answer.err) == (1, "kpksim: results.nc: no space left on device\n")


def test_a_reader_that_stops_early_gets_no_traceback():
    program = f"{sys.executable} -c 'from kpksim.cli import main; main()' models | head -c 1"
    answer = subprocess.run(program, shell=True, capture_output=True, text=True)
    assert (answer.stdout, answer.stderr) == ("k", "")


def test_the_list_of_models_has_one_line_for_each(kpksim):
    lines = kpksim("models").out.splitlines()
    assert lines[0].split()[0] == "key"
    assert [line.split()[0] for line in lines[1:]] == kp.list_models()


def test_the_list_of_models_as_json_says_the_same(kpksim):
    records = json.loads(kpksim("models", "--json").out)
    assert [record["key"] for record in records] == kp.list_models()
    assert {record["grade"] for record in records} <= {"A", "B", "D"}


def test_a_model_shows_every_number_with_its_source(kpksim):
    model = kp.load_model("otto2021")
    card = kpksim("models", "otto2021").out
    for name, parameter in model.parameters.items():
        line = next(one for one in card.splitlines() if one.startswith(f"{name} "))
        assert parameter.text in line
        assert parameter.where in line
    assert "central <-> peripheral1" in card
    assert "doi:10.1007/s00228-021-03104-1" in card
    assert not set(card) & set("─│┏┃╭")


def test_a_model_shows_its_structure_and_every_spread_with_its_source(kpksim):
    lines = kpksim("models", "perezruixo2021").out.splitlines()
    drawing = lines[lines.index("Structure") + 1 : lines.index("Doses and flows") - 4]
    assert drawing == draw(kp.load_model("perezruixo2021"))
    doses = [" ".join(one.split()) for one in lines if one.startswith("  dose ")]
    assert doses == [
        "dose iv -> central",
        "dose intranasal -> depot_nasal share 28 mg frn, 56 mg frn_2, 84 mg frn_3",
        "dose intranasal -> depot_swallowed share rest, bioavailability fgut, duration d_swallowed",
        "dose oral -> depot_oral bioavailability fgut, duration d_oral",
    ]
    (kel,) = [one for one in lines if one.startswith("kel ") and " people " in one]
    assert "omega2 0.892 (log)" in kel
    assert "B      perezruixo2021: table 3, inter-individual variability of kel, 120 %" in kel
    (residual,) = [one for one in lines if one.startswith("norketamine ") and "scale" in one]
    assert "0.422 on the log scale" in residual
    (ancestry,) = [one for one in lines if one.startswith("ancestry ")]
    assert "other, asian, japanese" in ancestry
    assert "frn (japanese x 1.34)" in ancestry
    (age,) = [one for one in lines if one.startswith("age ") and one.endswith(" qh")]
    assert "45 year" in age
    evaluated = lines[lines.index("Evaluated") + 1]
    assert evaluated.startswith("- perezruixo2021, table 4")


def test_a_model_shows_covariances_exponents_and_spread_between_doses(kpksim):
    otto, simons = (kpksim("models", key).out for key in ("otto2021", "simons2022"))
    assert "vc, cl        people   covariance 0.02261    B " in otto
    assert "vc^1, cl^0.75, vc_nk^1, cl_nk^0.75" in otto
    (line,) = [
        one for one in simons.splitlines() if one.startswith("d_swallowed ") and "doses" in one
    ]
    assert "omega2 0.611 (log)" in line
    assert "10.2 % + 0.058 nmol/mL" in simons


def test_a_model_as_json_says_where_spreads_come_from(kpksim):
    record = json.loads(kpksim("models", "otto2021", "--json").out)
    first = record["variability"][0]
    assert (first["parameters"], first["grade"], first["source"]) == (["vc", "cl"], "B", "otto2021")
    assert first["omega"] == [[0.084177, 0.02261], [0.02261, 0.026048]]
    assert first["where"].startswith("table 3")
    assert record["parameters"]["cl"]["iiv"]["omega2"] == 0.026048
    assert record["parameters"]["cl"]["iiv"]["where"] == first["where"]
    assert record["residual"]["ketamine"]["proportional"] == 0.23609
    assert record["residual"]["ketamine"]["grade"] == "B"
    assert record["covariates"]["weight"]["reference"] == "70 kg"
    assert len(record["evaluated"]) == 3
    record = json.loads(kpksim("models", "simons2022", "--json").out)
    assert record["parameters"]["mtt_nk"]["iov"]["omega2"] == 0.751


def test_a_model_as_json_holds_the_same_numbers(kpksim):
    record = json.loads(kpksim("models", "otto2021", "--json").out)
    assert record["parameters"]["cl"]["text"] == "95.2 L/h"
    assert record["parameters"]["cl"]["value"] == 95.2
    assert len(record["compartments"]) == len(kp.load_model("otto2021").compartments)


def test_a_model_says_whom_it_is_about_and_what_its_numbers_are(kpksim):
    lines = kpksim("models", "perezruixo2021").out.splitlines()
    facts = dict(line.split("  ", 1) for line in lines[3:14] if "  " in line)
    facts = {name: text.strip() for name, text in facts.items()}
    assert facts["people"] == "adults"
    assert facts["weight"] == "39 kg to 170 kg"
    assert facts["clearance"] == "a clearance from blood (CL)"
    assert facts["metabolites"].startswith("parent-equivalent mass")
    record = json.loads(kpksim("models", "perezruixo2021", "--json").out)
    said = [record[key] for key in ("people", "clearance", "metabolite_mass")]
    assert said == ["adults", "true", "parent"]
    assert record["covariates"]["weight"]["range"] == ["39 kg", "170 kg"]


def test_a_model_of_both_hands_and_vessels_says_so_in_a_word(kpksim):
    said = {row["key"]: row["analytes"] for row in json.loads(kpksim("models", "--json").out)}
    whole = "ketamine, norketamine, hydroxynorketamine, dehydronorketamine"
    assert said["reference_racemic_2026b"] == f"{whole}; also S and R, arterial"
    assert said["reference_racemic_2026a"] == whole


def test_an_alias_shows_the_model_that_it_stands_for(kpksim):
    record = json.loads(kpksim("models", "reference_racemic", "--json").out)
    assert record["key"] == resolve_alias("reference_racemic")


def test_cite_gives_one_line_per_source_and_none_twice(kpksim):
    lines = kpksim("cite", "otto2021", "simons2022", "otto2021").out.splitlines()
    assert sum("10.1007/s00228-021-03104-1" in line for line in lines) == 1
    assert len(lines) == len(set(lines)) >= 2


def test_cite_gives_the_same_as_json(kpksim):
    lines = kpksim("cite", "reference_racemic").out.splitlines()
    assert list(json.loads(kpksim("cite", "reference_racemic", "--json").out).values()) == lines


def test_simulate_gives_one_line_per_record_in_the_order_of_the_file(kpksim):
    Path("events.csv").write_text(EVENTS)
    answer = kpksim("simulate", "--model", "otto2021", "--events", "events.csv")
    table = pd.read_csv(io.StringIO(answer.out))
    assert list(table.columns[:3]) == ["ID", "TIME", "EVID"]
    assert table["ID"].tolist() == [1, 1, 1, 2, 2]
    assert table["TIME"].tolist() == [0.0, 0.6666666667, 4.0, 0.0, 4.0]
    infusion = kp.infusion("35 mg", over="40 min", drug="esketamine")
    expected = kp.simulate(kp.load_model("otto2021"), infusion, [2 / 3, 4.0])
    np.testing.assert_allclose(table["ketamine"][1:3], expected["ketamine"], rtol=1e-6)


def test_simulate_reads_standard_input():
    answer = run("simulate", "--model", "otto2021", "--events", "-", input=EVENTS)
    assert answer.returncode == 0, answer.stderr
    assert len(answer.stdout.splitlines()) == 6


def test_simulate_writes_the_same_as_csv_and_netcdf(kpksim, tmp_path):
    Path("events.csv").write_text(EVENTS)
    for name in ("out.csv", "out.nc"):
        ask = ("simulate", "--model", "otto2021", "--events", "events.csv", "-o", name)
        assert kpksim(*ask).out == ""
    table = pd.read_csv("out.csv")
    with xr.open_dataset("out.nc", engine="h5netcdf") as data:
        np.testing.assert_allclose(data["ketamine"], table["ketamine"], rtol=1e-9)
    assert {entry.name for entry in tmp_path.iterdir()} == {"events.csv", "out.csv", "out.nc"}


def test_the_starter_scenario_gives_every_file_and_talks_without_progress_in_a_pipe(tmp_path):
    terminal = os.environ | {"TERM": "xterm-256color"}
    assert run("init", cwd=tmp_path).returncode == 0
    answer = run("compare", "scenario.toml", "-o", "results/first", cwd=tmp_path, env=terminal)
    assert (answer.returncode, answer.stdout) == (0, "")
    assert answer.stderr == "Wrote results/first/report.html\n"
    results = tmp_path / "results"
    assert [entry.name for entry in results.iterdir()] == ["first"]
    made = {entry.name for entry in (results / "first").iterdir()}
    assert made == {"report.html", "summary.csv", "results.nc", "figures"}


def test_a_scenario_from_standard_input_with_every_person_kept(tmp_path):
    scenario = """
        title = "Ten people"
        model = "reference_racemic_2026a"
        horizon = "1 h"
        outcomes = ["ketamine"]
        population = { n = 10, seed = 1 }
        [[regimens]]
        name = "SC"
        route = "sc"
        dose = "35 mg"
    """
    answer = run("compare", "-", "-o", "out", "--keep-people", cwd=tmp_path, input=scenario)
    assert answer.returncode == 0, answer.stderr
    with xr.open_dataset(tmp_path / "out" / "people.nc", engine="h5netcdf") as people:
        assert people.sizes["subject"] == 10


def test_a_scenario_with_every_draw_kept(tmp_path):
    scenario = """
        title = "Ten draws"
        model = "simons2022"
        horizon = "1 h"
        outcomes = ["ketamine"]
        uncertainty = { n = 10 }
        [[regimens]]
        name = "IV"
        route = "iv"
        dose = "35 mg"
        drug = "as the model"
    """
    answer = run("compare", "-", "-o", "out", "--keep-draws", cwd=tmp_path, input=scenario)
    assert answer.returncode == 0, answer.stderr
    with xr.open_dataset(tmp_path / "out" / "draws.nc", engine="h5netcdf") as draws:
        assert draws.sizes["draw"] == 10
    assert (tmp_path / "out" / "spread.csv").read_text().startswith("regimen,group,quantity")
