"""Statistics of ratios against numbers worked out by hand."""

import math

import numpy as np
import pytest

from kpksim.analysis.agreement import FOLDS, agreement, verdict


def test_statistics_are_those_worked_out_by_hand():
    # ln: 0.693147, -0.693147, 0, 0.405465; absolute mean 0.447940; mean 0.101366
    found = agreement([2.0, 0.5, 1.0, 1.5], ["a", "a", "b", "c"])
    assert (found.n, found.sources) == (4, 3)
    assert found.within == (0.25, 0.5, 1.0)
    assert found.gmfe == pytest.approx(math.exp(0.4479399), rel=1e-6)
    assert found.bias == pytest.approx(math.exp(0.1013663), rel=1e-6)
    # deviations 0.591781, -0.794513, -0.101366, 0.304099; squares sum to 1.084205; over 3
    assert found.precision == pytest.approx(math.exp(math.sqrt(1.0842050 / 3.0)), rel=1e-6)
    # means by source 0.693147, 0, 0.405465
    assert found.balanced_gmfe == pytest.approx(math.exp(0.3662041), rel=1e-6)


def test_a_source_with_many_rows_counts_once_when_sources_count_alike():
    found = agreement([2.0] * 74 + [1.0], ["many"] * 74 + ["one"])
    assert found.balanced_gmfe == pytest.approx(math.sqrt(2.0))
    assert found.gmfe > 1.97


@pytest.mark.parametrize("fold", FOLDS)
def test_a_ratio_on_the_border_of_a_fold_is_within_it_on_both_sides(fold):
    place = FOLDS.index(fold)
    assert agreement([fold, 1.0 / fold], ["a", "b"]).within[place] == 1.0
    beyond = [fold * 1.001, 0.999 / fold]
    assert agreement(beyond, ["a", "b"]).within[place] == 0.0


def test_one_ratio_has_no_spread_and_none_has_nothing():
    one, none = agreement([1.3], ["a"]), agreement([], [])
    assert np.isnan(one.precision)
    assert one.gmfe == pytest.approx(1.3)
    assert none.n == 0
    assert np.isnan([none.gmfe, none.bias, none.balanced_gmfe, *none.within]).all()
    assert np.isnan(verdict(none))


@pytest.mark.parametrize(
    ("ratios", "fold"),
    [
        ([1.0, 1.2, 0.81, 3.0], 1.25),
        ([1.0, 1.2, 1.4, 3.0], 1.5),
        ([1.0, 1.9, 1.9, 3.0], 2.0),
        ([1.0, 1.9, 2.1, 3.0], math.inf),
        ([0.49], math.inf),
    ],
)
def test_the_verdict_is_the_smallest_fold_that_holds_three_of_four(ratios, fold):
    assert verdict(agreement(ratios, ["a"] * len(ratios))) == fold


def test_ratios_that_are_not_positive_or_lack_a_source_are_refused():
    with pytest.raises(ValueError, match="ratios must be positive, and each needs a source"):
        agreement([1.0, 0.0], ["a", "b"])
    with pytest.raises(ValueError, match="ratios must be positive, and each needs a source"):
        agreement([1.0, np.nan], ["a", "b"])
    with pytest.raises(ValueError, match="each needs a source"):
        agreement([1.0], [])
