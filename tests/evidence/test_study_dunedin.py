"""Refs 32 to 37 of the review: six papers on one cohort of about 24 people, as data."""

import math

import pytest

from kpksim.evidence import audit, load_study, rows_left_out

ROWS = {
    "glue2017": (range(15, 24), range(14, 23)),
    "castle2017": (range(24, 29), range(23, 27)),
    "glue2018": (range(29, 42), range(27, 34)),
    "shadli2018": (range(42, 50), range(34, 39)),
    "glue2020": (range(50, 58), range(39, 48)),
    "truppmanlattie2021": (range(58, 68), range(48, 50)),
}
"""Numbers of the rows of the extraction on each study: of the review, of the papers."""

STUDIES = {key: load_study(key) for key in ROWS}
STATEMENTS = {one.id: one for study in STUDIES.values() for one in study.statements}
ARMS = [(key, name) for key, study in STUDIES.items() for name in study.arms]

TOTAL = {
    "sc025": 17.5,
    "sc05": 35.0,
    "sc1": 70.0,
    "course": 17.5 + 35.0 + 70.0,
    "weekly": 14 * 70.0,
    "twice": 27 * 70.0,
}
"""All doses of an arm for 70 kg [mg]."""

WEEK = 7 * 24
HOURS = {
    "glue2017-2": [WEEK],
    "glue2018-2": [0.5],
    "glue2018-3": [13 * WEEK + 0.5],
    "glue2018-8": [14 * WEEK],
    "glue2018-10": [13 * WEEK, 14 * WEEK],
    "castle2017-3": [1],
    "truppmanlattie2021-3": [24],
    "truppmanlattie2021-9": [WEEK, 12 * WEEK],
    "truppmanlattie2021-10": [13 * WEEK + 4 * WEEK],
}
"""Times worked out by hand: week 14 starts 13 weeks after the first dose."""

FIT = [
    ("glue2017-6", "percent change", ["sc05", "sc1"], [1], 12),
    ("glue2018-1", "percent change", ["weekly"], [1], 20),
    ("glue2017-5", "ever responded", ["sc1"], [1, 2, 24], 12),
    ("shadli2018-3", "ever responded", ["sc05", "sc1"], [2], 12),
    ("glue2017-4", "interval", ["sc025"], [2], 12),
    ("truppmanlattie2021-1", "order", ["sc1", "sc05", "sc025"], [2], 24),
    ("truppmanlattie2021-2", "significant", ["sc05"], [2], 24),
    ("truppmanlattie2021-3", "significant", ["sc05"], [24], 24),
    ("truppmanlattie2021-4", "significant", ["sc05"], [72], 24),
    ("truppmanlattie2021-6", "not significant", ["sc05"], [168], 24),
    ("truppmanlattie2021-8", "plateau", ["weekly"], [1, 2], 20),
    ("glue2017-2", "significant", ["sc1"], [168], 12),
    ("glue2017-7", "order", ["sc1", "sc025"], [168], 12),
    ("glue2020-5", "interval", ["midazolam"], [1], 12),
    ("glue2020-4", "not significant", ["sc025"], [2], 12),
    ("truppmanlattie2021-9", "order", ["weekly"], [168, 2016], 20),
    ("truppmanlattie2021-10", "relapse", ["weekly"], [2856], 20),
    ("castle2017-1", "order", ["sc1", "sc05", "sc025"], [0.5], 18),
    ("castle2017-3", "gone by", ["sc05", "sc1"], [1], 18),
    ("glue2017-11", "interval", ["sc025"], [0.5], 12),
    ("glue2018-2", "mean score", ["weekly"], [0.5], 20),
    ("glue2018-3", "mean score", ["weekly"], [2184.5], 20),
    ("glue2017-14", "order", ["sc1", "sc05", "sc025"], [0.5], 12),
    ("glue2017-15", "interval", ["sc025"], [0.5], 12),
    ("glue2018-5", "points", ["weekly"], [0.5], 20),
    ("glue2018-6", "points", ["weekly"], [0.5], 20),
    ("glue2018-7", "gone by", ["weekly"], [2], 20),
]
"""What a fit of the cohort needs: statement, reading, arms, hours, people."""


