"""The wheel holds the package whole, and works alone."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=TOP, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_members_of_the_wheel_are_the_files_of_the_package(wheel):
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "kpksim"]
    answer = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True)
    files = {name for name in answer.stdout.splitlines() if (TOP / name).is_file()}
    members = set(zipfile.ZipFile(wheel).namelist())
    assert {name for name in members if ".dist-info/" not in name} == files
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in members)


def test_the_library_can_be_read_from_the_wheel_alone(wheel, tmp_path):
    site, empty = tmp_path / "site", tmp_path / "empty"
    zipfile.ZipFile(wheel).extractall(site)
    empty.mkdir()
    program = "import kpksim, sys; print(kpksim.__file__, file=sys.stderr); kpksim.cli.main()"
    answer = subprocess.run(
        [sys.executable, "-c", f"import kpksim.cli; {program}", "models"],
        cwd=empty,
        env=os.environ | {"PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(site) in answer.stderr
    shipped = (TOP / "kpksim" / "library" / "models").glob("*.toml")
    listed = {line.split()[0] for line in answer.stdout.splitlines()[1:]}
    assert listed == {file.stem for file in shipped}


def test_observations_can_be_read_from_the_wheel_alone(wheel, tmp_path):
    site, empty = tmp_path / "site", tmp_path / "empty"
    zipfile.ZipFile(wheel).extractall(site)
    empty.mkdir()
    program = (
        "from kpksim.evidence import left_out, observed_table as t; print(len(t()), *left_out())"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        cwd=empty,
        env=os.environ | {"PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split() == ["249", "PK241", "PK242", "PK295"]
    assert any(file.name == "NOTICE" for file in (site / "kpksim" / "evidence" / "pk").iterdir())
