"""Concentration at effect sites of many speeds, for fits that look them up."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpksim.engine import driving, outputs_alone
from kpksim.simulation.problem import Problem, on_times

Array = NDArray[np.float64]


def site_levels(problem: Problem, drive: str, ke0: ArrayLike, times: Array) -> Array:
    r"""Concentration at effect sites that follow one concentration of one person.

    .. math:: dC_e/dt = k_{e0} (C - C_e)

    The engine solves each site exactly, as `kpksim.simulate` does.

    Parameters
    ----------
    problem : Problem
        One person.
    drive : str
        Output that drives the site.
    ke0 : array, shape (K,)
        Rate constants [1/h].
    times : array, shape (T,)
        Times, ascending [h].

    Returns
    -------
    array, shape (K, T)
        Concentrations [ng/mL].
    """
    rates = np.asarray(ke0, dtype=float)
    copies = problem.chosen(np.zeros(len(rates), dtype=np.intp))
    states = len(problem.kept) + 1
    further = np.zeros((len(rates), 1, states))
    further[:, 0, :-1] = rates[:, None] * copies.rows([drive])[:, 0]
    further[:, 0, -1] = -rates
    rows = np.zeros((len(rates), 1, states))
    rows[:, 0, -1] = 1.0
    actions = on_times(copies.actions, times)
    system = driving(copies.rates, further)
    found: Array = outputs_alone(system, actions, times, rows, threads=1)[:, 0]
    return found
