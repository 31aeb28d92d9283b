import numpy as np
import pandas as pd
import pytest
import xarray as xr

from kpksim.dosing import EventTable, from_events, infusion, read_events, to_events, write_events
from kpksim.errors import DataError

TABLE = EventTable(
    id=("1", "1", "2"),
    time=[0.0, 1.0 / 3.0, 24.0],
    evid=[1, 0, 4],
    cmt=("iv", "0", "central"),
    amt=[100.0 / 3.0, 0.0, 1e-30],
    rate=[0.1 + 0.2, 0.0, -2.0],
    ii=[12.0, 0.0, 1e22],
    addl=[5, 0, 0],
    ss=[0, 0, 1],
    further={"WT": ("70.1", "70", "."), "NOTE": ("a, b", "", "x")},
)


def same(one, other):
    """Say whether two tables hold the same records."""
    names = ("time", "evid", "amt", "rate", "ii", "addl", "ss")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names) and (
        (one.id, one.cmt, set(one.further)) == (other.id, other.cmt, set(other.further))
    )


def test_a_table_comes_back_from_a_frame_to_the_last_digit():
    back = EventTable.from_frame(TABLE.to_frame())
    assert same(back, TABLE)
    assert back.numbers("WT").tolist() == [70.1, 70.0, 0.0]
    assert back.further["NOTE"][0] == "a, b"


def test_a_table_comes_back_from_a_data_set_to_the_last_digit():
    dataset = TABLE.to_xarray()
    assert dataset.sizes == {"record": 3}
    assert dataset["AMT"].attrs["units"] == "mg"
    assert same(EventTable.from_xarray(dataset), TABLE)


def test_a_data_set_comes_back_from_netcdf(tmp_path):
    TABLE.to_xarray().to_netcdf(tmp_path / "events.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "events.nc", engine="h5netcdf") as stored:
        assert same(EventTable.from_xarray(stored), TABLE)


def test_a_frame_has_plain_columns():
    frame = TABLE.to_frame()
    assert frame["ID"].tolist() == [1, 1, 2]
    assert frame["CMT"].tolist() == ["iv", "0", "central"]
    assert np.isnan(frame["WT"][2])
    numbered = EventTable.from_frame(frame.assign(CMT=[1, 0, 2])).to_frame()
    assert numbered["CMT"].dtype.kind == "i"


def test_a_frame_written_by_pandas_is_a_file(tmp_path):
    TABLE.to_frame().to_csv(tmp_path / "events.csv", index=False)
    assert same(read_events(tmp_path / "events.csv"), TABLE)


def test_a_file_read_by_pandas_is_a_frame(tmp_path):
    write_events(TABLE, tmp_path / "events.csv")
    assert same(EventTable.from_frame(pd.read_csv(tmp_path / "events.csv")), TABLE)


def test_missing_values_and_columns_mean_0():
    frame = pd.DataFrame({"time": [0, 1], "Amt": [35.0, None], "cmt": ["sc", None]}, index=[7, 9])
    table = EventTable.from_frame(frame)
    assert (table.evid.tolist(), table.cmt, table.id) == ([1, 0], ("sc", "0"), ("1", "1"))


def test_a_regimen_comes_back_through_a_frame():
    regimen = infusion("35 mg", over="30 min").repeat(every="84 h", times=6)
    assert from_events(EventTable.from_frame(to_events(regimen).to_frame())) == regimen


def test_a_leading_zero_in_an_id_is_kept():
    frame = pd.DataFrame({"ID": ["007", "8"], "TIME": [0, 0], "AMT": [1, 1], "CMT": [1, 1]})
    assert EventTable.from_frame(frame).to_frame()["ID"].tolist() == ["007", "8"]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"AMT": [35]}, "study: line 1: a column TIME is needed"),
        ({"TIME": [0], "time": [0]}, "study: line 1: a column may be there once, got TIME twice"),
        ({"TIME": []}, "study: an event table needs a record, got none"),
        ({"TIME": [0.0, "x"]}, 'study: line 3, column TIME: a number is expected, got "x"'),
        ({"TIME": [0.0], "AMT": [True]}, 'line 2, column AMT: a number is expected, got "True"'),
        ({"TIME": [2.0, 1.0]}, "study: line 3, column TIME: time must not run backwards"),
    ],
)
def test_a_bad_frame_is_refused(frame, message):
    with pytest.raises(DataError, match=message):
        EventTable.from_frame(pd.DataFrame(frame), source="study")


def test_a_data_set_with_two_dims_is_refused():
    with pytest.raises(DataError, match="records lie along one dim, got x, y; choose with isel"):
        EventTable.from_xarray(xr.Dataset({"TIME": (("x", "y"), [[0.0]])}))
