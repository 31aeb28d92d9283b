"""Posteriors of effects that ship with kpksim, and their mixture by the weight of hypotheses."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from kpksim.errors import DataError, unknown
from kpksim.library.hypotheses import (
    Hypothesis,
    hypothesis_priors,
    list_hypotheses,
    load_hypothesis,
)

Array = NDArray[np.float64]
TYPICAL = -1
"""The PK draw of an effect that was drawn under the typical person's concentrations."""
_MUST = ("outcome", "hypothesis", "weight", "log_evidence", "statement_hash", "model")


@dataclass(frozen=True)
class Posterior:
    """Equally weighted draws of the parameters of one effect under one hypothesis.

    Attributes
    ----------
    hypothesis : Hypothesis
        What drives the effect and how.
    values : mapping of str to array, shape (n,)
        Parameters by the names of `kpksim.library.hypotheses.hypothesis_priors`, times in h; those
        of the studies may be among them.
    pk_draw : array of int, shape (n,)
        Draw of the ensemble of concentrations that each belongs to; `TYPICAL` for the typical
        person.
    weight : float
        Share of the hypothesis in the mixture; 0 for one that did not survive [1].
    facts : mapping of str to object
        Further attributes of the file, such as ``log_evidence``, ``model``, ``statement_hash``,
        ``pk_seed`` and ``pk_draws``.
    """

    hypothesis: Hypothesis
    values: Mapping[str, Array]
    pk_draw: NDArray[np.int64]
    weight: float
    facts: Mapping[str, Any]

    def __len__(self) -> int:
        """Count the draws."""
        return len(self.pk_draw)


@dataclass(frozen=True)
class MixedDraws:
    """Draws of an effect over hypotheses.

    Attributes
    ----------
    outcome : str
        The effect.
    parts : tuple of Posterior
        The draws of each hypothesis, all that the mixture takes and no more.
    left_out : tuple of Hypothesis
        Hypotheses that have a share but are not available.
    """

    outcome: str
    parts: tuple[Posterior, ...]
    left_out: tuple[Hypothesis, ...] = ()

    @property
    def hypotheses(self) -> list[str]:
        """Key of the hypothesis of each draw, shape (n,)."""
        return [one.hypothesis.key for one in self.parts for _ in range(len(one))]

    @property
    def pk_draw(self) -> NDArray[np.int64]:
        """Draw of the ensemble of concentrations that each belongs to, shape (n,)."""
        return np.concatenate([one.pk_draw for one in self.parts])


def list_posteriors(outcome: str) -> tuple[str, ...]:
    """List the hypotheses of an outcome whose posteriors ship with kpksim.

    Parameters
    ----------
    outcome : str
        Name of the outcome, such as ``"anxiety"``.

    Returns
    -------
    tuple of str
        Keys in the order of `kpksim.library.hypotheses.list_hypotheses`.

    Raises
    ------
    UnknownName
        If the library has no such outcome.
    """
    return tuple(key for key in list_hypotheses(outcome) if _file(outcome, key).is_file())


def load_posterior(outcome: str, hypothesis: str) -> Posterior:
    """Load a posterior of the library.

    Parameters
    ----------
    outcome : str
        Name of the outcome.
    hypothesis : str
        Name of the hypothesis.

    Returns
    -------
    Posterior
        Its draws.

    Raises
    ------
    UnknownName
        If there is none.
    DataError
        If the file is no posterior of this outcome and hypothesis.
    """
    if hypothesis not in list_posteriors(outcome):
        raise unknown(f"posterior of {outcome}", hypothesis, list(list_posteriors(outcome)))
    return _read(outcome, hypothesis)


