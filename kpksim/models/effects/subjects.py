"""Parameters that are one number for all subjects, or one for each."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpksim.errors import ModelError

Array = NDArray[np.float64]


def for_each(subjects: int, *parameters: ArrayLike) -> tuple[Array, ...]:
    """Parameters spread over subjects.

    Parameters
    ----------
    subjects : int
        Number of subjects, S.
    *parameters : float or array, shape (S,)
        Parameters.

    Returns
    -------
    tuple of array, shape (S,)
        The same parameters, one number per subject.

    Raises
    ------
    ModelError
        If a parameter has another shape.

    Examples
    --------
    >>> [one.tolist() for one in for_each(2, 0.5, [1.0, 3.0])]
    [[0.5, 0.5], [1.0, 3.0]]
    """
    arrays = [np.asarray(one, dtype=float) for one in parameters]
    for array in arrays:
        if array.shape not in {(), (subjects,)}:
            raise ModelError(
                f"a parameter of an effect is one number or one for each of {subjects} subjects, "
                f"got shape {array.shape}"
            )
    return tuple(np.ascontiguousarray(np.broadcast_to(array, subjects)) for array in arrays)
