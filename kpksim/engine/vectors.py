"""Weighted sums of rows, eight numbers at a time.

The sums of this engine are short, from eight numbers on, and are taken by the million: too short
for the compiler to turn loops into vector instructions by itself. So the instructions are spelled
out here, once, for everything else to use.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.np.arrayobj import make_array

from kpksim.engine.actions import Array, Floats
from kpksim.engine.compiled import inlined, instruction

LANES = 8
"""Numbers in a vector; rows are padded to a multiple of it."""

LINE, PAGE = 64, 4096
"""Length of a line of the cache, and the least length of a page of memory [byte]."""

COLUMNS = 4
"""Sums that are taken together; matrices are padded to a multiple of so many columns."""

INDEX = ir.IntType(64)
VECTOR = ir.VectorType(ir.DoubleType(), LANES)
UNDEFINED = ir.Constant(VECTOR, ir.Undefined)
ZERO = ir.Constant(VECTOR, [0.0] * LANES)
CONTRACT = ("contract",)


def aligned(size: int, line: int = LINE, dtype: Any = np.float64) -> Any:
    """Give room for numbers, all 0, that begins with a line of the cache or a page of memory.

    No vector then lies across two lines.
    """
    bytes_ = size * np.dtype(dtype).itemsize
    room = np.zeros(bytes_ + line, dtype=np.uint8)
    first = -room.ctypes.data % line
    return room[first : first + bytes_].view(dtype)


def pointer_to(context: Any, builder: Any, kind: Any, array: Any, index: Any) -> Any:
    """Address of a number of a flat array."""
    return builder.gep(make_array(kind)(context, builder, array).data, [index])


def load(builder: Any, pointer: Any, block: int) -> Any:
    """Vector number `block` from an address on."""
    place = builder.gep(pointer, [ir.Constant(INDEX, block * LANES)])
    return builder.load(builder.bitcast(place, VECTOR.as_pointer()), align=8)


def store(builder: Any, kind: Any, vector: Any, pointer: Any, block: int) -> None:
    """Write a vector, rounded to single numbers where the array holds such."""
    place = builder.gep(pointer, [ir.Constant(INDEX, block * LANES)])
    size = 8
    if kind.dtype == types.float32:
        vector, size = builder.fptrunc(vector, ir.VectorType(ir.FloatType(), LANES)), 4
    builder.store(vector, builder.bitcast(place, vector.type.as_pointer()), align=size)


def spread(builder: Any, number: Any) -> Any:
    """Vector of one number."""
    first = builder.insert_element(UNDEFINED, number, ir.Constant(ir.IntType(32), 0))
    places = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(first, UNDEFINED, places)


def _weighted_sums(blocks: int, columns: int, chains: int = 1) -> Callable[..., None]:
    """Make sums of the same rows, so many vectors long, for so many columns of weights.

    A sum is made in chains, each of every so many rows: an addition waits for the one before it.
    """

    @instruction
    def weighted_sums(
        typing: Any, out: Any, o: Any, apart: Any, table: Any, first: Any, stride: Any,
        weights: Any, w: Any, away: Any, count: Any,
    ) -> Any:  # fmt: skip
        i64 = types.int64
        signature = types.void(out, i64, i64, table, i64, i64, weights, i64, i64, i64)

        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            kinds = signature.args
            source = pointer_to(context, builder, kinds[3], values[3], values[4])
            weight = pointer_to(context, builder, kinds[6], values[6], values[7])
            target = pointer_to(context, builder, kinds[0], values[0], values[1])
            totals = [_totals(builder, blocks, columns) for _ in range(chains)]
            step = ir.Constant(INDEX, chains)
            whole = builder.sub(values[9], builder.urem(values[9], step))

            def add(number: Any, chain: int) -> None:
                row = builder.gep(source, [builder.mul(number, values[5])])
                vectors = [load(builder, row, block) for block in range(blocks)]
                for column, sums in enumerate(totals[chain]):
                    away = builder.mul(values[8], ir.Constant(INDEX, column))
                    place = builder.gep(weight, [builder.add(number, away)])
                    factor = spread(builder, builder.load(place))
                    for vector, total in zip(vectors, sums, strict=True):
                        part = builder.fmul(vector, factor, flags=CONTRACT)
                        old = builder.load(total)
                        builder.store(builder.fadd(old, part, flags=CONTRACT), total)

            zero = ir.Constant(INDEX, 0)
            with cgutils.for_range_slice(builder, zero, whole, step, intp=INDEX) as (number, _):
                for chain in range(chains):
                    add(builder.add(number, ir.Constant(INDEX, chain)), chain)
            if chains > 1:
                one = ir.Constant(INDEX, 1)
                with cgutils.for_range_slice(builder, whole, values[9], one, intp=INDEX) as rest:
                    add(rest[0], 0)
            for column in range(columns):
                apart = builder.mul(values[2], ir.Constant(INDEX, column))
                for block in range(blocks):
                    place = builder.gep(target, [apart])
                    parts = [builder.load(sums[column][block]) for sums in totals]
                    store(builder, kinds[0], total_of(builder, parts), place, block)
            return context.get_dummy_value()

        return signature, generate

    return weighted_sums


def _totals(builder: Any, blocks: int, columns: int) -> list[list[Any]]:
    """Give room for sums, 0, by column and block."""
    return [
        [cgutils.alloca_once_value(builder, ZERO) for _ in range(blocks)] for _ in range(columns)
    ]


def total_of(builder: Any, parts: list[Any]) -> Any:
    """Add vectors in pairs."""
    while len(parts) > 1:
        parts = [builder.fadd(a, b) for a, b in zip(parts[::2], parts[1::2], strict=True)]
    return parts[0]


_one, _two = _weighted_sums(1, 1, 4), _weighted_sums(2, 1, 2)
_four, _eight = (_weighted_sums(blocks, 1) for blocks in (4, 8))
_one_by_four, _two_by_four = (_weighted_sums(blocks, 4) for blocks in (1, 2))


@instruction
def lowest_bit(typing: Any, marks: Any) -> Any:
    """Give the place of the lowest bit of marks, of which there are some."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        place = builder.cttz(given[0], ir.IntType(1)(1))
        return place if signature.args[0].bitwidth == 64 else builder.zext(place, INDEX)

    return types.int64(marks), generate


