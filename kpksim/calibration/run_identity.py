"""What is sampled and how thoroughly, and what tells one run from another."""

from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.metadata import version
from typing import Protocol

import numpy as np

from kpksim.calibration.samples import Array
from kpksim.errors import ScenarioError

_PROBES = (0.5, 0.31, 0.73)
"""Places in the unit cube at which a problem is told from another."""


class Sampled(Protocol):
    """What can be sampled."""

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters, in order."""

    @property
    def statement_hash(self) -> str:
        """A text that changes with the statements."""

    def transform(self, cube: Array, /) -> Array:
        """Give the values at a point of the unit cube."""

    def log_likelihood(self, values: Array, /) -> float:
        """Give ln L of values."""


@dataclass(frozen=True)
class SamplerSettings:
    """How thoroughly to sample.

    Attributes
    ----------
    nlive : int
        Number of live points; errors fall with its square root, time rises with it.
    dlogz : float
        The run ends when what is left could add less than this to ln Z.
    walks : int
        Steps of a random walk to a new point; 0 means 20 and one for each parameter.
    """

    nlive: int = 500
    dlogz: float = 0.01
    walks: int = 0

    def __post_init__(self) -> None:
        if self.dlogz <= 0:
            raise ScenarioError(f"dlogz must be above 0, got {self.dlogz:g}; 0.01 is usual")
        if self.walks < 0:
            raise ScenarioError(f"walks must not be negative, got {self.walks}; 0 chooses")

    def refuse_too_few(self, parameters: int) -> None:
        """Refuse fewer live points than ellipsoids around them need.

        Parameters
        ----------
        parameters : int
            Number of sampled parameters.

        Raises
        ------
        ScenarioError
            If there are not more than two live points a parameter.
        """
        if self.nlive <= 2 * parameters:
            raise ScenarioError(
                f"nlive must be above twice the number of parameters ({parameters}), "
                f"got {self.nlive}; 300 to 500 is usual"
            )


def identity(problem: Sampled, settings: SamplerSettings, seed: int) -> dict[str, str]:
    """Give what tells one run from another.

    The problem is known by its names, its statements, and by values and likelihoods at three
    places of the unit cube, to six digits: another prior, model, reading or data set shows there.

    Parameters
    ----------
    problem : Sampled
        What is sampled.
    settings : SamplerSettings
        How thoroughly.
    seed : int
        What the random numbers start from.

    Returns
    -------
    dict of str to str
        Texts by what they are about.
    """
    probes = []
    for place in _PROBES:
        values = problem.transform(np.full(len(problem.names), place))
        probes.append([f"{one:.6g}" for one in (*values, problem.log_likelihood(values))])
    return {
        "parameters": " ".join(problem.names),
        "statements": problem.statement_hash,
        "settings": " ".join(f"{key}={value}" for key, value in asdict(settings).items()),
        "seed": str(seed),
        "versions": " ".join(f"{key} {value}" for key, value in versions().items()),
        "problem": sha256(repr(probes).encode()).hexdigest()[:16],
    }


def versions() -> dict[str, str]:
    """Give the versions that a result depends on.

    Returns
    -------
    dict of str to str
        Version by package.
    """
    return {name: version(name) for name in ("kpksim", "dynesty", "numpy")}
