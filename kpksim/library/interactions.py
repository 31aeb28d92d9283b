"""What other drugs and genes do to ketamine: factors on a model, and the ratios behind them."""

from functools import cache
from importlib import resources
from typing import Literal

from pydantic import Field

from kpksim.bibliography import source
from kpksim.documents import Document, at_place, parse_document
from kpksim.errors import unknown
from kpksim.models import Model, changed
from kpksim.vocabulary import PROCESSES

PLACE = "library/interactions.toml"
QUANTITIES = (
    "ketamine auc",
    "ketamine cmax",
    "ketamine half-life",
    "norketamine auc",
    "norketamine cmax",
    "norketamine to ketamine auc",
)
"""What published ratios are ratios of."""


class Ratio(Document):
    """A published ratio: with the other drug or gene over without it.

    Attributes
    ----------
    route, dose, over
        The dose of ketamine, as a regimen writes it.
    until : str
        End of the area; without it the area to infinity.
    what : str
        One of `QUANTITIES`.
    ratio : float
        The ratio [1].
    grade, source, where : str
        How well it is traced; the source is that of the interaction when left out.
    used : bool
        Whether the factors were derived from it; otherwise it tests them.
    """

    route: str
    dose: str
    over: str | None = None
    until: str | None = None
    what: Literal[QUANTITIES]  # type: ignore[valid-type]  # the names live in one list
    ratio: float = Field(gt=0.0)
    grade: Literal["A", "B"]
    source: str | None = None
    where: str
    used: bool = False


class Interaction(Document):
    """Another drug or a gene, and what it changes.

    Attributes
    ----------
    title, setting : str
        What it is, and in whom it was seen.
    source : str
        Key of the bibliography.
    factors : mapping of str to float
        Factor on each process, a key of `kpksim.vocabulary.PROCESSES` [1].
    grade : str
        How well the factors are traced: derived here.
    reason : str
        How the factors follow from the ratios that were used.
    limit : str
        What the structure cannot do.
    ratios : list of Ratio
        What was published.
    """

    title: str
    source: str
    setting: str
    factors: dict[Literal[tuple(PROCESSES)], float]  # type: ignore[valid-type]
    grade: Literal["D"]
    reason: str
    limit: str
    ratios: list[Ratio] = Field(min_length=1)


class _File(Document):
    """The whole file."""

    interactions: dict[str, Interaction]


@cache
def _library() -> dict[str, Interaction]:
    """Read the file that is part of the package, once; every source in it is known."""
    text = (resources.files("kpksim") / PLACE).read_text(encoding="utf-8")
    found = parse_document(text, _File, PLACE).interactions
    for key, one in found.items():
        with at_place(f"{PLACE}: interactions.{key}"):
            for name in (one.source, *(ratio.source or one.source for ratio in one.ratios)):
                source(name)
    return found


def list_interactions() -> list[str]:
    """List the keys of all interactions.

    Returns
    -------
    list of str
        Keys, in the order of the file.

    Examples
    --------
    >>> list_interactions()[0]
    'ticlopidine'
    """
    return list(_library())


def load_interaction(key: str) -> Interaction:
    """Load an interaction.

    Parameters
    ----------
    key : str
        Its key.

    Returns
    -------
    Interaction
        What it changes, and what was published.

    Raises
    ------
    UnknownName
        If there is no such interaction.
    """
    if key not in _library():
        raise unknown("interaction", key, list_interactions())
    return _library()[key]


def under(model: Model, key: str) -> Model:
    """Change a model as an interaction does.

    Parameters
    ----------
    model : Model
        A model that says which of its parameters measure the processes.
    key : str
        Key of the interaction.

    Returns
    -------
    Model
        The changed model.

    Raises
    ------
    KpksimError
        If there is no such interaction, or the model does not tell these processes apart.

    Examples
    --------
    >>> from kpksim.library import load_model
    >>> model = under(load_model("perezruixo2021"), "ticlopidine")
    >>> round(model.parameters["kmet"].value, 3)
    1.155
    """
    interaction = load_interaction(key)
    with at_place(f"{interaction.title} in {model.name}"):
        return changed(model, interaction.factors)
