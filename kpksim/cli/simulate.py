"""kpksim simulate: outputs of a model at every record of an event table."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from kpksim.cli.doors import place_to_read, say, say_if_slow, say_warnings
from kpksim.errors import OutputError

if TYPE_CHECKING:
    import xarray as xr

_KINDS = (".csv", ".nc")


def simulate(
    model: Annotated[str, typer.Option("--model", metavar="M", help="Model key or model file.")],
    events: Annotated[
        Path, typer.Option("--events", metavar="CSV", help="NONMEM data set; - reads stdin.")
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="OUT.csv or OUT.nc; - prints CSV.")
    ] = Path("-"),
) -> None:
    """Give a model's outputs at the records of an event table."""
    if str(output) != "-" and output.suffix not in _KINDS:
        raise OutputError(f"{output}: the name of a result ends in .csv or .nc")
    from kpksim import simulation
    from kpksim.dosing import read_events
    from kpksim.library import load_model

    chosen, table = load_model(model), read_events(place_to_read(events))
    say_if_slow([chosen], len(set(table.id)))
    result = simulation.simulate(chosen, table)
    say_warnings(result.attrs["warnings"])
    if str(output) == "-":
        _to_csv(result, sys.stdout)
        return
    _write(result, output)
    say(f"Wrote {output}")


def _write(result: "xr.Dataset", output: Path) -> None:
    """Write a result to a file, whole or not at all."""
    from kpksim.writing import new_file

    with new_file(output) as place:
        if output.suffix == ".nc":
            result.to_netcdf(place, engine="h5netcdf")
        else:
            with place.open("w", encoding="utf-8", newline="") as file:
                _to_csv(result, file)


def _to_csv(result: "xr.Dataset", file: TextIO) -> None:
    """Write one line per record: ID, TIME, EVID and every output."""
    columns = ["ID", "TIME", "EVID", *map(str, result.data_vars)]
    result.to_dataframe().reset_index()[columns].to_csv(file, index=False, float_format="%.10g")
