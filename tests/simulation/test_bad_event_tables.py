"""Bad event tables are refused with file, line, column, the rule and a way out."""

import re

import pytest

from kpksim import read_events, simulate
from kpksim.errors import DataError
from kpksim.models import parse_model

MODEL = parse_model(
    """
name = "bad_tables"
title = "a depot with a modelled rate, a centre with a modelled duration"
source = "user"
drug = "racemic ketamine"
[[compartments]]
name = "depot"
rate = "r1"
[[compartments]]
name = "central"
volume = "vc"
duration = "d2"
[[compartments]]
name = "urine"
[[flows]]
from = "depot"
to = "central"
rate = "ka"
[[flows]]
from = "central"
to = { urine = "share" }
clearance = "cl"
[[flows]]
from = "urine"
rate = "ku"
[[administrations]]
route = "oral"
product = "tablet"
into = "depot"
[[administrations]]
route = "intranasal"
into = "central"
fraction_by_dose = { "28 mg" = 0.5 }
[outputs.ketamine]
compartment = "central"
[parameters]
ka = { value = "1 1/h" }
r1 = { value = "20 mg/h" }
d2 = { value = "2 h" }
vc = { value = "50 L" }
cl = { value = "5 L/h", scaling = { covariate = "weight", reference = "70 kg", exponent = 1.0 } }
share = { value = "0.5" }
ku = { value = "1 1/h" }
""",
    "bad_tables.toml",
)
HEADER = "ID,TIME,EVID,CMT,AMT,RATE,II,ADDL,SS"
GOOD = "1,0,1,central,35,0,0,0,0"
BAD = [
    # what stands in a column
    ("1,noon,0,0,0,0,0,0,0", "TIME", 'a number is expected, got "noon"'),
    ("1,inf,0,0,0,0,0,0,0", "TIME", 'a number must be finite, got "inf"'),
    ("1,-2,0,0,0,0,0,0,0", "TIME", "a time must be finite and >= 0, got -2"),
    ("1,1,5,0,0,0,0,0,0", "EVID", "EVID must be 0, 1, 2, 3 or 4, got 5"),
    ("1,1,0.5,0,0,0,0,0,0", "EVID", "a whole number is expected, got 0.5"),
    ("1,1,1,1,-5,0,0,0,0", "AMT", "an amount must be finite and >= 0, got -5"),
    ("1,1,1,1,5 mg,0,0,0,0", "AMT", 'a number is expected, got "5 mg"'),
    ("1,1,1,1,5,-4,0,0,0", "RATE", "a rate must be finite and >= 0, or -1 or -2, got -4"),
    ("1,1,1,1,5,-1.5,0,0,0", "RATE", "a rate must be finite and >= 0, or -1 or -2, got -1.5"),
    ("1,1,1,1,5,0,-12,1,0", "II", "an interval must be finite and >= 0, got -12"),
    ("1,1,1,1,5,0,12,1.5,0", "ADDL", "a whole number is expected, got 1.5"),
    ("1,1,1,1,5,0,12,-1,0", "ADDL", "the number of additional doses must be from 0 to"),
    ("1,1,1,1,5,0,12,200000,0", "ADDL", "the number of additional doses must be from 0 to"),
    ("1,1,1,1,5,0,12,0,4", "SS", "SS must be 0, 1, 2 or 3, got 4"),
    ("1,1,1,1.5,5,0,0,0,0", "CMT", "a compartment is a whole number >= 0 or a name"),
    ("1,1,1,-1,5,0,0,0,0", "CMT", "a compartment is a whole number >= 0 or a name"),
    # what does not go together in a record
    ("1,1,0,1,5,0,0,0,0", "AMT", "a record that is no dose .* must have 0 here, got 5"),
    ("1,1,2,1,0,5,0,0,0", "RATE", "a record that is no dose .* must have 0 here, got 5"),
    ("1,1,3,1,0,0,12,0,0", "II", "a record that is no dose .* must have 0 here, got 12"),
    ("1,1,3,1,0,0,0,2,0", "ADDL", "a record that is no dose .* must have 0 here, got 2"),
    ("1,1,0,1,0,0,0,0,1", "SS", "a record that is no dose .* must have 0 here, got 1"),
    ("1,1,1,0,5,0,0,0,0", "CMT", 'a dose needs a compartment, got "0"'),
    ("1,1,4,.,5,0,0,0,0", "CMT", 'a dose needs a compartment, got "0"'),
    ("1,1,1,1,0,0,0,0,0", "AMT", "a dose needs AMT > 0, got 0"),
    ("1,1,1,1,0,-2,0,0,1", "AMT", "a dose needs AMT > 0, got 0"),
    ("1,1,1,1,5,0,0,3,0", "II", "additional doses .* need II > 0, got 0"),
    ("1,1,1,1,5,0,0,0,1", "II", "steady state of a repeated dose needs II > 0, got 0"),
    ("1,1,1,1,0,5,12,0,1", "II", "a constant infusion at steady state .* have 0 here, got 12"),
    ("1,1,1,1,0,5,0,2,2", "ADDL", "a constant infusion at steady state .* have 0 here, got 2"),
    # what the model does not know
    ("1,1,1,4,5,0,0,0,0", "CMT", "bad_tables has compartments 1 to 3 .* got 4"),
    ("1,1,1,centre,5,0,0,0,0", "CMT", '"centre" is no compartment of bad_tables'),
    ("1,1,1,im,5,0,0,0,0", "CMT", 'bad_tables has no route "im"'),
    ("1,1,1,central,5,-1,0,0,0", "RATE", 'needs a modelled rate > 0 of compartment "central"'),
    ("1,1,1,depot,5,-2,0,0,0", "RATE", 'needs a modelled duration of compartment "depot"'),
    ("1,1,1,urine,5,-1,0,0,0", "RATE", 'needs a modelled rate > 0 of compartment "urine"'),
    ("1,1,1,oral,5,10,0,0,0", "RATE", "states the input of this dose itself, got 10"),
    ("1,1,1,oral,5,-2,0,0,0", "RATE", "states the input of this dose itself, got -2"),
    ("1,1,1,intranasal,35,0,0,0,0", "AMT", "is known for doses of 28 mg, got 35 mg"),
    ("1,1,1,central,5,0.0001,1,0,1", "II", "at most 10000 doses may wait or run at a time"),
]  # fmt: skip
FURTHER = [
    ("WT", "0", "WT", "a body weight must be > 0 .*, got \"0\""),
    ("WEIGHT", "heavy", "WEIGHT", 'a number is expected, got "heavy"'),
    ("CL", "-1", "CL", 'parameter "cl" must be >= 0 .*, got "-1"'),
    ("KA", "fast", "KA", 'a number is expected, got "fast"'),
    ("DRUG", "arketamine", "DRUG", "cannot be given arketamine"),
    ("FORM", "salt", "FORM", 'a form is base or hydrochloride, got "salt"'),
    ("KA,ka", "1,1", "ka", "a column may be there once"),
    ("WT,WEIGHT", "70,70", "WEIGHT", "one column sets one value"),
]  # fmt: skip


