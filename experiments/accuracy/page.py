"""The accuracy report as Markdown, from its JSON."""

from experiments.machine import machine_lines

MUST, AIM = 1e-11, 1e-12
"""Componentwise relative error that the engine must reach, and what it aims at."""

TEXT = """\
# Accuracy

How far the concentrations of `kpksim.engine.solve` are from the exact ones, for random linear
models of every kind: {models} models of each, {subjects} subjects per model. The error is relative
and componentwise: |found - exact| / exact for every state at every time, whether the value is large
or has fallen to 1e-300; values below that are left out. The exact values are matrix exponentials in
400 digits by mpmath, of which 40 and more are right.

Models have 3 to 9 states, boluses and infusions into up to three of them, half of them with a lag
in every subject. Half are seen on regular grids (steps of about 5 min to 12 h, up to 90 days), half
at irregular times up to 90 days. Times are fractions that a double holds exactly; where they are
whole minutes, which no double holds, a value is compared with the exact one at the minute and with
the exact one at the double, and the better counts.

{verdict}

{table}

"Stiff" models have rate constants from 0.001/h to 1000/h. "ka = k10" are defective matrices: depot,
central and metabolite have one rate, so that eigenvectors do not exist; in an Erlang chain all
states have. "But for 1e-9" are nearly defective.

{machine}

Written by `make accuracy`; `experiments/accuracy/README.md` says how it is made.
"""


def page(found: dict) -> str:
    """Write the report."""
    return TEXT.format(
        models=found["settings"]["models"],
        subjects=found["settings"]["subjects"],
        verdict=verdict(found["kinds"]),
        table=table(found["kinds"]),
        machine="\n".join(machine_lines(found["machine"])),
    )


def table(kinds: list[dict]) -> str:
    """Write the table, a line for each kind of model."""
    lines = [
        "| models | values | median | 99 % | 99.9 % | largest | negative | met |",
        "|---|---:|---:|---:|---:|---:|---:|---|",
    ]
    for one in kinds:
        errors = " | ".join(f"{one[name]:.1e}" for name in ("median", "q99", "q999", "max"))
        met = judged(one)
        lines.append(
            f"| {one['kind']} | {one['values']:,} | {errors} | {one['negative']} | {met} |"
        )
    return "\n".join(lines)


def judged(kind: dict) -> str:
    """Say which goal a kind of model reaches."""
    if kind["negative"] or not kind["max"] <= MUST:
        return "missed"
    return "aim" if kind["max"] <= AIM else "must"


def verdict(kinds: list[dict]) -> str:
    """Say in a sentence what was reached over all."""
    missed = [one["kind"] for one in kinds if judged(one) == "missed"]
    largest = max(one["max"] for one in kinds)
    negative = sum(one["negative"] for one in kinds)
    said = f"**Largest error {largest:.1e}** (must be {MUST:.0e}, aim {AIM:.0e}); {negative} of "
    said += (
        f"{sum(one['values'] + one['small'] for one in kinds):,} values are negative (must be 0). "
    )
    return said + (f"Missed for: {'; '.join(missed)}." if missed else "Reached for all kinds.")
