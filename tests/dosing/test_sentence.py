import pytest

from kpksim.dosing import (
    ascending,
    bolus,
    daily,
    extended_release,
    infusion,
    intranasal,
    oral,
    subcutaneous,
    twice_weekly,
    weekly,
)

SENTENCES = {
    "35 mg IV over 40 min, once": infusion("35 mg", over="40 min"),
    "35 mg IV bolus, once": bolus("35 mg"),
    "35 mg IV bolus, once at 2 h": bolus("35 mg", at="2 h"),
    "35 mg IV over 40 min, 6 doses every 3.5 d": infusion("35 mg", over="40 min").repeat(
        every="84 h", times=6
    ),
    "1 mg/kg SC, 14 weekly doses": weekly(subcutaneous("1 mg/kg"), weeks=14),
    "1 mg/kg SC, 28 doses every 3.5 d": twice_weekly(subcutaneous("1 mg/kg"), weeks=14),
    "0.5 mg/kg oral, 28 daily doses": daily(oral("0.5 mg/kg"), days=28),
    "0.5 mg/kg oral, 28 daily doses from 1 d": daily(oral("0.5 mg/kg", at="1 d"), days=28),
    "0.5 mg/kg esketamine SC, 6 weekly doses": weekly(
        subcutaneous("0.5 mg/kg", drug="esketamine"), weeks=6
    ),
    "32.3 mg esketamine hydrochloride intranasal (spray), once": intranasal(
        "32.3 mg", drug="esketamine", form="hydrochloride", product="spray"
    ),
    "50 mg racemic ketamine hydrochloride IV over 1 h, once": infusion(
        "50 mg", over="60 min", form="hydrochloride"
    ),
    "60 mg oral ER (R-107 tablet), 7 doses every 12 h": extended_release(
        "60 mg", product="R-107 tablet"
    ).repeat(every="12 h", until="72 h"),
    "0.25 mg/kg SC at 0 h, then 0.5 mg/kg at 7 d, then 1 mg/kg at 14 d": ascending(
        ["0.25 mg/kg", "0.5 mg/kg", "1 mg/kg"], every="1 week", give=subcutaneous
    ),
    "35 mg IV over 40 min at 0 h, then 70 mg oral at 7 d": infusion("35 mg", over="40 min")
    + oral("70 mg", at="1 week"),
    "35 mg IV bolus at 0 h, and 70 mg oral at 0 h": bolus("35 mg") + oral("70 mg"),
    "35 mg IV bolus at 0 h, then 35 mg IV over 1 h at 12 h": bolus("35 mg")
    + infusion("35 mg", over="1 h", at=12.0),
    "1 mg/kg SC, 8 doses every 3.5 d from 0 h; then 1 mg/kg SC, 10 weekly doses from 31.5 d": (
        twice_weekly(subcutaneous("1 mg/kg"), 4).then(weekly(subcutaneous("1 mg/kg"), 10), "7 d")
    ),
    "0.5 mg/kg oral, 28 daily doses from 0 h; and 1 mg/kg SC, 4 weekly doses from 0 h": daily(
        oral("0.5 mg/kg"), 28
    )
    + weekly(subcutaneous("1 mg/kg"), 4),
    "1 mg oral, 5 daily doses from 0 h; and 2 mg SC, 2 daily doses from 0 h; and 3 mg SC at 3 d": (
        daily(oral("1 mg"), 5) + daily(subcutaneous("2 mg"), 2) + subcutaneous("3 mg", at="3 d")
    ),
    "35 mg IV bolus at 0 h; then 10 mg oral, 3 daily doses from 1 d": bolus("35 mg")
    + daily(oral("10 mg", at="1 d"), 3),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_regimen_reads_back_as_one_would_say_it(sentence):
    assert SENTENCES[sentence].sentence() == sentence


def test_a_time_that_words_would_round_is_said_in_hours():
    assert bolus("1 mg", at=100.12345678).sentence() == "1 mg IV bolus, once at 100.12345678 h"


def test_an_amount_is_not_rounded():
    assert bolus("35.1234567 mg").sentence() == "35.1234567 mg IV bolus, once"


def test_the_digits_of_rounding_are_not_said():
    assert bolus("0.7 mg/kg").for_weight(3.0).sentence() == "2.1 mg IV bolus, once"
