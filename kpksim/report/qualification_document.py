"""A qualification as Markdown, for the documentation."""

from collections.abc import Sequence

from kpksim.analysis.qualification import Qualification
from kpksim.analysis.verdicts import Verdict, route_words, verdicts
from kpksim.plots.words import EN_DASH
from kpksim.report.lines import Lines, markdown
from kpksim.report.qualification_tables import (
    agreement_lines,
    apart_lines,
    reasons,
    refusal_lines,
)
from kpksim.report.qualification_words import WORDS, span
from kpksim.vocabulary import ANALYTES, USE_LINE

TEXT = """\
# Qualification

{span} {use_line}

## {words[verdicts]}

{verdicts}

{words[verdict]}

## {words[agreement]}

{agreement}

{words[statistics]}

## {words[timing]}

{timing}

{words[of_timing]}

## {words[apart]}

{apart}

{words[of_apart]}

## {words[refused]}

{refused}

{reasons}

{words[of_refused]}

`kpksim qualify -o DIR` makes the same with figures and every row; `make qualification` writes this
page anew, and a test fails when it is not what the library gives.
"""


def qualification_document(found: Qualification) -> str:
    """Write a qualification as Markdown.

    Parameters
    ----------
    found : Qualification
        What was computed.

    Returns
    -------
    str
        The document.
    """
    return TEXT.format(
        span=span(found),
        use_line=USE_LINE,
        words=WORDS,
        verdicts=_verdicts(found),
        agreement=markdown(agreement_lines(found, "levels")),
        timing=markdown(agreement_lines(found, "timing")),
        apart=markdown(apart_lines(found)),
        refused=markdown(refusal_lines(found)),
        reasons="\n".join(f"- {kind}: {words}" for kind, words in reasons(found).items()),
    )


def _verdicts(found: Qualification) -> str:
    """Write the table of verdicts: a line per model and route."""
    nothing: dict[str, list[tuple[Verdict, ...]]] = {"": [() for _ in ANALYTES]}
    rows = [
        (model if k == 0 else "", route_words(route) if route else "not tested", *map(_cell, cells))
        for model, routes in verdicts(found).items()
        for k, (route, cells) in enumerate((routes or nothing).items())
    ]
    heads = ("Model", "Route", *(one.short for one in ANALYTES.values()))
    return markdown(Lines(heads, tuple(rows), labels=len(heads)))


def _cell(verdicts: Sequence[Verdict]) -> str:
    """Write verdicts: bold where rows enough were not used for the model."""
    return "; ".join(map(_verdict, verdicts)) or EN_DASH


def _verdict(one: Verdict) -> str:
    """Write one verdict and how many rows are behind it."""
    text = f"**{one.text}**" if one.grade else one.text
    return f"{text} ({one.n}{', own data' if one.own else ''})"
