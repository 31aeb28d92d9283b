"""The engine's `solve` by its new arguments, also where it does not have them all yet."""

import inspect

import numpy as np

from kpksim import engine

KNOWN = set(inspect.signature(engine.solve).parameters)


def solve(rates, actions, times, rows, *, out=None, **wanted):
    """Solve, and drop what this engine does not know."""
    if "out" in KNOWN:
        wanted["out"] = out
    found = engine.solve(
        rates, actions, times, rows, **{k: v for k, v in wanted.items() if k in KNOWN}
    )
    if out is not None and "out" not in KNOWN:
        np.copyto(out, found.at, casting="same_kind")
    return found
