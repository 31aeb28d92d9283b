"""Compiled code: kept between processes, made anew when a source changes, announced once."""

import os
import subprocess
import sys

INNER = (
    "from kpksim.engine.compiled import compiled\n\n\n@compiled\ndef inner(x):\n    return {} * x\n"
)
OUTER = (
    "from inner import inner\n\nfrom kpksim.engine.compiled import compiled\n\n\n"
    "@compiled\ndef outer(x):\n    return inner(x) + 1.0\n\n\nprint(outer(10.0))\n"
)
EXPONENTIAL = "from kpksim.engine import propagator; print(propagator([[-1.0]], 0.0))"


def run(arguments, cache):
    """Run Python with a cache folder of its own."""
    # Without bytecode: Python's own check misses a change of equal length within a second.
    environment = os.environ | {"NUMBA_CACHE_DIR": str(cache), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=True
    )


def test_code_is_made_anew_when_a_function_changes_that_it_calls(tmp_path):
    (tmp_path / "outer.py").write_text(OUTER)
    printed = []
    for factor in (2.0, 3.0):
        (tmp_path / "inner.py").write_text(INNER.format(factor))
        printed.append(run([tmp_path / "outer.py"], tmp_path / "cache").stdout)
    assert printed == ["21.0\n", "31.0\n"]


def test_compiling_is_announced_once_and_not_when_the_code_is_kept(tmp_path):
    first, second = (run(["-c", EXPONENTIAL], tmp_path) for _ in range(2))
    assert first.stderr == "Compiling the engine for this machine; once, up to a minute.\n"
    assert second.stderr == ""
    assert first.stdout == second.stdout == "[[1.]]\n"
