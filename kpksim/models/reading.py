"""Model files: read, checked for sense, turned into a `Model`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from keyword import iskeyword
from pathlib import Path

import numpy as np

from kpksim.documents import at_place, parse_document, read_text
from kpksim.errors import DataError, unknown
from kpksim.models.conventions import check_conventions
from kpksim.models.document import (
    AdministrationDocument,
    CovariateDocument,
    FlowDocument,
    ModelDocument,
    ResidualDocument,
)
from kpksim.models.model import Block, Covariate, Model, Residual
from kpksim.models.parameter import Parameter, read_parameter
from kpksim.models.structure import Administration, Compartment, Enzyme, Flow, Output
from kpksim.models.traces import check_sources
from kpksim.models.typical import check_typical
from kpksim.models.uncertainty import check_covariance, read_uncertainty
from kpksim.models.uses import check_uses
from kpksim.models.variability import Trace, Variability, traced
from kpksim.units import dimension_of, formula_dimension, to_internal

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def read_model(path: str | Path) -> Model:
    """Read a model file.

    Parameters
    ----------
    path : str or Path
        A TOML file, a published model or a user's own.

    Returns
    -------
    Model
        The model, checked: every name exists, every quantity has the dimension of its use.

    Raises
    ------
    DataError
        If the file cannot be read or breaks a rule; the message names file and place.
    """
    return parse_model(read_text(Path(path)), str(path))


def parse_model(text: str, place: str) -> Model:
    """Make a model from the text of a model file.

    Parameters
    ----------
    text : str
        The file's content.
    place : str
        Where it comes from, for messages.

    Returns
    -------
    Model
        The model.

    Raises
    ------
    DataError
        If the text breaks a rule; the message names the place.
    """
    document = parse_document(text, ModelDocument, place)
    with at_place(place):
        check_sources(document)
        model = _model(document, place)
        check_uses(model)
        check_conventions(model)
        with at_place("in the typical person"):
            check_typical(model)
    return model


def _model(document: ModelDocument, place: str) -> Model:
    """Turn a checked document into a model."""
    parameters, uncertainty = read_uncertainty(document, _parameters(document))
    return Model(
        name=document.name,
        title=document.title,
        source=document.source,
        fitted_to=tuple(document.fitted_to),
        drug=document.drug,
        form=document.form,
        sampling=document.sampling,
        people=document.people,
        clearance=document.clearance,
        metabolite_mass=document.metabolite_mass,
        population=document.population,
        notes=tuple(document.notes),
        evaluated=tuple(document.evaluated),
        compartments=tuple(
            Compartment(**compartment.model_dump()) for compartment in document.compartments
        ),
        flows=tuple(
            flow for k, one in enumerate(document.flows) for flow in _flows(one, number=k + 1)
        ),
        enzymes=tuple(Enzyme(**one.model_dump()) for one in document.enzymes),
        administrations=tuple(
            _administration(one, number=k + 1) for k, one in enumerate(document.administrations)
        ),
        outputs={
            name: Output(
                name,
                tuple(output.compartments) or (str(output.compartment),),
                output.site or document.sampling,
            )
            for name, output in document.outputs.items()
        },
        parameters=parameters,
        blocks=_blocks(document, parameters),
        uncertainty=uncertainty,
        residual={
            name: _residual(name, one, document.source) for name, one in document.residual.items()
        },
        covariates={
            name: Covariate(name, one.unit, one.reference, one.range, tuple(one.categories))
            for name, one in document.covariates.items()
        },
        processes={name: tuple(names) for name, names in document.processes.items()},
        place=place,
    )


def _flows(document: FlowDocument, number: int) -> Iterable[Flow]:
    """Give the one flow, or the two of a flow that goes both ways."""
    if isinstance(document.to, dict):
        arrivals = dict(document.to)
    elif document.to is None:
        arrivals = {}
    else:
        arrivals = {document.to: 1.0 if document.fraction is None else document.fraction}
    said = document.model_dump(include={"rate", "clearance", "vmax", "km", "enzyme", "molar"})
    yield Flow(document.from_, arrivals, **said, number=number)
    if document.both_ways:
        back = {document.from_: 1.0}
        yield Flow(str(document.to), back, clearance=document.clearance, number=number)


def _administration(document: AdministrationDocument, number: int) -> Administration:
    """Turn an administration's document into the administration."""
    content = document.model_dump(exclude={"fraction_by_dose"})
    shares = document.fraction_by_dose
    with at_place(f"administrations.{number}.fraction_by_dose"):
        by_dose = {to_internal(dose, "amount"): share for dose, share in shares.items()}
    return Administration(**content, fraction_by_dose=by_dose)


def _residual(name: str, document: ResidualDocument, source: str) -> Residual:
    """Turn a residual's document into the residual."""
    with at_place(f"residual.{name}"):
        trace = traced(document, Trace("D", source, "", ""))
    if document.additive is not None:
        with at_place(f"residual.{name}.additive"):
            _refuse_no_concentration(document.additive)
    return Residual(document.proportional or 0.0, document.additive, document.log or 0.0, trace)


def _refuse_no_concentration(text: str) -> None:
    """Refuse an additive error that is neither a mass nor an amount of substance per volume."""
    if dimension_of(text) not in ("concentration", "molar concentration"):
        raise DataError(
            f'"{text}" is no concentration; give it a unit such as "ng/mL" or "nmol/mL"'
        )


