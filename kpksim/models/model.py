"""A model: structure, parameters and where every number comes from."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.errors import ModelError, unknown
from kpksim.models.parameter import Parameter
from kpksim.models.structure import Administration, Compartment, Enzyme, Flow, Output, Share
from kpksim.models.variability import Trace
from kpksim.units import dimension_of, to_internal

Array = NDArray[np.float64]
Values = dict[str, Array]
"""Value of every parameter for every person, shape (S,), in internal units."""


@dataclass(frozen=True)
class Block:
    """Parameters whose random effects are drawn together.

    Attributes
    ----------
    parameters : tuple of str
        Their names, P of them.
    omega : array, shape (P, P)
        Covariance of the random effects [1].
    trace : Trace
        Where it comes from and how well it is traced.
    """

    parameters: tuple[str, ...]
    omega: Array
    trace: Trace


@dataclass(frozen=True)
class Uncertainty:
    """How far the estimates of some parameters may be off, together.

    Attributes
    ----------
    parameters : tuple of str
        Their names, P of them.
    covariance : array, shape (P, P)
        Covariance of the errors, each on the scale that its parameter says [1].
    """

    parameters: tuple[str, ...]
    covariance: Array


@dataclass(frozen=True)
class Residual:
    """Difference between one measurement and the model, by output.

    Attributes
    ----------
    proportional : float
        Standard deviation relative to the concentration [1].
    additive : float
        Standard deviation [mg/L, or as the source prints it].
    log : float
        Standard deviation of the log concentration [1].
    trace : Trace
        Where it comes from and how well it is traced.
    """

    proportional: float
    additive: str | None
    log: float
    trace: Trace


@dataclass(frozen=True)
class Covariate:
    """A property of a person that the model reads.

    Attributes
    ----------
    name : str
        Its name.
    unit : str or None
        Unit in which it is written; None for categories.
    reference : str
        Value of the typical person, as written.
    range : tuple of str or None
        Range in which the model was informed, as written.
    categories : tuple of str
        The categories that it has; none for a quantity.
    """

    name: str
    unit: str | None
    reference: str
    range: tuple[str, str] | None
    categories: tuple[str, ...] = ()

    @property
    def typical(self) -> float | str:
        """Value of the typical person, in the internal unit, or his or her category."""
        if self.categories:
            return self.reference
        dimension = "weight" if self.name == "weight" else dimension_of(self.reference)
        return to_internal(self.reference, dimension)


@dataclass(frozen=True)
class Model:
    """A compartment model with cited numbers.

    Attributes
    ----------
    name, title, source, drug, form, sampling, population : str
        What the file says of itself; `source` is a key of the bibliography, or ``"user"``.
    people : str
        Whom it is about, one of `kpksim.vocabulary.PEOPLE`.
    clearance : str
        Whether the drug's clearance is ``"true"`` or ``"apparent"`` (CL/F), or ``"unknown"``.
    metabolite_mass : str
        What metabolites are counted in inside: their ``"own"`` mass, or that of the ``"parent"``
        they came from, with the ratio of molar masses in apparent volumes and clearances.
        Concentrations are of own mass either way, so models of both kinds compare as they are.
    fitted_to : tuple of str
        Sources whose numbers it was fitted to, by key, besides its own.
    notes : tuple of str
        Known faults and choices.
    evaluated : tuple of str
        Against which data or printed tables it was checked, and how it did.
    compartments : tuple of Compartment
        In the order of their NONMEM numbers.
    flows : tuple of Flow
    enzymes : tuple of Enzyme
    administrations : tuple of Administration
    outputs : mapping of str to Output
    parameters : mapping of str to Parameter
        In an order in which each expression follows the parameters that it names.
    blocks : tuple of Block
        Random effects between people.
    uncertainty : tuple of Uncertainty
        Errors of the estimates; empty where nobody says how large they are.
    residual : mapping of str to Residual
    covariates : mapping of str to Covariate
    processes : mapping of str to tuple of str
        Parameters by the process of the body that they measure, a key of
        `kpksim.vocabulary.PROCESSES`.
    place : str
        File it was read from, for messages.
    unchanged : Model or None
        The model before `kpksim.models.changed` multiplied some of its parameters.
    """

    name: str
    title: str
    source: str
    fitted_to: tuple[str, ...]
    drug: str
    form: str
    sampling: str
    people: str
    clearance: str
    metabolite_mass: str
    population: str
    notes: tuple[str, ...]
    evaluated: tuple[str, ...]
    compartments: tuple[Compartment, ...]
    flows: tuple[Flow, ...]
    enzymes: tuple[Enzyme, ...]
    administrations: tuple[Administration, ...]
    outputs: Mapping[str, Output]
    parameters: Mapping[str, Parameter]
    blocks: tuple[Block, ...]
    uncertainty: tuple[Uncertainty, ...]
    residual: Mapping[str, Residual]
    covariates: Mapping[str, Covariate]
    processes: Mapping[str, tuple[str, ...]]
    place: str
    unchanged: "Model | None" = None

    @property
    def is_linear(self) -> bool:
        """Whether every flow is proportional to the amount it leaves."""
        return all(one.vmax is None and one.enzyme is None for one in self.flows)

    @property
    def n_states(self) -> int:
        """Number of compartments and, after them, enzymes."""
        return len(self.compartments) + len(self.enzymes)

    @property
    def typical_covariates(self) -> dict[str, float | str]:
        """Covariates of the typical person but the weight, which every person has."""
        return {name: one.typical for name, one in self.covariates.items() if name != "weight"}

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of everything that it cites: its own source, then those of single numbers."""
        numbers = list(self.parameters.values())
        spreads = [one.iov for one in numbers if one.iov] + [one.trace for one in self.blocks]
        errors = [one.trace for one in self.residual.values()]
        cited = [one.source for one in (*numbers, *spreads, *errors)]
        return tuple(dict.fromkeys([self.source, *cited]))

    @property
    def drugs(self) -> tuple[str, ...]:
        """The drugs that it knows where to put, its own first."""
        stated = (one.drug or self.drug for one in self.administrations)
        return tuple(dict.fromkeys([self.drug, *stated]))

    def index(self, compartment: str) -> int:
        """Give the position of a compartment, from 0.

        Parameters
        ----------
        compartment : str
            Its name.

        Returns
        -------
        int
            Its position.

        Raises
        ------
        UnknownName
            If the model has no such compartment.
        """
        names = [one.name for one in self.compartments]
        if compartment not in names:
            raise unknown(f"compartment in {self.name}", compartment, names)
        return names.index(compartment)

    def values(
        self,
        covariates: Mapping[str, Array],
        etas: Mapping[str, Array] | None = None,
        given: Mapping[str, Array] | None = None,
        *,
        shifts: Mapping[str, Array] | None = None,
    ) -> Values:
        """Give every parameter of every person.

        Parameters
        ----------
        covariates : mapping of str to array, shape (S,)
            Covariates in internal units; ``"weight"`` [kg] must be there.
        etas : mapping of str to array, shape (S,), optional
            Random effects by parameter; none for the typical person.
        given : mapping of str to array, shape (S,), optional
            Parameters whose values are stated, in internal units, and not computed.
        shifts : mapping of str to array, shape (S,), optional
            How far estimates are off, by parameter, on the scales of their uncertainty; none when
            left out.

        Returns
        -------
        dict of str to array, shape (S,)
            Values in internal units.

        Raises
        ------
        ModelError
            If the model reads a covariate that is not given or a category that it does not know, or
            a value is negative or not finite.
        """
        self._refuse_missing(covariates)
        _refuse_categories(self, covariates)
        values: Values = {}
        for name, parameter in self.parameters.items():
            if given and name in given:
                values[name] = np.asarray(given[name], dtype=float)
            elif parameter.expression is None:
                eta, shift = ((some or {}).get(name) for some in (etas, shifts))
                values[name] = parameter.of_people(covariates, eta, shift)
            else:
                shape = covariates["weight"].shape
                result = parameter.expression({**covariates, **values})
                values[name] = np.broadcast_to(np.asarray(result, dtype=float), shape)
            _refuse_impossible(self, name, values[name])
        return values

    def share(self, share: Share | None, values: Values) -> Array | float:
        """Give a share, which is a parameter's name or a number; None is the whole.

        Parameters
        ----------
        share : str, float or None
            What a file says.
        values : dict of str to array, shape (S,)
            Parameters of each person.

        Returns
        -------
        array, shape (S,), or float
            The share [1].
        """
        if share is None:
            return 1.0
        return values[share] if isinstance(share, str) else share

    def _refuse_missing(self, covariates: Mapping[str, Array]) -> None:
        """Refuse people who lack a covariate that a parameter needs."""
        if "weight" not in covariates:
            raise ModelError(f'{self.name}: people need a "weight"')
        for parameter in self.parameters.values():
            for need in parameter.needs:
                if need not in covariates and need not in self.parameters:
                    raise ModelError(
                        f'{self.name}: parameter "{parameter.name}" depends on '
                        f'"{need}", which the people do not have'
                    )


def _refuse_categories(model: Model, covariates: Mapping[str, Array]) -> None:
    """Refuse people of a category that a covariate does not have."""
    for name, one in model.covariates.items():
        if one.categories and name in covariates:
            strange = ~np.isin(covariates[name], one.categories)
            if strange.any():
                person = int(np.argmax(strange))
                kind, word = f"category of {name} in {model.name}", str(covariates[name][person])
                raise ModelError(
                    f"person {person + 1}: {unknown(kind, word, list(one.categories))}"
                )


def _refuse_impossible(model: Model, name: str, value: Array) -> None:
    """Refuse a parameter that is negative or not finite in some person."""
    bad = ~(np.isfinite(value) & (value >= 0.0))
    if bad.any():
        person = int(np.argmax(bad))
        raise ModelError(
            f"{model.name}: parameters must be >= 0 and finite, "
            f'"{name}" is {value[person]:.6g} in person {person + 1}'
        )
