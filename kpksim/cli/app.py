"""Which verbs there are, and how a refusal is said."""

import sys
from typing import Annotated

import typer

from kpksim.cli.calibrate import calibrate
from kpksim.cli.check_study import check_study
from kpksim.cli.cite import cite
from kpksim.cli.compare import compare
from kpksim.cli.hypotheses import hypotheses
from kpksim.cli.init import init
from kpksim.cli.models import models
from kpksim.cli.qualify import qualify
from kpksim.cli.simulate import simulate
from kpksim.cli.studies import studies
from kpksim.errors import KpksimError
from kpksim.vocabulary import USE_LINE

app = typer.Typer(
    help=f"Compare dosing regimens of ketamine. {USE_LINE}",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
VERBS = (
    compare, simulate, calibrate, qualify, models, studies, hypotheses, check_study, cite, init,
)  # fmt: skip
for verb in VERBS:
    app.command()(verb)


def _say_version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        import kpksim

        typer.echo(f"kpksim {kpksim.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_say_version, is_eager=True),
    ] = False,
) -> None:
    """Read the options that stand before a verb."""


def main() -> None:
    """Run the command line and end the process.

    The exit status is 0, 1 when kpksim refuses (one message on stderr), 2 when the command
    itself is wrong, 130 after an interrupt.
    """
    try:
        app()
    except KpksimError as error:
        _refuse(str(error))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        _refuse(f"{error.filename}: {reason}" if error.filename else reason)


def _refuse(message: str) -> None:
    """Say why nothing was done."""
    typer.echo(f"kpksim: {message}", err=True)
    sys.exit(1)
