"""kpksim qualify: what it makes, what it says, what it refuses."""

import pandas as pd
import pytest


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
