"""Search of the people at given ranks among those who are near them, by brackets of steps."""

from typing import Any, NamedTuple

import numpy as np

from kpksim.analysis.order_statistics.brackets import (
    HARD,
    OPEN,
    clip_to_windows,
    first_brackets,
    open_windows,
    step_edges,
    windows_about_brackets,
)
from kpksim.analysis.order_statistics.kept import NONE, ONE, ROOM, narrow, settle
from kpksim.analysis.order_statistics.reading import Chunk, Near, Window, Windows, add_and_list
from kpksim.analysis.order_statistics.rows import EDGES, count_below, mark_inside
from kpksim.analysis.order_statistics.vectors import LANES, NO_STEP
from kpksim.engine.compiled import allocation_free, inner
from kpksim.engine.vectors import lowest_bit

Array = Any
Number = Any
TRIES = 6
"""Brackets that are tried, at most."""
LISTED = 1024
"""Listed people whose steps are compared together."""


class Room(NamedTuple):
    """Arrays to work in for a group of whole blocks of lanes; L are its lanes.

    Attributes
    ----------
    chunk : Chunk
        Room for some rows at a time.
    near : Near
        People near the ranks.
    windows : Windows
        What is near.
    beneath : array of int32, shape (R, L)
        People below windows who are not listed.
    edges, below : arrays of int16 and int32, shape (EDGES, R, L)
        Least steps of windows and three steps near each rank, and how many people lie below them.
    low, high : array of int16, shape (R, L)
        Brackets of steps.
    under, inside : array of int32, shape (R, L)
        People below a bracket and in it.
    kept, kept_rows : arrays of int16 and int32, shape (R, LANES, ROOM)
        Steps and rows of the people in the brackets of a block.
    wanted : array of bool, shape (R)
        Ranks whose brackets are to be tried in a block.
    marks, marked : arrays of uint32 and int32, shape (LISTED)
        Marks of rows that have any, and which rows these are.
    equals : array, shape (ROOM)
        Values that are equal in their steps.
    spare : array, shape (2, lanes)
        Sums that are known already.
    """

    chunk: Chunk
    near: Near
    windows: Windows
    beneath: Array
    edges: Array
    below: Array
    low: Array
    high: Array
    under: Array
    inside: Array
    kept: Array
    kept_rows: Array
    wanted: Array
    marks: Array
    marked: Array
    equals: Array
    spare: Array


@inner
def _keep(
    near: Near, first: int, marks: Array, marked: Array, count: int, inside: Array, kept: Array,
    kept_rows: Array,
) -> None:  # fmt: skip
    """Keep the steps that are marked of people stored from a place on, and who has them."""
    people = near.people.reshape(-1)
    for k in range(count):
        mark, place = marks[k], first + np.int64(marked[k])
        person = people[place]
        while mark != NONE:
            lane = lowest_bit(mark)
            mark &= mark - ONE
            found = inside[lane]
            if found < ROOM:
                kept[lane, found] = near.steps[np.uint64(place * LANES + lane)]
                kept_rows[lane, found] = person
            inside[lane] = found + 1


