"""The problem of a calibration: a hypothesis, its priors, and the likelihood of all statements."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kpksim.calibration.assembly import baselines_of
from kpksim.calibration.curves import Curves
from kpksim.calibration.priors import Priors
from kpksim.calibration.quadrature import fixed_nodes, log_likelihoods
from kpksim.calibration.rows import Effects, Statements, with_data
from kpksim.calibration.statement_row import StatementRow
from kpksim.calibration.study_points import Looks
from kpksim.library.hypotheses import Hypothesis

Array = NDArray[np.float64]

FLOOR = 2.0
"""Standard deviation of a CADSS score of people who do not dissociate [points]."""


@dataclass(frozen=True)
class Problem:
    """What a sampler needs of one hypothesis about one outcome.

    Attributes
    ----------
    outcome : str
        Name of the outcome.
    hypothesis : Hypothesis
        What drives it and how.
    priors : Priors
        Of every sampled parameter.
    curves : Curves
        Typical curves at the times of the statements.
    clusters : mapping of str to tuple of StatementRow
        What is read, by group of studies with the same people.
    looks : Looks
        Where the statements look.
    statements : Statements
        The same as arrays.
    statement_hash : str
        Fingerprint of what is read, and how.
    powers : mapping of str to float
        Power to which the likelihood of a cluster is raised; 1 for those that are not named.
    """

    outcome: str
    hypothesis: Hypothesis
    priors: Priors
    curves: Curves
    clusters: Mapping[str, tuple[StatementRow, ...]]
    looks: Looks
    statements: Statements
    statement_hash: str
    powers: Mapping[str, float] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Sampled parameters, in order."""
        return self.priors.names

    @property
    def studies(self) -> tuple[str, ...]:
        """Clusters of studies, in the order of their likelihoods."""
        return tuple(self.clusters)

    @property
    def rows(self) -> tuple[StatementRow, ...]:
        """Everything that is read, in order."""
        return tuple(row for rows in self.clusters.values() for row in rows)

    def transform(self, cube: Array) -> Array:
        """Give the parameters at a point of the unit cube.

        Parameters
        ----------
        cube : array, shape (..., P)
            Probabilities.

        Returns
        -------
        array, shape (..., P)
            Parameters, times in h.
        """
        return self.priors.transform(cube)

    def cube(self, values: Array) -> Array:
        """Give the point of the unit cube that some parameters come from.

        Parameters
        ----------
        values : array, shape (..., P)
            Parameters, times in h.

        Returns
        -------
        array, shape (..., P)
            Probabilities.
        """
        return self.priors.cube(values)

    def log_likelihood(self, values: Array) -> float:
        """Logarithm of the likelihood of all statements, each cluster to its power.

        Parameters
        ----------
        values : array, shape (P,)
            Parameters.

        Returns
        -------
        float
            The sum over clusters.
        """
        return float(self.by_study(values) @ self._power)

    def by_study(self, values: Array) -> Array:
        """Logarithm of the likelihood of each cluster.

        Parameters
        ----------
        values : array, shape (P,)
            Parameters.

        Returns
        -------
        array, shape (number of clusters,)
            Each integrated over its study effect and the deviations of its people.
        """
        named = dict(zip(self.names, values.tolist(), strict=True))
        effects = self.effects(named)
        nodes = fixed_nodes(int(self.statements.bounds[:, -1].max()))
        baselines = self.baselines(named)
        found: Array = log_likelihoods(
            self.statements, effects, baselines, named["rho"], named["tau"], nodes
        )
        return found

    def under(self, other: "Problem", values: Array) -> Array:
        """Logarithm of the likelihood under another choice, times the ratio of the priors.

        Parameters
        ----------
        other : Problem
            The same hypothesis under another choice; it has no parameter that this one has not.
        values : array, shape (n, P)
            Parameters of this problem.

        Returns
        -------
        array, shape (n,)
            Less the logarithm of the likelihood here, these are the logarithms of the weights that
            turn draws of this posterior into draws of the other.
        """
        columns = [self.names.index(name) for name in other.names]
        kept = values[:, columns]
        found = np.array([other.log_likelihood(one) for one in kept])
        found += other.priors.log_densities(kept).sum(axis=1)
        found -= self.priors.log_densities(values)[:, columns].sum(axis=1)
        return found

    def effects(self, named: Mapping[str, float]) -> Effects:
        """Give what the parameters say of all moments.

        Parameters
        ----------
        named : mapping of str to float
            Parameters by name.

        Returns
        -------
        Effects
            Effect of the drug and of everything else, and spread of single observations.
        """
        drug = self._given * self.curves.effect(named)[self._place]
        if self.hypothesis.structure == "symptom":
            for scale, where in self._own_scales.items():
                drug[where] *= named.get(f"lambda_{scale}", 1.0)
            other = self._expectation(named)
            sigma = np.full(len(drug), named["sigma"])
            for scale, where in self._own_scales.items():
                sigma[where] = named.get(f"sigma_{scale}", named["sigma"])
            return Effects(drug, other, sigma, np.zeros(len(drug)))
        none = np.zeros(len(drug))
        if self.hypothesis.structure == "dissociation":
            return Effects(drug, none, np.full(len(drug), FLOOR), np.full(len(drug), named["cv"]))
        return Effects(drug, none, np.full(len(drug), named["sigma"]), none)

    def _expectation(self, named: Mapping[str, float]) -> Array:
        """Give what expectation and midazolam take from the logarithm of a score."""
        ends = np.array([0.0, named["p_blind"], named["p_open"]])[self.looks.design]
        grown = -np.expm1(-self.looks.hour / named["tau_p"])
        lost: Array = -np.log1p(-ends * grown)
        return lost - np.log1p(-named["m"] * self.looks.midazolam)

    def baselines(self, named: Mapping[str, float]) -> Array:
        """Give mean scores before the first dose.

        Parameters
        ----------
        named : mapping of str to float
            Parameters by name.

        Returns
        -------
        array, shape (number of instruments,)
            Scores; one of 0 where none is needed [points].
        """
        return np.array([named[f"b_{one}"] for one in self._instruments] or [0.0])

    def with_curves(self, curves: Curves) -> "Problem":
        """Give the same problem with the concentrations of another model or draw.

        Parameters
        ----------
        curves : Curves
            Typical curves at the same times.

        Returns
        -------
        Problem
            The problem.
        """
        return replace(self, curves=curves)

    def with_data(self, found: Array) -> "Problem":
        """Give the same problem with other outcomes of its statements.

        Parameters
        ----------
        found : array, shape (J,)
            Number, count, or 1 for yes and 0 for no, of every statement.

        Returns
        -------
        Problem
            The problem.
        """
        return replace(self, statements=with_data(self.statements, found))

    @cached_property
    def _power(self) -> Array:
        """Power of each cluster."""
        return np.array([self.powers.get(one, 1.0) for one in self.clusters])

    @cached_property
    def _given(self) -> Array:
        """1 where ketamine was given, 0 in arms without it."""
        return (self.looks.place >= 0).astype(float)

    @cached_property
    def _place(self) -> NDArray[np.int64]:
        """Position of each moment among the times of all courses; any where none was given."""
        return np.maximum(self.looks.place, 0)

    @cached_property
    def _own_scales(self) -> dict[str, NDArray[np.intp]]:
        """Where the moments of instruments stand that have parameters of their own."""
        known = {name.partition("_")[2] for name in self.names if name.startswith("lambda_")}
        return {
            scale: np.flatnonzero([one == scale for one in self.looks.scale]) for scale in known
        }

    @cached_property
    def _instruments(self) -> tuple[str, ...]:
        """Instruments whose score before the first dose is needed."""
        return baselines_of(self.rows)
