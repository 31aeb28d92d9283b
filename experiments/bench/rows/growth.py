"""How time and memory grow with the number of subjects and of states."""

import json
import subprocess
import sys
from pathlib import Path

from experiments.bench.clock import in_turns
from experiments.bench.figures import Figure
from experiments.bench.rows.cohort import Found, simulate, size_of
from experiments.bench.settings import Settings
from experiments.bench.workload import Workload, cohort, of_states

TOP = Path(__file__).parents[3]
PROGRAM = """
import json, sys
from experiments.bench.peak import forget_peak, peak_mb
from experiments.bench.rows.cohort import simulate
from experiments.bench.workload import cohort
subjects, days, step_minutes, seed = json.loads(sys.argv[1])
few = cohort(64, days, step_minutes, seed)
simulate(few, few.warm())
work = cohort(subjects, days, step_minutes, seed)
out = work.warm()
most = peak_mb()
forget_peak()
before = peak_mb()
found = simulate(work, out)
after = peak_mb()
results = (found.state.nbytes + found.input_rate.nbytes) / 1e6
size = {"peak": max(most, after), "beside": after - before - results, "output": out.nbytes / 1e6}
print(json.dumps(size))
"""


def people(settings: Settings) -> Found:
    """Time per subject for ever more subjects."""
    size, figures = settings.growth, []
    for subjects in size.people:
        work = cohort(subjects, settings.cohort.days, size.step_minutes, settings.seed)
        taken, per = _alone(work, settings), subjects * 1e-6
        what = f"per subject, {subjects:,} subjects"
        figures.append(Figure("", what, taken.median / per, "us", taken.spread(per)))
    return figures, [f"the largest: {size_of(work)}"]


def states(settings: Settings) -> Found:
    """Time per value for ever more states."""
    size, figures = settings.growth, []
    for n in size.states:
        work = of_states(
            n,
            size.states_subjects,
            settings.cohort.days,
            settings.cohort.step_minutes,
            settings.seed,
        )
        taken, per = _alone(work, settings, 1), work.values * 1e-9
        what = f"per value, {n} states, one thread"
        figures.append(Figure("", what, taken.median / per, "ns", taken.spread(per)))
    return figures, [
        f"{size_of(work)} each; beyond 8 states a chain of transits leads into central"
    ]


def memory(settings: Settings) -> Found:
    """Largest resident memory of a process, for ever more subjects."""
    size, figures, found = settings.growth, [], {}
    for subjects in size.people:
        found = _peak(subjects, settings)
        what = f"{subjects:,} subjects: peak of the process"
        figures.append(Figure("", what, found["peak"], "MB"))
        what = f"{subjects:,} subjects: output alone"
        figures.append(Figure("", what, found["output"], "MB"))
    what = f"{size.people[-1]:,} subjects: beside input and output"
    return [Figure("memory", what, found["beside"], "MB"), *figures], [
        "largest resident memory of a process that simulates into a warm array; beside input and "
        "output is what it grows by during the call, less the states that the call returns"
    ]


def _alone(work: Workload, settings: Settings, threads: int | None = None):
    """Timing of a simulation into a warm array."""
    out = work.warm()
    ways = {"simulation": lambda: simulate(work, out, threads)}
    return in_turns(ways, settings.rounds)["simulation"]


def _peak(subjects: int, settings: Settings) -> dict[str, float]:
    """Memory of one process [MB]."""
    size = [subjects, settings.cohort.days, settings.growth.step_minutes, settings.seed]
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(size)],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(answer.stdout)
