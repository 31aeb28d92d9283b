"""Do posteriors cover the truth, and does the evidence find it? Checks of the calibration."""

import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.calibration.page import page
from experiments.calibration.run import stored
from experiments.calibration_checks.page import STORED, section
from experiments.calibration_checks.quadrature import errors_of
from experiments.calibration_checks.settings import FOLDER, Settings, read_settings
from experiments.calibration_checks.simulated import problem_of
from experiments.calibration_checks.summary import (
    as_checks,
    recovery_summary,
    repeated_summary,
    simulated_summary,
)
from experiments.calibration_checks.tasks import recovery_tasks, repeated_tasks, simulated_tasks
from experiments.command import TOP, Parser, parser_of, say, writable, write
from experiments.machine import machine
from kpksim.calibration.runs import one_line, run_tasks
from kpksim.calibration.tasks import Task, is_finished, read_result
from kpksim.errors import KpksimError

CHECKS = {
    "repeated": repeated_tasks,
    "simulated": simulated_tasks,
    "recovery": recovery_tasks,
}
"""The checks in the order in which they are made."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what is left to do and write what was found."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.docs and asked.quick:
        parser.error("--docs keeps the full report only; leave --quick out")
    name = "quick" if asked.quick else "full"
    folder = writable(asked.output / "calibration_checks", parser)
    settings = read_settings(FOLDER / f"{name}.toml")
    try:
        found = measure(settings, folder / name, asked)
    except KpksimError as error:
        print(f"calibration-checks: {error}", file=sys.stderr)
        return 1
    write(folder / "found.json", found)
    write(folder / "checks.json", as_checks(found))
    write(folder / "checks.md", section(found))
    if asked.docs:
        write(STORED, found)
        write(TOP / "docs" / "calibration.md", page(stored()))
    print(folder / "checks.md")
    return 0


def measure(settings: Settings, folder: Path, asked) -> dict:
    """Do the tasks of the checks that are asked for, and sum up every one with results."""
    found = {"machine": machine(), "settings": settings.model_dump()}
    for name, tasks_of in CHECKS.items():
        tasks = tasks_of(settings)
        if name in asked.only and not asked.summary:
            _do(tasks, folder, asked.workers)
        done = [task for task in tasks if is_finished(task, folder)]
        if done:
            found |= _summed(name, done, folder, settings)
    return found


def _do(tasks: list[Task], folder: Path, workers: int) -> None:
    """Do tasks, and say which failed."""
    outcome = run_tasks(tasks, folder, workers=workers, progress=lambda seen: say(one_line(seen)))
    for name, why in outcome.failed.items():
        print(f"{name} failed: {why}", file=sys.stderr)


def _summed(name: str, done: list[Task], folder: Path, settings: Settings) -> dict:
    """Sum up the results of one check."""
    results = [read_result(task, folder) for task in done]
    if name == "simulated":
        problem = problem_of(settings.calibration, settings.simulated.hypothesis)
        return {name: simulated_summary(results, len(problem.names))}
    if name == "recovery":
        return {name: recovery_summary(results)}
    if len(results) < 2:
        return {}
    asked = settings.repeated
    draws = results[0]["value"].values[: asked.draws]
    errors = errors_of(
        problem_of(settings.calibration, asked.hypothesis), draws, asked.nodes, settings.seed
    )
    return {name: repeated_summary(*results, errors) | {"nodes": asked.nodes}}


def _parser() -> Parser:
    parser = parser_of("calibration-checks", __doc__)
    names = list(CHECKS)
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="checks to make")
    parser.add_argument("--workers", type=int, default=2, help="number of processes")
    parser.add_argument("--summary", action="store_true", help="sum up what is there already")
    return parser


if __name__ == "__main__":
    sys.exit(main())
