"""Posterior files for tests: draws of the priors, as none of the studies would have it."""

import json
from functools import cache

import numpy as np
import xarray as xr

from kpksim.library import posterior_catalogue
from kpksim.library.hypotheses import hypothesis_priors
from kpksim.library.posteriors import TYPICAL

STUDIES = ["diazgranados2010", "glue2017"]
SHIPPED = {
    ("anxiety", "ketamine"): 0.5,
    ("anxiety", "norketamine"): 0.0,
    ("anxiety", "slow_norketamine"): 0.3,
    ("anxiety", "ketamine_arterial"): 0.2,
    ("depression", "ketamine"): 1.0,
    ("dissociation", "dissociation_arterial"): 0.6,
    ("dissociation", "dissociation_venous"): 0.4,
    ("sbp", "pressure_venous"): 1.0,
}
"""Weights by outcome and hypothesis; dbp has none."""


@cache
def drawn(outcome, hypothesis, n):
    """Values drawn from priors that are four times narrower than those of the library."""
    rng = np.random.default_rng([n, *map(ord, outcome + hypothesis)])
    found = {}
    for name, prior in hypothesis_priors(hypothesis, outcome).items():
        at = 0.5 + 0.25 * (rng.uniform(size=n) - 0.5) * 2.0
        quantiles = np.array([prior.distribution.quantile(float(one)) for one in at])
        found[name] = (quantiles * prior.scale).astype(np.float32)
    return found


def write(folder, outcome, hypothesis, weight, *, n=300, pk_draw=None, **facts):
    """Write one posterior."""
    data = {name: ("draw", values) for name, values in drawn(outcome, hypothesis, n).items()}
    which = np.full(n, TYPICAL) if pk_draw is None else np.asarray(pk_draw)
    data["pk_draw"] = ("draw", which.astype(np.int32))
    attrs = {
        "outcome": outcome, "hypothesis": hypothesis, "weight": weight, "log_evidence": -37.0,
        "log_evidence_error": 0.1, "statement_hash": "0", "model": "reference_racemic_2026b",
        "statements": 20, "studies": json.dumps(STUDIES), "pk_seed": 0, "pk_draws": 0,
    }  # fmt: skip
    result = xr.Dataset(data, {"draw": np.arange(n)}, attrs | facts)
    folder.mkdir(exist_ok=True)
    result.to_netcdf(folder / f"{outcome}__{hypothesis}.nc", engine="h5netcdf")


def ship(folder, monkeypatch, shipped=None, **facts):
    """Let the library find posteriors in a folder instead of its own."""
    wanted = SHIPPED if shipped is None else shipped
    folder.mkdir(exist_ok=True)
    for outcome in {outcome for outcome, _ in wanted}:
        for file in folder.glob(f"{outcome}__*.nc"):
            file.unlink()
    for (outcome, hypothesis), weight in wanted.items():
        write(folder, outcome, hypothesis, weight, **facts)
    monkeypatch.setattr(posterior_catalogue, "_folder", lambda: folder)
    forget()


def forget():
    """Read files anew."""
    posterior_catalogue._shipped.cache_clear()
