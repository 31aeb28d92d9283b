"""A calibration from its file to everything that its folder holds."""

import datetime
import subprocess
from pathlib import Path

from kpksim.calibration.apart import curves_apart
from kpksim.calibration.findings import findings
from kpksim.calibration.folder import RUNS, forget_earlier
from kpksim.calibration.reached import summary_table
from kpksim.calibration.results import Results
from kpksim.calibration.results_file import write_results
from kpksim.calibration.shipping import write_posteriors
from kpksim.calibration.study import Tell, read_calibration, run_calibration
from kpksim.documents import read_text
from kpksim.writing import new_file


def calibrate(path: Path, folder: Path, mode: str, tell: Tell | None = None) -> Results:
    """Fit, judge and write everything but the report.

    Parameters
    ----------
    path : Path
        The calibration file.
    folder : Path
        Its folder; fits that are in it already are kept.
    mode : str
        ``"quick"``, ``"default"`` or ``"full"``.
    tell : callable, optional
        Called as work goes on.

    Returns
    -------
    Results
        What was found; also in ``results.json``.

    Raises
    ------
    KpksimError
        If the file breaks a rule, a fit failed, or the folder holds results of other settings.
    """
    asked = read_calibration(path)
    done = run_calibration(asked, folder / RUNS, mode, tell)
    results = findings(
        done,
        configuration=read_text(path),
        date=datetime.datetime.now(datetime.UTC).date().isoformat(),
        commit=commit(),
    )
    write_posteriors(done, results, folder / "posteriors")
    with new_file(folder / "summary.csv") as fresh:
        summary_table(done).to_csv(fresh)
    with new_file(folder / "curves.nc") as fresh:
        curves_apart(done, results).to_netcdf(fresh, engine="h5netcdf")
    write_results(results, folder)
    forget_earlier(folder)
    return results


def commit() -> str:
    """Give the state of the program, where it is known.

    Returns
    -------
    str
        First digits of the commit; empty outside a checkout.
    """
    place = Path(__file__).parent
    try:
        told = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=place, capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return told.stdout.decode().strip()
