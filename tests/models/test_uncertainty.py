"""How far estimates may be off: what a file may say, and what it means."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from scipy import special

import kpksim.library
from kpksim.errors import KpksimError
from kpksim.library import load_model
from kpksim.models import parse_model

TEXT = (Path(__file__).parent / "mine.toml").read_text(encoding="utf-8")
VC, CL = 'value = "133 L"', 'value   = "95.2 L/h"'
TOGETHER = """
[uncertainty]
parameters = ["cl", "f_oral"]
scale      = ["log", "logit"]
covariance = [[0.0016, 0.004], [0.004, 0.04]]
"""
WEIGHT = {"weight": np.array([35.0, 35.0, 35.0]), "age": np.full(3, 45.0 * 8766.0)}


def model_with(old="", new="", together=""):
    return parse_model(TEXT.replace(old, new, 1) + together, "mine.toml")


def test_a_file_that_says_nothing_has_no_uncertainty():
    model = model_with()
    assert model.uncertainty == ()
    assert all(one.uncertainty is None for one in model.parameters.values())


def test_a_relative_standard_error_is_the_cv_of_a_log_normal_estimate():
    (block,) = model_with(VC, f"{VC}\nrse = 0.3").uncertainty
    assert block.parameters == ("vc",)
    sd = np.sqrt(block.covariance[0, 0])
    # CV of a log-normal: standard deviation over mean, both from its moments
    mean, second = np.exp(sd**2 / 2), np.exp(2 * sd**2)
    assert np.sqrt(second - mean**2) / mean == pytest.approx(0.3, rel=1e-12)


def test_the_error_of_a_share_is_carried_to_the_logit_by_its_slope():
    model = model_with('f_abs   = { value = "0.93" }', 'f_abs = { value = "0.93", rse = 0.02 }')
    (block,) = model.uncertainty
    assert model.parameters["f_abs"].uncertainty.scale == "logit"
    step = 1e-6
    slope = (special.logit(0.93 + step) - special.logit(0.93 - step)) / (2 * step)
    assert np.sqrt(block.covariance[0, 0]) == pytest.approx(slope * 0.02 * 0.93, rel=1e-6)


def test_a_covariance_is_taken_on_its_scales():
    model = model_with(together=TOGETHER)
    (block,) = model.uncertainty
    assert block.parameters == ("cl", "f_oral")
    assert block.covariance.tolist() == [[0.0016, 0.004], [0.004, 0.04]]
    assert [model.parameters[one].uncertainty.scale for one in ("cl", "f_oral")] == ["log", "logit"]


def test_scales_left_out_are_log_and_a_note_may_stand_there():
    text = TOGETHER.replace('scale      = ["log", "logit"]', 'note = "table S3"')
    model = model_with(together=text)
    assert model.parameters["f_oral"].uncertainty.scale == "log"


def test_errors_of_one_parameter_and_of_several_add_up_to_all():
    model = model_with(VC, f"{VC}\nrse = 0.3", TOGETHER)
    assert [one.parameters for one in model.uncertainty] == [("vc",), ("cl", "f_oral")]


def test_a_shift_moves_the_estimate_before_covariates_and_people():
    model = model_with(together=TOGETHER)
    shifts = {"cl": np.array([-0.2, 0.0, 0.2]), "f_oral": np.array([-9.0, 0.0, 9.0])}
    values = model.values(WEIGHT, {"cl": np.full(3, 0.1)}, shifts=shifts)
    at_70 = 95.2 * np.exp([-0.2, 0.0, 0.2])
    assert values["cl"] == pytest.approx(at_70 * 0.5**0.75 * np.exp(0.1), rel=1e-12)
    assert values["cl_nk"] == pytest.approx(0.6 * values["cl"], rel=1e-12)
    share = special.expit(special.logit(0.18) + np.array([-9.0, 0.0, 9.0]))
    assert values["f_oral"] == pytest.approx(share, rel=1e-12)


FAULTS = {
    "negative": (VC, f"{VC}\nrse = -0.1", "", r"parameters\.vc\.rse: input should be greater"),
    "text": (VC, f'{VC}\nrse = "5 %"', "", r"parameters\.vc\.rse: input should be a valid number"),
    "expression": (
        'expression = "0.6 * cl"', 'expression = "0.6 * cl", rse = 0.1', "",
        r'parameters\.cl_nk: an "expression" takes no "rse"; give it to the parameters',
    ),
    "fixed": (
        VC, f'{VC}\nkind = "fixed"\nrse = 0.1', "",
        r"parameters\.vc\.rse: a fixed value was not estimated.*leave it out, or say kind = ",
    ),
    "zero value": (
        'tlag    = { value = "6 min" }', 'tlag = { value = "0 min", rse = 0.1 }', "",
        r'parameters\.tlag\.rse: "tlag" is "0 min", and only a value above 0',
    ),
    "unknown parameter": (
        "", "", TOGETHER.replace('"cl"', '"clr"'), r'uncertainty\.parameters: no parameter "clr"'
    ),
    "expression together": (
        "", "", TOGETHER.replace('"cl"', '"cl_nk"'), r'uncertainty\.parameters: "cl_nk" is an expr'
    ),
    "twice": (
        CL, f"{CL}\nrse = 0.04", TOGETHER, r'uncertainty\.parameters: the uncertainty of "cl" st',
    ),
    "twice in the list": (
        "", "", TOGETHER.replace('"f_oral"', '"cl"').replace("logit", "log"), '"cl" stands twice',
    ),
    "logit of a volume": (
        "", "", TOGETHER.replace('"log",', '"logit",'),
        r'uncertainty\.scale\.1: "cl" is no share between 0 and 1 \("95\.2 L/h"\), so its scale',
    ),
    "unknown scale": (
        "", "", TOGETHER.replace("logit", "probit"), r"uncertainty\.scale\.2: must be one of log,"
    ),
    "a scale too few": (
        "", "", TOGETHER.replace('"log", ', ""), "uncertainty: scale must have one entry for each"
    ),
    "not square": (
        "", "", TOGETHER.replace(", [0.004, 0.04]", ""), "uncertainty: covariance must be 2 x 2 for"
    ),
    "not symmetric": (
        "", "", TOGETHER.replace("[0.004, 0.04]", "[0.003, 0.04]"),
        r"uncertainty\.covariance: must be a covariance: symmetric",
    ),
    "correlation beyond 1": (
        "", "", TOGETHER.replace("0.004", "0.04"), r"uncertainty\.covariance: .* no correlation bey"
    ),
    "negative variance": (
        "", "", TOGETHER.replace("[[0.0016", "[[-0.0016"), r"uncertainty\.covariance: must be a cov"
    ),
    "unknown key": (
        "", "", TOGETHER.replace("covariance", "covarianc"), r'uncertainty\.covarianc: .* "covar'
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "together", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_an_impossible_uncertainty_is_refused_with_its_place(old, new, together, message):
    with pytest.raises(KpksimError, match=f"mine.toml: .*{message}|mine.toml: {message}"):
        model_with(old, new, together)


def printed(key):
    folder = Path(kpksim.library.__file__).parent / "models"
    return tomllib.loads((folder / f"{key}.toml").read_text(encoding="utf-8"))["parameters"]


# Table 4 of Simons 2022 prints value and standard error, table 3 of Otto 2021 the relative error.
SIMONS = {
    "f_mucosal": (26.3, 1.2), "d_mucosal": (13.1, 1.0), "ka_mucosal": (0.04, 0.002),
    "f_swallowed": (116, 6), "d_swallowed": (29.9, 3.5), "ka_swallowed": (0.049, 0.007),
    "mtt_gut": (10.7, 1.7), "vc": (11.6, 0.9), "vp": (39.0, 2.9), "vp2": (174, 11),
    "cl": (1.48, 0.06), "q": (2.43, 0.24), "q2": (1.21, 0.08), "mtt_nk": (20.1, 1.0),
    "vp_nk": (221, 13), "cl_nk": (1.00, 0.04), "q_nk": (2.63, 0.15), "mtt_hnk": (1.12, 0.51),
    "vc_hnk": (4.4, 2.0), "vp_hnk": (87.5, 6.5), "cl_hnk": (0.933, 0.068), "q_hnk": (1.70, 0.25),
}  # fmt: skip
OTTO = {"vc_nk": 0.038, "cl_nk": 0.057, "vp_nk": 0.176, "q_nk": 0.075}


def test_standard_errors_of_simons_are_those_of_its_table():
    found = {name: one["rse"] for name, one in printed("simons2022").items() if "rse" in one}
    expected = {name: error / value for name, (value, error) in SIMONS.items()}
    assert found == pytest.approx(expected, rel=1e-3)


def test_standard_errors_of_otto_are_those_of_its_table():
    found = {name: one["rse"] for name, one in printed("otto2021").items() if "rse" in one}
    assert found == OTTO


@pytest.mark.parametrize("key", ["simons2022", "otto2021"])
def test_what_was_estimated_has_an_error_and_what_was_fixed_has_none(key):
    for name, one in load_model(key).parameters.items():
        estimated = one.kind == "estimated" and one.expression is None
        assert (one.uncertainty is not None) == estimated, name
