"""The arithmetic of a plan: one chunk of subjects taken from piece to piece."""

from dataclasses import dataclass

import numpy as np

from kpksim.engine.actions import Array, Indices, Schedule
from kpksim.engine.plan import Busy, Plan, Run
from kpksim.engine.steps import Steps


@dataclass(frozen=True)
class Walk:
    """A chunk of subjects on its way through a plan; results are written into `at` and `inside`.

    Attributes
    ----------
    steps : Steps
        Propagators and outputs; the input rates are the last states and stay as they are.
    schedule : Schedule
        Actions of these subjects.
    n_states : int
        States before the input rates.
    at, inside : array, shape (S, A, T) and (S, A, T - 1, F)
        Where outputs go.
    """

    steps: Steps
    schedule: Schedule
    n_states: int
    at: Array
    inside: Array

    def through(self, plan: Plan, subjects: slice) -> Array:
        """State after the last observation, input rates included, shape (S, n + q)."""
        state = np.zeros(self.steps.rates.shape[:2])
        for piece in plan.pieces:
            if isinstance(piece, Run):
                state = self._run(state, piece)
            else:
                state = self._cross(state, piece.of(subjects), plan.times)
        return state

    def _run(self, state: Array, run: Run) -> Array:
        """Fill a run of equal cells by doubling: the last states give as many again.

        Blocks stop growing where their step would need extended numbers, which are slow.
        """
        n_cells = run.last - run.first
        states = np.empty((*state.shape, n_cells + 1))
        states[:, :, 0] = state
        done, block = 1, 1
        while done <= n_cells:
            more = min(block, n_cells + 1 - done)
            ahead = self.steps.over(block * run.step)
            start = done - block
            states[:, :, done : done + more] = ahead @ states[:, :, start : start + more]
            done += more
            if 2 * block <= done and 2 * block * run.step <= self.steps.longest:
                block *= 2
        self.at[:, :, run.first + 1 : run.last + 1] = self.steps.rows @ states[:, :, 1:]
        self._emit_inside(states[:, :, :-1], run.first, run.step)
        return states[:, :, -1]

    def _cross(self, state: Array, busy: Busy, times: Array) -> Array:
        """Go through a cell in which subjects have actions, each at its own times."""
        # Before the first observation clocks may run back: nothing is there before an action.
        start, end = times[max(busy.end - 1, 0)], times[busy.end]
        clock = np.full(len(state), start)
        opened, state = state, state.copy()
        for turn in range(busy.count.max(initial=0)):
            who = np.flatnonzero(busy.count > turn)
            which = busy.first[who] + turn
            due = self.schedule.time[who, which]
            self._advance(state, who, due - clock[who], busy)
            self._act(state, who, which)
            clock[who] = due
            opened = np.where((clock == start)[:, None], state, opened)
        self._advance(state, np.arange(len(state)), end - clock, busy)
        self.at[:, :, busy.end] = (self.steps.rows @ state[:, :, None])[:, :, 0]
        if busy.end:
            self._emit_inside(opened[:, :, None], busy.end - 1, busy.step)
        return state

    def _advance(self, state: Array, who: Indices, gaps: Array, busy: Busy) -> None:
        """Take some subjects ahead, each by its own gap."""
        for part in (gaps == busy.gap, (gaps > 0.0) & (gaps != busy.gap)):
            if part.any():
                moving = who[part]
                lengths = np.where(gaps == busy.gap, busy.step, gaps)[part]
                matrices = self.steps.for_each(moving, lengths)
                state[moving] = (matrices @ state[moving][:, :, None])[:, :, 0]

    def _act(self, state: Array, who: Indices, which: Indices) -> None:
        """Let each subject's action happen."""
        schedule = self.schedule
        state[who, schedule.compartment[who, which]] += schedule.amount[who, which]
        if len(schedule.inlets):
            inlet = self.n_states + schedule.inlet[who, which]
            state[who, inlet] = schedule.input_rate[who, which]

    def _emit_inside(self, states: Array, first: int, step: float) -> None:
        """Write the outputs inside the cells that start from these states."""
        n_subjects, n_outputs, _, n_fractions = self.inside.shape
        if not n_fractions:
            return
        n_cells = states.shape[2]
        values = self.steps.inside(step) @ states
        values = values.reshape(n_subjects, n_fractions, n_outputs, n_cells)
        self.inside[:, :, first : first + n_cells, :] = values.transpose(0, 2, 3, 1)
