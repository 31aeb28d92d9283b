"""Run the command line inside the test, through the same door as the program."""

import sys
from dataclasses import dataclass

import pytest

from kpksim.cli import main


@dataclass(frozen=True)
class Answer:
    """What a run gave back."""

    status: int | None
    out: str
    err: str


@pytest.fixture
def kpksim(monkeypatch, capsys, tmp_path):
    """Give the function that runs `kpksim ARGS` in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["kpksim", *map(str, arguments)])
        status = None
        try:
            main()
        except SystemExit as end:
            status = end.code or 0
        captured = capsys.readouterr()
        return Answer(status, captured.out, captured.err)

    return run
