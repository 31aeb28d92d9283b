"""What every verb does in the same way: standard input, tables, talk, progress."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from kpksim.models import Model

MANY = 20
"""From so many people on, a model that is not linear keeps the user waiting."""
MINUTE = 60.0
"""Between lines about long work in a log [s]."""


def place_to_read(path: Path) -> Path:
    """Give the path to read from; ``-`` is standard input."""
    return Path("/dev/stdin") if str(path) == "-" else path


def say(message: str) -> None:
    """Tell the user something, on standard error."""
    typer.echo(message, err=True)


def say_warnings(warnings: str) -> None:
    """Tell the user what a result converts, extrapolates or leaves out; one warning per line."""
    for line in warnings.splitlines():
        say(f"Warning: {line}")


def say_if_slow(models: Sequence["Model"], people: int) -> None:
    """Tell the user once that many people take long in a model that is not linear."""
    names = ", ".join(one.name for one in models if not one.is_linear)
    if names and people >= MANY:
        say(
            f"{names}: not a linear model, so every person is integrated step by step; expect up "
            "to a second for each person and regimen."
        )


def show_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows in columns: a table on a terminal, aligned lines in a pipe."""
    if sys.stdout.isatty():
        _draw_table(headings, rows)
        return
    for line in aligned([headings, *rows]):
        typer.echo(line)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Give one line per row, its columns two spaces apart."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _draw_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Draw a table that fits the terminal."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column, heading in enumerate(headings):
        table.add_column(heading, overflow="fold", no_wrap=column == 0)
    for row in rows:
        table.add_row(*row)
    Console().print(table)


@contextmanager
def progress(title: str) -> Iterator[Callable[[float], None]]:
    """Show on a terminal that work goes on; give the function that is told the share done."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=None)
        yield lambda share: bar.update(task, total=1.0, completed=share)


@contextmanager
def status_line(title: str) -> Iterator[Callable[[str], None]]:
    """Show what is being done; give the function that is told it.

    On a terminal it stands on one line that changes; in a log it is a line a minute.
    """
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _line_a_minute(title)
        return
    with console.status(title) as shown:
        yield lambda words: shown.update(f"{title}: {words}")


def _line_a_minute(title: str) -> Callable[[str], None]:
    """Give a function that writes what it is told, but not more often than once a minute."""
    last = monotonic()

    def tell(words: str) -> None:
        nonlocal last
        if monotonic() - last >= MINUTE:
            last = monotonic()
            say(f"{title}: {words}")

    return tell
