"""Work on subjects shared out over threads, part by part."""

import os
from collections.abc import Callable
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
    work: Callable[[int, int], None], n: int, *, part: int, threads: int | None = None
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
        Things in a part.
    threads : int, optional
        Number of threads; all processors when left out, 1 works in the caller's own thread.

    Examples
    --------
    >>> in_parts(lambda first, end: print(first, end), 5, part=2, threads=1)
    0 2
    2 4
    4 5
    """
    starts = range(0, n, part)
    workers = min(usable_threads() if threads is None else threads, len(starts))
    if workers <= 1:
        for first in starts:
            work(first, min(first + part, n))
        return
    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(work, first, min(first + part, n)) for first in starts]:
            done.result()
