from math import inf, isnan
from pathlib import Path

import pytest

from kpksim.calibration.document import CalibrationDocument
from kpksim.calibration.setting import make_setting
from kpksim.calibration.statement_rows import rows_of
from kpksim.documents import read_document
from kpksim.evidence import REVIEW, list_studies, load_study

CONFIGS = Path(__file__).parents[2] / "configs" / "calibrations"
OUTCOMES = ("anxiety", "depression", "dissociation", "sbp", "dbp")

SAME_OTHERWISE = {  # an effect size without an interval, and a change that was rated once
    "anxiety": ["irwin2013-1", "irwin2013-2", "taylor2018-2"],
    "depression": ["irwin2013-3", "irwin2013-4", "irwin2013-5"],
}


def document(outcome):
    return read_document(CONFIGS / f"{outcome}.toml", CalibrationDocument)


def rows(outcome, study, **more):
    found, _ = rows_of(load_study(study), outcome, document(outcome), **more)
    return {one.id: one for one in found}


def test_a_change_in_points_has_the_standard_error_of_its_interval():
    row = rows("anxiety", "irwin2013")["irwin2013-1"]
    assert row.y == -2.4
    assert row.own
    assert row.score == "change"
    # half of 3.7 - 1.0 over the 97.5 % quantile of t with 7 degrees of freedom, 2.3646
    assert row.se == pytest.approx(1.35 / 2.3646, rel=1e-4)
    assert [one.hour for one in row.first] == [72.0]
    assert (row.first[0].design, row.first[0].instrument) == ("open", "HADS-A")


def test_a_count_over_two_doses_looks_at_every_rating_of_both():
    row = rows("anxiety", "glue2017")["glue2017-5"]
    assert (row.y, row.n, row.threshold, row.l0) == (10.0, 12.0, -50.0, pytest.approx(1 / 13))
    assert {(one.arm, one.hour) for one in row.first} == {
        (arm, hour) for arm in ("sc05", "sc1") for hour in (1.0, 2.0, 24.0, 72.0, 168.0)
    }


def test_two_arms_of_different_people_have_half_of_them_each():
    row = rows("anxiety", "murrough2015")["murrough2015-6"]
    assert (row.n, row.same) == (24.0, False)
    assert (row.first[0].group, row.second[0].group) == ("ketamine", "midazolam")


def test_an_offset_is_there_at_its_time_and_not_at_the_next_rating():
    row = rows("anxiety", "diazgranados2010")["diazgranados2010-5"]
    assert [one.hour for one in row.first] == [72.0, 168.0]
    assert [one.arm for one in row.second] == ["saline", "saline"]


def test_dissociation_is_turned_round_so_that_down_is_effect():
    found = rows("dissociation", "glue2018")
    assert found["glue2018-2"].y == -20.0
    assert rows("dissociation", "glue2017")["glue2017-11"].bounds == (-8.0, -1.0)
    assert rows("dissociation", "castle2017")["castle2017-3"].bounds == (-3.0, inf)


def test_the_other_reading_of_a_half_takes_it_as_the_least():
    row = rows("anxiety", "glue2018", alternative=True)["glue2018-1"]
    assert (row.reading, row.bounds) == ("interval", (-100.0, -50.0))
    assert "truppmanlattie2021-8" not in rows("anxiety", "truppmanlattie2021", alternative=True)


@pytest.mark.parametrize(
    ("outcome", "name", "bounds"),
    [
        ("anxiety", "glue2017-4", (-40.0, 5.0)),
        ("anxiety", "glue2020-5", (-30.0, 10.0)),
        ("depression", "liu2019-4", (-110.0, -20.0)),
    ],
)
def test_the_other_reading_of_words_is_a_range_ten_percent_wider(outcome, name, bounds):
    row = rows(outcome, name.split("-")[0], alternative=True)[name]
    assert (row.reading, row.bounds) == ("interval", bounds)


def test_the_other_reading_of_an_effect_gone_at_two_weeks_is_three():
    assert [one.hour for one in rows("anxiety", REVIEW)["tully2021-26"].first] == [336.0]
    row = rows("anxiety", REVIEW, alternative=True)["tully2021-26"]
    assert (row.reading, [one.hour for one in row.first]) == ("gone by", [504.0])


def test_the_other_reading_of_a_clinical_level_is_that_of_mild_anxiety():
    row = rows("anxiety", "liu2019", alternative=True)["liu2019-1"]
    assert (row.reading, row.threshold) == ("below threshold", 17.0)


def test_the_other_reading_of_a_relapse_is_that_the_mean_is_no_longer_clearly_lower():
    row = rows("anxiety", "truppmanlattie2021", alternative=True)["truppmanlattie2021-10"]
    assert row.reading == "not significant"


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_reading_otherwise_differs_where_a_statement_names_one(outcome):
    same = set()
    for key in [*list_studies(), REVIEW]:
        read, other = rows(outcome, key), rows(outcome, key, alternative=True)
        named = {one.id for one in load_study(key).statements if one.alternative}
        same |= {one for one in named & set(read) if read[one] == other.get(one)}
    assert sorted(same) == SAME_OTHERWISE.get(outcome, [])


def test_weights_come_from_the_statement_else_from_reading_and_grade():
    found = rows("anxiety", "truppmanlattie2021")
    assert found["truppmanlattie2021-2"].q == 0.05
    assert found["truppmanlattie2021-10"].q == 0.15  # a relapse
    assert found["truppmanlattie2021-6"].q == 0.5  # grade D


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_statement_is_read_or_says_why_not(outcome):
    settings = document(outcome)
    for key in [*list_studies(), REVIEW]:
        found, unread = rows_of(load_study(key), outcome, settings)
        assert all(one.why for one in unread)
        for row in found:
            assert 0.0 < row.q < 1.0
            assert row.l0 > 0.0
            assert row.n >= 1.0
            assert row.first
            assert not isnan(row.y)


def test_people_of_several_reports_are_one_cluster():
    clusters = make_setting(document("anxiety")).clusters
    assert {one.first[0].study for one in clusters["dunedin"]} == {
        "glue2017", "glue2018", "shadli2018", "glue2020", "truppmanlattie2021"
    }  # fmt: skip


def test_a_study_of_ones_own_enters_without_a_change_of_code(tmp_path):
    text = (Path(load_study.__code__.co_filename).parent / "studies" / "taylor2018.toml").read_text(
        encoding="utf-8"
    )
    for old, new in (("taylor2018", "taylor2098"), ("ref    = 31\n", "")):
        text = text.replace(old, new)
    text = text.replace('source = "taylor2098"', 'source = "taylor2018"')
    (tmp_path / "mine.toml").write_text(
        text.replace('= "taylor2098"\nwhere', '= "taylor2018"\nwhere')
    )
    settings = document("anxiety").model_copy(update={"studies": ["glue2017", "mine.toml"]})
    clusters = make_setting(settings, place=tmp_path).clusters
    assert set(clusters) == {"dunedin", "taylor2098"}
    assert len(clusters["taylor2098"]) >= 5


def test_the_other_reading_of_an_order_compares_its_ends():
    arms = rows("anxiety", "glue2017", alternative=True)["glue2017-7"]
    assert arms.reading == "significant"
    assert [one.arm for one in (*arms.first, *arms.second)] == ["sc1", "sc025"]
    times = rows("depression", "glue2020er", alternative=True)["glue2020er-9"]
    assert times.reading == "direction"
    assert [one.hour for one in (*times.first, *times.second)] == [96.0, 12.0]
