"""The section of docs/calibration.md about the checks, from their JSON."""

import json
from pathlib import Path

from experiments.calibration_checks.ranks import EACH, INTERVALS, POOLED
from experiments.calibration_checks.summary import FAVOURED, as_checks
from experiments.machine import machine_lines

STORED = Path(__file__).with_name("found.json")
"""Figures that the section in docs/ is made of."""

TEXT = """\
## Checks of the machinery

Whether bands hold what they promise cannot be seen from one fit. So parameters are drawn from the
priors, what every statement would have said is simulated from them (with study effects, people,
visits and the share q of sentences that tell nothing), and the simulated statements are fitted as
the real ones are. All figures are for {outcome}.

{checks}
{simulated}{recovery}{repeated}
{machine}
- Written by `make calibration-checks`; `experiments/calibration_checks/README.md` says how.
"""

SIMULATED = """
### Do bands cover, and are ranks even?

{data_sets} data sets under "{hypothesis}", {live_points} live points each (median
{likelihoods:,.0f} likelihoods, {seconds:.0f} s), then {draws} draws that walk on for {steps} steps.
How often the central interval of these draws holds the true value:

{table}

Of all curves together 90 % intervals must cover {pooled[0]:.0%} to {pooled[1]:.0%}, of each curve
{each[0]:.0%} to {each[1]:.0%}. p is the probability of ranks as uneven as these if the posterior is
right, twice the smaller of chi-square over ten bins and of the test of Kolmogorov and Smirnov; it
must be above 0.01 divided by the number of quantities, {limit:.2g}. "Mean rank" is 0.5 where the
posterior lies neither too high nor too low.
"""

PARAMETERS = """
Ranks of the other parameters, of which no coverage is demanded:

{table}
"""

RECOVERY = """
### Does the evidence find the truth?

{data_sets} data sets, half of them under "{first}" and half under "{second}", each fitted by both.
The difference is ln Z of the true hypothesis minus that of the false one. It is {limit:g} or more
in {favoured} of {data_sets}: so often can these statements tell the two apart when one of them is
true and its parameters are anywhere in the prior.

{table}
"""

REPEATED = """
### Do two seeds and more nodes give the same?

Two fits of the real statements under "{hypothesis}", {live_points} live points, 1,000 draws of each
walked on for {steps} steps: ln Z {z[0]:.2f} ± {e[0]:.2f} and {z[1]:.2f} ± {e[1]:.2f}. The nodes of
the likelihood against {nodes:,} points from the prior of the latents, over {draws} draws of the
posterior: ln L is off by {error_mean:+.4f} on average, SD {error_sd:.4f}, at most
{error_largest:.4f}.
"""


def section(found: dict) -> str:
    """Write the section; checks that were not made are left out."""
    settings = found["settings"]
    return TEXT.format(
        outcome=settings["calibration"], checks=_demanded(as_checks(found)),
        simulated=_simulated(found["simulated"], settings) if "simulated" in found else "",
        recovery=_recovery(found["recovery"], settings) if "recovery" in found else "",
        repeated=_repeated(found["repeated"], settings) if "repeated" in found else "",
        machine="\n".join(machine_lines(found["machine"])),
    )  # fmt: skip


def stored_section() -> str:
    """Write the section from the figures that are kept; nothing if there are none."""
    return section(json.loads(STORED.read_text(encoding="utf-8"))) if STORED.exists() else ""


def _demanded(checks: dict) -> str:
    lines = ["| check | found | demanded | met |", "|---|---:|---:|---|"]
    for name in ("sbc", "recovery", "repeatability"):
        for one in checks.get(name, []):
            met = {True: "yes", False: "**no**", None: ""}[one["passed"]]
            lines.append(f"| {one['says']} | {one['found']} | {one['demanded']} | {met} |")
    return "\n".join(lines)


def _simulated(one: dict, settings: dict) -> str:
    rows = one["quantities"]
    declared = [row for row in rows if row["declared"]]
    others = [row for row in rows if not row["declared"]]
    pooled = {"name": "**all curves**", "coverage": one["pooled"]}
    text = SIMULATED.format(
        data_sets=one["data_sets"], hypothesis=settings["simulated"]["hypothesis"],
        live_points=settings["simulated"]["sampler"]["live_points"],
        likelihoods=one["likelihoods"], seconds=one["seconds"], pooled=POOLED, each=EACH,
        draws=settings["simulated"]["draws"], steps=settings["simulated"]["steps"],
        limit=one["judged"]["limit_p"], table=_coverage([*declared, pooled]),
    )  # fmt: skip
    return text + PARAMETERS.format(table=_ranks(others)) if others else text


def _coverage(rows: list[dict]) -> str:
    heads = " | ".join(f"{one:.0%}" for one in INTERVALS)
    lines = [f"| curve | {heads} | mean rank | p |", "|---|" + "---:|" * (len(INTERVALS) + 2)]
    for row in rows:
        covered = " | ".join(f"{row['coverage'][f'{one:g}']:.1%}" for one in INTERVALS)
        lines.append(f"| {row['name']} | {covered} | {_rank_cells(row)} |")
    return "\n".join(lines)


def _ranks(rows: list[dict]) -> str:
    lines = ["| parameter | mean rank | p |", "|---|---:|---:|"]
    return "\n".join([*lines, *(f"| `{row['name']}` | {_rank_cells(row)} |" for row in rows)])


def _rank_cells(row: dict) -> str:
    return f"{row['mean_share']:.2f} | {row['p']:.2g}" if "p" in row else " | "


def _recovery(one: dict, settings: dict) -> str:
    first, second = settings["recovery"]["hypotheses"]
    lines = ["| truth | difference of ln Z, sorted |", "|---|---|"]
    for truth in (first, second):
        leads = sorted(row["difference"] for row in one["rows"] if row["truth"] == truth)
        lines.append(f"| {truth} | {', '.join(f'{lead:+.1f}' for lead in leads)} |")
    return RECOVERY.format(
        data_sets=one["data_sets"], first=first, second=second, favoured=one["favoured"],
        limit=FAVOURED, table="\n".join(lines),
    )  # fmt: skip


def _repeated(one: dict, settings: dict) -> str:
    asked = settings["repeated"]
    return REPEATED.format(
        hypothesis=asked["hypothesis"], live_points=asked["sampler"]["live_points"],
        steps=asked["steps"], z=one["log_evidence"], e=one["log_evidence_error"], **one,
    )  # fmt: skip
