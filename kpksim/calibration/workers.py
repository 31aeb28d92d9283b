"""A few processes that do tasks, one after another, and tell how far they are.

Each process has one thread and is started anew (not forked), so that compiled code, threads and
open files of the parent are not shared. When the parent is gone the pipe breaks and they end.
"""

import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from traceback import extract_tb
from typing import cast

from kpksim.calibration.sampling import SamplerProgress
from kpksim.calibration.tasks import Bench, Task, write_result
from kpksim.errors import KpksimError, ScenarioError

_ONE_THREAD = dict.fromkeys(
    ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
)
Running = Mapping[str, SamplerProgress | None]


def do(
    tasks: Sequence[Task], folder: Path, workers: int, tell: Callable[[int, Running], None]
) -> dict[str, str]:
    """Do tasks in several processes.

    Parameters
    ----------
    tasks : sequence of Task
        What to do, in this order.
    folder : Path
        Where results and checkpoints go.
    workers : int
        Number of processes.
    tell : callable
        Called with the number of ended tasks and with what is running.

    Returns
    -------
    dict of str to str
        Why each task that failed did so, by name.

    Raises
    ------
    ScenarioError
        If tasks wait for each other.
    """
    crew = _Crew(tasks, folder, workers, tell)
    try:
        crew.fill()
        while crew.busy:
            crew.listen()
    finally:
        crew.dismiss()
    return crew.failed


@dataclass
class _Worker:
    """A process, the pipe to it, and what it is doing."""

    process: BaseProcess
    pipe: Connection
    task: Task


class _Crew:
    """The processes and what they have told so far."""

    def __init__(
        self,
        tasks: Sequence[Task],
        folder: Path,
        workers: int,
        tell: Callable[[int, Running], None],
    ) -> None:
        self.busy: dict[Connection, _Worker] = {}
        self.failed: dict[str, str] = {}
        self._waiting, self._free = list(tasks), list[_Worker]()
        self._folder, self._workers, self._tell = folder, workers, tell
        self._running: dict[str, SamplerProgress | None] = {}
        self._done = 0

    def fill(self) -> None:
        """Give the tasks that can begin to processes, as many as there may be."""
        while len(self.busy) < self._workers and (task := self._next()):
            worker = self._free.pop() if self._free else self._hire(task)
            worker.task = task
            worker.pipe.send(task)
            self.busy[worker.pipe] = worker
            self._running[task.name] = None
        if self._waiting and not self.busy:
            names = ", ".join(task.name for task in self._waiting)
            raise ScenarioError(f"tasks wait for each other: {names}")
        self._tell(self._done, dict(self._running))

    def listen(self) -> None:
        """Wait for what the processes tell, and act on it."""
        for pipe in wait(list(self.busy)):
            worker = self.busy[cast(Connection, pipe)]
            try:
                told = worker.pipe.recv()
            except (EOFError, ConnectionError):
                self._lose(worker)
                continue
            if isinstance(told, SamplerProgress):
                self._running[worker.task.name] = told
                self._tell(self._done, dict(self._running))
            else:
                self._end(worker, told)
                self._free.append(worker)
                self.fill()

    def dismiss(self) -> None:
        """Stop every process; those that do nothing end when their pipe does."""
        for worker in self.busy.values():
            worker.process.terminate()
        for worker in (*self.busy.values(), *self._free):
            worker.pipe.close()
            worker.process.join()

    def _next(self) -> Task | None:
        """Take the first task that waits for no other."""
        self._fail_with_others()
        ahead = {task.name for task in self._waiting} | set(self._running)
        for task in self._waiting:
            if ahead.isdisjoint(task.after):
                self._waiting.remove(task)
                return task
        return None

    def _fail_with_others(self) -> None:
        """Give up the tasks that wait for one that failed."""
        for task in list(self._waiting):
            needed = [name for name in task.after if name in self.failed]
            if needed:
                self._waiting.remove(task)
                self._done += 1
                self.failed[task.name] = f"needs {needed[0]}, which failed"

    def _hire(self, task: Task) -> _Worker:
        """Start a process."""
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self._folder), daemon=True)
        with _environment(_ONE_THREAD):
            process.start()
        theirs.close()
        return _Worker(process, ours, task)

    def _end(self, worker: _Worker, why: str) -> None:
        """Note that the task of a process has ended, well or with a reason."""
        self._done += 1
        del self.busy[worker.pipe], self._running[worker.task.name]
        if why:
            self.failed[worker.task.name] = why

    def _lose(self, worker: _Worker) -> None:
        """Note that a process has died, and start another for the tasks that wait."""
        worker.process.join()
        worker.pipe.close()
        status = worker.process.exitcode
        self._end(
            worker, f"its process ended with status {status} (out of memory gives -9); run again"
        )
        self.fill()


def _work(pipe: Connection, folder: Path) -> None:
    """Do tasks from a pipe until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        while True:
            task = pipe.recv()
            pipe.send(_done(task, folder, pipe))
    except (EOFError, ConnectionError):
        return


def _done(task: Task, folder: Path, pipe: Connection) -> str:
    """Do one task and give the reason if it fails, else nothing."""
    checkpoint = folder / f"{task.name}.checkpoint"
    try:
        found = task.function(Bench(checkpoint, pipe.send), **task.arguments)
        write_result(task, found, folder)
        checkpoint.unlink(missing_ok=True)
    except (KpksimError, OSError) as error:
        return str(error)
    except Exception as error:
        frame = extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}, line {frame.lineno}"
        return f"{type(error).__name__}: {error} ({place}); this is a fault of kpksim"
    return ""


@contextmanager
def _environment(settings: Mapping[str, str]) -> Iterator[None]:
    """Set variables for the processes that are started inside the block."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
