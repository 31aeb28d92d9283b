"""kpksim studies: browse the clinical studies."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from kpksim.cli.doors import say, show_table
from kpksim.errors import OutputError, unknown
from kpksim.vocabulary import CONSTRUCTS


def studies(
    key: Annotated[str | None, typer.Argument(metavar="KEY", help="One study.")] = None,
    construct: Annotated[
        str | None, typer.Option(metavar="NAME", help="Statements about it, of all studies.")
    ] = None,
    audit: Annotated[bool, typer.Option("--audit", help="Where review and papers differ.")] = False,
    drawing: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="Draw all on a page, SVG or PNG.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the reviewed studies, show one with all it states, or audit the review."""
    if drawing is not None:
        _draw_map(drawing)
    elif audit:
        _show_audit(key, as_json)
    elif construct is not None:
        _show_construct(construct, key, as_json)
    elif key is not None:
        _show_one(key, as_json)
    else:
        _show_all(as_json)


def _show_all(as_json: bool) -> None:
    """List every study in a line."""
    from kpksim.cli.study_cards import study_row
    from kpksim.evidence import list_studies, load_study

    rows = [study_row(load_study(name)) for name in list_studies()]
    if as_json:
        _print_json(rows)
    elif sys.stdout.isatty():
        lines = [
            (row["key"], "\n".join([row["title"], row["people"], row["given"], row["times"], ""]))
            for row in rows
        ]
        show_table(("key", "study"), lines)
    else:
        show_table(list(rows[0]), [list(row.values()) for row in rows])


def _show_one(key: str, as_json: bool) -> None:
    """Show one study with its arms and statements."""
    from kpksim.cli.study_cards import study_card, study_record
    from kpksim.evidence import load_study

    study = load_study(key)
    if as_json:
        _print_json(study_record(study))
    else:
        study_card(study)


def _show_construct(construct: str, key: str | None, as_json: bool) -> None:
    """List the statements about a construct."""
    from kpksim.cli.study_cards import statement_record, statement_row
    from kpksim.evidence import REVIEW, list_studies, load_study

    if construct not in CONSTRUCTS:
        raise unknown("construct", construct, list(CONSTRUCTS))
    chosen = [load_study(name) for name in ([key] if key else [*list_studies(), REVIEW])]
    found = [
        (study, one) for study in chosen for one in study.statements if one.construct == construct
    ]
    if as_json:
        _print_json([{"study": study.key} | statement_record(one) for study, one in found])
    else:
        headings = ("statement", "when", "type", "grade", "says")
        show_table(headings, [statement_row(one) for _, one in found])


def _show_audit(key: str | None, as_json: bool) -> None:
    """Show what an audit of the review found."""
    from kpksim.cli.study_cards import finding_lines
    from kpksim.evidence import audit as findings
    from kpksim.evidence import load_study

    wanted = None if key is None else load_study(key).key
    found = [one for one in findings() if wanted is None or wanted in one.studies]
    if as_json:
        _print_json([one.model_dump() for one in found])
    else:
        typer.echo("\n".join(line for one in found for line in finding_lines(one)))


def _print_json(content: object) -> None:
    """Print JSON for another program."""
    typer.echo(json.dumps(content, indent=2, ensure_ascii=False))


def _draw_map(path: Path) -> None:
    """Draw what every study says, and when."""
    from kpksim.evidence import list_studies, load_study
    from kpksim.plots import evidence_map, to_png, to_svg
    from kpksim.writing import new_file

    kind = path.suffix.lower()
    if kind not in (".svg", ".png"):
        raise OutputError(f'{path}: a map is an SVG or a PNG; end its name with ".svg" or ".png"')
    figure = evidence_map([load_study(key) for key in list_studies()])
    with new_file(path) as place:
        if kind == ".png":
            place.write_bytes(to_png(figure))
        else:
            place.write_text(to_svg(figure, "map", "What the studies say, and when"), "utf-8")
    say(f"Wrote {path}")
