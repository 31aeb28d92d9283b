"""Interactions of the library: factors follow from the ratios that they say they follow from."""

import pytest

from kpksim.errors import KpksimError
from kpksim.library import list_interactions, load_interaction, load_model, under

MODEL = load_model("perezruixo2021")
FLOW, VOLUME = 151.0, 101.0  # Qh [L/h] and Vh [L], table 3 of Perez-Ruixo 2021
INTRINSIC = VOLUME * (1.11 + 2.77)
EXTRACTION = INTRINSIC / (FLOW + INTRINSIC)


def well_stirred(factors, route):
    """Give the ratio of AUCs by the textbook's formula."""
    hepatic = factors.get("hepatic clearance", 1.0)
    if route == "oral":
        return factors.get("gut availability", 1.0) / hepatic
    return (1.0 - EXTRACTION) / hepatic + EXTRACTION


@pytest.mark.parametrize("key", list_interactions())
def test_factors_meet_the_ratios_that_they_were_derived_from(key):
    known = load_interaction(key)
    used = [one for one in known.ratios if one.used]
    assert used
    for one in used:
        assert one.what == "ketamine auc"
        assert well_stirred(known.factors, one.route) == pytest.approx(one.ratio, rel=0.005)


def test_extraction_is_the_published_one():
    assert pytest.approx(0.722, abs=5e-4) == EXTRACTION


def test_a_gut_that_is_taken_out_of_the_way_is_at_its_limit():
    assert load_interaction("grapefruit").factors["gut availability"] == 1.0 / 0.64
    assert under(MODEL, "grapefruit").parameters["fgut"].value == 1.0


def test_an_unknown_interaction_is_answered_with_the_known_ones():
    with pytest.raises(
        KpksimError, match='no interaction "ticlopidin"; did you mean "ticlopidine"'
    ):
        load_interaction("ticlopidin")


def test_a_model_without_a_liver_is_refused():
    with pytest.raises(
        KpksimError,
        match=r"Ticlopidine .* in otto2021: no process or parameter of otto2021 \"hepatic",
    ):
        under(load_model("otto2021"), "ticlopidine")
