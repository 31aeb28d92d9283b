"""Matrix exponentials in numbers of double length, for sums that magnify rounding.

A number is the unevaluated sum of a float and its much smaller rest, so that 32 digits are carried
(Dekker, Numer. Math. 18 (1971) 224). Products and their exact errors need a fused multiply-add.
"""

from collections.abc import Callable
from fractions import Fraction
from math import factorial
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types

from kpksim.engine.actions import Array
from kpksim.engine.compiled import instruction, strictly_rounded
from kpksim.engine.system import DEGREE, NOWHERE, UNIT, System, halvings
from kpksim.engine.system import load as load_system
from kpksim.engine.vectors import COLUMNS, LANES, VECTOR, ZERO, load, pointer_to, spread, store

_EXACT = [
    [Fraction(1), *(Fraction(1, factorial(4 * block + k)) for k in (3, 2, 1, 0))]
    for block in (3, 2, 1, 0)
]
_EXACT[0][0] = Fraction(1, factorial(DEGREE))
COEFFICIENTS = np.array([float(one) for row in _EXACT for one in row])
"""Weights of the product so far and of A^3, A^2, A and I, block after block of the Taylor sum."""
COEFFICIENTS_LOW = np.array([float(one - Fraction(float(one))) for row in _EXACT for one in row])
"""What the floats of `COEFFICIENTS` lack."""
SPLITTER = 134217729.0
"""2^27 + 1, which splits a float into two halves of 26 bits."""


def _doubled_sums(columns: int) -> Callable[..., None]:
    """Make sums of the same rows of double length for so many columns of weights."""

    @instruction
    def doubled_sums(
        typing: Any, high: Any, low: Any, o: Any, apart: Any, table: Any, rest: Any, first: Any,
        stride: Any, weights: Any, lacking: Any, w: Any, away: Any, count: Any,
    ) -> Any:  # fmt: skip
        i64 = types.int64
        signature = types.void(
            high, low, i64, i64, table, rest, i64, i64, weights, lacking, i64, i64, i64
        )

        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            def at(array: int, index: int) -> Any:
                return pointer_to(
                    context, builder, signature.args[array], values[array], values[index]
                )

            fused = cgutils.get_or_insert_function(
                builder.module, ir.FunctionType(VECTOR, [VECTOR] * 3), "llvm.fma.v8f64"
            )
            index = ir.IntType(64)
            source, rest, weight, lacking = at(4, 6), at(5, 6), at(8, 10), at(9, 10)
            totals = [
                [cgutils.alloca_once_value(builder, ZERO) for _ in range(2)] for _ in range(columns)
            ]
            with cgutils.for_range(builder, values[12], intp=index) as loop:
                step = builder.mul(loop.index, values[7])
                row = load(builder, builder.gep(source, [step]), 0)
                row_rest = load(builder, builder.gep(rest, [step]), 0)
                for column, sums in enumerate(totals):
                    away = builder.mul(values[11], ir.Constant(index, column))
                    place = builder.add(loop.index, away)
                    factor = spread(builder, builder.load(builder.gep(weight, [place])))
                    lacks = spread(builder, builder.load(builder.gep(lacking, [place])))
                    product = builder.fmul(row, factor)
                    error = builder.call(fused, [row, factor, builder.fneg(product)])
                    error = builder.call(fused, [row, lacks, error])
                    error = builder.call(fused, [row_rest, factor, error])
                    _add(builder, sums, product, error)
            for column, sums in enumerate(totals):
                apart = builder.mul(values[3], ir.Constant(index, column))
                total, lost = builder.load(sums[0]), builder.load(sums[1])
                whole = builder.fadd(total, lost)
                lost = builder.fsub(lost, builder.fsub(whole, total))
                for k, vector in ((0, whole), (1, lost)):
                    place = builder.gep(at(k, 2), [apart])
                    store(builder, signature.args[k], vector, place, 0)
            return context.get_dummy_value()

        return signature, generate

    return doubled_sums


def _add(builder: Any, sums: Any, product: Any, error: Any) -> None:
    """Add to a running sum and its rest (Knuth's two-sum)."""
    old, lost = builder.load(sums[0]), builder.load(sums[1])
    new = builder.fadd(old, product)
    back = builder.fsub(new, old)
    missed = builder.fadd(builder.fsub(old, builder.fsub(new, back)), builder.fsub(product, back))
    builder.store(new, sums[0])
    builder.store(builder.fadd(lost, builder.fadd(missed, error)), sums[1])


_one, _four = _doubled_sums(1), _doubled_sums(COLUMNS)


