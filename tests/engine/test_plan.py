"""The plan of a solution: which observations are cut where, and with which steps."""

import numpy as np
import pytest

from kpksim.engine.plan import FEW_CELLS, LARGEST_BLOCK, cells_of, plan


def steps_of(times, n_outputs=1):
    """Step of every cell, nan where it has no table."""
    made = plan(np.asarray(times, dtype=float), n_outputs)
    lengths = np.append(made.steps, np.nan)
    return np.concatenate([np.full(last - first, lengths[h]) for first, last, h in made.runs])


def test_a_regular_grid_is_one_run():
    made = plan(np.arange(2001) / 60.0, 3)
    assert made.runs.tolist() == [[0, 2000, 0]]
    np.testing.assert_allclose(made.steps, 1 / 60, rtol=1e-15)


def test_every_cell_belongs_to_exactly_one_run():
    times = np.unique(np.r_[np.arange(121) / 60, np.arange(12, 145) / 6, 0.777, 24 + np.arange(50)])
    runs = plan(times, 1).runs
    assert [first for first, _, _ in runs[1:]] == [last for _, last, _ in runs[:-1]]
    assert (runs[0, 0], runs[-1, 1]) == (0, len(times) - 1)


def test_minutes_of_different_days_share_one_step():
    minutes = np.arange(1, 121) / 60.0
    times = np.concatenate([[0.0], *(day * 24.0 + minutes for day in range(10))])
    assert len(plan(times, 1).steps) == 2  # minutes, and the 22 h and 1 min between them


def test_steps_add_up_to_the_times_themselves():
    nearly_minutes = 300.0 + np.arange(2000) * (1 / 60 + 1e-13)
    times = np.r_[np.arange(300) / 7.0, 200.0 + np.arange(3000) / 60.0, nearly_minutes, 500.1]
    made = plan(times, 1)
    for first, last, h in made.runs:
        if h >= 0:
            error = abs(made.steps[h] * (last - first) - (times[last] - times[first]))
            assert error <= 5.0 * np.spacing(times[last])


def test_gaps_that_differ_by_more_than_rounding_stay_different():
    times = np.r_[0.0, np.cumsum(np.repeat(1.0 + 1e-9 * np.arange(20), 10))]
    assert len(plan(times, 1).steps) == 20


def test_a_step_of_few_cells_gets_no_table():
    assert np.isnan(steps_of(np.arange(FEW_CELLS))).all()
    assert not np.isnan(steps_of(np.arange(FEW_CELLS + 1))).any()


@pytest.mark.parametrize("n", [8, 9, 63, 64, 65, 5000, 100_000])
def test_blocks_are_powers_of_two_and_no_longer_than_needed(n):
    block = int(plan(np.arange(float(n + 1)), 3).block[0])
    assert block in 2 ** np.arange(7)
    assert block <= LARGEST_BLOCK
    assert block < 2 * n


def test_equal_times_make_cells_of_no_length():
    assert np.isnan(steps_of(np.repeat([0.0, 1.0], 20))).all()


def test_actions_belong_to_the_cell_before_the_first_observation_that_sees_them():
    times, order = np.array([0.0, 1.0, 1.0, 2.0]), np.array([1, 0, 2, 1])
    time = np.array([[-1.0, 0.0, 0.5, 1.0, 1.0, 1.0, 2.0, 3.0]])
    rank = np.array([[0, 1, 0, 0, 1, 3, 2, 0]])
    assert cells_of(time, rank, times, order).tolist() == [[0, 0, 1, 1, 2, 3, 4, 4]]
