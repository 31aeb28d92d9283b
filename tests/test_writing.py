"""A result appears whole or not at all."""

import stat
from pathlib import Path

import pytest

from kpksim.errors import OutputError
from kpksim.writing import new_file, new_folder, refuse_occupied


def names(folder: Path) -> list[str]:
    """List what is in a folder, hidden things as well."""
    return sorted(entry.name for entry in folder.iterdir())


def make(folder: Path, text: str, **options) -> None:
    """Write a result."""
    with new_folder(folder, **options) as place:
        for name in ("report.html", "results.nc"):
            (place / name).write_text(text)


def test_a_result_appears_with_its_parents(tmp_path):
    make(tmp_path / "a" / "b", "one")
    assert names(tmp_path / "a") == ["b"]
    assert names(tmp_path / "a" / "b") == ["report.html", "results.nc"]


def test_others_may_read_a_result_as_any_new_folder(tmp_path):
    make(tmp_path / "result", "one")
    (tmp_path / "plain").mkdir()
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("result", "plain")]
    assert modes[0] == modes[1]


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "result").mkdir()
    make(tmp_path / "result", "one")
    assert names(tmp_path / "result") == ["report.html", "results.nc"]


def test_a_failure_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError, match="broken"), new_folder(tmp_path / "result") as place:
        (place / "report.html").write_text("half")
        raise RuntimeError("broken")
    assert names(tmp_path) == []


def test_a_failure_leaves_the_earlier_result(tmp_path):
    make(tmp_path / "result", "one")
    with (
        pytest.raises(RuntimeError, match="broken"),
        new_folder(tmp_path / "result", force=True) as place,
    ):
        (place / "report.html").write_text("half")
        raise RuntimeError("broken")
    assert names(tmp_path) == ["result"]
    assert (tmp_path / "result" / "report.html").read_text() == "one"


def test_the_earlier_result_comes_back_when_the_new_one_cannot_be_placed(tmp_path, monkeypatch):
    make(tmp_path / "result", "one")
    rename = Path.rename

    def no_new(self, target):
        if self.name == "new":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", no_new)
    with pytest.raises(OSError, match="No space"):
        make(tmp_path / "result", "two", force=True)
    assert names(tmp_path) == ["result"]
    assert (tmp_path / "result" / "report.html").read_text() == "one"


def test_force_replaces_an_earlier_result_whole(tmp_path):
    make(tmp_path / "result", "one")
    (tmp_path / "result" / "figures").mkdir()
    make(tmp_path / "result", "two", force=True)
    assert names(tmp_path) == ["result"]
    assert names(tmp_path / "result") == ["report.html", "results.nc"]
    assert (tmp_path / "result" / "report.html").read_text() == "two"


def test_an_earlier_result_stays_without_force(tmp_path):
    make(tmp_path / "result", "one")
    with pytest.raises(OutputError, match="holds results already; replace them with --force"):
        make(tmp_path / "result", "two")


def test_a_place_without_permission_is_refused_with_the_folder_that_forbids(tmp_path, monkeypatch):
    monkeypatch.setattr("kpksim.writing.os.access", lambda folder, mode: False)
    with pytest.raises(OutputError, match=f"no permission to write into {tmp_path}; name another"):
        make(tmp_path / "a" / "result", "one")
    assert names(tmp_path) == []


def test_a_file_appears_whole(tmp_path):
    with new_file(tmp_path / "out.csv") as place:
        place.write_text("one")
        assert names(tmp_path) != ["out.csv"]
    assert names(tmp_path) == ["out.csv"]
    assert (tmp_path / "out.csv").read_text() == "one"


def test_a_file_that_fails_leaves_the_earlier_one(tmp_path):
    (tmp_path / "out.csv").write_text("one")
    with pytest.raises(RuntimeError, match="broken"), new_file(tmp_path / "out.csv") as place:
        place.write_text("half")
        raise RuntimeError("broken")
    assert names(tmp_path) == ["out.csv"]
    assert (tmp_path / "out.csv").read_text() == "one"


def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path):
    with (
        pytest.raises(OutputError, match="is a folder, expected the name of a file"),
        new_file(tmp_path),
    ):
        pass


def test_force_does_not_take_the_files_of_others(tmp_path):
    place = tmp_path / "results"
    with new_folder(place) as folder:
        for name in ("report.html", "results.nc"):
            (folder / name).write_text(name)
    (place / "mynotes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r'holds "mynotes\.txt", which is no result of kpksim'):
        refuse_occupied(place, force=True)
    assert (place / "mynotes.txt").read_text() == "mine"
