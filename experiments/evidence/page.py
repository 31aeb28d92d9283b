"""The page of the evidence as Markdown: studies, statements, audit."""

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from kpksim.evidence import Finding, Study
from kpksim.vocabulary import CONSTRUCTS

TEXT = """\
# Evidence

{n} studies of a systematic review of ketamine in refractory anxiety (`tully2021`), {statements}
statements in {cohorts} cohorts. Every statement has a source with place, a grade (A seen, B
through a secondary source) and a clock; `kpksim studies KEY` shows them, `kpksim studies --map
FILE.svg` draws them over time. No full text of a paper was read: what is graded A was seen in
abstracts, tables or the review itself.

{table}

## What the statements are about

{constructs}

{used} statements can be held against a curve; {unused} cannot (most are about what no curve
shows, or repeat another statement).

## What the arms get

Peak and area (all doses, to infinity) in the venous plasma of a typical person of 70 kg, by
`{model}`. Arms without ketamine are left out: their people respond to placebo or midazolam alone.
`results/arms.csv` of `make evidence` holds every arm, hydroxynorketamine included.

{arms}

## Where the review and the papers differ

{findings}
## A study of your own

`kpksim init --study study.toml` writes a commented file, and `kpksim check-study study.toml`
checks it: names, units, clocks, doses, ranges of scales, grades, and whether the people may be
in the evidence already. Written by `make evidence`.

For research and teaching. Not for dosing a patient.
"""


def page(
    studies: Sequence[Study], findings: Sequence[Finding], arms: pd.DataFrame, model: str
) -> str:
    """Write the page."""
    statements = [one for study in studies for one in study.statements]
    used = sum(one.reading != "not used" for one in statements)
    return TEXT.format(
        n=len(studies),
        statements=len(statements),
        cohorts=len({study.cohort for study in studies}),
        table="\n".join(_table(studies)),
        constructs="\n".join(_constructs(studies)),
        used=used,
        unused=len(statements) - used,
        model=model,
        arms="\n".join(_arms(arms)),
        findings="\n".join(_finding(one) for one in findings),
    )


def _table(studies: Sequence[Study]) -> list[str]:
    """Write a line for each study."""
    lines = ["| ref | study | n | design | given | statements |", "|---:|---|---:|---|---|---:|"]
    for study in studies:
        given = "; ".join(
            dict.fromkeys(arm.given for arm in study.arms.values() if arm.regimen is not None)
        )
        design = f"{study.blinding}, {study.layout}, control: {study.control}"
        lines.append(
            f"| {study.ref} | `{study.key}` | {study.n} | {design} | {given} | "
            f"{len(study.statements)} |"
        )
    return lines


def _constructs(studies: Sequence[Study]) -> list[str]:
    """Count statements by construct and by whether they are used."""
    found = Counter(
        (one.construct, one.reading != "not used") for study in studies for one in study.statements
    )
    lines = ["| construct | statements | usable |", "|---|---:|---:|"]
    for name in CONSTRUCTS:
        usable = found[name, True]
        lines.append(f"| {name} | {usable + found[name, False]} | {usable} |")
    return lines


def _arms(table: pd.DataFrame) -> list[str]:
    """Write a line for each arm that got ketamine."""
    lines = [
        "| study | given | K Cmax, ng/mL | K AUC, ng h/mL | NK Cmax | NK AUC |",
        "|---|---|---:|---:|---:|---:|",
    ]
    given = table[table["ketamine_auc"] > 0.0].drop_duplicates(["study", "given"])
    for one in given.itertuples():
        numbers = (one.ketamine_cmax, one.ketamine_auc, one.norketamine_cmax, one.norketamine_auc)
        cells = " | ".join(f"{float(f'{number:.3g}'):,.10g}" for number in numbers)
        lines.append(f"| `{one.study}` | {one.given} | {cells} |")
    return lines


def _finding(one: Finding) -> str:
    """Write one finding of the audit."""
    about = f" ({', '.join(f'`{key}`' for key in one.studies)})" if one.studies else ""
    return (
        f"**{one.title}**{about}. The review: {one.review} The papers: {one.primary} "
        f"In a fit: {one.consequence}\n"
    )
