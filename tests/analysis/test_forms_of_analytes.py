"""Enantiomers and arterial plasma in a comparison: curves, labels, numbers, figures, report."""

from pathlib import Path

import numpy as np
import pytest

import kpksim as kp
from kpksim.analysis import compare
from kpksim.analysis.scenario import parse_scenario
from kpksim.analysis.side_by_side import side_by_side
from kpksim.errors import DataError
from kpksim.plots.catalogue import available
from kpksim.plots.style import WIDTHS
from kpksim.report.page import render
from kpksim.report.tables import exposure_table, summary_table

MODELS = Path(__file__).parent.parent / "models"
TEXT = """
title = "Enantiomers and sites"
model = "{model}"
horizon = "12 h"
outcomes = {outcomes}
[[regimens]]
name = "Racemate"
route = "iv"
dose = "35 mg"
[[regimens]]
name = "Esketamine"
route = "iv"
dose = "17.5 mg"
drug = "esketamine"
"""


def run(model, *outcomes, people=""):
    names = str(list(outcomes)).replace("'", '"')
    text = TEXT.format(model=model, outcomes=names) + people
    return compare(parse_scenario(text, "test.toml", folder=MODELS))


@pytest.fixture(scope="module")
def two_sites():
    people = "[population]\nn = 20\nseed = 1\nweight_cv = 0.1\n"
    return run("both_sites.toml", "ketamine_s", "ketamine_arterial", people=people)


def test_enantiomers_of_a_chiral_model_are_compared_by_the_closed_form():
    """17.5 mg of S in 10 L, falling at 1 1/h, from 35 mg racemate and 17.5 mg esketamine alike."""
    result = run("chiral.toml", "ketamine", "ketamine_s").result
    expected = 1750.0 * np.exp(-result.time.to_numpy())
    for regimen in ("Racemate", "Esketamine"):
        np.testing.assert_allclose(result["ketamine_s"].sel(regimen=regimen), expected, rtol=1e-11)
    both = expected + 1750.0 * np.exp(-0.8 * result.time.to_numpy())
    np.testing.assert_allclose(result["ketamine"].sel(regimen="Racemate"), both, rtol=1e-11)


def test_labels_and_sites_name_enantiomer_and_blood(two_sites):
    s, arterial = (two_sites.result[name].attrs for name in ("ketamine_s", "ketamine_arterial"))
    assert (s["long_name"], s["site"]) == ("S-ketamine in plasma", "venous")
    assert (arterial["long_name"], arterial["site"]) == ("Ketamine in arterial plasma", "arterial")
    people = two_sites.result["ketamine_arterial_people"].attrs
    assert people["long_name"] == "Ketamine in arterial plasma"


def test_the_summary_holds_what_was_asked(two_sites):
    table = two_sites.summary
    assert table.quantity.unique().tolist() == ["ketamine_s", "ketamine_arterial"]
    asked = (table.regimen == "Racemate") & (table.quantity == "ketamine_arterial")
    row = table[asked & (table.metric == "auc_inf")]
    assert float(row.value.iloc[0]) == pytest.approx(35_000.0 / (5.0 * 6.0), rel=1e-9)


@pytest.mark.parametrize("width", WIDTHS)
def test_figures_have_a_panel_on_both_axes_for_each_form(two_sites, width):
    (kind,) = available(two_sites.result)
    assert kind.name == "concentrations"
    figure = kind.draw(two_sites.result, width=width)
    scales = [(ax.get_title(loc="left"), ax.get_yscale()) for ax in figure.axes]
    words = ("S-ketamine in plasma", "Ketamine in arterial plasma")
    short = ("S-ketamine", "Arterial ketamine")
    shown = short if WIDTHS[width].columns == 1 else words
    assert sorted(scales) == sorted((name, scale) for name in shown for scale in ("linear", "log"))
    timed = [ax.get_xlabel() for ax in figure.axes if ax.get_xlabel()]
    assert len(timed) == WIDTHS[width].columns
    assert "S-ketamine in plasma" in kind.label(two_sites.result)


