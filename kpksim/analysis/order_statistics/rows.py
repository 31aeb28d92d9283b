"""Vector instructions of order statistics that compare steps: count, list and mark them.

One row is the steps of LANES lanes of one person. Most rows have no step near any wanted rank: the
others are listed, and only they are looked at again.
"""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

from kpksim.analysis.order_statistics.vectors import (
    INDEX,
    LANES,
    SHORT,
    WHOLE,
    load,
    same,
    store,
)
from kpksim.engine.compiled import instruction
from kpksim.engine.vectors import pointer_to

EDGES = 4
"""Edges whose people are counted: the least step of a window, and three about a rank."""
WORD = 64
"""Rows that have a bit in one word."""
i64 = types.int64


def _counter(builder: Any, like: Any) -> Any:
    """Give room for counts by lane, of up to 2^15 - 1."""
    return cgutils.alloca_once_value(builder, same(0, like))


def _count(builder: Any, counter: Any, row: Any, edge: Any) -> None:
    """Count one up in the lanes in which a row lies below an edge."""
    _count_negative(builder, counter, _saturated(builder, row, edge))


def _count_negative(builder: Any, counter: Any, numbers: Any) -> None:
    """Count one up in the lanes in which numbers are negative.

    Their signs are added: comparisons would go through registers for masks.
    """
    signs = builder.lshr(numbers, same(15, numbers))
    builder.store(builder.add(builder.load(counter), signs), counter)


def _saturated(builder: Any, row: Any, edge: Any) -> Any:
    """Give differences of steps, the least or the greatest step where they go beyond."""
    kind = ir.FunctionType(row.type, [row.type, row.type])
    name = f"llvm.ssub.sat.v{LANES}i16"
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), [row, edge])


def _turned(builder: Any, word: Any) -> Any:
    """Give the bits of a word in the opposite order."""
    kind = ir.FunctionType(INDEX, [INDEX])
    turn = cgutils.get_or_insert_function(builder.module, kind, "llvm.bitreverse.i64")
    return builder.call(turn, [word])


def _add_counts(builder: Any, counter: Any, target: Any, place: Any) -> None:
    """Add counts to those of 32 bits from a place after an address on."""
    wide = builder.sext(builder.load(counter), ir.VectorType(WHOLE, LANES))
    before = load(builder, target, place, WHOLE, LANES)
    store(builder, builder.add(before, wide), target, place)


def _row(builder: Any, steps: Any, place: Any) -> Any:
    """Read a row of steps."""
    return load(builder, steps, builder.mul(place, INDEX(LANES)), SHORT, LANES)


def _note(builder: Any, found: Any, mark: Any, notes: list[tuple[Any, Any]]) -> None:
    """Write numbers to the ends of lists, which get longer only if a mark has any bit."""
    end = builder.load(found)
    for number, numbers in notes:
        builder.store(number, builder.gep(numbers, [end]))
    longer = builder.icmp_unsigned("!=", mark, WHOLE(0))
    builder.store(builder.add(end, builder.zext(longer, INDEX)), found)


@instruction
def rows_near(
    typing: Any, steps: Any, at: Any, rows: Any, least: Any, most: Any, lane: Any, beneath: Any
) -> Any:
    """Count the steps of up to WORD rows below windows, and give the rows that have any in them.

    What comes back has a bit for every row. Where a window is wider than half of all steps, it may
    have bits of rows that lie above it.
    """
    signature = types.uint64(steps, i64, i64, least, most, i64, beneath)

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kinds = signature.args
        source = pointer_to(context, builder, kinds[0], given[0], given[1])
        start, end, target = (
            pointer_to(context, builder, kinds[k], given[k], given[5]) for k in (3, 4, 6)
        )
        low = load(builder, start, INDEX(0), SHORT, LANES)
        width = builder.sub(load(builder, end, INDEX(0), SHORT, LANES), low)
        counter, bits = _counter(builder, low), cgutils.alloca_once_value(builder, INDEX(0))
        with cgutils.for_range(builder, given[2], intp=INDEX) as loop:
            beyond = _saturated(builder, _row(builder, source, loop.index), low)
            _count_negative(builder, counter, beyond)
            inside = builder.icmp_unsigned("<=", beyond, width)
            near = builder.icmp_unsigned("!=", builder.bitcast(inside, WHOLE), WHOLE(0))
            before = builder.shl(builder.load(bits), INDEX(1))
            builder.store(builder.add(before, builder.zext(near, INDEX)), bits)
        _add_counts(builder, counter, target, INDEX(0))
        last_first = builder.shl(builder.load(bits), builder.sub(INDEX(WORD), given[2]))
        return _turned(builder, last_first)

    return signature, generate


