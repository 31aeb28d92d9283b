"""Every file of configs/ loads."""

from functools import partial
from pathlib import Path

import pytest

from experiments.accuracy.settings import read_settings as read_accuracy_settings
from experiments.bench.settings import read_settings as read_bench_settings
from experiments.calibration_checks.settings import read_settings as read_check_settings
from experiments.reference_model.settings import read_any
from kpksim.analysis import read_scenario
from kpksim.calibration.document import CalibrationDocument
from kpksim.documents import read_document

CONFIGS = Path(__file__).parent.parent / "configs"
READ = {
    "scenarios": read_scenario,
    "studies": read_scenario,
    "benchmarks": read_bench_settings,
    "accuracy": read_accuracy_settings,
    "reference_model": read_any,
    "calibrations": partial(read_document, schema=CalibrationDocument),
    "calibration_checks": read_check_settings,
}
FILES = sorted(file for file in CONFIGS.rglob("*") if file.is_file())


def test_there_are_scenarios():
    assert len(list((CONFIGS / "scenarios").glob("*.toml"))) >= 7


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(CONFIGS)))
def test_a_configuration_loads_and_says_what_it_follows(file):
    loaded = READ[file.parent.name](file)
    assert loaded.title
    assert file.read_text().startswith("# ")
