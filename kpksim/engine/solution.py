"""States and outputs of a linear system at the times asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kpksim.engine.actions import Actions, Array, Indices, schedule
from kpksim.engine.plan import Busy, Plan, plan
from kpksim.engine.propagator import LONG_NORM, norms
from kpksim.engine.shapes import ascending, outputs, ranks, systems
from kpksim.engine.steps import Steps
from kpksim.engine.walk import Walk

CHUNK = 64
"""Most subjects that are computed together."""

CHUNK_NUMBERS = 4_000_000
"""Most numbers that the states of one chunk hold (32 MB)."""


@dataclass(frozen=True)
class Solution:
    """Outputs at the observations and inside the gaps, and the state at the end.

    Attributes
    ----------
    at : array, shape (S, A, T)
        Outputs at each time.
    inside : array, shape (S, A, T - 1, len(inside))
        Outputs at the fractions of each gap between consecutive times.
    state : array, shape (S, n)
        State right after the last observation [mg].
    input_rate : array, shape (S, n)
        Input rate into each state then [mg/h].
    """

    at: Array
    inside: Array
    state: Array
    input_rate: Array


def solve(
    rates: ArrayLike,
    actions: Actions,
    times: ArrayLike,
    rows: ArrayLike,
    *,
    order: ArrayLike | None = None,
    inside: Sequence[float] = (),
) -> Solution:
    """Solve ``dx/dt = rates @ x + input`` from an empty system under actions.

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
    inside : sequence of float
        Fractions between 0 and 1 of each gap between consecutive times at which outputs are
        wanted too. The time of every action must then be one of `times`.

    Returns
    -------
    Solution
        Outputs and the state at the end.

    Raises
    ------
    ValueError
        If shapes do not fit, `times` do not ascend, or an action lies inside a gap while `inside`
        is given.

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
    sources = outputs(rows, n_subjects, n_states)
    observed = ascending(times)
    events = schedule(actions, n_subjects, n_states)
    if inside:
        _refuse_actions_inside(events.time, observed)
    course = plan(events, observed, ranks(order, observed))
    at = np.empty((n_subjects, sources.shape[1], len(observed)))
    between = np.empty((n_subjects, sources.shape[1], len(observed) - 1, len(inside)))
    last = np.empty((n_subjects, n_states + len(events.inlets)))
    hardest = float(norms(matrices).max(initial=0.0))
    longest = LONG_NORM / hardest if hardest > 0.0 else np.inf
    for chunk in _chunks(n_subjects, last.shape[1] * _longest(course)):
        system, extended = _with_inlets(matrices[chunk], sources[chunk], events.inlets)
        steps = Steps(system, extended, tuple(inside), longest)
        walk = Walk(steps, events.of(chunk), n_states, at[chunk], between[chunk])
        last[chunk] = walk.through(course, chunk)
    input_rate = np.zeros((n_subjects, n_states))
    input_rate[:, events.inlets] = last[:, n_states:]
    return Solution(at, between, last[:, :n_states], input_rate)


def _refuse_actions_inside(when: Array, times: Array) -> None:
    """Refuse actions between observations."""
    between = (when > times[0]) & (when < times[-1]) & ~np.isin(when, times)
    if between.any():
        raise ValueError(
            "outputs inside gaps need every action time among times, "
            f"got an action at {when[between][0]} h; add it to times"
        )


def _longest(course: Plan) -> int:
    """Most states that a piece of the plan holds at once."""
    return max(
        1 if isinstance(piece, Busy) else piece.last - piece.first for piece in course.pieces
    )


def _chunks(n_subjects: int, numbers_each: int) -> list[slice]:
    """Subjects that are computed together."""
    size = min(CHUNK, max(1, CHUNK_NUMBERS // numbers_each))
    return [slice(first, first + size) for first in range(0, n_subjects, size)]


def _with_inlets(rates: Array, rows: Array, inlets: Indices) -> tuple[Array, Array]:
    """Make each input rate one more state that feeds its compartment and never changes."""
    n_subjects, n_states = rates.shape[:2]
    total = n_states + len(inlets)
    system = np.zeros((n_subjects, total, total))
    system[:, :n_states, :n_states] = rates
    system[:, inlets, np.arange(n_states, total)] = 1.0
    extended = np.zeros((*rows.shape[:2], total))
    extended[:, :, :n_states] = rows
    return system, extended
