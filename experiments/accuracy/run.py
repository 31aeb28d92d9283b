"""How far is the engine from 40 digits? Random, defective and stiff models against mpmath."""

import sys
from collections.abc import Sequence

from experiments.accuracy.errors import errors_of
from experiments.accuracy.models import KINDS
from experiments.accuracy.page import judged, page
from experiments.accuracy.settings import FOLDER, Settings, read_settings
from experiments.command import TOP, parser_of, say, writable, write
from experiments.machine import machine


def measure(settings: Settings) -> dict:
    """Measure every kind of model."""
    described, kinds = machine(), []
    for kind in KINDS:
        errors = errors_of(kind, settings.models, settings.subjects, settings.seed).as_json()
        kinds.append(errors)
        say(f"{kind:40s} largest error {errors['max']:.1e}  {judged(errors)}")
    return {"machine": described, "settings": settings.model_dump(), "kinds": kinds}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the report and write it."""
    parser = parser_of("accuracy", __doc__)
    asked = parser.parse_args(arguments)
    if asked.docs and asked.quick:
        parser.error("--docs keeps the full report only; leave --quick out")
    folder = writable(asked.output, parser)
    found = measure(read_settings(FOLDER / ("quick.toml" if asked.quick else "full.toml")))
    write(folder / "accuracy.json", found)
    write(folder / "accuracy.md", page(found))
    if asked.docs:
        write(TOP / "docs" / "accuracy.md", page(found))
    print(folder / "accuracy.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
