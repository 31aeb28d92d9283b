import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from kpksim.plots.letters import GAP, at_peaks, spread


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0.0, 150.0), min_size=1, max_size=8))
def test_letters_at_the_edge_are_apart_and_in_the_order_of_their_curves(heights):
    heights = np.array(heights)
    placed = spread(heights, highest=154.0)
    order = np.argsort(heights, kind="stable")
    assert (np.diff(placed[order]) >= GAP - 1e-9).all()
    assert placed.max() <= 154.0 + 1e-9


def test_letters_move_as_little_as_a_quadratic_programme_says():
    heights = np.array([10.0, 12.0, 40.0, 43.0, 47.0, 120.0])
    ordered = [{"type": "ineq", "fun": lambda y, i=i: y[i + 1] - y[i] - GAP} for i in range(5)]
    best = minimize(
        lambda y: ((y - heights) ** 2).sum(), heights + GAP * np.arange(6), constraints=ordered
    )
    assert np.allclose(spread(heights, highest=500.0), best.x, atol=1e-3)


def test_a_lone_peak_has_its_letter_above_it():
    x = np.linspace(-1.0, 1.0, 201)
    places, on_line = at_peaks(100.0 * (1.0 - x**2)[None], width=400.0, height=150.0)
    assert np.allclose(places, [[200.0, 110.0]])
    assert not on_line.any()


def test_relief_has_its_letter_below():
    x = np.linspace(-1.0, 1.0, 201)
    places, _ = at_peaks(50.0 + 100.0 * (x**2)[None], width=400.0, height=150.0, down=True)
    assert np.allclose(places, [[200.0, 40.0]])


def test_letters_of_close_curves_are_apart_and_nearest_to_their_own():
    x = np.linspace(0.0, 1.0, 200)
    rise = np.exp(-3.0 * x) - np.exp(-20.0 * x)
    curves = np.array([200.0 * rise, 190.0 * rise, 30.0 * rise])
    places, on_line = at_peaks(curves, width=300.0, height=190.0)
    gaps = np.linalg.norm(places[:, None] - places, axis=2)[np.triu_indices(3, 1)]
    assert gaps.min() >= GAP
    pixels = np.stack([np.broadcast_to(300.0 * x, curves.shape), curves], axis=-1)
    away = np.linalg.norm(places[:, None, None] - pixels, axis=-1).min(axis=2)
    assert away[~on_line].argmin(axis=1).tolist() == np.flatnonzero(~on_line).tolist()


def test_identical_curves_carry_their_letters_side_by_side_on_the_line():
    x = np.linspace(0.0, 1.0, 200)
    curves = np.tile(80.0 * np.exp(-2.0 * x), (3, 1))
    places, on_line = at_peaks(curves, width=300.0, height=100.0)
    gaps = np.linalg.norm(places[:, None] - places, axis=2)[np.triu_indices(3, 1)]
    assert on_line.all()
    assert gaps.min() >= GAP
