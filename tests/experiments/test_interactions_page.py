"""The page of interactions in docs/ says what the library gives now."""

import pandas as pd
import pytest

from experiments.command import TOP
from experiments.interactions import run
from experiments.interactions.page import fold_errors, page, verdict
from kpksim.analysis.interactions import interaction_table
from kpksim.library import load_model


def test_the_page_of_docs_is_the_current_one():
    current = page(interaction_table(load_model(run.MODEL)), run.MODEL)
    assert (TOP / "docs" / "interactions.md").read_text(encoding="utf-8") == current


def test_fold_errors_count_the_same_up_and_down_and_used_ratios_are_no_predictions():
    table = pd.DataFrame(
        {
            "predicted": [1.0, 2.0, 3.0, 1.0],
            "observed": [2.0, 1.0, 2.5, 1.0],
            "used": [False, False, False, True],
        }
    )
    assert fold_errors(table).tolist() == pytest.approx([2.0, 2.0, 1.2, 1.0])
    assert "Of 3 predictions 1 lie within 1.25-fold and 1 within 1.5-fold" in verdict(table)


def test_a_run_leaves_a_page_and_a_figure(tmp_path, capsys):
    assert run.main(["-o", str(tmp_path)]) == 0
    assert (tmp_path / "interactions.svg").read_text().startswith("<svg")
    assert str(tmp_path / "interactions.md") in capsys.readouterr().out
