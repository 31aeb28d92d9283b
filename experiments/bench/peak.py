"""Largest resident memory of this process."""

import resource
import sys
from pathlib import Path

STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def peak_mb() -> float:
    """Largest resident memory so far [MB].

    Linux counts it in /proc for this program alone; getrusage also counts the process that
    started it, which may have been larger.
    """
    if STATUS.exists():
        for line in STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def forget_peak() -> None:
    """Start anew from what is resident now, where the system can."""
    if FORGET.exists():
        FORGET.write_text("5")
