"""How fast is the engine? Every row of the benchmark, its goals, and two other simulators."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from experiments.bench.figures import Row
from experiments.bench.page import number, page
from experiments.bench.registry import TASKS, measured
from experiments.bench.settings import FOLDER, Settings, read_settings
from experiments.command import TOP, Parser, parser_of, say, writable, write
from experiments.machine import machine


def measure(keys: Sequence[str], settings: Settings, keep: Callable[[dict], None]) -> dict:
    """Measure rows, and keep what is there after each of them."""
    found = {"machine": machine(), "settings": settings.model_dump(), "rows": []}
    for key in keys:
        row = measured(key, settings)
        say(progress(row))
        found["rows"].append(row.as_json())
        keep(found)
    return found


def progress(row: Row) -> str:
    """One line for a row that is done."""
    if row.failure:
        said = f"failed: {row.failure}"
    elif row.figures:
        first = row.figures[0]
        said = f"{number(first.value)} {first.unit}".strip() + f"  ({first.what})"
    else:
        said = "; ".join(row.notes)
    return f"{row.key:18s} {row.seconds:6.1f} s  {said}"


def options() -> Parser:
    """Give the parser of the command line."""
    parser = parser_of("bench", __doc__)
    parser.add_argument(
        "--only", action="append", default=[], metavar="ROW", help=f"one of {', '.join(TASKS)}"
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and write it; 1 when a row failed."""
    parser = options()
    asked = parser.parse_args(arguments)
    unknown = [key for key in asked.only if key not in TASKS]
    if unknown:
        parser.error(f'no row "{unknown[0]}"; rows are {", ".join(TASKS)}')
    if asked.docs and (asked.quick or asked.only):
        parser.error("--docs keeps the full benchmark only; leave --quick and --only out")
    settings = read_settings(FOLDER / ("quick.toml" if asked.quick else "full.toml"))
    folder = writable(asked.output, parser)
    keys = [key for key in TASKS if key in asked.only or not asked.only]
    found = measure(keys, settings, lambda so_far: write_both(so_far, folder))
    if asked.docs:
        write(TOP / "docs" / "benchmark.md", page(found))
    print(folder / "bench.md")
    return int(any(row["failure"] for row in found["rows"]))


def write_both(found: dict, folder: Path) -> None:
    """Write JSON and page."""
    write(folder / "bench.json", found)
    write(folder / "bench.md", page(found))


if __name__ == "__main__":
    sys.exit(main())
