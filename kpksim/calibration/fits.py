"""Fits as tasks: one hypothesis, sampled once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import xarray as xr

from kpksim.calibration.document import CalibrationDocument, ChangesDocument
from kpksim.calibration.posterior import samples_dataset, samples_of
from kpksim.calibration.run_identity import SamplerSettings, versions
from kpksim.calibration.samples import Samples
from kpksim.calibration.sampling import sample
from kpksim.calibration.setting import NO_CHANGES, Setting, make_setting
from kpksim.calibration.tasks import Bench, Task, read_result
from kpksim.documents import check_document


@dataclass(frozen=True)
class Asked:
    """A calibration file as read, and the folder from which its paths count.

    Attributes
    ----------
    settings : CalibrationDocument
        The file.
    folder : str
        The folder.
    """

    settings: CalibrationDocument
    folder: str

    def setting(self, changes: ChangesDocument = NO_CHANGES) -> Setting:
        """Load everything that the file names.

        Parameters
        ----------
        changes : ChangesDocument
            What is done otherwise.

        Returns
        -------
        Setting
            The setting.
        """
        return _setting(self.settings.model_dump_json(), changes.model_dump_json(), self.folder)

    def for_fit(self, hypothesis: str, changes: ChangesDocument = NO_CHANGES) -> "Asked":
        """Leave out everything that decides nothing about one fit, such as what is compared.

        Parameters
        ----------
        hypothesis : str
            Key of the hypothesis.
        changes : ChangesDocument
            What is done otherwise.

        Returns
        -------
        Asked
            The same file, less what is made of its fits: a change there asks for no new fit.
        """
        more = {"ensemble", "leading", "sensitivity", "targets"}
        if not changes.alternative_readings:
            more.add("alternatives")
        kept = self.settings.model_dump(mode="json", exclude=more)
        own = {
            "title": "fit",
            "hypotheses": [hypothesis],
            "sampler": {"remaining": self.settings.sampler.remaining},
        }
        return Asked(CalibrationDocument.model_validate(kept | own), self.folder)

    def plain(self) -> dict[str, Any]:
        """Give it in plain values, for tasks of other processes."""
        own = any(one.endswith(".toml") for one in self.settings.studies)
        folder = self.folder if own else ""  # a place that decides nothing is no part of a task
        return {"settings": self.settings.model_dump(mode="json"), "folder": folder}


@lru_cache(maxsize=64)
def _setting(settings: str, changes: str, folder: str) -> Setting:
    """Load what a file names, once for each choice."""
    return make_setting(
        CalibrationDocument.model_validate_json(settings),
        ChangesDocument.model_validate_json(changes),
        place=Path(folder),
    )


def asked_of(plain: dict[str, Any]) -> Asked:
    """Give back what `Asked.plain` gave.

    Parameters
    ----------
    plain : dict
        Plain values.

    Returns
    -------
    Asked
        The file and its folder.
    """
    settings = check_document(plain["settings"], CalibrationDocument, "calibration")
    return Asked(settings, str(plain["folder"]))


def fit_task(
    asked: Asked,
    hypothesis: str,
    seed: int,
    *,
    live_points: int | None = None,
) -> Task:
    """Describe a fit.

    Parameters
    ----------
    asked : Asked
        The calibration file.
    hypothesis : str
        Key of the hypothesis.
    seed : int
        Seed of the sampler.
    live_points : int, optional
        Live points; those of the file when left out.

    Returns
    -------
    Task
        The task; its result are weighted samples.
    """
    arguments = {
        "asked": asked.for_fit(hypothesis).plain(),
        "hypothesis": hypothesis,
        "seed": seed,
        "live_points": live_points or asked.settings.sampler.live_points,
        "statement_hash": asked.setting().statement_hash,
        "model_hash": asked.setting().model_hash(hypothesis),
        "versions": versions(),
    }
    return Task(f"{hypothesis}__seed{seed}", fit, arguments)


def read_fits(
    asked: Asked, hypothesis: str, seeds: Sequence[int], live_points: int, folder: Path
) -> tuple[Samples, ...]:
    """Read the finished fits of a hypothesis.

    Parameters
    ----------
    asked : Asked
        The calibration file.
    hypothesis : str
        Key of the hypothesis.
    seeds : sequence of int
        Seeds of its fits.
    live_points : int
        Their live points.
    folder : Path
        The folder of the run.

    Returns
    -------
    tuple of Samples
        One for each seed.

    Raises
    ------
    DataError
        If one of them is not there, or is of other settings.
    """
    tasks = [fit_task(asked, hypothesis, seed, live_points=live_points) for seed in seeds]
    return tuple(samples_of(read_result(task, folder)) for task in tasks)


def slug(name: str) -> str:
    """Give a name as a part of a file name.

    Parameters
    ----------
    name : str
        Words.

    Returns
    -------
    str
        Letters, digits and dashes.

    Examples
    --------
    >>> slug("wider EC50")
    'wider-EC50'
    """
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")


def fit(
    bench: Bench,
    *,
    asked: dict[str, Any],
    hypothesis: str,
    seed: int,
    live_points: int,
    statement_hash: str,
    model_hash: str,
    versions: dict[str, str],
) -> xr.Dataset:
    """Sample a posterior.

    Parameters
    ----------
    bench : Bench
        Where the checkpoint stands and whom to tell.
    asked : dict
        The calibration file in plain values.
    hypothesis : str
        Key of the hypothesis.
    seed : int
        Seed of the sampler.
    live_points : int
        Live points.
    statement_hash, model_hash : str
        Fingerprints of what is read, and of model and priors; they tell one task from another.
    versions : dict
        Versions of what computes; they do so as well.

    Returns
    -------
    xarray.Dataset
        Weighted samples.
    """
    read = asked_of(asked)
    problem = read.setting().problem(hypothesis)
    settings = SamplerSettings(nlive=live_points, dlogz=read.settings.sampler.remaining)
    samples = sample(problem, settings, seed=seed, checkpoint=bench.checkpoint, progress=bench.tell)
    return samples_dataset(samples).assign_attrs(statement_hash=statement_hash)
