"""Every reported number is held or left out with a reason, converted right, and can be traced."""

import csv
import math
import re
from collections import Counter
from pathlib import Path

import pytest

from kpksim.bibliography import all_sources, source
from kpksim.errors import UnknownName
from kpksim.evidence import left_out, list_observed, load_observed, observed_table
from kpksim.evidence.observed_units import METRICS

PK = Path(__file__).parents[2] / "kpksim" / "evidence" / "pk"
TEXT = (Path(__file__).parent / "extraction.csv").read_text(encoding="utf-8")
EXTRACTION = list(csv.DictReader(TEXT.splitlines()))
STUDIES = {key: load_observed(key) for key in list_observed()}
ROWS = {one.id: (study, one) for study in STUDIES.values() for one in study.observations}
OURS = {
    "ng/mL": 1.0, "h": 1.0, "%": 0.01, "ng*h/mL": 1.0, "L/h": 1.0, "L/kg": 1.0, "L": 1.0,
    "L/h per 70 kg": 1.0, "L per 70 kg": 1.0, "mL/min/kg": 0.06, "L/h/kg": 1.0,
}  # fmt: skip
"""Factor from a unit of the extraction to ours; every ratio has 1."""
ROUTE = {
    "iv_infusion": "iv", "iv_bolus": "iv", "im": "im", "oral_ir": "oral", "oral_er": "oral_er",
    "sublingual": "sublingual", "intranasal": "intranasal",
}  # fmt: skip
DRUG = {"racemic": "racemic ketamine", "esketamine": "esketamine"}
LETTERS = {"ketamine": "ketamine", "norketamine": "norketamine"} | {
    "hnk": "hydroxynorketamine", "dhnk": "dehydronorketamine",
}  # fmt: skip
DOSES = {
    ("chong2006", "iv"): 10.0, ("chong2006", "sublingual"): 25.0, ("chong2006", "oral"): 25.0,
    ("chong2009", "oral"): 25.0, ("chong2009", "sublingual"): 25.0,
    ("yanagihara2003", "iv"): 20.0, ("yanagihara2003", "oral"): 50.0,
    ("yanagihara2003", "sublingual"): 50.0, ("yanagihara2003", "intranasal"): 25.0,
    ("hasan2017", "iv"): 5.0, ("hasan2017", "tablet_10"): 10.0, ("hasan2017", "tablet_40"): 40.0,
    ("hasan2021", "iv"): 5.0, ("hasan2021", "tablet_40"): 40.0,
    ("kampbja2020", "racemate"): 1.99 * 80.0, ("kampbja2020", "esketamine"): 0.99 * 80.0,
    ("otto2021", "iv"): 10.0, ("simons2022", "film_50"): 50.0,
    ("simons2022", "film_50_then_iv"): 70.0, ("simons2022", "film_100_then_iv"): 120.0,
    ("perezruixo2021", "intranasal_28"): 28.0, ("perezruixo2021", "intranasal_56"): 56.0,
    ("perezruixo2021", "iv_28"): 28.0, ("johnsonjohnson2026", "intranasal_56"): 56.0,
    ("fanta2015", "oral"): 20.0, ("fanta2015", "iv"): 10.0,
    ("malinovsky1996", "intranasal_3"): 240.0, ("malinovsky1996", "intranasal_9"): 720.0,
    ("brunette2011", "oral"): 400.0, ("hirlinger1984", "im"): 40.0,
    ("hartvig1995", "plasma"): 16.0, ("hartvig1995", "brain"): 16.0,
}  # fmt: skip
"""Total dose of every arm with a regimen, for a person of 80 kg [mg]."""


def value(name):
    return ROWS[name][1].value


def test_all_252_reported_numbers_are_held_or_left_out_with_a_reason():
    reported = [row["id"] for row in EXTRACTION]
    assert len(reported) == len(set(reported)) == 252
    assert sorted([*ROWS, *left_out()]) == sorted(reported)
    assert all(len(reason) > 30 for reason in left_out().values())


def test_an_id_stands_in_one_study_only():
    ids = Counter(one.id for study in STUDIES.values() for one in study.observations)
    assert set(ids.values()) == {1}


def agrees(row):
    """Say whether an observation is that of the extraction, converted by hand and rounded."""
    study, one = ROWS[row["id"]]
    factor = 1.0 if row["unit"].startswith("ratio") else OURS[row["unit"]]
    decimals = len(row["value"].partition(".")[2])
    enantiomer, _, letters = row["analyte"].rpartition("-")
    return (
        study.key == row["study"]
        and abs(one.value / factor - float(row["value"])) <= 0.501 * 10.0**-decimals
        and (one.enantiomer, one.analyte) == (enantiomer or "sum", LETTERS[letters])
        and one.grade == row["grade"]
        and (one.time == float(row["time_h"]) if row["time_h"] else math.isnan(one.time))
    )


