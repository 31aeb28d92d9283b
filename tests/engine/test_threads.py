"""Work shared out over threads."""

from threading import Lock

import pytest

from kpksim.engine.threads import in_parts


def parts_of(n, **options):
    """The parts that are worked on, in order."""
    parts, lock = [], Lock()

    def work(first, end):
        with lock:
            parts.append((first, end))

    in_parts(work, n, **options)
    return sorted(parts)


@pytest.mark.parametrize("n", [0, 1, 7, 128, 1000, 10_000])
@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("least", [None, 1, 128])
def test_parts_hold_everything_once_and_none_is_larger_than_allowed(n, threads, least):
    parts = parts_of(n, part=300, least=least, threads=threads)
    assert [k for first, end in parts for k in range(first, end)] == list(range(n))
    assert all(end - first <= 300 for first, end in parts)


def test_parts_of_several_threads_get_smaller_down_to_the_least():
    sizes = [end - first for first, end in parts_of(10_000, part=1024, least=128, threads=2)]
    assert sizes[:-1] == sorted(sizes[:-1], reverse=True)
    assert sizes[0] == 1024
    assert sizes[-2] == 128
    assert sizes[-1] <= 128


def test_parts_of_one_thread_are_equal():
    assert parts_of(10, part=4, least=1, threads=1) == [(0, 4), (4, 8), (8, 10)]
