"""The plan of a solution: which observations are cut where, and with which steps."""

import numpy as np

from kpksim.engine import Actions
from kpksim.engine.actions import schedule
from kpksim.engine.plan import Busy, Run, plan


def made(times, action_times=(), order=0):
    """Plan of one subject with boluses at some times."""
    actions = Actions(action_times, np.zeros(len(action_times), dtype=int), 1.0, 0.0, order)
    times = np.asarray(times, dtype=float)
    ranks = np.ones(len(times), dtype=int)
    return plan(schedule(actions, 1, 1), times, ranks)


def test_a_regular_grid_without_actions_is_one_run():
    pieces = made(np.arange(2001) / 60.0).pieces
    assert [(piece.first, piece.last) for piece in pieces[1:]] == [(0, 2000)]


def test_every_cell_belongs_to_exactly_one_piece():
    times = np.unique(np.r_[np.arange(121) / 60, np.arange(12, 145) / 6, 0.777, 24 + np.arange(50)])
    cells = []
    for piece in made(times, [0.0, 0.777, 3.0, 3.01, 30.5]).pieces[1:]:
        cells += range(piece.first, piece.last) if isinstance(piece, Run) else [piece.end - 1]
    assert cells == list(range(len(times) - 1))


def test_actions_cut_only_their_own_cells():
    busy = [
        (piece.end, int(piece.count[0]))
        for piece in made(np.arange(11.0), [0.0, 2.0, 6.3, 6.4, 99.0]).pieces
        if isinstance(piece, Busy)
    ]
    assert busy == [(0, 1), (2, 1), (7, 2)]


def test_minutes_between_daily_actions_share_one_step():
    times = np.arange(10 * 1440 + 1) / 60.0
    steps = {piece.step for piece in made(times, np.arange(10) * 24.0).pieces[1:]}
    assert len(steps) == 1


def test_steps_add_up_to_the_times_themselves():
    nearly_minutes = 300.0 + np.arange(2000) * (1 / 60 + 1e-13)
    times = np.r_[np.arange(300) / 7.0, 200.0 + np.arange(3000) / 60.0, nearly_minutes, 500.1]
    for piece in made(times, [0.0, 13.0, 277.0]).pieces[1:]:
        first, last = (
            (piece.first, piece.last) if isinstance(piece, Run) else (piece.end - 1, piece.end)
        )
        error = abs(piece.step * (last - first) - (times[last] - times[first]))
        assert error <= 5.0 * np.spacing(times[last])


def test_gaps_that_differ_by_more_than_rounding_stay_different():
    times = np.cumsum(1.0 + 1e-9 * np.arange(20))
    assert len({piece.step for piece in made(times).pieces[1:]}) == 19
