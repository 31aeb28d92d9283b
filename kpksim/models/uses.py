"""Whether a model makes sense: every name exists, every quantity fits its use."""

from collections.abc import Iterator
from typing import NamedTuple

from kpksim.documents import at_place
from kpksim.errors import DataError, unknown
from kpksim.models.circles import refuse_closed_circles
from kpksim.models.model import Model
from kpksim.models.parameter import Parameter, Scaling
from kpksim.models.structure import Administration, Compartment, Enzyme, Flow, Share
from kpksim.units import INTERNAL_UNIT, dimension_of, is_number
from kpksim.vocabulary import MOLAR_MASS, OUTCOMES


class Use(NamedTuple):
    """A place where a parameter (or a number) is named, and what it must be there.

    Attributes
    ----------
    place : str
        Place in the file.
    share : str, float or None
        The parameter's name, or the number.
    dimension : str
        A key of `kpksim.units.INTERNAL_UNIT`.
    largest : float
        Largest value that has a meaning there.
    positive : bool
        Whether 0 has no meaning there.
    """

    place: str
    share: Share | None
    dimension: str
    largest: float = float("inf")
    positive: bool = False


def check_uses(model: Model) -> None:
    """Refuse a model whose parts do not fit together.

    Parameters
    ----------
    model : Model
        The model, as read.

    Raises
    ------
    DataError
        At the first name that does not exist or quantity that does not fit; the message gives
        the place inside the file.
    """
    _refuse_doubles(model)
    names = [one.name for one in model.compartments]
    for place, name in _compartment_names(model):
        if name not in names:
            raise DataError(f"{place}: {unknown('compartment', name, names)}")
    for use in _uses(model):
        _check_use(model, use)
    for flow in model.flows:
        _check_flow(model, flow)
    refuse_closed_circles(model)
    for enzyme in model.enzymes:
        _check_enzyme(model, enzyme)
    _check_outputs(model)
    _check_administrations(model)
    _check_processes(model)
    for parameter in model.parameters.values():
        with at_place(f"parameters.{parameter.name}"):
            _check_scalings(model, parameter)
            _check_random_effect(parameter)


def _refuse_doubles(model: Model) -> None:
    """Refuse two compartments, or two enzymes, with one name."""
    for place, things in (("compartments", model.compartments), ("enzymes", model.enzymes)):
        names = [one.name for one in things]
        for name in names:
            if names.count(name) > 1:
                raise DataError(f'{place}: the name "{name}" stands twice')


def _compartment_names(model: Model) -> Iterator[tuple[str, str]]:
    """Give every place where a compartment is named."""
    for flow in model.flows:
        yield f"flows.{flow.number}.from", flow.origin
        yield from ((f"flows.{flow.number}.to", name) for name in flow.arrivals)
    for enzyme in model.enzymes:
        yield f"enzymes.{enzyme.name}.inducer", enzyme.inducer
    for k, entry in enumerate(model.administrations):
        yield f"administrations.{k + 1}.into", entry.into
    for name, output in model.outputs.items():
        yield from ((f"outputs.{name}", one) for one in output.compartments)


def _uses(model: Model) -> Iterator[Use]:
    """Give every place where a parameter is named, with what is needed there."""
    for compartment in model.compartments:
        place = f"compartments.{compartment.name}"
        yield Use(f"{place}.volume", compartment.volume, "volume", positive=True)
        yield from _input_uses(place, compartment)
    for flow in model.flows:
        place = f"flows.{flow.number}"
        yield Use(f"{place}.rate", flow.rate, "rate constant")
        yield Use(f"{place}.clearance", flow.clearance, "clearance")
        yield Use(f"{place}.vmax", flow.vmax, "infusion rate")
        yield Use(f"{place}.km", flow.km, "concentration", positive=True)
        for name, share in flow.arrivals.items():
            yield Use(f"{place}.to.{name}", share, "fraction", largest=1.0)
    for enzyme in model.enzymes:
        place = f"enzymes.{enzyme.name}"
        yield Use(f"{place}.turnover", enzyme.turnover, "rate constant", positive=True)
        yield Use(f"{place}.emax", enzyme.emax, "fraction")
        yield Use(f"{place}.ec50", enzyme.ec50, "concentration", positive=True)
    for k, entry in enumerate(model.administrations):
        place = f"administrations.{k + 1}"
        largest = float("inf") if entry.scale_factor else 1.0
        if entry.fraction != "rest":
            yield Use(f"{place}.fraction", entry.fraction, "fraction", largest)
        for share in entry.fraction_by_dose.values():
            yield Use(f"{place}.fraction_by_dose", share, "fraction", largest)
        yield from _input_uses(place, entry)


