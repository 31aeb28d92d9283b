"""Laws that every effect curve obeys, and what the structures refuse."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpksim.errors import ModelError
from kpksim.models.effects import (
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
    times = np.unique([*np.arange(0.0, horizon, 4.0 / refine), horizon])
    mesh = graded_mesh(times, starts)

    def course(times):
        since = np.maximum(times[..., None] - np.array(starts), 0.0)
        return 12.0 * dose * (np.exp(-0.3 * since) - np.exp(-2.0 * since)).sum(axis=-1)

    return EffectSite(times, course(times)[None], mesh, course(mesh.nodes)[None])


def drug(effect, **how):
    return effect.response(site(**how))["drug"][0]


def test_no_dose_gives_no_effect_of_the_drug():
    where = site(dose=0.0)
    for effect in (SYMPTOM, CADSS, SBP):
        assert np.all(effect.response(where)["drug"] == 0.0)


def test_expectation_is_there_without_any_drug():
    where = site(dose=0.0)
    curves = SYMPTOM.response(where)
    assert curves["blinded"][0, -1] == pytest.approx(-12.0)
    assert curves["open"][0, -1] == pytest.approx(-23.0)


def test_expectation_starts_at_the_first_dose():
    late = dataclasses.replace(site(starts=(24.0,)), first_dose=24.0)
    curves = {name: curve[0] for name, curve in SYMPTOM.response(late).items()}
    assert np.all(curves["open"][:7] == 0.0)
    assert curves["open"][-1] < curves["blinded"][-1] < curves["drug"][-1]


@given(PROBABLE, PROBABLE, st.floats(0.0, 5000.0))
def test_score_never_falls_below_nothing(rf, rs, dose):
    where = site(dose=dose, horizon=48.0)
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
        where = site(starts=starts, refine=16)
        curve = effect.response(where)["drug"][0]
        first = curve[where.times < 168.0].max()
        assert low <= curve[where.times >= 168.0].max() / first <= high


def test_delay_moves_the_slow_clock_and_keeps_it_below_its_source():
    where = site(horizon=24.0)
    _, late = SYMPTOM.clocks(where)
    _, prompt = dataclasses.replace(SYMPTOM, t_d=None).clocks(where)
    assert late[0].argmax() > prompt[0].argmax()
    assert late.max() < prompt.max()


@pytest.mark.parametrize("effect", [SYMPTOM, CADSS])
@pytest.mark.parametrize("starts", [(0.0,), (0.0, 84.0, 168.0)])
def test_finer_times_change_no_curve(effect, starts):
    coarse = drug(effect, starts=starts)
    fine = drug(effect, starts=starts, refine=16)[::16]
    assert coarse == pytest.approx(fine, abs=1e-10)


def test_more_transits_of_the_same_length_reach_their_peak_later():
    peaks = [
        np.argmin(drug(dataclasses.replace(SYMPTOM, rf=0.0, transits=n), refine=16))
        for n in (1, 2, 3)
    ]
    assert peaks[0] < peaks[1] < peaks[2]


@pytest.mark.parametrize("effect", [SYMPTOM, CADSS, SBP])
def test_subjects_with_parameters_of_their_own_are_computed_one_by_one(effect):
    changed = {"g": np.array([0.8, 1.5, 3.0]), "t_ke0": 0.5}
    for name, values in (("kin", [0.1, 0.5, 5.0]), ("kappa", [0.1, 0.2, 0.5]), ("a", [1, 5, 9])):
        if getattr(effect, name, None) is not None:
            changed[name] = np.array(values, dtype=float)
    where = site(refine=4)
    three = dataclasses.replace(where, at=where.at[[0, 0, 0]], inside=where.inside[[0, 0, 0]])
    together = dataclasses.replace(effect, **changed).response(three)
    for k in range(3):
        own = {name: value[k] if np.ndim(value) else value for name, value in changed.items()}
        alone = dataclasses.replace(effect, **own).response(where)
        for name, curve in alone.items():
            assert np.array_equal(curve[0], together[name][k])


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
        ({"kin": np.array([0.2, -1.0])}, "kin of an effect must be positive, got -1.0"),
        ({"transits": 0}, "transits of an effect is a whole number from 1, got 0"),
        ({"m": 1.0}, "m of an effect is a share from 0 up to less than 1, got 1.0"),
        ({"also": "norketamine"}, "also and w_also of an effect come together; state both"),
        ({"slow_ec50": 30.0}, "slow_drive and slow_ec50 of an effect come together"),
        ({"kappa": 0.1}, "kappa and t_tol of an effect come together"),
        ({"kin": None}, "kin and t_slow of an effect come together"),
        ({"kin": None, "t_slow": None}, "rs of an effect is 0 without a slow clock"),
        ({"shape": "inverted U"}, 'an inverted U needs ic50, and only it; got "inverted U"'),
        ({"ic50": 250.0}, 'an inverted U needs ic50, and only it; got "hill"'),
        (
            {"slow_drive": "norketamine", "slow_ec50": 30.0, "kappa": 0.1, "t_tol": 24.0},
            "does not go with an inverted U or a drive that wanes",
        ),
    ],
)
def test_parameters_outside_their_range_are_refused(change, message):
    with pytest.raises(ModelError, match=message):
        dataclasses.replace(SYMPTOM, **change)


def test_arrays_that_do_not_fit_the_mesh_are_refused():
    where = site()
    with pytest.raises(ModelError, match=r"3 times and \d+ nodes needs shapes \(S, 3\)"):
        EffectSite(np.arange(3.0), np.zeros((1, 3)), where.mesh, np.zeros((1, 6)))


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
@pytest.mark.parametrize("name", ["at", "inside"])
def test_impossible_concentrations_are_refused(value, name):
    where = site()
    values = getattr(where, name).copy()
    values[0, 1] = value
    with pytest.raises(ModelError, match=f"finite and not negative, got {value} ng/mL"):
        dataclasses.replace(where, **{name: values})


def test_an_effect_with_two_sites_wants_both():
    two = dataclasses.replace(SYMPTOM, slow_drive="norketamine", slow_ec50=30.0)
    with pytest.raises(ModelError, match="one concentration per effect site, of which it has 2"):
        two.response(site())
    with pytest.raises(ModelError, match="one concentration per effect site, of which it has 1"):
        SYMPTOM.response(site(), site())


def test_a_slow_clock_with_the_same_drive_of_its_own_is_the_same_clock():
    own = dataclasses.replace(SYMPTOM, slow_drive="norketamine", slow_ec50=SYMPTOM.ec50)
    assert np.array_equal(own.response(site(), site())["drug"], SYMPTOM.response(site())["drug"])
    stronger = dataclasses.replace(own, slow_ec50=30.0)
    assert drug(SYMPTOM)[20] > stronger.response(site(), site())["drug"][0, 20]


def test_an_effect_may_be_driven_by_other_names():
    two = dataclasses.replace(SYMPTOM, also="norketamine", w_also=0.1)
    arterial = two.driven_by(lambda name: f"{name}_arterial")
    assert arterial.sites == ({"ketamine_arterial": 1.0, "norketamine_arterial": 0.1},)
    assert SYMPTOM.driven_by(str.upper).sites == ({"KETAMINE": 1.0},)


def test_without_a_slow_clock_relief_goes_with_the_drug():
    fast = dataclasses.replace(SYMPTOM, rs=0.0, kin=None, t_slow=None, t_d=None)
    as_before = dataclasses.replace(SYMPTOM, rs=0.0)
    assert np.array_equal(drug(fast), drug(as_before))
    assert abs(drug(fast)[-1]) < 1e-9


def test_midazolam_acts_at_once_and_fades_in_hours():
    since = np.array([-1.0, 0.0, 3.0, 1000.0])
    some = dataclasses.replace(SYMPTOM, m=0.2)
    for study, p in (("blinded", 0.12), ("open", 0.23)):
        left = 1.0 - p * (1.0 - np.exp(-np.maximum(since, 0.0) / 12.0))
        left = left * (1.0 - 0.2 * np.array([0.0, 1.0, np.exp(-1.0), np.exp(-1000.0 / 3.0)]))
        assert some.midazolam(since)[study] == pytest.approx(100.0 * (left - 1.0), abs=1e-12)
        assert SYMPTOM.midazolam(since)[study] == pytest.approx(
            SYMPTOM.expectation(since)[study], abs=1e-12
        )
