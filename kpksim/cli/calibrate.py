"""kpksim calibrate: effect curves from what studies state."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from kpksim.cli.doors import say, status_line


def calibrate(
    calibration: Annotated[
        Path,
        typer.Argument(metavar="CALIBRATION", help="Calibration file (TOML), or a folder of them."),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Folder to make.")],
    quick: Annotated[
        bool, typer.Option("--quick", help="One hypothesis, few points: a minute.")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Every seed and every re-run: hours.")
    ] = False,
    force: Annotated[
        bool,
        typer.Option("--force", help="Replace an earlier one; fits that stay the same are kept."),
    ] = False,
) -> None:
    """Fit the hypotheses of a calibration file to the statements of the studies.

    Makes a folder with report.html, figures/, results.json and posteriors/. A run that was
    stopped goes on where it was when started again in the same folder.
    """
    if quick and full:
        raise typer.BadParameter("--quick and --full exclude each other")
    from kpksim.calibration.calibrating import calibrate as run
    from kpksim.calibration.folder import asked_files, open_folder
    from kpksim.calibration.runs import one_line
    from kpksim.calibration.study import read_calibration
    from kpksim.report.calibration_output import write_report

    mode = "quick" if quick else "full" if full else "default"
    command = shlex.join(["kpksim", *(one for one in sys.argv[1:] if one != "--force")])
    work = asked_files(calibration, output)
    for path in work:
        read_calibration(path)
    for path, folder in work.items():
        open_folder(folder, path, force=force)
        with status_line(path.stem) as tell:
            run(path, folder, mode, lambda seen: tell(one_line(seen)))
            tell("writing figures and report")
            report = write_report(folder, command=command)
        say(f"Wrote {report}")
