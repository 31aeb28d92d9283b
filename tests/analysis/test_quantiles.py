"""Quantiles of people are NumPy's, to the last bit, whatever the people are like."""

import math
import time
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from kpksim.analysis import quantiles
from kpksim.analysis.order_statistics import Ranks, brackets, statistics, vectors
from kpksim.analysis.order_statistics.sample import sample
from kpksim.analysis.order_statistics.search import find_in_block, find_in_steps
from kpksim.analysis.order_statistics.sorting import sorting_network
from kpksim.analysis.quantiles import quantiles_of_people, summary_of_people
from kpksim.errors import DataError

USUAL = (0.05, 0.5, 0.95)
MANY = (0.0, 0.001, 0.05, 0.25, 0.5, 0.731, 0.95, 0.999, 1.0)
BIG = statistics.FEW_PEOPLE + 805  # not a multiple of the rows that are read together


def bits(values):
    """Give the bits of numbers, all zeros and all nan being alike."""
    return np.where(np.isnan(values), np.nan, values + 0.0).view(np.int64)


def assert_as_numpy(values, probabilities, **how):
    """Compare with numpy.quantile of the same numbers in double precision, bit by bit."""
    with np.errstate(invalid="ignore", over="ignore"):
        expected = np.quantile(values.astype(np.float64), probabilities, **{"axis": 0} | how)
    found = quantiles_of_people(values, probabilities, **how)
    assert found.shape == expected.shape
    assert found.dtype == np.float64
    assert np.array_equal(bits(found), bits(expected))


NUMBERS = st.floats(width=32) | st.sampled_from([0.0, -0.0, 1.0, 5e-324, -2e-310, 1.7e308, np.inf])
ARRAYS = hnp.arrays(np.float64, st.tuples(st.integers(1, 300), st.integers(1, 3)), elements=NUMBERS)


@given(ARRAYS, st.lists(st.floats(0.0, 1.0), min_size=1, max_size=5))
def test_quantiles_are_those_of_numpy(values, probabilities):
    assert_as_numpy(values, probabilities)


@given(st.integers(1, 2000), st.integers(0, 2**32 - 1), st.floats(0.01, 30.0))
def test_quantiles_of_skewed_people_are_those_of_numpy(n, seed, sigma):
    values = np.random.default_rng(seed).lognormal(0.0, sigma, (n, 40))
    assert_as_numpy(values, USUAL)


def two_clusters(rng, shape):
    return np.where(rng.random(shape) < 0.5, 1e-3, 1e3) * rng.lognormal(0.0, 0.1, shape)


def with_some(value, share):
    return lambda rng, shape: np.where(rng.random(shape) < share, value, rng.normal(size=shape))


def curves(rng, shape):
    rate, level = rng.lognormal(-3.0, 0.5, (2, shape[0], 1))
    return level * np.exp(-rate * (np.arange(shape[1]) % 40))


