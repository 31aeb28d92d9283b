"""The posterior of one hypothesis as a file: what calibration writes and the library ships.

Equally weighted draws in random order, so that the first n of them are a fair sample of n, as
32-bit numbers: seven digits, where the evidence gives two.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from kpksim.calibration.run_identity import versions
from kpksim.calibration.samples import Array, Samples
from kpksim.errors import DataError
from kpksim.writing import new_file

LARGEST_FILE = 300_000
"""Bytes that a shipped posterior may take."""
TYPICAL = -1
"""The PK draw of an effect that was drawn under the typical person's concentrations."""
_MUST = ("outcome", "hypothesis", "statement_hash", "model", "versions", "log_evidence")


@dataclass(frozen=True)
class PosteriorFacts:
    """What a posterior is of, and how it came about.

    Attributes
    ----------
    outcome, hypothesis : str
        What is explained, and by which hypothesis.
    model : str
        Key of the model of the concentrations.
    log_evidence, log_evidence_error : float
        ln Z and its standard error.
    effective_size : float
        Number of independent draws that tell as much as the weighted samples.
    smallest_difference : float
        From the leading hypothesis, in ln Z, over the declared re-runs; NaN before they are done.
    verdict : str
        What may be said of that difference.
    weight : float
        Share in the mixture of surviving hypotheses; NaN before it is known.
    statement_hash, configuration_hash : str
        Of the statements, and of the text of the configuration.
    seeds : tuple of int
        Of the sampler runs that the draws come from.
    settings : mapping of str to number
        Of the sampler.
    pk_seed, pk_draws : int
        From which the ensemble of PK draws is made again; `pk_draws` 0 means there is none.
    """

    outcome: str
    hypothesis: str
    model: str
    log_evidence: float
    log_evidence_error: float
    effective_size: float
    smallest_difference: float
    verdict: str
    weight: float
    statement_hash: str
    configuration_hash: str
    seeds: tuple[int, ...]
    settings: Mapping[str, float]
    pk_seed: int = 0
    pk_draws: int = 0


def posterior_dataset(
    names: Sequence[str],
    draws: Array,
    facts: PosteriorFacts,
    *,
    labels: Mapping[str, Mapping[str, str]],
    pk_draw: NDArray[np.int64] | None = None,
) -> xr.Dataset:
    """Put equally weighted draws into a dataset.

    Parameters
    ----------
    names : sequence of str
        The parameters.
    draws : array, shape (n, k)
        Their values; times in h, shares without a unit.
    facts : PosteriorFacts
        What the draws are of.
    labels : mapping of str to mapping
        ``units`` and ``long_name`` of every parameter.
    pk_draw : array, shape (n,), optional
        The PK draw that each belongs to; left out, all belong to the typical person.

    Returns
    -------
    Dataset
        One variable a parameter, with dimension ``draw``, and `facts` as attributes.
    """
    columns = dict(zip(names, draws.T.astype(np.float32), strict=True))
    data: dict[str, Any] = {
        name: ("draw", column, dict(labels[name])) for name, column in columns.items()
    }
    which = np.full(len(draws), TYPICAL) if pk_draw is None else pk_draw
    about = {"units": "1", "long_name": "PK draw of the ensemble (-1: the typical person)"}
    data["pk_draw"] = ("draw", which.astype(np.int32), about)
    return xr.Dataset(data, {"draw": np.arange(len(draws), dtype=np.int32)}, _attributes(facts))


def write_posterior(path: Path, posterior: xr.Dataset) -> None:
    """Write a posterior, whole.

    Parameters
    ----------
    path : Path
        The file.
    posterior : Dataset
        What `posterior_dataset` gives.

    Raises
    ------
    DataError
        If the file would be larger than what ships. Nothing is left behind.
    OutputError
        If the file cannot be written.
    """
    packed = {"zlib": True, "shuffle": True, "complevel": 9}
    encoding = dict.fromkeys(map(str, posterior.data_vars), packed)
    with new_file(path) as fresh:
        posterior.to_netcdf(fresh, engine="h5netcdf", encoding=encoding)
        size = fresh.stat().st_size
        if size > LARGEST_FILE:
            raise DataError(
                f"{path}: would take {size} bytes, a posterior may take {LARGEST_FILE}; "
                "keep fewer draws"
            )


def read_posterior(path: Path) -> xr.Dataset:
    """Read a posterior back.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Dataset
        The draws; JSON among the attributes is read (``versions``, ``settings``, ``seeds``).

    Raises
    ------
    DataError
        If there is no such file, or it is no posterior.
    """
    try:
        found = xr.load_dataset(path, engine="h5netcdf")
    except FileNotFoundError:
        raise DataError(f"{path}: no such file; kpksim calibrate writes it") from None
    except (OSError, ValueError):
        raise DataError(f"{path}: cannot be read as netCDF; write it anew") from None
    missing = [name for name in _MUST if name not in found.attrs]
    if missing or "draw" not in found.dims:
        what = missing[0] if missing else "dimension draw"
        raise DataError(f"{path}: is no posterior ({what} is missing); name another file")
    parsed = {key: json.loads(found.attrs[key]) for key in ("versions", "settings", "seeds")}
    return found.assign_attrs(parsed)


def samples_dataset(samples: Samples) -> xr.Dataset:
    """Put the weighted samples of a run into a dataset, in full precision.

    Parameters
    ----------
    samples : Samples
        The samples.

    Returns
    -------
    Dataset
        Dimensions ``sample`` and ``parameter``.
    """
    kept = asdict(samples)
    return xr.Dataset(
        {
            "values": (("sample", "parameter"), kept.pop("values")),
            "log_weights": ("sample", kept.pop("log_weights")),
            "log_likelihood": ("sample", kept.pop("log_likelihood")),
        },
        {"parameter": list(kept.pop("names"))},
        kept,
    )


def samples_of(dataset: xr.Dataset) -> Samples:
    """Take the weighted samples out of a dataset.

    Parameters
    ----------
    dataset : Dataset
        What `samples_dataset` gives, with any further attributes.

    Returns
    -------
    Samples
        The samples.
    """
    attributes = dataset.attrs
    return Samples(
        names=tuple(str(name) for name in dataset["parameter"].values),
        values=np.asarray(dataset["values"].values, dtype=float),
        log_weights=np.asarray(dataset["log_weights"].values, dtype=float),
        log_likelihood=np.asarray(dataset["log_likelihood"].values, dtype=float),
        log_evidence=float(attributes["log_evidence"]),
        log_evidence_error=float(attributes["log_evidence_error"]),
        information=float(attributes["information"]),
        likelihoods=int(attributes["likelihoods"]),
        seconds=float(attributes["seconds"]),
        seed=int(attributes["seed"]),
    )


def _attributes(facts: PosteriorFacts) -> dict[str, Any]:
    """Write facts as attributes of netCDF: text and numbers, the rest as JSON."""
    told = asdict(facts)
    as_text = {key: json.dumps(told.pop(key)) for key in ("seeds", "settings")}
    return {**told, **as_text, "versions": json.dumps(versions())}
