"""States and outputs of a linear system at the times asked for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kpksim.engine.actions import Actions, Array, Floats
from kpksim.engine.doses import doses_of
from kpksim.engine.plan import plan
from kpksim.engine.shapes import ascending, ranks, shared_outputs, storage, systems
from kpksim.engine.threads import in_parts, usable_threads
from kpksim.engine.work import Work, compact

PART = 1024
"""Most subjects that a thread takes at a time."""

LEAST_PART = 128
"""Subjects that a thread takes at a time at the end, so that none waits long for another."""

TURNS = 4
"""How often a thread takes subjects at least."""

FEW_VALUES = 500_000
"""With fewer values to compute, about a millisecond's work, there is one thread."""


@dataclass(frozen=True)
class Solution:
    """Outputs at the observations, and the state at the end.

    Attributes
    ----------
    at : array, shape (S, A, T)
        Outputs at each time, in the memory that was given for them.
    state : array, shape (S, n)
        State right after the last observation [mg].
    input_rate : array, shape (S, n)
        Input rate into each state then [mg/h].
    """

    at: Floats
    state: Array
    input_rate: Array


def solve(
    rates: ArrayLike,
    actions: Actions,
    times: ArrayLike,
    rows: ArrayLike,
    *,
    order: ArrayLike | None = None,
    out: Floats | None = None,
    threads: int | None = None,
) -> Solution:
    """Solve ``dx/dt = rates @ x + input`` from an empty system under actions.

    The arithmetic on a subject does not depend on the others, nor on the number of threads.

    Parameters
    ----------
    rates : array, shape (S, n, n)
        Rate constants ``rates[..., to, from]`` [1/h].
    actions : Actions
        Additions and changes of input rates; those after the last observation are ignored.
    times : array, shape (T,)
        Times of the observations, ascending [h].
    rows : array, shape (S, A, n) or (A, n)
        Outputs: ``rows @ state``.
    order : array of int, shape (T,), optional
        Rank of each observation among things at its time (default 1: after actions of order 0).
        Lower ranks first; at equal rank actions come before observations.
    out : array, shape (S, A, T), optional
        Where the outputs at the times go, of float64 or float32 and C-contiguous; new memory of
        float64 when left out. Writing to memory that was used before is several times faster.
    threads : int, optional
        Number of threads; when left out all processors, or one for little work.

    Returns
    -------
    Solution
        Outputs and the state at the end.

    Raises
    ------
    ValueError
        If shapes do not fit or `times` do not ascend.

    Examples
    --------
    100 mg at once, of which half leaves every hour:

    >>> actions = Actions(time=[0.0], compartment=[0], amount=[100.0])
    >>> answer = solve([[[-np.log(2.0)]]], actions, [0.0, 1.0, 2.0], rows=[[1.0]])
    >>> answer.at[0, 0].round(9).tolist()
    [100.0, 50.0, 25.0]

    """
    matrices = systems(rates)
    n_subjects, n_states = matrices.shape[:2]
    observed = ascending(times)
    wanted = shared_outputs(rows, n_subjects, n_states)
    doses = doses_of(actions, n_subjects, n_states, observed, ranks(order, observed))
    system = compact(matrices, wanted, doses)
    work = Work(
        system=system,
        plan=plan(observed, wanted.shape[1]),
        times=observed,
        at=storage(out, (n_subjects, wanted.shape[1], len(observed))),
        state=np.empty((n_subjects, len(system.kept) + len(doses.inlets))),
    )
    _share(work, threads)
    return _solution(work, n_states)


def _share(work: Work, threads: int | None) -> None:
    """Share the subjects out over threads."""
    n_subjects, few = len(work.at), threads is None and work.at.size < FEW_VALUES
    workers = 1 if few else threads or usable_threads()
    least = max(min(n_subjects // (TURNS * workers), LEAST_PART), 1)
    in_parts(work.do, n_subjects, part=PART, least=least, threads=workers)


def _solution(work: Work, n_states: int) -> Solution:
    """Put what was computed in the order of all states."""
    system, n_subjects = work.system, len(work.at)
    n_inlets = len(system.doses.inlets)
    state, input_rate = np.zeros((n_subjects, n_states)), np.zeros((n_subjects, n_states))
    state[:, system.kept] = work.state[:, n_inlets:]
    input_rate[:, system.kept[system.doses.inlets]] = work.state[:, :n_inlets]
    return Solution(work.at, state, input_rate)
