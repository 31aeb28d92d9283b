"""Fingerprints: short texts that change with what a calibration rests on."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256

from kpksim.calibration.priors import Priors
from kpksim.calibration.statement_row import StatementRow
from kpksim.dosing import Regimen
from kpksim.models import Model

ADDRESS = re.compile(r" at 0x[0-9a-f]+")
"""Place of a function in memory, which differs from run to run."""


def of_statements(
    rows: Sequence[StatementRow], given: Mapping[tuple[str, str], Regimen | None]
) -> str:
    """Give a fingerprint of statements as they are read.

    Parameters
    ----------
    rows : sequence of StatementRow
        The rows.
    given : mapping of (str, str) to Regimen or None
        What the arms of the rows were given, by study and arm.

    Returns
    -------
    str
        16 hexadecimal digits; other numbers, times, weights or doses give others.
    """
    arms = [[*key, repr(regimen)] for key, regimen in sorted(given.items(), key=lambda one: one[0])]
    return _digest(json.dumps([[asdict(row) for row in rows], arms], sort_keys=True))


def of_model(model: Model, priors: Priors) -> str:
    """Give a fingerprint of what curves rest on beside the statements.

    Parameters
    ----------
    model : Model
        Pharmacokinetic model.
    priors : Priors
        Of the parameters of an effect.

    Returns
    -------
    str
        16 hexadecimal digits; another number of the model or another prior gives others.
    """
    parts = (
        model.compartments, model.flows, model.enzymes, model.administrations, model.outputs,
        model.parameters, model.uncertainty, priors,
    )  # fmt: skip
    return _digest(ADDRESS.sub("", repr(parts)))


def _digest(text: str) -> str:
    """Give 16 hexadecimal digits."""
    return sha256(text.encode()).hexdigest()[:16]
