"""Every case through `simulate`, against its expected values and against 40 digits."""

from pathlib import Path

import numpy as np
import pytest

from kpksim import read_events, simulate

CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/meta.json"))
SMALLEST = 1e-300
INFERRED = ("17", "44", "45", "46", "48", "55")


@pytest.fixture(params=CASES, ids=lambda folder: folder.name)
def folder(request):
    return request.param


@pytest.fixture
def simulated(folder, meta_of, model_of, records_of):
    """The values of a case, by kpksim, one for each observation in the order of the file."""
    return values_by(model_of(meta_of(folder)), folder, meta_of(folder), records_of)


def values_by(model, folder, meta, records_of):
    """Simulate a case; one value for each observation in the order of the file."""
    result = simulate(model, read_events(folder / "events.csv"))
    rows = records_of(folder / "events.csv")
    factor = 1.0 if "1000*" in meta["output"] else 1e-3
    return np.array(
        [
            factor * float(result[f"cmt{row['CMT']}"][k])
            for k, row in enumerate(rows)
            if row["EVID"] == "0"
        ]
    )


def column(records):
    return np.array([float(row["value"]) for row in records])


def test_there_are_fifty_five_cases():
    assert len(CASES) == 55


def test_a_case_agrees_with_its_expected_values(folder, simulated, meta_of, records_of):
    expected = column(records_of(folder / "expected.csv"))
    tolerance = meta_of(folder)["tolerance"]
    assert simulated == pytest.approx(expected, rel=tolerance["rtol"], abs=tolerance["atol"])


def test_a_case_agrees_with_forty_digits(folder, simulated, records_of):
    exact = column(records_of(folder / "exact.csv"))
    assert simulated == pytest.approx(exact, rel=1e-11, abs=SMALLEST)
    assert (simulated >= 0.0).all()


def test_a_case_is_the_same_step_by_step_when_every_km_is_huge(
    folder, saturable_model_of, meta_of, records_of
):
    model = saturable_model_of(meta_of(folder))
    assert not model.is_linear
    exact = column(records_of(folder / "exact.csv"))
    simulated = values_by(model, folder, meta_of(folder), records_of)
    assert simulated == pytest.approx(exact, rel=1e-8, abs=1e-12 * exact.max())
    assert (simulated >= 0.0).all()


def test_the_forty_digits_are_those_of_the_literal_simulator(folder, literal):
    assert (folder / "exact.csv").read_text() == literal.written(literal.case_values(folder))


def test_inferred_cases_say_so(folder, meta_of):
    inferred = meta_of(folder).get("expected_basis", "").startswith("inferred")
    assert inferred == folder.name.startswith(INFERRED)
