"""The posterior and the evidence of a problem, by nested sampling (dynesty).

Nested sampling turns the evidence into a sum over shells of falling prior volume; the points that
die on the way, weighted by their shell, are the posterior. New points are found by random walks
that start at living ones, scaled to ellipsoids around them.

References
----------
Nested sampling: Skilling, AIP Conf. Proc. 735 (2004) 395. The package: Speagle, Mon. Not. R.
Astron. Soc. 493 (2020) 3132. The ellipsoids: Feroz, Hobson and Bridges, Mon. Not. R. Astron. Soc.
398 (2009) 1601.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from scipy.special import logsumexp

from kpksim.calibration.checkpoint import Checkpoint
from kpksim.calibration.extras import extra
from kpksim.calibration.run_identity import Sampled, SamplerSettings, identity
from kpksim.calibration.samples import Array, Samples

CHECKPOINT_EVERY = 20.0
"""Seconds between two checkpoints: what a killed run may lose."""
TOLD_EVERY = 0.5
"""Seconds between two messages of progress."""


@dataclass(frozen=True)
class SamplerProgress:
    """How far a run is.

    Attributes
    ----------
    iterations : int
        Points that have died.
    likelihoods : int
        Likelihoods computed so far.
    per_second : float
        Likelihoods per second since the run began or resumed.
    log_evidence : float
        ln Z so far.
    remaining : float
        What the living points could still add to it; the run ends below `dlogz`.
    """

    iterations: int
    likelihoods: int
    per_second: float
    log_evidence: float
    remaining: float


Told = Callable[[SamplerProgress], None]


def sample(
    problem: Sampled,
    settings: SamplerSettings,
    *,
    seed: int,
    checkpoint: Path | None = None,
    progress: Told | None = None,
    on_resume: Told | None = None,
) -> Samples:
    """Sample a posterior.

    The same problem, settings, seed and versions give the same samples, whether the run was
    interrupted or not.

    Parameters
    ----------
    problem : Sampled
        What to sample.
    settings : SamplerSettings
        How thoroughly.
    seed : int
        What the random numbers start from.
    checkpoint : Path, optional
        Where the state is kept, written every 20 s and at the end; if it is there already, the
        run goes on from it. The caller removes it once the
        result is safe.
    progress : callable, optional
        Called about twice a second with how far the run is.
    on_resume : callable, optional
        Called once with where the run goes on, if it does.

    Returns
    -------
    Samples
        The weighted samples and the evidence.

    Raises
    ------
    ScenarioError
        If there are too few live points.
    DataError
        If the checkpoint is damaged or belongs to another run. It is left as it is.
    MissingPackage
        If dynesty is not installed.
    """
    settings.refuse_too_few(len(problem.names))
    began = perf_counter()
    outside = {"transform": problem.transform, "log_likelihood": problem.log_likelihood}
    kept = None
    if checkpoint is not None:
        kept = Checkpoint(checkpoint, identity(problem, settings, seed), outside)
    found = kept.load() if kept else None
    sampler, seconds = found or (_new_sampler(outside, len(problem.names), settings, seed), 0.0)
    watch = _Watch(sampler, began - seconds, kept, progress)
    if found and on_resume:
        on_resume(watch.progress())
    if not sampler.added_live:
        sampler.run_nested(
            dlogz=settings.dlogz, print_func=watch, save_bounds=False, resume=found is not None
        )
        watch.keep()
    return _samples(problem.names, sampler, watch.seconds(), seed)


class _Watch:
    """Called at every step of a run: tells of it and keeps its state from time to time."""

    def __init__(
        self, sampler: Any, began: float, kept: Checkpoint | None, told: Told | None
    ) -> None:
        self._sampler, self._began, self._kept, self._told = sampler, began, kept, told
        self._kept_at = self._told_at = self._here = perf_counter()
        self._earlier = sampler.ncall

    def __call__(
        self, _step: object, *_: object, add_live_it: int | None = None, **__: object
    ) -> None:
        """Take note of a step; while the last points are added nothing is left to tell."""
        now = perf_counter()
        if add_live_it is not None:
            return
        if self._told and now - self._told_at > TOLD_EVERY:
            self._told_at = now
            self._told(self.progress())
        if now - self._kept_at > CHECKPOINT_EVERY:
            self._kept_at = now
            self.keep()

    def keep(self) -> None:
        """Write the checkpoint, if there is a place for it."""
        if self._kept:
            self._kept.save((self._sampler, self.seconds()))

    def seconds(self) -> float:
        """Give how long the run has taken, with its earlier parts."""
        return perf_counter() - self._began

    def progress(self) -> SamplerProgress:
        """Say how far the run is."""
        sampler = self._sampler
        run, dead = sampler.saved_run, sampler.it - 1
        log_evidence = run["logz"][-1] if dead else -np.inf
        volume = run["logvol"][-1] if dead else 0.0
        best = np.max(sampler.live_logl) + volume
        elapsed = max(perf_counter() - self._here, 1e-9)
        return SamplerProgress(
            iterations=dead,
            likelihoods=sampler.ncall,
            per_second=(sampler.ncall - self._earlier) / elapsed,
            log_evidence=float(log_evidence),
            remaining=float(np.logaddexp(log_evidence, best) - log_evidence) if dead else np.inf,
        )


def _new_sampler(
    outside: Mapping[str, Callable[[Array], Any]],
    parameters: int,
    settings: SamplerSettings,
    seed: int,
) -> Any:
    """Make a sampler and compute its first live points."""
    return extra("dynesty").NestedSampler(
        outside["log_likelihood"],
        outside["transform"],
        parameters,
        nlive=settings.nlive,
        bound="multi",
        sample="rwalk",
        walks=settings.walks or None,
        rstate=np.random.default_rng(seed),
    )


def _samples(names: tuple[str, ...], sampler: Any, seconds: float, seed: int) -> Samples:
    """Take what a finished sampler holds."""
    found = sampler.results
    log_weights = np.asarray(found["logwt"])
    return Samples(
        names=names,
        values=np.asarray(found["samples"]),
        log_weights=log_weights - logsumexp(log_weights),
        log_likelihood=np.asarray(found["logl"]),
        log_evidence=float(found["logz"][-1]),
        log_evidence_error=float(found["logzerr"][-1]),
        information=float(found["information"][-1]),
        likelihoods=int(sampler.ncall),
        seconds=seconds,
        seed=seed,
    )