def rows_of(key):
    """Name all rows of the extraction on a study."""
    review, papers = ROWS[key]
    return {f"S{number}" for number in review} | {f"P{number}" for number in papers}


@pytest.mark.parametrize("key", ROWS)
def test_every_row_of_the_extraction_is_accounted_for(key):
    stated = {row for one in STUDIES[key].statements for row in one.rows}
    found = {row for one in audit() for row in one.rows}
    aside = (found | set(rows_left_out())) & rows_of(key)
    assert stated | aside == rows_of(key)
    assert not stated & aside


@pytest.mark.parametrize(("key", "arm"), ARMS)
def test_the_regimen_of_an_arm_gives_the_whole_dose(key, arm):
    one = STUDIES[key].arms[arm]
    if one.kind == "midazolam":
        assert one.regimen is None
        assert "midazolam" in one.given
    else:
        assert one.regimen.total(70.0) == pytest.approx(TOTAL[arm], rel=1e-12)
        assert {timed.dose.route for timed in one.regimen.doses} == {"sc"}


@pytest.mark.parametrize("key", ["glue2018", "truppmanlattie2021"])
def test_either_schedule_of_the_course_ends_at_the_start_of_week_14(key):
    for name in ("weekly", "twice"):
        arm = STUDIES[key].arms[name]
        assert arm.regimen.last_time == 13 * WEEK
        assert arm.responders_only


@pytest.mark.parametrize("name", HOURS)
def test_days_and_weeks_become_the_right_hours(name):
    assert list(STATEMENTS[name].hours) == pytest.approx(HOURS[name], rel=1e-12)


@pytest.mark.parametrize(("name", "reading", "arms", "hours", "n"), FIT)
def test_a_statement_holds_what_its_reading_needs(name, reading, arms, hours, n):
    one = STATEMENTS[name]
    assert one.reading == reading
    assert [arm for arm in one.arms if arm in arms] == arms
    assert set(hours) <= set(one.hours)
    assert not one.span
    assert one.n == n
    assert not one.repeats


def test_words_that_stand_for_a_range_say_which():
    ranged = ("interval", "gone by", "plateau")
    worded = [one for one in STATEMENTS.values() if one.reading in ranged]
    assert {one.reading for one in worded} == set(ranged)
    for one in worded:
        assert one.bounds[0] < one.bounds[1]
        assert one.unit
        assert one.assumption


@pytest.mark.parametrize(("name", "k", "n"), [("glue2017-5", 10, 12), ("shadli2018-3", 8, 12)])
def test_a_response_is_half_the_score_or_less(name, k, n):
    one = STATEMENTS[name]
    assert (one.k, one.n, one.threshold) == (k, n, -50.0)


def test_dissociation_wears_off_to_the_quotient_of_its_two_means():
    first, last, ratio = (STATEMENTS[f"glue2018-{number}"].value for number in (2, 3, 4))
    assert ratio == pytest.approx(100.0 * (last / first - 1.0), abs=0.5)


def test_a_repeated_fact_leads_to_the_statement_that_a_fit_takes():
    repeated = [one for one in STATEMENTS.values() if one.repeats]
    assert repeated
    for one in repeated:
        taken = STATEMENTS[one.repeats]
        assert taken.construct == one.construct
        assert taken.reading != "not used"
        assert not taken.repeats


def test_the_six_papers_know_each_other_as_one_cohort():
    for key, study in STUDIES.items():
        assert study.cohort == "dunedin"
        assert {key, *study.same_people} == set(ROWS)
        assert study.n <= 24


def test_the_correlations_of_dissociation_with_relief_are_recorded_as_not_significant():
    for name in ("castle2017-5", "castle2017-6"):
        one = STATEMENTS[name]
        assert float(one.p) > 0.05
        assert one.reading == "not used"
        assert "significant" in one.discrepancy
        assert math.isnan(one.threshold)
