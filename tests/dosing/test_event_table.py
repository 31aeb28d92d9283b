import numpy as np
import pytest

from kpksim.dosing import EventTable
from kpksim.errors import DataError, UnknownName

DOSE = {
    "id": "1", "time": 0.0, "evid": 1, "cmt": "iv", "amt": 35.0, "rate": 0.0, "ii": 0.0,
    "addl": 0, "ss": 0,
}  # fmt: skip
OBSERVATION = DOSE | {"evid": 0, "cmt": "0", "amt": 0.0}


def table_of(*records, **columns):
    """Make a table of records given as dictionaries."""
    return EventTable(**{name: [one[name] for one in records] for name in DOSE}, **columns)


def test_every_column_has_one_entry_per_record():
    table = table_of(DOSE, OBSERVATION | {"time": 2.0})
    assert len(table) == 2
    assert table.time.tolist() == [0.0, 2.0]
    assert table.is_dose.tolist() == [True, False]
    assert table.line == (2, 3)


def test_columns_cannot_be_changed():
    table = table_of(DOSE)
    with pytest.raises(ValueError, match="read-only"):
        table.amt[0] = 70.0
    with pytest.raises(TypeError, match="does not support item assignment"):
        table.further["WT"] = ("70",)


def test_a_table_does_not_change_with_the_array_it_was_made_from():
    amounts = np.array([35.0])
    table = EventTable(**{name: [value] for name, value in DOSE.items()} | {"amt": amounts})
    amounts[0] = 70.0
    assert table.amt.tolist() == [35.0]


def test_a_change_of_id_starts_a_new_subject_even_when_the_id_comes_back():
    table = table_of(*(DOSE | {"id": one} for one in ("1", "1", "2", "1")))
    assert table.subject.tolist() == [0, 0, 1, 2]
    assert [part.line for part in table.of_subjects()] == [(2, 3), (4,), (5,)]
    assert [part.id[0] for part in table.of_subjects()] == ["1", "2", "1"]


def test_a_part_of_a_table_keeps_its_further_columns():
    table = table_of(DOSE, DOSE | {"id": "2"}, further={"wt": ("60", "80")}, source="study.csv")
    first, second = table.of_subjects()
    assert (first.further["WT"], second.further["WT"]) == (("60",), ("80",))
    assert second.source == "study.csv"


def test_a_further_column_gives_its_numbers():
    table = table_of(DOSE, DOSE, further={"WT": ("60.5", ".")})
    assert table.numbers("WT").tolist() == [60.5, 0.0]


def test_a_further_column_that_holds_text_gives_no_numbers():
    table = table_of(DOSE, DOSE, further={"WT": ("60", "heavy")})
    with pytest.raises(DataError, match=r'line 3, column WT: a number is expected, got "heavy"'):
        table.numbers("WT")


def test_a_further_column_that_is_not_there_is_refused():
    with pytest.raises(UnknownName, match='no column "WTT"; did you mean "WT"'):
        table_of(DOSE, further={"WT": ("60",)}).numbers("WTT")


def test_a_table_without_records_is_refused():
    with pytest.raises(DataError, match="an event table needs a record, got none"):
        table_of()


def test_columns_of_different_length_are_refused():
    with pytest.raises(DataError, match=r"column WT must have one value per record, got \(2,\)"):
        table_of(DOSE, further={"WT": ("60", "70")})


def test_time_may_start_anew_at_a_reset_and_with_a_new_subject():
    table = table_of(
        DOSE | {"time": 5.0},
        OBSERVATION | {"time": 1.0, "evid": 3},
        DOSE | {"time": 0.5, "evid": 4},
        DOSE | {"id": "2"},
    )
    assert table.time.tolist() == [5.0, 1.0, 0.5, 0.0]


