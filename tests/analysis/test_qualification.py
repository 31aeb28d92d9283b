"""Models against observations: what is counted where, and the statistics by group."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import kpksim as kp
from kpksim.analysis.claims import claims
from kpksim.analysis.qualification import RATIOS, REFUSED, part_of, qualify, used
from kpksim.analysis.qualification_dataset import qualification_dataset
from kpksim.errors import ScenarioError
from kpksim.evidence import load_observed

OTTO, SIMONS, REFERENCE = (
    kp.load_model(key) for key in ("otto2021", "simons2022", "reference_racemic_2026a")
)
OTTOS, HASAN, HASAN17, SIMONSES = (
    load_observed(key) for key in ("otto2021", "hasan2021", "hasan2017", "simons2022")
)


@pytest.fixture(scope="module")
def found():
    return qualify([OTTO, SIMONS, REFERENCE], [HASAN, HASAN17, OTTOS, SIMONSES])


def test_every_observation_of_every_model_is_compared_or_refused_once(found):
    both = pd.concat([found.ratios[["model", "id"]], found.refused[["model", "id"]]])
    observations = sum(len(one.observations) for one in found.studies)
    assert len(both) == 3 * observations
    assert not both.duplicated().any()
    assert list(found.ratios) == RATIOS
    assert list(found.refused) == REFUSED
    assert (found.refused["words"] != "").all()


def test_a_prediction_is_the_simulated_curve_at_its_time(found):
    rows = found.ratios.query(
        "model == 'otto2021' and study == 'otto2021' and analyte == 'ketamine'"
    )
    arm = OTTOS.arms["iv"]
    curve = kp.simulate(
        OTTO, arm.regimen, sorted(rows["time"]), subjects=kp.population.typical_person(arm.weight)
    )
    expected = curve["ketamine"].isel(subject=0).sel(time=rows["time"].to_numpy()).to_numpy()
    assert rows["predicted"].to_numpy() == pytest.approx(expected, rel=1e-9)
    assert (rows["ratio"] == rows["predicted"] / rows["observed"]).all()


def test_a_models_own_paper_is_evaluation_and_another_is_qualification(found):
    uses = found.ratios.groupby(["model", "study"])["used"].unique().map(list)
    assert uses["otto2021", "otto2021"] == ["evaluation"]
    assert uses["otto2021", "hasan2021"] == ["qualification"]
    assert uses["simons2022", "simons2022"] == ["evaluation"]


def test_sources_that_a_file_lists_as_fitted_and_those_of_its_numbers_are_evaluation():
    assert used(OTTO, HASAN) == "qualification"
    assert used(replace(OTTO, fitted_to=("hasan2021",)), HASAN) == "evaluation"
    assert used(replace(OTTO, fitted_to=("hasan2017",)), HASAN) == "evaluation"  # same people
    cl = replace(OTTO.parameters["cl"], source="hasan2021")
    assert used(replace(OTTO, parameters=OTTO.parameters | {"cl": cl}), HASAN) == "evaluation"


def test_a_users_model_and_a_users_data_are_not_the_same_source():
    mine, data = replace(OTTO, source="user"), replace(HASAN, key="mine", source="user")
    bare = {name: replace(one, source="user") for name, one in mine.parameters.items()}
    assert used(replace(mine, parameters=bare), data) == "qualification"


def test_times_and_what_contradicts_another_source_are_counted_apart(found):
    assert part_of(replace(HASAN.observations[0], metric="t_half")) == "timing"
    metrics = found.ratios.groupby("part")["metric"].unique().map(set)
    assert metrics["timing"] == {"tmax"}
    assert not metrics["levels"] & {"tmax", "t_half"}
    apart = found.ratios.query("part == 'apart'")
    assert set(apart["id"]) == {"PK072"}
    assert apart["observed"].tolist() == [0.334] * len(apart)


def test_conversions_and_assumptions_stand_beside_the_number(found):
    row = found.ratios.query("model == 'otto2021' and study == 'hasan2021'").iloc[0]
    assert "half of the racemate as esketamine" in row["reasons"]
    assert row["enantiomer"] == "s"
    row = found.ratios.query("model == 'reference_racemic_2026a' and id == 'PK068'").iloc[0]
    assert HASAN17.arms["iv"].assumption in row["reasons"]


def test_statistics_of_a_group_are_those_of_its_rows(found):
    group = "model == 'simons2022' and used == 'evaluation' and part == 'levels'"
    logs = np.log(found.ratios.query(f"{group} and analyte == 'norketamine'")["ratio"])
    (row,) = found.summary.query(
        f"{group} and by == 'analyte' and analyte == 'norketamine'"
    ).to_dict("records")
    assert row["n"] == len(logs)
    assert row["gmfe"] == pytest.approx(np.exp(np.abs(logs).mean()))
    assert row["bias"] == pytest.approx(np.exp(logs.mean()))
    assert row["within_1.25"] == (np.abs(logs) <= np.log(1.25)).mean()
    assert (row["route"], row["study"]) == ("", "")


def test_ketamine_and_norketamine_count_together_and_other_metabolites_alone(found):
    group = "model == 'simons2022' and used == 'evaluation' and part == 'levels'"
    counts = found.ratios.query(group)["analyte"].value_counts()
    rows = found.summary.query(f"{group} and by == 'analytes'").set_index("analytes")["n"]
    assert rows["ketamine and norketamine"] == counts["ketamine"] + counts["norketamine"]
    assert rows["hydroxynorketamine"] == counts["hydroxynorketamine"]


def test_every_grouping_holds_every_row_once(found):
    sums = found.summary.groupby("by")["n"].sum()
    assert set(sums) == {len(found.ratios)}
    assert set(sums.index) == {
        "all", "analytes", "route", "analyte", "study", "route and analyte",
    }  # fmt: skip
    assert list(dict.fromkeys(found.summary["model"])) == [one.name for one in found.models]


def test_the_dataset_holds_the_tables_and_survives_a_file(found, tmp_path):
    qualification_dataset(found).to_netcdf(tmp_path / "results.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "results.nc", engine="h5netcdf") as result:
        for row in found.ratios.to_dict("records"):
            cell = result.sel(model=row["model"], observation=row["id"])
            assert float(cell["predicted"]) == row["predicted"]
            assert str(cell["used"].values) == row["used"]
            assert str(cell["refusal"].values) == ""
        row = found.refused.iloc[0]
        cell = result.sel(model=row["model"], observation=row["id"])
        assert np.isnan(cell["ratio"])
        assert str(cell["refusal"].values) == row["kind"]
        assert int(result["predicted"].count()) == len(found.ratios)
        assert "otto2021" in result.attrs["citations"].split()


def test_a_model_that_claims_nothing_gives_empty_tables_and_progress_is_told():
    told = []
    found = qualify([OTTO], [HASAN17], progress=told.append)
    assert told == [1.0]
    assert found.ratios.empty
    assert found.summary.empty
    assert qualification_dataset(found)["predicted"].isnull().all()


def test_no_model_and_two_of_one_name_are_refused():
    with pytest.raises(ScenarioError, match="give at least one model"):
        qualify([], [HASAN])
    with pytest.raises(ScenarioError, match='two models have the name "otto2021"; leave one out'):
        qualify([OTTO, OTTO], [HASAN])


def test_the_published_peak_of_the_film_is_within_a_quarter(found):
    # Simons 2022, table 2: 96 ng/mL after the film of 50 mg; its own model, so evaluation.
    row = found.ratios.query("model == 'simons2022' and study == 'simons2022' and metric == 'cmax'")
    assert 0.8 < row["ratio"].iloc[0] < 1.25
    one = next(one for one in SIMONSES.observations if one.id == row["id"].iloc[0])
    assert claims(SIMONS, SIMONSES.arms[one.arm], one).output == "ketamine"
