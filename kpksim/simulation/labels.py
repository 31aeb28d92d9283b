"""Words on how far effect curves are calibrated."""

from collections.abc import Mapping
from dataclasses import dataclass

from kpksim.library.effect_catalogue import calibration_label
from kpksim.library.posteriors import MixedDraws
from kpksim.vocabulary import OUTCOMES

OWN = "of parameters that were given"
"""Label of effects that the caller made."""


@dataclass(frozen=True)
class Fitted:
    """What an effect was fitted to.

    Attributes
    ----------
    statements : int
        Number of statements; 0 where the posterior does not say it.
    studies : tuple of str
        Keys of the studies.
    """

    statements: int
    studies: tuple[str, ...]


def fitted_to(draws: MixedDraws) -> Fitted:
    """Say what draws were fitted to.

    Parameters
    ----------
    draws : MixedDraws
        Draws of one effect.

    Returns
    -------
    Fitted
        As the first of its posteriors says; all of an effect are fitted to the same statements.
    """
    facts = draws.parts[0].facts
    studies = facts.get("studies", ())
    return Fitted(int(facts.get("statements", 0)), tuple(map(str, studies)))


def label_of(fitted: Mapping[str, Fitted | None]) -> str:
    """Say how some effects are calibrated.

    Parameters
    ----------
    fitted : mapping of str to (Fitted or None)
        By outcome; None for one that is at the medians of its priors.

    Returns
    -------
    str
        One phrase; empty without effects.

    Examples
    --------
    >>> label_of({"anxiety": Fitted(39, ("glue2017", "taylor2018"))})
    'calibrated to 39 statements of 2 studies'
    >>> label_of({"anxiety": None})
    'uncalibrated: prior medians'
    """
    known = [one for one in fitted.values() if one is not None]
    without = [name for name, one in fitted.items() if one is None]
    if not known:
        return calibration_label() if without else ""
    statements = sum(one.statements for one in known)
    studies = {key for one in known for key in one.studies}
    words = f"calibrated to {statements} statements of {len(studies)} studies"
    if not (statements and studies):
        words = "calibrated to the studies"
    if without:
        names = ", ".join(OUTCOMES[name].short.lower() for name in without)
        words += f"; {names} {calibration_label()}"
    return words
