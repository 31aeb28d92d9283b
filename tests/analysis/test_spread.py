"""How the spread is split: closed forms, SciPy, and the values that the papers themselves give."""

import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from scipy import stats
from scipy.linalg import expm

import kpksim as kp
from kpksim.analysis import compare, parse_scenario, read_scenario
from kpksim.analysis.spread import (
    COLUMNS,
    Sample,
    log_variance,
    spread_table,
    variance_interval,
)
from kpksim.errors import DataError
from kpksim.population import sample_draws

SPLIT = Path(__file__).parents[2] / "configs" / "scenarios" / "uncertainty_split.toml"
SMALL = """
title    = "Two models"
models   = ["simons2022", "otto2021", "clements1981"]
horizon  = "6 h"
outcomes = ["ketamine"]
[[regimens]]
name  = "A"
route = "iv"
dose  = "35 mg"
over  = "40 min"
drug  = "as the model"
[uncertainty]
n = 20
seed = 3
"""
ALONE = re.sub("models .*", 'model = "simons2022"', SMALL)
SIX = {"otto2021": 158.0417, "perezruixo2021": 124.843, "clements1981": 177.3133,
       "noppers2011": 277.2187, "domino1982": 240.3308, "simons2022": 288.7416}  # fmt: skip


def sample(model="a", typical=1.0, people=(), draws=(), site="venous", **changes):
    words = {"regimen": "IV", "drug": "esketamine", "quantity": "ketamine", "metric": "cmax"}
    words |= changes
    return Sample(
        model=model, typical=typical, people=np.array(people, dtype=float),
        draws=np.array(draws, dtype=float), site=site, **words,
    )  # fmt: skip


def row(table, group, source, metric="cmax", quantity="ketamine"):
    chosen = table[
        (table.group == group)
        & (table.source == source)
        & (table.metric == metric)
        & (table.quantity == quantity)
    ]
    (found,) = chosen.to_dict("records")
    return found


def run(text=SMALL, **options):
    return compare(parse_scenario(text, "test.toml"), **options)


@pytest.fixture(scope="module")
def split():
    """Compute the shipped scenario."""
    return compare(read_scenario(SPLIT))


@pytest.fixture(scope="module")
def small():
    return run(keep_draws=True)


# ---------------------------------------------------------------- the arithmetic


def test_a_log_variance_is_that_of_the_logarithms():
    values = stats.lognorm(0.3).rvs(50, random_state=1)
    assert log_variance(values) == pytest.approx(np.log(values).var(ddof=1), rel=1e-12)
    assert log_variance(1000.0 * values) == pytest.approx(log_variance(values), rel=1e-9)


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 0.0], [1.0, -2.0], [1.0, np.nan]])
def test_what_has_no_logarithm_has_no_log_variance(values):
    assert np.isnan(log_variance(np.array(values, dtype=float)))


def test_the_interval_of_a_variance_covers_it_as_often_as_it_says():
    rng = np.random.default_rng(5)
    seen = rng.standard_normal((20_000, 6)).var(axis=1, ddof=1)
    low, high = np.transpose([variance_interval(one, 6) for one in seen])
    assert ((low < 1.0) & (high > 1.0)).mean() == pytest.approx(0.95, abs=0.006)
    assert variance_interval(1.0, 6) == pytest.approx((0.39, 6.0), rel=0.01)
    ends = [5.0 / stats.chi2.ppf(q, 5) for q in (0.975, 0.025)]
    assert variance_interval(1.0, 6) == pytest.approx(ends, rel=1e-9)


def test_shares_add_up_and_so_do_variances():
    samples = [
        sample("a", 100.0, people=np.exp([0.0, 0.4]), draws=np.exp([0.0, 0.2])),
        sample("b", 200.0, people=np.exp([0.0, 0.6]), draws=np.exp([0.0, 0.0])),
        sample("c", 400.0),
    ]
    table = spread_table(samples)
    assert list(table.columns) == COLUMNS
    papers, parameters, people = (
        row(table, "all models", source) for source in ("papers", "parameters", "people")
    )
    assert papers["log_variance"] == pytest.approx(np.log(2.0) ** 2, rel=1e-12)
    assert papers["fold"] == pytest.approx(4.0)
    # mean over the models that state it: b has draws in which nothing varies, c has none
    assert parameters["log_variance"] == pytest.approx(0.2**2 / 2, rel=1e-9)
    assert people["log_variance"] == pytest.approx((0.4**2 + 0.6**2) / 4, rel=1e-9)
    assert people["fold"] == pytest.approx(np.exp(3.29 * np.sqrt(0.13)), rel=1e-3)
    assert [parameters["models"], people["models"]] == ["a", "a b"]
    assert [parameters["note"], people["note"]] == [
        "stated by 1 of 3 models",
        "stated by 2 of 3 models",
    ]
    total = np.log(2.0) ** 2 + 0.02 + 0.13
    shares = [one["share"] for one in (papers, parameters, people)]
    assert shares == pytest.approx([100 * v / total for v in (np.log(2.0) ** 2, 0.02, 0.13)])
    total = np.log(2.0) ** 2 + 0.02 + 0.13 / 20
    assert papers["share_of_mean_of_20"] == pytest.approx(100 * np.log(2.0) ** 2 / total)


