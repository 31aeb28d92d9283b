"""What the library says of a model: one line, one card, or JSON."""

from dataclasses import asdict
from math import isfinite
from typing import Any

import typer

from kpksim.bibliography import cite
from kpksim.cli.card_tables import flow_rows, parameter_row, tables_of_spread
from kpksim.cli.doors import aligned, show_table
from kpksim.models import Model, Parameter, Residual
from kpksim.models.diagram import draw
from kpksim.vocabulary import CLEARANCES, METABOLITE_MASSES, OTHER_PEOPLE, PARTS

LEGEND = (
    "A route on a border: its doses enter that box. Words on arrows are parameters;\n"
    "(share): so much arrives, and what arrives nowhere leaves the body."
)
NOT_FOR_ADULTS = "; regimens and effects here are of adults, so its curves do not stand for them"


def model_row(model: Model) -> dict[str, str]:
    """Give one line of the list of models; its grade is the worst of its numbers."""
    return {
        "key": model.name,
        "title": model.title,
        "drug": model.drug,
        "analytes": _analytes(model),
        "routes": ", ".join(dict.fromkeys(one.route for one in model.administrations)),
        "sampling": model.sampling,
        "people": model.people,
        "grade": max(one.grade for one in model.parameters.values()),
        "population": model.population,
    }


def _analytes(model: Model) -> str:
    """Name what a model gives; of one enantiomer or arterial as well, in a word."""
    parts = [PARTS.get(name, (name, "", "")) for name in model.outputs]
    said = ", ".join(dict.fromkeys(analyte for analyte, _, _ in parts))
    hands = "S and R" if {"_s", "_r"} <= {hand for _, hand, _ in parts} else ""
    further = ", ".join(filter(None, [hands, "arterial" * any(site for _, _, site in parts)]))
    return f"{said}; also {further}" if further else said


def model_record(model: Model) -> dict[str, Any]:
    """Give everything that a model file says, ready for JSON."""
    return model_row(model) | {
        "source": model.source,
        "citation": _citation(model),
        "form": model.form,
        "clearance": model.clearance,
        "metabolite_mass": model.metabolite_mass,
        "notes": list(model.notes),
        "evaluated": list(model.evaluated),
        "compartments": [asdict(one) for one in model.compartments],
        "flows": [asdict(one) for one in model.flows],
        "enzymes": [asdict(one) for one in model.enzymes],
        "administrations": [asdict(one) for one in model.administrations],
        "outputs": {name: asdict(one) for name, one in model.outputs.items()},
        "parameters": {name: _parameter(one) for name, one in model.parameters.items()},
        "variability": [
            {"parameters": one.parameters, "omega": one.omega.tolist()} | one.trace._asdict()
            for one in model.blocks
        ],
        "residual": {name: _residual(one) for name, one in model.residual.items()},
        "covariates": {name: asdict(one) for name, one in model.covariates.items()},
    }


def model_card(model: Model) -> None:
    """Print a model: what it is, its structure, and every number with its source."""
    typer.echo(f"{model.title}\n{_citation(model)}\n")
    _print_lines(aligned(_facts(model)))
    typer.echo("Structure")
    _print_lines([*draw(model), "", LEGEND])
    typer.echo("Doses and flows")
    _print_lines(aligned(list(flow_rows(model))))
    headings = ("name", "value", "kind", "grade", "where")
    show_table(headings, [parameter_row(one) for one in model.parameters.values()])
    for columns, rows in tables_of_spread(model).items():
        if rows:
            typer.echo("")
            show_table(columns, rows)
    for title, said in (("Evaluated", model.evaluated), ("Notes", model.notes)):
        if said:
            typer.echo(f"\n{title}")
            typer.echo("\n".join(f"- {text}" for text in said))


def _residual(residual: Residual) -> dict[str, Any]:
    """Give the record of a residual error, ready for JSON."""
    sizes = asdict(residual)
    sizes.pop("trace")
    return sizes | residual.trace._asdict()


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
        "scaling": [asdict(one) for one in parameter.scalings],
        "iiv": asdict(parameter.iiv) if parameter.iiv else None,
        "iov": asdict(parameter.iov) if parameter.iov else None,
        "note": parameter.note,
    }
