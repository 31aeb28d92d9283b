"""Tasks run in processes, leave whole results, and go on where a killed run stopped."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import xarray as xr

from kpksim.calibration.runs import Outcome, one_line, run_tasks
from kpksim.calibration.tasks import Task, read_result, take_over
from kpksim.errors import DataError, ScenarioError

TOYS = """
import os
import time
from pathlib import Path

import xarray as xr

from kpksim.calibration.sampling import SamplerProgress
from kpksim.errors import DataError


def square(bench, number, log=""):
    if log:
        with open(log, "a") as file:
            file.write(f"{number}\\n")
    bench.checkpoint.write_text("half way")
    bench.tell(SamplerProgress(1, 10, 5.0, -1.0, 0.5))
    threads = os.environ["NUMBA_NUM_THREADS"] + os.environ["OMP_NUM_THREADS"]
    return xr.Dataset(
        {"square": number**2}, attrs={"threads": threads, "process": os.getpid()}
    )


def refuse(bench, number):
    raise DataError(f"number {number} is refused; take another")


def fill(bench, number):
    raise OSError(28, "No space left on device")


def stumble(bench, number):
    return 1 / (number - number)


def die(bench, number):
    os._exit(7)


def endless(bench, marker):
    bench.checkpoint.write_text("half way")
    Path(marker).write_text(str(os.getpid()))
    while True:
        time.sleep(0.05)
        bench.tell(SamplerProgress(1, 10, 5.0, -1.0, 0.5))
"""


@pytest.fixture(scope="module")
def toys(tmp_path_factory):
    """Give a module that other processes can import too."""
    folder = tmp_path_factory.mktemp("toys")
    (folder / "kpksim_toy_tasks.py").write_text(TOYS)
    sys.path.insert(0, str(folder))
    import kpksim_toy_tasks

    yield kpksim_toy_tasks
    sys.path.remove(str(folder))


def squares(toys, numbers, **more):
    return [Task(f"square_{number}", toys.square, {"number": number, **more}) for number in numbers]


def gone(process: int) -> bool:
    """Say whether a process has ended (or is dead and not yet collected)."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_every_task_leaves_its_result_and_no_checkpoint(toys, tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    tasks = squares(toys, (2, 3, 4))
    told = []
    outcome = run_tasks(tasks, tmp_path / "run", progress=told.append)
    assert outcome == Outcome(("square_2", "square_3", "square_4"), ())
    found = [read_result(task, tmp_path / "run") for task in tasks]
    assert [int(one["square"]) for one in found] == [4, 9, 16]
    assert {one.attrs["threads"] for one in found} == {"11"}
    assert os.environ["OMP_NUM_THREADS"] == "3"
    assert "MKL_NUM_THREADS" not in os.environ
    processes = {one.attrs["process"] for one in found}
    assert os.getpid() not in processes
    assert len(processes) <= 2
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert names == {"square_2.nc", "square_3.nc", "square_4.nc"}
    assert (told[-1].done, told[-1].total, dict(told[-1].running)) == (3, 3, {})
    assert max(len(one.running) for one in told) == 2
    assert any(one for seen in told for one in seen.running.values())


def test_finished_tasks_are_skipped(toys, tmp_path):
    log = str(tmp_path / "log")
    folder = tmp_path / "run"
    run_tasks(squares(toys, (2,), log=log), folder, workers=1)
    told = []
    outcome = run_tasks(squares(toys, (2, 3), log=log), folder, workers=1, progress=told.append)
    lines = [one_line(seen) for seen in told]
    assert lines[0] == "1 of 2 done; square_3 begins"
    assert "1 of 2 done; square_3 5/s, ln Z -1.0, 0.5 to come" in lines
    assert lines[-1] == "2 of 2 done"
    assert outcome == Outcome(("square_3",), ("square_2",))
    assert Path(log).read_text().split() == ["2", "3"]
    assert run_tasks(squares(toys, (2, 3), log=log), folder).skipped == ("square_2", "square_3")


def test_failures_are_told_and_the_other_tasks_finish(toys, tmp_path):
    bad = [
        Task(name, getattr(toys, name), {"number": 5})
        for name in ("refuse", "fill", "stumble", "die")
    ]
    outcome = run_tasks([*bad, *squares(toys, (2, 3))], tmp_path, workers=1)
    assert outcome.finished == ("square_2", "square_3")
    assert outcome.failed["refuse"] == "number 5 is refused; take another"
    assert outcome.failed["fill"] == "[Errno 28] No space left on device"
    assert outcome.failed["stumble"].startswith("ZeroDivisionError: division by zero (kpksim_toy")
    assert "this is a fault of kpksim" in outcome.failed["stumble"]
    assert outcome.failed["die"].startswith("its process ended with status 7")
    assert {path.name for path in tmp_path.iterdir()} == {"square_2.nc", "square_3.nc"}


def test_a_task_begins_when_those_it_waits_for_have_ended(toys, tmp_path):
    log = str(tmp_path / "log")
    last = Task("last", toys.square, {"number": 9, "log": log}, after=("square_3", "elsewhere"))
    tasks = [*squares(toys, (2,), log=log), last, *squares(toys, (3,), log=log)]
    told = []
    outcome = run_tasks(tasks, tmp_path / "run", progress=told.append)
    assert outcome.finished == ("square_2", "last", "square_3")
    begun = Path(log).read_text().split()
    assert begun.index("3") < begun.index("9")
    assert not any({"last", "square_3"} <= set(one.running) for one in told)


