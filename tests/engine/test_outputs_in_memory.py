"""Outputs written into given memory: any kind, past the cache or not, and nothing beside."""

import numpy as np
import pytest

import kpksim.engine.delivery as delivery_module
from kpksim.engine import Actions, solve

PEOPLE = np.stack([[[-ka, 0.0], [ka, -0.2]] for ka in (0.5, 0.9, 1.3, 1.7, 2.1)])
"""Depot and central compartment of five people."""
ROWS = np.array([[0.0, 0.02], [0.3, 0.0], [1.0, 1.0]])


def boluses(times, amounts):
    """Amounts into the depot."""
    return Actions(time=times, compartment=np.zeros(len(times), dtype=int), amount=amounts)


def test_outputs_go_to_the_memory_that_is_given():
    out = np.full((2, 3, 40), np.nan)
    found = solve(PEOPLE[:2], boluses([0.0], [9.0]), np.arange(40.0), ROWS, out=out)
    assert found.at is out
    fresh = solve(PEOPLE[:2], boluses([0.0], [9.0]), np.arange(40.0), ROWS)
    np.testing.assert_array_equal(out, fresh.at)


def test_single_precision_memory_holds_the_rounded_values():
    out = np.empty((2, 3, 203), dtype=np.float32)
    times = np.unique(np.r_[np.arange(200.0) / 7, 30.1, 31.7, 99.0])
    solve(PEOPLE[:2], boluses([0.0, 3.3], [9.0, 9.0]), times, ROWS, out=out)
    fresh = solve(PEOPLE[:2], boluses([0.0, 3.3], [9.0, 9.0]), times, ROWS)
    np.testing.assert_array_equal(out, fresh.at.astype(np.float32))


@pytest.mark.parametrize("cached", [0, 2**60])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("first", [0, 1, 5])
def test_outputs_are_the_same_past_the_cache_and_nothing_beside_them_is_touched(
    first, dtype, cached, monkeypatch
):
    actions = boluses([0.0, 2.0, 3.3], [9.0, 5.0, 2.0])
    times = np.unique(np.r_[np.linspace(0.0, 40.0, 1601), np.geomspace(41.0, 99.0, 602)])
    one_by_one = [solve(PEOPLE[i : i + 1], actions, times, ROWS).at[0] for i in range(5)]
    size = 5 * 3 * len(times)
    around = np.full(first + size + 9, -1.0, dtype=dtype)
    out = around[first : first + size].reshape(5, 3, len(times))
    monkeypatch.setattr(delivery_module, "CACHED", cached)
    solve(PEOPLE, actions, times, ROWS, out=out, threads=2)
    np.testing.assert_array_equal(out, np.array(one_by_one).astype(dtype))
    assert (around[:first] == -1.0).all()
    assert (around[first + size :] == -1.0).all()


def test_memory_at_an_odd_address_takes_outputs(monkeypatch):
    monkeypatch.setattr(delivery_module, "CACHED", 0)
    times = np.arange(300.0)
    memory = np.zeros(2 * 3 * 300 * 8 + 1, dtype=np.uint8)[1:].view(np.float64)
    out = memory.reshape(2, 3, 300)
    solve(PEOPLE[:2], boluses([0.0], [9.0]), times, ROWS, out=out)
    np.testing.assert_array_equal(out, solve(PEOPLE[:2], boluses([0.0], [9.0]), times, ROWS).at)


@pytest.mark.parametrize(
    "out", [np.empty((2, 3, 3)), np.empty((2, 3, 2), int), np.empty((2, 2, 3)).swapaxes(1, 2)]
)
def test_memory_that_does_not_fit_is_refused(out):
    with pytest.raises(ValueError, match=r"out must be C-contiguous, of float64 or float32 and of"):
        solve(PEOPLE[:2], boluses([0.0], [9.0]), [0.0, 1.0], ROWS, out=out)
