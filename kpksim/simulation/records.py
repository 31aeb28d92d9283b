"""Simulation of an event table: one value per record and output, in the order of the file."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from kpksim.dosing import EventTable
from kpksim.models import Model
from kpksim.simulation.dataset import describe, provenance
from kpksim.simulation.record_parameters import record_parameters
from kpksim.simulation.record_walk import walk
from kpksim.simulation.record_warnings import record_warnings


def simulate_records(model: Model, table: EventTable, outputs: Sequence[str]) -> xr.Dataset:
    """Concentrations at every record of an event table, by the rules of NONMEM.

    A record that gives a dose shows the value after it. At equal times the records act in the
    order of the file; additional and lagged doses come before the records of that time. The
    parameters of a record hold from the record above it to the record itself; F, lag, duration and
    rate of a dose are those of the record that gives it, also for its additional doses. With RATE
    given, or modelled, F scales the duration of an infusion; with the duration modelled, its rate.

    Parameters
    ----------
    model : Model
        The model.
    table : EventTable
        Records of one or more subjects. A column with the name of a parameter or a covariate sets
        it for its record.
    outputs : sequence of str
        Names of A outputs.

    Returns
    -------
    xarray.Dataset
        Dim ``record``, coordinates ID, TIME, EVID, one variable per output [ng/mL].

    Raises
    ------
    DataError
        If a record cannot be given to the model; the message names its line.
    """
    parts = []
    for one in table.of_subjects():
        parameters = record_parameters(model, one, tuple(outputs))
        parts.append(walk(model, one, parameters))
    columns = np.concatenate(parts)
    data = {name: ("record", columns[:, k]) for k, name in enumerate(outputs)}
    coordinates = {
        "ID": ("record", list(table.id)),
        "TIME": ("record", table.time),
        "EVID": ("record", table.evid),
    }
    result = xr.Dataset(data, coordinates)
    result["TIME"].attrs = {"units": "h", "long_name": "Time"}
    for name in outputs:
        result[name].attrs = describe(name, model)
    told = "\n".join(record_warnings(model, table))
    result.attrs = provenance(model) | {"events": table.source, "warnings": told}
    return result
