"""kpksim qualify: predicted against observed."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from kpksim.cli.doors import progress, say


def qualify(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Folder to make.")],
    model: Annotated[
        list[str] | None,
        typer.Option("--model", metavar="KEY", help="Only this model, or a file; repeatable."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the results of an earlier run.")
    ] = False,
) -> None:
    """Compare every model with what was measured in people.

    Makes a folder with report.html, figures/, ratios.csv, summary.csv, refused.csv and results.nc.
    """
    from kpksim.analysis.qualification import qualify as compute
    from kpksim.evidence import list_observed, load_observed
    from kpksim.library import list_models, load_model
    from kpksim.writing import refuse_occupied

    chosen = [load_model(key) for key in (model or list_models())]
    refuse_occupied(output, force=force)
    with progress("Predicting") as tell:
        studies = [load_observed(key) for key in list_observed()]
        found = compute(chosen, studies, progress=tell)
    command = shlex.join(["kpksim", *sys.argv[1:]])
    with progress("Writing figures and report"):
        from kpksim.report.qualification_output import write_qualification

        report = write_qualification(found, output, command=command, force=force)
    say(f"Wrote {report}")
