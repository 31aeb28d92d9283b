"""Timings of several ways, taken in turns so that what disturbs one disturbs all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Timing:
    """Seconds that one way took, round by round."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one [s]."""
        return median(self.seconds)

    def spread(self, per: float = 1.0) -> dict[str, float]:
        """Least, middle and largest, each divided by `per`, and how many there are."""
        return spread([one / per for one in self.seconds])


def spread(values: list[float]) -> dict[str, float]:
    """Least, middle and largest of some values, and how many there are."""
    return {"min": min(values), "median": median(values), "max": max(values), "n": len(values)}


def in_turns(ways: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Timing]:
    """Time every way once a round, after one round that does not count."""
    for way in ways.values():
        way()
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            begin = perf_counter()
            way()
            taken[name].append(perf_counter() - begin)
    return {name: Timing(tuple(seconds)) for name, seconds in taken.items()}


def ratios(over: Timing, under: Timing) -> dict[str, float]:
    """Spread of the ratio of two timings from round to round; its median is that of medians."""
    rounds = [a / b for a, b in zip(over.seconds, under.seconds, strict=True)]
    return spread(rounds) | {"median": over.median / under.median}
