"""Hypotheses that part company: which lines are drawn, and what the key and foot say."""

import numpy as np
import pytest

from kpksim.plots import effects_days, effects_hours
from kpksim.plots.hypotheses import MOST, accounts, clear_places, numbered, shown_accounts
from kpksim.plots.style import DRAWN
from kpksim.report.hypotheses import parted_rows

KEYS = ["ketamine", "norketamine", "slow_norketamine"]


def with_hypotheses(result, factors, *, band=0.2, name="anxiety"):
    """Let hypotheses be multiples of the typical curve, one row of factors for each regimen."""
    curves = result[name].transpose("regimen", "time").values
    lines = np.array(factors, dtype=float)[:, :, None] * curves[:, None, :]
    ends = curves[:, None, :] * np.array([1.0 + band / 2, 1.0, 1.0 - band / 2])[:, None]
    found = result.assign_coords(account=KEYS)
    found[f"{name}_hypotheses"] = (("regimen", "account", "time"), lines)
    found[f"{name}_parameters"] = (("regimen", "quantile", "time"), ends)
    return found.assign_attrs(
        n_effect_draws=200, calibration="calibrated to 39 statements of 12 studies"
    )


NAN = float("nan")
ALIKE = [1.0, 1.02, NAN]


def places(result, name="anxiety"):
    return sorted({one.place for one in accounts(result, name)})


def test_hypotheses_that_agree_have_no_lines(result):
    assert accounts(with_hypotheses(result, [ALIKE] * 3), "anxiety") == []
    assert accounts(result, "anxiety") == []


def test_hypotheses_are_apart_by_half_of_the_band(result):
    """The band is 20 % wide: 9 % are less than half of it, 11 % are more."""
    assert places(with_hypotheses(result, [[1.0, 1.09, NAN], ALIKE, ALIKE])) == []
    assert places(with_hypotheses(result, [[1.0, 1.11, NAN], ALIKE, ALIKE])) == [0]


@pytest.mark.parametrize(("ratio", "apart"), [(1.9, []), (2.1, [1])])
def test_hypotheses_are_apart_by_a_factor_of_two_however_wide_the_band(result, ratio, apart):
    found = with_hypotheses(result, [ALIKE, [1.0, ratio, NAN], ALIKE], band=4.0)
    assert places(found) == apart


def test_a_curve_that_is_small_beside_the_others_is_not_asked(result):
    small = result.copy(deep=True)
    small["anxiety"][2] *= 0.05
    assert places(with_hypotheses(small, [ALIKE, ALIKE, [1.0, 3.0, NAN]])) == []


def test_one_hypothesis_alone_cannot_part(result):
    assert places(with_hypotheses(result, [[3.0, NAN, NAN]] * 3)) == []


def test_a_panel_shows_the_regimen_under_which_they_part_most(result):
    found = with_hypotheses(result, [[1.0, 1.5, NAN], [0.5, NAN, 4.0], ALIKE])
    assert places(found) == [0, 1]
    assert {one.place for one in shown_accounts(found, "anxiety")} == {1}
    assert numbered(found, ["sbp", "anxiety"]) == {"ketamine": 1, "slow_norketamine": 2}


def test_a_difference_that_stays_counts_for_more_than_a_larger_one_that_passes(result):
    found = with_hypotheses(result, [ALIKE] * 3)
    lines = found["anxiety_hypotheses"].values
    deepest = int(np.abs(lines[0, 1]).argmax())
    lines[0, 1, deepest] *= 4.0
    lines[1, 1] *= 1.5
    assert places(found) == [0, 1]
    assert {one.place for one in shown_accounts(found, "anxiety")} == {1}


def test_a_hypothesis_that_is_the_mixture_has_no_line(result):
    found = with_hypotheses(result, [[1.0, 1.5, 2.5], ALIKE, ALIKE])
    assert [one.key for one in shown_accounts(found, "anxiety")] == [
        "slow_norketamine", "norketamine",
    ]  # fmt: skip


def test_a_panel_has_six_lines_at_most_the_most_different_first(result):
    factors = [1.2, 1.9, 1.4, 1.6, 0.1, 2.0, 1.3, 1.7]
    curve = result["anxiety"].transpose("regimen", "time").values
    lines = np.array(factors)[:, None] * curve[:, None, :]
    keys = [f"number {k}" for k in range(len(factors))]
    found = result.assign_coords(account=keys)
    found["anxiety_hypotheses"] = (("regimen", "account", "time"), lines)
    found["anxiety_parameters"] = (
        ("regimen", "quantile", "time"),
        curve[:, None] * np.array([1.05, 1.0, 0.95])[:, None],
    )
    shown = shown_accounts(found, "anxiety")
    assert len(shown) == MOST == 6
    assert [one.key for one in shown] == [f"number {k}" for k in (5, 1, 4, 7, 3, 2)]


def test_numbers_of_lines_that_run_close_stand_apart():
    one = np.zeros(50)
    first, second = clear_places(np.array([one, one + 0.02, one + 0.5]), 2)
    assert abs(first - second) >= 5


@pytest.mark.parametrize("draw", [effects_hours, effects_days])
def test_each_hypothesis_is_a_thin_line_with_its_number(result, draw):
    found = with_hypotheses(result, [ALIKE, [1.0, 1.4, 1.8], ALIKE])
    figure = draw(found)
    ax = next(ax for ax in figure.axes if ax.get_title("left") == "Anxiety score")
    thin = [line for line in ax.lines if line.get_label() == "_hypothesis"]
    assert len(thin) == 2  # the first is the mixture itself
    assert {line.get_color() for line in thin} == {DRAWN[1]}
    assert max(line.get_linewidth() for line in thin) < 1.0
    typical = found["anxiety"].values[1][: 60 * 12]
    lowest = [line.get_ydata().min() / typical.min() for line in thin]
    assert lowest == pytest.approx([1.8, 1.4], rel=2e-3)
    assert ax.get_ylim()[0] < min(line.get_ydata().min() for line in thin)
    numbers = [text for text in ax.texts if text.get_text() in ("1", "2", "3")]
    assert len(numbers) == 2
    words = [text.get_text() for text in figure.texts]
    assert {"Norketamine", "Slow clock by norketamine"} <= set(words)


def test_the_key_and_the_foot_say_what_fitted_curves_are(result):
    figure = effects_hours(with_hypotheses(result, [ALIKE] * 3))
    words = [text.get_text() for text in figure.texts]
    assert "90 % of parameters and mechanism (A)" in words
    assert "effect curves calibrated to 39 statements of 12 studies" in words
    foot = " ".join(words)
    assert "medians of 200 draws of parameters and mechanism" in foot
    assert "Thin numbered lines" not in foot


def test_the_report_says_what_each_hypothesis_has_where_they_are_farthest_apart(result):
    found = with_hypotheses(result, [ALIKE, [0.5, NAN, 4.0], ALIKE])
    (row,) = parted_rows(found)
    lowest = result["anxiety"].values[1]
    at = int(lowest.argmin())
    assert (row.place, row.about) == (1, "Anxiety")
    minus = "\N{MINUS SIGN}"
    assert row.said == (
        f"Mixture {minus}{abs(lowest[at]):.0f}; Slow clock by norketamine "
        f"{minus}{abs(4.0 * lowest[at]):.0f}; Ketamine {minus}{abs(0.5 * lowest[at]):.0f} % change"
    )
