import pytest

from kpksim.dosing import (
    EventTable,
    bolus,
    extended_release,
    from_events,
    infusion,
    intranasal,
    oral,
    subcutaneous,
    to_events,
    weekly,
)
from kpksim.errors import DataError, RegimenError

RECORD = {
    "id": "1", "time": 0.0, "evid": 1, "cmt": "iv", "amt": 35.0, "rate": 0.0, "ii": 0.0,
    "addl": 0, "ss": 0,
}  # fmt: skip


def table_of(*records, **columns):
    """Make a table of records given by what differs from one bolus."""
    full = [RECORD | one for one in records]
    return EventTable(**{name: [one[name] for one in full] for name in RECORD}, **columns)


def test_a_series_of_infusions_is_one_record():
    regimen = infusion("0.5 mg/kg", over="40 min").repeat(every="3.5 d", times=6)
    table = to_events(regimen, weight=70.0, id=7)
    assert (table.id, table.cmt) == (("7",), ("iv",))
    assert (table.time[0], table.evid[0], table.amt[0]) == (0.0, 1, 35.0)
    assert table.rate[0] == pytest.approx(52.5, rel=1e-15)
    assert (table.ii[0], table.addl[0], table.ss[0]) == (84.0, 5, 0)


def test_drug_and_form_are_always_named_and_a_product_where_there_is_one():
    assert dict(to_events(bolus("1 mg") + bolus("1 mg", drug="esketamine")).further) == {
        "DRUG": ("esketamine", "racemic ketamine"),
        "FORM": ("base", "base"),
    }
    table = to_events(oral("1 mg") + extended_release("1 mg", "R-107", form="hydrochloride"))
    assert dict(table.further) == {
        "DRUG": ("racemic ketamine", "racemic ketamine"),
        "FORM": ("base", "hydrochloride"),
        "PRODUCT": (".", "R-107"),
    }


def test_a_dose_per_kg_needs_a_weight():
    message = r"holds amounts in mg, got 0\.5 mg/kg SC; give the body weight: weight=70\.0"
    with pytest.raises(RegimenError, match=message):
        to_events(bolus("1 mg") + subcutaneous("0.5 mg/kg"))


def test_observations_are_no_part_of_a_regimen():
    table = table_of({}, {"time": 1.0, "evid": 0, "amt": 0.0}, {"time": 2.0})
    assert from_events(table) == bolus("35 mg") + bolus("35 mg", at=2.0)


def test_a_regimen_is_read_from_a_table_written_by_hand():
    table = table_of(
        {"cmt": "sc", "amt": 70.0, "ii": 168.0, "addl": 3},
        {"cmt": "intranasal", "amt": 28.0, "time": 24.0},
        further={"DRUG": (".", "esketamine"), "PRODUCT": ("", "spray")},
    )
    assert from_events(table) == weekly(subcutaneous("70 mg"), 4) + intranasal(
        "28 mg", drug="esketamine", product="spray", at="24 h"
    )


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"id": "2"}, 'line 3, column ID: a regimen is of one subject, got "2"'),
        ({"evid": 4}, "line 3, column EVID: a regimen holds no other events and no resets"),
        ({"rate": -2.0}, "line 3, column RATE: a regimen holds no modelled rate or duration"),
        ({"ss": 1, "ii": 12.0}, "line 3, column SS: a regimen holds no steady state"),
        ({"cmt": "central"}, 'column CMT: a regimen gives doses by a route, got "central"'),
        ({"cmt": "oral", "rate": 5.0}, "line 3: only IV, IM and SC doses are given over a time"),
    ],
)
def test_a_record_that_is_no_dose_by_a_route_is_refused(record, message):
    with pytest.raises(DataError, match=f"event table: .*{message}"):
        from_events(table_of({}, record))


def test_an_unknown_drug_is_refused_with_its_line():
    with pytest.raises(DataError, match=r'line 2: no drug "esket"; did you mean "esketamine"'):
        from_events(table_of({}, further={"DRUG": ("esket",)}))


def test_a_table_without_doses_is_no_regimen():
    with pytest.raises(DataError, match=r"a regimen needs a dose \(EVID 1\), got none"):
        from_events(table_of({"evid": 0, "amt": 0.0}))
