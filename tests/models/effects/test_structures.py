"""Laws that every effect curve obeys, and what the structures refuse."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpksim.errors import ModelError
from kpksim.models.effects import (
    NODES,
    Dissociation,
    EffectSite,
    Pressure,
    Symptom,
    graded_mesh,
)

SYMPTOM = Symptom(
    "ketamine", t_ke0=0.5, ec50=95.0, g=1.5, rf=0.5, rs=0.5, kin=0.2, t_slow=96.0,
    p_blind=0.12, p_open=0.23, tau_p=12.0, t_d=4.0,
)  # fmt: skip
CADSS = Dissociation("ketamine", t_ke0=0.1, emax=40.0, ec50=150.0, g=2.0, kappa=0.1, t_tol=672.0)
SBP = Pressure("ketamine", t_ke0=0.1, a=10.0, g=1.0)
PROBABLE = st.floats(0.0, 0.99)


def site(dose=70.0, starts=(0.0,), horizon=336.0, refine=1):
    """Effect site after doses into one compartment, 4 h half-life in and out of the site."""
    wanted = np.unique([*np.arange(0.0, horizon, 4.0 / refine), horizon])
    mesh, index = graded_mesh(wanted, starts)

    def course(times):
        since = np.maximum(times[..., None] - np.array(starts), 0.0)
        return 12.0 * dose * (np.exp(-0.3 * since) - np.exp(-2.0 * since)).sum(axis=-1)

    nodes = mesh[:-1, None] + np.diff(mesh)[:, None] * NODES
    return EffectSite(mesh, course(mesh)[None], course(nodes)[None]), index


def drug(effect, **how):
    where, index = site(**how)
    return effect.response(where)["drug"][0, index]


def test_no_dose_gives_no_effect_of_the_drug():
    where, _ = site(dose=0.0)
    for effect in (SYMPTOM, CADSS, SBP):
        assert np.all(effect.response(where)["drug"] == 0.0)


def test_expectation_is_there_without_any_drug():
    where, _ = site(dose=0.0)
    curves = SYMPTOM.response(where)
    assert curves["blinded"][0, -1] == pytest.approx(-12.0)
    assert curves["open"][0, -1] == pytest.approx(-23.0)


def test_expectation_starts_at_the_first_dose():
    where, index = site(starts=(24.0,))
    late = dataclasses.replace(where, first_dose=24.0)
    curves = {name: curve[0, index] for name, curve in SYMPTOM.response(late).items()}
    assert np.all(curves["open"][:7] == 0.0)
    assert curves["open"][-1] < curves["blinded"][-1] < curves["drug"][-1]


@given(PROBABLE, PROBABLE, st.floats(0.0, 5000.0))
def test_score_never_falls_below_nothing(rf, rs, dose):
    where, _ = site(dose=dose, horizon=48.0)
    curves = dataclasses.replace(SYMPTOM, rf=rf, rs=rs).response(where)
    for curve in curves.values():
        assert np.all((curve >= -100.0) & (curve <= 0.0))


@pytest.mark.parametrize("name", ["rf", "rs"])
def test_larger_reduction_of_a_clock_gives_a_deeper_curve(name):
    weak = drug(dataclasses.replace(SYMPTOM, **{name: 0.3}))
    strong = drug(dataclasses.replace(SYMPTOM, **{name: 0.6}))
    assert np.all(strong <= weak)
    assert strong.min() < weak.min() - 1.0


@pytest.mark.parametrize("effect", [SYMPTOM, CADSS])
def test_twice_the_dose_gives_less_than_twice_the_peak_near_saturation(effect):
    one, two = (np.abs(drug(effect, dose=dose)).max() for dose in (70.0, 140.0))
    assert 1.05 * one < two < 1.95 * one


def test_slow_clock_saturates_under_repeated_doses():
    starts = tuple(np.arange(0.0, 28 * 24.0, 24.0))
    troughs = drug(SYMPTOM, starts=starts, horizon=28 * 24.0)[::6]
    gains = -np.diff(troughs)
    assert np.all(gains[1:7] < gains[:6])
    assert abs(gains[-1]) < 1e-9


def test_tolerance_lowers_the_second_dissociation_and_none_lowers_the_second_pressure():
    starts = (0.0, 168.0)
    for effect, low, high in ((CADSS, 0.5, 0.97), (SBP, 1 - 1e-12, 1 + 1e-12)):
        where, _ = site(starts=starts)
        curve = effect.response(where)["drug"][0]
        first = curve[where.times < 168.0].max()
        assert low <= curve[where.times >= 168.0].max() / first <= high


def test_delay_moves_the_slow_clock_and_keeps_it_below_its_source():
    where, _ = site(horizon=24.0)
    _, late = SYMPTOM.clocks(where)
    _, prompt = dataclasses.replace(SYMPTOM, t_d=None).clocks(where)
    assert late[0].argmax() > prompt[0].argmax()
    assert late.max() < prompt.max()


@pytest.mark.parametrize("effect", [SYMPTOM, CADSS])
@pytest.mark.parametrize("starts", [(0.0,), (0.0, 84.0, 168.0)])
def test_finer_mesh_changes_no_curve(effect, starts):
    coarse = drug(effect, starts=starts)
    fine = drug(effect, starts=starts, refine=16)[::16]
    assert coarse == pytest.approx(fine, abs=1e-6)


def test_rate_of_the_effect_site_follows_from_its_half_life():
    assert np.exp(-SYMPTOM.ke0 * SYMPTOM.t_ke0) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rf": 1.0}, "rf of an effect is a share from 0 up to less than 1, got 1.0"),
        ({"p_open": -0.1}, "p_open of an effect is a share"),
        ({"ec50": 0.0}, "ec50 of an effect must be positive, got 0.0"),
        ({"t_d": -4.0}, "t_d of an effect must be positive, got -4.0"),
        ({"kin": float("nan")}, "kin of an effect must be positive, got nan"),
    ],
)
def test_parameters_outside_their_range_are_refused(change, message):
    with pytest.raises(ModelError, match=message):
        dataclasses.replace(SYMPTOM, **change)


def test_arrays_that_do_not_fit_the_mesh_are_refused():
    with pytest.raises(ModelError, match=r"3 mesh times needs shapes \(S, 3\) and \(S, 2, 6\)"):
        EffectSite(np.arange(3.0), np.zeros((1, 3)), np.zeros((1, 3, 6)))


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_impossible_concentrations_are_refused(value):
    with pytest.raises(ModelError, match=f"finite and not negative, got {value} ng/mL"):
        EffectSite(np.arange(2.0), np.array([[0.0, value]]), np.zeros((1, 1, 6)))
