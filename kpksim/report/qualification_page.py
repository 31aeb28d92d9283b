"""The page of a qualification: one file that needs nothing else."""

from pathlib import Path

from kpksim.analysis.qualification import Qualification
from kpksim.analysis.qualification_dataset import attributes
from kpksim.analysis.verdicts import route_words, verdicts
from kpksim.report.front import references
from kpksim.report.page import POLICY, style, template
from kpksim.report.qualification_figures import drawings
from kpksim.report.qualification_tables import (
    agreement_lines,
    apart_lines,
    far_lines,
    group_lines,
    reasons,
    refusal_lines,
)
from kpksim.report.qualification_words import WORDS, span
from kpksim.vocabulary import ANALYTES


def render_qualification(found: Qualification, *, command: str, figures: Path | None = None) -> str:
    """Write a qualification as one HTML file, the same bytes every time.

    The file holds its fonts, styles and figures, no script, and asks for nothing from outside.

    Parameters
    ----------
    found : Qualification
        What was computed.
    command : str
        The command that repeats it.
    figures : Path, optional
        Folder of figures that are written already; they are drawn anew when left out.

    Returns
    -------
    str
        The document.
    """
    attrs = attributes(found)
    drawn = drawings(found, figures)
    return template("qualification.html.j2").render(
        title=attrs["title"],
        span=span(found),
        use_line=attrs["use_line"],
        policy=POLICY,
        style=style("qualification.css"),
        receipt={"Made": f"kpksim {attrs['version']}", "Repeat": command},
        words=WORDS,
        analytes=[one.short for one in ANALYTES.values()],
        verdicts={
            model: {route_words(route): cells for route, cells in routes.items()}
            for model, routes in verdicts(found).items()
        },
        agreement=agreement_lines(found, "levels"),
        overview=drawn[""],
        timing=agreement_lines(found, "timing"),
        apart=apart_lines(found),
        models=[
            {
                "name": one.name,
                "title": one.title.rstrip("."),
                "count": _count(found, one.name),
                "drawings": drawn[one.name],
                "groups": group_lines(found, one.name),
                "far": far_lines(found, one.name),
            }
            for one in found.models
        ],
        refused=refusal_lines(found),
        reasons=reasons(found),
        references=references(attrs),
    )


def _count(found: Qualification, model: str) -> str:
    """Say how many rows a model is compared with."""
    rows = found.ratios[found.ratios["model"] == model]
    own = int((rows["used"] == "evaluation").sum())
    if rows.empty:
        return "Compared with nothing; the last table says why."
    return f"Compared with {len(rows)} rows, {own or 'none'} of them its own data."
