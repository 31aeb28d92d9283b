"""The clinical studies as data: every row of the extraction, every time, every dose."""

import csv
from pathlib import Path

import pytest

from kpksim.bibliography import all_sources
from kpksim.evidence import (
    REVIEW,
    audit,
    list_studies,
    load_study,
    rows_left_out,
    statement_table,
)
from kpksim.vocabulary import GRADES, SCALES

with Path(__file__).with_name("statement_rows.csv").open(encoding="utf-8") as file:
    LEDGER = {row["row"]: row for row in csv.DictReader(file)}
KEYS = [*list_studies(), REVIEW]
STATEMENTS = [(key, one) for key in KEYS for one in load_study(key).statements]
DOSES = {  # mg at 70 kg of every arm that got ketamine
    "murrough2015": [35.0],
    "taylor2018": [35.0],
    "irwin2010": [35.0, 35.0],
    "irwin2013": [980.0],
    "glue2020er": [1050.0],
    "salloum2019": [7.0, 14.0, 35.0, 70.0],
    "diazgranados2010": [35.0],
    "zarate2012": [35.0],
    "mcintyre2020": [140.0, 140.0],
    "mcintyre2021": [140.0, 140.0],
    "liu2019": [210.0, 210.0],
    "lucchese2021": [210.0],
}


def test_the_studies_are_those_of_the_review_in_its_order():
    assert [load_study(key).ref for key in list_studies()] == list(range(30, 48))


def test_every_row_of_the_extraction_is_represented_or_left_out_with_a_reason():
    said = {row for _, one in STATEMENTS for row in one.rows}
    found = {row for one in audit() for row in one.rows}
    assert len(LEDGER) == 166 + 99
    assert said | found | set(rows_left_out()) == set(LEDGER)
    assert not (said | found) & set(rows_left_out())
    assert all(rows_left_out().values())


def test_a_row_is_represented_by_its_own_study():
    wrong = [
        (one.id, row) for key, one in STATEMENTS for row in one.rows if LEDGER[row]["study"] != key
    ]
    assert wrong == []


@pytest.mark.parametrize(("key", "one"), STATEMENTS, ids=lambda one: getattr(one, "id", one))
def test_a_statement_has_a_source_a_place_a_grade_and_a_clock(key, one):
    assert one.id.startswith(key)
    assert one.source in all_sources()
    assert one.where
    assert one.grade in GRADES
    assert one.hours or one.untimed
    assert set(one.scales) <= set(SCALES)


@pytest.mark.parametrize("key", DOSES)
def test_arms_get_the_doses_of_the_paper(key):
    arms = load_study(key).arms.values()
    found = [arm.regimen.total(70.0) for arm in arms if arm.regimen is not None]
    assert found == pytest.approx(DOSES[key])


def test_days_of_a_paper_become_hours_since_the_first_dose():
    liu = {one.id: one for one in load_study("liu2019").statements}
    assert liu["liu2019-1"].hours == (288.0,)  # day 13, the first dose on day 1
    irwin = {one.id: one for one in load_study("irwin2013").statements}
    assert irwin["irwin2013-1"].hours == (72.0,)  # day 3, the first dose on day 0


def test_the_clock_of_the_last_dose_starts_there():
    found = {one.id: one for one in load_study("mcintyre2020").statements}
    assert found["mcintyre2020-2"].hours == (3 * 84.0 + 14 * 24.0,)


def test_six_infusions_lie_on_the_days_of_the_paper():
    regimen = load_study("liu2019").arms["anxious"].regimen
    assert [timed.time / 24.0 + 1.0 for timed in regimen.doses] == [1.0, 3.0, 5.0, 8.0, 10.0, 12.0]


def test_studies_that_share_people_say_so_of_each_other():
    for key in KEYS:
        for other in load_study(key).same_people:
            assert key in load_study(other).same_people
            assert load_study(key).cohort == load_study(other).cohort


def test_statements_can_be_filtered():
    table = statement_table(construct="anxiety", route="oral", within=(48.0, 100.0))
    assert table["id"].tolist() == ["irwin2013-1"]
    assert set(statement_table(construct="dissociation")["construct"]) == {"dissociation"}


def test_the_audit_names_studies_and_what_a_fit_does():
    titles = {one.id: one for one in audit()}
    assert {"route_41", "route_47", "total"} <= set(titles)
    for one in titles.values():
        assert set(one.studies) <= set(list_studies())
        assert one.consequence
