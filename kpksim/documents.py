"""TOML documents: read, checked against a schema, refused with file, place, rule and way out."""

import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError

from kpksim.errors import DataError, KpksimError, nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


class Document(BaseModel):
    """A part of a document; a key that the schema does not name is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True)


Schema = TypeVar("Schema", bound=Document)


def read_text(path: Path) -> str:
    """Read a text file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        Its text, without a byte order mark.

    Raises
    ------
    DataError
        If there is no such file, or it cannot be read as UTF-8 text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise DataError(f"{path}: is a folder, expected a file") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: is not UTF-8 text ({error.reason})") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from None


def read_document(path: Path, schema: type[Schema]) -> Schema:
    """Read a TOML file and check it against a schema.

    Parameters
    ----------
    path : Path
        The file.
    schema : type of Document
        What the file must hold.

    Returns
    -------
    Document
        The checked content, an instance of `schema`.

    Raises
    ------
    DataError
        If the file cannot be read, is no TOML, or breaks the schema.
    """
    return parse_document(read_text(path), schema, str(path))


def parse_document(text: str, schema: type[Schema], place: str) -> Schema:
    """Check a TOML text against a schema.

    Parameters
    ----------
    text : str
        The document.
    schema : type of Document
        What it must hold.
    place : str
        Where the text comes from, for messages.

    Returns
    -------
    Document
        The checked content, an instance of `schema`.

    Raises
    ------
    DataError
        If the text is no TOML or breaks the schema.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{place}: {_toml_rule(str(error))}") from None
    return check_document(content, schema, place)


def check_document(content: dict[str, Any], schema: type[Schema], place: str) -> Schema:
    """Check a nested dictionary against a schema.

    Parameters
    ----------
    content : dict
        What a TOML file holds.
    schema : type of Document
        What it must hold.
    place : str
        Where it comes from, for messages.

    Returns
    -------
    Document
        The checked content, an instance of `schema`.

    Raises
    ------
    DataError
        If the content breaks the schema; the message names the first offender.
    """
    try:
        return schema.model_validate(content)
    except ValidationError as error:
        raise DataError(f"{place}: {_first_fault(error, schema, content)}") from None


@contextmanager
def at_place(place: str) -> Iterator[None]:
    """Put a place in front of the message of whatever is refused inside.

    Parameters
    ----------
    place : str
        Place in a document, or a file.

    Raises
    ------
    DataError
        In place of any `KpksimError`, with the place before its message.

    Examples
    --------
    >>> with at_place("parameters.cl.value"):
    ...     raise DataError("must be >= 0")
    Traceback (most recent call last):
    kpksim.errors.DataError: parameters.cl.value: must be >= 0
    """
    try:
        yield
    except KpksimError as error:
        raise DataError(f"{place}: {error}") from None


def _toml_rule(message: str) -> str:
    """Say what is wrong with a TOML text in the words of its reader, not of its parser."""
    if message.startswith(("Cannot overwrite", "Cannot declare", "Duplicate")):
        return f"a key stands twice ({message}); keep one of them"
    return f"is not valid TOML: {message}"


def _first_fault(error: ValidationError, schema: type[Document], content: dict[str, Any]) -> str:
    """Say the first fault of a document: where, which rule, what was found.

    An unknown key comes first, for it is most often a misspelt one that is missing elsewhere. Of
    the faults in one place that may hold this or that, the deepest tells most.
    """
    faults = sorted(error.errors(), key=lambda one: -len(one["loc"]))
    fault = next((one for one in faults if one["type"] == "extra_forbidden"), faults[0])
    place = _steps(fault, content)
    where = ".".join(str(step + 1) if isinstance(step, int) else step for step in place)
    prefix = f"{where}: " if where else ""
    match fault["type"]:
        case "extra_forbidden":
            return f"{prefix}unknown key{_suggestion(schema, place)}"
        case "missing":
            return f"{prefix}this key is missing"
        case "value_error":
            return f"{prefix}{fault['msg'].removeprefix('Value error, ')}"
        case "model_type" | "dict_type":
            return f"{prefix}must be a table, got {fault['input']!r}"
        case "literal_error":
            return f"{prefix}{_choice(fault)}"
    message, found = fault["msg"], fault["input"]
    shown = "" if isinstance(found, dict | list) else f", got {found!r}"
    return f"{prefix}{message[0].lower()}{message[1:]}{shown}"


def _steps(fault: "ErrorDetails", content: dict[str, Any]) -> tuple[int | str, ...]:
    """Give the place of a fault in the document, without the schema's own names of choices."""
    steps: list[int | str] = []
    node: Any = content
    for k, step in enumerate(fault["loc"]):
        inside = step in node if isinstance(node, dict) else isinstance(step, int)
        if inside:
            steps.append(step)
            node = node[step]
        elif fault["type"] == "missing" and k == len(fault["loc"]) - 1:
            steps.append(step)
    return tuple(steps)


def _choice(fault: "ErrorDetails") -> str:
    """Say which words are allowed in a place, and which of them was meant."""
    known = re.findall(r"'([^']*)'", fault["ctx"]["expected"])
    guess = nearest(fault["input"], known) if isinstance(fault["input"], str) else ""
    hint = f'; did you mean "{guess}"?' if guess else ""
    return f"must be one of {', '.join(known)}, got {fault['input']!r}{hint}"


def _suggestion(schema: type[Document], place: tuple[int | str, ...]) -> str:
    """Name the keys that are known where an unknown one stands."""
    known = sorted(set(_known_keys(schema, place[:-1])))
    guess = nearest(str(place[-1]), known)
    hint = f'; did you mean "{guess}"?' if guess else ";"
    return f"{hint} known keys: {', '.join(known)}" if known else ""


def _known_keys(kind: Any, place: tuple[int | str, ...]) -> Iterator[str]:
    """Walk a schema, or any type annotation, along a place and give the keys known there."""
    if isinstance(kind, type) and issubclass(kind, Document):
        fields = {field.alias or name: field for name, field in kind.model_fields.items()}
        if not place:
            yield from fields
        elif place[0] in fields:
            yield from _known_keys(fields[str(place[0])].annotation, place[1:])
    elif get_origin(kind) in (dict, list):
        if place:
            yield from _known_keys(get_args(kind)[-1], place[1:])
    else:
        for choice in get_args(kind):
            yield from _known_keys(choice, place)
