"""What happens to the state at points in time."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Floats = NDArray[Any]
"""Storage of float64 or float32."""


@dataclass(frozen=True)
class Actions:
    """Additions to states and changes of input rates.

    An infusion is two actions: ``+rate`` at its start and ``-rate`` at its end. Infusions into one
    compartment add.

    Attributes
    ----------
    time : array, shape (S, E) or (E,)
        When each action happens; need not be sorted [h].
    compartment : array of int, shape (E,)
        Index of the state that it acts on, from 0.
    amount : array, shape (S, E) or (E,)
        Amount added at once; 0 where the action changes a rate [mg].
    rate : array, shape (S, E) or (E,)
        Change of the input rate into the compartment [mg/h].
    order : array of int, shape (E,)
        Rank among things at the same time, lower first.
    """

    time: Array
    compartment: Indices
    amount: Array = field(default_factory=lambda: np.zeros(()))
    rate: Array = field(default_factory=lambda: np.zeros(()))
    order: Indices = field(default_factory=lambda: np.zeros((), dtype=np.int64))
