"""Blocks of draws of several effects that are computed together, since they share their people."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np

from kpksim.simulation.mixtures import Drawn, Mixture


def together(mixtures: Mapping[str, Mixture], most: int) -> Iterator[dict[str, Drawn]]:
    """Put draws of several effects together where they are of the same people.

    Parameters
    ----------
    mixtures : mapping of str to Mixture
        Draws by outcome, n of each.
    most : int
        Most draws in a block.

    Yields
    ------
    dict of str to Drawn
        A block of draws of one or several outcomes, each under one hypothesis, in the same people.
    """
    groups: dict[object, dict[str, Mixture]] = {}
    for outcome, one in mixtures.items():
        groups.setdefault(_whom(outcome, one), {})[outcome] = one
    for group in groups.values():
        starts = {drawn.first for one in group.values() for drawn in one.drawn}
        n = max(drawn.first + len(drawn.people) for drawn in next(iter(group.values())).drawn)
        cuts = sorted(starts | set(range(0, n, most)) | {n})
        for first, end in pairwise(cuts):
            yield {outcome: _between(one, first, end) for outcome, one in group.items()}


def _whom(outcome: str, one: Mixture) -> object:
    """Give a key that effects share whose draws are of the same people, alike in potency."""
    if any(drawn.potency is not None for drawn in one.drawn):
        return outcome
    names = sorted({name for drawn in one.drawn for name in drawn.people.shifts})
    shifts = (
        [drawn.people.shifts.get(name, np.zeros(len(drawn.people))) for drawn in one.drawn]
        for name in names
    )
    return tuple(
        (name, np.concatenate(some).tobytes()) for name, some in zip(names, shifts, strict=True)
    )


def _between(one: Mixture, first: int, end: int) -> Drawn:
    """Give the draws from one place up to another, all of one hypothesis."""
    drawn = next(d for d in one.drawn if d.first <= first and end <= d.first + len(d.people))
    return drawn.chosen(np.arange(first - drawn.first, end - drawn.first))