@pytest.mark.parametrize("key", STUDIES)
def test_numbers_are_those_of_the_extraction_up_to_its_rounding(key):
    held = [row for row in EXTRACTION if row["study"] == key and row["id"] in ROWS]
    assert held
    assert [row["id"] for row in held if not agrees(row)] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("PK133", 0.1929 * 237.73),  # S-ketamine, nmol/mL
        ("PK163", 0.0426 * 223.70),  # S-norketamine
        ("PK183", 0.0222 * 239.70),  # hydroxynorketamine
        ("PK190", 0.0061 * 221.68),  # S-dehydronorketamine
        ("PK289", 9.3 * 237.73),  # umol/L
        ("PK225", 8363.0 / 60.0),  # ng min/mL
        ("PK224", 18.8 / 60.0),  # min
        ("PK105", 1620.0 * 60.0 / 1000.0),  # mL/min
        ("PK294", 36.0 * 60.0 / 1000.0),  # mL/min/kg
        ("PK247", 0.26),  # %
        ("PK034", 13.0 * 10.0),  # per mg of dose
        ("PK040", 9.9 * 25.0),
    ],
)
def test_a_printed_number_is_converted(name, expected):
    assert value(name) == pytest.approx(expected, rel=1e-12)


def test_printed_examples_come_out_as_rounded_by_hand():
    assert (round(value("PK133"), 2), round(value("PK225"), 1)) == (45.86, 139.4)


def test_a_standard_deviation_is_converted_with_its_number():
    one = ROWS["PK106"][1]
    assert (one.value, one.sd) == pytest.approx((91.8, 22.8), rel=1e-12)
    assert ROWS["PK034"][1].sd == pytest.approx(6.9 * 10.0)


def test_clearances_of_the_enantiomers_give_the_area_of_their_sum():
    """Half the dose over each clearance, against the area in the other report of the study."""
    areas = 2.5 * 1000.0 / value("PK105"), 2.5 * 1000.0 / value("PK106")
    assert sum(areas) == pytest.approx(value("PK068"), rel=0.02)


def test_areas_after_two_routes_stand_as_their_bioavailabilities():
    """Oral over sublingual, the same dose in the same people (Chong)."""
    areas = value("PK045") / value("PK039")
    shares = value("PK048") / value("PK047")
    assert areas == pytest.approx(shares, rel=0.1)


@pytest.mark.parametrize("place", DOSES, ids="-".join)
def test_an_arm_gets_the_dose_of_its_paper(place):
    key, arm = place
    assert STUDIES[key].arms[arm].regimen.total(80.0) == pytest.approx(DOSES[place], rel=1e-12)


@pytest.mark.parametrize("key", STUDIES)
def test_an_arm_gets_the_drug_of_its_paper_by_its_route_for_its_time(key):
    for row in EXTRACTION:
        if row["study"] != key or row["id"] not in ROWS:
            continue
        arm = STUDIES[key].arms[ROWS[row["id"]][1].arm]
        if arm.regimen is None:
            continue
        doses = [
            timed.dose for timed in arm.regimen.doses if timed.dose.route == ROUTE[row["route"]]
        ]
        assert {dose.drug for dose in doses} == {DRUG[row["drug"]]}, row["id"]
        stated = float(row["duration_min"] or 0.0) / 60.0
        assert math.fsum(dose.over for dose in doses) == pytest.approx(stated), row["id"]


def test_every_regimen_is_among_those_checked():
    arms = {
        (key, arm.name) for key, study in STUDIES.items() for arm in study.arms.values()
        if arm.regimen is not None
    }  # fmt: skip
    assert arms == set(DOSES)


def test_the_steps_of_kamp_are_three_hours_and_no_constant_infusion():
    for arm, rates in (("racemate", (0.28, 0.57, 1.14)), ("esketamine", (0.14, 0.28, 0.57))):
        doses = STUDIES["kampbja2020"].arms[arm].regimen.doses
        assert [timed.time for timed in doses] == [0.0, 1.0, 2.0]
        assert [timed.dose.over for timed in doses] == [1.0, 1.0, 1.0]
        assert [timed.dose.amount for timed in doses] == pytest.approx(rates)


