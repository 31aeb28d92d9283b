"""The page of a calibration: one file that needs nothing else."""

from pathlib import Path
from typing import Any

from kpksim.calibration.results import Results
from kpksim.report.calibration_answers import answers
from kpksim.report.calibration_figures import drawings
from kpksim.report.calibration_material import Material
from kpksim.report.calibration_statements import (
    conflicts,
    judged_lines,
    readings_used,
    statement_lines,
)
from kpksim.report.calibration_tables import (
    hypothesis_lines,
    parameter_lines,
    rerun_lines,
    target_lines,
    unidentified,
)
from kpksim.report.calibration_trust import check_lines, ensemble_lines, score_lines, seed_lines
from kpksim.report.calibration_words import (
    WORDS,
    caveats,
    limits,
    settings_words,
    span,
    versions_words,
)
from kpksim.report.front import references
from kpksim.report.page import POLICY, style, template
from kpksim.vocabulary import USE_LINE

PARTS = ("verdicts", "curves", "identified", "statements", "scores", "sampler")
"""Sections with figures."""


def render_calibration(material: Material, *, command: str, figures: Path | None = None) -> str:
    """Write a calibration as one HTML file, the same bytes every time.

    The file holds its fonts, styles and figures, no script, and asks for nothing from outside.

    Parameters
    ----------
    material : Material
        Results and draws.
    command : str
        The command that repeats it.
    figures : Path, optional
        Folder of figures that are written already; they are drawn anew when left out.

    Returns
    -------
    str
        The document.
    """
    found = material.results
    drawn = drawings(material, figures)
    return template("calibration.html.j2").render(
        title=found.title,
        span=span(found),
        use_line=USE_LINE,
        policy=POLICY,
        style=style("calibration.css"),
        words=WORDS,
        caveats=caveats(found),
        answers=answers(found),
        leading=found.leading,
        said=found.hypotheses,
        drawn={part: drawn.get(part, []) for part in PARTS},
        receipt=_receipt(found, command),
        limits=limits(found),
        references=references({"citations": " ".join(sources(found))}),
        configuration=found.configuration,
        **_tables(found),
    )


def sources(results: Results) -> list[str]:
    """Give the sources of statements and of the model of concentrations.

    Parameters
    ----------
    results : Results
        What a calibration found.

    Returns
    -------
    list of str
        Bibliography keys in alphabetical order.
    """
    return sorted({one.source for one in results.statements if one.source})


def _tables(found: Results) -> dict[str, Any]:
    """Set every table and list of the page."""
    key = found.leading.key
    return {
        "hypotheses": hypothesis_lines(found),
        "reruns": rerun_lines(found),
        "targets": target_lines(found),
        "parameters": parameter_lines(found, key),
        "unidentified": unidentified(found, key),
        "judged": judged_lines(found),
        "statements": statement_lines(found, key),
        "conflicts": conflicts(found, key),
        "readings": readings_used(found),
        "unread": found.unread,
        "scores": score_lines(found),
        "ensemble": ensemble_lines(found),
        "seeds": seed_lines(found),
        "checks": check_lines(found),
        "checked": "" if found.checks is None else f"{found.checks.date}, {found.checks.commit}",
    }


def _receipt(found: Results, command: str) -> dict[str, str]:
    """Say how the results came about."""
    cells = {
        "Model": found.model,
        "Mode": found.mode,
        "Settings": settings_words(found),
        "Versions": versions_words(found),
        "Statements": f"fingerprint {found.statement_hash}",
        "Made": " ".join(part for part in (found.date, found.commit) if part),
        "Repeat": command,
    }
    return {label: text for label, text in cells.items() if text}
