"""What a folder of a calibration holds beside its results: posteriors, runs, curves."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import xarray as xr

from kpksim.calibration.posterior import read_posterior, samples_of
from kpksim.calibration.results import Results
from kpksim.calibration.results_file import read_results
from kpksim.calibration.samples import Samples
from kpksim.errors import DataError

CURVES = "curves.nc"
"""Curves of the surviving hypotheses."""
_SEED = re.compile(r"__seed(\d+)$")


@dataclass(frozen=True)
class Material:
    """Results of a calibration with the draws behind them.

    Attributes
    ----------
    results : Results
        What it found.
    posteriors : mapping of str to Dataset
        Equally weighted draws by hypothesis.
    runs : mapping of str to sequence of Samples
        Weighted samples of the main runs by hypothesis, by seed.
    curves : Dataset or None
        The outcome by hypothesis, regimen, quantile and time [h].
    """

    results: Results
    posteriors: Mapping[str, xr.Dataset] = field(default_factory=dict)
    runs: Mapping[str, Sequence[Samples]] = field(default_factory=dict)
    curves: xr.Dataset | None = None


def read_material(folder: Path) -> Material:
    """Read what a calibration has left in its folder.

    Parameters
    ----------
    folder : Path
        The folder.

    Returns
    -------
    Material
        Its results, and draws of the leading hypothesis.

    Raises
    ------
    DataError
        If there are no results, or a file is not what it should be.
    """
    results = read_results(folder)
    posteriors = {
        one.key: read_posterior(path)
        for one in results.hypotheses
        if (path := folder / "posteriors" / f"{results.outcome}__{one.key}.nc").exists()
    }
    curves = _read(folder / CURVES) if (folder / CURVES).exists() else None
    return Material(results, posteriors, _runs(folder / "runs", results.leading.key), curves)


def _runs(folder: Path, key: str) -> dict[str, list[Samples]]:
    """Read the main runs of one hypothesis, by seed."""
    found: dict[int, Samples] = {}
    for path in folder.glob(f"{key}__seed*.nc"):
        seed = _SEED.search(path.stem)
        if seed:
            found[int(seed[1])] = samples_of(_read(path))
    return {key: [found[seed] for seed in sorted(found)]} if found else {}


def _read(path: Path) -> xr.Dataset:
    """Read a netCDF file."""
    try:
        return xr.load_dataset(path, engine="h5netcdf")
    except (OSError, ValueError):
        raise DataError(f"{path}: cannot be read as netCDF; calibrate anew") from None