@pytest.mark.parametrize(
    ("key", "windows"),
    [
        ("chong2006", {(0.0, 8.0)}),
        ("yanagihara2003", {(0.0, 8.0), (0.0, 6.0)}),
        ("hasan2017", {(0.0, math.inf)}),
        ("simons2022", {(0.0, 6.0)}),
        ("perezruixo2021", {(0.0, 24.0)}),
    ],
)
def test_an_area_has_the_window_of_its_paper(key, windows):
    found = {(one.arm, one.window) for one in STUDIES[key].observations if one.metric == "auc"}
    assert {window for _, window in found} == windows
    assert ("intranasal", (0.0, 6.0)) in found or key != "yanagihara2003"


def test_only_numbers_that_a_model_can_meet_are_quantitative():
    table = observed_table().query("use == 'quantitative'")
    assert set(table["people"]) <= {"adults", "unknown"}
    assert set(table["metric"]).isdisjoint({"t_half", "vss"})
    assert not set(table["study"]) & {"chong2009", "idvall1979", "hijazi2003", "langsjo2003"}
    assert not {"PK030", "PK031", "PK072", "PK117", "PK353"} & set(table["id"])


def test_a_regimen_that_the_paper_does_not_state_says_what_is_assumed():
    for key in ("chong2006", "yanagihara2003"):
        assert "no duration" in STUDIES[key].arms["iv"].assumption


def test_the_same_people_are_said_to_be_the_same_on_both_sides():
    pairs = {(key, other) for key, study in STUDIES.items() for other in study.same_people}
    assert {(other, key) for key, other in pairs} == pairs
    assert {("chong2006", "chong2009"), ("hasan2017", "hasan2021")} <= pairs


def test_whether_kamp_shows_means_is_doubted_in_every_row():
    for one in STUDIES["kampbja2020"].observations:
        assert one.doubt.startswith("Not settled whether")


def test_a_number_of_grade_b_says_through_whom_it_was_seen():
    seen = {one.id: one.where for _, one in ROWS.values() if one.grade == "B"}
    assert [name for name, where in seen.items() if "through" not in where] == []


def test_what_was_read_off_a_figure_names_the_figure():
    for _, one in ROWS.values():
        assert not one.digitised or "figure" in one.where


def test_every_file_has_its_pair_and_the_name_of_its_source():
    files = {file.stem for file in PK.glob("*.toml")} - {"left_out"}
    assert files == {file.stem for file in PK.glob("*.csv")} == set(STUDIES)
    for key, study in STUDIES.items():
        assert study.key == study.source == source(key).key == key


def test_no_file_names_an_address_or_an_unknown_source():
    for file in PK.glob("*.*"):
        text = file.read_text(encoding="utf-8")
        assert "://" not in text and "www." not in text
        assert set(re.findall(r"\b[a-z]+(?:19|20)\d\d[a-z]*\b", text)) <= set(all_sources())


def test_digitisations_under_a_licence_carry_its_notice():
    notice = (PK / "NOTICE").read_text(encoding="utf-8")
    assert "MIT License" in notice and "Copyright (c) 2026 Anand Srinivasan" in notice
    for key, study in STUDIES.items():
        third_party = any("third-party" in one.where for one in study.observations)
        assert third_party == ("see NOTICE" in study.licence)
        assert not third_party or f"{key}.csv" in notice


def test_the_table_has_a_row_for_every_observation_with_the_facts_of_its_arm():
    table = observed_table().set_index("id")
    assert set(table.index) == set(ROWS)
    row = table.loc["PK207"]
    assert (row["study"], row["n"], row["weight"], row["site"]) == ("otto2021", 17, 68.0, "venous")
    assert table.loc["PK034", ["start", "end"]].tolist() == [0.0, 8.0]


def test_units_are_those_of_the_metrics():
    odd = {one.id: one.unit for _, one in ROWS.values() if one.unit != METRICS[one.metric].unit}
    assert odd == {"PK101": "L/kg", "PK102": "L/kg", "PK294": "L/h/kg", "PK327": "L/h/kg"}


def test_a_wrong_key_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match='no observed study "hasan2012"; did you mean "hasan20'):
        load_observed("hasan2012")


def test_people_are_as_many_and_as_heavy_as_in_the_extraction():
    differ = {}
    for row in EXTRACTION:
        if row["id"] in ROWS:
            study, one = ROWS[row["id"]]
            arm = study.arms[one.arm]
            n, weight = int(row["n"] or 0), float(row["weight_kg"] or 0.0)
            if (arm.n or 0, 0.0 if math.isnan(arm.weight) else arm.weight) != (n, weight):
                differ[study.key, arm.name] = (arm.n, arm.weight)
    # The numbers of li2015, malinovsky1996 and one of simons2022 are of several arms together;
    # the clearance of fanta2015 is for 70 kg.
    assert {key for key, _ in differ} <= {"li2015", "malinovsky1996", "simons2022", "fanta2015"}
    assert differ["fanta2015", "iv"] == (11, 70.0)
