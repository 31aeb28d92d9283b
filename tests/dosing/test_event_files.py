import io
import sys

import pytest

from kpksim.dosing import EventTable, read_events, write_events
from kpksim.dosing.event_table import COLUMNS
from kpksim.errors import DataError, OutputError


@pytest.fixture
def read(tmp_path):
    """Give a function that reads a text (or bytes) as a file named events.csv."""

    def read_text(text):
        path = tmp_path / "events.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_events(path)

    return read_text


def as_columns(table):
    """Give everything that a table holds but its source and lines."""
    return {name: list(getattr(table, name.lower())) for name in COLUMNS} | {
        "further": dict(table.further)
    }


def test_every_column_is_read(read):
    table = read(
        "ID,TIME,EVID,CMT,AMT,RATE,II,ADDL,SS\n"
        "7,0,1,central,35,52.5,84,5,0\n"
        "7,2,0,2,0,0,0,0,0\n"
    )  # fmt: skip
    assert as_columns(table) == {
        "ID": ["7", "7"],
        "TIME": [0.0, 2.0],
        "EVID": [1, 0],
        "CMT": ["central", "2"],
        "AMT": [35.0, 0.0],
        "RATE": [52.5, 0.0],
        "II": [84.0, 0.0],
        "ADDL": [5, 0],
        "SS": [0, 0],
        "further": {},
    }


def test_order_and_case_of_the_columns_do_not_matter(read):
    table = read("amt,cmt,Time\n35,sc,1.5\n")
    assert (table.amt[0], table.cmt[0], table.time[0]) == (35.0, "sc", 1.5)


def test_a_missing_column_means_0_one_subject_and_doses_where_there_is_an_amount(read):
    table = read("TIME,CMT,AMT\n0,1,35\n2,1,0\n")
    assert table.evid.tolist() == [1, 0]
    assert table.id == ("1", "1")
    for column in (table.rate, table.ii, table.addl, table.ss):
        assert column.tolist() == [0, 0]


def test_a_dot_and_nothing_mean_0(read):
    table = read("ID,TIME,EVID,CMT,AMT,RATE,II,ADDL,SS\n1,.,1,iv,35,.,,.,\n1,2,.,.,,.,,,.\n")
    assert table.time.tolist() == [0.0, 2.0]
    assert table.evid.tolist() == [1, 0]
    assert table.cmt == ("iv", "0")


def test_spaces_blank_lines_and_a_byte_order_mark_do_no_harm(read):
    table = read(b"\xef\xbb\xbfTIME, AMT ,CMT\r\n\r\n 0 , 35 , iv \r\n,,\r\n")
    assert (table.amt.tolist(), table.cmt, table.line) == ([35.0], ("iv",), (3,))


def test_a_compartment_number_may_be_written_with_a_decimal(read):
    assert read("TIME,CMT,AMT\n0,1.0,35\n").cmt == ("1",)


def test_further_columns_are_kept_as_they_stand(read):
    table = read('TIME,CMT,AMT,wt,Note\n0,iv,35,070.50,"a, b"\n')
    assert dict(table.further) == {"WT": ("070.50",), "NOTE": ("a, b",)}


def test_the_standard_input_is_read_at_a_dash(monkeypatch):
    text = io.TextIOWrapper(io.BytesIO(b"TIME,CMT,AMT\r\n0,iv,35\r\n"))
    monkeypatch.setattr(sys, "stdin", text)
    table = read_events("-")
    assert (table.amt.tolist(), table.source) == ([35.0], "standard input")


def test_a_standard_input_that_is_no_text_is_refused(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"TIME\xff")))
    with pytest.raises(DataError, match="standard input: is not UTF-8 text"):
        read_events("-")


