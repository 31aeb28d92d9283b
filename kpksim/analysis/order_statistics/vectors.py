"""Vector instructions of order statistics that read values, and turn them to steps.

A step is a whole number of 16 bits that rises with the value, so that one instruction compares as
many of them as it can hold: the key of the value moved by an offset, cut to a window of keys and
shifted. Steps lie in blocks of LANES lanes, row after row. The compiler does not turn loops over
so many arrays into these instructions by itself, so they are spelled out here.
"""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

from kpksim.engine.compiled import instruction
from kpksim.engine.vectors import pointer_to, total_of

LANES = 32
"""Lanes of a block of steps: those of one row fill a line of the cache."""
ROWS = 8
"""Rows that are added up and turned to steps together."""
AHEAD = 24
"""Rows from those at work to those that are asked from memory."""
LEAST_STEP, GREATEST_STEP = -(2**15), 2**15 - 2
"""Steps of all values below the window and above it."""
NO_STEP = 2**15 - 1
"""Step of no value."""
HALF = 16
SHORT, WHOLE, INDEX = ir.IntType(16), ir.IntType(32), ir.IntType(64)
BYTES = ir.IntType(8).as_pointer()
UPPER_HALVES = ir.Constant(ir.VectorType(WHOLE, HALF), list(range(1, 2 * HALF, 2)))
i64 = types.int64


def load(builder: Any, pointer: Any, place: Any, number: Any, count: int) -> Any:
    """Read a vector of so many numbers from a place after an address on."""
    kind = ir.VectorType(number, count).as_pointer()
    return builder.load(builder.bitcast(builder.gep(pointer, [place]), kind), align=2)


def store(builder: Any, vector: Any, pointer: Any, place: Any) -> None:
    """Write a vector from a place after an address on."""
    at = builder.bitcast(builder.gep(pointer, [place]), vector.type.as_pointer())
    builder.store(vector, at, align=2)


def same(number: int, like: Any) -> Any:
    """Give a vector of one whole number."""
    return ir.Constant(like.type, [number] * like.type.count)


def _prefetch(builder: Any, pointer: Any) -> None:
    """Ask for the line of the cache at an address, to be read soon."""
    kind = ir.FunctionType(ir.VoidType(), [BYTES, WHOLE, WHOLE, WHOLE])
    ask = builder.module.declare_intrinsic("llvm.prefetch", [BYTES], kind)
    builder.call(ask, [builder.bitcast(pointer, BYTES), WHOLE(0), WHOLE(2), WHOLE(1)])


def _doubles(builder: Any, pointer: Any, kind: Any) -> Any:
    """Read values as double numbers."""
    if kind.dtype == types.float64:
        return load(builder, pointer, INDEX(0), ir.DoubleType(), HALF)
    read = load(builder, pointer, INDEX(0), ir.FloatType(), HALF)
    return builder.fpext(read, ir.VectorType(ir.DoubleType(), HALF))


def _steps(builder: Any, values: Any, window: list[Any]) -> Any:
    """Give the steps of values in a window: offset, least and greatest key, and shift."""
    offset, least, greatest, shift = window
    moved = builder.bitcast(builder.fadd(values, offset), ir.VectorType(WHOLE, 2 * HALF))
    key = builder.shuffle_vector(moved, moved, UPPER_HALVES)
    key = builder.select(builder.icmp_signed(">", key, least), key, least)
    key = builder.select(builder.icmp_signed("<", key, greatest), key, greatest)
    step = builder.lshr(builder.sub(key, least), shift)
    step = builder.trunc(step, ir.VectorType(SHORT, HALF))
    return builder.xor(step, same(LEAST_STEP, step))


def _add(builder: Any, rows: list[Any], total: Any, lost: Any, place: Any) -> None:
    """Add rows to a total, and what its rounding loses to another, as Knuth's sum of two does."""
    added = total_of(builder, rows)
    old = load(builder, total, place, ir.DoubleType(), HALF)
    new = builder.fadd(old, added)
    share = builder.fsub(new, old)
    rest = builder.fsub(old, builder.fsub(new, share))
    rest = builder.fadd(rest, builder.fsub(added, share))
    before = load(builder, lost, place, ir.DoubleType(), HALF)
    store(builder, new, total, place)
    store(builder, builder.fadd(before, rest), lost, place)


@instruction
def add_and_step(
    typing: Any, values: Any, first: Any, stride: Any, steps: Any, at: Any, window: Any,
    keys: Any, apart: Any, lane: Any, sums: Any,
) -> Any:  # fmt: skip
    """Give the steps of ROWS rows of a block of lanes, and add the values up by lane.

    `values` and the steps begin at `first` and `at`; `window` has the offsets of lanes, `keys` the
    least, the greatest, and the shifts, and `sums` the totals and what they have lost, each
    `apart` from the next, from the first `lane` on.
    """
    signature = types.void(values, i64, i64, steps, i64, window, keys, i64, i64, sums)

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kinds = signature.args
        source = pointer_to(context, builder, kinds[0], given[0], given[1])
        target = pointer_to(context, builder, kinds[3], given[3], given[4])
        offset = pointer_to(context, builder, kinds[5], given[5], given[8])
        least = pointer_to(context, builder, kinds[6], given[6], given[8])
        total = pointer_to(context, builder, kinds[9], given[9], given[8])
        greatest = builder.gep(least, [given[7]])
        shift, lost = builder.gep(greatest, [given[7]]), builder.gep(total, [given[7]])
        ahead = builder.mul(given[2], INDEX(AHEAD))
        lanes = cgutils.for_range_slice(builder, INDEX(0), INDEX(LANES), INDEX(HALF), intp=INDEX)
        with lanes as (place, _):
            edges = [load(builder, offset, place, ir.DoubleType(), HALF)]
            edges += [load(builder, p, place, WHOLE, HALF) for p in (least, greatest, shift)]
            rows = []
            for r in range(ROWS):
                row = builder.gep(source, [builder.add(place, builder.mul(given[2], INDEX(r)))])
                rows.append(_doubles(builder, row, kinds[0]))
                for line in range(0, HALF + 1, 8):  # they may begin within a line
                    _prefetch(builder, builder.gep(row, [builder.add(ahead, INDEX(line))]))
                step = _steps(builder, rows[-1], edges)
                store(builder, step, target, builder.add(place, INDEX(r * LANES)))
            _add(builder, rows, total, lost, place)
        return context.get_dummy_value()

    return signature, generate


@instruction
def ask_for(typing: Any, values: Any, place: Any) -> Any:
    """Ask for a value from memory, to be read soon."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        _prefetch(builder, pointer_to(context, builder, signature.args[0], *given))
        return context.get_dummy_value()

    return types.void(values, i64), generate


@instruction
def bits_of(typing: Any, marks: Any) -> Any:
    """Count the bits of marks."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.zext(builder.ctpop(given[0]), INDEX)

    return types.int64(types.uint32), generate
