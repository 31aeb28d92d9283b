"""Predicted observations against SciPy's integrators, closed forms and published values."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.linalg import expm
from scipy.optimize import minimize_scalar

import kpksim as kp
from kpksim.analysis import readings
from kpksim.analysis.observables import given_drug, output_of
from kpksim.analysis.prediction import predict
from kpksim.engine import solve
from kpksim.errors import ModelError, UnknownName
from kpksim.models import read_model

INF, NAN = np.inf, np.nan
MODELS = Path(__file__).parent.parent / "models"
MINE = read_model(MODELS / "mine.toml")
CHIRAL = read_model(MODELS / "chiral.toml")
ORAL, IV = kp.oral("50 mg"), kp.infusion("35 mg", over="40 min")


def asked(metric, analyte="ketamine", enantiomer="sum", *, at=NAN, window=(NAN, NAN), over=""):
    return SimpleNamespace(
        metric=metric, analyte=analyte, enantiomer=enantiomer, time=at, window=window, over=over
    )


def predicted(model, regimen, *observations, weight=70.0, site="unknown"):
    return predict(model, regimen, observations, weight=weight, site=site).tolist()


def by_scipy(weight):
    """Give ketamine and norketamine [ng/mL] after 50 mg orally, by an integrator, over time."""
    cl = 95.2 * (weight / 70.0) ** 0.75
    vc, vp, q, ka, lag, vc_nk = 133.0, 187.0, 23.2, 0.97, 0.1, 1.41 * weight

    def flow(_, x):
        depot, central, peripheral, nk = x
        into_nk = ka * depot * (0.93 - 0.18) + 0.8 * cl / vc * central * 223.70 / 237.73
        back = q / vp * peripheral
        return [
            -ka * depot,
            ka * depot * 0.18 - (cl + q) / vc * central + back,
            q / vc * central - back,
            into_nk - 0.6 * cl / vc_nk * nk,
        ]

    depot = [50.0 * 0.9 * 0.9, 0.0, 0.0, 0.0]  # share of the dose, then the depot's own F
    at_once = [0.0, 50.0 * 0.1, 0.0, 0.0]
    how = {"method": "DOP853", "dense_output": True, "rtol": 1e-11, "atol": 1e-13}
    late, early = (solve_ivp(flow, (0.0, 400.0), start, **how).sol for start in (depot, at_once))

    def at(time):
        x = early(time) + (late(time - lag) if time >= lag else 0.0)
        return 1e3 * np.array([x[1] / vc, x[3] / vc_nk])

    return at


@pytest.mark.parametrize("weight", [70.0, 92.0])
def test_concentrations_areas_and_ratios_are_those_of_an_integrator(weight):
    at = by_scipy(weight)

    def area(k, start, end):
        return quad(lambda t: at(t)[k], start, end, points=[0.1, 1, 5], limit=400, epsrel=1e-9)[0]

    got = predicted(
        MINE,
        ORAL,
        asked("concentration", at=0.5),
        asked("concentration", "norketamine", at=6.0),
        asked("auc", window=(0.0, 8.0)),
        asked("auc", "norketamine", window=(2.0, 24.0)),
        asked("auc", window=(1.0, INF)),
        asked("auc_ratio", "norketamine", over="ketamine", window=(0.0, 8.0)),
        asked("auc_ratio", "norketamine", over="ketamine"),
        asked("t_half", window=(4.0, 12.0)),
        weight=weight,
    )
    slope = np.log(at(4.0)[0] / at(12.0)[0]) / 8.0
    assert got == pytest.approx(
        [
            at(0.5)[0],
            at(6.0)[1],
            area(0, 0.0, 8.0),
            area(1, 2.0, 24.0),
            area(0, 1.0, 400.0),
            area(1, 0.0, 8.0) / area(0, 0.0, 8.0),
            area(1, 0.0, 400.0) / area(0, 0.0, 400.0),
            np.log(2.0) / slope,
        ],
        rel=1e-6,
    )


def test_the_peak_is_found_between_the_points_of_the_grid():
    at = by_scipy(70.0)
    peak = minimize_scalar(lambda t: -at(t)[1], bounds=(0.5, 6.0), method="bounded")
    tmax, cmax = predicted(MINE, ORAL, asked("tmax", "norketamine"), asked("cmax", "norketamine"))
    assert cmax == pytest.approx(-peak.fun, rel=1e-6)
    assert tmax == pytest.approx(peak.x, abs=0.01)


def test_bioavailability_clearance_and_volume_are_those_of_the_parameters():
    got = predicted(MINE, ORAL, asked("f"), asked("cl"), asked("vss"), asked("f", "norketamine"))
    of_nk = (0.1 * 0.8 + 0.81 * (0.18 * 0.8 + 0.75 * 237.73 / 223.70)) / 0.8
    assert got == pytest.approx([0.1 + 0.81 * 0.18, 95.2, 133.0 + 187.0, of_nk], rel=1e-9)


def test_the_volume_in_steady_state_is_that_of_the_rate_constants():
    model = kp.load_model("domino1982")
    at_60_kg = model.values({"weight": np.array([60.0])}).items()
    k = {name: float(value[0]) for name, value in at_60_kg}
    regimen = kp.infusion("2 mg/kg", over="1 min")
    got = predicted(model, regimen, asked("cl"), asked("vss"), weight=60.0)
    ratio = 1.0 + k["k12"] / k["k21"] + k["k13"] / k["k31"]
    assert got == pytest.approx([k["vc"] * k["k10"], k["vc"] * ratio], rel=1e-9)


def test_concentrations_of_both_enantiomers_are_those_of_the_matrix_exponential():
    regimen = kp.infusion("40 mg", over="2 h")
    rates, inputs = np.diag([-1.0, -0.8]), np.array([10.0, 10.0])
    state = np.linalg.solve(rates, (expm(2.0 * rates) - np.eye(2)) @ inputs)
    after = 1e3 * expm(0.5 * rates) @ state / 10.0
    got = predicted(
        CHIRAL,
        regimen,
        asked("concentration", enantiomer="s", at=2.5),
        asked("concentration", at=2.5),
        asked("cl", enantiomer="s"),
    )
    assert got == pytest.approx([after[0], after.sum(), 10.0], rel=1e-9)


def test_a_model_without_the_output_or_a_comparison_gives_nan():
    oral_only = kp.oral("5 mg", drug="racemic ketamine")
    got = predicted(
        CHIRAL,
        kp.bolus("5 mg"),
        asked("concentration", enantiomer="r", at=1.0),
        asked("auc_ratio", "norketamine", over="ketamine"),
        asked("auc"),
        asked("concentration"),
        asked("t_half"),
        asked("t_half", window=(0.0, 8.0)),
    )
    assert np.isnan(got).tolist() == [True] * 5 + [False]
    assert np.isnan(predicted(read_model(MODELS / "induced.toml"), oral_only, asked("f"))).all()
    assert predicted(CHIRAL, kp.bolus("5 mg")) == []


@pytest.mark.parametrize(("metrics", "solves"), [(["concentration"], 1), (["cmax", "tmax"], 2)])
def test_all_observations_of_a_group_are_read_off_one_solve(monkeypatch, metrics, solves):
    called = []

    def counted(*arguments):
        called.append(arguments)
        return solve(*arguments)

    monkeypatch.setattr(readings, "solve", counted)
    times = [0.5, 1.0, 2.0]
    predicted(MINE, IV, *(asked(metric, at=time) for metric in metrics for time in times))
    assert len(called) == solves


def test_a_model_that_is_not_linear_gives_its_own_curve_and_no_clearance():
    induced = read_model(MODELS / "induced.toml")
    level, cl = predicted(induced, IV, asked("concentration", at=2.0), asked("cl"))
    curve = kp.simulate(induced, IV, [2.0], outcomes=["ketamine"])["ketamine"]
    assert level == pytest.approx(float(curve[0]), rel=1e-6)
    assert np.isnan(cl)


def test_a_dose_that_the_model_does_not_know_and_an_unknown_metric_are_refused():
    with pytest.raises(ModelError, match='mine has no route "sublingual"'):
        predicted(MINE, kp.sublingual("25 mg"), asked("cmax"))
    with pytest.raises(UnknownName, match='no metric "cmin"'):
        predicted(MINE, ORAL, asked("cmin"))


def test_the_film_of_simons_2022_gives_its_published_table():
    regimen = kp.sublingual("50 mg", drug="esketamine")  # values: tests/published/simons2022.toml
    got = predicted(
        kp.load_model("simons2022"),
        regimen,
        asked("cmax", enantiomer="s"),
        asked("tmax", enantiomer="s"),
        asked("auc", enantiomer="s", window=(0.0, 6.0)),
        asked("cmax", "norketamine", "s"),
        weight=73.0,
        site="arterial",
    )
    assert got == pytest.approx([96.0, 18.8 / 60.0, 8363.0 / 60.0, 276.0], rel=0.15)


@pytest.mark.parametrize(
    ("key", "drug", "enantiomer", "site", "output"),
    [
        ("otto2021", "esketamine", "s", "venous", "ketamine"),
        ("otto2021", "esketamine", "sum", "unknown", "ketamine"),
        ("otto2021", "esketamine", "r", "venous", None),
        ("otto2021", "racemic ketamine", "s", "venous", None),
        ("otto2021", "racemic ketamine", "sum", "venous", None),
        ("otto2021", "racemic ketamine", "r", "venous", None),
        ("otto2021", "esketamine", "s", "arterial", None),
        ("domino1982", "racemic ketamine", "s", "unknown", None),
        ("reference_racemic_2026a", "esketamine", "s", "venous", "ketamine"),
        ("reference_racemic_2026a", "esketamine", "r", "venous", None),
        ("reference_racemic_2026a", "racemic ketamine", "sum", "venous", "ketamine"),
    ],
)
def test_an_observation_finds_its_output(key, drug, enantiomer, site, output):
    assert output_of(kp.load_model(key), drug, "ketamine", enantiomer, site) == output


def test_an_arterial_output_is_found_beside_the_venous_one():
    assert output_of(MINE, "racemic ketamine", "norketamine", "sum", "arterial") == "norketamine"
    assert output_of(MINE, "racemic ketamine", "norketamine", "sum", "venous") is None
    assert output_of(MINE, "racemic ketamine", "ketamine", "sum", "venous") == "ketamine"
    more = {"ketamine_s_arterial": replace(CHIRAL.outputs["ketamine_s"], site="arterial")}
    venous = {name: replace(one, site="venous") for name, one in CHIRAL.outputs.items()}
    both = replace(CHIRAL, outputs=venous | more)
    assert output_of(both, "esketamine", "ketamine", "s", "arterial") == "ketamine_s_arterial"
    assert output_of(both, "esketamine", "ketamine", "s", "venous") == "ketamine_s"
    assert output_of(both, "racemic ketamine", "ketamine", "sum", "arterial") is None


def test_doses_of_two_drugs_count_as_a_mixture():
    both = kp.bolus("5 mg", drug="esketamine") + kp.bolus("5 mg", drug="arketamine")
    assert given_drug(both) == "racemic ketamine"
    assert given_drug(kp.bolus("5 mg", drug="esketamine")) == "esketamine"