def test_the_report_names_them_in_its_tables(two_sites):
    heads = [column.head for column in summary_table(two_sites).columns]
    assert heads == ["S-ketamine Cmax", "Tmax", "AUC 0–∞", "Arterial ketamine Cmax"]  # noqa: RUF001
    titles = [block.title for block in exposure_table(two_sites).blocks]
    assert titles == ["S-ketamine in plasma, ng/mL", "Ketamine in arterial plasma, ng/mL"]
    page = render(two_sites, command="kpksim compare test.toml", config_name="test.toml")
    assert page.count('<h2 id="exposure">') == 1


def test_an_effect_takes_the_venous_output_of_a_model_with_both():
    shown = run("both_sites.toml", "ketamine", "sbp").result
    model = kp.load_model(MODELS / "both_sites.toml")
    alone = kp.simulate(model, kp.bolus("35 mg"), shown.time.to_numpy()[1:], outcomes=["sbp"])
    np.testing.assert_allclose(shown["sbp"].sel(regimen="Racemate")[1:], alone["sbp"], rtol=1e-6)


def test_arketamine_may_be_compared_without_effects_only():
    text = TEXT.replace("esketamine", "arketamine").replace("Esketamine", "Arketamine")
    asked = text.format(model="both_sites.toml", outcomes='["ketamine", "sbp"]')
    with pytest.raises(DataError, match=r'regimen "Arketamine": "sbp" cannot .* of arketamine'):
        compare(parse_scenario(asked, "test.toml", folder=MODELS))
    asked = asked.replace(', "sbp"', "")
    result = compare(parse_scenario(asked, "test.toml", folder=MODELS)).result
    assert float(result["ketamine"].sel(regimen="Arketamine").max()) > 0.0
    assert result.attrs["warnings"] == ""


SITES = """
title = "Two papers"
models = ["otto2021", "simons2022"]
horizon = "4 h"
outcomes = ["ketamine"]
[subject]
weight = "{weight}"
[[regimens]]
name = "Infusion"
route = "iv"
dose = "20 mg"
over = "20 min"
drug = "esketamine"
"""


def test_models_of_two_sites_share_a_panel_that_names_both():
    attrs = compare(parse_scenario(SITES.format(weight="70 kg"), "t.toml")).result["ketamine"].attrs
    assert attrs["long_name"] == "S-ketamine in plasma, venous and arterial"
    assert attrs["site"] == "venous, arterial"


@pytest.mark.parametrize(
    ("keys", "label"),
    [
        (("otto2021", "reference_racemic"), "Ketamine in plasma"),
        (("simons2022", "kamp2020"), "Ketamine in arterial plasma"),
        (("otto2021", "kamp2020"), "Ketamine in plasma, venous and arterial"),
    ],
)
def test_models_of_two_drugs_share_a_panel_that_names_neither(keys, label):
    regimen = kp.bolus("20 mg", drug="esketamine")
    models = [kp.load_model(key) for key in keys]
    parts = [
        kp.simulate(one, {one.name: regimen}, [0.0, 1.0], outcomes=["ketamine"]) for one in models
    ]
    assert side_by_side(parts)["ketamine"].attrs["long_name"] == label


def test_a_subject_outside_the_range_of_one_model_is_told_once_for_it():
    told = compare(parse_scenario(SITES.format(weight="45 kg"), "t.toml")).result.attrs["warnings"]
    assert told.startswith("The range of weight behind simons2022 is 53 kg to 93 kg, got 45 kg")
    assert len(told.splitlines()) == 1


def test_people_outside_the_range_are_told_besides_the_typical_person():
    text = SITES.format(weight="70 kg") + "[population]\nn = 50\nseed = 1\nweight_cv = 0.4\n"
    (told,) = compare(parse_scenario(text, "t.toml")).result.attrs["warnings"].splitlines()[-1:]
    assert "behind simons2022" in told
    assert "of 50 people" in told


def test_models_about_children_and_adults_are_told_apart(tmp_path):
    text = (MODELS / "both_sites.toml").read_text()
    text = text.replace('"adults"', '"children"').replace('"both_sites"', '"paediatric"')
    (tmp_path / "paediatric.toml").write_text(text)
    scenario = SITES.format(weight="70 kg").replace('"simons2022"', '"paediatric.toml"')
    told = compare(parse_scenario(scenario, "t.toml", folder=tmp_path)).result.attrs["warnings"]
    assert "different people (otto2021 about adults, paediatric about children)" in told
    assert "paediatric is about children, got a weight of 70 kg" in told
