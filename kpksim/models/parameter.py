"""One number of a model with its source, and how it differs between people."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.documents import at_place
from kpksim.errors import ModelError, UnitError
from kpksim.models.document import ParameterDocument, ScalingDocument
from kpksim.models.expression import Expression, parse_expression
from kpksim.models.variability import Trace, Variability, read_variability, refuse_untraced
from kpksim.units import INTERNAL_UNIT, dimension_of, to_internal

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Scaling:
    """Dependence on a covariate.

    Attributes
    ----------
    covariate : str
        Name of the covariate.
    form : str
        ``"power"``: value x (covariate / reference) ^ exponent;
        ``"additive"``: value + slope (covariate - reference) / per;
        ``"category"``: value x the factor of the person's category.
    reference, exponent, slope, per : float
        Numbers of the form, in internal units.
    above : bool
        Whether an additive slope acts above the reference only.
    factors : mapping of str to float
        Factor of each category; a category that is not named has 1.
    dimension : str
        Dimension of `reference`; empty for categories.
    """

    covariate: str
    form: str
    reference: float = 1.0
    exponent: float = 0.0
    slope: float = 0.0
    per: float = 1.0
    above: bool = False
    factors: Mapping[str, float] | None = None
    dimension: str = ""

    def __call__(self, value: Array, covariate: Array) -> Array:
        """Scale a typical value to people.

        Parameters
        ----------
        value : array, shape (...)
            The value at the reference.
        covariate : array, shape (...)
            The covariate of each person, in its internal unit, or category names.

        Returns
        -------
        array, shape (...)
            The value of each person.
        """
        if self.form == "power":
            return np.asarray(value * (covariate / self.reference) ** self.exponent)
        if self.form == "additive":
            distance = (covariate - self.reference) / self.per
            return np.asarray(
                value + self.slope * (np.maximum(distance, 0.0) if self.above else distance)
            )
        factors = self.factors or {}
        chosen = [factors.get(str(name), 1.0) for name in np.atleast_1d(covariate)]
        return np.asarray(value * np.array(chosen))


@dataclass(frozen=True)
class Parameter:
    """A number of a model.

    Attributes
    ----------
    name : str
        Its name in the model file.
    text : str
        The value with its unit, or the expression, as written.
    value : float
        Typical value in the internal unit [unit of `dimension`].
    dimension : str
        A key of `kpksim.units.INTERNAL_UNIT`.
    expression : Expression or None
        The formula, when the value follows from other parameters.
    kind, grade, where, source, reason, note : str
        Where the number comes from and how well it is traced.
    range : tuple of str or None
        Plausible range of an assumed value.
    scalings : tuple of Scaling
        How it depends on covariates.
    iiv, iov : Variability or None
        Spread between people, and between doses in one person.
    uncertainty : Variability or None
        How far the estimate may be off; None where nobody says.
    """

    name: str
    text: str
    value: float
    dimension: str
    expression: Expression | None
    kind: str
    grade: str
    where: str
    source: str
    reason: str
    note: str
    range: tuple[str, str] | None
    scalings: tuple[Scaling, ...]
    iiv: Variability | None
    iov: Variability | None
    uncertainty: Variability | None = None

    @property
    def unit(self) -> str:
        """Internal unit of the value."""
        return INTERNAL_UNIT[self.dimension]

    @property
    def needs(self) -> tuple[str, ...]:
        """Names that it depends on: covariates that scale it, what stands in its expression."""
        return (
            *(one.covariate for one in self.scalings),
            *(self.expression.names if self.expression else ()),
        )

    def of_people(
        self, covariates: Mapping[str, Array], eta: Array | None, shift: Array | None = None
    ) -> Array:
        """Give the value of each person.

        Parameters
        ----------
        covariates : mapping of str to array, shape (S,)
            Covariates of each person, in internal units; ``"weight"`` [kg] is always there.
        eta : array, shape (S,), or None
            Random effect of each person on the scale of `iiv`; None for the typical person.
        shift : array, shape (S,), optional
            How far the estimate is off on the scale of `uncertainty`; none when left out.

        Returns
        -------
        array, shape (S,)
            Value, in the unit of `dimension` without "per weight".
        """
        value = np.full(covariates["weight"].shape, self.value)
        if shift is not None and self.uncertainty is not None:
            value = _moved(value, shift, self.uncertainty.scale)
        for scaling in self.scalings:
            value = scaling(value, covariates[scaling.covariate])
        if self.dimension.endswith(" per weight"):
            value = value * covariates["weight"]
        return value if eta is None or self.iiv is None else _moved(value, eta, self.iiv.scale)


def _moved(value: Array, by: Array, scale: str) -> Array:
    """Move a value on its scale; nothing moved is the median."""
    if scale == "logit":
        logit = np.log(value) - np.log1p(-value) + by
        return np.asarray(np.exp(-np.logaddexp(0.0, -logit)))
    return np.asarray(value * np.exp(by))


def read_parameter(name: str, record: ParameterDocument, source: str) -> Parameter:
    """Make a parameter from its record; the value of an expression stays open (nan).

    Parameters
    ----------
    name : str
        Its name.
    record : ParameterDocument
        What the model file says.
    source : str
        Source of the file, for a record that names none; ``"user"`` needs no grade.

    Returns
    -------
    Parameter
        The parameter.

    Raises
    ------
    DataError
        If the value cannot be read or a published number has no grade or no place; the message
        names the place in the file.
    """
    with at_place(f"parameters.{name}"):
        _refuse_untraced(record, source)
    dimension, value = "fraction", float("nan")
    if record.value is not None:
        with at_place(f"parameters.{name}.value"):
            dimension, value = _read_value(record.value)
    if record.range is not None:
        with at_place(f"parameters.{name}.range"):
            _check_range(record.range, dimension, value)
    expression = None
    if record.expression is not None:
        with at_place(f"parameters.{name}.expression"):
            expression = parse_expression(record.expression)
    scalings = record.scaling if isinstance(record.scaling, list) else [record.scaling]
    with at_place(f"parameters.{name}.scaling"):
        scaled = tuple(_scaling(one, dimension) for one in scalings if one is not None)
    trace = Trace(record.grade or "D", record.source or source, record.where, record.reason)
    with at_place(f"parameters.{name}.iiv"):
        iiv = read_variability(record.iiv, trace)
    with at_place(f"parameters.{name}.iov"):
        iov = read_variability(record.iov, trace)
    return Parameter(
        name=name,
        text=record.value if record.value is not None else str(record.expression),
        value=value,
        dimension=dimension,
        expression=expression,
        kind=record.kind,
        **trace._asdict(),
        note=record.note,
        range=record.range,
        scalings=scaled,
        iiv=iiv,
        iov=iov,
    )


def _read_value(text: str) -> tuple[str, float]:
    """Give the dimension of a value and the value in the internal unit."""
    dimension = dimension_of(text)
    if dimension not in INTERNAL_UNIT:
        raise UnitError(f'"{text}" has the dimension {dimension}, which no model uses')
    value = to_internal(text, dimension)
    if value < 0.0:
        raise ModelError(f'a parameter must be >= 0, got "{text}"')
    return dimension, value


def _check_range(bounds: tuple[str, str], dimension: str, value: float) -> None:
    """Refuse a plausible range of another dimension, or one that the value lies outside."""
    low, high = (to_internal(bound, dimension) for bound in bounds)
    if not low <= value <= high:
        raise ModelError(f'the value must lie between "{bounds[0]}" and "{bounds[1]}"')


def _refuse_untraced(record: ParameterDocument, source: str) -> None:
    """Refuse a published number without grade, place or reason."""
    if source == "user":
        return
    refuse_untraced(record.grade, record.where, record.reason)
    if record.grade == "D" and record.value is not None and record.range is None:
        raise ModelError('a number of grade "D" needs a plausible "range"')


def _scaling(record: ScalingDocument, dimension: str) -> Scaling:
    """Make a scaling from its record."""
    if record.form == "category":
        return Scaling(record.covariate, "category", factors=dict(record.factors))
    assert record.reference is not None
    kind = "weight" if record.covariate == "weight" else dimension_of(record.reference)
    reference = to_internal(record.reference, kind)
    if record.form == "power":
        if not reference > 0.0:
            raise ModelError(f'the reference of a scaling must be > 0, got "{record.reference}"')
        return Scaling(
            record.covariate, "power", reference, float(record.exponent or 0.0), dimension=kind
        )
    assert record.slope is not None and record.per is not None
    slope, per = to_internal(record.slope, dimension), to_internal(record.per, kind)
    if not per > 0.0:
        raise ModelError(f'"per" of a scaling must be > 0, got "{record.per}"')
    return Scaling(
        record.covariate,
        "additive",
        reference,
        slope=slope,
        per=per,
        above=record.above,
        dimension=kind,
    )
