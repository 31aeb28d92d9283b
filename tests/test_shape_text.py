"""The project stands alone: its files name no download address and no place of one machine."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
# Written in pieces so that this file passes its own test.
REGISTRIES = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "deb." + "debian")
PLACES = re.compile("/(wo" + "rk|ro" + r"ot)/|/tm" + r"p/\w|\.\./sha" + "red|/ho" + r"me/\w")


def project_files() -> list[str]:
    """List the files of the project: what git tracks or would track."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    answer = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True)
    return sorted(name for name in set(answer.stdout.splitlines()) if (TOP / name).is_file())


def text_of(name: str) -> str:
    """Read a file; one that is no text is empty."""
    try:
        return (TOP / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def faults(text: str) -> list[str]:
    """Find registry addresses and places of one machine in a text."""
    hosts = [host for host in REGISTRIES if host in text]
    return hosts + [match.group() for match in PLACES.finditer(text)]


def test_no_file_names_a_registry_or_a_place_of_one_machine():
    found = {name: faults(text_of(name)) for name in project_files()}
    assert {name: one for name, one in found.items() if one} == {}


@pytest.mark.parametrize(
    "text", ["https://" + REGISTRIES[0] + "/simple", "see /wo" + "rk/notes", "~ is /ro" + "ot/x"]
)
def test_an_address_or_a_place_is_found(text):
    assert faults(text)


def test_the_version_is_the_same_everywhere():
    version = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]["version"]
    assert f"\nversion: {version}\n" in (TOP / "CITATION.cff").read_text()
    assert f"\n## [{version}]" in (TOP / "CHANGELOG.md").read_text()


def test_no_lock_file_of_a_tool_that_records_addresses():
    names = {Path(name).name for name in project_files()}
    assert not names & {"uv.lock", "poetry.lock", "pdm.lock", "package-lock.json", "yarn.lock"}