def _input_uses(place: str, entry: Compartment | Administration) -> Iterator[Use]:
    """Give what a compartment or an administration says of a dose on its way in."""
    yield Use(f"{place}.bioavailability", entry.bioavailability, "fraction")
    yield Use(f"{place}.lag", entry.lag, "time")
    yield Use(f"{place}.duration", entry.duration, "time")
    yield Use(f"{place}.rate", entry.rate, "infusion rate", positive=True)


def _check_use(model: Model, use: Use) -> None:
    """Refuse a parameter that does not exist or does not fit its use, or such a number."""
    if use.share is None:
        return
    if not isinstance(use.share, str):
        _check_value(use, use.place, use.share, f"{use.share:g}")
        return
    if use.share not in model.parameters:
        way_out = "each parameter has a table [parameters.NAME]"
        raise DataError(
            f"{use.place}: {unknown('parameter', use.share, list(model.parameters), way_out)}"
        )
    parameter = model.parameters[use.share]
    place = f"parameters.{use.share}.{'expression' if parameter.expression else 'value'}"
    if parameter.dimension.removesuffix(" per weight") != use.dimension:
        bare = parameter.expression is None and is_number(parameter.text)
        found = "has no unit" if bare else f"is of dimension {parameter.dimension}"
        raise DataError(
            f'{place}: "{parameter.text}" {found}, expected {use.dimension} (unit like '
            f"{INTERNAL_UNIT[use.dimension]}) for {use.place}"
        )
    if parameter.expression is None:
        _check_value(use, f"{place}, used as {use.place}", parameter.value, f'"{parameter.text}"')


def _check_value(use: Use, place: str, value: float, text: str) -> None:
    """Refuse a value that has no meaning where it is used."""
    if value < 0.0 or (use.positive and value == 0.0):
        raise DataError(f"{place}: must be {'>' if use.positive else '>='} 0, got {text}")
    if value > use.largest:
        raise DataError(f"{place}: a share must be <= {use.largest:g}, got {text}")


def _check_flow(model: Model, flow: Flow) -> None:
    """Refuse a clearance out of a place without volume, and a molar flow of unknown analytes."""
    place = f"flows.{flow.number}"
    origin = model.compartments[model.index(flow.origin)]
    if flow.rate is None and origin.volume is None:
        size = "clearance" if flow.clearance is not None else "vmax"
        raise DataError(
            f'{place}: a {size} needs a volume in compartment "{flow.origin}"; give it one, or the '
            'flow a "rate" instead'
        )
    enzymes = [one.name for one in model.enzymes]
    if flow.enzyme is not None and flow.enzyme not in enzymes:
        way_out = "each enzyme has a table [[enzymes]]"
        raise DataError(f"{place}.enzyme: {unknown('enzyme', flow.enzyme, enzymes, way_out)}")
    if flow.origin in flow.arrivals:
        raise DataError(f'{place}: a flow from "{flow.origin}" to itself')
    if flow.molar:
        for name in (flow.origin, *flow.arrivals):
            analyte = model.compartments[model.index(name)].analyte
            if analyte not in MOLAR_MASS:
                raise DataError(
                    f'{place}: a molar flow needs an analyte with a known molar mass in "{name}"; '
                    f"known are {', '.join(MOLAR_MASS)}"
                )


