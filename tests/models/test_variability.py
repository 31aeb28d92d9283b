"""A spread says where it comes from, or comes from where its number does."""

import numpy as np
import pytest

from kpksim.models import parse_model

TEXT = """
name   = "traced"
title  = "One compartment"
source = "otto2021"
[[compartments]]
name   = "central"
volume = "vc"
[[flows]]
from      = "central"
clearance = "cl"
[outputs.c]
compartment = "central"
[residual.c]
proportional = 0.2
grade        = "B"
source       = "fanta2015"
where        = "table 4"
[parameters.vc]
value = "133 L"
grade = "A"
where = "table 3"
IIV
[parameters.cl]
value  = "95 L/h"
grade  = "D"
source = "fanta2015"
reason = "Rounded."
range  = ["90 L/h", "100 L/h"]
BLOCK
"""
BLOCK = '[[variability]]\nparameters = ["vc", "cl"]\nomega = [[0.08, 0.02], [0.02, 0.03]]\n'


def model(iiv="", block=""):
    return parse_model(TEXT.replace("IIV", iiv).replace("BLOCK", block), "traced.toml")


def origin(spread):
    return spread.grade, spread.source, spread.where, spread.reason


def test_spread_comes_from_where_its_number_does():
    (block,) = model("iiv = { cv = 0.3 }\niov = { omega2 = 0.1 }").blocks
    assert block.trace == ("A", "otto2021", "table 3", "")
    vc = model("iiv = { cv = 0.3 }\niov = { omega2 = 0.1 }").parameters["vc"]
    assert origin(vc.iiv) == origin(vc.iov) == block.trace
    assert vc.iiv.omega2 == pytest.approx(np.log(1.09))


def test_spread_says_what_is_its_own_and_keeps_the_rest():
    vc = model('iiv = { cv = 0.3, where = "table 5" }\n'
               'iov = { cv = 0.1, grade = "D", source = "fanta2015", reason = "Guess." }'
               ).parameters["vc"]  # fmt: skip
    assert origin(vc.iiv) == ("A", "otto2021", "table 5", "")
    assert origin(vc.iov) == ("D", "fanta2015", "table 3", "Guess.")


def test_covariance_has_the_worst_grade_of_its_numbers_and_the_source_of_the_model():
    found = model(block=BLOCK)
    assert found.blocks[0].trace == ("D", "otto2021", "table 3", "Rounded.")
    for name in ("vc", "cl"):
        assert origin(found.parameters[name].iiv) == found.blocks[0].trace


def test_covariance_says_what_is_its_own():
    own = 'grade = "B"\nwhere = "supplement"\nsource = "fanta2015"\n'
    assert model(block=BLOCK + own).blocks[0].trace[:3] == ("B", "fanta2015", "supplement")


def test_residual_says_where_it_comes_from():
    assert model().residual["c"].trace == ("B", "fanta2015", "table 4", "")


def test_model_of_a_user_needs_no_origin():
    text = TEXT.replace('"otto2021"', '"user"').replace("IIV", "iiv = { cv = 0.3 }")
    (block,) = parse_model(text.replace("BLOCK", ""), "traced.toml").blocks
    assert block.parameters == ("vc",)


def test_sources_of_spreads_and_residuals_are_cited():
    found = model('iov = { cv = 0.1, source = "simons2022" }', BLOCK + 'source = "kamp2020"\n')
    assert found.sources == ("otto2021", "fanta2015", "simons2022", "kamp2020")
    text = TEXT.replace('source       = "fanta2015"', 'source = "hasan2021"')
    only = parse_model(text.replace("IIV", "").replace("BLOCK", ""), "traced.toml")
    assert only.sources == ("otto2021", "fanta2015", "hasan2021")
