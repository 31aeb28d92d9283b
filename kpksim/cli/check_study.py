"""kpksim check-study: whether a study file can join the evidence."""

from pathlib import Path
from typing import Annotated

import typer

from kpksim.cli.doors import place_to_read, say


def check_study(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A study file, or -.")],
) -> None:
    """Check a study file: schema, units, clock, doses, scales, grades, likely doubles."""
    from kpksim.documents import read_text
    from kpksim.evidence import list_studies, load_study, parse_study
    from kpksim.evidence.study_checks import likely_doubles

    study = parse_study(read_text(place_to_read(file)), str(file))
    for warning in likely_doubles(study, [load_study(key) for key in list_studies()]):
        say(f"Warning: {warning}.")
    used = sum(one.reading != "not used" and not one.repeats for one in study.statements)
    typer.echo(
        f"{file}: {study.key} is in order: {len(study.arms)} arms, {len(study.statements)} "
        f"statements, {used} of them used by a fit."
    )
