"""Posteriors of the library: files, and their mixture by weight."""

import numpy as np
import pytest
import xarray as xr

from kpksim.errors import DataError, UnknownName
from kpksim.library.posteriors import (
    TYPICAL,
    list_posteriors,
    load_posterior,
    mixture,
    shared_out,
)


@pytest.fixture
def library(shipped):
    shipped.ship()
    return shipped


def test_posteriors_are_listed_in_the_order_of_hypotheses(library):
    assert list_posteriors("anxiety") == (
        "ketamine", "ketamine_arterial", "norketamine", "slow_norketamine",
    )  # fmt: skip
    assert list_posteriors("dbp") == ()


def test_a_posterior_holds_its_draws_and_what_its_file_says(library):
    one = load_posterior("anxiety", "ketamine")
    assert (one.hypothesis.key, one.weight, len(one)) == ("ketamine", 0.5, 300)
    assert np.array_equal(one.values["rf"], library.drawn("anxiety", "ketamine", 300)["rf"])
    assert (one.pk_draw == TYPICAL).all()
    assert one.facts["studies"] == ["diazgranados2010", "glue2017"]


def test_a_mixture_takes_the_first_draws_of_each_hypothesis_by_its_weight(library):
    found = mixture("anxiety", 50)
    counts = {one.hypothesis.key: len(one) for one in found.parts}
    assert counts == {"ketamine": 25, "slow_norketamine": 15, "ketamine_arterial": 10}
    assert found.hypotheses.count("ketamine") == 25
    assert len(found.pk_draw) == 50
    first = found.parts[0]
    assert np.array_equal(first.values["g"], load_posterior("anxiety", "ketamine").values["g"][:25])
    again = mixture("anxiety", 50)
    assert all(
        np.array_equal(one.values["g"], other.values["g"])
        for one, other in zip(found.parts, again.parts, strict=True)
    )


def test_weights_add_up_to_one_again_when_a_hypothesis_is_not_available(library):
    found = mixture("anxiety", 50, lambda one: one.drive != "ketamine_arterial")
    assert [len(one) for one in found.parts] == [31, 19]  # 0.5 and 0.3 of 0.8
    assert [one.key for one in found.left_out] == ["ketamine_arterial"]


def test_a_hypothesis_without_weight_is_neither_drawn_nor_missed(library):
    found = mixture("anxiety", 200, lambda one: one.key != "norketamine")
    assert "norketamine" not in found.hypotheses
    assert found.left_out == ()


def test_nothing_is_drawn_where_nothing_ships(library):
    assert mixture("dbp", 10).parts == ()


@pytest.mark.parametrize("n", [1, 2, 7, 100, 999])
def test_every_draw_is_shared_out_once(n):
    rng = np.random.default_rng(n)
    weights = rng.dirichlet(np.ones(6))
    counts = shared_out(n, weights)
    assert sum(counts) == n
    assert np.abs(np.array(counts) - n * weights).max() < 1.0


def test_more_draws_than_there_are_cannot_be_had(library):
    with pytest.raises(DataError, match="depression under ketamine has 300 draws, got a wish for"):
        mixture("depression", 301)


def test_an_unknown_posterior_is_refused_by_name(library):
    with pytest.raises(UnknownName, match='no posterior of anxiety "ketamin"; did you mean "ket'):
        load_posterior("anxiety", "ketamin")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"weight": 1.5}, "a weight lies between 0 and 1, got 1.5"),
        ({"weight": float("nan")}, "a weight lies between 0 and 1, got nan"),
        ({"outcome": "depression"}, "is of depression under ketamine"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(shipped, facts, said):
    shipped.ship({})
    shipped.write("anxiety", "ketamine", 1.0)
    stated = {"outcome": "anxiety", "hypothesis": "ketamine", "weight": 1.0} | facts
    file = shipped.folder / "anxiety__ketamine.nc"
    found = xr.load_dataset(file, engine="h5netcdf").assign_attrs(stated)
    found.to_netcdf(file, engine="h5netcdf")
    with pytest.raises(DataError, match=f"anxiety__ketamine.nc: {said}"):
        load_posterior("anxiety", "ketamine")


def test_a_file_that_lacks_something_or_is_no_netcdf_is_refused(shipped):
    shipped.ship({})
    shipped.write("anxiety", "fast_only", 1.0)
    folder = shipped.folder
    (folder / "anxiety__fast_only.nc").rename(folder / "anxiety__ketamine.nc")
    with pytest.raises(DataError, match="a posterior needs rs"):
        load_posterior("anxiety", "ketamine")
    (folder / "anxiety__slow_only.nc").write_text("nothing")
    with pytest.raises(DataError, match=r"slow_only\.nc: cannot be read as netCDF"):
        load_posterior("anxiety", "slow_only")
