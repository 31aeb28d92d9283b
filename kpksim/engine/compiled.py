"""Compilation of inner loops: one place for its options and for what is said about it."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile a function of numbers and arrays to machine code when it is first called.

    The code is kept beside the file, or in the user's cache folder where that cannot be written,
    or nowhere. It runs without Python's lock, so that threads share the work. A product and a sum
    may be rounded once instead of twice; nothing is reordered.

    Parameters
    ----------
    function : callable
        A function that Numba can compile.

    Returns
    -------
    callable
        The same function, faster.

    Examples
    --------
    >>> @compiled
    ... def double(x):
    ...     return 2.0 * x
    >>> double(4.0)
    8.0
    """
    return _compiled(function, {"contract"})


def compiled_strictly(function: Function) -> Function:
    """Compile a function in which every product and every sum is rounded by itself.

    Parameters
    ----------
    function : callable
        A function that Numba can compile, such as one that follows its own rounding errors.

    Returns
    -------
    callable
        The same function, faster.
    """
    return _compiled(function, False)


def _compiled(function: Function, fastmath: Any) -> Function:
    """Compile with these options, and keep the code where there is a place for it."""
    options = {"nogil": True, "error_model": "numpy", "fastmath": fastmath, "boundscheck": False}
    try:
        done: Function = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # no folder for the cache can be written
        done = numba.njit(**options)(function)
    return done


def say_when_compiling(*functions: Callable[..., Any]) -> None:
    """Say on stderr that functions will be compiled, when no code of them is kept.

    Parameters
    ----------
    *functions : callable
        Functions from `compiled` that are about to be called.
    """
    if any(not one.signatures and not _kept(one) for one in functions):  # type: ignore[attr-defined]
        print("Compiling the engine for this machine; once, about 20 s.", file=sys.stderr)


def _kept(function: Any) -> bool:
    """Find out whether code newer than the source of a function is kept."""
    folder, source = function.stats.cache_path, Path(function.py_func.__code__.co_filename)
    if not folder or not source.exists():
        return False
    stem = f"{source.stem}.{function.py_func.__qualname__}-"
    newest = max((one.stat().st_mtime for one in Path(folder).glob(f"{stem}*.nbi")), default=0.0)
    return newest > source.stat().st_mtime
