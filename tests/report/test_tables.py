import numpy as np
import pytest

from kpksim.analysis import Comparison
from kpksim.report.tables import course_table, exposure_table, summary_table

EN_DASH, MINUS = "\N{EN DASH}", "\N{MINUS SIGN}"


def column(table, head, block=0):
    """The cells of a column as (value, spread)."""
    place = [one.head for one in table.columns].index(head)
    return [(row[place].value, row[place].spread) for row in table.blocks[block].rows]


def test_the_summary_shows_the_typical_value_with_the_middle_of_people_under_it(comparison):
    table = summary_table(comparison)
    assert column(table, "Ketamine Cmax") == [
        ("158", f"107{EN_DASH}224"),
        ("105", f"71.4{EN_DASH}149"),
        ("14.0", f"9.52{EN_DASH}19.9"),
    ]


def test_a_range_of_negative_numbers_is_joined_by_a_word(comparison):
    cells = column(summary_table(comparison), "Anxiety, lowest")
    assert cells[0] == (f"{MINUS}46", f"{MINUS}65 to {MINUS}31")


def test_the_numbers_are_those_of_the_component_that_is_drawn(comparison):
    result = comparison.result.assign_attrs(expectation="open")
    opened = Comparison(comparison.title, result, comparison.summary)
    assert column(summary_table(opened), "Anxiety, lowest")[0][0] == f"{MINUS}92"
    assert column(summary_table(opened), "Systolic, peak")[0][0] == "14"


def test_columns_and_blocks_without_numbers_are_left_out(make_comparison):
    few = make_comparison(names=("ketamine", "sbp"), people=(), horizon=24.0)
    heads = [one.head for one in summary_table(few).columns]
    assert heads == ["Ketamine Cmax", "Tmax", f"AUC 0{EN_DASH}∞", "Systolic, peak"]
    assert [one.title for one in exposure_table(few).blocks] == ["Ketamine in plasma, ng/mL"]
    assert "24 h" in [one.head for one in course_table(few).columns]
    assert "72 h" not in [one.head for one in course_table(few).columns]
    assert {spread for _, spread in column(summary_table(few), "Ketamine Cmax")} == {""}


def test_a_missing_number_is_a_dash(comparison):
    summary = comparison.summary.copy()
    lost = (summary["regimen"] == "SC") & (summary["metric"] == "t_half")
    summary.loc[lost, "value"] = np.nan
    table = exposure_table(Comparison(comparison.title, comparison.result, summary))
    values = [value for value, _ in column(table, "Terminal half-life")]
    assert values == ["2.0", EN_DASH, "2.0"]


@pytest.mark.parametrize(
    ("block", "head", "expected"),
    [(0, "24 h", -46 * 0.9), (2, "1 h", 18.0), (3, "14 d", 0.0)],
)
def test_effects_stand_at_their_times(comparison, block, head, expected):
    value = column(course_table(comparison), head, block)[0][0]
    assert float(value.replace(MINUS, "-")) == pytest.approx(expected, abs=2.5)
