"""The benchmark as Markdown, from its JSON."""

from experiments.machine import machine_lines

TEXT = """\
# Benchmark

{summary}

{table}

{notes}

{machine}

All rows are measured in one process, one after another; a figure is the median of {rounds} rounds,
and its spread the least and the largest of them. What is compared takes turns within a round. The
fill writes a constant into the same warm array with the same threads and parts of subjects. The
people have the library's `reference_racemic_2026a` with eight states (oral depot, ketamine central
and two peripheral, norketamine central and peripheral, dehydronorketamine, hydroxynorketamine);
their rates differ with CV 0.3.

Written by `make bench`; `experiments/bench/README.md` says how each row is made.
"""


def page(found: dict) -> str:
    """Write the page."""
    return TEXT.format(
        summary=summary(found["rows"]),
        table=table(found["rows"]),
        notes="\n".join(notes(found["rows"])),
        machine="\n".join(machine_lines(found["machine"])),
        rounds=found["settings"]["rounds"],
    )


def table(rows: list[dict]) -> str:
    """Write the table: a line for each figure, one for each row that failed."""
    lines = [
        "| workload | figure | must | aim | measured | spread | met |",
        "|---|---|---:|---:|---:|---:|---|",
    ]
    for row in rows:
        if row["failure"]:
            lines.append(f"| {row['title']} | failed: {_plain(row['failure'])} | | | | | failed |")
        for k, figure in enumerate(row["figures"]):
            lines.append(_line(row["title"] if k == 0 else "", figure))
    return "\n".join(lines)


def summary(rows: list[dict]) -> str:
    """Say in a sentence or two how many goals are reached, and which are not."""
    figures = [(row["title"], one) for row in rows for one in row["figures"] if one["met"]]
    reached = sum(one["met"] != "missed" for _, one in figures)
    aims = sum(one["met"] == "aim" for _, one in figures)
    said = [f"{reached} of {len(figures)} figures reach what they must, {aims} also the aim."]
    missed = [f"{title} ({one['what']})" for title, one in figures if one["met"] == "missed"]
    failed = [row["title"] for row in rows if row["failure"]]
    if missed:
        said.append(f"**Missed: {'; '.join(missed)}.**")
    if failed:
        said.append(f"**Failed: {'; '.join(failed)}.**")
    return "\n".join(said)


def notes(rows: list[dict]) -> list[str]:
    """Give what must be known of each row."""
    return [f"- {row['title']}: {'; '.join(row['notes'])}." for row in rows if row["notes"]]


def number(value: float | None) -> str:
    """Give three digits of a number."""
    if value is None:
        return ""
    if value == 0.0:
        return "0"
    if 1e-3 <= abs(value) < 999.5:
        return f"{value:.3g}"
    return f"{value:,.0f}" if abs(value) >= 1.0 else f"{value:.1e}"


def _line(title: str, figure: dict) -> str:
    """Write the line of one figure."""
    unit = f" {figure['unit']}" if figure["unit"] else ""
    sign = {"less": "≤ ", "more": "≥ ", None: ""}[figure["better"]]
    goals = [f"{sign}{number(figure[key])}" if figure[key] is not None else "" for key in GOALS]
    met = {"missed": "**missed**", None: ""}.get(figure["met"], figure["met"])
    cells = [title, figure["what"], *goals, f"{number(figure['value'])}{unit}"]
    return f"| {' | '.join([*cells, _spread(figure['spread']), met])} |"


GOALS = ("must", "aim")


def _spread(found: dict | None) -> str:
    """Write the least and the largest of several."""
    if found is None:
        return ""
    return f"{number(found['min'])} to {number(found['max'])} (n = {found['n']})"


def _plain(text: str) -> str:
    """Give a text that fits into a cell."""
    return " ".join(text.replace("|", "/").split())
