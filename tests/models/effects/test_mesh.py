"""Mesh of cells and polynomials in them."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpksim.models.effects.mesh import (
    FIRST_CELL,
    LONGEST_CELL,
    NODES,
    SAME_TIME,
    STEPS,
    graded_mesh,
)
from kpksim.models.effects.parts import cut
from kpksim.models.effects.polynomials import coefficients, halvings, repeated_integrals

hour = st.floats(0.0, 400.0)
ROUNDING = 1e-9


@pytest.mark.parametrize("degree", range(STEPS + 1))
@pytest.mark.parametrize("times", [1, 2, 3])
def test_integrals_of_powers_are_exact(degree, times):
    expected = NODES ** (degree + times)
    for n in range(times):
        expected = expected / (degree + 1 + n)
    found = repeated_integrals(times)[times - 1] @ NODES**degree
    assert found == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("degree", range(STEPS + 1))
def test_coefficients_are_those_of_powers(degree):
    found = coefficients() @ (2.0 * NODES - 1.0) ** degree
    assert found == pytest.approx(np.eye(STEPS + 1)[degree], abs=2e-11)


@pytest.mark.parametrize("level", [0, 1, 3])
def test_halves_of_a_cell_hold_the_same_polynomial(level):
    fine = np.linspace(0.0, 1.0, STEPS * 2**level + 1)
    assert halvings(level) @ NODES**STEPS == pytest.approx(fine**STEPS, abs=1e-13)


@given(st.lists(hour, min_size=1, max_size=20), st.lists(hour, min_size=1, max_size=8))
def test_mesh_ascends_and_is_fine_after_every_break(times, breaks):
    wanted = np.unique(times)
    mesh = graded_mesh(wanted, breaks)
    starts, lengths = mesh.boundaries[:-1], mesh.lengths
    assert np.all(np.diff(mesh.nodes) > 0)
    assert np.diff(mesh.boundaries) == pytest.approx(lengths, abs=ROUNDING)
    assert mesh.nodes[0] == min(breaks)
    assert mesh.nodes[-1] >= wanted[-1] or not len(lengths)
    assert np.all(lengths <= LONGEST_CELL + ROUNDING)
    for start, length in zip(starts, lengths, strict=True):
        distance = start - max(edge for edge in breaks if edge <= start + SAME_TIME)
        assert length <= max(distance, FIRST_CELL) + ROUNDING


@given(st.lists(hour, min_size=1, max_size=8), hour)
def test_no_break_lies_inside_a_cell(breaks, last):
    mesh = graded_mesh([last], breaks)
    for edge in breaks:
        inside = (mesh.boundaries[:-1] + ROUNDING < edge) & (edge < mesh.boundaries[1:] - ROUNDING)
        assert not inside.any()


def test_mesh_does_not_depend_on_the_times_wanted():
    breaks = [0.0, 2 / 3, 84.0]
    one = graded_mesh([168.0], breaks)
    two = graded_mesh(np.linspace(0.0, 168.0, 2017), breaks)
    assert np.array_equal(one.nodes, two.nodes)


def test_few_lengths_occur_in_a_course_of_infusions():
    """The engine needs one matrix for each, so there should be few."""
    breaks = [edge for k in range(6) for edge in (28.0 * k, 28.0 * k + 2 / 3)]
    mesh = graded_mesh([168.0], breaks)
    assert len(np.unique(mesh.lengths.round(9))) <= 12


def test_breaks_that_differ_by_rounding_are_one():
    mesh = graded_mesh([4.0], breaks=[0.0, 0.3, 0.1 + 0.2])
    assert mesh.lengths.min() > 1e-6


def test_times_before_the_first_break_need_no_cell():
    mesh = graded_mesh([0.0, 1.0], breaks=[2.0])
    assert mesh.nodes.tolist() == [2.0]
    begins, _ = mesh.places([0.0, 1.0])
    assert begins.tolist() == [2]


@given(st.lists(hour, min_size=1, max_size=20, unique=True), hour)
def test_places_lead_back_to_the_times(times, start):
    wanted = np.sort(times)
    mesh = graded_mesh(wanted, [start])
    begins, places = mesh.places(wanted)
    assert begins[-1] == len(wanted)
    assert np.all(wanted[: begins[0]] <= start)
    for cell, (first, end) in enumerate(pairwise(begins)):
        found = mesh.boundaries[cell] + mesh.lengths[cell] * (places[first:end] + 1.0) / 2.0
        assert found == pytest.approx(wanted[first:end], abs=ROUNDING)


@pytest.mark.parametrize("level", [0, 1, 2, 5])
def test_parts_are_no_longer_than_asked_and_hold_the_values_of_their_cell(level):
    mesh = graded_mesh([60.0], breaks=[0.0, 1.0, 24.0])
    parts = cut(mesh, level)
    assert parts.mesh.lengths.max() <= mesh.lengths.max() / 2**level + ROUNDING
    assert parts.mesh.lengths.sum() == pytest.approx(mesh.lengths.sum())
    values = np.cos(mesh.nodes / 8.0)
    for k, cell in enumerate(parts.cell):
        nodes = values[STEPS * cell : STEPS * cell + STEPS + 1]
        if parts.stride[k]:
            nodes = parts.table[parts.row[k] + parts.stride[k] * np.arange(STEPS + 1)] @ nodes
        expected = np.cos(parts.mesh.nodes[STEPS * k : STEPS * k + STEPS + 1] / 8.0)
        assert nodes == pytest.approx(expected, abs=1e-12)
