"""Outputs on their way to memory: collected in the cache first, then written in one go.

Sums that go one by one to where they belong wait for memory, and push out of the cache what the
next ones need. Collected ones can be written past the cache, in vectors that memory takes whole.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba.core import types

from kpksim.engine.actions import Floats, Indices
from kpksim.engine.compiled import inlined, instruction
from kpksim.engine.vectors import LANES, PAGE, aligned, pointer_to

COLLECTED = 256
"""Outputs after which they are written; with a block more they fit into a page of memory.

It takes much longer to store a vector across two pages.
"""

CACHED = 2**25
"""Size of all outputs up to which they are likely to be still in a cache when read [byte]."""


class Outbox(NamedTuple):
    """Outputs that wait to be written.

    Attributes
    ----------
    to : flat array
        Where outputs go, shape (S, A, T) when unfolded.
    values : array
        Those that wait.
    waiting : array of int, shape (3,)
        Place in `to` of the first that waits, how many there are, and 1 where they are to be
        written past the cache.
    """

    to: Floats
    values: Floats
    waiting: Indices


def empty_outbox(to: Floats, block: int) -> Outbox:
    """Give room for outputs that come in blocks of up to so many."""
    past_cache = to.nbytes > CACHED and to.flags.aligned
    values = aligned(COLLECTED + block + LANES, PAGE, to.dtype)
    return Outbox(to, values, np.array([0, 0, int(past_cache)]))


def _copying(past_cache: bool) -> Callable[..., None]:
    """Make a copy of a vector; past the cache its address must be a multiple of its length."""

    @instruction
    def copy(typing: Any, to: Any, place: Any, values: Any, first: Any) -> Any:
        signature = types.void(to, types.int64, values, types.int64)

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            kinds, size = signature.args, signature.args[0].dtype.bitwidth // 8
            vector = ir.VectorType(context.get_value_type(kinds[0].dtype), LANES).as_pointer()
            target = pointer_to(context, builder, kinds[0], *arguments[:2])
            source = pointer_to(context, builder, kinds[2], *arguments[2:])
            read = builder.load(builder.bitcast(source, vector), align=size)
            width = LANES * size if past_cache else size
            written = builder.store(read, builder.bitcast(target, vector), align=width)
            if past_cache:
                one = ir.Constant(ir.IntType(32), 1)
                written.set_metadata("nontemporal", builder.module.add_metadata([one]))
            return context.get_dummy_value()

        return signature, generate

    return copy


_copy, _copy_past_cache = _copying(past_cache=False), _copying(past_cache=True)


@instruction
def _until_visible(typing: Any) -> Any:
    """Wait until other threads see what was written past the cache."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.fence("seq_cst")
        return context.get_dummy_value()

    return types.void(), generate


@inlined
def begin(outbox: Outbox, place: int) -> None:
    """Write what waits, unless the outputs that come next, from `place` on, go right behind it."""
    if outbox.waiting[0] + outbox.waiting[1] != place:
        finish(outbox)
        outbox.waiting[0] = place


@inlined
def deliver(outbox: Outbox) -> None:
    """Write what waits, but for the beginning of a vector, which goes to the front."""
    to, values, place, count = outbox.to, outbox.values, outbox.waiting[0], outbox.waiting[1]
    done = 0
    if outbox.waiting[2]:
        while done < count and (to.ctypes.data // to.itemsize + place + done) % LANES:
            to[place + done] = values[done]
            done += 1
        while count - done >= LANES:
            _copy_past_cache(to, place + done, values, done)
            done += LANES
    while count - done >= LANES:
        _copy(to, place + done, values, done)
        done += LANES
    for k in range(count - done):
        values[k] = values[done + k]
    outbox.waiting[0], outbox.waiting[1] = place + done, count - done


@inlined
def finish(outbox: Outbox) -> None:
    """Write all that waits."""
    deliver(outbox)
    for k in range(outbox.waiting[1]):
        outbox.to[outbox.waiting[0] + k] = outbox.values[k]
    outbox.waiting[1] = 0
    _until_visible()
