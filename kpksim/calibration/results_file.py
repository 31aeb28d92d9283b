"""results.json of a calibration: written whole, read with one clear refusal."""

import json
from pathlib import Path
from typing import Any

from kpksim.calibration.results import Results
from kpksim.documents import check_document, read_text
from kpksim.errors import DataError
from kpksim.writing import new_file

RESULTS = "results.json"
"""Name of the file."""


def write_results(results: Results, folder: Path) -> Path:
    """Write what a calibration found.

    Parameters
    ----------
    results : Results
        What it found.
    folder : Path
        The folder of the calibration.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OutputError
        If it cannot be written. An earlier file stays until the new one is complete.
    """
    place = folder / RESULTS
    with new_file(place) as fresh:
        fresh.write_text(_text(results), encoding="utf-8")
    return place


def read_results(folder: Path) -> Results:
    """Read what a calibration found.

    Parameters
    ----------
    folder : Path
        The folder of the calibration, or the file itself.

    Returns
    -------
    Results
        What it found.

    Raises
    ------
    DataError
        If there is no such file, or it holds something else.
    """
    place = folder / RESULTS if folder.is_dir() else folder
    try:
        content: Any = json.loads(read_text(place))
    except json.JSONDecodeError as error:
        raise DataError(f"{place}: is not valid JSON ({error}); calibrate anew") from None
    if not isinstance(content, dict):
        raise DataError(f"{place}: holds no results of a calibration; calibrate anew")
    return check_document(content, Results, str(place))


def _text(results: Results) -> str:
    """Write results as JSON, numbers with six digits."""
    return json.dumps(_rounded(results.model_dump(mode="json")), indent=1) + "\n"


def _rounded(node: Any) -> Any:
    """Round every number inside to six significant digits."""
    if isinstance(node, float):
        return float(f"{node:.6g}")
    if isinstance(node, dict):
        return {key: _rounded(one) for key, one in node.items()}
    if isinstance(node, list):
        return [_rounded(one) for one in node]
    return node