def test_a_task_that_waits_for_a_finished_one_begins_at_once(toys, tmp_path):
    first, last = squares(toys, (2, 3))
    run_tasks([first], tmp_path)
    waiting = Task(last.name, last.function, last.arguments, after=(first.name,))
    assert run_tasks([first, waiting], tmp_path).finished == ("square_3",)


def test_what_waits_for_a_failed_task_fails_by_its_name(toys, tmp_path):
    bad = Task("refuse", toys.refuse, {"number": 5})
    later = Task("later", toys.square, {"number": 3}, after=("refuse",))
    told = []
    outcome = run_tasks([later, bad, *squares(toys, (2,))], tmp_path, progress=told.append)
    assert outcome.finished == ("square_2",)
    assert outcome.failed == {
        "refuse": "number 5 is refused; take another", "later": "needs refuse, which failed",
    }  # fmt: skip
    assert next(iter(outcome.failed)) == "refuse"
    assert told[-1].done == 3


def test_tasks_that_wait_for_each_other_are_refused(toys, tmp_path):
    one = Task("one", toys.square, {"number": 2}, after=("two",))
    two = Task("two", toys.square, {"number": 3}, after=("one",))
    with pytest.raises(ScenarioError, match="wait for each other: one, two"):
        run_tasks([one, two], tmp_path)


def test_a_result_of_other_arguments_is_refused_before_anything_is_done(toys, tmp_path):
    run_tasks(squares(toys, (2,)), tmp_path, workers=1)
    before = (tmp_path / "square_2.nc").read_bytes()
    changed = squares(toys, (3, 2), log=str(tmp_path / "log"))
    with pytest.raises(DataError, match=r"square_2\.nc: is not the result of this run"):
        run_tasks(changed, tmp_path)
    assert (tmp_path / "square_2.nc").read_bytes() == before
    assert not (tmp_path / "square_3.nc").exists()


@pytest.mark.parametrize("content", [b"", b"no netCDF"])
def test_a_foreign_file_is_refused_and_kept(toys, tmp_path, content):
    (tmp_path / "square_2.nc").write_bytes(content)
    with pytest.raises(DataError, match="is not the result of this run"):
        run_tasks(squares(toys, (2,)), tmp_path)
    assert (tmp_path / "square_2.nc").read_bytes() == content


def test_results_of_an_earlier_run_are_taken_over_where_they_are_the_same(toys, tmp_path):
    log, earlier, here = tmp_path / "log", tmp_path / "earlier", tmp_path / "runs"
    run_tasks(squares(toys, [1, 2, 3], log=str(log)), earlier)
    (earlier / "square_3.nc").write_text("damaged")
    tasks = [*squares(toys, [1, 3], log=str(log)), *squares(toys, [2], log=str(tmp_path / "other"))]
    take_over(tasks, earlier, here)
    assert [one.name for one in here.iterdir()] == [tasks[0].place(here).name]
    assert int(read_result(tasks[0], here)["square"]) == 1
    assert len([*earlier.iterdir()]) == 2


def test_reading_a_task_that_was_not_done_is_refused(toys, tmp_path):
    with pytest.raises(DataError, match=r"square_2\.nc: is not there"):
        read_result(squares(toys, (2,))[0], tmp_path)


def test_an_interruption_stops_the_processes_and_keeps_checkpoints(toys, tmp_path):
    marker = tmp_path / "marker"

    def interrupt(seen):
        if any(seen.running.values()):
            raise KeyboardInterrupt

    task = Task("endless", toys.endless, {"marker": str(marker)})
    with pytest.raises(KeyboardInterrupt):
        run_tasks([task], tmp_path / "run", progress=interrupt)
    assert gone(int(marker.read_text()))
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["endless.checkpoint"]


def test_processes_end_when_the_run_is_killed(toys, tmp_path):
    marker = tmp_path / "marker"
    script = tmp_path / "run.py"
    script.write_text(
        "import sys; from pathlib import Path\n"
        f"sys.path.insert(0, {str(Path(toys.__file__).parent)!r})\n"
        "import kpksim_toy_tasks as toys\n"
        "from kpksim.calibration.runs import run_tasks\n"
        "from kpksim.calibration.tasks import Task\n"
        "if __name__ == '__main__':\n"
        f"    task = Task('endless', toys.endless, {{'marker': {str(marker)!r}}})\n"
        f"    run_tasks([task], Path({str(tmp_path / 'run')!r}))\n"
    )
    parent = subprocess.Popen([sys.executable, str(script)])
    deadline = time.monotonic() + 60
    while not marker.exists() or not marker.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    while not gone(int(marker.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "a/b"}, '"a/b" cannot name a task'),
        ({"name": ""}, '"" cannot name a task'),
    ],
)
def test_impossible_tasks_are_refused(change, said):
    fine = {"name": "a", "function": xr.Dataset, "arguments": {}}
    with pytest.raises(ScenarioError, match=said):
        Task(**(fine | change))


def test_two_tasks_of_one_name_are_refused(toys, tmp_path):
    with pytest.raises(ScenarioError, match='two tasks are named "square_2"'):
        run_tasks(squares(toys, (2, 3, 2)), tmp_path)
