"""Every command and every program of the README runs."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
README = (TOP / "README.md").read_text()
FOLDERS = "configs|docs|experiments|kpksim|tests|requirements"


def blocks(language: str, text: str = README) -> list[str]:
    """Give the code blocks of one language."""
    return [content for kind, content in BLOCK.findall(text) if kind == language]


def commands(text: str) -> list[str]:
    """Give the commands of a session, without those that set up the shell."""
    lines = [line.removeprefix("$ ") for line in text.splitlines() if line.startswith("$ ")]
    return [line for line in lines if not line.startswith("source ")]


@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    """Give the function that runs a command in a folder that has the scenarios."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "configs").symlink_to(TOP / "configs")
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    def run(command: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            command,
            shell=True,
            cwd=folder,
            env=os.environ | {"PATH": programs},
            capture_output=True,
            text=True,
        )

    return run


def test_the_readme_has_commands_and_programs():
    assert len(blocks("console")) >= 2
    assert blocks("python")


def test_every_kpksim_command_runs(shell):
    ran = 0
    for command in (line for block in blocks("console") for line in commands(block)):
        if command.startswith("kpksim"):
            answer = shell(command)
            assert answer.returncode == 0, f"{command}: {answer.stderr}"
            ran += 1
    assert ran >= 4


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_target_of_make_exists(page):
    text = (TOP / page).read_text()
    targets = set(re.findall(r"(?:\$ |`)make ([a-z-]+)", text))
    assert "test" in targets
    defined = re.findall(r"^([a-z-]+):", (TOP / "Makefile").read_text(), re.MULTILINE)
    assert targets <= set(defined)


def test_every_python_example_prints_what_its_comment_says(capsys):
    for program in blocks("python"):
        exec(compile(program, "README.md", "exec"), {})
        said = re.findall(r"print\(.*\)  # (.*)", program)
        assert capsys.readouterr().out.splitlines() == said


def test_files_that_the_readme_names_exist():
    named = re.findall(rf"`((?:{FOLDERS})/[\w/.]*|[A-Z]+\.\w+)`", README)
    assert named
    assert [name for name in named if not (TOP / name).exists()] == []


def test_a_session_is_read_command_by_command():
    text = "```console\n$ source .venv/bin/activate\n$ kpksim init\nWrote it\n```\n"
    assert [commands(block) for block in blocks("console", text)] == [["kpksim init"]]