def test_what_nobody_states_is_missing_and_not_zero():
    table = spread_table([sample("a", 100.0), sample("b", 200.0)])
    people = row(table, "all models", "people")
    assert np.isnan(people["log_variance"])
    assert np.isnan(people["share"])
    assert people["note"] == "stated by no model: missing, not zero"
    assert row(table, "all models", "papers")["share"] == pytest.approx(100.0)


def test_models_are_split_within_each_site_too():
    samples = [sample("a", 100.0), sample("b", 120.0), sample("c", 300.0, site="arterial"),
               sample("d", 310.0, site="arterial"), sample("e", 200.0, site="unknown")]  # fmt: skip
    table = spread_table(samples)
    assert table.group.unique().tolist()[:3] == ["all models", "venous", "arterial"]
    assert "site not stated" not in set(table.group)
    everything, venous = (row(table, name, "papers") for name in ("all models", "venous"))
    assert everything["sites"] == "venous, arterial, site not stated"
    assert venous["models"] == "a b"
    assert venous["log_variance"] == pytest.approx(np.log(1.2) ** 2 / 2)


def test_groups_of_the_scenario_take_the_place_of_sites():
    samples = [sample("a", 100.0), sample("b", 120.0, site="unknown"), sample("c", 300.0)]
    table = spread_table(samples, {"mine": ("a", "b")})
    assert table.group.unique().tolist() == ["all models", "mine", "a", "b", "c"]


def test_one_model_alone_has_no_papers():
    table = spread_table([sample("a", people=np.exp([0.0, 0.4]))])
    assert table.source.tolist() == ["parameters", "people"]
    assert table.share.isna().all()


def test_what_does_not_arrive_has_no_spread():
    table = spread_table([sample("a", 0.0), sample("b", 2.0)])
    papers = row(table, "all models", "papers")
    assert np.isnan([papers["log_variance"], papers["fold"], papers["share"]]).all()


def test_rows_stand_by_regimen_quantity_and_metric():
    samples = [
        sample(model, regimen=regimen, quantity=quantity, metric=metric)
        for model in "ab"
        for regimen in ("Z", "A")
        for quantity in ("norketamine", "ketamine")
        for metric in ("at_4h", "cmax")
    ]
    table = spread_table(samples)
    order = list(dict.fromkeys(zip(table.regimen, table.quantity, table.metric, strict=True)))
    assert order[:3] == [
        ("Z", "norketamine", "cmax"), ("Z", "norketamine", "at_4h"), ("Z", "ketamine", "cmax"),
    ]  # fmt: skip
    assert len(order) == 8


# ---------------------------------------------------------------- the published models


def noppers(times):
    """Noppers 2011, placebo arm, 70 kg, 35 mg over 40 min by matrix exponentials [ng/mL]."""
    v1, v2, v3, cl, q2, q3 = 17.0, 28.3, 147.0, 93.5, 127.0, 91.9
    rates = np.array([[-(cl + q2 + q3) / v1, q2 / v2, q3 / v3],
                      [q2 / v1, -q2 / v2, 0.0], [q3 / v1, 0.0, -q3 / v3]])  # fmt: skip
    end = 2.0 / 3.0
    at_end = np.linalg.solve(rates, (expm(rates * end) - np.eye(3)) @ [35.0 / end, 0.0, 0.0])
    return [1000.0 / v1 * (expm(rates * (one - end)) @ at_end)[0] for one in times]


