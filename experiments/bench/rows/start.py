"""Import and first call, from the cache and with an empty one, each in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from experiments.bench.clock import spread
from experiments.bench.figures import Figure
from experiments.bench.rows.cohort import Found
from experiments.bench.settings import Settings

TOP = Path(__file__).parents[3]
PROGRAM = """
from time import perf_counter
begin = perf_counter()
import numba
after_numba = perf_counter()
from kpksim.engine import Actions, solve
after_import = perf_counter()
infusion = Actions(time=[0.0, 2 / 3], compartment=[0, 0], rate=[52.5, -52.5])
solve([[[-0.7]]], infusion, [k / 12 for k in range(2017)], [[0.01]])
end = perf_counter()
import json
print(json.dumps({
    "numba": after_numba - begin, "kpksim": after_import - after_numba, "call": end - after_import,
}))
"""
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
"""Set where bytecode is not to be kept; an installed package has its bytecode."""
PARTS = {
    "numba": "import numba (and NumPy)",
    "kpksim": "import kpksim.engine",
    "call": "first call",
}


def start(settings: Settings) -> Found:
    """Seconds from a started interpreter to the first result, machine code from the cache."""
    with TemporaryDirectory() as folder:
        _one_start(folder)  # compiles, and leaves bytecode and machine code in the folder
        runs = [_one_start(folder) for _ in range(settings.start.runs)]
    total = spread([sum(run[part] for part in PARTS) for run in runs])
    parts = {part: spread([run[part] for run in runs]) for part in (*PARTS, "process")}
    return [
        Figure("start", "import and first call", total["median"], "s", total),
        *[
            Figure("", what, parts[part]["median"], "s", parts[part])
            for part, what in PARTS.items()
        ],
        Figure("", "whole process, wall time", parts["process"]["median"], "s", parts["process"]),
    ], [
        "each run is a new process with bytecode and machine code kept; the time of the bare "
        "interpreter is in the last line only"
    ]


def first_compile(settings: Settings) -> Found:
    """Seconds of the first call when no machine code is kept."""
    if not settings.start.compiles:
        return [], ["left out with --quick"]
    calls = []
    for _ in range(settings.start.compiles):
        with TemporaryDirectory() as folder:
            calls.append(_one_start(folder)["call"])
    found = spread(calls)
    return [Figure("compile", "first call ever", found["median"], "s", found)], []


def _one_start(folder: str) -> dict[str, float]:
    """Seconds of each part of one new process, bytecode and machine code kept in a folder."""
    kept = {"NUMBA_CACHE_DIR": f"{folder}/machine", "PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}
    given = {name: value for name, value in os.environ.items() if name != NO_BYTECODE}
    begin = perf_counter()
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=TOP,
        env=given | kept,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(answer.stdout) | {"process": perf_counter() - begin}
