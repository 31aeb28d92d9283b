"""What do the reviewed studies say, and where does the review differ from them?"""

import sys
from collections.abc import Sequence

from experiments.command import TOP, parser_of, writable, write
from experiments.evidence.exposures import arm_exposures
from experiments.evidence.page import page
from kpksim.evidence import audit, list_studies, load_study
from kpksim.library import load_model
from kpksim.plots import evidence_map, to_svg

MODEL = "reference_racemic"
"""The library's model of every route."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page and the map."""
    asked = (parser := parser_of("evidence", __doc__)).parse_args(arguments)
    folder = writable(asked.output, parser)
    studies = [load_study(key) for key in list_studies()]
    model = load_model(MODEL)
    arms = arm_exposures(studies, model)
    text = page(studies, audit(), arms, model.name)
    write(folder / "arms.csv", arms.to_csv(index=False))
    write(folder / "evidence.md", text)
    drawing = to_svg(evidence_map(studies), "evidence", "What the studies say, and when")
    write(folder / "evidence.svg", drawing)
    if asked.docs:
        write(TOP / "docs" / "evidence.md", text)
    print(folder / "evidence.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
