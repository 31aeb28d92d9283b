"""The published models that ship with kpksim, by key."""

import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from kpksim.documents import read_text
from kpksim.errors import DataError, unknown
from kpksim.models import Model, parse_model


def list_models() -> list[str]:
    """List the keys of all models in the library.

    Returns
    -------
    list of str
        Keys, sorted; aliases are left out.

    Examples
    --------
    >>> "domino1982" in list_models()
    True
    """
    names = [entry.name for entry in _folder().iterdir()]
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def resolve_alias(key: str) -> str:
    """Give the key that an alias stands for.

    Parameters
    ----------
    key : str
        A key or an alias.

    Returns
    -------
    str
        The key; what is no alias is returned as it is.

    Examples
    --------
    >>> resolve_alias("reference_racemic")
    'reference_racemic_2026b'
    """
    return aliases().get(key, key)


@cache
def aliases() -> dict[str, str]:
    """Give every alias and the key that it stands for.

    Returns
    -------
    dict of str to str
        Alias to key.
    """
    text = files("kpksim.library").joinpath("aliases.toml").read_text(encoding="utf-8")
    return {alias: str(key) for alias, key in tomllib.loads(text).items()}


def load_model(key: str | Path) -> Model:
    """Load a model from the library, or from a file.

    Parameters
    ----------
    key : str or Path
        A key of the library, or the path of a model file (anything that ends in ``.toml``).

    Returns
    -------
    Model
        The model.

    Raises
    ------
    UnknownName
        If the library has no such model.
    DataError
        If a file cannot be read, breaks a rule, or takes the name of another model of the library.

    Examples
    --------
    >>> load_model("domino1982").drug
    'racemic ketamine'
    """
    if isinstance(key, Path) or key.endswith(".toml"):
        text = read_text(Path(key))
        model = parse_model(text, str(key))
        _refuse_taken_name(model, text)
        return model
    return _shipped(resolve_alias(key))


def _refuse_taken_name(model: Model, text: str) -> None:
    """Refuse a file that goes by the name of a model of the library and says something else."""
    key = resolve_alias(model.name)
    if key in list_models() and text != _text(key):
        raise DataError(
            f'{model.place}: name: "{model.name}" is a model of the library, and this file differs '
            "from it; results could not be told apart: give yours a name of its own"
        )


@cache
def _shipped(key: str) -> Model:
    """Read a model of the library once."""
    if key not in list_models():
        known = [*list_models(), *aliases()]
        raise unknown("model", key, known, f"`kpksim models` lists all {len(list_models())}")
    place = f"library/models/{key}.toml"
    model = parse_model(_text(key), place)
    if model.name != key:
        raise DataError(
            f"{place}: name: two models must not have one key, so a model of the library is named "
            f'like its file, "{key}"; got "{model.name}"'
        )
    return model


def _text(key: str) -> str:
    """Give the text of a model of the library."""
    return _folder().joinpath(f"{key}.toml").read_text(encoding="utf-8")


def _folder() -> Traversable:
    """Give the folder of model files."""
    return files("kpksim.library").joinpath("models")
