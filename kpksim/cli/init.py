"""kpksim init: a scenario or a study file to start from."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from kpksim.cli.doors import say
from kpksim.errors import OutputError


def init(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Where to write it.")] = None,
    study: Annotated[bool, typer.Option("--study", help="A study file instead.")] = False,
) -> None:
    """Write a starter scenario with a comment on every key."""
    starter, usual, then = (
        ("study.toml", "study.toml", "kpksim check-study {}")
        if study
        else ("starter.toml", "scenario.toml", "kpksim compare {} -o results")
    )
    place = file or Path(usual)
    text = files("kpksim.cli").joinpath(starter).read_text(encoding="utf-8")
    try:
        with place.open("x", encoding="utf-8") as output:
            output.write(text)
    except FileExistsError:
        raise OutputError(f"{place}: exists already; name another file") from None
    say(f"Wrote {place}; now: {then.format(place)}")