@inner
def _count_and_keep(lane: int, room: Room) -> None:
    """Count people below brackets of steps in the lanes of a block; count and keep those inside.

    The block begins at a lane of its group; ranks that are not wanted are left out. Steps that are
    kept are followed by NO_STEP.
    """
    near, lanes, width = room.near, slice(lane, lane + LANES), room.low.shape[1]
    for q in range(len(room.wanted)):
        if not room.wanted[q]:
            continue
        for j in range(lane, lane + LANES):
            room.under[q, j], room.inside[q, j] = room.beneath[q, j], 0
        room.kept[q] = NO_STEP
        listed = near.listed[lane // LANES, q]
        for k in range(0, listed, LISTED):
            first = _stored_at(near, lane, q) + k
            found = mark_inside(
                near.steps, first * LANES, min(LISTED, listed - k), room.low, room.high,
                q * width + lane, room.under, room.marks, room.marked,
            )  # fmt: skip
            _keep(
                near, first, room.marks, room.marked, found, room.inside[q, lanes], room.kept[q],
                room.kept_rows[q],
            )  # fmt: skip


@inner
def _stored_at(near: Near, lane: int, q: int) -> Number:
    """Give the place of the first person stored for a rank of a block."""
    _, ranks, size = near.people.shape
    return (lane // LANES * ranks + q) * size


@inner
def _count_edges(lanes: slice, room: Room) -> None:
    """Count people below edges of steps; `beneath` comes with all who are below windows."""
    ranks, width = room.low.shape
    room.below[:, :, lanes] = 0
    for q in range(ranks):
        for b in range(lanes.start, lanes.stop, LANES):
            listed, first = room.near.listed[b // LANES, q], _stored_at(room.near, b, q)
            for k in range(0, listed, LISTED):
                count_below(
                    room.near.steps, (first + k) * LANES, min(LISTED, listed - k), room.edges,
                    q * width + b, ranks * width, room.below,
                )  # fmt: skip
        for j in range(lanes.start, lanes.stop):
            room.beneath[q, j] -= room.below[0, q, j]
            for e in range(EDGES):
                room.below[e, q, j] += room.beneath[q, j]


@inner
def _find_open(state: Array, wanted: Array) -> Number:
    """Find ranks of which any lane is open; give how many they are."""
    found = 0
    for q in range(len(wanted)):
        wanted[q] = False
        for j in range(state.shape[1]):
            wanted[q] |= state[q, j] == OPEN
        found += wanted[q]
    return found


@inner
def _narrow_in_block(
    values: Array, at: int, stride: int, n: int, ranks: Array, lane: int, room: Room, state: Array
) -> None:
    """Narrow brackets of a block; while one is at work, what others need comes from memory."""
    low, high = room.low, room.high
    for q in range(len(ranks)):
        k, last = ranks[q], min(ranks[q] + 1, n - 1)
        for j in range(state.shape[1]):
            if state[q, j] == OPEN:
                i = lane + j
                low[q, i], high[q, i] = narrow(
                    values, at + j, stride, k, last, room.under[q, i], room.inside[q, i],
                    room.kept[q, j], room.kept_rows[q, j], np.int64(low[q, i]),
                    np.int64(high[q, i]),
                )  # fmt: skip


@inner
def _read(
    values: Array, stride: int, n: int, first: int, lanes: slice, window: Window, room: Room,
    sums: Array,
) -> None:  # fmt: skip
    """Read the people in some lanes of a group: sum them, list those near, and count by edges."""
    add_and_list(
        values, stride, n, first, lanes, window, room.windows, room.chunk, room.near, sums,
        room.beneath,
    )  # fmt: skip
    _count_edges(lanes, room)


@allocation_free
def find_in_block(
    values: Array, stride: int, n: int, ranks: Array, first: int, lanes: slice, window: Window,
    room: Room, state: Array, found: Array,
) -> None:  # fmt: skip
    """Find the values at ranks in a block of lanes of a group, which begins at the `first` lane.

    Where a bracket is not within what has been listed, people are read again. A rank that stays
    open after some tries is left to others.
    """
    low, high, under, inside = room.low, room.high, room.under, room.inside
    at = first + lanes.start
    for _ in range(TRIES):
        if not _find_open(state, room.wanted):
            break
        if windows_about_brackets(room.windows, lanes, low, high, state):
            _read(values, stride, n, first, lanes, window, room, room.spare)
        _count_and_keep(lanes.start, room)
        _narrow_in_block(values, at, stride, n, ranks, lanes.start, room, state)
        for q in range(len(ranks)):
            k, last = ranks[q], min(ranks[q] + 1, n - 1)
            for j in range(state.shape[1]):
                if state[q, j] == OPEN:
                    i = lanes.start + j
                    state[q, j], low[q, i], high[q, i], found[0, q, j], found[1, q, j] = settle(
                        values, at + j, stride, k, last, under[q, i], inside[q, i],
                        room.kept[q, j], room.kept_rows[q, j], np.int64(low[q, i]),
                        np.int64(high[q, i]), room.equals,
                    )  # fmt: skip


@allocation_free
def find_in_steps(
    values: Array, stride: int, n: int, ranks: Array, edge: Array, window: Window, room: Room,
    sums: Array, state: Array, found: Array,
) -> None:  # fmt: skip
    """Sum people by lane, and find the values at ranks and at the next ones, group by group.

    `edge` are three values about each rank, shape (3, ranks, lanes); `sums`, shape (2, lanes in
    blocks), the totals and what they have lost, from 0; `found`, shape (2, ranks, lanes).
    """
    group, lanes = room.edges.shape[2], state.shape[1]
    for first in range(0, lanes, group):
        end = min(first + group, lanes)
        width = end - first
        part, some = edge[:, :, first:end], state[:, first:end]
        step_edges(part, window, first, room.edges[1:])
        open_windows(room.edges[1:], some, room.windows)
        _read(values, stride, n, first, slice(0, width), window, room, sums)
        for j in range(width):
            if not np.isfinite(sums[0, first + j]):
                some[:, j] = HARD
        first_brackets(n, ranks, part, room.below[1:], window, first, room.low, room.high, some)
        clip_to_windows(room.windows, room.low, room.high)
        for b in range(0, width, LANES):
            block = slice(b, min(b + LANES, width))
            find_in_block(
                values, stride, n, ranks, first, block, window, room, some[:, block],
                found[:, :, first + b : first + block.stop],
            )  # fmt: skip
