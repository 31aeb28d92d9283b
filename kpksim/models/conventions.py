"""Whether a model keeps to what it says of its own numbers: CL or CL/F, whose mass, which site."""

from kpksim.errors import DataError
from kpksim.models.model import Model
from kpksim.models.structure import Share
from kpksim.vocabulary import ARTERIAL, MOLAR_MASS


def check_conventions(model: Model) -> None:
    """Refuse a model whose structure contradicts what it says of clearance, mass or site.

    Parameters
    ----------
    model : Model
        The model; its names are checked already.

    Raises
    ------
    DataError
        At the first contradiction; the message gives the place inside the file.
    """
    if model.metabolite_mass == "parent":
        _refuse_molar_flows(model)
    if model.metabolite_mass == "own":
        _refuse_flows_that_keep_mass(model)
    if model.clearance == "apparent":
        _refuse_other_routes(model)
        _refuse_second_bioavailability(model)
    for name, output in model.outputs.items():
        if name.endswith(ARTERIAL) and output.site != "arterial":
            raise DataError(
                f'outputs.{name}.site: an output named so is arterial, got "{output.site}"; write '
                'site = "arterial", or give it another name'
            )


def _refuse_molar_flows(model: Model) -> None:
    """Refuse to convert what is carried in the mass of the parent: it would be done twice."""
    for flow in model.flows:
        if flow.molar:
            raise DataError(
                f'flows.{flow.number}.molar: with metabolite_mass = "parent" the ratio of molar '
                "masses is in the metabolite's apparent volume and clearance already; leave molar "
                'out, or write metabolite_mass = "own"'
            )


def _refuse_flows_that_keep_mass(model: Model) -> None:
    """Refuse a change of analyte that does not change the mass."""
    for flow in model.flows:
        origin = _analyte(model, flow.origin)
        for name in flow.arrivals:
            analyte = _analyte(model, name)
            if not flow.molar and {origin, analyte} <= set(MOLAR_MASS) and origin != analyte:
                raise DataError(
                    f'flows.{flow.number}: with metabolite_mass = "own" the mass changes where '
                    f"{origin} becomes {analyte}; write molar = true, or metabolite_mass = "
                    '"parent" if volume and clearance of the metabolite are apparent'
                )


def _analyte(model: Model, compartment: str) -> str:
    """Give what the mass in a compartment is: the drug where nothing is said."""
    drug = "" if model.drug == "generic" else "ketamine"
    return model.compartments[model.index(compartment)].analyte or drug


def _refuse_other_routes(model: Model) -> None:
    """Refuse routes that one CL/F cannot serve: IV, and any besides the first."""
    first = model.administrations[0].route if model.administrations else ""
    for k, entry in enumerate(model.administrations):
        if entry.route == "iv":
            raise DataError(
                f'administrations.{k + 1}.route: with clearance = "apparent" (CL/F) nothing is '
                "known of a dose straight into blood; leave the route iv out, or give CL and F "
                'apart with clearance = "true"'
            )
        if entry.route != first:
            raise DataError(
                f'administrations.{k + 1}.route: with clearance = "apparent" CL/F holds the '
                f'bioavailability of route {first}, so "{entry.route}" cannot stand beside it; '
                'make it a model of its own, or give CL and F apart with clearance = "true"'
            )


def _refuse_second_bioavailability(model: Model) -> None:
    """Refuse a bioavailability of the first product beside CL/F: F would count twice."""
    if not model.administrations:
        return
    entry = model.administrations[0]
    compartment = model.compartments[model.index(entry.into)]
    places = {
        f"compartments.{compartment.name}.bioavailability": compartment.bioavailability,
        "administrations.1.bioavailability": entry.bioavailability,
    }
    for place, share in places.items():
        if share is not None and _number(model, share) != 1.0:
            raise DataError(
                f'{place}: with clearance = "apparent" the bioavailability is in CL/F already and '
                'would count twice; leave it out, or give CL with clearance = "true"'
            )


def _number(model: Model, share: Share) -> float:
    """Give the typical value of a share; nan for an expression."""
    return model.parameters[share].value if isinstance(share, str) else share
