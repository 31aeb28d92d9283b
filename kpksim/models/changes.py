"""A model in which another drug or a gene changes what the body does."""

from collections.abc import Mapping
from dataclasses import replace
from math import isfinite

from kpksim.documents import at_place
from kpksim.errors import ModelError, unknown
from kpksim.models.model import Model
from kpksim.models.parameter import Parameter
from kpksim.models.typical import check_typical


def changed(model: Model, factors: Mapping[str, float]) -> Model:
    """Multiply parameters or processes of a model.

    Parameters
    ----------
    model : Model
        The model.
    factors : mapping of str to float
        Factor on a process, a key of `Model.processes`, or on a parameter [1].

    Returns
    -------
    Model
        The changed model; `unchanged` holds the one before.

    Raises
    ------
    UnknownName
        If the model has no such process or parameter.
    ModelError
        If a parameter follows from others, two factors meet in one parameter, a factor is not
        positive, or a share becomes larger than one.

    Examples
    --------
    >>> from kpksim.library import load_model
    >>> model = changed(load_model("perezruixo2021"), {"hepatic clearance": 0.5})
    >>> model.parameters["kmet"].value
    1.385
    """
    parameters = dict(model.parameters)
    touched: set[str] = set()
    for name, factor in factors.items():
        for one in model.processes.get(name, (name,)):
            _refuse_factor(model, one, factor, touched)
            parameters[one] = _times(parameters[one], factor)
            touched.add(one)
    result = replace(model, parameters=parameters, unchanged=model.unchanged or model)
    with at_place(f"{model.name} changed by {_said(factors)}"):
        check_typical(result)
    return result


def _times(parameter: Parameter, factor: float) -> Parameter:
    """Multiply the typical value of a parameter."""
    text = f"{factor:g} x {parameter.text}"
    return replace(parameter, value=factor * parameter.value, text=text)


def _refuse_factor(model: Model, name: str, factor: float, touched: set[str]) -> None:
    """Refuse a factor on what is not there, on what follows from others, or no sensible one."""
    if name not in model.parameters:
        known = [*model.processes, *model.parameters]
        raise unknown(f"process or parameter of {model.name}", name, known)
    if model.parameters[name].expression is not None:
        raise ModelError(
            f'{model.name}: "{name}" follows from other parameters; change the ones that it names'
        )
    if name in touched:
        raise ModelError(f'{model.name}: two factors meet in "{name}"; keep one of them')
    if not (isfinite(factor) and factor > 0.0):
        raise ModelError(f'{model.name}: the factor on "{name}" must be positive, got {factor:g}')


def _said(factors: Mapping[str, float]) -> str:
    """Give factors in words."""
    return ", ".join(f"{name} x {factor:g}" for name, factor in factors.items())
