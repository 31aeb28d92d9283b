"""Compilation of inner loops: one place for its options and for what is said about it."""

import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core import event
from numba.extending import intrinsic

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
    return _kept(function, fastmath={"contract"})


def allocation_free(function: Function) -> Function:
    """Compile a function that makes no arrays of its own.

    Then nothing counts who uses which array, which costs more than most of what is done with them,
    and far more between threads.

    Parameters
    ----------
    function : callable
        A function that Numba can compile, and that works in the arrays that it is given.

    Returns
    -------
    callable
        The same function, faster.
    """
    return _kept(function, fastmath={"contract"}, _nrt=False)


def strictly_rounded(function: Function) -> Function:
    """Compile a function in which every product and every sum is rounded by itself.

    Parameters
    ----------
    function : callable
        A function that follows its own rounding errors, and that makes no arrays.

    Returns
    -------
    callable
        The same function, faster.
    """
    return _kept(function, fastmath=False, _nrt=False)


def inner(function: Function) -> Function:
    """Compile a function that makes no arrays, and that only compiled functions call.

    It is kept within them, and has no way in from Python, which takes its time to compile.

    Parameters
    ----------
    function : callable
        A function that Numba can compile.

    Returns
    -------
    callable
        The same function, for compiled functions only.
    """
    options = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return _jit(function, fastmath={"contract"}, _nrt=False, **options)


def inlined(function: Function) -> Function:
    """Compile a function only as a part of those that call it.

    Parameters
    ----------
    function : callable
        A function that Numba can compile, called from few places.

    Returns
    -------
    callable
        The same function.
    """
    return _jit(function, inline="always", _nrt=False)


def instruction(written: Callable[..., Any]) -> Callable[..., Any]:
    """Let compiled functions call what a function writes, without its argument for types.

    Parameters
    ----------
    written : callable
        A function as `numba.extending.intrinsic` takes it: it gives a signature, and a function
        that writes the instructions.

    Returns
    -------
    callable
        The same, for compiled functions.
    """
    made: Callable[..., Any] = intrinsic(written)
    return made


def _kept(function: Function, **options: Any) -> Function:
    """Compile with some options, and keep the code where there is a place for it."""
    try:
        done = _jit(function, cache=True, **options)
    except RuntimeError:  # no folder for the cache can be written
        return _jit(function, **options)
    _stamp(done, Path(function.__code__.co_filename).parent)
    return done


def _jit(function: Function, **options: Any) -> Function:
    """Give a function that Numba compiles when it is first called."""
    done: Function = numba.njit(nogil=True, error_model="numpy", **options)(function)
    return done


def _stamp(function: Any, folder: Path) -> None:
    """Let the code of a function be made anew when any file changes that it may be made from.

    Numba looks at the function's own file only, not at those of the functions that it calls.
    """
    digest = sha256()
    for file in [*sorted(Path(__file__).parent.glob("*.py")), *sorted(folder.glob("*.py"))]:
        digest.update(file.read_bytes())
    function._cache._cache_file._source_stamp = digest.hexdigest()


class _Announcer(event.Listener):
    """Says once in a process that code of this package is being compiled."""

    said = False

    def on_start(self, happening: Any) -> None:
        """Say it when the first function is compiled."""
        module = happening.data["dispatcher"].py_func.__module__
        if module.startswith("kpksim.") and not _Announcer.said:
            _Announcer.said = True
            print("Compiling the engine for this machine; once, up to a minute.", file=sys.stderr)

    def on_end(self, happening: Any) -> None:
        """Say nothing more."""


event.register("numba:compile", _Announcer())
