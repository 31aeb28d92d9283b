"""One self-contained HTML file from one comparison."""

from kpksim.report.output import write
from kpksim.report.page import render

__all__ = ["render", "write"]