def test_every_kind_of_record_is_kept():
    table = table_of(
        DOSE | {"rate": -1.0},
        DOSE | {"rate": -2.0},
        DOSE | {"ss": 2, "ii": 12.0},
        DOSE | {"ss": 3, "ii": 12.0},
        DOSE | {"amt": 0.0, "rate": 5.0, "ss": 1},
        OBSERVATION | {"evid": 2},
        OBSERVATION | {"evid": 3},
        DOSE | {"evid": 4},
    )
    assert table.rate.tolist()[:2] == [-1.0, -2.0]
    assert table.ss.tolist() == [0, 0, 2, 3, 1, 0, 0, 0]
    assert table.evid.tolist()[-3:] == [2, 3, 4]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (DOSE | {"time": -1.0}, "column TIME: a time must be finite and >= 0, got -1"),
        (DOSE | {"time": np.nan}, "column TIME: a time must be finite and >= 0, got nan"),
        (DOSE | {"evid": 5}, "column EVID: EVID must be 0, 1, 2, 3 or 4, got 5"),
        (DOSE | {"evid": -1}, "column EVID: EVID must be 0, 1, 2, 3 or 4, got -1"),
        (DOSE | {"amt": -5.0}, "column AMT: an amount must be finite and >= 0, got -5"),
        (DOSE | {"amt": np.inf}, "column AMT: an amount must be finite and >= 0, got inf"),
        (DOSE | {"amt": 0.0}, "column AMT: a dose needs AMT > 0, got 0; set EVID to 0"),
        (DOSE | {"rate": -3.0}, "column RATE: a rate must be .* or -1 or -2, got -3"),
        (DOSE | {"rate": -0.5}, "column RATE: a rate must be .* or -1 or -2, got -0.5"),
        (DOSE | {"rate": np.inf}, "column RATE: a rate must be finite .* got inf"),
        (DOSE | {"ii": -12.0}, "column II: an interval must be finite and >= 0, got -12"),
        (DOSE | {"addl": -1, "ii": 1.0}, "column ADDL: .* must be from 0 to 99999, got -1"),
        (DOSE | {"addl": 100_000, "ii": 1.0}, "column ADDL: .* from 0 to 99999, got 100000"),
        (DOSE | {"addl": 3}, r"column II: additional doses \(ADDL > 0\) need II > 0, got 0"),
        (DOSE | {"ss": 4, "ii": 1.0}, "column SS: SS must be 0, 1, 2 or 3, got 4"),
        (DOSE | {"ss": -1}, "column SS: SS must be 0, 1, 2 or 3, got -1"),
        (DOSE | {"ss": 1}, "column II: steady state of a repeated dose needs II > 0, got 0"),
        (DOSE | {"cmt": "0"}, 'column CMT: a dose needs a compartment, got "0"'),
        (DOSE | {"cmt": ""}, 'column CMT: a dose needs a compartment, got ""'),
        (DOSE | {"cmt": "-1"}, 'column CMT: .* whole number >= 0 or a name, got "-1"'),
        (DOSE | {"cmt": "1.5"}, 'column CMT: .* whole number >= 0 or a name, got "1.5"'),
        (OBSERVATION | {"amt": 5.0}, r"column AMT: .* no dose \(EVID 0, 2, 3\) must .* got 5"),
        (OBSERVATION | {"rate": 5.0}, "column RATE: a record that is no dose .* got 5"),
        (OBSERVATION | {"ii": 5.0}, "column II: a record that is no dose .* got 5"),
        (OBSERVATION | {"addl": 5}, "column ADDL: a record that is no dose .* got 5"),
        (OBSERVATION | {"ss": 1}, "column SS: a record that is no dose .* got 1"),
        (
            DOSE | {"amt": 0.0, "rate": 5.0, "ss": 1, "ii": 12.0},
            "column II: a constant infusion at steady state .* must have 0 here, got 12",
        ),
        (
            DOSE | {"amt": 0.0, "rate": 5.0, "ss": 1, "addl": 2},
            "column ADDL: a constant infusion at steady state .* must have 0 here, got 2",
        ),
    ],
)
def test_a_bad_record_is_refused_with_its_line_column_and_value(record, message):
    with pytest.raises(DataError, match=f"event table: line 3, {message}"):
        table_of(DOSE, record)


def test_time_running_backwards_within_a_subject_is_refused():
    message = "line 3, column TIME: time must not run backwards within an ID, got 1; sort"
    with pytest.raises(DataError, match=message):
        table_of(DOSE | {"time": 2.0}, DOSE | {"time": 1.0})
