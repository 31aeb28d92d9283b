"""Can liver and gut explain what other drugs do to ketamine? Published ratios against predicted."""

import sys
from collections.abc import Sequence

from experiments.command import TOP, parser_of, writable, write
from experiments.interactions.drawing import drawing
from experiments.interactions.page import page
from kpksim.analysis.interactions import interaction_table
from kpksim.library import load_model
from kpksim.plots import to_svg

MODEL = "perezruixo2021"
"""The library's model with a gut wall and a liver of its own."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Compute every ratio and write the page and the figure."""
    parser = parser_of("interactions", __doc__)
    asked = parser.parse_args(arguments)
    folder = writable(asked.output, parser)
    table = interaction_table(load_model(MODEL))
    figure = drawing(table, MODEL)
    write(folder / "interactions.md", page(table, MODEL))
    write(
        folder / "interactions.svg",
        to_svg(figure, "interactions", figure.get_suptitle()),
    )
    if asked.docs:
        write(TOP / "docs" / "interactions.md", page(table, MODEL))
    print(folder / "interactions.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
