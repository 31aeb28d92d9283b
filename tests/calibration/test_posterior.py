"""A posterior comes back from its file as it was, small, and with all that it came from."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from kpksim.calibration import posterior as module
from kpksim.calibration.posterior import (
    PosteriorFacts,
    posterior_dataset,
    read_posterior,
    samples_dataset,
    samples_of,
    write_posterior,
)
from kpksim.calibration.run_identity import SamplerSettings
from kpksim.calibration.sampling import sample
from kpksim.errors import DataError

FACTS = PosteriorFacts(
    outcome="anxiety",
    hypothesis="ketamine",
    model="a model",
    log_evidence=-37.7,
    log_evidence_error=0.17,
    effective_size=2600.0,
    smallest_difference=float("nan"),
    verdict="cannot tell",
    weight=0.4,
    statement_hash="abc",
    configuration_hash="def",
    seeds=(1, 2),
    settings={"nlive": 500, "dlogz": 0.01},
    pk_seed=7,
    pk_draws=20,
)
NAMES = ("ec50_ratio", "t_slow")
LABELS = {
    "ec50_ratio": {"units": "1", "long_name": "EC50 over the peak"},
    "t_slow": {"units": "h", "long_name": "Half-life of the slow clock"},
}


def draws(k=2, n=1000):
    return np.random.default_rng(1).lognormal(size=(n, k))


def test_draws_and_facts_come_back_from_the_file(tmp_path):
    values, which = draws(), np.random.default_rng(2).integers(20, size=1000)
    made = posterior_dataset(NAMES, values, FACTS, labels=LABELS, pk_draw=which)
    write_posterior(tmp_path / "a.nc", made)
    found = read_posterior(tmp_path / "a.nc")
    assert dict(found.sizes) == {"draw": 1000}
    for k, name in enumerate(NAMES):
        assert found[name].dtype == np.float32
        assert found[name].values == pytest.approx(values[:, k], rel=1e-7)
        assert found[name].attrs == LABELS[name]
    assert found["pk_draw"].values.tolist() == which.tolist()
    assert found.attrs["log_evidence"] == -37.7
    assert np.isnan(found.attrs["smallest_difference"])
    assert found.attrs["verdict"] == "cannot tell"
    assert found.attrs["seeds"] == [1, 2]
    assert found.attrs["settings"] == {"nlive": 500, "dlogz": 0.01}
    assert set(found.attrs["versions"]) == {"kpksim", "dynesty", "numpy"}
    assert (found.attrs["pk_seed"], found.attrs["pk_draws"]) == (7, 20)


def test_every_fact_is_in_the_file():
    attributes = posterior_dataset(NAMES, draws(), FACTS, labels=LABELS).attrs
    assert set(vars(FACTS)) | {"versions"} == set(attributes)


def test_draws_without_an_ensemble_belong_to_the_typical_person():
    made = posterior_dataset(NAMES, draws(), FACTS, labels=LABELS)
    assert set(made["pk_draw"].values.tolist()) == {-1}


def test_thirty_parameters_of_a_thousand_draws_stay_below_the_size_that_ships(tmp_path):
    names = [f"p{k}" for k in range(30)]
    labels = {name: {"units": "1", "long_name": "a parameter"} for name in names}
    write_posterior(tmp_path / "a.nc", posterior_dataset(names, draws(30), FACTS, labels=labels))
    assert (tmp_path / "a.nc").stat().st_size < 300_000


def test_the_same_posterior_gives_the_same_file(tmp_path):
    made = posterior_dataset(NAMES, draws(), FACTS, labels=LABELS)
    for name in ("a.nc", "b.nc"):
        write_posterior(tmp_path / name, made)
    assert (tmp_path / "a.nc").read_bytes() == (tmp_path / "b.nc").read_bytes()


def test_a_posterior_too_large_to_ship_is_refused_and_the_old_one_kept(tmp_path, monkeypatch):
    place = tmp_path / "a.nc"
    place.write_text("the old one")
    monkeypatch.setattr(module, "LARGEST_FILE", 5000)
    with pytest.raises(DataError, match=r"a\.nc: would take \d+ bytes, a posterior may take 5000"):
        write_posterior(place, posterior_dataset(NAMES, draws(), FACTS, labels=LABELS))
    assert place.read_text() == "the old one"


@pytest.mark.parametrize("lost", ["statement_hash", "versions"])
def test_a_file_without_its_origin_is_refused(tmp_path, lost):
    made = posterior_dataset(NAMES, draws(), FACTS, labels=LABELS)
    del made.attrs[lost]
    made.to_netcdf(tmp_path / "a.nc", engine="h5netcdf")
    with pytest.raises(DataError, match=rf"is no posterior \({lost} is missing\)"):
        read_posterior(tmp_path / "a.nc")


def test_a_file_without_draws_is_refused(tmp_path):
    made = posterior_dataset(NAMES, draws(), FACTS, labels=LABELS)
    xr.Dataset(attrs=made.attrs).to_netcdf(tmp_path / "a.nc", engine="h5netcdf")
    with pytest.raises(DataError, match=r"is no posterior \(dimension draw is missing\)"):
        read_posterior(tmp_path / "a.nc")


def test_a_file_that_is_not_there_or_no_netcdf_is_refused(tmp_path):
    with pytest.raises(DataError, match="no such file; kpksim calibrate writes it"):
        read_posterior(tmp_path / "a.nc")
    (tmp_path / "a.nc").write_text("text")
    with pytest.raises(DataError, match="cannot be read as netCDF"):
        read_posterior(tmp_path / "a.nc")


def test_samples_come_back_from_a_dataset_on_disk(gaussians, tmp_path):
    samples = sample(gaussians, SamplerSettings(nlive=20, dlogz=0.5), seed=1)
    samples_dataset(samples).to_netcdf(tmp_path / "a.nc", engine="h5netcdf")
    found = samples_of(xr.load_dataset(tmp_path / "a.nc", engine="h5netcdf"))
    for name in ("values", "log_weights", "log_likelihood"):
        assert getattr(found, name).tolist() == getattr(samples, name).tolist()
    arrays = dict.fromkeys(("values", "log_weights", "log_likelihood"))
    assert replace(found, **arrays) == replace(samples, **arrays)
