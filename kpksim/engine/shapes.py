"""Arrays as the engine takes them, checked for their shapes."""

import numpy as np
from numpy.typing import ArrayLike

from kpksim.engine.actions import Array, Floats, Indices


def systems(rates: ArrayLike) -> Array:
    """Check the shape of the rates."""
    matrices = np.asarray(rates, dtype=float)
    if matrices.ndim != 3 or matrices.shape[1] != matrices.shape[2]:
        raise ValueError(f"rates must have shape (S, n, n), got {matrices.shape}")
    return matrices


def outputs(rows: ArrayLike, n_subjects: int, n_states: int) -> Array:
    """Rows for every subject, shape (S, A, n)."""
    array = np.asarray(rows, dtype=float)
    shape = (n_subjects, array.shape[-2] if array.ndim > 1 else 0, n_states)
    if array.shape not in {shape, shape[1:]}:
        raise ValueError(
            f"rows must have shape (A, {n_states}) or ({n_subjects}, A, {n_states}), "
            f"got {array.shape}"
        )
    return np.broadcast_to(array, shape)


def shared_outputs(rows: ArrayLike, n_subjects: int, n_states: int) -> Array:
    """Rows of each subject, or one set for all, shape (S or 1, A, n)."""
    everyone = outputs(rows, n_subjects, n_states)
    return everyone[:1] if np.ndim(rows) == 2 else everyone


def ascending(times: ArrayLike) -> Array:
    """Check that the observations ascend."""
    array = np.asarray(times, dtype=float)
    if array.ndim != 1 or not len(array) or np.any(np.diff(array) < 0.0):
        raise ValueError("times must be a list of at least one ascending time")
    return array


def ranks(order: ArrayLike | None, times: Array) -> Indices:
    """Rank of each observation, which must ascend where times are equal."""
    array = np.ones(len(times), dtype=np.int64) if order is None else np.asarray(order)
    if array.shape != times.shape:
        raise ValueError(f"order must have shape {times.shape}, got {array.shape}")
    if np.any((np.diff(times) == 0.0) & (np.diff(array) < 0)):
        raise ValueError("order must ascend among observations at the same time")
    return array.astype(np.int64)


def storage(out: Floats | None, shape: tuple[int, ...]) -> Floats:
    """Give memory for outputs, or check that what was given fits."""
    if out is None:
        return np.empty(shape)
    fits = out.shape == shape and out.dtype in (np.float64, np.float32)
    if not fits or not out.flags.c_contiguous:
        raise ValueError(
            f"out must be C-contiguous, of float64 or float32 and of shape {shape}, "
            f"got {out.dtype} of shape {out.shape}"
        )
    return out