@instruction
def store_rows(
    typing: Any, steps: Any, at: Any, listed: Any, count: Any, first: Any, stored: Any, people: Any,
    to: Any,
) -> Any:  # fmt: skip
    """Store the steps of listed rows, and who they are, one after another from a place on.

    The rows are people from number `first` on.
    """
    signature = types.void(steps, i64, listed, i64, i64, stored, people, i64)

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kinds = signature.args
        source = pointer_to(context, builder, kinds[0], given[0], given[1])
        rows = pointer_to(context, builder, kinds[2], given[2], INDEX(0))
        begin = builder.mul(given[7], INDEX(LANES))
        near = pointer_to(context, builder, kinds[5], given[5], begin)
        numbers = pointer_to(context, builder, kinds[6], given[6], given[7])
        with cgutils.for_range(builder, given[3], intp=INDEX) as loop:
            place = builder.zext(builder.load(builder.gep(rows, [loop.index])), INDEX)
            row = _row(builder, source, place)
            store(builder, row, near, builder.mul(loop.index, INDEX(LANES)))
            person = builder.trunc(builder.add(place, given[4]), WHOLE)
            builder.store(person, builder.gep(numbers, [loop.index]))
        return context.get_dummy_value()

    return signature, generate


@instruction
def count_below(
    typing: Any, steps: Any, at: Any, rows: Any, edges: Any, lane: Any, apart: Any, below: Any
) -> Any:
    """Count the steps of some rows below EDGES edges; edges, and counts, lie `apart`."""
    signature = types.void(steps, i64, i64, edges, i64, i64, below)

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kinds = signature.args
        source = pointer_to(context, builder, kinds[0], given[0], given[1])
        edge = pointer_to(context, builder, kinds[3], given[3], given[4])
        target = pointer_to(context, builder, kinds[6], given[6], given[4])
        ends = [builder.mul(given[5], INDEX(e)) for e in range(EDGES)]
        edges = [load(builder, edge, end, SHORT, LANES) for end in ends]
        counters = [_counter(builder, one) for one in edges]
        with cgutils.for_range(builder, given[2], intp=INDEX) as loop:
            row = _row(builder, source, loop.index)
            for one, counter in zip(edges, counters, strict=True):
                _count(builder, counter, row, one)
        for end, counter in zip(ends, counters, strict=True):
            _add_counts(builder, counter, target, end)
        return context.get_dummy_value()

    return signature, generate


@instruction
def mark_inside(
    typing: Any, steps: Any, at: Any, rows: Any, low: Any, high: Any, lane: Any, below: Any,
    marks: Any, marked: Any,
) -> Any:  # fmt: skip
    """Count the steps of some rows below brackets, and mark those in them, a bit for a lane.

    Marks are written only for rows that have any, one after another, and which rows these are to
    `marked`; what comes back is how many. There is room for all rows.
    """
    signature = i64(steps, i64, i64, low, high, i64, below, marks, marked)

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kinds = signature.args
        source = pointer_to(context, builder, kinds[0], given[0], given[1])
        start, end, target = (
            pointer_to(context, builder, kinds[k], given[k], given[5]) for k in (3, 4, 6)
        )
        bits, rows = (pointer_to(context, builder, kinds[k], given[k], INDEX(0)) for k in (7, 8))
        least = load(builder, start, INDEX(0), SHORT, LANES)
        width = builder.sub(load(builder, end, INDEX(0), SHORT, LANES), least)
        counter = _counter(builder, least)
        found = cgutils.alloca_once_value(builder, INDEX(0))
        with cgutils.for_range(builder, given[2], intp=INDEX) as loop:
            row = _row(builder, source, loop.index)
            _count(builder, counter, row, least)
            inside = builder.icmp_unsigned("<=", builder.sub(row, least), width)
            mark, place = builder.bitcast(inside, WHOLE), builder.trunc(loop.index, WHOLE)
            _note(builder, found, mark, [(mark, bits), (place, rows)])
        _add_counts(builder, counter, target, INDEX(0))
        return builder.load(found)

    return signature, generate


@instruction
def marks_below(typing: Any, steps: Any, at: Any, edge: Any) -> Any:
    """Mark those of LANES steps that lie below an edge, a bit for a step."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        source = pointer_to(context, builder, signature.args[0], given[0], given[1])
        read = load(builder, source, INDEX(0), SHORT, LANES)
        lanes = ir.Constant(ir.VectorType(WHOLE, LANES), [0] * LANES)
        first = builder.insert_element(same(0, read), given[2], WHOLE(0))
        spread = builder.shuffle_vector(first, first, lanes)
        return builder.bitcast(builder.icmp_signed("<", read, spread), WHOLE)

    return types.uint32(steps, i64, types.int16), generate