def mixture(
    outcome: str, n: int, available: Callable[[Hypothesis], bool] = lambda _: True
) -> MixedDraws:
    """Draws of an effect, evenly over the surviving hypotheses by their weight.

    The first draws of each posterior are taken, whose order is random, so that the same n always
    gives the same draws.

    Parameters
    ----------
    outcome : str
        Name of the outcome.
    n : int
        How many draws.
    available : callable
        Whether a hypothesis can be used; the weights of the others are made to add up to 1.

    Returns
    -------
    MixedDraws
        The draws; without parts where no posterior ships, or none is available.

    Raises
    ------
    DataError
        If a file is no posterior, a weight is not known, or there are not as many draws.
    """
    known = [load_posterior(outcome, key) for key in list_posteriors(outcome)]
    alive = [one for one in known if one.weight > 0.0]
    there = [one for one in alive if available(one.hypothesis)]
    left_out = tuple(one.hypothesis for one in alive if one not in there)
    counts = shared_out(n, np.array([one.weight for one in there]))
    parts = tuple(_first(one, k, outcome) for one, k in zip(there, counts, strict=True) if k)
    return MixedDraws(outcome, parts, left_out)


def shared_out(n: int, weights: Array) -> list[int]:
    """Share out n draws by weight, what is left over by the largest remainders.

    Parameters
    ----------
    n : int
        How many.
    weights : array, shape (k,)
        Weights, not negative.

    Returns
    -------
    list of int
        How many for each, n in all; empty without weights.

    Examples
    --------
    >>> shared_out(10, np.array([0.5, 0.33, 0.17]))
    [5, 3, 2]
    """
    if not weights.size:
        return []
    wanted = n * weights / weights.sum()
    counts = np.floor(wanted).astype(int)
    order = np.argsort(counts - wanted, kind="stable")
    counts[order[: n - counts.sum()]] += 1
    return [int(one) for one in counts]


def _first(one: Posterior, n: int, outcome: str) -> Posterior:
    """Give the first n draws of a posterior."""
    if n > len(one):
        raise DataError(
            f"the posterior of {outcome} under {one.hypothesis.key} has {len(one)} draws, "
            f"got a wish for {n}; ask for fewer draws"
        )
    values = {name: value[:n] for name, value in one.values.items()}
    return Posterior(one.hypothesis, values, one.pk_draw[:n], one.weight, one.facts)


def _folder() -> Traversable:
    """Give the folder of posteriors."""
    return files("kpksim.library").joinpath("effects", "posteriors")


def _file(outcome: str, hypothesis: str) -> Traversable:
    """Give the place of a posterior."""
    return _folder().joinpath(f"{outcome}__{hypothesis}.nc")


@cache
def _read(outcome: str, hypothesis: str) -> Posterior:
    """Read and check a file once."""
    file = _file(outcome, hypothesis)
    place = f"library/effects/posteriors/{file.name}"
    try:
        with as_file(file) as path:
            found = xr.load_dataset(path, engine="h5netcdf")
    except (OSError, ValueError):
        raise DataError(f"{place}: cannot be read as netCDF; write it anew") from None
    missing = [name for name in _MUST if name not in found.attrs]
    missing += [name for name in hypothesis_priors(hypothesis, outcome) if name not in found]
    if missing or "pk_draw" not in found:
        raise DataError(f"{place}: a posterior needs {', '.join([*missing, 'pk_draw'][:1])}")
    facts = {name: _parsed(one) for name, one in found.attrs.items()}
    if (facts["outcome"], facts["hypothesis"]) != (outcome, hypothesis):
        raise DataError(
            f"{place}: is of {facts['outcome']} under {facts['hypothesis']}; name it so"
        )
    if not 0.0 <= float(facts["weight"]) <= 1.0:
        raise DataError(f"{place}: a weight lies between 0 and 1, got {facts['weight']}")
    values = {
        str(name): np.asarray(one.values, dtype=float)
        for name, one in found.data_vars.items()
        if name != "pk_draw"
    }
    return Posterior(
        hypothesis=load_hypothesis(hypothesis),
        values=values,
        pk_draw=np.asarray(found["pk_draw"].values, dtype=np.int64),
        weight=float(facts["weight"]),
        facts=facts,
    )


def _parsed(value: Any) -> Any:
    """Read JSON among the attributes; what is none stays as it is."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        return json.loads(value)
    return value
