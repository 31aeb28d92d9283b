"""What a reader of a simulated event table must know, with line and column."""

import numpy as np

from kpksim.dosing import EventTable
from kpksim.models import Model
from kpksim.simulation.origin import drug_warning, form_warning
from kpksim.simulation.record_parameters import column_of, record_covariates
from kpksim.simulation.record_ways import word
from kpksim.simulation.whom import covariate_warning


def record_warnings(model: Model, table: EventTable) -> list[str]:
    """Say what is converted or extrapolated, each thing once, at its first record.

    Parameters
    ----------
    model : Model
        The model.
    table : EventTable
        Records that it can be given.

    Returns
    -------
    list of str
        One sentence for each thing, with file, line and column in front.
    """
    return [*_of_doses(model, table), *_of_people(model, table)]


def _of_doses(model: Model, table: EventTable) -> list[str]:
    """Say which drugs and forms are converted."""
    said: dict[str, str] = {}
    for record in map(int, np.flatnonzero(table.is_dose)):
        drug = drug_warning(model, word(table, "DRUG", record, model.drug))
        form = form_warning(model, word(table, "FORM", record, model.form))
        for column, text in (("DRUG", drug), ("FORM", form)):
            if text:
                said.setdefault(text, f"{_place(table, record, column)}: {text}")
    return list(said.values())


def _of_people(model: Model, table: EventTable) -> list[str]:
    """Say which subjects lie outside what informed the model."""
    said: dict[str, list[str]] = {}
    for subject in table.of_subjects():
        for name, values in record_covariates(model, subject).items():
            text = _first(model, subject, name, values)
            if text:
                said.setdefault(name, []).append(text)
    return [
        first if not others else f"{first} {_further(len(others))} outside as well."
        for first, *others in said.values()
    ]


def _further(count: int) -> str:
    """Say how many more subjects there are."""
    return "1 further subject is" if count == 1 else f"{count} further subjects are"


def _first(model: Model, subject: EventTable, name: str, values: np.ndarray) -> str:
    """Say what is outside at the first record of a subject where a covariate is."""
    for record in np.sort(np.unique(values, return_index=True)[1]):
        text = covariate_warning(model, name, values[record : record + 1])
        if text:
            return f"{_place(subject, int(record), column_of(subject, name))}: {text}"
    return ""


def _place(table: EventTable, record: int, column: str | None) -> str:
    """Name file, line and column of a value; a column that is not there is not named."""
    place = f"{table.source}: line {table.line[record]}"
    return f"{place}, column {column}" if column else place
