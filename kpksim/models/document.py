"""What a model file may hold: the schema of contract "Model file" as Pydantic classes."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from kpksim.documents import Document
from kpksim.vocabulary import (
    CLEARANCES,
    DRUGS,
    FORMS,
    METABOLITE_MASSES,
    PEOPLE,
    PROCESSES,
    ROUTES,
    SITES,
)

Share = str | float
"""A parameter's name, or a number."""


def _refuse_memory(grade: Any) -> Any:
    """Refuse a number from memory."""
    if grade == "C":
        raise ValueError(
            'a number of grade "C", from memory, is not accepted; find its source (grade "A" or '
            '"B"), or make it kind = "assumed" and grade = "D" with a reason and a range'
        )
    return grade


Grade = Annotated[Literal["A", "B", "D"], BeforeValidator(_refuse_memory)]
"""How well a number is traced, `kpksim.vocabulary.GRADES`."""


class ScalingDocument(Document):
    """How a parameter depends on a covariate."""

    covariate: str
    form: Literal["power", "additive", "category"] = "power"
    reference: str | None = None
    exponent: float | None = None
    slope: str | None = None
    per: str | None = None
    above: bool = False
    factors: dict[str, float] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        needed = {
            "power": ("reference", "exponent"),
            "additive": ("reference", "slope", "per"),
            "category": ("factors",),
        }[self.form]
        for key in needed:
            if getattr(self, key) in (None, {}):
                raise ValueError(f'a scaling of form "{self.form}" needs the key "{key}"')
        known = {"covariate", "form", *needed, *(["above"] if self.form == "additive" else [])}
        for key in sorted(self.model_fields_set - known):
            raise ValueError(f'a scaling of form "{self.form}" has no key "{key}"')
        return self


class TraceDocument(Document):
    """Where a spread comes from; what is left out is as for the number that it belongs to."""

    grade: Grade | None = None
    where: str = ""
    source: str | None = None
    reason: str = ""


class VariabilityDocument(TraceDocument):
    """Spread of one parameter between people (or between doses)."""

    omega2: float | None = Field(default=None, ge=0.0)
    cv: float | None = Field(default=None, ge=0.0)
    scale: Literal["log", "logit"] = "log"

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if (self.omega2 is None) == (self.cv is None):
            raise ValueError(
                'give either "omega2" (a variance) or "cv" (a coefficient of variation)'
            )
        if self.scale == "logit" and self.omega2 is None:
            raise ValueError('the logit scale takes "omega2"; a cv has no unique meaning there')
        return self


class ParameterDocument(Document):
    """One number with its source."""

    value: str | None = None
    expression: str | None = None
    kind: Literal["estimated", "fixed", "derived", "digitised", "assumed"] = "assumed"
    grade: Grade | None = None
    where: str = ""
    source: str | None = None
    reason: str = ""
    range: tuple[str, str] | None = Field(default=None, strict=False)
    note: str = ""
    scaling: ScalingDocument | list[ScalingDocument] | None = None
    iiv: VariabilityDocument | None = None
    iov: VariabilityDocument | None = None
    rse: float | None = Field(default=None, ge=0.0)

    @model_validator(mode="after")
    def _one_content(self) -> Self:
        if (self.value is None) == (self.expression is None):
            raise ValueError('a parameter has either "value" or "expression"')
        if self.expression is not None:
            for key in ("scaling", "iiv", "iov", "range", "rse"):
                if getattr(self, key) is not None:
                    raise ValueError(
                        f'an "expression" takes no "{key}"; give it to the parameters that it names'
                    )
        return self


class CompartmentDocument(Document):
    """A place where drug can be."""

    name: str
    volume: str | None = None
    analyte: str | None = None
    bioavailability: Share | None = None
    lag: str | None = None
    duration: str | None = None
    rate: str | None = None

    @model_validator(mode="after")
    def _one_input(self) -> Self:
        _refuse_duration_and_rate(self)
        return self


class FlowDocument(Document):
    """Drug on its way from one compartment to another, or out of the body."""

    from_: str = Field(alias="from")
    to: str | dict[str, Share] | None = None
    rate: str | None = None
    clearance: str | None = None
    vmax: str | None = None
    km: str | None = None
    enzyme: str | None = None
    fraction: Share | None = None
    both_ways: bool = False
    molar: bool = False

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        if [self.rate, self.clearance, self.vmax].count(None) != 2:
            raise ValueError(
                f'the flow from "{self.from_}" needs either "rate" or "clearance", or "vmax" with '
                '"km"'
            )
        if (self.vmax is None) != (self.km is None):
            raise ValueError(f'the flow from "{self.from_}" needs both "vmax" and "km", or neither')
        if self.enzyme is not None and self.rate is not None:
            raise ValueError(
                f'the flow from "{self.from_}" names an "enzyme", so it needs a "clearance" or a '
                '"vmax", not a "rate"'
            )
        return self

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.fraction is not None and not isinstance(self.to, str):
            raise ValueError(
                f'the flow from "{self.from_}" has a "fraction", so "to" must be one name'
            )
        whole = self.fraction is None and not self.molar and self.enzyme is None
        if self.both_ways and not (isinstance(self.to, str) and self.clearance and whole):
            raise ValueError(
                f'the flow from "{self.from_}" goes both ways: it needs one "to" and a '
                '"clearance", and takes no "fraction", no "molar" and no "enzyme"'
            )
        return self


class EnzymeDocument(Document):
    """A pool of enzyme that a concentration induces."""

    name: str
    turnover: str
    emax: Share
    ec50: str
    inducer: str


