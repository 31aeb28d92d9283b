"""The report of several models: how far the papers disagree stands first, in figure and table."""

import re

import pytest

from kpksim.analysis import compare, parse_scenario
from kpksim.report import render, write

TEXT = """
title    = "Three papers"
models   = ["otto2021", "simons2022", "kamp2020"]
horizon  = "6 h"
outcomes = ["ketamine", "norketamine"]
[[regimens]]
name  = "IV"
route = "iv"
dose  = "35 mg"
over  = "40 min"
drug  = "as the model"
[population]
n = 30
seed = 2
[uncertainty]
n = 20
seed = 4
"""


@pytest.fixture(scope="module")
def found():
    return compare(parse_scenario(TEXT, "three.toml"), keep_draws=True)


@pytest.fixture(scope="module")
def several(found):
    return render(found, command="kpksim compare three.toml", config_name="three.toml")


def test_the_page_says_how_many_models_and_draws(several):
    assert "A comparison of 1 regimen in 3 models over 6 h." in several
    assert "30 simulated people, seed 2; 20 draws of uncertain parameters, seed 4" in several


def test_the_spread_stands_before_the_curves(several):
    heads = re.findall(r'<h2 id="figure-\d+">(.*?)</h2>', several)
    assert heads[:3] == [
        "Ketamine: do the papers agree?", "S-norketamine: do the papers agree?", "Ketamine",
    ]  # fmt: skip


def test_the_table_of_the_split_has_its_rows_and_numbers(several, found):
    first = several[several.index('class="long split"') :]
    first = first[: first.index("</table>")]
    assert re.findall(r"<small>(.*?)</small></th>\n", first)[-2:] == [
        "all 3 models", "2 models: arterial",
    ]  # fmt: skip
    rows = found.spread.set_index(["quantity", "metric", "group", "source"]).sort_index()
    papers = rows.loc[("ketamine", "cmax", "all models", "papers")]
    assert f">{papers.share:.0f}</td>" in first
    assert f"{papers.lowest:.0f}\N{EN DASH}{papers.highest:.0f} ng/mL" in first


def test_a_page_of_one_model_has_no_split(comparison):
    page = render(comparison, command="", config_name="c")
    assert "do the papers agree" not in page
    assert 'class="long split"' not in page


def test_everything_is_written_and_replaced(found, tmp_path):
    for force in (False, True):
        write(found, tmp_path / "out", command="", config_name="three.toml", force=force)
    names = sorted(file.name for file in (tmp_path / "out").iterdir())
    assert names == [
        "draws.nc", "figures", "report.html", "results.nc", "spread.csv", "summary.csv",
    ]  # fmt: skip
    assert (tmp_path / "out" / "figures" / "spread_norketamine.png").exists()