def test_six_models_disagree_as_their_values_say(split):
    """Peaks of 125 to 289 ng/mL; expected numbers from the values that each paper's set gives."""
    found = split.summary.query("quantity == 'ketamine'").set_index(["model", "metric"]).value
    peaks = {key: found[key, "cmax"] for key in split.summary.model.unique()}
    assert peaks == pytest.approx(SIX, rel=1e-4)
    assert peaks["noppers2011"] == pytest.approx(noppers([2.0 / 3.0])[0], rel=1e-9)
    areas = [367.65, 321.10, 436.32, 35000.0 / 93.5, 394.14, 301.93]
    for metric, values, variance, fold in (
        ("cmax", list(SIX.values()), 0.113, 2.313), ("auc_inf", areas, 0.0181, 1.445),
    ):  # fmt: skip
        papers = row(split.spread, "all models", "papers", metric)
        assert papers["log_variance"] == pytest.approx(np.log(values).var(ddof=1), rel=2e-3)
        assert papers["log_variance"] == pytest.approx(variance, rel=0.01)
        assert papers["fold"] == pytest.approx(fold, rel=1e-3)


def test_more_people_do_not_buy_certainty_about_the_model(split):
    peak, area = (row(split.spread, "all models", "papers", name) for name in ("cmax", "auc_inf"))
    people, parameters = 0.026048, 0.04**2
    of_mean = area["log_variance"] / (area["log_variance"] + people / 20 + parameters)
    assert of_mean >= 0.86
    share = peak["log_variance"] / (peak["log_variance"] + 0.0315 + parameters)
    assert share == pytest.approx(0.77, abs=0.01)
    share = area["log_variance"] / (area["log_variance"] + people + parameters)
    assert share == pytest.approx(0.40, abs=0.01)


def test_within_one_site_papers_and_people_weigh_the_same(split):
    papers = row(split.spread, "venous or not stated", "papers")
    assert papers["log_variance"] == pytest.approx(0.032, rel=0.01)
    people = row(split.spread, "otto2021", "people")["log_variance"]
    assert papers["log_variance"] / (papers["log_variance"] + people) == pytest.approx(
        0.5, abs=0.03
    )
    everything = row(split.spread, "all models", "papers")
    assert everything["share"] > papers["share"] + 25.0
    assert everything["sites"] == "venous, site not stated, arterial"
    assert everything["drugs"] == "esketamine, racemic ketamine"


def test_people_and_parameters_spread_as_the_papers_say(split):
    """AUC is dose over clearance, so its log-variance is that of the clearance."""
    n = split.result.attrs["n_people"]
    people = row(split.spread, "otto2021", "people", "auc_inf")
    error = 4.0 * np.sqrt(2.0 / n)  # four standard errors of a variance
    assert people["log_variance"] == pytest.approx(0.026048, rel=error)
    assert people["fold"] == pytest.approx(1.70, rel=0.05)
    assert row(split.spread, "otto2021", "people")["log_variance"] == pytest.approx(
        0.0315, rel=error
    )
    draws = row(split.spread, "simons2022", "parameters", "auc_inf")
    error = 4.0 * np.sqrt(2.0 / split.result.attrs["n_draws"])
    assert draws["log_variance"] == pytest.approx(np.log1p((0.06 / 1.48) ** 2), rel=error)
    assert draws["log_variance"] == pytest.approx(0.0016, rel=error)


def test_fixed_parameters_are_silent_though_others_of_the_model_are_uncertain(split):
    ketamine = row(split.spread, "otto2021", "parameters", "auc_inf")
    assert np.isnan(ketamine["log_variance"])
    assert ketamine["note"] == "stated by no model: missing, not zero"
    norketamine = row(split.spread, "otto2021", "parameters", "auc_inf", "norketamine")
    error = 4.0 * np.sqrt(2.0 / split.result.attrs["n_draws"])
    assert norketamine["log_variance"] == pytest.approx(np.log1p(0.057**2), rel=error)


# ---------------------------------------------------------------- comparisons with draws


def test_quantiles_of_draws_stand_beside_the_typical_person(small):
    result, cube = small.result, small.draws
    assert result["ketamine_parameters"].dims == ("regimen", "quantile", "time")
    assert cube["ketamine"].dims == ("regimen", "draw", "time")
    assert cube.sizes["draw"] == 20
    drawn = cube["ketamine"].sel(regimen="A, simons2022")
    expected = np.quantile(drawn, [0.05, 0.5, 0.95], axis=0)
    found = result["ketamine_parameters"].sel(regimen="A, simons2022")
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert found.attrs["units"] == "ng/mL"
    assert "ketamine_people" not in result
    assert (result.attrs["n_draws"], result.attrs["draws_seed"]) == (20, "3")


