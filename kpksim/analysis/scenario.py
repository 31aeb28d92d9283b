"""Scenarios: a TOML file that says which regimens to compare, in whom, with which model."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kpksim.analysis.scenario_document import AS_THE_MODEL, Change, ScenarioDocument
from kpksim.documents import parse_document, read_text
from kpksim.dosing import Regimen, RegimenDocument, regimen_of
from kpksim.errors import DataError, KpksimError, unknown
from kpksim.library import load_model
from kpksim.models import Model, changed
from kpksim.units import to_internal
from kpksim.vocabulary import OUTCOMES

LONGEST = 5 * 365.25 * 24.0
"""Longest horizon: five years, some seventy times the longest course of the studies [h]."""


@dataclass(frozen=True)
class Scenario:
    """A comparison to be made.

    Attributes
    ----------
    title : str
    models : tuple of Model
    regimens : mapping of str to Regimen
        By name, in the order of the file.
    changes : mapping of str to Change
        What changes in the body under a regimen, where anything does.
    own_drug : frozenset of str
        Regimens whose milligrams every model gets as its own drug.
    groups : mapping of str to tuple of str
        Names of models that belong together when the spread between papers is split; empty to
        group them by site of sampling.
    horizon : float
        End of the simulation [h].
    outcomes : tuple of str
        Concentrations and effects wanted.
    expectation : str
        ``"none"``, ``"blinded"`` or ``"open"``.
    weight : float
        Body weight of the typical person [kg].
    people : int
        How many people are simulated besides; 0 for none.
    seed : int
        Seed of the people.
    weight_cv : float
        Coefficient of variation of their weight [1].
    draws : int
        How many draws of uncertain parameters are simulated in the typical person; 0 for none.
    draws_seed : int
        Seed of the draws.
    text : str
        The configuration, as written.
    place : str
        File it was read from, for messages.
    """

    title: str
    models: tuple[Model, ...]
    regimens: Mapping[str, Regimen]
    changes: Mapping[str, Change]
    own_drug: frozenset[str]
    groups: Mapping[str, tuple[str, ...]]
    horizon: float
    outcomes: tuple[str, ...]
    expectation: str
    weight: float
    people: int
    seed: int
    weight_cv: float
    draws: int
    draws_seed: int
    text: str
    place: str

    def model_for(self, regimen: str, model: Model) -> Model:
        """Give a model as it is under a regimen.

        Parameters
        ----------
        regimen : str
            Name of a regimen.
        model : Model
            One of `models`.

        Returns
        -------
        Model
            The model, changed by another drug or a gene where the regimen says so.

        Raises
        ------
        KpksimError
            If the model does not have what changes.
        """
        change = self.changes.get(regimen)
        return model if change is None else changed(model, change.factors)

    def regimen_for(self, regimen: str, model: Model) -> Regimen:
        """Give a regimen as a model gets it.

        Parameters
        ----------
        regimen : str
            Name of a regimen.
        model : Model
            One of `models`.

        Returns
        -------
        Regimen
            The doses; of the model's own drug where the regimen says so.
        """
        found = self.regimens[regimen]
        return found.of_drug(model.drug) if regimen in self.own_drug else found


def read_scenario(path: str | Path) -> Scenario:
    """Read a scenario file.

    Parameters
    ----------
    path : str or Path
        A TOML file.

    Returns
    -------
    Scenario
        The comparison it asks for.

    Raises
    ------
    KpksimError
        If the file cannot be read or asks for something impossible; the message names file and
        place.
    """
    text = read_text(Path(path))
    return parse_scenario(text, str(path), folder=Path(path).parent)


def parse_scenario(text: str, place: str, *, folder: Path = Path()) -> Scenario:
    """Make a scenario from the text of a file.

    Parameters
    ----------
    text : str
        The file's content.
    place : str
        Where it comes from, for messages.
    folder : Path
        Where the paths of a user's own models start.

    Returns
    -------
    Scenario
        The comparison it asks for.

    Raises
    ------
    KpksimError
        If the text asks for something impossible; the message names the place.
    """
    document = parse_document(text, ScenarioDocument, place)
    key = "horizon"
    try:
        horizon = to_internal(document.horizon, "time")
        if horizon > LONGEST:
            raise DataError(f'the longest is 5 years, got "{document.horizon}"')
        key = "subject.weight"
        weight = _positive_weight(document.subject.weight)
        key = "models" if document.models else "model"
        keys = document.models or [str(document.model)]
        models = tuple(load_model(_model_key(one, folder)) for one in keys)
        _refuse_twice(models)
        regimens, changes = {}, {}
        for k, one in enumerate(document.regimens):
            key = f'regimens.{k + 1} ("{one.name}")'
            regimens[one.name] = regimen_of(_with_a_drug(one))
            _refuse_too_late(regimens[one.name], horizon, document.horizon)
            change = one.change()
            if change is not None:
                changes[one.name] = change
    except KpksimError as error:
        raise type(error)(f"{place}: {key}: {error}") from None
    _refuse_unknown_outcomes(document.outcomes, models, place)
    population, uncertainty = document.population, document.uncertainty
    names = dict(zip(keys, (one.name for one in models), strict=True))
    return Scenario(
        title=document.title,
        models=models,
        regimens=regimens,
        changes=changes,
        own_drug=frozenset(one.name for one in document.regimens if one.drug == AS_THE_MODEL),
        groups={name: tuple(names[k] for k in some) for name, some in document.groups.items()},
        horizon=horizon,
        outcomes=tuple(dict.fromkeys(document.outcomes)),
        expectation=document.with_expectation,
        weight=weight,
        people=population.n if population else 0,
        seed=population.seed if population else 0,
        weight_cv=population.weight_cv if population else 0.0,
        draws=uncertainty.n if uncertainty else 0,
        draws_seed=uncertainty.seed if uncertainty else 0,
        text=text,
        place=place,
    )


def _with_a_drug(document: RegimenDocument) -> RegimenDocument:
    """Give a regimen of no drug in particular where each model gets its own."""
    if document.drug != AS_THE_MODEL:
        return document
    return document.model_copy(update={"drug": "generic"})


def _positive_weight(text: str) -> float:
    """Read a body weight."""
    weight = to_internal(text, "weight")
    if not 0.5 <= weight <= 500.0:
        raise DataError(f'a body weight must lie between 0.5 and 500 kg, got "{text}"')
    return weight


def _refuse_twice(models: tuple[Model, ...]) -> None:
    """Refuse one model under two keys, such as a key and its alias, and two under one name."""
    for k, model in enumerate(models):
        for other in models[:k]:
            if model.name == other.name and model.place == other.place:
                raise DataError(f'the model "{model.name}" stands twice; name each model once')
            if model.name == other.name:
                raise DataError(
                    f"the models {other.place} and {model.place} both have the name "
                    f'"{model.name}"; give each a name of its own'
                )


def _model_key(key: str, folder: Path) -> str | Path:
    """Take a key as it is, and a path from the folder of the scenario."""
    return folder / key if key.endswith(".toml") else key


def _refuse_too_late(regimen: Regimen, horizon: float, text: str) -> None:
    """Refuse a horizon that ends before the first dose."""
    first = regimen.doses[0].time
    if not horizon > first:
        raise DataError(
            f'the horizon must lie after the first dose, got horizon = "{text}" with the first '
            f"dose at {first:g} h"
        )


def _refuse_unknown_outcomes(names: list[str], models: tuple[Model, ...], place: str) -> None:
    """Refuse an outcome that none of the models gives."""
    known = list(dict.fromkeys([*(name for one in models for name in one.outputs), *OUTCOMES]))
    for name in names:
        if name not in known:
            raise DataError(f"{place}: outcomes: {unknown('outcome', name, known)}")
