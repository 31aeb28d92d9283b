"""kpksim models: browse the library."""

import json
import sys
from typing import Annotated

import typer

from kpksim.cli.doors import show_table


def models(
    key: Annotated[str | None, typer.Argument(metavar="KEY", help="One model.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the models, or show one with all its numbers."""
    from kpksim.cli.cards import model_card, model_record, model_row
    from kpksim.library import list_models, load_model

    chosen = [load_model(name) for name in ([key] if key else list_models())]
    if as_json:
        records = [model_record(model) if key else model_row(model) for model in chosen]
        typer.echo(json.dumps(records[0] if key else records, indent=2, ensure_ascii=False))
    elif key:
        from kpksim.cli.card_fit import fit_card

        model_card(chosen[0])
        fit_card(chosen[0], key)
    else:
        rows = [model_row(model) for model in chosen]
        if sys.stdout.isatty():
            show_table(("key", "model"), [(row["key"], _in_words(row)) for row in rows])
        else:
            show_table(list(rows[0]), [list(row.values()) for row in rows])


def _in_words(row: dict[str, str]) -> str:
    """Give one line of the list as a paragraph that fits a narrow terminal."""
    return (
        f"{row['title']}\n{row['drug']}: {row['analytes']}\n"
        f"{row['routes']}; {row['sampling']} blood; grade {row['grade']}\n{row['population']}\n"
    )
