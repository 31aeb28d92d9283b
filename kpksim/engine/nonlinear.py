"""Systems in which processes saturate, or are sped up by a state."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kpksim.engine.actions import Array, Indices

Slope = Callable[[Array], Array]
"""Gives an array for a state of shape (n,)."""


@dataclass(frozen=True)
class Nonlinear:
    r"""A linear system of S subjects and n states, and P processes that are not linear.

    .. math::

        \frac{dx}{dt} = K x + \sum_p m_p \, \frac{s_p x_{o_p}}{1 + a_p x_{o_p}} \, (1 + b_p \cdot x)

    Saturable elimination is a process with speed vmax / (km volume) and saturation 1 / (km volume)
    that takes from its origin. An enzyme is a state that holds how far the pool is above its
    baseline of 1: it starts from 0 as all states do, its formation is a process that takes
    nothing from its origin, and it speeds up the processes that it catalyses.

    Attributes
    ----------
    rates : array, shape (S, n, n)
        Rate constants ``rates[..., to, from]`` of what is linear [1/h].
    origin : array of int, shape (P,)
        State on whose amount each process depends.
    speed : array, shape (S, P)
        Rate constant at small amounts, s [1/h].
    saturation : array, shape (S, P)
        One over the amount at half of the largest flow, a; 0 does not saturate [1/mg].
    moves : array, shape (S, P, n)
        What each state gains from a flow of one, m [1].
    boost : array, shape (P, n)
        States that speed a process up, b [1].
    """

    rates: Array
    origin: Indices
    speed: Array
    saturation: Array
    moves: Array
    boost: Array

    def chosen(self, subjects: slice | NDArray[np.intp]) -> "Nonlinear":
        """Give the system of some of the subjects."""
        return replace(
            self,
            rates=self.rates[subjects],
            speed=self.speed[subjects],
            saturation=self.saturation[subjects],
            moves=self.moves[subjects],
        )

    def among(self, states: Sequence[int]) -> "Nonlinear":
        """Give the system of some of the states, ascending; the others stay empty."""
        kept = np.asarray(states, dtype=np.int64)
        active = np.isin(self.origin, kept)
        return Nonlinear(
            rates=self.rates[:, kept][:, :, kept],
            origin=np.searchsorted(kept, self.origin[active]),
            speed=self.speed[:, active],
            saturation=self.saturation[:, active],
            moves=self.moves[:, active][:, :, kept],
            boost=self.boost[active][:, kept],
        )

    def with_rates(self, rates: Array) -> "Nonlinear":
        """Give the same processes among more states, whose rates are linear."""
        more = rates.shape[1] - self.rates.shape[1]
        return replace(
            self,
            rates=rates,
            moves=np.pad(self.moves, ((0, 0), (0, 0), (0, more))),
            boost=np.pad(self.boost, ((0, 0), (0, more))),
        )

    def near_zero(self) -> Array:
        """Rate constants at small amounts, where the system is linear, shape (S, n, n) [1/h]."""
        rates = self.rates.copy()
        for process, origin in enumerate(self.origin):
            rates[:, :, origin] += self.speed[:, process, None] * self.moves[:, process]
        return rates

    def departure(self, state: Array) -> Array:
        """How far any process is from linear, relative to its flow, shape (S,)."""
        saturated = (self.saturation * state[:, self.origin]).max(axis=1, initial=0.0)
        induced = (state @ self.boost.T).max(axis=1, initial=0.0)
        return np.asarray(np.maximum(saturated, induced))

    def laws(self, subject: int) -> tuple[Slope, Slope]:
        """Give the functions for the slope (n,) and its Jacobian (n, n) of one subject."""
        rates, origin, boost = self.rates[subject], self.origin, self.boost
        speed, saturation = self.speed[subject], self.saturation[subject]
        moves = np.ascontiguousarray(self.moves[subject].T)
        places = np.arange(len(origin)), origin

        def flows(amount: Array) -> tuple[Array, Array]:
            # An amount that rounding takes below 0 must not come near the pole at -1/saturation.
            free = 1.0 / (1.0 + saturation * np.maximum(amount, 0.0))
            return speed * amount * free, free

        def slope(state: Array) -> Array:
            flow, _ = flows(state[origin])
            return np.asarray(rates @ state + moves @ (flow * (1.0 + boost @ state)))

        def jacobian(state: Array) -> Array:
            flow, free = flows(state[origin])
            change = flow[:, None] * boost
            change[places] += speed * free**2 * (1.0 + boost @ state)
            return np.asarray(rates + moves @ change)

        return slope, jacobian
