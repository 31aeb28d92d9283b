"""Effects as draws of their posteriors: which hypotheses, in whom, scaled to a model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.errors import ModelError
from kpksim.library.hypotheses import effect_of, load_hypothesis
from kpksim.library.posteriors import (
    TYPICAL,
    MixedDraws,
    Posterior,
    list_posteriors,
    load_posterior,
    mixture,
    rare_in,
)
from kpksim.models import Model, Values
from kpksim.models.effects import Effect
from kpksim.population import Draws, People, sample_draws, typical_person
from kpksim.simulation.effects import (
    ReferencePeaks,
    driving_output,
    effect_under,
    why_no_effect,
    why_no_hypothesis,
)
from kpksim.simulation.problem import people_values
from kpksim.simulation.responses import chosen_effect

Array = NDArray[np.float64]
EFFECT_DRAWS = 200
"""Draws of each effect where nobody asks for another number."""


@dataclass(frozen=True)
class Drawn:
    """Draws of one effect under one hypothesis, ready to be computed.

    Attributes
    ----------
    first : int
        Place of the first of its k draws among all of the mixture.
    effect : Effect
        Parameters, shape (k,) each.
    people : People
        k times the typical person, each with the concentrations that the draw belongs to.
    values : dict of str to array, shape (k,)
        Parameters of the model in each of them.
    potency : array, shape (k,), or None
        Drive per milligram of esketamine [1]; None where the posterior says nothing of it.
    """

    first: int
    effect: Effect
    people: People
    values: Values
    potency: Array | None

    def chosen(self, which: NDArray[np.intp]) -> "Drawn":
        """Give some of the draws.

        Parameters
        ----------
        which : array of int
            Places among them, ascending from the first wanted without a gap.

        Returns
        -------
        Drawn
            Those draws.
        """
        return Drawn(
            self.first + int(which[0]),
            chosen_effect(self.effect, which),
            self.people.chosen(which),
            {name: value[which] for name, value in self.values.items()},
            None if self.potency is None else self.potency[which],
        )


@dataclass(frozen=True)
class Mixture:
    """Draws of one effect over the hypotheses that survive.

    Attributes
    ----------
    model : Model
        The model that it is scaled to.
    draws : MixedDraws
        The draws as the library has them, n in all.
    drawn : tuple of Drawn
        The same, ready to be computed.
    """

    model: Model
    draws: MixedDraws
    drawn: tuple[Drawn, ...]

    @property
    def outcome(self) -> str:
        """Name of the effect."""
        return self.draws.outcome

    @property
    def hypotheses(self) -> list[str]:
        """Key of the hypothesis of each draw, shape (n,)."""
        return self.draws.hypotheses

    def effect(self, which: int) -> Effect:
        """Give the effect of one draw in the typical person's concentrations.

        Parameters
        ----------
        which : int
            Place of the draw, from 0.

        Returns
        -------
        Effect
            One number for each parameter.
        """
        return effect_of_draw(self.model, self.draws, which)

    def warnings(self) -> Iterator[str]:
        """Say which hypotheses are left out, and why."""
        for one in self.draws.left_out:
            yield (
                f"{self.outcome.capitalize()} without the hypothesis {one.label[0].lower()}"
                f"{one.label[1:]}: {why_no_hypothesis(self.model, one)}."
            )


def effect_of_draw(model: Model, draws: MixedDraws, which: int) -> Effect:
    """Give the effect of one draw in the typical person's concentrations.

    Parameters
    ----------
    model : Model
        The model that it is scaled to.
    draws : MixedDraws
        The draws.
    which : int
        Place of the draw, from 0.

    Returns
    -------
    Effect
        One number for each parameter.
    """
    keys = [(part, k) for part in draws.parts for k in range(len(part))]
    part, k = keys[which]
    values = {name: float(value[k]) for name, value in part.values.items()}
    return effect_under(model, part.hypothesis, values)


def mixture_of(
    model: Model, outcome: str, n: int, person: People, draws: Draws | None = None
) -> Mixture | None:
    """Give the draws of one effect.

    Parameters
    ----------
    model : Model
        The model.
    outcome : str
        Name of the effect.
    n : int
        How many draws.
    person : People
        The typical person.
    draws : Draws, optional
        n draws of the parameters of the concentrations, which are paired with those of the effect;
        without them a draw keeps the concentrations under which it was fitted, if they are known.

    Returns
    -------
    Mixture or None
        The draws; None where no posterior ships.

    Raises
    ------
    ModelError
        If a posterior ships and the model lacks what drives each of its hypotheses.
    """
    if not list_posteriors(outcome):
        return None
    found = mixture(outcome, n, lambda one: not why_no_hypothesis(model, one))
    if not found.parts:
        raise ModelError(
            f'"{outcome}" cannot be computed with {model.name}: {why_no_curve(model, outcome)}'
        )
    return Mixture(model, found, tuple(_drawn(model, found.parts, person, draws)))


def rare_of(model: Model, outcome: str, share: float, n: int, person: People) -> Mixture | None:
    """Give draws of the hypotheses of an effect that have next to none among the usual ones.

    Parameters
    ----------
    model : Model
        The model.
    outcome : str
        Name of the effect.
    share : float
        Part of the draws below which a hypothesis is rare.
    n : int
        How many draws of each.
    person : People
        The typical person.

    Returns
    -------
    Mixture or None
        The draws, one hypothesis after the other; None where none is rare.
    """
    usual = mixture(outcome, EFFECT_DRAWS, lambda one: not why_no_hypothesis(model, one))
    found = rare_in(usual, share, n)
    if not found.parts:
        return None
    return Mixture(model, found, tuple(_drawn(model, found.parts, person, None)))


def why_no_curve(model: Model, outcome: str) -> str:
    """Say why a model has no curve of an effect, by its posteriors or else by its prior.

    Parameters
    ----------
    model : Model
        The model.
    outcome : str
        Name of the outcome.

    Returns
    -------
    str
        The reason; empty when it has one.
    """
    alive = [
        load_hypothesis(key)
        for key in list_posteriors(outcome)
        if load_posterior(outcome, key).weight > 0.0
    ]
    if not alive:
        return why_no_effect(model, outcome)
    reasons = [why_no_hypothesis(model, one) for one in alive]
    return "" if "" in reasons else reasons[0]


def _drawn(
    model: Model, parts: Sequence[Posterior], person: People, draws: Draws | None
) -> Iterator[Drawn]:
    """Scale the draws of each hypothesis to a model, each to the peaks of its concentrations.

    Hypotheses of a mixture are of one calibration, and so of one ensemble of concentrations.
    """
    first, ensemble = 0, _ensemble(model, parts[0]) if draws is None else None
    for part in parts:
        which = np.arange(first, first + len(part))
        shifts = _chosen(draws, which) if draws is not None else _own_shifts(part, ensemble)
        reference = _repeated(typical_person(), len(part), shifts)
        peaks = ReferencePeaks(model, reference if shifts else None)
        effect = effect_of(part.hypothesis, part.values, peaks)
        people, values = people_values(model, _repeated(person, len(part), shifts))
        yield Drawn(
            first,
            effect.driven_by(lambda drive: str(driving_output(model, drive))),
            people,
            values,
            part.values.get("potency"),
        )
        first += len(part)


def _ensemble(model: Model, part: Posterior) -> Draws | None:
    """Draw the concentrations under which posteriors were fitted, where this model had them."""
    size = int(part.facts["pk_draws"])
    if not size or part.facts["model"] != model.name:
        return None
    together = [(one.parameters, one.covariance) for one in model.uncertainty]
    return sample_draws(together, size, seed=int(part.facts["pk_seed"]))


def _own_shifts(part: Posterior, ensemble: Draws | None) -> dict[str, Array]:
    """Give the concentrations under which draws were fitted, where they are known."""
    is_typical = part.pk_draw == TYPICAL
    if ensemble is None or is_typical.all():
        return {}
    which = np.where(is_typical, 0, part.pk_draw)
    return {name: np.where(is_typical, 0.0, one[which]) for name, one in ensemble.shifts.items()}


def _chosen(draws: Draws, which: NDArray[np.intp]) -> dict[str, Array]:
    """Give some draws of the parameters of the concentrations."""
    return {name: one[which] for name, one in draws.shifts.items()}


def _repeated(person: People, n: int, shifts: dict[str, Array]) -> People:
    """Give one person n times, with shifted parameters."""
    same = {name: np.repeat(value[:1], n) for name, value in person.covariates.items()}
    return People(same, {}, None, shifts)
