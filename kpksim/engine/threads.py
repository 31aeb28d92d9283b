"""Work on subjects shared out over threads, part by part."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor


def usable_threads() -> int:
    """Give the number of processors that this process may use.

    Returns
    -------
    int
        At least 1.
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_parts(
    work: Callable[[int, int], None],
    n: int,
    *,
    part: int,
    least: int | None = None,
    threads: int | None = None,
) -> None:
    """Call ``work(first, end)`` for consecutive parts of n things, several at a time.

    Parameters
    ----------
    work : callable
        Work on the things from `first` up to `end`, without the last; it holds no state of its
        own and releases Python's lock.
    n : int
        Number of things.
    part : int
        Most things in a part.
    least : int, optional
        With several threads parts get smaller towards the end, down to so many things; when left
        out all are equal.
    threads : int, optional
        Number of threads; all processors when left out, 1 works in the caller's own thread.

    Examples
    --------
    >>> in_parts(lambda first, end: print(first, end), 5, part=2, threads=1)
    0 2
    2 4
    4 5
    """
    workers = usable_threads() if threads is None else threads
    parts = list(_parts(n, part, part if least is None or workers <= 1 else least, workers))
    if min(workers, len(parts)) <= 1:
        for first, end in parts:
            work(first, end)
        return
    with ThreadPoolExecutor(min(workers, len(parts))) as pool:
        for done in [pool.submit(work, first, end) for first, end in parts]:
            done.result()


def _parts(n: int, part: int, least: int, workers: int) -> Iterator[tuple[int, int]]:
    """Give parts, each half of an equal share of what is left, so that all end at the same time."""
    first = 0
    while first < n:
        size = min(part, max((n - first) // (2 * workers), least))
        yield first, min(first + size, n)
        first += size
