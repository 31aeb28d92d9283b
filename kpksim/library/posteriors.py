"""Posterior draws of the library, by hypothesis and mixed by weight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kpksim.errors import DataError, ModelError, unknown
from kpksim.library.hypotheses import Hypothesis, load_hypothesis
from kpksim.library.posterior_catalogue import REFERENCE, list_posteriors, load_posterior
from kpksim.library.posterior_file import CALIBRATE, Posterior

__all__ = ["MixedDraws", "Part", "Posterior", "list_posteriors", "load_posterior", "mixture"]

Array = NDArray[np.float64]

WHOLE = 0.01
"""How far weights may add up to something else than 1, for rounding."""


@dataclass(frozen=True, eq=False)
class Part:
    """Draws of a mixture under one hypothesis.

    Attributes
    ----------
    hypothesis : Hypothesis
        What drives the effect and how.
    weight : float
        Share of the hypothesis among those that can be computed.
    values : dict of str to array, shape (k,)
        Parameters, times in h.
    pk_draw : array of int, shape (k,)
        Draw of the parameters of concentrations that each belongs to; -1 for the typical person.
    """

    hypothesis: Hypothesis
    weight: float
    values: dict[str, Array]
    pk_draw: NDArray[np.int64]

    def __len__(self) -> int:
        """Give the number of draws, k."""
        return len(self.pk_draw)


@dataclass(frozen=True, eq=False)
class MixedDraws:
    """Draws of an outcome over the hypotheses that survive, each by its weight.

    Attributes
    ----------
    outcome : str
        What they are of.
    weights : dict of str to float
        Share of each hypothesis that can be computed, by key, in the order of the catalogue.
    parts : tuple of Part
        Draws under each hypothesis that has any, in the same order; n in all.
    notes : tuple of str
        What was left out and why, one sentence each.
    model : str
        Model whose concentrations they were fitted with.
    statement_hash : str
        Of the statements that they were fitted to.
    pk_seed, pk_draws : int
        Seed and number from which the draws of concentrations are made again; 0 draws for none.
    """

    outcome: str
    weights: dict[str, float]
    parts: tuple[Part, ...]
    notes: tuple[str, ...]
    model: str
    statement_hash: str
    pk_seed: int
    pk_draws: int

    @property
    def hypothesis(self) -> NDArray[np.str_]:
        """Key of the hypothesis of each draw, shape (n,)."""
        return np.repeat([one.hypothesis.key for one in self.parts], list(map(len, self.parts)))


def mixture(
    outcome: str,
    n: int,
    available: Callable[[Hypothesis], bool],
    folder: Path | None = None,
    *,
    model: str = REFERENCE,
) -> MixedDraws:
    """Mix posterior draws over the hypotheses that survive, each by its weight.

    Parameters
    ----------
    outcome : str
        Name of the outcome, such as ``"anxiety"``.
    n : int
        Number of draws.
    available : callable
        Says whether a hypothesis can be computed; the weights of the others are shared out.
    folder : Path, optional
        Where the files are; the library when left out.
    model : str
        Key or alias of the model that they must have been fitted with.

    Returns
    -------
    MixedDraws
        The same draws every time: the first ones of each hypothesis, as many as its weight says.

    Raises
    ------
    DataError
        If the files do not belong together, or hold fewer draws than are wanted.
    ModelError
        If no hypothesis can be computed.
    UnknownName
        If there are no posterior draws of this outcome.
    """
    keys = list_posteriors(outcome, folder)
    if not keys:
        raise unknown("posterior of", outcome, [], "none is there yet; kpksim calibrate makes them")
    found = [load_posterior(outcome, key, folder, model=model) for key in keys]
    _check_together(found)
    alive = [one for one in found if one.weight > 0.0]
    used = [one for one in alive if available(load_hypothesis(one.hypothesis))]
    if not used:
        names = ", ".join(one.hypothesis for one in alive)
        raise ModelError(f"{outcome}: the model lacks what drives each hypothesis that survives: "
                         f"{names}; choose another model")  # fmt: skip
    shares = np.array([one.weight for one in used]) / sum(one.weight for one in used)
    first = used[0]
    parts = map(_part, used, shares, shared_out(n, shares))
    return MixedDraws(
        outcome,
        weights={one.hypothesis: float(share) for one, share in zip(used, shares, strict=True)},
        parts=tuple(part for part in parts if len(part)),
        notes=tuple(_why_left_out(one) for one in alive if one not in used),
        model=first.model,
        statement_hash=first.statement_hash,
        pk_seed=first.pk_seed,
        pk_draws=first.pk_draws,
    )


def shared_out(n: int, shares: Sequence[float] | Array) -> NDArray[np.int64]:
    """Share whole draws out: the whole part of each share, the rest to the largest remainders.

    Parameters
    ----------
    n : int
        Number of draws.
    shares : array, shape (H,)
        Shares that add up to 1.

    Returns
    -------
    array of int, shape (H,)
        Draws of each; n in all.

    Examples
    --------
    >>> shared_out(10, [0.55, 0.25, 0.2]).tolist()
    [6, 2, 2]
    """
    exact = n * np.asarray(shares, dtype=float)
    counts = np.floor(exact + 1e-9).astype(np.int64)
    order = np.argsort(counts - exact, kind="stable")
    counts[order[: n - counts.sum()]] += 1
    return counts


def _part(posterior: Posterior, share: float, count: int) -> Part:
    """Take the first draws of a posterior."""
    if count > len(posterior):
        raise DataError(
            f"{posterior.place}: has {len(posterior)} draws, and its share of the mixture is "
            f"{count}; ask for fewer"
        )
    values = {name: draws[:count] for name, draws in posterior.values.items()}
    hypothesis = load_hypothesis(posterior.hypothesis)
    return Part(hypothesis, float(share), values, posterior.pk_draw[:count])


def _why_left_out(posterior: Posterior) -> str:
    """Say which hypothesis a model cannot compute."""
    hypothesis = load_hypothesis(posterior.hypothesis)
    return (
        f'{posterior.outcome}: the hypothesis "{hypothesis.label}" is left out, because the model '
        f"lacks what drives it ({', '.join(hypothesis.drives)}); the others share its weight of "
        f"{100.0 * posterior.weight:.0f} %."
    )


def _check_together(found: Sequence[Posterior]) -> None:
    """Refuse posteriors that are not of one calibration."""
    first = found[0]
    for one in found:
        if not 0.0 <= one.weight <= 1.0:
            raise DataError(f"{one.place}: weight: is a share from 0 to 1, got {one.weight}; "
                            f"{CALIBRATE}")  # fmt: skip
        for name in ("statement_hash", "pk_seed", "pk_draws"):
            if getattr(one, name) != getattr(first, name):
                raise DataError(
                    f"{one.place}: its {name} differs from that of {first.place}; posteriors of "
                    "one outcome are of one calibration: write them anew together"
                )
    total = sum(one.weight for one in found)
    if abs(total - 1.0) > WHOLE:
        raise DataError(
            f"{first.place}: weight: those of all hypotheses of {first.outcome} add up to 1, got "
            f"{total:.3g}; a file is missing or of another calibration"
        )
