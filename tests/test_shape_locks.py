"""The locked requirements fit pyproject.toml and hold hashes, never addresses."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).parent.parent
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text())
CORE = PROJECT["project"]["dependencies"]
GROUPS = PROJECT["dependency-groups"]
EXTRAS = [one for extra in PROJECT["project"]["optional-dependencies"].values() for one in extra]
WANTED = {
    "run": CORE,
    "dev": CORE + GROUPS["dev"],
    "docs": CORE + GROUPS["docs"],
    "bench": CORE + GROUPS["bench"],
    "extras": CORE + EXTRAS,
    "uv": (TOP / "requirements" / "uv.in").read_text().split(),
}
LOCKS = sorted((TOP / "requirements").glob("*.txt"))
PIN = re.compile(r"^([a-z0-9._-]+)(?:\[.*\])?==(\S+)", re.MULTILINE | re.IGNORECASE)


def pins(lock: Path) -> dict[str, set[str]]:
    """Give the versions of every package in a lock (more than one where Pythons differ)."""
    found: dict[str, set[str]] = {}
    for name, version in PIN.findall(lock.read_text()):
        found.setdefault(canonicalize_name(name), set()).add(version)
    return found


def test_every_lock_is_known():
    assert {lock.stem for lock in LOCKS} == set(WANTED)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_pin_has_a_hash_and_no_address(lock):
    text = lock.read_text()
    assert "://" not in text
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE | re.IGNORECASE)[1:]
    assert blocks
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert [block.splitlines()[0] for block in blocks if not PIN.match(block)] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_satisfies_pyproject(lock):
    pinned = pins(lock)
    for text in WANTED[lock.stem]:
        wanted = Requirement(text)
        versions = pinned.get(canonicalize_name(wanted.name))
        assert versions, f"{wanted.name} is not locked: make lock"
        assert all(wanted.specifier.contains(one) for one in versions), f"{text}: make lock"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_holds_what_pyproject_asks_for_and_nothing_else_directly(lock):
    text = lock.read_text()
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE | re.IGNORECASE)[1:]
    direct = {
        canonicalize_name(PIN.match(block).group(1))
        for block in blocks
        if re.search(r"#.* (kpksim \(|-r requirements/uv\.in)", block)
    }
    assert direct == {canonicalize_name(Requirement(one).name) for one in WANTED[lock.stem]}


def test_developers_have_the_versions_of_users():
    run, dev = pins(TOP / "requirements" / "run.txt"), pins(TOP / "requirements" / "dev.txt")
    assert {name: dev.get(name) for name in run} == run
