"""A model that another drug or a gene changes."""

import pytest

import kpksim as kp
from kpksim.analysis import exposure
from kpksim.errors import KpksimError
from kpksim.models import changed
from kpksim.simulation.effects import reference_peak

MODEL = kp.load_model("perezruixo2021")


def test_a_process_multiplies_all_its_parameters_and_nothing_else():
    found = changed(MODEL, {"hepatic clearance": 0.5})
    ratio = {
        name: found.parameters[name].value / one.value
        for name, one in MODEL.parameters.items()
        if one.expression is None
    }
    assert {name for name, value in ratio.items() if value != 1.0} == {"kel", "kmet"}
    assert (ratio["kel"], ratio["kmet"]) == (0.5, 0.5)
    assert found.parameters["kmet"].text == "0.5 x 2.77 1/h"


def test_half_the_clearance_gives_twice_the_area():
    otto = kp.load_model("otto2021")
    dose = kp.bolus("10 mg", drug="esketamine")
    found = exposure(changed(otto, {"cl": 0.5}), dose, horizon=24.0)["auc_inf"][0]
    assert found == pytest.approx(2.0 * 10_000.0 / 95.2, rel=1e-9)


def test_effects_keep_the_scale_of_the_model_without_the_change():
    twice = changed(changed(MODEL, {"vc": 0.5}), {"kmet": 0.5})
    assert twice.unchanged is MODEL
    assert reference_peak(twice) == reference_peak(MODEL)


@pytest.mark.parametrize(
    ("factors", "message"),
    [
        ({"liver": 0.5}, 'no process or parameter of perezruixo2021 "liver"'),
        ({"hepatic clearance": 0.0}, 'factor on "kmet" must be positive, got 0'),
        ({"hepatic clearance": float("nan")}, "must be positive, got nan"),
        ({"hepatic clearance": 0.5, "kel": 2.0}, 'two factors meet in "kel"; keep one'),
        ({"frn_2": 0.5}, '"frn_2" follows from other parameters; change the ones that it names'),
        ({"gut availability": 1.6}, r"gut availability x 1.6: .*at most 1"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(factors, message):
    with pytest.raises(KpksimError, match=message):
        changed(MODEL, factors)
