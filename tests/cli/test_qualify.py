"""kpksim qualify: what it makes, what it says, what it refuses."""

import re
from pathlib import Path

import pandas as pd
import pytest

import kpksim as kp

OTTO = (Path(kp.__file__).parent / "library" / "models" / "otto2021.toml").read_text()


def test_one_model_is_compared_and_the_place_of_the_report_is_said(kpksim, tmp_path):
    answer = kpksim("qualify", "--model", "otto2021", "-o", "out")
    assert (answer.status, answer.out) == (0, "")
    assert answer.err == "Wrote out/report.html\n"
    table = pd.read_csv(tmp_path / "out" / "ratios.csv")
    assert set(table["model"]) == {"otto2021"}
    assert "kpksim qualify --model otto2021 -o out" in (tmp_path / "out/report.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--model", "oto2021"], 'no model "oto2021"; did you mean "otto2021"?'),
        (["--model", "mine.toml"], "mine.toml: no such file"),
        (["--model", "otto2021", "--model", "otto2021"], 'two models have the name "otto2021"'),
    ],
)
def test_a_wrong_model_is_one_message_and_nothing_is_left(kpksim, tmp_path, arguments, said):
    answer = kpksim("qualify", *arguments, "-o", "out")
    assert (answer.status, answer.out) == (1, "")
    assert said in answer.err
    assert answer.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_files_is_refused_before_the_work(kpksim, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    answer = kpksim("qualify", "-o", "out")
    assert answer.status == 1
    assert "holds files that are no results of kpksim" in answer.err


def test_no_folder_is_a_wrong_usage(kpksim):
    assert kpksim("qualify").status == 2


def test_the_card_of_a_model_says_for_which_routes_and_analytes_it_is_fit(kpksim):
    kpksim("qualify", "--model", "otto2021", "-o", "out")
    table = pd.read_csv("out/summary.csv").query("by == 'route and analyte' and part == 'levels'")
    card = kpksim("models", "otto2021").out.splitlines()
    start = next(k for k, line in enumerate(card) if line.startswith("Against observations"))
    told = [re.split(r" {2,}", line) for line in card[start + 2 :] if line.startswith("IV")]
    rows = table.set_index(["analyte", "used"])
    foreign, own = (rows.loc[("ketamine", use)] for use in ("qualification", "evaluation"))
    assert told[0] == ["IV", "Ketamine", *(f"{r.verdict:g}-fold ({r.n})" for r in (foreign, own))]
    assert card[-1].endswith("kpksim qualify --model otto2021 -o DIR")


def test_the_card_of_a_model_of_ones_own_names_its_file_and_that_nothing_fits(kpksim):
    Path("my model.toml").write_text(
        OTTO.replace('"iv"', '"sc"').replace('"otto2021"', '"mine"', 1)
    )
    answer = kpksim("models", "my model.toml")
    assert answer.status == 0, answer.err
    assert "compared with none" in answer.out
    assert "kpksim qualify --model 'my model.toml' -o DIR" in answer.out


def test_the_card_of_a_model_that_is_slow_gives_the_command_alone(kpksim):
    answer = kpksim("models", Path(__file__).parents[1] / "models" / "induced.toml")
    assert answer.status == 0, answer.err
    assert "the fold within which" not in answer.out
    assert answer.out.splitlines()[-1].startswith("Against observations: kpksim qualify --model")