HEADER = "ID,TIME,EVID,CMT,AMT,RATE,II,ADDL,SS\n"
GOOD = "1,0,1,iv,35,0,0,0,0\n"


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ("1,soon,1,iv,35,0,0,0,0", 'column TIME: a number is expected, got "soon"; write "."'),
        ("1,10:30,1,iv,35,0,0,0,0", 'column TIME: a number is expected, got "10:30"'),
        ("1,0,1,iv,35 mg,0,0,0,0", 'column AMT: a number is expected, got "35 mg"'),
        ("1,0,1,iv,3_5,0,0,0,0", 'column AMT: a number is expected, got "3_5"'),
        ("1,0,1,iv,nan,0,0,0,0", 'column AMT: a number must be finite, got "nan"'),
        ("1,0,1,iv,35,inf,0,0,0", 'column RATE: a number must be finite, got "inf"'),
        ("1,-1,1,iv,35,0,0,0,0", "column TIME: a time must be finite and >= 0, got -1"),
        ("1,0,dose,iv,35,0,0,0,0", 'column EVID: a number is expected, got "dose"'),
        ("1,0,1.5,iv,35,0,0,0,0", r"column EVID: a whole number is expected, got 1\.5"),
        ("1,0,9,iv,35,0,0,0,0", "column EVID: EVID must be 0, 1, 2, 3 or 4, got 9"),
        ("1,0,1,iv,-35,0,0,0,0", "column AMT: an amount must be finite and >= 0, got -35"),
        ("1,0,0,iv,35,0,0,0,0", "column AMT: a record that is no dose .* got 35"),
        ("1,0,1,iv,35,-3,0,0,0", "column RATE: a rate must be .* got -3"),
        ("1,0,1,iv,35,0,-12,1,0", "column II: an interval must be .* got -12"),
        ("1,0,1,iv,35,0,12,2.5,0", r"column ADDL: a whole number is expected, got 2\.5"),
        ("1,0,1,iv,35,0,12,1e300,0", r"column ADDL: a whole number is expected, got 1e\+300"),
        ("1,0,1,iv,35,0,0,3,0", "column II: additional doses .* need II > 0, got 0"),
        ("1,0,1,iv,35,0,12,0,7", "column SS: SS must be 0, 1, 2 or 3, got 7"),
        ("1,0,1,.,35,0,0,0,0", 'column CMT: a dose needs a compartment, got "0"; write its'),
        ("1,0,1,2.5,35,0,0,0,0", r'column CMT: a compartment is .* got "2\.5"'),
    ],
)
def test_a_bad_value_is_refused_with_file_line_and_column(read, record, message):
    with pytest.raises(DataError, match=rf"events\.csv: line 3, {message}"):
        read(HEADER + GOOD + record + "\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty; the first line names the columns: ID,TIME,EVID"),
        ("\n \n", "is empty"),
        (HEADER, "has column names and no record"),
        ("ID,AMT\n1,35\n", "line 1: a column TIME is needed, got ID, AMT"),
        ("TIME;CMT;AMT\n0;iv;35\n", "line 1: a column TIME is needed, .* with commas between"),
        ("TIME,AMT,time\n0,35,0\n", "line 1: a column may be there once, got TIME twice"),
        ("TIME,WT,wt\n0,70,70\n", "line 1: a column may be there once, got WT twice"),
        ("TIME,,AMT\n0,1,35\n", "line 1: every column needs a name, column 2 has none"),
        ("TIME,CMT,AMT\n0,iv\n", "line 2: a record needs 3 values .* got 2"),
        ("TIME,CMT,AMT\n0,iv,35,9\n", "line 2: a record needs 3 values .* got 4"),
        ('TIME,CMT,AMT\n0,"iv,35\n', r"line 2: is not CSV \(unexpected end of data\)"),
        ('TIME,CMT,AMT\n0,"iv"x,35\n', "line 2: is not CSV .* check the quotes"),
        (b"TIME,CMT\n0,\xff\n", "is not UTF-8 text"),
        (HEADER + "1,2,1,iv,35,0,0,0,0\n" + GOOD, "line 3, column TIME: time must not run back"),
    ],
)
def test_a_bad_file_is_refused_with_its_name_and_a_way_out(read, text, message):
    with pytest.raises(DataError, match=rf"events\.csv: {message}"):
        read(text)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"none\.csv: no such file"):
        read_events(tmp_path / "none.csv")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(DataError, match="is a folder, expected a file"):
        read_events(tmp_path)


def full_table():
    """Make a table with every kind of record and numbers of many digits."""
    return EventTable(
        id=("1", "1", "1", "B"),
        time=[0.0, 1.0 / 3.0, 24.0, 0.1],
        evid=[1, 0, 4, 3],
        cmt=("iv", "0", "central", "2"),
        amt=[100.0 / 3.0, 0.0, 1e-30, 0.0],
        rate=[0.1 + 0.2, 0.0, -2.0, 0.0],
        ii=[12.0, 0.0, 1e22, 0.0],
        addl=[5, 0, 0, 0],
        ss=[0, 0, 1, 0],
        further={"WT": ("70.10", "70", ".", "80"), "NOTE": ('say "a, b"', "", "x", "y")},
    )


def test_a_table_comes_back_from_its_file_to_the_last_digit(tmp_path):
    path = tmp_path / "out.csv"
    write_events(full_table(), path)
    assert as_columns(read_events(path)) == as_columns(full_table())
    assert [one.name for one in tmp_path.iterdir()] == ["out.csv"]


def test_whole_numbers_are_written_without_a_point(read, tmp_path):
    text = HEADER + "1,0,1,iv,35,52.5,84,5,0\n"
    write_events(read(text), tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == text


def test_a_dash_writes_to_the_standard_output(read, capsys):
    write_events(read(HEADER + GOOD), "-")
    assert capsys.readouterr().out == HEADER + GOOD


def test_a_file_that_cannot_be_written_is_refused_and_nothing_is_left(tmp_path):
    with pytest.raises(OutputError, match=r"out\.csv: cannot be written .*; choose another folder"):
        write_events(full_table(), tmp_path / "none" / "out.csv")
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        write_events(full_table(), tmp_path / "file" / "out.csv")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        write_events(full_table(), tmp_path / "folder")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file", "folder"]
