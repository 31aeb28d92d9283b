"""How near a model comes to what was measured in people, for its card."""

import shlex

import typer

from kpksim.analysis.qualification import qualify
from kpksim.analysis.verdicts import Verdict, route_words, verdicts
from kpksim.cli.doors import show_table
from kpksim.evidence import list_observed, load_observed
from kpksim.models import Model
from kpksim.vocabulary import ANALYTES


def fit_card(model: Model, key: str) -> None:
    """Print for which routes and analytes a model is fit, and the command that shows more.

    A model that is not linear takes too long for a card.
    """
    command = f"kpksim qualify --model {shlex.quote(key)} -o DIR"
    if not model.is_linear:
        typer.echo(f"Against observations: {command}")
        return
    found = qualify([model], [load_observed(one) for one in list_observed()])
    rows = [
        (route_words(route), analyte.short, _told(cell, own=False), _told(cell, own=True))
        for route, cells in verdicts(found)[model.name].items()
        for analyte, cell in zip(ANALYTES.values(), cells, strict=True)
        if cell
    ]
    typer.echo("Against observations: the fold within which three of four rows lie")
    if rows:
        show_table(("route", "analyte", "rows not used for it", "its own data"), rows)
    else:
        typer.echo("compared with none")
    typer.echo(f"\nEvery row, and why others are not compared: {command}")


def _told(cell: tuple[Verdict, ...], *, own: bool) -> str:
    """Write the verdict of one kind of rows, nothing where there are none."""
    return ", ".join(f"{one.text} ({one.n})" for one in cell if one.own is own)
