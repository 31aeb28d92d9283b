"""The figure of the spread between papers: ribbons that hold each other, bars that add up."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.colors import to_hex

from kpksim.analysis.spread import Sample, spread_table
from kpksim.errors import DataError
from kpksim.plots import available, disagreement, save_figures
from kpksim.plots.disagreement import FILL
from kpksim.plots.ribbons import members, ribbons
from kpksim.plots.words import EN_DASH
from kpksim.report.split import HEADS, split_rows

TIME = np.linspace(0.0, 12.0, 145)
LEVEL = {"a2001": 100.0, "b2002": 150.0, "c2003": 400.0}
SITE = {"a2001": "venous", "b2002": "venous", "c2003": "arterial"}
PEOPLE, DRAWS = 0.3, 0.1
RNG = np.random.default_rng(2)


def curve(level):
    """Rise to a level within an hour, then fall."""
    return level * np.minimum(TIME, 1.0) * np.exp(-0.2 * np.maximum(TIME - 1.0, 0.0))


def band(level, sd):
    return np.array([curve(level) * np.exp(z * sd) for z in (-1.6448536, 0.0, 1.6448536)])


def make_result(regimens=("IV",)):
    labels = [(f"{name}, {model}", model) for model in LEVEL for name in regimens]
    nothing = np.full((3, TIME.size), np.nan)
    dims = ("regimen", "quantile", "time")
    drawn = [band(LEVEL[m], DRAWS) if m == "a2001" else nothing for _, m in labels]
    data = {
        "ketamine": (("regimen", "time"), np.array([curve(LEVEL[m]) for _, m in labels])),
        "ketamine_people": (dims, np.array([band(LEVEL[m], PEOPLE) for _, m in labels])),
        "ketamine_parameters": (dims, np.array(drawn)),
    }
    found = xr.Dataset(
        data,
        coords={"regimen": [label for label, _ in labels], "quantile": [0.05, 0.5, 0.95],
                "time": TIME, "model": ("regimen", [model for _, model in labels])},
        attrs={"models": " ".join(LEVEL), "version": "0.1.0", "n_people": 50, "n_draws": 40},
    )  # fmt: skip
    found["ketamine"].attrs = {"units": "ng/mL", "long_name": "Ketamine in plasma"}
    return found


def make_table():
    return spread_table([
        Sample(
            "IV", model, SITE[model], "esketamine", "ketamine", metric, level,
            np.exp(PEOPLE * RNG.standard_normal(50)),
            np.exp(DRAWS * RNG.standard_normal(40)) if model == "a2001" else np.empty(0),
        )
        for metric in ("cmax", "auc_inf")
        for model, level in LEVEL.items()
    ])  # fmt: skip


@pytest.fixture(scope="module")
def result():
    return make_result()


@pytest.fixture(scope="module")
def table():
    return make_table()


def test_ribbons_add_log_variances_from_inside_out(result):
    found = ribbons(result, "ketamine", [0, 1, 2])
    papers = np.log(list(LEVEL.values())).var(ddof=1)
    at = 40
    middle = curve(np.exp(np.log(list(LEVEL.values())).mean()))[at]
    assert found.middle[at] == pytest.approx(middle, rel=1e-9)
    whole = {"parameters": DRAWS**2, "people": DRAWS**2 + PEOPLE**2}
    whole["papers"] = whole["people"] + papers
    assert list(found.bands) == ["parameters", "people", "papers"]
    for source, variance in whole.items():
        low, high = found.bands[source]
        assert high[at] / low[at] == pytest.approx(np.exp(2 * 1.6448536 * variance**0.5), rel=1e-6)
        assert np.sqrt(low[at] * high[at]) == pytest.approx(middle, rel=1e-9)


def test_a_ribbon_that_no_model_states_is_left_out(result):
    assert list(ribbons(result, "ketamine", [1, 2]).bands) == ["people", "papers"]
    alone = result.drop_vars(["ketamine_people", "ketamine_parameters"])
    assert list(ribbons(alone, "ketamine", [0, 1]).bands) == ["papers"]


def test_members_are_the_models_of_one_regimen():
    two = make_result(("IV", "IM"))
    assert members(two, "ketamine", "IM") == [1, 3, 5]
    assert members(two, "ketamine", "SC") == []


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_the_figure_draws_every_paper_every_ribbon_and_every_share(result, table, width):
    curves, bars = disagreement(result, table, "ketamine", "IV", width=width).axes
    named = [line.get_label() for line in curves.lines]
    assert [one for one in named if one in {"A", "B", "C"}] == ["A", "B", "C"]
    fills = [to_hex(one.get_facecolor()[0]) for one in curves.collections]
    assert [one.upper() for one in fills] == [FILL[s] for s in ("papers", "people", "parameters")]
    high = curves.get_ylim()[1]
    for one in curves.collections:
        assert one.get_paths()[0].vertices[:, 1].max() <= high
    # two metrics, all models and the venous ones: four bars that each fill the hundred
    widths = {}
    for patch in bars.patches:
        widths[patch.get_y()] = widths.get(patch.get_y(), 0.0) + patch.get_width()
    assert list(widths.values()) == pytest.approx([100.0] * 4)


def test_the_bars_are_the_shares_of_the_table(result, table):
    bars = disagreement(result, table, "ketamine", "IV").axes[1]
    first = [patch.get_width() for patch in bars.patches[:3]]
    rows = table[(table.group == "all models") & (table.metric == "cmax")].set_index("source").share
    assert first == pytest.approx([rows["papers"], rows["people"], rows["parameters"]])
    said = [text.get_text() for text in bars.texts]
    assert "all 3 models" in said
    assert "2 models: venous" in said
    assert "4.00-fold" in said


def test_the_figure_says_what_varies_and_what_is_mixed(result, table):
    figure = disagreement(result, table, "ketamine", "IV")
    said = " ".join(text.get_text() for text in figure.texts)
    assert "uncertain parameters (stated by 1 of 3 models), people (stated by 3 of 3" in said
    assert "40 draws and 50 people per model" in said
    assert "mix sites of sampling (venous, arterial)" in said
    assert "known within a factor of 0.27 to 39 (95 %)" in said
    assert "Not for dosing a patient" in said
    assert "venous, esketamine" in said


def test_fewer_than_two_models_are_refused(result, table):
    with pytest.raises(DataError, match="fewer than two models give ketamine after SC"):
        disagreement(result, table, "ketamine", "SC")


def test_it_stands_first_and_only_where_there_is_a_split(result, table, tmp_path):
    assert next(kind.name for kind in available(result, table)) == "spread_ketamine"
    assert "spread_ketamine" not in [kind.name for kind in available(result)]
    files = save_figures(result, tmp_path, table)
    assert (tmp_path / "spread_ketamine.svg") in files
    drawing = (tmp_path / "spread_ketamine.svg").read_text()
    assert "Cmax, all 3 models: papers " in drawing


def test_the_table_of_the_report_has_the_numbers_of_the_split(table):
    rows = split_rows(table)
    assert [(row.metric, row.models) for row in rows] == [
        ("Cmax", "all 3 models"), ("Cmax", "2 models: venous"),
        ("AUC", "all 3 models"), ("AUC", "2 models: venous"),
    ]  # fmt: skip
    assert all(len(row.cells) == len(HEADS) for row in rows)
    assert rows[0].cells[0] == f"100{EN_DASH}400 ng/mL"
    chosen = table[(table.group == "all models") & (table.source == "papers")]
    papers = chosen[chosen.metric == "cmax"].iloc[0]
    assert rows[0].cells[1] == f"{papers.share:.0f}"
    assert rows[0].cells[-1].startswith(f"{papers.log_variance:.2f} (")


def test_a_dash_stands_for_what_nobody_states():
    alone = [Sample("IV", m, "venous", "esketamine", "ketamine", "cmax", level, np.empty(0),
                    np.empty(0)) for m, level in LEVEL.items()]  # fmt: skip
    (row,) = split_rows(spread_table(alone))
    assert row.cells[1:5] == ("100", EN_DASH, EN_DASH, EN_DASH)


def test_a_table_read_back_from_its_file_draws_the_same(result, table, tmp_path):
    table.to_csv(tmp_path / "spread.csv", index=False)
    back = pd.read_csv(tmp_path / "spread.csv", keep_default_na=False, na_values=[""])
    (kind,) = (one for one in available(result, back) if one.name == "spread_ketamine")
    (same,) = (one for one in available(result, table) if one.name == "spread_ketamine")
    assert kind.label(result) == same.label(result)
