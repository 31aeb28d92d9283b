"""The packages of the extra `bayes`, imported when calibration begins and not before."""

from importlib import import_module
from typing import Any

from kpksim.errors import MissingPackage


def extra(module: str) -> Any:
    """Give a module of the extra `bayes`.

    Parameters
    ----------
    module : str
        Its name, such as ``"dynesty"``.

    Returns
    -------
    module
        The module.

    Raises
    ------
    MissingPackage
        If its package is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        package = module.partition(".")[0].replace("_", "-")
        raise MissingPackage(
            f"calibration needs {package}, which is not installed ({error}); "
            'pip install "kpksim[bayes]"'
        ) from None
