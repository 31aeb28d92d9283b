"""What a measurement was made on and with."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from kpksim.engine.threads import usable_threads

TOP = Path(__file__).parents[1]
LIBRARIES = ("numpy", "scipy", "numba", "mpmath", "libroadrunner")


def machine() -> dict[str, object]:
    """Describe processor, memory, system, versions, date and commit."""
    return {
        "processor": _processor(),
        "cores": usable_threads(),
        "memory_gb": _memory_gb(),
        "load": round(os.getloadavg()[0], 1),
        "system": _system(),
        "python": platform.python_version(),
        "libraries": {name: found for name in LIBRARIES if (found := _version(name))},
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _commit(),
    }


def machine_lines(found: dict) -> list[str]:
    """Give the description as lines of Markdown."""
    libraries = ", ".join(f"{name} {one}" for name, one in found["libraries"].items())
    return [
        f"- Processor: {found['processor']}, {found['cores']} cores used; "
        f"memory {found['memory_gb']} GB; load before the run {found['load']}",
        f"- System: {found['system']}",
        f"- Python {found['python']}, {libraries}",
        f"- Measured {found['date']} at commit {found['commit']}",
    ]


def _processor() -> str:
    """Name the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def _memory_gb() -> float:
    """Memory of the machine [GB]."""
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)


def _system() -> str:
    """Name the operating system."""
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.system()


def _version(name: str) -> str:
    """Version of a library; empty where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _commit() -> str:
    """Commit of the working tree, and whether files differ from it."""

    def git(*words: str) -> str:
        answer = subprocess.run(["git", *words], cwd=TOP, capture_output=True, text=True)
        return answer.stdout.strip()

    changed = git("status", "--porcelain", "--", "kpksim", "experiments", "configs")
    return (git("rev-parse", "--short", "HEAD") or "unknown") + (" with changes" if changed else "")