def _check_enzyme(model: Model, enzyme: Enzyme) -> None:
    """Refuse an enzyme that no flow names, or whose inducer is no concentration."""
    place = f"enzymes.{enzyme.name}"
    if model.compartments[model.index(enzyme.inducer)].volume is None:
        raise DataError(
            f'{place}.inducer: compartment "{enzyme.inducer}" has no volume, so it has no '
            "concentration; give it a volume, or name another"
        )
    if all(flow.enzyme != enzyme.name for flow in model.flows):
        raise DataError(
            f'{place}: no flow is catalysed by it; give a flow the key enzyme = "{enzyme.name}", '
            "or leave the enzyme out"
        )


def _check_outputs(model: Model) -> None:
    """Refuse an output that is no concentration, and a residual without an output."""
    for name, output in model.outputs.items():
        if name in OUTCOMES:
            raise DataError(f"outputs.{name}: is an effect; an output is a concentration")
        for compartment in output.compartments:
            if model.compartments[model.index(compartment)].volume is None:
                raise DataError(
                    f'outputs.{name}: compartment "{compartment}" has no volume, so it has no '
                    "concentration; give it a volume, or leave the output out"
                )
    for name in model.residual:
        if name not in model.outputs:
            raise DataError(f"residual.{name}: {unknown('output', name, list(model.outputs))}")


def _check_administrations(model: Model) -> None:
    """Refuse two rests of one dose, and shares of more than the dose without a note."""
    rests: dict[tuple[str | None, str, str | None], int] = {}
    for k, entry in enumerate(model.administrations):
        place = f"administrations.{k + 1}"
        if entry.fraction == "rest":
            first = rests.setdefault((entry.drug, entry.route, entry.product), k + 1)
            if first != k + 1:
                raise DataError(
                    f'{place}.fraction: administrations.{first} is "rest" already; '
                    "one dose has one rest"
                )
        if entry.scale_factor and not model.notes:
            raise DataError(f'{place}.scale_factor: needs a note that says why, in "notes"')


def _check_processes(model: Model) -> None:
    """Refuse a process measured by what is no parameter, or by one that follows from others."""
    for process, names in model.processes.items():
        for name in names:
            if name not in model.parameters:
                known = list(model.parameters)
                raise DataError(f"processes.{process}: {unknown('parameter', name, known)}")
            if model.parameters[name].expression is not None:
                raise DataError(
                    f'processes.{process}: "{name}" is an expression; name the parameters in it'
                )


def _check_scalings(model: Model, parameter: Parameter) -> None:
    """Refuse a scaling by a covariate that the model does not describe."""
    for scaling in parameter.scalings:
        name = scaling.covariate
        if scaling.form == "category":
            _check_categories(model, scaling)
            continue
        if name == "weight":
            continue
        if name not in model.covariates:
            known = list(dict.fromkeys(["weight", *model.covariates]))
            way_out = f"a covariate has a table [covariates.{name}]"
            raise DataError(f"scaling: {unknown('covariate', name, known, way_out)}")
        if model.covariates[name].categories:
            raise DataError(
                f'scaling: {name} has categories; a scaling by it has form = "category" and factors'
            )
        described = dimension_of(model.covariates[name].reference)
        if scaling.dimension != described:
            raise DataError(
                f"scaling.reference: is of dimension {scaling.dimension}, but {name} is of "
                f"dimension {described} in covariates.{name}.reference"
            )


def _check_categories(model: Model, scaling: Scaling) -> None:
    """Refuse a factor of a category that the described covariate does not have."""
    covariate = model.covariates.get(scaling.covariate)
    if covariate is None:
        return
    if not covariate.categories:
        raise DataError(
            f'scaling: {covariate.name} is a quantity; its table needs "categories" instead of '
            '"unit" for a scaling of form "category"'
        )
    for word in scaling.factors or {}:
        if word not in covariate.categories:
            kind = f"category of {covariate.name}"
            raise DataError(f"scaling.factors: {unknown(kind, word, list(covariate.categories))}")


def _check_random_effect(parameter: Parameter) -> None:
    """Refuse a logit spread around a value that is no share."""
    if parameter.iiv is None or parameter.iiv.scale != "logit":
        return
    if parameter.dimension != "fraction" or not 0.0 < parameter.value < 1.0:
        raise DataError(
            f"varies on the logit scale, so it must be a share between 0 and 1, "
            f'got "{parameter.text}"'
        )
