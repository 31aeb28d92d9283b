from kpksim.dosing import EventTable, unroll


def table_of(*rows):
    """Make a table of one subject from (time, evid, amt, ii, addl)."""
    time, evid, amt, ii, addl = zip(*rows, strict=True)
    n = len(rows)
    return EventTable(
        id=("1",) * n, time=time, evid=evid, cmt=("1",) * n, amt=amt, rate=(0.0,) * n, ii=ii,
        addl=addl, ss=(0,) * n,
    )  # fmt: skip


def engine_order(table):
    """Name what acts, in the order of time and rank: d = dose, o = observation, record, copy."""
    doses = unroll(table)
    names = [f"d{record}.{copy}" for record, copy in zip(doses.record, doses.copy, strict=True)]
    things = list(zip(doses.time, doses.rank, names, strict=True))
    for record in (~table.is_dose).nonzero()[0]:
        things.append((table.time[record], table.rank[record], f"o{record}"))
    return [name for _, _, name in sorted(things)]


def test_copies_carry_the_record_and_their_number():
    doses = unroll(table_of((0.0, 0, 0.0, 0.0, 0), (1.0, 1, 35.0, 12.0, 2), (2.0, 1, 5.0, 0.0, 0)))
    assert doses.time.tolist() == [1.0, 13.0, 25.0, 2.0]
    assert doses.record.tolist() == [1, 1, 1, 2]
    assert doses.copy.tolist() == [0, 1, 2, 0]


def test_a_dose_acts_before_an_observation_below_it_and_after_one_above_it():
    table = table_of((0.0, 0, 0, 0, 0), (0.0, 1, 35.0, 0, 0), (0.0, 0, 0, 0, 0))
    assert engine_order(table) == ["o0", "d1.0", "o2"]


def test_an_additional_dose_acts_before_an_observation_at_its_time():
    table = table_of(
        (0.0, 0, 0, 0, 0), (0.0, 1, 35.0, 12.0, 2), (12.0, 0, 0, 0, 0), (24.0, 0, 0, 0, 0)
    )
    assert engine_order(table) == ["o0", "d1.0", "d1.1", "o2", "d1.2", "o3"]


def test_an_additional_dose_acts_before_a_dose_listed_at_its_time():
    table = table_of((0.0, 1, 35.0, 12.0, 1), (12.0, 0, 0, 0, 0), (12.0, 1, 5.0, 0, 0))
    assert engine_order(table) == ["d0.0", "d0.1", "o1", "d2.0"]


def test_times_of_additional_doses_carry_no_accumulated_rounding():
    doses = unroll(table_of((0.3, 1, 1.0, 0.1, 1000)))
    assert doses.time.tolist() == [0.3 + k * 0.1 for k in range(1001)]


def test_a_table_of_observations_has_no_doses():
    assert unroll(table_of((0.0, 0, 0, 0, 0))).time.size == 0
