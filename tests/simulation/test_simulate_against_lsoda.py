"""The whole of the reference model with all effects, against SciPy's LSODA on equations by hand."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import kpksim as kp
from kpksim.library.effect_catalogue import load_effects
from kpksim.population import typical_person
from kpksim.simulation.problem import people_values

LN2 = math.log(2.0)
MODEL = kp.load_model("reference_racemic_2026a")
P = {name: float(value[0]) for name, value in people_values(MODEL, typical_person())[1].items()}
TIMES = np.array([0.0, 0.1, 0.25, 0.5, 2 / 3, 1, 1.5, 2, 3, 4, 6, 9, 12, 18, 24, 36, 48, 72, 120])
CONCENTRATIONS = ("ketamine", "norketamine", "hydroxynorketamine", "dehydronorketamine")

REGIMENS = {  # regimen, depot's rate, shares to ketamine and norketamine, inputs (start, end, mg)
    "iv": (
        kp.infusion("35 mg", over="40 min").repeat(every="24 h", times=2),
        (0.0, 0.0, 0.0),
        [(0.0, 2 / 3, 35.0, "central"), (24.0, 24.0 + 2 / 3, 35.0, "central")],
    ),
    "sc": (
        kp.subcutaneous("70 mg", at="15 min"),
        (P["ka_sc"], 1.0, 0.0),
        [(0.25, 0.25, 0.93 * 70.0, "depot")],
    ),
    "oral": (
        kp.oral("35 mg").repeat(every="9 h", times=3),
        (P["ka_oral"], 0.18, 0.75),
        [(start, start + P["d_oral"], 35.0, "depot") for start in (0.0, 9.0, 18.0)],
    ),
}


def pharmacokinetics(x, depot, ka, to_ketamine, to_norketamine):
    """Give the slopes of the amounts: central, two peripherals, NK, its peripheral, HNK, DHNK."""
    k, k2, k3, nk, nk2, hnk, hnk2, dhnk = x
    gone, formed = P["cl"] / P["vc"] * k, P["cl_nk"] / P["vc_nk"] * nk
    there, back = P["q"] * (k / P["vc"] - k2 / P["vp"]), P["q2"] * (k / P["vc"] - k3 / P["vp2"])
    nk_out = P["q_nk"] * (nk / P["vc_nk"] - nk2 / P["vp_nk"])
    hnk_out = P["q_hnk"] * (hnk / P["vc_hnk"] - hnk2 / P["vp_hnk"])
    return [
        -ka * depot,
        ka * depot * to_ketamine - gone - there - back,
        there,
        back,
        ka * depot * to_norketamine + gone - formed - nk_out,
        nk_out,
        P["fh"] * formed - P["cl_hnk"] / P["vc_hnk"] * hnk - hnk_out,
        hnk_out,
        P["fd"] * formed - P["cl_dhnk"] / P["vc_dhnk"] * dhnk,
    ]


def drive(ce, effect):
    """Give the share of the largest drive."""
    return max(ce, 0.0) ** effect.g / (effect.ec50**effect.g + max(ce, 0.0) ** effect.g)


def slopes(x, absorption, effects):
    """Give all slopes: nine amounts, five effect sites, X of anxiety, X and Z of depression, T."""
    fluxes = pharmacokinetics(x[1:9], x[0], *absorption)
    cp = 1000.0 * x[1] / P["vc"]
    sites = [LN2 / one.t_ke0 * (cp - ce) for one, ce in zip(effects.values(), x[9:14], strict=True)]
    drives = [drive(ce, effects[name]) for name, ce in
              zip(("anxiety", "depression", "dissociation"), x[9:12], strict=True)]  # fmt: skip
    anxiety, depression, cadss = (effects[n] for n in ("anxiety", "depression", "dissociation"))
    return [
        *fluxes,
        *sites,
        anxiety.kin * drives[0] * (1.0 - x[14]) - LN2 / anxiety.t_slow * x[14],
        depression.kin * drives[1] * (1.0 - x[15]) - LN2 / depression.t_slow * x[15],
        LN2 / depression.t_d * (x[15] - x[16]),
        drives[2] - LN2 / cadss.t_tol * x[17],
    ]


def lsoda(absorption, inputs, effects):
    """Give the states at the wanted times, restarted where an input begins or ends."""
    state, found = np.zeros(18), np.zeros((18, len(TIMES)))
    edges = sorted({0.0, TIMES[-1], *(edge for one in inputs for edge in one[:2])})
    place = {"depot": 0, "central": 1}
    for start, end in pairwise(edges):
        for begins, ends, mg, where in inputs:
            state[place[where]] += mg if begins == ends == start else 0.0
        running = np.zeros(18)
        for begins, ends, mg, where in inputs:
            if begins < ends and begins <= start < ends:
                running[place[where]] += mg / (ends - begins)
        here = np.logical_and(np.greater(TIMES, start), np.less_equal(TIMES, end))
        run = solve_ivp(
            lambda _, x, running=running: np.array(slopes(x, absorption, effects)) + running,
            (start, end), state, "LSODA", rtol=1e-10, atol=1e-13,
            t_eval=np.unique([*TIMES[here], end]),
        )  # fmt: skip
        found[:, here] = run.y[:, : here.sum()]
        state = run.y[:, -1].copy()
    return found


def readings(states, effects, first):
    """Turn states into concentrations [ng/mL] and effects."""
    rows = dict(zip(CONCENTRATIONS, ((1, "vc"), (4, "vc_nk"), (6, "vc_hnk"), (8, "vc_dhnk")),
                    strict=True))  # fmt: skip
    found = {name: 1000.0 * states[row] / P[volume] for name, (row, volume) in rows.items()}
    drives = [[drive(ce, effects[name]) for ce in states[9 + k]]
              for k, name in enumerate(("anxiety", "depression", "dissociation"))]  # fmt: skip
    for name, fast, slow in (("anxiety", drives[0], 14), ("depression", drives[1], 16)):
        one = effects[name]
        left = (1.0 - one.rf) ** np.array(fast) * (1.0 - one.rs) ** states[slow]
        since = np.maximum(TIMES - first, 0.0)
        open_left = 1.0 - one.p_open * (1.0 - np.exp(-since / one.tau_p))
        found |= {name: 100.0 * (left - 1.0), f"{name}_open": 100.0 * (left * open_left - 1.0)}
    cadss = effects["dissociation"]
    found["dissociation"] = cadss.emax * np.array(drives[2]) * np.exp(-cadss.kappa * states[17])
    for k, name in enumerate(("sbp", "dbp")):
        rise = effects[name]
        found[name] = rise.a * (np.maximum(states[12 + k], 0.0) / 200.0) ** rise.g
    return found


@pytest.fixture(scope="module")
def effects():
    """Give the effects scaled to the peak that LSODA itself finds."""
    unscaled = load_effects(100.0)
    states = lsoda((0.0, 0.0, 0.0), [(0.0, 2 / 3, 35.0, "central")], unscaled)
    peak = 1000.0 * states[1, np.flatnonzero(TIMES == 2 / 3)[0]] / P["vc"]
    assert peak == pytest.approx(158.04, abs=0.005)
    return load_effects(peak)


@pytest.mark.parametrize("route", REGIMENS)
def test_concentrations_and_effects_agree_with_lsoda(route, effects):
    regimen, absorption, inputs = REGIMENS[route]
    states = lsoda(absorption, inputs, effects)
    expected = readings(states, effects, regimen.doses[0].time)
    result = kp.simulate(MODEL, regimen, TIMES)
    for name, curve in expected.items():
        error = np.abs(result[name].to_numpy() - curve).max() / np.abs(curve).max()
        assert error <= 1e-7, name
