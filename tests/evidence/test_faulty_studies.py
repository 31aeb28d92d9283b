"""Faulty study files are refused with file, place, rule and way out."""

from importlib.resources import files

import pytest

from kpksim.errors import KpksimError
from kpksim.evidence import list_studies, load_study, parse_study
from kpksim.evidence.study_checks import likely_doubles

STARTER = files("kpksim.cli").joinpath("study.toml").read_text(encoding="utf-8")


def test_the_starter_is_in_order():
    study = parse_study(STARTER, "study.toml")
    assert (study.key, len(study.statements)) == ("author2026", 1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('source = "user"  ', 'source = "nobody2020"  ', r'source .*: no source "nobody2020"'),
        ('title  = "What', 'titel  = "What', r'unknown key; did you mean "title"'),
        ("n                 = 40\n", "", r"design.n: this key is missing"),
        ("n                 = 40", "n                 = 0", r"design.n: .*greater than 0"),
        ('"double-blind" ', '"blind" ', r"blinding: must be one of open, double-blind"),
        ('"midazolam"       #', '"none at all"     #', r"control: must be one of"),
        ('"parallel"        #', '"side by side"    #', r"layout: must be one of"),
        ("day_of_first_dose = 0", "day_of_first_dose = 2", r"day_of_first_dose: must be one of"),
        ('kind  = "drug" ', 'kind  = "placebo" ', r'"placebo" has no "regimens"; say in "given"'),
        ('given = "midazolam', 'label2 = "midazolam', r"unknown key"),
        ('route = "iv"', 'route = "vein"', r'arms.ketamine.regimens.1: no route "vein"'),
        ('dose  = "0.5 mg/kg"', 'dose  = "0.5 ml"', r"arms.ketamine.regimens.1"),
        ('over  = "40 min"', 'over  = "40 mg"', r"arms.ketamine.regimens.1"),
        ('construct = "anxiety"', 'construct = "fear"', r"construct: must be one of anxiety"),
        ('scales    = ["HAM-A"]', 'scales    = ["HAMA"]', r'must be one of .*mean "HAM-A"'),
        ('scales    = ["HAM-A"]', "", r'needs "scales" of the vocabulary or a "measure"'),
        ('arms      = ["ketamine"]', 'arms      = ["ketamin"]', r'no arm "ketamin"; did you'),
        ('type      = "responders"', 'type      = "responder"', r'did you mean "responders"'),
        ("k         = 11\n", "", r'type = "responders" needs "k" and "n"'),
        ("k         = 11", "k         = 21", r'needs "k" and "n", k of n'),
        ("n         = 20", "n         = 41", r"n: 41 people of 40 in the study"),
        ('clock     = "first dose"', 'clock     = "start"', r"clock: must be one of first dose"),
        ('time      = "24 h"', "", r'give one of "time", "day", "during" and "visits"'),
        ('time      = "24 h"', 'time      = "24 h"\nday = 1', r'give one of "time", "day"'),
        ('time      = "24 h"', 'time      = "24 mg"', r'"author2026-1": time: '),
        ('time      = "24 h"', 'during = ["24 h", "1 h"]', r"times must ascend"),
        ('clock     = "first dose"', 'clock     = "none"', r'clock = "none" takes no time'),
        ('grade     = "A"', 'grade     = "C"', r"grade: must be one of A, B, D, got 'C'"),
        ('where     = "table 2"', "", r"where: this key is missing"),
        ('reading     = "responded"', 'reading     = "guessed"', r"reading: must be one of"),
        ('reading     = "responded"', 'reading     = "not used"', r'goes with "why_not_used"'),
        ('type      = "responders"', 'type      = "percent change"\nvalue=-120.0\nunit="%"',
         r"nothing falls by more than 100 %"),
        ('type      = "responders"', 'type      = "mean"\nvalue=60.0\nunit="points"',
         r"HAM-A runs from 0 to 56, got 60"),
        ('type      = "responders"', 'type      = "mean change"\nvalue=-92.4\nunit="points"',
         r"a change on HAM-A runs from -56 to 56, got -92.4"),
        ('type      = "responders"',
         'type      = "mean change"\nvalue=-9.0\nunit="points"\nci = [-60.0, -2.0]',
         r"ci: a change on HAM-A runs from -56 to 56, got -60"),
        ("threshold = -50.0", "threshold = 400.0", r"on HAM-A it runs from -100 to 100, got 400"),
        ('type      = "responders"', 'type      = "mean change"', r'needs "value" and "unit"'),
        ('grade     = "A"', 'grade     = "A"\nci = [2.0, 1.0]', r"ci: the lower end comes first"),
        ("[[statements]]", "[[statement]]", r"unknown key"),
        ('name   = "author2026"', 'name   = "Author 2026"', r"name: string should match pattern"),
    ],
)  # fmt: skip
def test_a_faulty_file_is_refused_by_place_rule_and_way_out(old, new, message):
    assert STARTER.count(old) >= 1
    with pytest.raises(KpksimError, match=rf"study.toml: .*{message}|study.toml: {message}"):
        parse_study(STARTER.replace(old, new, 1), "study.toml")


def test_days_are_counted_from_the_first_dose_alone():
    text = STARTER.replace('clock     = "first dose"', 'clock = "last dose"')
    with pytest.raises(KpksimError, match='days are of the clock "first dose", got clock = "last'):
        parse_study(text.replace('time      = "24 h"', "day = 2.0"), "study.toml")


def test_an_id_stands_once():
    twice = STARTER + STARTER[STARTER.index("[[statements]]") :]
    with pytest.raises(KpksimError, match='the id "author2026-1" stands 2 times'):
        parse_study(twice, "study.toml")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('cohort            = "author2026"', 'cohort = "dunedin"', 'both say cohort = "dunedin"'),
        ("n                 = 40", "n                 = 24", "24 people in both"),
        ('source = "user"  ', 'source = "taylor2018"  ', "both are taylor2018"),
    ],
)
def test_a_likely_double_is_told(old, new, reason):
    study = parse_study(STARTER.replace(old, new, 1), "study.toml")
    found = likely_doubles(study, [load_study(key) for key in list_studies()])
    assert any(reason in one for one in found)


def test_a_new_study_is_no_double():
    study = parse_study(STARTER, "study.toml")
    assert likely_doubles(study, [load_study(key) for key in list_studies()]) == []
