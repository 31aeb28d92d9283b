"""Mesh and quadrature."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpksim.models.effects.mesh import (
    FIRST_CELL,
    INTEGRATION,
    LONGEST_CELL,
    NODES,
    SAME_TIME,
    WEIGHTS,
    graded_mesh,
)

hour = st.floats(0.0, 400.0)


@pytest.mark.parametrize("degree", range(12))
def test_weights_integrate_polynomials_up_to_degree_eleven(degree):
    assert WEIGHTS @ NODES**degree == pytest.approx(1 / (degree + 1), rel=1e-14)


@pytest.mark.parametrize("degree", range(6))
def test_integration_matrix_integrates_polynomials_up_to_degree_five(degree):
    expected = NODES ** (degree + 1) / (degree + 1)
    assert INTEGRATION @ NODES**degree == pytest.approx(expected, abs=1e-15)


@given(st.lists(hour, min_size=1, max_size=20), st.lists(hour, max_size=8))
def test_mesh_ascends_holds_the_wanted_times_and_is_fine_after_every_break(times, breaks):
    wanted = np.unique(times)
    mesh, index = graded_mesh(wanted, breaks)
    assert np.array_equal(mesh[index], wanted)
    assert np.all(np.diff(mesh) > 0)
    assert mesh[-1] == wanted[-1]
    for start, length in zip(mesh, np.diff(mesh), strict=False):
        passed = [edge for edge in breaks if edge <= start + SAME_TIME]
        if passed:
            distance = start - max(passed)
            assert length <= max(distance, FIRST_CELL) + 3 * SAME_TIME
            assert length <= LONGEST_CELL + 3 * SAME_TIME


def test_mesh_starts_at_the_first_dose_when_the_wanted_times_come_later():
    mesh, index = graded_mesh([24.0, 48.0], breaks=[2 / 3, 0.0])
    assert mesh[0] == 0.0
    assert 2 / 3 in mesh
    assert mesh[index].tolist() == [24.0, 48.0]


def test_break_next_to_a_wanted_time_makes_no_cell_of_rounding_size():
    mesh, _ = graded_mesh([0.0, 0.1 + 0.2, 4.0], breaks=[0.0, 0.3])
    assert np.diff(mesh).min() > 1e-6


def test_breaks_after_the_last_wanted_time_change_nothing():
    one, _ = graded_mesh([0.0, 5.0], breaks=[0.0])
    two, _ = graded_mesh([0.0, 5.0], breaks=[0.0, 5.0, 90.0])
    assert np.array_equal(one, two)
