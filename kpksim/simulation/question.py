"""What is asked of a model: concentrations, effects, and with which parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kpksim.errors import ModelError, ScenarioError, unknown
from kpksim.models import Model
from kpksim.models.effects import Effect
from kpksim.population import Draws, People
from kpksim.simulation.effects import effects_for, why_no_effect
from kpksim.simulation.labels import Fitted, fitted_to
from kpksim.simulation.mixtures import EFFECT_DRAWS, Mixture, mixture_of, why_no_curve
from kpksim.simulation.origin import why_no_potency
from kpksim.vocabulary import OUTCOMES

EXPECTATIONS = ("none", "blinded", "open")
SOURCES = ("posterior", "prior")
"""Where the parameters of effects come from, by name."""
STEP_BY_STEP_DRAWS = 20
"""Draws of effects in a model that is not linear: each is integrated step by step."""


@dataclass(frozen=True)
class Central:
    """A draw of an effect that stands for all.

    Attributes
    ----------
    draw : int
        Its number, from 1 as in the coordinate ``draw``.
    hypothesis : str
        Key of its hypothesis.
    """

    draw: int
    hypothesis: str


@dataclass(frozen=True)
class Question:
    """What is asked of a model.

    Attributes
    ----------
    outputs : tuple of str
        Concentrations.
    effects : mapping of str to Effect
        Effects by outcome that are computed with one set of parameters.
    mixtures : mapping of str to Mixture
        Effects by outcome that are computed as draws.
    expectation : str
        ``"none"`` for the drug alone, ``"blinded"`` or ``"open"`` for such a study.
    drugs : tuple of str
        The drug of each regimen.
    warnings : tuple of str
        Why something is left out that was not asked for by name.
    fitted : mapping of str to (Fitted or None)
        What each effect was fitted to; None where it is at the medians of its priors. Effects
        that the caller made are not among them.
    central : mapping of str to Central
        The draw whose parameters each effect has, where one draw of a posterior was chosen.
    """

    outputs: tuple[str, ...]
    effects: Mapping[str, Effect] = field(default_factory=dict)
    mixtures: Mapping[str, Mixture] = field(default_factory=dict)
    expectation: str = "none"
    drugs: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    fitted: Mapping[str, Fitted | None] = field(default_factory=dict)
    central: Mapping[str, Central] = field(default_factory=dict)

    @property
    def outcomes(self) -> list[str]:
        """Every effect, in the order of the vocabulary."""
        return [name for name in OUTCOMES if name in self.effects or name in self.mixtures]

    @property
    def drives(self) -> set[str]:
        """Every output that drives an effect."""
        drawn = [one.effect for mixture in self.mixtures.values() for one in mixture.drawn]
        effects = [*self.effects.values(), *drawn]
        return {name for one in effects for site in one.sites for name in site}


@dataclass(frozen=True)
class Wish:
    """With which parameters effects are wanted, and in whom.

    Attributes
    ----------
    effects : str or mapping of str to Effect
        One of `SOURCES`, or the effects themselves.
    n : int
        How many draws of a posterior.
    person : People
        The typical person.
    draws : Draws or None
        Draws of the parameters of the concentrations, to be paired with those of the effects.
    """

    effects: str | Mapping[str, Effect]
    n: int
    person: People
    draws: Draws | None = None


def ask(
    model: Model,
    outcomes: Sequence[str] | None,
    *,
    expectation: str,
    drugs: Sequence[str],
    wish: Wish,
) -> Question:
    """Sort what is asked into concentrations and effects.

    Parameters
    ----------
    model : Model
        The model.
    outcomes : sequence of str or None
        What is wanted; None for all that the model gives.
    expectation : str
        One of `EXPECTATIONS`.
    drugs : sequence of str
        The drug of each regimen.
    wish : Wish
        With which parameters effects are wanted.

    Returns
    -------
    Question
        What is to be computed.

    Raises
    ------
    KpksimError
        If the model does not know an outcome, or cannot drive an effect.
    """
    if expectation not in EXPECTATIONS:
        raise unknown("expectation", expectation, list(EXPECTATIONS))
    names, warnings = _names(model, outcomes, drugs, wish)
    outputs = tuple(name for name in names if name in model.outputs)
    question = Question(outputs, {}, {}, expectation, tuple(drugs), warnings)
    return _with_effects(model, question, tuple(n for n in names if n in OUTCOMES), wish)


def _names(
    model: Model, outcomes: Sequence[str] | None, drugs: Sequence[str], wish: Wish
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the names of what is asked, and why something is left out."""
    why_no = why_no_curve if wish.effects == "posterior" else why_no_effect
    effects = [name for name in OUTCOMES if not why_no(model, name)]
    if isinstance(wish.effects, Mapping):
        effects = [name for name in OUTCOMES if name in wish.effects]
    why_not = next((why for one in drugs if (why := why_no_potency(model, one))), "")
    possible = list(model.outputs) + ([] if why_not else effects)
    names = tuple(possible if outcomes is None else outcomes)
    if isinstance(outcomes, str):
        raise ScenarioError(f'outcomes are a list of names, got "{outcomes}"; put it in brackets')
    if not names:
        raise ScenarioError(f"no outcome is asked for; {model.name} gives {', '.join(possible)}")
    for name in names:
        if name not in model.outputs and name not in OUTCOMES:
            raise unknown(f"outcome of {model.name}", name, possible)
        if name in OUTCOMES and why_not:
            raise ModelError(f'"{name}" cannot be computed with {model.name}: {why_not}')
    left_out = [f"No effects with {model.name}: {why_not}."] if why_not and effects else []
    return names, tuple(left_out if outcomes is None else [])


def _with_effects(model: Model, question: Question, names: tuple[str, ...], wish: Wish) -> Question:
    """Add the effects with the parameters that are wanted."""
    if isinstance(wish.effects, Mapping):
        missing = [name for name in names if name not in wish.effects]
        if missing:
            raise unknown("effect among those given", missing[0], list(wish.effects))
        return replace(question, effects={name: wish.effects[name] for name in names})
    if wish.n < 1:
        raise ScenarioError(f"a number of draws of effects is at least 1, got {wish.n}")
    if wish.effects not in SOURCES:
        raise unknown("source of effects", wish.effects, list(SOURCES))
    mixtures: dict[str, Mixture] = {}
    warnings = list(question.warnings)
    n = wish.n
    if not model.is_linear and wish.draws is None:
        n = min(n, STEP_BY_STEP_DRAWS)
    for name in names if wish.effects == "posterior" else ():
        found = mixture_of(model, name, n, wish.person, wish.draws)
        if found is not None:
            mixtures[name] = found
            warnings += found.warnings()
    if mixtures and n < wish.n:
        warnings.append(
            f"{model.name} is not linear and is integrated step by step: effect curves are {n} "
            f"draws instead of {wish.n}."
        )
    fixed = effects_for(model, tuple(name for name in names if name not in mixtures))
    fitted = {name: fitted_to(mixtures[name].draws) if name in mixtures else None for name in names}
    return replace(
        question, effects=fixed, mixtures=mixtures, warnings=tuple(warnings), fitted=fitted
    )


def usual_wish(person: People) -> Wish:
    """Give the wish of who asks for nothing in particular.

    Parameters
    ----------
    person : People
        The typical person.

    Returns
    -------
    Wish
        Draws of the posteriors that ship.
    """
    return Wish("posterior", EFFECT_DRAWS, person)