@inlined
def combine(
    out: Floats, o: int, table: Array, first: int, stride: int, weights: Array, w: int,
    count: int, width: int,
) -> None:  # fmt: skip
    """Write a weighted sum of rows of a table.

    Parameters
    ----------
    out : flat array of float64 or float32
        Where the sum goes, from place `o` on.
    o : int
        Its first place.
    table : flat array of float64
        Rows that begin at `first`, `first + stride`, ...
    first, stride : int
        Place of the first row, and from row to row.
    weights : flat array of float64
        Weights from place `w` on.
    w : int
        Place of the first weight.
    count : int
        Number of rows.
    width : int
        Numbers in the sum, a multiple of `LANES`.
    """
    done = 0
    while width - done >= 8 * LANES:
        _eight(out, o + done, 0, table, first + done, stride, weights, w, 0, count)
        done += 8 * LANES
    if width - done >= 4 * LANES:
        _four(out, o + done, 0, table, first + done, stride, weights, w, 0, count)
        done += 4 * LANES
    if width - done >= 2 * LANES:
        _two(out, o + done, 0, table, first + done, stride, weights, w, 0, count)
        done += 2 * LANES
    if width - done >= LANES:
        _one(out, o + done, 0, table, first + done, stride, weights, w, 0, count)


@inlined
def combine_four(
    out: Floats, o: int, apart: int, table: Array, first: int, stride: int, weights: Array,
    w: int, away: int, count: int, width: int,
) -> None:  # fmt: skip
    """Write four weighted sums of the same rows: `apart` in `out`, with weights `away` apart."""
    done = 0
    while width - done >= 2 * LANES:
        _two_by_four(out, o + done, apart, table, first + done, stride, weights, w, away, count)
        done += 2 * LANES
    if width - done >= LANES:
        _one_by_four(out, o + done, apart, table, first + done, stride, weights, w, away, count)