def _parameters(document: ModelDocument) -> Mapping[str, Parameter]:
    """Read every parameter and put them in an order in which expressions can be computed."""
    covariates = {
        name: _covariate_dimension(name, one)
        for name, one in document.covariates.items()
        if not one.categories
    } | {"weight": "weight"}
    found: dict[str, Parameter] = {}
    for name, record in document.parameters.items():
        if not _NAME.fullmatch(name) or iskeyword(name):
            raise DataError(
                f'parameters: "{name}" cannot stand in an expression; '
                "a name has letters, digits and _"
            )
        if name in covariates or name in document.covariates:
            raise DataError(f'parameters: "{name}" is a covariate; give the parameter another name')
        found[name] = read_parameter(name, record, document.source)
    return _in_order(_in_blocks(document, found), covariates)


def _covariate_dimension(name: str, document: CovariateDocument) -> str:
    """Give the dimension of a covariate, after a check that everything said of it agrees."""
    with at_place(f"covariates.{name}.reference"):
        dimension = "weight" if name == "weight" else dimension_of(document.reference)
        reference = to_internal(document.reference, dimension)
    with at_place(f"covariates.{name}.unit"):
        to_internal(f"1 {document.unit}", dimension)
    if document.range is not None:
        with at_place(f"covariates.{name}.range"):
            low, high = (to_internal(bound, dimension) for bound in document.range)
            if not low <= reference <= high:
                raise DataError(f'must hold the reference "{document.reference}"')
    return dimension


def _in_order(parameters: dict[str, Parameter], covariates: dict[str, str]) -> dict[str, Parameter]:
    """Order parameters so that each expression follows its names, and find their dimensions."""
    needs = {
        name: [one for one in parameter.expression.names if one not in covariates]
        if parameter.expression
        else []
        for name, parameter in parameters.items()
    }
    for name, names in needs.items():
        for one in names:
            if one not in parameters:
                known = [*parameters, *covariates]
                raise DataError(
                    f"parameters.{name}.expression: {unknown('parameter or covariate', one, known)}"
                )
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        raise DataError(f"parameters: expressions go in a circle: {circle}") from None
    ordered: dict[str, Parameter] = {}
    for name in order:
        parameter = parameters[name]
        if parameter.expression is not None:
            dimensions = covariates | {
                one: other.dimension.removesuffix(" per weight") for one, other in ordered.items()
            }
            parameter = _with_dimension(parameter, dimensions)
        ordered[name] = parameter
    return ordered


def _with_dimension(parameter: Parameter, dimensions: dict[str, str]) -> Parameter:
    """Give a derived parameter the dimension that its formula has."""
    assert parameter.expression is not None
    needed = {name: dimensions[name] for name in parameter.expression.names}
    with at_place(f'parameters.{parameter.name}.expression: "{parameter.text}"'):
        return replace(parameter, dimension=formula_dimension(parameter.expression, needed))


def _blocks(document: ModelDocument, parameters: Mapping[str, Parameter]) -> tuple[Block, ...]:
    """Collect correlated blocks, then one block for every other parameter with variability."""
    blocks = [
        Block(tuple(one.parameters), np.array(one.omega, dtype=float), _block_trace(document, k))
        for k, one in enumerate(document.variability)
    ]
    for k, block in enumerate(blocks):
        with at_place(f"variability.{k + 1}.omega"):
            check_covariance(block.omega)
    together = {name for block in blocks for name in block.parameters}
    alone = [one for one in parameters.values() if one.iiv and one.name not in together]
    return (*blocks, *(_block_of_one(one.name, one.iiv) for one in alone if one.iiv))


def _block_of_one(name: str, iiv: Variability) -> Block:
    """Make the block of a parameter that varies alone."""
    return Block(
        (name,), np.array([[iiv.omega2]]), Trace(iiv.grade, iiv.source, iiv.where, iiv.reason)
    )


def _block_trace(document: ModelDocument, k: int) -> Trace:
    """Say where a block comes from: as it says itself, else as the numbers that vary in it."""
    block = document.variability[k]
    records = [one for name, one in document.parameters.items() if name in block.parameters]
    grade = max((one.grade or "D" for one in records), default="D")
    reason = next((one.reason for one in records if one.reason), "")
    where = next((one.where for one in records if one.where), "")
    with at_place(f"variability.{k + 1}"):
        return traced(block, Trace(grade, document.source, where, reason))


def _in_blocks(document: ModelDocument, parameters: dict[str, Parameter]) -> dict[str, Parameter]:
    """Give each parameter of a correlated block its own variance."""
    result = dict(parameters)
    for k, block in enumerate(document.variability):
        for row, name in enumerate(block.parameters):
            with at_place(f"variability.{k + 1}.parameters"):
                _refuse_in_block(name, result)
            variability = Variability(
                block.omega[row][row], block.scale, *_block_trace(document, k)
            )
            result[name] = replace(result[name], iiv=variability)
    return result


def _refuse_in_block(name: str, parameters: Mapping[str, Parameter]) -> None:
    """Refuse a name in a block that is no parameter, is derived, or varies already."""
    if name not in parameters:
        raise unknown("parameter", name, list(parameters))
    if parameters[name].expression is not None:
        raise DataError(f'"{name}" is an expression; let the parameters that it names vary')
    if parameters[name].iiv is not None:
        raise DataError(f'"{name}" varies in another place as well; keep one of them')
