"""How far the estimates of a model may be off: standard errors and covariances, as printed."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kpksim.documents import at_place
from kpksim.errors import DataError, unknown
from kpksim.models.document import ModelDocument, UncertaintyDocument
from kpksim.models.model import Uncertainty
from kpksim.models.parameter import Parameter
from kpksim.models.variability import Variability

Parameters = Mapping[str, Parameter]
Read = tuple[Parameters, tuple[Uncertainty, ...]]


def read_uncertainty(document: ModelDocument, parameters: Parameters) -> Read:
    """Read the standard errors and the covariance that a model file states.

    A relative standard error r is read as the coefficient of variation of a log-normal estimate,
    variance ln(1 + r^2). A share p between 0 and 1 stays one: on the logit scale its standard
    error is r / (1 - p), by the derivative of the logit.

    Parameters
    ----------
    document : ModelDocument
        The model file.
    parameters : mapping of str to Parameter
        Its parameters.

    Returns
    -------
    parameters : mapping of str to Parameter
        The parameters, each with its uncertainty.
    together : tuple of Uncertainty
        What is drawn together.

    Raises
    ------
    DataError
        If a name, a scale, a standard error or the covariance is impossible; the message names
        the place in the file.
    UnknownName
        If there is no such parameter.
    """
    result = dict(parameters)
    together = []
    for name, record in document.parameters.items():
        if record.rse is not None:
            with at_place(f"parameters.{name}.rse"):
                result[name] = _with_rse(parameters[name], record.rse)
            together.append(Uncertainty((name,), np.array([[_variance(result[name])]])))
    if document.uncertainty is not None:
        _state_together(document.uncertainty, result)
        covariance = np.array(document.uncertainty.covariance, dtype=float)
        with at_place("uncertainty.covariance"):
            check_covariance(covariance)
        together.append(Uncertainty(tuple(document.uncertainty.parameters), covariance))
    return result, tuple(together)


def check_covariance(matrix: NDArray[np.float64]) -> None:
    """Refuse a matrix that is no covariance.

    Parameters
    ----------
    matrix : array, shape (P, P)
        What a file states [1].

    Raises
    ------
    DataError
        If it is not symmetric, or a correlation is beyond 1.
    """
    rounding = 1e-12 * float(np.trace(matrix))
    if not np.array_equal(matrix, matrix.T) or np.linalg.eigvalsh(matrix).min() < -rounding:
        raise DataError("must be a covariance: symmetric, and no correlation beyond 1")


def _with_rse(parameter: Parameter, rse: float) -> Parameter:
    """Give a parameter the uncertainty that a relative standard error states."""
    if parameter.kind == "fixed":
        raise DataError(
            "a fixed value was not estimated, so it has no standard error; leave it out, or say "
            'kind = "estimated"'
        )
    _refuse_scale(parameter, "log")
    if _is_share(parameter):
        own = Variability((rse / (1.0 - parameter.value)) ** 2, "logit")
    else:
        own = Variability(float(np.log1p(rse**2)), "log")
    return replace(parameter, uncertainty=own)


def _state_together(document: UncertaintyDocument, parameters: dict[str, Parameter]) -> None:
    """Give the parameters of a covariance their own variances, in place."""
    scales = document.scale or ["log"] * len(document.parameters)
    for row, (name, scale) in enumerate(zip(document.parameters, scales, strict=True)):
        with at_place("uncertainty.parameters"):
            _refuse_name(name, parameters)
        with at_place(f"uncertainty.scale.{row + 1}"):
            _refuse_scale(parameters[name], scale)
        own = Variability(document.covariance[row][row], scale)
        parameters[name] = replace(parameters[name], uncertainty=own)


def _variance(parameter: Parameter) -> float:
    """Give the variance of an estimate on its scale."""
    assert parameter.uncertainty is not None
    return parameter.uncertainty.omega2


def _is_share(parameter: Parameter) -> bool:
    """Whether a parameter is a number without unit between 0 and 1."""
    return parameter.dimension == "fraction" and 0.0 < parameter.value < 1.0


def _refuse_name(name: str, parameters: Parameters) -> None:
    """Refuse what is no parameter, is derived, or has an uncertainty already."""
    if name not in parameters:
        raise unknown("parameter", name, list(parameters))
    if parameters[name].expression is not None:
        raise DataError(f'"{name}" is an expression; name the parameters in it')
    if parameters[name].uncertainty is not None:
        raise DataError(
            f'the uncertainty of "{name}" stands twice; keep one of its places (its "rse", or one '
            "row of the covariance)"
        )


def _refuse_scale(parameter: Parameter, scale: str) -> None:
    """Refuse a scale on which a value has no place."""
    if scale == "logit" and not _is_share(parameter):
        raise DataError(
            f'"{parameter.name}" is no share between 0 and 1 ("{parameter.text}"), so its scale is '
            '"log"'
        )
    if not parameter.value > 0.0:
        raise DataError(
            f'"{parameter.name}" is "{parameter.text}", and only a value above 0 has a relative '
            "error; leave its uncertainty out"
        )
