"""What long work says of itself where nobody looks at a terminal."""

from kpksim.cli import doors


def test_a_log_has_a_line_a_minute_and_short_work_none(monkeypatch, capsys):
    clock = iter([0.0, 59.0, 61.0, 61.0, 100.0, 122.0, 122.0])
    monkeypatch.setattr(doors, "monotonic", lambda: next(clock))
    with doors.status_line("anxiety") as tell:
        for words in ("begins", "1 of 3 done", "2 of 3 done", "3 of 3 done"):
            tell(words)
    said = capsys.readouterr()
    assert said.err.splitlines() == ["anxiety: 1 of 3 done", "anxiety: 3 of 3 done"]
    assert said.out == ""
