"""What do eighteen studies say of effect curves, and what can they not tell? All calibrations."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.calibration.page import page
from experiments.command import TOP, parser_of, say, writable, write
from kpksim.calibration.results import Results
from kpksim.calibration.results_file import RESULTS, read_results, write_results
from kpksim.vocabulary import OUTCOMES

CONFIGS = TOP / "configs" / "calibrations"
STORED = Path(__file__).with_name("found")
"""Results that the page of docs/ is made of, one file per outcome."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every calibration that is not done yet and write the page."""
    parser = parser_of("calibration", __doc__)
    parser.add_argument("--full", action="store_true", help="every seed and every re-run, hours")
    parser.add_argument("--only", metavar="OUTCOME", choices=list(OUTCOMES), help="one outcome")
    parser.add_argument("--page", action="store_true", help="only the page, of what is there")
    asked = parser.parse_args(arguments)
    folder = writable(asked.output / "calibrations", parser)
    if not asked.page:
        mode = "quick" if asked.quick else "full" if asked.full else "default"
        for outcome in [asked.only] if asked.only else OUTCOMES:
            _calibrate(outcome, folder / outcome, mode)
    found = in_order([read_results(one.parent) for one in folder.glob(f"*/{RESULTS}")])
    write(asked.output / "calibration.md", page(found))
    if asked.docs:
        _store(found)
    print(asked.output / "calibration.md")
    return 0


def in_order(found: Sequence[Results]) -> list[Results]:
    """Put results in the order of the outcomes."""
    return sorted(found, key=lambda one: list(OUTCOMES).index(one.outcome))


def stored() -> list[Results]:
    """Read the results that the page of docs/ is made of."""
    return in_order([read_results(one) for one in STORED.glob("*.json")])


def _calibrate(outcome: str, folder: Path, mode: str) -> None:
    """Calibrate one outcome as a user would; what is done already is kept."""
    say(f"calibrating {outcome}")
    command = ["kpksim", "calibrate", str(CONFIGS / f"{outcome}.toml"), "-o", str(folder)]
    options = [] if mode == "default" else [f"--{mode}"]
    program = Path(sys.executable).with_name("kpksim")
    subprocess.run([str(program), *command[1:], *options], check=True)


def _store(found: Sequence[Results]) -> None:
    """Keep results for the page of docs/, and write it of all that are kept."""
    STORED.mkdir(exist_ok=True)
    for one in found:
        write_results(one, STORED).replace(STORED / f"{one.outcome}.json")
    write(TOP / "docs" / "calibration.md", page(stored()))


if __name__ == "__main__":
    sys.exit(main())
