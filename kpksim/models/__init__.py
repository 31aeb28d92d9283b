"""WHAT the body does: compartments, absorption, effects; structure without numbers."""

from kpksim.models.changes import changed
from kpksim.models.intake import Intake, intake_by_compartment, intakes_by_route
from kpksim.models.model import Block, Covariate, Model, Residual, Uncertainty, Values
from kpksim.models.parameter import Parameter, Scaling
from kpksim.models.rates import kinetics, output_rows, rate_matrix, reachable
from kpksim.models.reading import parse_model, read_model
from kpksim.models.structure import Administration, Compartment, Enzyme, Flow, Output
from kpksim.models.variability import Trace, Variability

__all__ = [
    "Administration",
    "Block",
    "Compartment",
    "Covariate",
    "Enzyme",
    "Flow",
    "Intake",
    "Model",
    "Output",
    "Parameter",
    "Residual",
    "Scaling",
    "Trace",
    "Uncertainty",
    "Values",
    "Variability",
    "changed",
    "intake_by_compartment",
    "intakes_by_route",
    "kinetics",
    "output_rows",
    "parse_model",
    "rate_matrix",
    "reachable",
    "read_model",
]
