"""SciPy's solve_ivp by LSODA, started anew where the input changes."""

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from experiments.bench.others.segments import segments
from experiments.bench.workload import Workload


def by_solve_ivp(work: Workload, rtol: float, atol: float) -> NDArray:
    """Outputs of every subject, shape (S, A, T)."""
    entry, parts = int(work.actions.compartment[0]), segments(work)
    out = np.zeros(work.shape)
    for rates, rows, found in zip(work.rates, work.rows, out, strict=True):
        state, feed = np.zeros(len(rates)), np.zeros(len(rates))
        for part in parts:
            feed[entry] = part.feed
            times = work.times[part.first : part.last].clip(part.start, part.end)
            wanted = times if len(times) and times[-1] == part.end else np.append(times, part.end)
            answer = solve_ivp(
                lambda _, x, rates, feed: rates @ x + feed,
                (part.start, part.end),
                state,
                method="LSODA",
                t_eval=wanted,
                args=(rates, feed),
                jac=lambda _, x, rates, feed: rates,
                rtol=rtol,
                atol=atol,
            )
            found[:, part.first : part.last] = rows @ answer.y[:, : len(times)]
            state = answer.y[:, -1]
    return out
