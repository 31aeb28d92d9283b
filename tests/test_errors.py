"""Errors are what Python expects them to be, and their messages stand alone."""

import pytest

from kpksim import errors
from kpksim.errors import KpksimError, UnknownName, nearest, unknown

KINDS = {
    "DataError": ValueError,
    "UnitError": ValueError,
    "RegimenError": ValueError,
    "ModelError": ValueError,
    "ScenarioError": ValueError,
    "UnknownName": KeyError,
    "OutputError": OSError,
    "MissingPackage": ImportError,
}


def test_every_error_of_the_module_is_known_here():
    found = {
        name
        for name, one in vars(errors).items()
        if isinstance(one, type) and issubclass(one, KpksimError) and one is not KpksimError
    }
    assert found == set(KINDS)


@pytest.mark.parametrize(("name", "parent"), KINDS.items())
def test_error_shows_its_message_and_is_a_builtin_error_too(name, parent):
    with pytest.raises(parent, match=r"^the rule$") as caught:
        raise getattr(errors, name)("the rule")
    assert isinstance(caught.value, KpksimError)
    assert str(caught.value) == "the rule"


def test_error_without_a_message_shows_nothing():
    assert str(UnknownName()) == ""


@pytest.mark.parametrize(
    ("name", "known", "way_out", "message"),
    [
        ("ivv", ["iv", "sc"], "", 'no route "ivv"; did you mean "iv"? Known: iv, sc'),
        ("IV", ["iv", "sc"], "", 'no route "IV"; did you mean "iv"? Known: iv, sc'),
        ("xyz", ["iv", "sc"], "", 'no route "xyz"; known: iv, sc'),
        ("xyz", [], "", 'no route "xyz"; known: none'),
        ("", ["iv"], "", 'no route ""; known: iv'),
        ("xyz", ["iv"], "`a` lists all", 'no route "xyz"; `a` lists all'),
        ("domino", ["otto2021", "domino1982"], "`a` lists", 'no route "domino"; did you mean '
         '"domino1982"? `a` lists'),
    ],
)  # fmt: skip
def test_unknown_name_is_answered_with_the_nearest_and_the_way_out(name, known, way_out, message):
    assert str(unknown("route", name, known, way_out)) == message


def test_beginning_of_a_name_is_near_even_when_it_is_short():
    assert nearest("ref", ["otto2021", "reference_racemic_2026a"]) == "reference_racemic_2026a"


def test_spelling_that_differs_in_case_alone_wins():
    assert nearest("CL", ["cl_nk", "vc", "cl"]) == "cl"