def unlike_their_sample(rng, shape):
    values = rng.lognormal(0.0, 0.3, shape)
    values[:: max(shape[0] // 128, 1)] *= 5.0
    return values


def wide(rng, shape):
    with np.errstate(over="ignore"):
        return np.exp(rng.normal(0.0, 200.0, shape))


PEOPLE = {
    "lognormal": lambda rng, shape: rng.lognormal(0.0, 1.0, shape),
    "of both signs": lambda rng, shape: rng.normal(size=shape),
    "negative": lambda rng, shape: -rng.lognormal(0.0, 1.0, shape),
    "all equal": lambda rng, shape: np.full(shape, 0.1),
    "all zero": lambda rng, shape: np.zeros(shape),
    "few whole numbers": lambda rng, shape: rng.integers(0, 5, shape).astype(float),
    "whole numbers": lambda rng, shape: rng.integers(0, 100, shape).astype(float),
    "third zero": with_some(0.0, 1 / 3),
    "rising": lambda rng, shape: np.sort(rng.normal(size=shape), axis=0),
    "falling": lambda rng, shape: -np.sort(rng.normal(size=shape), axis=0),
    "periodic": lambda rng, shape: np.sin(np.arange(shape[0]))[:, None] * np.ones(shape),
    "stepping in time": lambda rng, shape: (
        rng.random(shape) * 10.0 ** rng.integers(-5, 5, shape[1])
    ),
    "in two clusters": two_clusters,
    "curves": curves,
    "unlike their sample": unlike_their_sample,
    "nearly equal": lambda rng, shape: 1.0 + 1e-12 * rng.random(shape),
    "denormal": lambda rng, shape: 1e-310 * rng.random(shape),
    "huge": lambda rng, shape: 1.7e308 * rng.random(shape),
    "over hundreds of decades": wide,
    "partly infinite": with_some(np.inf, 0.1),
    "partly negative infinite": with_some(-np.inf, 0.1),
    "rarely nan": with_some(np.nan, 2e-4),
    "all nan": lambda rng, shape: np.full(shape, np.nan),
}


@pytest.mark.parametrize("kind", PEOPLE)
@pytest.mark.parametrize("n", [7, statistics.FEW_PEOPLE + 1, BIG])
def test_quantiles_of_any_people_are_those_of_numpy(kind, n):
    values = PEOPLE[kind](np.random.default_rng(1), (n, 90))
    assert_as_numpy(values, USUAL)
    assert_as_numpy(values, MANY)


@pytest.mark.parametrize("kind", ["lognormal", "few whole numbers", "rarely nan", "denormal"])
def test_numbers_in_single_precision_are_taken_as_they_are(kind):
    values = PEOPLE[kind](np.random.default_rng(2), (BIG, 90)).astype(np.float32)
    assert_as_numpy(values, USUAL)
    assert_as_numpy(values[:50], USUAL)


@pytest.mark.parametrize("kind", ["lognormal", "whole numbers", "third zero", "rarely nan"])
def test_the_number_of_threads_changes_nothing(kind, monkeypatch):
    monkeypatch.setattr(quantiles, "SMALL", 0)
    values = PEOPLE[kind](np.random.default_rng(3), (BIG, 3, 700))
    one = summary_of_people(values, USUAL, threads=1)
    for threads in (2, 3, 8):
        several = summary_of_people(values, USUAL, threads=threads)
        assert np.array_equal(bits(one.quantiles), bits(several.quantiles))
        assert np.array_equal(bits(one.mean), bits(several.mean))


@pytest.mark.parametrize(
    "turn",
    [
        pytest.param(lambda x: x[:, 1], id="one analyte"),
        pytest.param(lambda x: x[:, ::2], id="every other analyte"),
        pytest.param(lambda x: x[::-1], id="people reversed"),
        pytest.param(lambda x: x[::3], id="every third person"),
        pytest.param(lambda x: x[..., ::-1], id="times reversed"),
        pytest.param(lambda x: x[..., 5:], id="later times"),
        pytest.param(lambda x: np.asfortranarray(x), id="Fortran order"),
        pytest.param(lambda x: x.transpose(0, 2, 1), id="analytes last"),
        pytest.param(lambda x: np.broadcast_to(x[:1], x.shape), id="one person for all"),
        pytest.param(lambda x: x.astype(">f8"), id="other order of bytes"),
    ],
)
@pytest.mark.parametrize("n", [60, 1203])
def test_any_arrangement_in_memory_gives_the_same(turn, n):
    values = np.random.default_rng(4).lognormal(0.0, 1.0, (n, 3, 70))
    assert_as_numpy(turn(values), USUAL)


def test_an_array_that_is_not_contiguous_is_copied_tile_by_tile(monkeypatch):
    copied = []
    kept = quantiles.order_statistics
    monkeypatch.setattr(quantiles, "COPIED", 40_000)
    monkeypatch.setattr(
        quantiles,
        "order_statistics",
        lambda people, ranks: copied.append(people.size) or kept(people, ranks),
    )
    values = np.random.default_rng(5).random((300, 1000))
    assert_as_numpy(values, USUAL, axis=1)
    assert len(copied) > 1
    assert max(copied) <= 40_000


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_people_may_be_in_any_dimension(axis):
    assert_as_numpy(np.random.default_rng(6).normal(size=(5, 6, 410)), USUAL, axis=axis)


def test_a_single_probability_has_no_dimension_of_its_own():
    values = np.random.default_rng(7).normal(size=(BIG, 4))
    assert_as_numpy(values, 0.3)
    assert quantiles_of_people(values, []).shape == (0, 4)
    assert quantiles_of_people(values[:, :0], USUAL).shape == (3, 0)
    assert quantiles_of_people([3, 1, 2], 0.5) == 2.0


def test_lists_and_whole_numbers_are_people_too():
    assert_as_numpy(np.random.default_rng(8).integers(-9, 9, (BIG, 30)), USUAL)


@pytest.mark.parametrize("side", [vectors.LEAST_STEP, vectors.GREATEST_STEP])
def test_brackets_that_miss_are_moved_and_people_read_again(side):
    lanes = vectors.LANES
    people = PEOPLE["lognormal"](np.random.default_rng(9), (BIG, lanes))
    wanted = Ranks(BIG, np.array([100, BIG // 2, BIG - 100]))
    room, shape = statistics.room_for(people, 3), (3, lanes)
    window = statistics.window_about(sample(people, wanted), lanes)
    room.low[:], room.high[:] = max(side - 500, vectors.LEAST_STEP), side
    state, values = np.full(shape, brackets.OPEN, np.uint8), np.zeros((2, *shape))
    find_in_block(
        people.reshape(-1), lanes, BIG, wanted.ranks, 0, slice(0, lanes), window, room, state,
        values,
    )  # fmt: skip
    assert np.all(state == brackets.DONE)
    assert np.array_equal(values, np.sort(people, axis=0)[wanted.both])


def test_of_curves_only_people_near_the_ranks_are_kept():
    n, lanes = 9_999, 3 * vectors.LANES
    people = PEOPLE["curves"](np.random.default_rng(13), (n, lanes))
    wanted = Ranks(n, np.array([500, n // 2, n - 500]))
    edge, room = sample(people, wanted), statistics.room_for(people, 3)
    window, sums = statistics.window_about(edge, lanes), np.zeros((2, lanes))
    state, values = np.full((3, lanes), brackets.OPEN, np.uint8), np.zeros((2, 3, lanes))
    find_in_steps(
        people.reshape(-1), lanes, n, wanted.ranks, edge, window, room, sums, state, values
    )
    assert np.all(state == brackets.DONE)
    assert np.array_equal(values, np.sort(people, axis=0)[wanted.both])
    assert np.all((room.near.listed > 100) & (room.near.listed < n // 2))


@pytest.mark.parametrize(("n", "ranks"), [(401, 5000), (401, 3), (10_000, 3), (70_000, 29)])
def test_room_is_bounded_however_many_ranks_there_are(n, ranks):
    room = statistics.room_for(np.broadcast_to(1.0, (n, 500)), ranks)
    stored = room.near.steps.nbytes + room.near.people.nbytes
    assert stored <= 68 * statistics.TOGETHER
    assert stored >= 68 * n * ranks


@pytest.mark.parametrize("together", [1, BIG, 2 * BIG])
def test_ranks_that_are_not_sought_together_are_found(together, monkeypatch):
    monkeypatch.setattr(statistics, "TOGETHER", together)
    values = PEOPLE["curves"](np.random.default_rng(14), (BIG, 90))
    assert_as_numpy(values, MANY)
    expected = [math.fsum(column) / BIG for column in values.T]
    assert summary_of_people(values, MANY).mean == pytest.approx(expected, rel=1e-15, abs=0.0)


def test_the_search_ends_for_values_of_any_sign_and_closeness(monkeypatch):
    partitioned = []
    kept = statistics._partition
    monkeypatch.setattr(
        statistics,
        "_partition",
        lambda people, wanted, lanes, *rest: (
            partitioned.extend(lanes) or kept(people, wanted, lanes, *rest)
        ),
    )
    kinds = ("lognormal", "of both signs", "negative", "nearly equal", "stepping in time", "curves")
    for kind, seed in product(kinds, (12, 14, 18, 21, 38)):
        assert_as_numpy(PEOPLE[kind](np.random.default_rng(seed), (9999, 90)), USUAL)
    assert not partitioned


@given(ARRAYS)
def test_the_mean_is_exact_to_1e_15_of_the_mean_size(values):
    values = values[:, np.abs(values).max(axis=0, initial=0.0) < 1e300]
    found = summary_of_people(values, USUAL).mean
    for one, column in zip(found, values.T, strict=True):
        size = math.fsum(np.abs(column)) / len(column)
        assert abs(one - math.fsum(column) / len(column)) <= 1e-15 * size + 5e-324


@pytest.mark.parametrize("n", [399, 12_345])
def test_the_mean_of_many_people_is_exact_to_1e_15(n):
    values = np.random.default_rng(10).lognormal(0.0, 2.0, (n, 20))
    expected = [math.fsum(column) / n for column in values.T]
    assert summary_of_people(values, USUAL).mean == pytest.approx(expected, rel=1e-15, abs=0.0)


def test_the_mean_of_infinite_people_is_infinite_and_of_nan_is_nan():
    values = np.ones((BIG, 3))
    values[7, 0], values[8, 1], values[9, 2], values[10, 2] = np.nan, np.inf, np.inf, -np.inf
    found = summary_of_people(values, USUAL)
    assert np.array_equal(found.mean, [np.nan, np.inf, np.nan], equal_nan=True)
    assert np.array_equal(found.quantiles[1], [np.nan, 1.0, 1.0], equal_nan=True)


@pytest.mark.parametrize(
    ("values", "probabilities", "axis", "message"),
    [
        (np.ones((0, 3)), 0.5, 0, r"at least one person, got shape \(0, 3\) with people in dim"),
        (np.ones((2, 3)), [0.5, 5.0], 0, r"from 0 to 1, got 5; 5 % is 0\.05"),
        (np.ones((2, 3)), -0.1, 0, r"from 0 to 1, got -0\.1"),
        (np.ones((2, 3)), np.nan, 0, r"from 0 to 1, got nan"),
        (np.ones((2, 3)), [[0.5]], 0, r"one number or a list, got shape \(1, 1\)"),
        (np.ones((2, 3)), 0.5, 2, r"shape \(2, 3\) have no dimension 2"),
        (np.float64(1.0), 0.5, 0, r"shape \(\) have no dimension 0"),
        (np.ones((2, 3), complex), 0.5, 0, "must be real numbers, got complex128"),
        (np.array(["a"]), 0.5, 0, "must be real numbers, got <U1"),
    ],
)
def test_what_cannot_be_summarised_is_refused(values, probabilities, axis, message):
    with pytest.raises(DataError, match=message):
        quantiles_of_people(values, probabilities, axis=axis)


@given(st.integers(1, 300), st.data())
def test_a_network_sorts_the_rows_that_are_wanted(n, data):
    wanted = data.draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=4))
    rows = np.random.default_rng(n).integers(0, 50, n)
    expected = np.sort(rows)
    for first, other, count in sorting_network(n, tuple(wanted)):
        upper, lower = slice(first, first + count), slice(other, other + count)
        rows[upper], rows[lower] = (
            np.minimum(rows[upper], rows[lower]),
            np.maximum(rows[upper], rows[lower]),
        )
    assert np.array_equal(rows[wanted], expected[wanted])


@pytest.mark.slow
def test_quantiles_cost_a_few_fills_of_the_array_and_far_less_than_those_of_numpy():
    values = np.random.default_rng(11).lognormal(0.0, 1.0, (10_000, 2_000))
    room = np.ones_like(values)

    def seconds(work):
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    quantiles_of_people(values, USUAL, threads=1)
    ours, fills = [], []
    for _ in range(5):
        ours.append(seconds(lambda: quantiles_of_people(values, USUAL, threads=1)))
        fills.append(seconds(lambda: room.fill(0.5)))
    numpys = seconds(lambda: np.quantile(values[:, :400], USUAL, axis=0)) * 5
    assert np.median(ours) < 30 * np.median(fills)
    assert np.median(ours) < numpys / 3
