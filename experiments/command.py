"""Command lines of experiments: one message for a bad option, results whole or not at all."""

import argparse
import json
import sys
from pathlib import Path
from typing import NoReturn

from kpksim.writing import new_file

TOP = Path(__file__).parents[1]


class Parser(argparse.ArgumentParser):
    """A parser that refuses with one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and where help is."""
        self.exit(2, f"{self.prog}: {message}; --help lists the options\n")


def parser_of(program: str, question: str) -> Parser:
    """Give a parser with the options that every experiment here has."""
    parser = Parser(prog=program, description=question, allow_abbrev=False)
    parser.add_argument("--quick", action="store_true", help="small sizes, a few seconds")
    parser.add_argument("-o", "--output", type=Path, default=TOP / "results", metavar="FOLDER")
    parser.add_argument("--docs", action="store_true", help="write the page of docs/ too")
    return parser


def writable(folder: Path, parser: Parser) -> Path:
    """Make the folder for results, or refuse before the work begins."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        parser.error(f"{folder}: cannot be made ({str(error.strerror).lower()})")
    return folder


def say(text: str) -> None:
    """Show progress on a terminal, and nothing in a pipe."""
    if sys.stderr.isatty():
        print(text, file=sys.stderr, flush=True)


def write(path: Path, content: str | dict) -> None:
    """Write a text, or a dictionary as JSON."""
    text = content if isinstance(content, str) else json.dumps(content, indent=1) + "\n"
    with new_file(path) as place:
        place.write_text(text, encoding="utf-8")
