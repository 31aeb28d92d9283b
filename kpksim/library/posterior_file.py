"""The file of a posterior as calibration writes it, read back and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kpksim.errors import DataError
from kpksim.library.effect_document import Beta, Prior
from kpksim.library.hypotheses import hypothesis_priors, study_priors

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]

DRAW, PK_DRAW = "draw", "pk_draw"
"""Dimension of the draws, and the draw of the concentrations that each belongs to."""

FACTS = {
    "outcome": str,
    "hypothesis": str,
    "model": str,
    "weight": float,
    "log_evidence": float,
    "log_evidence_error": float,
    "smallest_difference": float,
    "verdict": str,
    "statement_hash": str,
    "pk_seed": int,
    "pk_draws": int,
}
"""What the file says of its draws, and as what it is read."""

BELOW_ONE = 1.0 - 2.0**-24
"""Largest share below 1: one that is nearer in 64 bits is 1 in the 32 bits of the file."""

CALIBRATE = "write it anew with kpksim calibrate"


@dataclass(frozen=True, eq=False)
class Posterior:
    """Draws of the parameters of one outcome under one hypothesis.

    Attributes
    ----------
    outcome, hypothesis : str
        What was fitted, and under which hypothesis.
    model : str
        Model whose concentrations it was fitted with.
    values : mapping of str to array, shape (N,)
        Draws of each parameter, times in h; those of how studies scatter are among them. They are
        in random order, so that the first n are a fair sample.
    pk_draw : array of int, shape (N,)
        Draw of the parameters of concentrations that each belongs to; -1 for the typical person.
    weight : float
        Share in the mixture of hypotheses, 0 for one that does not survive; NaN before it is known.
    log_evidence, log_evidence_error : float
        Logarithm of the evidence and its error.
    smallest_difference : float
        Smallest difference from the leading hypothesis over the declared re-runs; NaN before they
        are done.
    verdict : str
        What that difference allows to say.
    statement_hash : str
        Of the statements that it was fitted to.
    pk_seed, pk_draws : int
        Seed and number from which the draws of concentrations are made again; 0 draws for none.
    place : str
        The file.
    """

    outcome: str
    hypothesis: str
    model: str
    values: Mapping[str, Array]
    pk_draw: NDArray[np.int64]
    weight: float
    log_evidence: float
    log_evidence_error: float
    smallest_difference: float
    verdict: str
    statement_hash: str
    pk_seed: int
    pk_draws: int
    place: str

    def __len__(self) -> int:
        """Give the number of draws."""
        return len(self.pk_draw)


def read_posterior(path: Path, place: str, outcome: str, hypothesis: str, model: str) -> Posterior:
    """Read the posterior of an outcome under a hypothesis.

    Parameters
    ----------
    path : Path
        The file.
    place : str
        What messages call it.
    outcome, hypothesis : str
        What it must be of.
    model : str
        Key of the model that it must have been fitted with.

    Returns
    -------
    Posterior
        Its draws.

    Raises
    ------
    DataError
        If the file cannot be read, is of something else, or holds impossible values.
    """
    import xarray as xr  # slow to import, and `kpksim --help` needs it not

    try:
        found = xr.load_dataset(path, engine="h5netcdf")
    except (OSError, ValueError) as error:
        raise DataError(f"{place}: cannot be read as netCDF ({error}); {CALIBRATE}") from None
    _check_facts(found, place)
    _check_origin(found, place, {"outcome": outcome, "hypothesis": hypothesis, "model": model})
    expected = hypothesis_priors(hypothesis, outcome)
    if missing := [name for name in (*expected, PK_DRAW) if name not in found]:
        raise DataError(
            f'{place}: lacks "{missing[0]}", which the hypothesis has by now; {CALIBRATE}'
        )
    priors = study_priors(outcome) | expected
    values = {
        str(name): _draws(found, str(name), priors.get(str(name)), place)
        for name in found.data_vars
        if name != PK_DRAW
    }
    facts = {name: kind(found.attrs[name]) for name, kind in FACTS.items()}
    pk_draw = _pk_draws(found, facts["pk_draws"], place)
    return Posterior(values=values, pk_draw=pk_draw, place=place, **facts)


def _check_facts(found: "xr.Dataset", place: str) -> None:
    """Refuse a file that is no posterior."""
    missing = [name for name in FACTS if name not in found.attrs]
    if DRAW not in found.dims or missing:
        what = f'attribute "{missing[0]}"' if missing else f'dimension "{DRAW}"'
        raise DataError(f"{place}: is no posterior, it has no {what}; {CALIBRATE}")


def _check_origin(found: "xr.Dataset", place: str, expected: Mapping[str, str]) -> None:
    """Refuse a posterior of something else."""
    for name, key in expected.items():
        if found.attrs[name] != key:
            raise DataError(
                f'{place}: its {name} is "{found.attrs[name]}", expected "{key}"; {CALIBRATE}'
            )


def _draws(found: "xr.Dataset", name: str, prior: Prior | None, place: str) -> Array:
    """Give the draws of one parameter, inside the range that its prior allows."""
    values = np.asarray(found[name].values, dtype=float)
    is_share = prior is not None and isinstance(prior.distribution, Beta)
    top = 1.0 if is_share else np.inf
    fine = np.isfinite(values) & (values >= 0.0) & (values <= top) & ((values > 0.0) | is_share)
    if values.ndim != 1 or not fine.all():
        rule = "a share from 0 to 1" if is_share else "a positive number"
        wrong = values[~fine][0] if not fine.all() else f"shape {values.shape}"
        raise DataError(f"{place}: {name}: every draw is {rule}, got {wrong}; {CALIBRATE}")
    return np.minimum(values, BELOW_ONE) if is_share else values


def _pk_draws(found: "xr.Dataset", largest: int, place: str) -> NDArray[np.int64]:
    """Give the draws of concentrations, each of which must be in the ensemble."""
    which = np.asarray(found[PK_DRAW].values)
    fine = np.issubdtype(which.dtype, np.integer) and ((which >= -1) & (which < largest)).all()
    if not fine:
        raise DataError(
            f"{place}: {PK_DRAW}: is a whole number from -1 to {largest - 1}, since the ensemble "
            f"has {largest} draws; {CALIBRATE}"
        )
    return which.astype(np.int64)
