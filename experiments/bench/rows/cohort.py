"""10,000 subjects, six infusions, a regular grid: against a fill, by threads, in float32."""

import numpy as np

from experiments.bench.clock import Timing, in_turns, ratios
from experiments.bench.figures import Figure
from experiments.bench.fill import fill
from experiments.bench.settings import Settings
from experiments.bench.workload import Workload, cohort
from kpksim.engine import Solution, solve
from kpksim.engine.threads import usable_threads

Found = tuple[list[Figure], list[str]]


def six_infusions(settings: Settings) -> Workload:
    """The cohort of the settings."""
    size = settings.cohort
    return cohort(size.subjects, size.days, size.step_minutes, settings.seed)


def simulate(work: Workload, out: np.ndarray, threads: int | None = None) -> Solution:
    """Simulate into a warm array."""
    return solve(work.rates, work.actions, work.times, work.rows, out=out, threads=threads)


def size_of(work: Workload) -> str:
    """Say how large a workload is."""
    subjects, analytes, times = work.shape
    return f"{subjects:,} subjects x {times:,} times x {analytes} analytes"


def against_fill(work: Workload, settings: Settings, name: str, dtype: type = np.float64) -> Found:
    """Time of a simulation into a warm array over the time to fill it."""
    out = work.warm(dtype)
    taken = in_turns(
        {"simulation": lambda: simulate(work, out), "fill": lambda: fill(out)}, settings.rounds
    )
    spread = ratios(taken["simulation"], taken["fill"])
    note = f"{size_of(work)}, {out.nbytes / 1e6:.0f} MB, {usable_threads()} threads"
    return [
        Figure(name, "time / time of the fill", spread["median"], "", spread),
        fastest(taken["simulation"], taken["fill"]),
        *[
            Figure("", f"{way}", one.median * 1e3, "ms", one.spread(per=1e-3))
            for way, one in taken.items()
        ],
    ], [note]


def fastest(over: Timing, under: Timing) -> Figure:
    """Ratio of the fastest rounds, which other work on the machine disturbed least."""
    return Figure("", "the same of the fastest rounds", min(over.seconds) / min(under.seconds))


def cohort_against_fill(settings: Settings) -> Found:
    """Measure the cohort against the fill."""
    return against_fill(six_infusions(settings), settings, "cohort_ratio")


def one_thread(settings: Settings) -> Found:
    """Nanoseconds per value with one thread."""
    work = six_infusions(settings)
    out = work.warm()
    taken = in_turns(
        {"simulation": lambda: simulate(work, out, 1), "fill": lambda: fill(out, 1)},
        settings.rounds,
    )
    engine, filling, per = taken["simulation"], taken["fill"], work.values * 1e-9
    return [
        Figure("one_thread", "time per value", engine.median / per, "ns", engine.spread(per)),
        Figure("", "the fill, per value", filling.median / per, "ns", filling.spread(per)),
    ], [size_of(work)]


def two_threads(settings: Settings) -> Found:
    """Time of one thread over time of two."""
    if usable_threads() < 2:
        raise RuntimeError("this machine lends one processor; two threads cannot be measured")
    work = six_infusions(settings)
    out = work.warm()
    ways = {f"{k}": lambda k=k: simulate(work, out, k) for k in (1, 2)}
    fills = {f"fill {k}": lambda k=k: fill(out, k) for k in (1, 2)}
    taken = in_turns(ways | fills, settings.rounds)
    spread = ratios(taken["1"], taken["2"])
    filled = ratios(taken["fill 1"], taken["fill 2"])
    return [
        Figure("threads", "time of one thread / time of two", spread["median"], "", spread),
        fastest(taken["1"], taken["2"]),
        Figure("", "the fill, one / two", filled["median"], "", filled),
    ], [size_of(work), "other work on the machine lowers it: see the load"]


def float32(settings: Settings) -> Found:
    """Storage in float32 against its own fill, and against float64."""
    work = six_infusions(settings)
    narrow, wide = work.warm(np.float32), work.warm()
    taken = in_turns(
        {
            "narrow": lambda: simulate(work, narrow),
            "fill": lambda: fill(narrow),
            "wide": lambda: simulate(work, wide),
        },
        settings.rounds,
    )
    over_fill = ratios(taken["narrow"], taken["fill"])
    over_wide = ratios(taken["narrow"], taken["wide"])
    simulate(work, narrow)  # the fill was there last
    rounding = float(np.max(np.abs(narrow - wide.astype(np.float32))))
    return [
        Figure("", "time / time to fill float32", over_fill["median"], "", over_fill),
        Figure("", "time / time with float64", over_wide["median"], "", over_wide),
        Figure("", "largest difference from float64 rounded", rounding, "ng/mL"),
    ], [f"{size_of(work)}, {narrow.nbytes / 1e6:.0f} MB; arithmetic is in float64"]
