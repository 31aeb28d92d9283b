"""Clocks, transduction and scale against closed forms and high-precision quadrature."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpksim.errors import ModelError, UnknownName
from kpksim.models.effects.clocks import Drive, leaky_integral, slow_clock, waning
from kpksim.models.effects.kinks import cut_where, passes
from kpksim.models.effects.mesh import graded_mesh
from kpksim.models.effects.parts import cut
from kpksim.models.effects.scale import score_changes
from kpksim.models.effects.transduction import SHAPES, power, transduced

TIMES = np.array([0.0, 0.01, 1.0, 3.3, 10.0, 47.1, 100.0])
MESH = graded_mesh(TIMES, breaks=[0.0])


def constant(*values):
    """Drive that does not change, for one subject per value; the EC50 is 1 and g is 1."""
    ce = np.array([1e300 if one == 1.0 else one / (1.0 - one) for one in values])
    return Drive(MESH, np.repeat(ce[:, None], len(MESH.nodes), axis=1), 1.0, 1.0)


@pytest.mark.parametrize("drive", [0.0, 1e-9, 0.5, 1.0])
@pytest.mark.parametrize("kin", [0.02, 0.2, 1.0, 4.0, 30.0])
def test_slow_clock_under_constant_drive_is_one_exponential(drive, kin):
    kout = math.log(2.0) / 96.0
    rate = kin * drive + kout
    found = slow_clock(constant(drive), TIMES, kin, kout)[0]
    assert found == pytest.approx(-kin * drive / rate * np.expm1(-rate * TIMES), abs=1e-9)


@pytest.mark.parametrize("transits", [1, 2, 3, 5])
@pytest.mark.parametrize("rate", [0.02, 0.17, 1.2, 20.0])
def test_chain_of_transits_is_a_gamma_distribution(transits, rate):
    """Under full drive and an almost instant clock the last of n transits is P(n, k t)."""
    expected = [float(mpmath.gammainc(transits, 0, rate * t, regularized=True)) for t in TIMES]
    found = slow_clock(constant(1.0), TIMES, 200.0, 1e-9, rate=rate, transits=transits)[0]
    behind = rate / 200.0  # the clock is 1 but for 1/200 h, and no transit rises faster than k
    assert found == pytest.approx(expected, abs=behind + 1e-8)


@pytest.mark.parametrize("transits", [1, 3])
def test_transits_behind_a_clock_are_a_convolution(transits):
    kin, kout, rate = 0.2, 0.007, 0.17
    top, both = kin / (kin + kout), kin + kout
    found = slow_clock(constant(1.0), TIMES, kin, kout, rate=rate, transits=transits)[0]

    def late(t):
        density = lambda s: rate**transits * s ** (transits - 1) * mpmath.exp(-rate * s)  # noqa: E731
        clock = lambda s: top * -mpmath.expm1(-both * (t - s))  # noqa: E731
        whole = mpmath.quad(lambda s: density(s) * clock(s), [0, t / 2, t])
        return float(whole / mpmath.factorial(transits - 1))

    assert found == pytest.approx([late(float(t)) for t in TIMES], abs=1e-10)


@pytest.mark.parametrize("rate", [0.0, math.log(2.0) / 672.0, 0.5])
def test_tolerance_of_constant_drive_is_one_exponential(rate):
    expected = -0.3 * np.expm1(-rate * TIMES) / rate if rate else 0.3 * TIMES
    assert leaky_integral(constant(0.3), TIMES, rate)[0] == pytest.approx(expected, rel=1e-10)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.0, 0.9), st.floats(0.0, 0.9), st.floats(0.0, 2.0))
def test_tolerance_is_superposed(one, two, rate):
    """Twice the drive, or the sum of two drives: T is linear in it."""
    if one + two >= 1.0:
        one, two = one / 2, two / 2
    parts = leaky_integral(constant(one, two, one + two), TIMES, rate)
    assert parts[0] + parts[1] == pytest.approx(parts[2], rel=1e-9, abs=1e-13)


def test_two_half_steps_are_one_step():
    """A break that changes nothing cuts the cells, and the curve stays the same."""
    course = lambda t: 300.0 * (np.exp(-0.3 * t) - np.exp(-2.0 * t))  # noqa: E731
    found = []
    for breaks in ([0.0], [0.0, 7.0, 23.0]):
        mesh = graded_mesh(TIMES, breaks)
        drive = Drive(mesh, course(mesh.nodes)[None], 95.0, 1.5)
        found.append(slow_clock(drive, TIMES, 0.3, 0.01, rate=0.2, transits=3))
    assert np.abs(found[0] - found[1]).max() <= 1e-10


@pytest.mark.parametrize("transits", [0, 1, 3])
def test_each_subject_follows_its_own_drive_and_parameters_bit_for_bit(transits):
    rng = np.random.default_rng(1)
    n = 9
    ce = rng.uniform(0.0, 300.0, (n, len(MESH.nodes)))
    ec50, g, kin, kout, rate = rng.uniform(
        [[50.0], [0.5], [0.05], [0.001], [0.1]], [[200.0], [4.0], [6.0], [0.1], [3.0]], (5, n)
    )

    def some(who):
        return slow_clock(
            Drive(MESH, ce[who], ec50[who], g[who]), TIMES, kin[who], kout[who],
            rate=rate[who], transits=transits,
        )  # fmt: skip

    whole = some(slice(None))
    for part in (1, 2, 4):
        parts = [some(slice(first, first + part)) for first in range(0, n, part)]
        assert np.array_equal(np.concatenate(parts), whole)


def test_nothing_is_there_before_the_first_dose():
    times = np.array([0.0, 5.0, 9.999, 10.0, 11.0])
    mesh = graded_mesh(times, breaks=[10.0])
    drive = Drive(mesh, np.full((1, len(mesh.nodes)), 100.0), 95.0, 1.5)
    for found in (
        slow_clock(drive, times, 0.2, 0.01),
        slow_clock(drive, times, 0.2, 0.01, rate=0.2, transits=3),
        leaky_integral(drive, times, 0.1),
    ):
        assert found[0, :4].tolist() == [0.0] * 4
        assert found[0, 4] > 0.0


def test_no_time_after_the_first_dose_gives_nothing():
    times = np.array([0.0, 5.0])
    mesh = graded_mesh(times, breaks=[10.0])
    drive = Drive(mesh, np.zeros((1, 1)), 95.0, 1.5)
    assert slow_clock(drive, times, 0.2, 0.01).tolist() == [[0.0, 0.0]]


def test_rate_that_cannot_be_followed_is_refused():
    with pytest.raises(ModelError, match="rates of an effect up to 256/h are followed, got 5000"):
        slow_clock(constant(0.5), TIMES, 5000.0, 0.01)


def test_parameters_for_another_number_of_subjects_are_refused():
    with pytest.raises(ModelError, match=r"one for each of 1 subjects, got shape \(2,\)"):
        slow_clock(constant(0.5), TIMES, np.array([0.1, 0.2]), 0.01)


@pytest.mark.parametrize("g", [0.3, 1.0, 1.5, 4.0])
def test_no_or_hardly_any_concentration_gives_no_drive(g):
    tiny = np.array([[0.0, 5e-324, 1e-300, 1e-200]])
    assert transduced(tiny, 95.0, g)[0, 0] == 0.0
    assert power(tiny, 10.0, g, 200.0)[0, 0] == 0.0
    assert np.all(transduced(tiny, 95.0, g) < 1e-50)


@pytest.mark.parametrize("g", [0.3, 1.0, 1.5, 4.6])
def test_drive_and_power_agree_with_high_precision(g):
    ce = 10.0 ** np.linspace(-12.0, 8.0, 301)
    with mpmath.workdps(40):
        ratio = [(mpmath.mpf(float(one)) / 95) ** mpmath.mpf(g) for one in ce]
        drive = np.array([float(one / (1 + one)) for one in ratio])
        rise = np.array([float(7 * one) for one in ratio])
    # an error of 1e-16 in the exponent g ln(ce) counts as much as the exponent is large
    assert transduced(ce[None], 95.0, g)[0] == pytest.approx(drive, rel=3e-14)
    assert power(ce[None], 7.0, g, 95.0)[0] == pytest.approx(rise, rel=3e-14)


def test_drive_is_never_more_than_full():
    assert transduced([[1e300, 1e308]], 95.0, 4.6).tolist() == [[1.0, 1.0]]
    assert transduced([[380.0, 1e308]], 95.0, 4.6, "power").tolist() == [[1.0, 1.0]]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("g", [0.3, 1.0, 2.5, 12.0])
def test_every_shape_agrees_with_its_equation(shape, g):
    ce, ec50, ic50 = np.append(0.0, np.geomspace(1e-3, 1e4, 200)), 80.0, 250.0
    hill = ce**g / (ec50**g + ce**g)
    expected = {
        "hill": hill,
        "power": np.minimum((ce / (4.0 * ec50)) ** g, 1.0),
        "inverted U": hill / (1.0 + (ce / ic50) ** 3),
    }
    found = transduced(ce[None], ec50, g, shape, ic50)[0]
    assert found == pytest.approx(expected[shape], rel=1e-12, abs=1e-300)


def test_an_unknown_shape_is_named_with_the_nearest():
    with pytest.raises(UnknownName, match='no shape of an effect "hil"; did you mean "hill"'):
        transduced([[1.0]], 95.0, 1.0, "hil")


def test_a_drive_that_wanes_under_constant_concentration_has_a_closed_form():
    kappa, rate, drive = 0.3, 0.05, constant(0.4)
    left, waned = waning(drive, TIMES, kappa, rate)

    def share(t):
        return np.exp(-kappa * 0.4 * -np.expm1(-rate * t) / rate)

    assert left[0] == pytest.approx(share(TIMES), rel=1e-9)
    assert waned.ce[0] == pytest.approx(0.4 * share(MESH.nodes), rel=1e-9)
    assert np.array_equal(waned.at(waned.ce), waned.ce)


@pytest.mark.parametrize("kin", [0.2, 20.0])
def test_a_clock_on_a_power_that_becomes_full_has_a_closed_form(kin):
    """A concentration that rises in proportion to time, full from 3.7 h on, g = 1."""
    mesh = graded_mesh(TIMES, breaks=[0.0])
    full, kout = 3.7, 0.01
    drive = Drive(mesh, mesh.nodes[None] * 4.0, full, 1.0, "power")
    found = slow_clock(drive, TIMES, kin, kout)[0]

    def clock(t):
        """By the integrating factor, in high precision."""

        def passed(s):
            wound = s**2 / (2 * full) if s < full else full / 2 + (s - full)
            return kout * s + kin * wound

        def filled(s):
            return kin * min(s / full, 1) * mpmath.exp(passed(s) - passed(t))

        return float(mpmath.quad(filled, sorted({0, min(full, t), min(t, 2 * full), t})))

    some = TIMES[1:5]
    assert found[1:5] == pytest.approx([clock(mpmath.mpf(t)) for t in some], abs=1e-9)


def test_cells_are_cut_where_a_concentration_passes_a_level():
    """The wave passes 0 at whole multiples of pi: the cells are cut there and stay in order."""
    mesh = graded_mesh([12.0], breaks=[0.0])
    course = 1.0 + np.sin(mesh.nodes)
    for level, each in ((0, 0), (2, 1)):
        whole = cut(mesh, level, each)
        parts = cut_where(whole, course, 1.0)
        new = np.setdiff1d(parts.mesh.boundaries, whole.mesh.boundaries)
        assert new == pytest.approx(math.pi * np.arange(1, 4), abs=1e-5)
        assert (np.diff(parts.mesh.boundaries) > 0.0).all()
        rows = parts.row[parts.stride > 0], parts.stride[parts.stride > 0]
        for k, row, stride in zip(np.flatnonzero(parts.stride), *rows, strict=True):
            nodes = course[12 * parts.cell[k] : 12 * parts.cell[k] + 13]
            here = parts.table[row : row + 12 * stride + 1 : stride] @ nodes
            assert here == pytest.approx(1.0 + np.sin(parts.mesh.nodes[12 * k :][:13]), abs=1e-5)


def test_a_level_that_is_never_passed_cuts_nothing():
    mesh = graded_mesh([12.0], breaks=[0.0])
    assert not passes(np.ones(3), 1.0)
    parts = cut_where(cut(mesh, 0), np.ones(len(mesh.nodes)), 2.0)
    assert np.array_equal(parts.mesh.boundaries, mesh.boundaries)


def test_reductions_multiply_what_remains():
    curves = np.ones((3, 1, 1))
    found = score_changes(curves, np.array([1e6]), (0.5, 0.2), (0.25, 0.0), 12.0)[:, 0, 0]
    assert found == pytest.approx([-60.0, -100 * (1 - 0.5 * 0.8 * 0.75), -60.0])


def test_expectation_is_nothing_before_the_first_dose_and_grows_after_it():
    curves, since = np.zeros((3, 2, 4)), np.array([-5.0, 0.0, 12.0, 24.0])
    drug, one, two = score_changes(curves, since, (0.5, 0.5), (0.3, 0.6), np.array([12.0, 24.0]))
    assert not drug.any()
    assert not one[:, :2].any()
    assert one[0, 2] == pytest.approx(-30 * (1 - math.exp(-1)))
    assert two[1, 3] == pytest.approx(-60 * (1 - math.exp(-1)))
    assert one[0, 3] < one[0, 2]
