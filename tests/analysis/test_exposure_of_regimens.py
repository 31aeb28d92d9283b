"""Exposure metrics against the table of the reference model, closed forms and fine grids."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

import kpksim as kp
from kpksim.analysis.exposure import METRICS, exposure
from kpksim.errors import ModelError, ScenarioError, UnknownName
from kpksim.population import sample_people

MODEL = kp.load_model("reference_racemic_2026a")
NK, HNK = "norketamine", "hydroxynorketamine"
ROUTES = {
    "iv": kp.infusion("35 mg", over="40 min"),
    "im": kp.intramuscular("35 mg"),
    "sc": kp.subcutaneous("35 mg"),
    "oral": kp.oral("35 mg"),
    "oral_er": kp.extended_release("35 mg", "PR tablet"),
    "intranasal": kp.intranasal("35 mg"),
}
TABLE = {  # K Cmax, K Tmax, K AUC, NK Cmax, NK Tmax, NK AUC, HNK Cmax, NK/K; matrix exponential
    "iv": (158.0, 0.667, 367.6, 74.8, 1.48, 606.4, 28.4, 1.649),
    "im": (144.4, 0.29, 341.9, 69.5, 1.31, 563.9, 26.4, 1.649),
    "sc": (114.6, 0.47, 341.9, 67.4, 1.59, 563.9, 26.3, 1.649),
    "oral": (13.6, 1.20, 66.2, 105.0, 1.31, 563.9, 36.8, 8.522),
    "oral_er": (5.98, 5.88, 55.1, 54.7, 5.95, 563.9, 25.9, 10.23),
    "intranasal": (50.7, 0.60, 174.2, 104.3, 1.27, 578.4, 35.1, 3.32),
}


@pytest.mark.parametrize("route", TABLE)
def test_the_reference_model_gives_the_table_of_all_routes(route):
    found = exposure(MODEL, ROUTES[route], horizon=72.0).set_index("analyte")
    k, nk = found.loc["ketamine"], found.loc[NK]
    got = [k.cmax, k.auc_inf, nk.cmax, nk.auc_inf, found.cmax[HNK], nk.auc_inf / k.auc_inf]
    row = TABLE[route]
    assert got == pytest.approx([row[i] for i in (0, 2, 3, 5, 6, 7)], rel=0.005)
    assert [k.tmax, nk.tmax] == pytest.approx([row[1], row[4]], abs=0.01)


def test_metabolite_peaks_after_an_infusion_are_the_stated_ones():
    found = exposure(MODEL, ROUTES["iv"], horizon=72.0).set_index("analyte")
    assert found.cmax.tolist() == pytest.approx([158.04, 75, 28, 10], rel=0.05)
    assert found.tmax.tolist()[1:] == pytest.approx([1.5, 3.1, 1.9], rel=0.05)
    assert found.t_half["ketamine"] == pytest.approx(7.37, abs=0.005)


@pytest.mark.parametrize(
    ("key", "peak"),
    [("simons2022", 288.7), ("kamp2020", 253.05), ("domino1982", 240.3), ("clements1981", 177.3)],
)
def test_other_models_reach_their_peaks(key, peak):
    model = kp.load_model(key)
    regimen = kp.infusion("35 mg", over="40 min", drug=model.drug)
    found = exposure(model, regimen, horizon=24.0).set_index("analyte")
    assert found.cmax["ketamine"] == pytest.approx(peak, rel=0.005)


def test_areas_agree_with_simpson_on_a_fine_grid():
    times = np.linspace(0.0, 24.0, 48_001)
    curves = kp.simulate(MODEL, kp.oral("35 mg"), times, outcomes=list(MODEL.outputs))
    found = exposure(MODEL, kp.oral("35 mg"), horizon=24.0).set_index("analyte")
    step = times[1]
    for name in MODEL.outputs:
        y = curves[name].to_numpy()
        simpson = step / 3 * (y[0] + 4 * y[1::2].sum() + 2 * y[2:-1:2].sum() + y[-1])
        assert found.auc_horizon[name] == pytest.approx(simpson, rel=1e-6)


@pytest.mark.parametrize("route", ["sc", "oral", "intranasal"])
def test_a_peak_agrees_with_a_search_between_the_points(route):
    found = exposure(MODEL, ROUTES[route], horizon=24.0).set_index("analyte")

    def below(time):
        found = kp.simulate(MODEL, ROUTES[route], [time], outcomes=["ketamine"])
        return -float(found["ketamine"][0])

    best = minimize_scalar(below, bounds=(0.05, 3.0), method="bounded", options={"xatol": 1e-6})
    assert found.cmax["ketamine"] == pytest.approx(-best.fun, rel=1e-7)
    assert found.tmax["ketamine"] == pytest.approx(best.x, abs=2e-3)


def test_doses_after_the_horizon_count_in_the_whole_area_alone():
    twice = kp.bolus("35 mg").repeat(every="1 week", times=2)
    found = exposure(MODEL, twice, horizon=72.0).set_index("analyte")
    once = exposure(MODEL, kp.bolus("35 mg"), horizon=72.0).set_index("analyte")
    assert found.auc_inf["ketamine"] == pytest.approx(2 * 35_000 / 95.2, rel=1e-9)
    assert found.auc_horizon["ketamine"] == pytest.approx(once.auc_horizon["ketamine"], rel=1e-9)
    assert found.cmax["ketamine"] == pytest.approx(once.cmax["ketamine"], rel=1e-9)


@pytest.mark.parametrize("minutes", [0.3, 1.0, 2.0, 3.0])
def test_a_horizon_of_minutes_is_long_enough(minutes):
    found = exposure(MODEL, kp.bolus("35 mg"), horizon=minutes / 60.0).set_index("analyte")
    assert found.cmax["ketamine"] == pytest.approx(35_000 / 133)
    assert found.tmax["ketamine"] == 0.0
    assert found.tmax[NK] == pytest.approx(minutes / 60.0)


def test_each_person_has_a_row_per_analyte_as_if_alone():
    people = sample_people([(b.parameters, b.omega) for b in MODEL.blocks], 19, seed=5)
    found = exposure(MODEL, ROUTES["oral"], horizon=24.0, subjects=people, outputs=["ketamine", NK])
    assert list(found.columns) == ["subject", "analyte", *METRICS]
    assert found.subject.tolist() == [k for k in range(1, 20) for _ in range(2)]
    for k in (0, 7, 18):
        alone = exposure(
            MODEL, ROUTES["oral"], horizon=24.0, subjects=people.chosen(slice(k, k + 1)),
            outputs=["ketamine", NK],
        )  # fmt: skip
        one = found[found.subject == k + 1].reset_index(drop=True)
        for metric in METRICS:
            close = {"atol": 3e-3} if metric == "tmax" else {"rtol": 1e-6}
            np.testing.assert_allclose(one[metric], alone[metric], **close)


def test_drug_that_stays_for_ever_has_no_area(tmp_path):
    file = tmp_path / "closed.toml"
    file.write_text(
        'name = "closed"\ntitle = "t"\nsource = "user"\ndrug = "generic"\nform = "base"\n'
        'sampling = "unknown"\npopulation = "nobody"\n[[compartments]]\nname = "central"\n'
        'volume = "vc"\n[[compartments]]\nname = "rest"\nvolume = "vc"\n[[flows]]\nfrom = "central"'
        '\nto = "rest"\nclearance = "q"\nboth_ways = true\n[[administrations]]\nroute = "iv"\n'
        'into = "central"\n[outputs.drug]\ncompartment = "central"\n[parameters]\n'
        'vc.value = "10 L"\nq.value = "1 L/h"\n'
    )
    with pytest.raises(ModelError, match=r"closed: drug stays for ever .* add a flow that leaves"):
        exposure(kp.load_model(file), kp.bolus("35 mg", drug="generic"), horizon=24.0)


def test_a_horizon_before_the_first_dose_is_refused():
    with pytest.raises(ScenarioError, match="horizon must lie after the first dose, got 1 h"):
        exposure(MODEL, kp.bolus("35 mg", at="2 h"), horizon=1.0)


def test_an_output_that_the_model_lacks_is_refused():
    with pytest.raises(UnknownName, match=r'"ketamin"; did you mean "ketamine"\?'):
        exposure(MODEL, kp.bolus("35 mg"), horizon=24.0, outputs=["ketamin"])