@strictly_rounded
def combine(
    high: Array, low: Array, o: int, table: Array, rest: Array, first: int, stride: int, weights:
    Array, lacking: Array, w: int, count: int, width: int,
) -> None:  # fmt: skip
    """Write a weighted sum of rows, as `kpksim.engine.vectors.combine` does."""
    for part in range(0, width, LANES):
        _one(
            high, low, o + part, 0, table, rest, first + part, stride, weights, lacking, w, 0, count
        )


@strictly_rounded
def multiply(
    left: Array, left_low: Array, a: int, right: Array, right_low: Array, b: int, high: Array,
    low: Array, o: int, n: int, ld: int,
) -> None:  # fmt: skip
    """Write the product of the matrices from places `a` and `b` on, from place `o` on."""
    for column in range(0, n, COLUMNS):
        for part in range(0, ld, LANES):
            _four(
                high, low, o + column * ld + part, ld, left, left_low, a + part, ld,
                right, right_low, b + column * ld, ld, n,
            )  # fmt: skip


@strictly_rounded
def two_product(a: float, b: float) -> tuple[float, float]:
    """Product of two floats and its rounding error."""
    product = a * b
    big = SPLITTER * a
    a_high = big - (big - a)
    a_low = a - a_high
    big = SPLITTER * b
    b_high = big - (big - b)
    b_low = b - b_high
    error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    return product, error


@strictly_rounded
def exponential(system: System, step: float, work: Array, low: Array) -> int:
    """Compute the propagator of a system over a step.

    Parameters
    ----------
    system : System
        The rate constants.
    step : float
        Length of the step [h].
    work, low : flat array, 7 matrices long
        Room to work in.

    Returns
    -------
    int
        Place in `work`, and of the rest in `low`, from which on the propagator stands.
    """
    n, ld, size = system.n[0], system.n[1], system.n[2]
    times = halvings(system, step)
    small = step * 0.5**times
    product, cube, square, once, one, fourth, total = (
        0, size, 2 * size, 3 * size, 4 * size, 5 * size, 6 * size,
    )  # fmt: skip
    for k in range(len(work)):
        work[k] = low[k] = 0.0
    for i in range(n):
        work[one + i * ld + i] = 1.0
    for k in range(size):
        work[once + k], low[once + k] = two_product(system.matrix[k], small * system.numbers[UNIT])
    multiply(work, low, once, work, low, once, work, low, square, n, ld)
    multiply(work, low, once, work, low, square, work, low, cube, n, ld)
    multiply(work, low, square, work, low, square, work, low, fourth, n, ld)
    for k in range(size):
        work[product + k], low[product + k] = work[fourth + k], low[fourth + k]
    for block in range(4):
        if block:
            multiply(work, low, total, work, low, fourth, work, low, product, n, ld)
        combine(
            work, low, total, work, low, 0, size, COEFFICIENTS, COEFFICIENTS_LOW, 5 * block, 5, size
        )
    place, other = total, fourth
    for _ in range(times):
        multiply(work, low, place, work, low, place, work, low, other, n, ld)
        place, other = other, place
    return place


@strictly_rounded
def exponentials(
    rates: Array, steps: Array, system: System, work: Array, low: Array, result: Array, rest: Array
) -> None:
    """Write the exponentials of a stack of matrices, shape (N, n, n), and what they lack."""
    n, ld = system.n[0], system.n[1]
    for s in range(len(rates)):
        load_system(system, rates, s, NOWHERE)
        place = exponential(system, steps[s], work, low)
        for j in range(n):
            for i in range(n):
                result[s, i, j] = work[place + j * ld + i]
                rest[s, i, j] = low[place + j * ld + i]


@strictly_rounded
def product(
    left: Array, left_low: Array, right: Array, right_low: Array, out: Array, low: Array
) -> None:
    """Write the product of two matrices of numbers of double length."""
    for i in range(left.shape[0]):
        for j in range(right.shape[1]):
            total, rest = 0.0, 0.0
            for k in range(left.shape[1]):
                part, error = two_product(left[i, k], right[k, j])
                error += left[i, k] * right_low[k, j] + left_low[i, k] * right[k, j]
                total, missed = two_sum(total, part)
                rest += missed + error
            out[i, j], low[i, j] = two_sum(total, rest)


@strictly_rounded
def two_sum(a: float, b: float) -> tuple[float, float]:
    """Sum of two floats and its rounding error."""
    total = a + b
    back = total - a
    return total, (a - (total - back)) + (b - back)
