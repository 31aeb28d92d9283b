"""The folder of a calibration is begun, gone on with, or left as it is."""

import pytest

from kpksim.calibration.folder import asked_files, forget_earlier, open_folder
from kpksim.errors import DataError, OutputError


@pytest.fixture
def asked(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('title = "a"\n')
    return path


def test_a_new_folder_holds_a_copy_of_what_was_asked(asked, tmp_path):
    open_folder(tmp_path / "deep" / "out", asked)
    copy = tmp_path / "deep" / "out" / "calibration.toml"
    assert copy.read_text() == asked.read_text()


def test_the_same_file_goes_on_in_its_folder(asked, tmp_path):
    out = tmp_path / "out"
    open_folder(out, asked)
    (out / "runs").mkdir()
    (out / "runs" / "ketamine__seed1.nc").write_text("half")
    open_folder(out, asked)
    assert (out / "runs" / "ketamine__seed1.nc").read_text() == "half"


@pytest.mark.parametrize("force", [False, True])
def test_what_a_killed_run_was_writing_is_cleared_away(asked, tmp_path, force):
    out = tmp_path / "out"
    open_folder(out, asked)
    for name in (".curves.nc-a_b1", ".calibration.toml-x"):
        (out / name).mkdir()
        (out / name / "curves.nc").write_text("half")
    open_folder(out, asked, force=force)
    assert {one.name for one in out.iterdir()} == {"calibration.toml"}


def test_folders_that_only_look_alike_are_left_alone(asked, tmp_path):
    out = tmp_path / "out"
    open_folder(out, asked)
    (out / ".git").mkdir()
    (out / ".curves.nc-a_b1").mkdir()
    with pytest.raises(OutputError, match=r'holds "\.git"'):
        open_folder(out, asked)
    assert (out / ".curves.nc-a_b1").exists()


def test_another_file_needs_force_and_then_begins_anew(asked, tmp_path):
    out = tmp_path / "out"
    open_folder(out, asked)
    (out / "runs").mkdir()
    asked.write_text('title = "b"\n')
    with pytest.raises(OutputError, match=r"holds a calibration by another file.*--force"):
        open_folder(out, asked)
    assert (out / "calibration.toml").read_text() == 'title = "a"\n'
    open_folder(out, asked, force=True)
    assert {one.name for one in out.iterdir()} == {"calibration.toml"}
    assert (out / "calibration.toml").read_text() == 'title = "b"\n'


def test_force_sets_finished_fits_aside(asked, tmp_path):
    out = tmp_path / "out"
    open_folder(out, asked)
    (out / "runs").mkdir()
    (out / "runs" / "ketamine__seed1.nc").write_text("whole")
    (out / "runs" / "ketamine__seed2.checkpoint").write_text("half")
    asked.write_text('title = "b"\n')
    for _ in range(2):
        open_folder(out, asked, force=True)
        assert {one.name for one in out.iterdir()} == {"calibration.toml", "earlier"}
        assert [one.name for one in (out / "earlier").iterdir()] == ["ketamine__seed1.nc"]
    forget_earlier(out)
    assert {one.name for one in out.iterdir()} == {"calibration.toml"}


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("name", ["thesis.docx", "runs"])
def test_files_of_others_are_never_touched(asked, tmp_path, force, name):
    out = tmp_path / "out"
    out.mkdir()
    (out / name).write_text("mine")
    with pytest.raises(OutputError, match=f'holds "{name}", which is no part of a calibration'):
        open_folder(out, asked, force=force)
    assert [one.name for one in out.iterdir()] == [name]


def test_a_file_in_the_place_of_the_folder_is_refused(asked):
    with pytest.raises(OutputError, match="is a file, expected the name of a folder"):
        open_folder(asked, asked)


def test_a_folder_or_all_stand_for_every_file_in_it(asked, tmp_path):
    (tmp_path / "another.toml").write_text("")
    out = tmp_path / "out"
    expected = {tmp_path / "another.toml": out / "another", asked: out / "mine"}
    assert asked_files(tmp_path, out) == expected
    assert asked_files(tmp_path / "all", out) == expected
    assert asked_files(asked, out) == {asked: out}


def test_a_folder_without_calibration_files_is_refused(tmp_path):
    with pytest.raises(DataError, match="holds no calibration file"):
        asked_files(tmp_path, tmp_path / "out")
