"""kpksim compare: the main job."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from kpksim.cli.doors import place_to_read, progress, say, say_if_slow, say_warnings


def compare(
    scenario: Annotated[
        Path, typer.Argument(metavar="SCENARIO", help="Scenario file (TOML); - reads stdin.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Folder to make.")],
    force: Annotated[
        bool, typer.Option("--force", help="Replace the results of an earlier run.")
    ] = False,
    keep_people: Annotated[
        bool, typer.Option("--keep-people", help="Keep the curves of every person: people.nc.")
    ] = False,
    keep_draws: Annotated[
        bool, typer.Option("--keep-draws", help="Keep the curves of every draw: draws.nc.")
    ] = False,
) -> None:
    """Compare the regimens of a scenario; the main job.

    Makes a folder with report.html, figures/, summary.csv and results.nc.
    """
    from kpksim import analysis
    from kpksim.writing import refuse_occupied

    chosen = analysis.read_scenario(place_to_read(scenario))
    refuse_occupied(output, force=force)
    say_if_slow(chosen.models, chosen.people + chosen.draws)
    with progress("Simulating") as tell:
        comparison = analysis.compare(
            chosen, keep_people=keep_people, keep_draws=keep_draws, progress=tell
        )
    say_warnings(comparison.result.attrs["warnings"])
    command = shlex.join(["kpksim", *sys.argv[1:]])
    name = "scenario.toml" if str(scenario) == "-" else scenario.name
    with progress("Writing figures and report"):
        from kpksim.report import write

        report = write(comparison, output, command=command, config_name=name, force=force)
    say(f"Wrote {report}")
