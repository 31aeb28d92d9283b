"""kpksim init: a scenario to start from."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from kpksim.cli.doors import say
from kpksim.errors import OutputError


def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")] = Path(
        "scenario.toml"
    ),
) -> None:
    """Write a starter scenario with a comment on every key."""
    starter = files("kpksim.cli").joinpath("starter.toml").read_text(encoding="utf-8")
    try:
        with file.open("x", encoding="utf-8") as place:
            place.write(starter)
    except FileExistsError:
        raise OutputError(f"{file}: exists already; name another file") from None
    say(f"Wrote {file}; now: kpksim compare {file} -o results")
