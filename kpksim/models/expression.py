"""Arithmetic over parameters, as it stands in a model file: parsed, never evaluated as code.

The grammar is ``+ - * / ^ ( )``, numbers, names, and ``min max exp log``.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kpksim.errors import ModelError

_OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
    ast.Pow: lambda left, right: left**right,
}
LONGEST = 500
"""Length of the longest formula that is read [characters]."""
_FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "min": (2, np.minimum),
    "max": (2, np.maximum),
    "exp": (1, np.exp),
    "log": (1, np.log),
}


@dataclass(frozen=True)
class Expression:
    """A parsed formula.

    Attributes
    ----------
    text : str
        The formula as written.
    names : tuple of str
        Names that occur in it, in order of appearance.
    """

    text: str
    names: tuple[str, ...]
    _tree: ast.expr

    def __call__(self, values: Mapping[str, Any]) -> Any:
        """Evaluate the formula.

        Parameters
        ----------
        values : mapping of str to array, shape (...)
            A value for every name, in coherent units.

        Returns
        -------
        array, shape (...)
            The value of the formula; inf or nan where it has none, such as 1 / 0.

        Examples
        --------
        >>> float(parse_expression("2 / (a + b) ^ 2")({"a": 1.0, "b": 1.0}))
        0.5
        """
        with np.errstate(all="ignore"):
            return _evaluate(self._tree, values)


def parse_expression(text: str) -> Expression:
    """Parse a formula.

    Parameters
    ----------
    text : str
        The formula; ``^`` is the power.

    Returns
    -------
    Expression
        The formula, ready to be evaluated.

    Raises
    ------
    ModelError
        If anything stands in it that the grammar does not know.

    Examples
    --------
    >>> parse_expression("max(f_abs - f_oral, 0)").names
    ('f_abs', 'f_oral')
    """
    if len(text) > LONGEST:
        raise ModelError(
            f"an expression has at most {LONGEST} characters, this one has {len(text)}; "
            "give its parts names of their own"
        )
    try:
        tree = ast.parse(text.strip().replace("^", "**"), mode="eval").body
    except (SyntaxError, ValueError):
        raise ModelError(
            f'cannot read the expression "{text}"; write a formula such as "max(f_abs - f_oral, 0)"'
        ) from None
    names: list[str] = []
    _check(tree, text, names)
    return Expression(text, tuple(dict.fromkeys(names)), tree)


def _check(node: ast.expr, text: str, names: list[str]) -> None:
    """Refuse everything outside the grammar and collect the names."""
    match node:
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float()):
            return None
        case ast.Name(id=name):
            names.append(name)
            return None
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _check(operand, text, names)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            _check(left, text, names)
            return _check(right, text, names)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _FUNCTIONS:
            if len(args) != _FUNCTIONS[name][0]:
                raise ModelError(f'"{name}" takes {_FUNCTIONS[name][0]} values in "{text}"')
            for argument in args:
                _check(argument, text, names)
            return None
    raise ModelError(
        f'"{ast.unparse(node)}" is not allowed in the expression "{text}"; '
        "allowed are + - * / ^ ( ), numbers, names, min, max, exp, log"
    )


def _evaluate(node: ast.expr, values: Mapping[str, Any]) -> Any:
    """Compute one node of a checked formula."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return np.float64(value)  # 9 ^ 9 ^ 9 is inf at once, not an endless whole number
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(operand=operand):
            return -_evaluate(operand, values)
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](_evaluate(left, values), _evaluate(right, values))
        case ast.Call(func=ast.Name(id=name), args=args):
            return _FUNCTIONS[name][1](*(_evaluate(argument, values) for argument in args))
    raise AssertionError(node)
