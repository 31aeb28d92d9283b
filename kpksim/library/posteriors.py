"""Posterior draws of the library, by hypothesis and mixed by weight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kpksim.errors import DataError
from kpksim.library.hypotheses import Hypothesis
from kpksim.library.posterior_catalogue import REFERENCE, list_posteriors, load_posterior
from kpksim.library.posterior_file import CALIBRATE, TYPICAL, Posterior

__all__ = [
    "TYPICAL",
    "MixedDraws",
    "Posterior",
    "list_posteriors",
    "load_posterior",
    "mixture",
    "rare_in",
    "shared_out",
]

Array = NDArray[np.float64]

WHOLE = 0.01
"""How far weights may add up to something else than 1, for rounding."""


@dataclass(frozen=True, eq=False)
class MixedDraws:
    """Draws of an outcome over the hypotheses that survive, each by its weight.

    Attributes
    ----------
    outcome : str
        What they are of.
    parts : tuple of Posterior
        Draws under each hypothesis that has any, in the order of the catalogue; n in all.
    left_out : tuple of Hypothesis
        Hypotheses that survive and cannot be computed.
    weights : dict of str to float
        Share of each hypothesis that can be computed, by key; they add up to 1.
    """

    outcome: str
    parts: tuple[Posterior, ...] = ()
    left_out: tuple[Hypothesis, ...] = ()
    weights: dict[str, float] = field(default_factory=dict)

    @property
    def hypotheses(self) -> list[str]:
        """Key of the hypothesis of each draw, shape (n,)."""
        return [one.hypothesis.key for one in self.parts for _ in range(len(one))]

    @property
    def pk_draw(self) -> NDArray[np.int64]:
        """Draw of the parameters of concentrations that each draw belongs to, shape (n,)."""
        return np.concatenate([np.empty(0, np.int64), *(one.pk_draw for one in self.parts)])

    @property
    def notes(self) -> tuple[str, ...]:
        """What is left out and why, one sentence each."""
        return tuple(
            f'{self.outcome}: the hypothesis "{one.label}" is left out, because the model lacks '
            f"what drives it ({', '.join(one.drives)}); the others share its weight."
            for one in self.left_out
        )


def mixture(
    outcome: str,
    n: int,
    available: Callable[[Hypothesis], bool] = lambda _: True,
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
        The same draws every time: the first ones of each hypothesis, as many as its weight says;
        without parts where there are no posterior draws, or none that can be computed.

    Raises
    ------
    DataError
        If the files do not belong together, or hold fewer draws than are wanted.
    UnknownName
        If the library has no such outcome.
    """
    keys = list_posteriors(outcome, folder)
    found = [load_posterior(outcome, key, folder, model=model) for key in keys]
    _check_together(found)
    alive = [one for one in found if one.weight > 0.0]
    used = [one for one in alive if available(one.hypothesis)]
    total = sum(one.weight for one in used)
    shares = {one.hypothesis.key: one.weight / total for one in used}
    counts = shared_out(n, list(shares.values()))
    return MixedDraws(
        outcome,
        parts=tuple(one.first(k) for one, k in zip(used, counts, strict=True) if k),
        left_out=tuple(one.hypothesis for one in alive if one not in used),
        weights=shares,
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
    counts[order[: n - int(counts.sum())]] += 1
    return counts


def rare_in(mixed: MixedDraws, share: float, n: int, *, model: str = REFERENCE) -> MixedDraws:
    """Give draws of each hypothesis that has next to none in a mixture.

    Parameters
    ----------
    mixed : MixedDraws
        From `mixture`.
    share : float
        Part of the draws below which a hypothesis is rare.
    n : int
        Number of draws of each that are wanted; all that there are where they are fewer.
    model : str
        Key or alias of the model that they must have been fitted with.

    Returns
    -------
    MixedDraws
        Only the rare ones, whose weights are those in the mixture.
    """
    keys = mixed.hypotheses
    rare = [key for key in mixed.weights if keys.count(key) < share * len(keys)]
    found = [load_posterior(mixed.outcome, key, model=model) for key in rare]
    parts = tuple(one.first(min(n, len(one))) for one in found)
    return MixedDraws(mixed.outcome, parts, weights={key: mixed.weights[key] for key in rare})


def _check_together(found: Sequence[Posterior]) -> None:
    """Refuse posteriors that are not of one calibration."""
    if not found:
        return
    first = found[0]
    for one in found:
        if not 0.0 <= one.weight <= 1.0:
            raise DataError(f"{one.place}: weight: is a share from 0 to 1, got {one.weight}; "
                            f"{CALIBRATE}")  # fmt: skip
        for name in ("statement_hash", "pk_seed", "pk_draws"):
            if one.facts[name] != first.facts[name]:
                raise DataError(
                    f"{one.place}: its {name} differs from that of {first.place}; posteriors of "
                    "one outcome are of one calibration: write them anew together"
                )
    total = sum(one.weight for one in found)
    if abs(total - 1.0) > WHOLE:
        raise DataError(
            f"{first.place}: weight: those of all hypotheses add up to 1, got {total:.3g}; a file "
            "is missing or of another calibration"
        )
