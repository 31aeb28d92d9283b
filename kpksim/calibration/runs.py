"""A list of tasks, done by a few processes, each task leaving one file.

A calibration is dozens of tasks, most of which do not need each other: main fits, analyses, other
choices, checks. Each writes its result whole into one folder, so a run that was killed goes on
where it stopped: what is finished is skipped, what was under way resumes from its checkpoint.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kpksim.calibration.sampling import SamplerProgress
from kpksim.calibration.tasks import Task, is_finished
from kpksim.calibration.workers import do
from kpksim.errors import ScenarioError


@dataclass(frozen=True)
class Overview:
    """How far a list of tasks is.

    Attributes
    ----------
    done, total : int
        Tasks that have ended, and all.
    running : mapping of str to SamplerProgress or None
        What is under way; None before it has told anything.
    """

    done: int
    total: int
    running: Mapping[str, SamplerProgress | None]


@dataclass(frozen=True)
class Outcome:
    """How a list of tasks ended.

    Attributes
    ----------
    finished, skipped : tuple of str
        Tasks done now, and those that had been finished before.
    failed : mapping of str to str
        Why each of the others failed; empty when all is well.
    """

    finished: tuple[str, ...]
    skipped: tuple[str, ...]
    failed: Mapping[str, str] = field(default_factory=dict)


def run_tasks(
    tasks: Sequence[Task],
    folder: Path,
    *,
    workers: int = 2,
    progress: Callable[[Overview], None] | None = None,
) -> Outcome:
    """Do every task that is not finished yet.

    A task that fails does not stop the others; an interruption (Ctrl-C) stops all of them and
    leaves results and checkpoints for the next time.

    Parameters
    ----------
    tasks : sequence of Task
        What to do, in this order but for those that wait for others.
    folder : Path
        Where the results go; made if needed.
    workers : int
        Number of processes, each with one thread.
    progress : callable, optional
        Called with an overview whenever something has changed.

    Returns
    -------
    Outcome
        How they ended.

    Raises
    ------
    ScenarioError
        If two tasks share a name, or wait for each other.
    DataError
        If the folder holds a result of that name made with other arguments. Nothing is changed.
    """
    _refuse_shared_names(tasks)
    skipped = tuple(task.name for task in tasks if is_finished(task, folder))
    left = [task for task in tasks if task.name not in skipped]
    folder.mkdir(parents=True, exist_ok=True)

    def tell(done: int, running: Mapping[str, SamplerProgress | None]) -> None:
        if progress:
            progress(Overview(len(skipped) + done, len(tasks), running))

    failed = do(left, folder, min(workers, len(left)), tell)
    finished = tuple(task.name for task in left if task.name not in failed)
    return Outcome(finished, skipped, failed)


def one_line(seen: Overview) -> str:
    """Say on one line how far a list of tasks is.

    Parameters
    ----------
    seen : Overview
        How far it is.

    Returns
    -------
    str
        The line.

    Examples
    --------
    >>> told = SamplerProgress(900, 41000, 812.4, -38.21, 3.14)
    >>> one_line(Overview(3, 12, {"ketamine": told, "norketamine": None}))
    '3 of 12 done; ketamine 812/s, ln Z -38.2, 3.1 to come; norketamine begins'
    """
    parts = [f"{seen.done} of {seen.total} done"]
    parts += [_one_task(name, told) for name, told in seen.running.items()]
    return "; ".join(parts)


def _one_task(name: str, told: SamplerProgress | None) -> str:
    """Say how far one task is."""
    if told is None or told.remaining > 1e6:
        return f"{name} begins"
    return (
        f"{name} {told.per_second:.0f}/s, ln Z {told.log_evidence:.1f}, "
        f"{told.remaining:.2g} to come"
    )


def _refuse_shared_names(tasks: Sequence[Task]) -> None:
    """Refuse two tasks that would write one file."""
    names = [task.name for task in tasks]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ScenarioError(f'two tasks are named "{twice[0]}"; each needs a name of its own')