@pytest.fixture
def refused(tmp_path):
    """Give a function that simulates a text and gives the message with which it is refused."""

    def message(text):
        path = tmp_path / "events.csv"
        path.write_text(text + "\n")
        with pytest.raises(DataError, match=r"events\.csv: line ") as caught:
            simulate(MODEL, read_events(path))
        return str(caught.value)

    return message


def check(message, line, column, rule):
    place, _, way_out = message.rpartition("; ")
    assert re.search(rf"events\.csv: line {line}, column {column}: .*{rule}", place), message
    assert len(way_out.split()) >= 2


@pytest.mark.parametrize(("record", "column", "rule"), BAD)
def test_a_bad_record_is_refused(refused, record, column, rule):
    check(refused(f"{HEADER}\n{GOOD}\n{record}"), 3, column, rule)


@pytest.mark.parametrize(("names", "values", "column", "rule"), FURTHER[:6])
def test_a_bad_further_column_is_refused(refused, names, values, column, rule):
    good = ",".join({"WT": "70", "WEIGHT": "70", "CL": "5", "KA": "1"}.get(names, ".").split())
    check(refused(f"{HEADER},{names}\n{GOOD},{good}\n{GOOD},{values}"), 3, column, rule)


@pytest.mark.parametrize(("names", "values", "column", "rule"), FURTHER[6:])
def test_a_column_that_is_there_twice_is_refused(refused, names, values, column, rule):
    message = refused(f"{HEADER},{names}\n{GOOD},{values}")
    assert re.search(rf"line 1.*{rule}.*; \w+ \w+", message)


def test_an_unknown_product_is_refused(refused):
    message = refused(f"{HEADER},PRODUCT\n1,0,1,oral,5,0,0,0,0,wafer")
    check(message, 2, "PRODUCT", "wafer")


def test_time_that_runs_backwards_is_refused(refused):
    message = refused(f"{HEADER}\n1,2,1,central,35,0,0,0,0\n1,1,0,0,0,0,0,0,0")
    check(message, 3, "TIME", "time must not run backwards within an ID, got 1")


def test_a_volume_of_0_is_refused_at_its_line(refused):
    message = refused(f"{HEADER},VC\n{GOOD},50\n1,1,0,0,0,0,0,0,0,0")
    assert 'line 3: the parameters of this record: bad_tables: a volume must be > 0, "vc" is 0' in (
        message
    )


def test_a_dose_that_never_leaves_has_no_steady_state(refused):
    record = "1,0,1,central,35,0,12,0,1,0"
    check(refused(f"{HEADER},CL\n{record}"), 2, "SS", "has no steady state of this dose")