class AdministrationDocument(Document):
    """Where a dose given by a route goes."""

    route: Literal[tuple(ROUTES)]  # type: ignore[valid-type]  # the vocabulary is the one list
    into: str
    product: str | None = None
    drug: Literal[DRUGS] | None = None  # type: ignore[valid-type]
    fraction: Share | None = None
    fraction_by_dose: dict[str, Share] = Field(default_factory=dict)
    bioavailability: Share | None = None
    lag: str | None = None
    duration: str | None = None
    rate: str | None = None
    scale_factor: bool = False

    @model_validator(mode="after")
    def _one_fraction(self) -> Self:
        if self.fraction is not None and self.fraction_by_dose:
            raise ValueError('give either "fraction" or "fraction_by_dose"')
        _refuse_duration_and_rate(self)
        return self


def _refuse_duration_and_rate(document: CompartmentDocument | AdministrationDocument) -> None:
    """Refuse a zero-order input that is stated twice."""
    if document.duration is not None and document.rate is not None:
        raise ValueError('give either "duration" or "rate"')


class OutputDocument(Document):
    """A concentration that can be observed."""

    compartment: str | None = None
    compartments: list[str] = Field(default_factory=list)
    site: Literal[SITES] | None = None  # type: ignore[valid-type]

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.compartment is None) == (not self.compartments):
            raise ValueError('an output has either "compartment" or "compartments"')
        return self


class BlockDocument(TraceDocument):
    """Parameters that vary together between people."""

    parameters: list[str] = Field(min_length=1)
    omega: list[list[float]]
    scale: Literal["log", "logit"] = "log"

    @model_validator(mode="after")
    def _square(self) -> Self:
        _refuse_other_size("omega", self.omega, self.parameters)
        return self


class UncertaintyDocument(Document):
    """How far the estimates of parameters may be off, together."""

    parameters: list[str] = Field(min_length=1)
    scale: list[Literal["log", "logit"]] = Field(default_factory=list)
    covariance: list[list[float]]
    note: str = ""

    @model_validator(mode="after")
    def _square(self) -> Self:
        _refuse_other_size("covariance", self.covariance, self.parameters)
        n = len(self.parameters)
        if self.scale and len(self.scale) != n:
            raise ValueError(
                f"scale must have one entry for each of the {n} parameters, got {len(self.scale)}; "
                'leave it out if all are "log"'
            )
        return self


def _refuse_other_size(key: str, matrix: list[list[float]], names: list[str]) -> None:
    """Refuse a matrix that does not have a row and a column for every name."""
    n = len(names)
    if len(matrix) != n or any(len(row) != n for row in matrix):
        raise ValueError(f"{key} must be {n} x {n} for {', '.join(names)}")


class ResidualDocument(TraceDocument):
    """Difference between one measurement and the model's concentration."""

    proportional: float | None = Field(default=None, ge=0.0)
    additive: str | None = None
    log: float | None = Field(default=None, ge=0.0)
    note: str = ""

    @model_validator(mode="after")
    def _some_measure(self) -> Self:
        if self.proportional is None and self.additive is None and self.log is None:
            raise ValueError('a residual has at least one of "proportional", "additive", "log"')
        return self


class CovariateDocument(Document):
    """A property of a person that the model reads: a quantity, or one of some categories."""

    unit: str | None = None
    reference: str
    range: tuple[str, str] | None = Field(default=None, strict=False)
    categories: list[str] = Field(default_factory=list)
    note: str = ""

    @model_validator(mode="after")
    def _quantity_or_category(self) -> Self:
        if (self.unit is None) == (not self.categories):
            raise ValueError('a covariate has either a "unit" or "categories"')
        if self.categories and self.range is not None:
            raise ValueError('a covariate with "categories" has no "range"')
        if self.categories and self.reference not in self.categories:
            raise ValueError(
                f'the reference "{self.reference}" must be one of {", ".join(self.categories)}'
            )
        return self


class ModelDocument(Document):
    """A whole model file."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    source: str
    fitted_to: list[str] = Field(default_factory=list)
    drug: Literal[DRUGS] = "generic"  # type: ignore[valid-type]
    form: Literal[FORMS] = "base"  # type: ignore[valid-type]
    sampling: Literal[SITES] = "unknown"  # type: ignore[valid-type]
    people: Literal[PEOPLE] = "unknown"  # type: ignore[valid-type]
    clearance: Literal[tuple(CLEARANCES)] = "unknown"  # type: ignore[valid-type]
    metabolite_mass: Literal[tuple(METABOLITE_MASSES)] = "unknown"  # type: ignore[valid-type]
    population: str = ""
    notes: list[str] = Field(default_factory=list)
    evaluated: list[str] = Field(default_factory=list)
    compartments: list[CompartmentDocument] = Field(min_length=1)
    flows: list[FlowDocument] = Field(default_factory=list)
    enzymes: list[EnzymeDocument] = Field(default_factory=list)
    administrations: list[AdministrationDocument] = Field(default_factory=list)
    outputs: dict[str, OutputDocument] = Field(min_length=1)
    parameters: dict[str, ParameterDocument] = Field(default_factory=dict)
    variability: list[BlockDocument] = Field(default_factory=list)
    uncertainty: UncertaintyDocument | None = None
    residual: dict[str, ResidualDocument] = Field(default_factory=dict)
    covariates: dict[str, CovariateDocument] = Field(default_factory=dict)
    processes: dict[Literal[tuple(PROCESSES)], list[str]] = Field(  # type: ignore[valid-type]
        default_factory=dict
    )