def test_the_draws_are_those_that_the_scenario_describes(small):
    model = kp.load_model("simons2022")
    errors = [(one.parameters, one.covariance) for one in model.uncertainty]
    draws = sample_draws(errors, 20, seed=3)
    regimen = kp.infusion("35 mg", over="40 min", drug="esketamine")
    times = small.result["time"].to_numpy()
    expected = kp.simulate(model, regimen, times, draws=draws, outcomes=["ketamine"])["ketamine"]
    np.testing.assert_allclose(
        small.draws["ketamine"].sel(regimen="A, simons2022"), expected, rtol=1e-9
    )


def test_the_summary_holds_the_middle_of_the_draws(small):
    peaks = small.draws["ketamine"].sel(regimen="A, simons2022").max("time")
    found = small.summary.query("model == 'simons2022' and metric == 'cmax'").iloc[0]
    ends = [found.parameters_p05, found.parameters_p95]
    assert ends == pytest.approx(np.quantile(peaks, [0.05, 0.95]).tolist(), rel=1e-9)
    silent = small.summary.query("model == 'clements1981'")
    assert silent[["parameters_p05", "parameters_p95"]].isna().all(axis=None)


def test_models_that_state_no_uncertainty_are_named(small):
    warnings = small.result.attrs["warnings"].split("\n")
    assert (
        "clements1981 states no uncertainty of the parameters: it is missing, not zero." in warnings
    )


def test_draws_are_kept_only_when_asked():
    assert run().draws is None


def test_one_model_can_be_asked_for_its_uncertainty_alone():
    text = SMALL.replace(
        'models   = ["simons2022", "otto2021", "clements1981"]', 'model = "simons2022"'
    )
    found = run(text)
    assert found.spread.group.unique().tolist() == ["simons2022"]
    assert "ketamine_parameters" in found.result


def test_nothing_is_split_where_there_is_one_model_and_no_draws():
    text = SMALL.replace(
        'models   = ["simons2022", "otto2021", "clements1981"]', 'model = "simons2022"'
    )
    assert run(text[: text.index("[uncertainty]")]).spread is None


def test_a_comparison_with_draws_comes_back_from_its_file(tmp_path, small):
    small.result.to_netcdf(tmp_path / "results.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "results.nc", engine="h5netcdf") as back:
        xr.testing.assert_identical(back.load(), small.result)


# ---------------------------------------------------------------- what a scenario may say


def test_every_model_gets_its_own_drug_and_the_reader_is_told(small):
    said = small.result.attrs["warnings"].split("\n")[0]
    assert said == (
        'A: every model gets its own drug, as "as the model" asks: esketamine to simons2022, '
        "otto2021; racemic ketamine to clements1981. Milligrams are equal, drugs are not."
    )
    sentences = small.result.sentence.values.tolist()
    assert sentences[0] == "35 mg esketamine IV over 40 min, once"
    assert sentences[2] == "35 mg IV over 40 min, once"
    area = small.summary.query("model == 'clements1981' and metric == 'auc_inf'").value.iloc[0]
    assert area == pytest.approx(35000.0 / (1.7522 * 70 * 0.0109 * 60), rel=1e-9)


def test_without_it_a_regimen_must_suit_every_model():
    message = r'test\.toml: regimen "A": simons2022 is a model of esketamine and cannot be given'
    with pytest.raises(DataError, match=message):
        run(SMALL.replace('drug  = "as the model"', ""))


def test_two_hundred_draws_are_the_default():
    text = SMALL.replace("n = 20\nseed = 3\n", "")
    scenario = parse_scenario(text, "test.toml")
    assert (scenario.draws, scenario.draws_seed) == (200, 1)
    scenario = parse_scenario(text.replace("[uncertainty]", ""), "test.toml")
    assert scenario.draws == 0


FAULTS = {
    "one draw": ("n = 20", "n = 1", r"test\.toml: uncertainty\.n: input should be greater than or"),
    "too many": ("n = 20", "n = 5001", r"uncertainty\.n: input should be less than or equal to"),
    "seed": ("seed = 3", "seed = -1", r"uncertainty\.seed: input should be greater than or equal"),
    "unknown key": ("seed = 3", "sed = 3", r'uncertainty\.sed: unknown key; did you mean "se'),
    "group of a strange model": (
        "seed = 3", 'seed = 3\n[groups]\nmine = ["otto2021", "kamp2020"]',
        r'the group "mine" names "kamp2020", which is not among "models" \(simons2022, otto2021,',
    ),
    "group of one": (
        "seed = 3", 'seed = 3\n[groups]\nmine = ["otto2021", "otto2021"]',
        'the group "mine" needs at least two models, each once',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_an_impossible_wish_is_refused_with_its_place(old, new, message):
    with pytest.raises(DataError, match=message):
        parse_scenario(SMALL.replace(old, new, 1), "test.toml")
