"""Hypotheses of what drives an effect and how: what each says, its parameters, its equations."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Protocol

from kpksim.documents import parse_document
from kpksim.errors import ModelError, unknown
from kpksim.library.effect_catalogue import effects_document, priors
from kpksim.library.effect_document import STRUCTURES, Prior
from kpksim.library.hypothesis_document import HypothesesDocument, Hypothesis
from kpksim.models.effects import Effect, Number

__all__ = [
    "Hypothesis",
    "effect_of",
    "hypothesis_priors",
    "list_hypotheses",
    "load_hypothesis",
    "study_priors",
]

PLACE = "library/effects/hypotheses.toml"

IDLE = {"both": (), "fast": ("rs", "kin", "t_slow", "t_d"), "slow": ("rf",)}
"""Parameters of a clock that does not act, by the clocks that do."""

MEDIATED = ("ec50_ratio", "g", "t_ke0", "kappa", "t_tol")
"""Parameters that a mediator shares with dissociation."""

RATIOS = {"ec50_ratio", "ic50_ratio", "slow_ec50_ratio"}
"""Concentrations that are stated as a share of the peak of what drives."""


class Peaks(Protocol):
    """Peak concentration after 0.5 mg/kg over 40 min by the model in use."""

    def __call__(self, drive: str, also: str = "", w_also: Number = 0.0) -> Number:
        """Give the peak of a concentration, or of one and a second times its weight [ng/mL]."""


@cache
def _catalogue() -> dict[str, Hypothesis]:
    """Read the file that is part of the package, once."""
    text = (resources.files("kpksim") / PLACE).read_text(encoding="utf-8")
    found = parse_document(text, HypothesesDocument, PLACE).hypotheses
    return {
        key: Hypothesis(**(dict(one) | {"key": key, "outcomes": tuple(one.outcomes)}))
        for key, one in found.items()
    }


def list_hypotheses(outcome: str) -> tuple[str, ...]:
    """List the hypotheses of an outcome.

    Parameters
    ----------
    outcome : str
        Name of the outcome, such as ``"anxiety"``.

    Returns
    -------
    tuple of str
        Keys in the order of tables and figures.

    Raises
    ------
    UnknownName
        If the library has no such outcome.

    Examples
    --------
    >>> list_hypotheses("sbp")
    ('pressure_arterial', 'pressure_venous')
    """
    priors(outcome)
    return tuple(key for key, one in _catalogue().items() if outcome in one.outcomes)


def load_hypothesis(key: str) -> Hypothesis:
    """Load a hypothesis of the library.

    Parameters
    ----------
    key : str
        Its name.

    Returns
    -------
    Hypothesis
        The hypothesis.

    Raises
    ------
    UnknownName
        If the library has no such hypothesis.

    Examples
    --------
    >>> load_hypothesis("slow_norketamine").drives
    ('ketamine', 'norketamine')
    """
    if key not in _catalogue():
        raise unknown("hypothesis", key, list(_catalogue()))
    return _catalogue()[key]


def hypothesis_priors(key: str, outcome: str) -> dict[str, Prior]:
    """Priors of every parameter that the effect of the drug and of expectation has.

    Parameters
    ----------
    key : str
        Name of the hypothesis.
    outcome : str
        Name of an outcome for which it is meant.

    Returns
    -------
    dict of str to Prior
        Prior by the name of the parameter.

    Raises
    ------
    UnknownName
        If there is no such hypothesis of this outcome.

    Examples
    --------
    >>> sorted(hypothesis_priors("fast_only", "anxiety"))
    ['ec50_ratio', 'g', 'm', 'p_blind', 'p_open', 'rf', 't_ke0', 'tau_p']
    """
    if key not in list_hypotheses(outcome):
        raise unknown(f"hypothesis of {outcome}", key, list(list_hypotheses(outcome)))
    return _priors_of(_catalogue()[key], outcome)


def _priors_of(hypothesis: Hypothesis, outcome: str) -> dict[str, Prior]:
    """Priors of an outcome as a hypothesis changes them."""
    found, more = dict(priors(outcome)), effects_document().hypotheses
    if hypothesis.wanes:
        found |= {name: priors("dissociation")[name] for name in MEDIATED}
    if hypothesis.also:
        found |= more.also
    if hypothesis.shape == "inverted U":
        found |= more.inverted_u
    if hypothesis.slow_drive:
        found |= more.slow_drive
    if hypothesis.trigger:
        found = {"t_d": more.plasticity["t_d"]} | found | {"g": more.plasticity["g"]}
    return {name: prior for name, prior in found.items() if name not in IDLE[hypothesis.clocks]}


def study_priors(outcome: str) -> dict[str, Prior]:
    """Priors of how studies of an outcome scatter and measure, whatever the hypothesis.

    Parameters
    ----------
    outcome : str
        Name of the outcome.

    Returns
    -------
    dict of str to Prior
        Prior by the name of the parameter: ``sigma`` (with the suffix of an instrument that has
        one of its own), ``rho``, ``tau``, ``cv``, ``lambda_<instrument>``, the score before the
        first dose ``b_<instrument>``, and ``potency`` of esketamine. A fit leaves out those that
        no statement needs.

    Raises
    ------
    UnknownName
        If the library has no such outcome.

    Examples
    --------
    >>> list(study_priors("dissociation"))
    ['rho', 'tau', 'cv', 'potency']
    """
    priors(outcome)
    document = effects_document()
    structure = document.outcomes[outcome].structure
    shared, own = document.studies.shared.get(structure, {}), document.studies.outcomes
    return shared | own.get(outcome, {}) | {"potency": document.esketamine_potency}


def effect_of(hypothesis: Hypothesis, values: Mapping[str, Number], peaks: Peaks) -> Effect:
    """Effect under a hypothesis.

    Parameters
    ----------
    hypothesis : Hypothesis
        What drives it and how.
    values : mapping of str to float or array, shape (S,)
        Parameters by the names of `hypothesis_priors`, times in h; others are passed over.
    peaks : callable
        Peak after 0.5 mg/kg over 40 min, see `Peaks` [ng/mL]; what is a ratio is one of it.

    Returns
    -------
    Symptom, Dissociation or Pressure
        The effect, driven by the concentrations that the hypothesis names.

    Raises
    ------
    ModelError
        If a parameter is missing or outside its range.

    Examples
    --------
    >>> venous = load_hypothesis("dissociation_venous")
    >>> values = {name: one.value for name, one in priors("dissociation").items()}
    >>> round(effect_of(venous, values, peaks=lambda drive: 158.0).ec50, 9)
    142.2
    """
    known = [set(_priors_of(hypothesis, outcome)) for outcome in hypothesis.outcomes]
    if missing := sorted(set.intersection(*known) - set(values)):
        raise ModelError(f'hypothesis "{hypothesis.key}" needs a value of {", ".join(missing)}')
    found = {name: values[name] for name in set.union(*known) if name in values}
    for ratio in RATIOS & found.keys():
        if ratio == "slow_ec50_ratio":
            peak = peaks(hypothesis.slow_drive)
        elif hypothesis.also:
            peak = peaks(hypothesis.drive, hypothesis.also, found["w_also"])
        else:
            peak = peaks(hypothesis.drive)
        found[ratio.removesuffix("_ratio")] = found.pop(ratio) * peak
    structure = STRUCTURES[hypothesis.structure]
    effect: Effect = structure(drive=hypothesis.drive, **found, **_variant(hypothesis))
    return effect


def _variant(hypothesis: Hypothesis) -> dict[str, Any]:
    """Fields of a symptom that are not sampled."""
    if hypothesis.structure != "symptom":
        return {}
    still = {"rs": 0.0, "kin": None, "t_slow": None} if hypothesis.clocks == "fast" else {}
    still |= {"rf": 0.0} if hypothesis.clocks == "slow" else {}
    return still | {name: getattr(hypothesis, name) for name in ("also", "slow_drive", "shape")}
