"""What the studies support: read off the statements that were printed, one by one."""

from math import inf

import pytest

from kpksim.dosing import Dose
from kpksim.evidence import load_study, per_kg, support_of, supported
from kpksim.vocabulary import OUTCOMES

RACEMATE = "racemic ketamine"


def test_infusions_against_anxiety_are_one_dose_up_to_six_and_rated_to_two_weeks():
    found = supported("anxiety")[RACEMATE, "iv"]
    assert found.amount == (0.5, 0.5)
    assert found.over == pytest.approx((2 / 3, 2 / 3))
    assert (found.most, found.spacing) == (6, (48.0, inf))  # six infusions of liu2019
    assert found.first == pytest.approx(2 / 3)  # diazgranados2010, zarate2012
    assert found.after_one == found.after_several == 336.0  # taylor2018; mcintyre2020
    assert found.latest == 600.0  # liu2019, day 26


def test_subcutaneous_doses_against_anxiety_are_those_of_the_programme_of_ascending_doses():
    found = supported("anxiety")[RACEMATE, "sc"]
    assert (found.amount, found.over) == ((0.25, 1.0), (0.0, 0.0))
    assert (found.most, found.spacing) == (14, (168.0, inf))  # weekly; nothing of twice weekly
    assert (found.first, found.after_one, found.after_several) == (1.0, 336.0, 672.0)
    assert found.latest == 13 * 168.0 + 672.0  # relapse four weeks after the last of 14 doses


def test_daily_doses_by_mouth_are_rated_before_the_next_dose():
    found = supported("anxiety")[RACEMATE, "oral"]
    assert (found.most, found.spacing) == (28, (24.0, 24.0))
    assert (found.first, found.after_one, found.after_several) == (72.0, 0.0, 24.0)


def test_a_dose_in_mg_is_per_kg_of_the_usual_person_and_base():
    assert supported("anxiety")[RACEMATE, "oral_er"].amount == pytest.approx((150 / 70, 150 / 70))
    salt = Dose(57.7, per_kg=False, route="sc", form="hydrochloride")
    assert per_kg(salt, weight=50.0) == pytest.approx(1.0, rel=1e-3)


def test_nothing_is_known_of_a_way_that_no_study_took():
    ways = {way for outcome in OUTCOMES for way in supported(outcome)}
    assert {route for _, route in ways} == {"iv", "sc", "oral", "oral_er"}
    assert [way for way in ways if way[0] != RACEMATE] == [("esketamine", "sc")]  # lucchese2021
    assert (RACEMATE, "iv") not in supported("sbp")


def test_statements_that_no_fit_takes_support_nothing():
    oral = load_study("irwin2010")
    assert not any(one.is_fitted for one in oral.statements)
    assert support_of([oral], "anxiety") == {}


def test_a_baseline_is_no_rating():
    madrs = next(one for one in load_study("zarate2012").statements if one.id == "zarate2012-10")
    assert madrs.hours == (0.0,)
    assert not madrs.is_fitted
