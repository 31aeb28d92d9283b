"""Predicted ratios of interactions, and scenarios that name one."""

import pytest

from kpksim.analysis import compare, parse_scenario
from kpksim.analysis.interactions import interaction_table
from kpksim.errors import KpksimError
from kpksim.library import load_interaction, load_model

MODEL = load_model("perezruixo2021")
EXTRACTION = 391.88 / (151.0 + 391.88)
SCENARIO = """
title    = "Two"
model    = "perezruixo2021"
horizon  = "24 h"
outcomes = ["ketamine"]
[[regimens]]
name  = "Alone"
drug  = "esketamine"
route = "oral"
dose  = "14 mg"
[[regimens]]
name  = "Both"
drug  = "esketamine"
route = "oral"
dose  = "14 mg"
{change}
"""


@pytest.fixture(scope="module")
def table():
    return interaction_table(MODEL)


def test_areas_to_infinity_are_those_of_the_well_stirred_liver(table):
    rows = table[(table["what"] == "ketamine auc") & (table["source"] != "noppers2011")]
    for row in rows.itertuples():
        factors = load_interaction(row.interaction).factors
        hepatic = factors["hepatic clearance"]
        gut = factors.get("gut availability", 1.0)
        expected = gut / hepatic if row.route == "oral" else (1 - EXTRACTION) / hepatic + EXTRACTION
        assert row.predicted == pytest.approx(expected, rel=1e-6)


def test_a_liver_alone_leaves_the_area_of_norketamine_as_it_is(table):
    row = table[(table["interaction"] == "st_johns_wort") & (table["what"] == "norketamine auc")]
    assert row["predicted"].item() == pytest.approx(1.0, rel=1e-9)


def test_every_ratio_has_a_prediction_a_source_and_a_grade(table):
    assert len(table) == 20
    assert (table["predicted"] > 0.0).all()
    assert set(table["grade"]) <= {"A", "B"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('under = "ticlopidine"', "Both: hepatic clearance x 0.417 (Ticlopidine"),
        ('factors = { "hepatic clearance" = 0.417 }', "Both: hepatic clearance x 0.417."),
    ],
)
def test_a_regimen_under_an_interaction_is_computed_in_the_changed_body(change, said):
    found = compare(parse_scenario(SCENARIO.format(change=change), "two.toml"))
    area = found.summary[found.summary["metric"] == "auc_inf"].set_index("regimen")["value"]
    assert area["Both"] / area["Alone"] == pytest.approx(1 / 0.417, rel=1e-6)
    assert said in found.result.attrs["warnings"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ('under = "aspirin"', r'two.toml: regimens.2 \("Both"\): no interaction "aspirin"'),
        ('under = "rifampicin"\nfactors = { cl = 2.0 }', 'give either "under" .* or "factors"'),
        ("factors = { liver = 2.0 }", 'regimen "Both": no process or parameter'),
        ('factors = { "gut availability" = 2.0 }', 'regimen "Both": .*at most 1'),
    ],
)
def test_a_change_that_cannot_be_made_is_refused_by_name(change, message):
    with pytest.raises(KpksimError, match=message):
        compare(parse_scenario(SCENARIO.format(change=change), "two.toml"))
