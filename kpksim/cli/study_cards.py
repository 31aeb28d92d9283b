"""What the library says of a clinical study: one line, one card, or JSON."""

from dataclasses import asdict
from math import isnan
from typing import Any

import typer

from kpksim.bibliography import cite
from kpksim.cli.doors import aligned, show_table
from kpksim.evidence import Finding, Statement, Study
from kpksim.units import say_time


def study_row(study: Study) -> dict[str, str]:
    """Give one line of the list of studies."""
    drugs = [arm for arm in study.arms.values() if arm.regimen is not None]
    routes = [arm.regimen.doses[0].dose.route for arm in drugs if arm.regimen]
    scales = [name for one in study.statements for name in one.scales]
    return {
        "key": study.key,
        "ref": "" if study.ref is None else str(study.ref),
        "n": str(study.n),
        "title": study.title,
        "people": study.population,
        "design": f"{study.blinding}, {study.layout}, control: {study.control}",
        "cohort": study.cohort,
        "route": ", ".join(dict.fromkeys(routes)),
        "given": "; ".join(dict.fromkeys(arm.given for arm in drugs)),
        "scales": ", ".join(dict.fromkeys(scales)),
        "times": _times(study),
        "statements": str(len(study.statements)),
    }


def _times(study: Study) -> str:
    """Give the times at which a study looked, in words."""
    hours = sorted({hour for one in study.statements for hour in one.hours if hour > 0.0})
    return ", ".join(say_time(hour) for hour in hours)


def study_record(study: Study) -> dict[str, Any]:
    """Give everything that a study file says, ready for JSON."""
    return study_row(study) | {
        "source": study.source,
        "citation": _citation(study),
        "same_people": list(study.same_people),
        "notes": list(study.notes),
        "arms": {
            name: {
                "label": arm.label,
                "kind": arm.kind,
                "n": arm.n,
                "given": arm.given,
                "assumption": arm.assumption,
            }
            for name, arm in study.arms.items()
        },
        "statements": [statement_record(one) for one in study.statements],
    }


def statement_record(one: Statement) -> dict[str, Any]:
    """Give everything of a statement, ready for JSON; what is not stated is None."""
    return {name: _plain(value) for name, value in asdict(one).items()}


def _plain(value: Any) -> Any:
    """Turn nan into None, also inside of pairs."""
    if isinstance(value, float):
        return None if isnan(value) else value
    if isinstance(value, tuple):
        found = [_plain(one) for one in value]
        return None if found == [None, None] else found
    return value


def statement_row(one: Statement) -> tuple[str, str, str, str, str]:
    """Give one line of a table of statements."""
    return one.id, when(one), one.type, one.grade, f"{one.says}{_number(one)}"


def when(one: Statement) -> str:
    """Say when a statement is about."""
    if not one.hours:
        return one.untimed
    said = [say_time(hour) if hour else "start" for hour in one.hours]
    times = " to ".join(said) if one.span else ", ".join(said)
    return f"{times} after each dose" if one.clock == "each dose" else times


def _number(one: Statement) -> str:
    """Give the number of a statement, as it stands behind its words."""
    said = []
    if not isnan(one.value):
        said.append(f"{one.value:g} {one.unit}" if one.unit != "1" else f"{one.value:g}")
    if one.k is not None:
        said.append(f"{one.k} of {one.n}")
    if not isnan(one.ci[0]):
        said.append(f"{one.ci[0]:g} to {one.ci[1]:g}")
    if one.p:
        said.append(f"p {one.p}" if one.p[0] in "<>" else f"p = {one.p}")
    return f" [{'; '.join(said)}]" if said else ""


def study_card(study: Study) -> None:
    """Print a study: how it was made, who got what, what it states."""
    typer.echo(f"{study.title}\n{_citation(study)}\n")
    row = study_row(study)
    names = ("people", "n", "design", "cohort", "scales")
    typer.echo("\n".join(aligned([(name, row[name]) for name in names])))
    if study.same_people:
        typer.echo(f"the same people as {', '.join(study.same_people)}")
    typer.echo("\nArms")
    for arm in study.arms.values():
        typer.echo(f"  {arm.label}: {arm.given}")
        if arm.assumption:
            typer.echo(f"    assumed: {arm.assumption}")
    typer.echo("")
    headings = ("statement", "about", "when", "type", "grade", "read as", "says")
    show_table(headings, [_card_row(one) for one in study.statements])
    told = study.statements
    _section("Assumed in a reading", [(one.id, one.assumption) for one in told])
    _section("Counted once, elsewhere", [(one.id, one.repeats) for one in told])
    _section("Where sources differ", [(one.id, one.discrepancy) for one in told])
    if study.notes:
        typer.echo("\nNotes")
        typer.echo("\n".join(f"- {note}" for note in study.notes))


def _section(title: str, lines: list[tuple[str, str]]) -> None:
    """Print what there is to say of some statements, if anything."""
    said = [f"- {name}: {text}" for name, text in lines if text]
    if said:
        typer.echo("\n".join(["", title, *said]))


def _card_row(one: Statement) -> tuple[str, ...]:
    """Give one line of the card's table of statements."""
    ident, time, kind, grade, says = statement_row(one)
    about = ", ".join(one.scales) or one.measure
    return ident, about, time, kind, grade, one.reading, f"{says} ({one.source}: {one.where})"


def _citation(study: Study) -> str:
    """Cite the paper of a study; a user's own has none."""
    return "a study of your own" if study.source == "user" else cite(study.source)


def finding_lines(one: Finding) -> list[str]:
    """Give a finding of the audit in lines."""
    about = f" ({', '.join(one.studies)})" if one.studies else ""
    return [
        f"{one.title}{about}",
        f"  review   {one.review}",
        f"  papers   {one.primary}",
        f"  in a fit {one.consequence}",
        "",
    ]
