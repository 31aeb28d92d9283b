"""The command line: one file per verb, no science."""

from kpksim.cli.app import main

__all__ = ["main"]
