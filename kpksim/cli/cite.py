"""kpksim cite: where the numbers come from."""

import json
from typing import Annotated

import typer

from kpksim.errors import unknown


def cite(
    keys: Annotated[list[str], typer.Argument(metavar="KEY", help="Models or sources.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the publications behind models, one per line."""
    from kpksim.bibliography import cite as citation

    sources = list(dict.fromkeys(source for key in keys for source in _sources(key)))
    citations = {source: citation(source) for source in sources}
    if as_json:
        typer.echo(json.dumps(citations, indent=2, ensure_ascii=False))
    else:
        typer.echo("\n".join(citations.values()))


def _sources(key: str) -> list[str]:
    """Give the bibliography keys behind a model, or the one that `key` is itself."""
    from kpksim.bibliography import all_sources
    from kpksim.library import list_models, load_model, resolve_alias

    if resolve_alias(key) in list_models():
        return list(load_model(key).sources)
    if key in all_sources():
        return [key]
    raise unknown(
        "model or source", key, [*list_models(), *all_sources()], "`kpksim models` lists all models"
    )
