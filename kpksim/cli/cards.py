"""What the library says of a model: one line, one card, or JSON."""

from collections.abc import Iterator
from dataclasses import asdict
from math import isfinite
from typing import Any

import typer

from kpksim.bibliography import cite
from kpksim.cli.doors import aligned, show_table
from kpksim.models import Flow, Model, Parameter
from kpksim.vocabulary import CLEARANCES, METABOLITE_MASSES, OTHER_PEOPLE

NOT_FOR_ADULTS = "; regimens and effects here are of adults, so its curves do not stand for them"


def model_row(model: Model) -> dict[str, str]:
    """Give one line of the list of models; its grade is the worst of its numbers."""
    return {
        "key": model.name,
        "title": model.title,
        "drug": model.drug,
        "analytes": ", ".join(model.outputs),
        "routes": ", ".join(dict.fromkeys(one.route for one in model.administrations)),
        "sampling": model.sampling,
        "people": model.people,
        "grade": max(one.grade for one in model.parameters.values()),
        "population": model.population,
    }


def model_record(model: Model) -> dict[str, Any]:
    """Give everything that a model file says, ready for JSON."""
    return model_row(model) | {
        "source": model.source,
        "citation": _citation(model),
        "form": model.form,
        "clearance": model.clearance,
        "metabolite_mass": model.metabolite_mass,
        "covariates": {name: asdict(one) for name, one in model.covariates.items()},
        "notes": list(model.notes),
        "compartments": [asdict(one) for one in model.compartments],
        "flows": [asdict(one) for one in model.flows],
        "enzymes": [asdict(one) for one in model.enzymes],
        "administrations": [asdict(one) for one in model.administrations],
        "outputs": {name: asdict(one) for name, one in model.outputs.items()},
        "parameters": {name: _parameter(one) for name, one in model.parameters.items()},
    }


def model_card(model: Model) -> None:
    """Print a model: what it is, its structure, and every number with its source."""
    typer.echo(f"{model.title}\n{_citation(model)}\n")
    _print_lines(aligned(_facts(model)))
    typer.echo("Structure")
    _print_lines(aligned(list(_drawn(model))))
    headings = ("name", "value", "kind", "grade", "between people", "where")
    show_table(headings, [_parameter_row(one) for one in model.parameters.values()])
    if model.notes:
        typer.echo("\nNotes")
        _print_lines([f"- {note}" for note in model.notes])


def _facts(model: Model) -> list[tuple[str, str]]:
    """List what a model is about, and from where to where its covariates go."""
    row = model_row(model)
    ranges = [(name, one.range) for name, one in model.covariates.items() if one.range]
    has_metabolite = any("norketamine" in name for name in model.outputs)
    return [
        ("population", row["population"]),
        ("people", f"{model.people}{NOT_FOR_ADULTS if model.people in OTHER_PEOPLE else ''}"),
        *((name, f"{low} to {high}") for name, (low, high) in ranges),
        ("drug", ", ".join(model.drugs)),
        ("form", model.form),
        ("sampling", row["sampling"]),
        ("clearance", CLEARANCES[model.clearance]),
        *([("metabolites", METABOLITE_MASSES[model.metabolite_mass])] if has_metabolite else []),
        ("analytes", row["analytes"]),
        ("routes", row["routes"]),
        ("grade", row["grade"]),
    ]


def _citation(model: Model) -> str:
    """Cite the source of a model; a user's own has none."""
    return f"a model of your own ({model.place})" if model.source == "user" else cite(model.source)


def _print_lines(lines: list[str]) -> None:
    """Print lines and an empty one."""
    typer.echo("\n".join([*lines, ""]))


def _drawn(model: Model) -> Iterator[tuple[str, str]]:
    """Draw doses and flows as arrows, each with the parameters on it."""
    for one in model.administrations:
        name = f"{one.route} ({one.product})" if one.product else one.route
        share = "" if one.fraction is None else f"share {one.fraction}"
        yield f"  dose {name} -> {one.into}", share
    drawn: list[Flow] = []
    for flow in model.flows:
        if any(_returns(flow, other) for other in drawn):
            continue
        drawn.append(flow)
        arrow = "<->" if any(_returns(other, flow) for other in model.flows) else "->"
        shares = [
            name if share == 1.0 else f"{name} ({share})" for name, share in flow.arrivals.items()
        ]
        yield f"  {flow.origin} {arrow} {' + '.join(shares) or 'out of the body'}", _size(flow)
    for enzyme in model.enzymes:
        size = f"turnover {enzyme.turnover}, emax {enzyme.emax}, ec50 {enzyme.ec50}"
        yield f"  {enzyme.inducer} induces {enzyme.name}", size


def _size(flow: Flow) -> str:
    """Say which parameters are on a flow."""
    said = {
        "rate": flow.rate, "clearance": flow.clearance, "vmax": flow.vmax, "km": flow.km,
        "enzyme": flow.enzyme,
    }  # fmt: skip
    return ", ".join(f"{key} {name}" for key, name in said.items() if name is not None)


def _returns(flow: Flow, other: Flow) -> bool:
    """Tell whether a flow is the way back of another by the same clearance."""
    same = flow.clearance is not None and flow.clearance == other.clearance
    return same and [flow.origin] == list(other.arrivals) and [other.origin] == list(flow.arrivals)


def _parameter(parameter: Parameter) -> dict[str, Any]:
    """Give the record of a number, ready for JSON."""
    return {
        "text": parameter.text,
        "value": parameter.value if isfinite(parameter.value) else None,
        "unit": parameter.unit,
        "kind": parameter.kind,
        "grade": parameter.grade,
        "where": parameter.where,
        "source": parameter.source,
        "reason": parameter.reason,
        "range": parameter.range,
        "iiv": asdict(parameter.iiv) if parameter.iiv else None,
        "note": parameter.note,
    }


def _parameter_row(parameter: Parameter) -> tuple[str, ...]:
    """Give one line of the table of parameters."""
    iiv = parameter.iiv
    spread = f"omega2 {iiv.omega2:.4g} ({iiv.scale})" if iiv else ""
    place = parameter.where or parameter.reason
    if parameter.range:
        place += f" (range {parameter.range[0]} to {parameter.range[1]})"
    name, text = parameter.name, parameter.text
    if parameter.expression:
        text = f"= {text}"
    where = f"{parameter.source}: {place}" if place else parameter.source
    return name, text, parameter.kind, parameter.grade, spread, where
