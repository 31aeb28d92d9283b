"""A few processes that do tasks, one after another, and tell how far they are.

Each process has one thread and is started anew (not forked), so that compiled code, threads and
open files of the parent are not shared. When the parent is gone the pipe breaks and they end.
"""

import os
import signal
from collections import deque
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
from kpksim.errors import KpksimError

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
    """
    crew = _Crew(deque(tasks), folder, tell)
    try:
        for _ in range(workers):
            crew.hire()
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
        self, waiting: deque[Task], folder: Path, tell: Callable[[int, Running], None]
    ) -> None:
        self.busy: dict[Connection, _Worker] = {}
        self.failed: dict[str, str] = {}
        self._waiting, self._folder, self._tell = waiting, folder, tell
        self._running: dict[str, SamplerProgress | None] = {}
        self._done = 0

    def hire(self) -> None:
        """Start a process with the next task, if there is one."""
        if not self._waiting:
            return
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self._folder), daemon=True)
        with _environment(_ONE_THREAD):
            process.start()
        theirs.close()
        self._give(_Worker(process, ours, self._waiting[0]))

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
            else:
                self._end(worker, told)
                self._give(worker)
            self._tell(self._done, dict(self._running))

    def dismiss(self) -> None:
        """Stop every process."""
        for worker in self.busy.values():
            worker.process.terminate()
            worker.process.join()
            worker.pipe.close()

    def _give(self, worker: _Worker) -> None:
        """Give a process the next task, or let it go."""
        if self._waiting:
            worker.task = self._waiting.popleft()
            worker.pipe.send(worker.task)
            self.busy[worker.pipe] = worker
            self._running[worker.task.name] = None
            self._tell(self._done, dict(self._running))
        else:
            del self.busy[worker.pipe]
            worker.pipe.close()
            worker.process.join()

    def _end(self, worker: _Worker, why: str) -> None:
        """Note that a task has ended, well or with a reason."""
        self._done += 1
        del self._running[worker.task.name]
        if why:
            self.failed[worker.task.name] = why

    def _lose(self, worker: _Worker) -> None:
        """Note that a process has died, and start another for the tasks that wait."""
        worker.process.join()
        del self.busy[worker.pipe]
        worker.pipe.close()
        status = worker.process.exitcode
        self._end(
            worker, f"its process ended with status {status} (out of memory gives -9); run again"
        )
        self.hire()
        self._tell(self._done, dict(self._running))


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
