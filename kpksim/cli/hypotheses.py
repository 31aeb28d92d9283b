"""kpksim hypotheses: what the evidence says of mechanisms."""

import json
from math import isnan
from typing import Annotated, Any

import typer

from kpksim.cli.doors import say, show_table
from kpksim.errors import unknown
from kpksim.units import say_share
from kpksim.vocabulary import OUTCOMES, VERDICTS

HEADINGS = ("outcome", "hypothesis", "ln Z", "difference", "smallest", "verdict", "share")


def hypotheses(
    outcome: Annotated[str | None, typer.Argument(metavar="OUTCOME", help="One outcome.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the hypotheses behind effect curves: evidence, verdict, share in predictions."""
    if outcome not in (None, *OUTCOMES):
        raise unknown("outcome", str(outcome), list(OUTCOMES))
    rows = [row for one in ([outcome] if outcome else OUTCOMES) for row in _rows(one)]
    if as_json:
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    elif rows:
        show_table(HEADINGS, [_cells(row) for row in rows])
    if not rows:
        say("No posterior ships with this version; kpksim calibrate makes them.")


def _rows(outcome: str) -> list[dict[str, Any]]:
    """Give the posteriors of an outcome, the one with most evidence first."""
    from kpksim.library.posteriors import list_posteriors, load_posterior

    found = [load_posterior(outcome, key) for key in list_posteriors(outcome)]
    found.sort(key=lambda one: -one.facts["log_evidence"])
    return [
        {
            "outcome": outcome,
            "hypothesis": one.hypothesis.label,
            "key": one.hypothesis.key,
            "log_evidence": one.facts["log_evidence"],
            "error": one.facts["log_evidence_error"],
            "difference": one.facts["log_evidence"] - found[0].facts["log_evidence"],
            "smallest": _known(one.facts.get("smallest_difference")),
            "verdict": one.facts.get("verdict", ""),
            "weight": _known(one.weight),
        }
        for one in found
    ]


def _known(number: float | None) -> float | None:
    """Give a number, or None where it is not known."""
    return None if number is None or isnan(number) else number


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    """Write one line of the table; a dash where nothing is known."""
    evidence = f"{_decimal(row['log_evidence'])} ± {row['error']:.1f}"
    smallest = "-" if row["smallest"] is None else _decimal(row["smallest"])
    verdict = VERDICTS.get(row["verdict"], "-")
    share = "-" if row["weight"] is None else say_share(row["weight"])
    numbers = _decimal(row["difference"]), smallest
    return row["outcome"], row["hypothesis"], evidence, *numbers, verdict, share


def _decimal(value: float) -> str:
    """Write a number with one decimal, without a minus before zero."""
    return f"{round(value, 1) + 0.0:.1f}"
