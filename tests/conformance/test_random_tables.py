"""Random event tables through `simulate`, against the literal simulator."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kpksim import simulate
from kpksim.dosing import EventTable
from kpksim.models import parse_model

TYPICAL = {
    "KA": "1.2", "CL": "5", "V2": "20", "Q": "8", "V3": "60", "F1": "0.63", "ALAG1": "0.75",
    "R1": "40", "F2": "0.9", "ALAG2": "0", "D2": "3.5",
}  # fmt: skip
UNITS = {"K": "1/h", "C": "L/h", "V": "L", "Q": "L/h", "F": "", "A": "h", "R": "mg/h", "D": "h"}
TEXT = (
    """
name = "oral2"
title = "depot, central, peripheral"
source = "user"
[[compartments]]
name = "depot"
bioavailability = "F1"
lag = "ALAG1"
rate = "R1"
[[compartments]]
name = "central"
volume = "V2"
bioavailability = "F2"
lag = "ALAG2"
duration = "D2"
[[compartments]]
name = "peripheral"
volume = "V3"
[[flows]]
from = "depot"
to = "central"
rate = "KA"
[[flows]]
from = "central"
clearance = "CL"
[[flows]]
from = "central"
to = "peripheral"
clearance = "Q"
both_ways = true
[outputs.cmt2]
compartment = "central"
[outputs.cmt3]
compartment = "peripheral"
"""
    + "\n".join(
        f'[parameters.{name}]\nvalue = "{value} {UNITS[name[0]]}"'
        for name, value in TYPICAL.items()
    )
    + '\n[parameters.CL.scaling]\ncovariate = "weight"\nreference = "70 kg"\nexponent = 0.75\n'
)
MODEL = parse_model(TEXT, "oral2.toml")


def quarters(least, most):
    """Numbers k / 4."""
    return st.integers(4 * least, 4 * most).map(lambda k: k / 4)


def decimals(least, most):
    """Numbers with two decimals."""
    return st.integers(round(100 * least), round(100 * most)).map(lambda k: k / 100)


COLUMNS = {
    "KA": decimals(0.05, 3), "CL": decimals(0.5, 20), "V2": decimals(5, 40), "F1": decimals(0.1, 1),
    "ALAG1": quarters(0, 30), "R1": decimals(1, 60), "F2": decimals(0.1, 1),
    "ALAG2": quarters(0, 30), "D2": quarters(0, 40), "WT": decimals(40, 120),
}  # fmt: skip


@st.composite
def records(draw):
    """One subject: doses, observations, resets, with columns that set parameters by record."""
    columns = draw(st.lists(st.sampled_from(sorted(COLUMNS)), max_size=3, unique=True))
    steady = draw(st.booleans())  # columns that change from record to record, or do not
    fixed = {name: draw(COLUMNS[name]) for name in columns}
    rows, time = [], 0.0
    for _ in range(draw(st.integers(2, 9))):
        evid = draw(st.sampled_from([0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 3, 4]))
        time = draw(quarters(0, 5)) + (0.0 if evid in (3, 4) else time)
        row = dict.fromkeys(("AMT", "RATE", "II", "ADDL", "SS"), 0)
        row |= {"TIME": time, "EVID": evid, "CMT": draw(st.sampled_from([1, 2]))}
        if evid == 0:
            row["CMT"] = draw(st.sampled_from([2, 3]))
        if evid in (1, 4):
            row |= draw(dose(row["CMT"]))
        rows.append(row | {name: fixed[name] if steady else draw(COLUMNS[name]) for name in fixed})
    end = {"TIME": time + draw(quarters(0, 60)), "EVID": 0, "CMT": 2}
    return [*rows, rows[-1] | dict.fromkeys(("AMT", "RATE", "II", "ADDL", "SS"), 0) | end]


@st.composite
def dose(draw, cmt):
    """What a dose record says of its dose."""
    if draw(st.integers(0, 9)) == 0:
        return {"RATE": draw(decimals(1, 50)), "SS": draw(st.sampled_from([1, 2, 3]))}
    rates = st.sampled_from([0, 0, -1 if cmt == 1 else -2, 5, 30, 100.5])
    said = {"AMT": draw(decimals(1, 200)), "RATE": draw(rates)}
    if draw(st.booleans()):
        said |= {"II": draw(st.sampled_from([1.5, 4, 12, 24])), "ADDL": draw(st.integers(0, 4))}
        said["SS"] = draw(st.sampled_from([0, 1, 2, 3]))
    return said


def table_of(rows):
    """The same records as an event table."""
    further = {name: tuple(repr(row[name]) for row in rows) for name in rows[0] if name in COLUMNS}
    columns = {
        name: [row[name.upper()] for row in rows]
        for name in ("time", "evid", "amt", "rate", "ii", "addl", "ss")
    }
    cmt = tuple(str(row["CMT"]) for row in rows)
    return EventTable(id=("1",) * len(rows), cmt=cmt, further=further, **columns)


def system_of(literal, row):
    """The system of one record, as the literal simulator takes it."""
    numbers = {name: Fraction(str(row.get(name, value))) for name, value in TYPICAL.items()}
    real = literal.real
    with mpmath.workdps(literal.DIGITS):
        ka, cl, v2, q, v3 = (real(numbers[name]) for name in ("KA", "CL", "V2", "Q", "V3"))
        if "WT" in row and "CL" not in row:
            cl *= (real(Fraction(str(row["WT"]))) / 70) ** mpmath.mpf("0.75")
        matrix = mpmath.matrix([[-ka, 0, 0], [ka, -(cl + q) / v2, q / v3], [0, q / v2, -q / v3]])
        return literal.System(
            matrix,
            outputs={2: (1, 1 / v2), 3: (2, 1 / v3)},
            f={1: numbers["F1"], 2: numbers["F2"]},
            lag={1: numbers["ALAG1"], 2: numbers["ALAG2"]},
            duration={2: numbers["D2"]},
            rate={1: numbers["R1"]},
        )


def observed(rows, model=MODEL):
    """The concentrations at the observations [mg/L]."""
    result = simulate(model, table_of(rows))
    return [
        float(result[f"cmt{row['CMT']}"][k]) / 1000.0
        for k, row in enumerate(rows)
        if row["EVID"] == 0
    ]


def first(**said):
    """A dose at 0."""
    nothing = dict.fromkeys(("AMT", "RATE", "II", "ADDL", "SS"), 0)
    return nothing | {"TIME": 0.0, "EVID": 1, "CMT": 1, "AMT": 100.0} | said


def look(time, **said):
    """An observation."""
    return first(TIME=time, EVID=0, CMT=2, AMT=0) | said


LONG_LAG = {"ALAG1": 29.25}
TRAPS = [
    [first(II=12, ADDL=3, **LONG_LAG), *(look(t, **LONG_LAG) for t in (29.25, 41.25, 80.0))],
    [first(II=12, SS=1, **LONG_LAG), *(look(t, **LONG_LAG) for t in (0.0, 5.25, 17.25, 40.0))],
    [first(II=12, SS=1, ALAG1=24.0), *(look(t, ALAG1=24.0) for t in (0.0, 12.0, 24.0, 25.0))],
    [first(CMT=2, RATE=-2, II=12, SS=1, D2=31.0), *(look(t, D2=31.0) for t in (0.0, 7.0, 60.0))],
    [first(CMT=2, RATE=-2, II=4, ADDL=4, D2=4.0), *(look(t, D2=4.0) for t in (4.0, 8.0, 21.0))],
    [first(CMT=2, AMT=100.0, RATE=5, II=12, SS=2), look(0.0), look(17.9), look(18.0), look(30.0)],
    [look(0.0), first(CMT=2, II=4, ADDL=2), look(0.0), look(4.0), look(4.0), look(8.0)],
    [first(CMT=2), first(CMT=2, AMT=0, RATE=10, SS=3), look(0.0), look(9.0)],
    [first(RATE=-1, II=12, SS=1, R1=4.0), look(0.0, R1=4.0), look(30.0, R1=4.0)],
    [first(CMT=2, RATE=30, ADDL=4, II=1.5), look(2.0), look(2.0, EVID=3), look(2.0), look(9.0)],
]


@pytest.mark.parametrize("rows", TRAPS)
def test_a_trap_agrees_with_the_literal_simulator(rows, literal):
    agree(rows, literal)


@given(rows=records())
@settings(max_examples=120, deadline=None)
@example(rows=[first(SS=1, II=12, ALAG1=0.75), look(0.75, ALAG1=3.0), look(3.0, ALAG1=0.0)])
def test_random_records_agree_with_the_literal_simulator(literal, rows):
    agree(rows, literal)


@given(rows=records())
@settings(max_examples=40, deadline=None)
def test_random_records_are_the_same_step_by_step_when_km_is_huge(saturable_text, rows):
    model = parse_model(saturable_text(TEXT), "saturable.toml")
    assert not model.is_linear
    expected = observed(rows)
    floor = 1e-12 * max(expected)
    assert observed(rows, model) == pytest.approx(expected, rel=1e-8, abs=floor)


def agree(rows, literal):
    """Compare every observation."""
    text = [{name: str(value) for name, value in row.items()} for row in rows]
    truth = literal.literal(text, [system_of(literal, row) for row in rows])
    expected = np.array([float(truth[k]) for k in sorted(truth)])
    assert observed(rows) == pytest.approx(expected, rel=1e-11, abs=1e-300)
