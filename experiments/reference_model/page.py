"""The page about the reference model as Markdown."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from experiments.reference_model import facts, judged
from experiments.reference_model.checks import (
    Profile,
    condition_number,
    information,
    strongest,
)
from experiments.reference_model.fitting import Estimate
from experiments.reference_model.judged import COUNTED_ANALYTES, Compared, by_source
from experiments.reference_model.model_file import NAME, informed
from experiments.reference_model.objective import predictions
from experiments.reference_model.page_text import TEXT
from experiments.reference_model.parameters import interval, plain
from experiments.reference_model.row_tables import (
    HNK,
    against,
    far_off,
    figures_to_reach,
    hydroxynorketamine,
    markdown_table,
    sources,
    times_of_peaks,
)
from experiments.reference_model.rows import rows_of
from experiments.reference_model.settings import Prior, Split
from kpksim.library import load_model
from kpksim.models import Model

KEY_NUMBERS = (
    "vc",
    "vp",
    "vp2",
    "cl_s",
    "cl_nk_s",
    "ratio_cl_nk",
    "cl_hnk_s",
    "f_oral_s",
    "f_er_s",
)
"""Parameters whose change without a source is shown."""


@dataclass(frozen=True)
class Found:
    """All that a run found.

    Attributes
    ----------
    best : Estimate
        The fit, with the rounded numbers of the model file.
    model : Model
        The model of the file.
    priors : mapping of str to Prior
    split : Split
    starts : tuple of Estimate
        Fits from several starts, the best first.
    without : mapping of str to Estimate
        Fits without one source.
    simpler : mapping of str to Estimate
        Fits of simpler models.
    profiles : tuple of Profile
    """

    best: Estimate
    model: Model
    priors: Mapping[str, Prior]
    split: Split
    starts: tuple[Estimate, ...]
    without: Mapping[str, Estimate]
    simpler: Mapping[str, Estimate]
    profiles: tuple[Profile, ...]

    @cached_property
    def compared(self) -> Compared:
        """Every fitted and held-back row beside the model."""
        return compared_with(self.model, self.split)

    def predicted(self, identity: str) -> float:
        """Give the prediction of one row."""
        names = [row.observation.id for row in self.compared.rows]
        return float(self.compared.predicted[names.index(identity)])


def compared_with(model: Model, split: Split) -> Compared:
    """Predict all fitted and held-back rows.

    Parameters
    ----------
    model : Model
        A model.
    split : Split
        The sources.

    Returns
    -------
    Compared
        Rows and predictions, fitted sources first.
    """
    rows = rows_of([*split.fit, *split.held_back])
    return Compared(rows, predictions(model, rows))


def page(found: Found) -> str:
    """Write the page.

    Parameters
    ----------
    found : Found
        What a run found.

    Returns
    -------
    str
        Markdown.
    """
    best = found.best
    eigenvalues = information(best)
    return TEXT.format(
        name=NAME,
        figures=figures_to_reach(found.compared, found.split),
        sources=sources(found.compared, found.split),
        previous=against(_previous(found), found.compared),
        estimates=estimates(best, found.priors),
        told=int(np.sum(eigenvalues > 1.0)),
        parameters=len(eigenvalues),
        condition=f"{condition_number(best):.0f}",
        pairs=_pairs(best),
        starts=_starts(found),
        sites=_sites(found.model),
        otto=f"{found.predicted('PK207'):.0f}",
        routes=_routes(found.model),
        oral=f"{facts.oral_peak(found.model):.1f}",
        half_life=f"{facts.terminal_half_life(found.model, 'ketamine'):.1f}",
        half_life_hnk=f"{facts.terminal_half_life(found.model, 'hydroxynorketamine'):.1f}",
        hnk=hydroxynorketamine(found.compared),
        peaks=times_of_peaks(found.compared),
        misses=far_off(found.compared),
        without=_without(found),
        simpler=_simpler(found),
        profiles=_profiles(found.profiles),
    )


def estimates(best: Estimate, priors: Mapping[str, Prior]) -> str:
    """Write the table of estimates."""
    belief = best.objective.belief
    lines = []
    for k, name in enumerate(belief.names):
        prior, scale = priors[name], belief.scales[k]
        unit = prior.centre.partition(" ")[2]
        low, high = interval(best.point[k], best.sd[k], scale)
        below, above = interval(belief.centre[k], belief.sd[k], scale)
        value = interval(best.point[k], 0.0, scale)[0]
        lines.append(
            f"| {name} | {plain(value, 4)} {unit} | {plain(low)} to {plain(high)} "
            f"| {plain(below)} to {plain(above)} "
            f"| {100 * max(best.learned[k], 0.0):.0f} % | {informed(best.learned[k])} |".replace(
                "  |", " |"
            )
        )
    head = "| parameter | estimate | 95 % interval | before | narrower by | rests on |"
    return markdown_table(head, "|---|---:|---:|---:|---:|---|", lines)


def _previous(found: Found) -> Compared:
    """Give what the previous set says of the same rows."""
    return compared_with(load_model("reference_racemic_2026a"), found.split)


def _pairs(best: Estimate) -> str:
    """Name the pairs that move together."""
    pairs = [f"`{one}` and `{other}` ({r:.2f})" for one, other, r in strongest(best, 0.7)]
    return ", ".join(pairs) or "none"


def _starts(found: Found) -> str:
    """Say what the starts came to."""
    costs = [one.cost for one in found.starts]
    same = sum(cost - costs[0] < 0.01 for cost in costs)
    return (
        f"{same} of {len(costs)} starts end at the same minimum (half the sum of squares "
        f"{costs[0]:.2f}, of which the rows {found.best.of_rows:.2f})"
    )


def _sites(model: Model) -> str:
    """Write what both sites show."""
    found = facts.sites(model)
    lines = [
        f"| end of the infusion | {found['arterial_end']:.0f} | {found['venous_end']:.0f} |",
        f"| 40 min later | {found['arterial_later']:.0f} | {found['venous_later']:.0f} |",
    ]
    said = markdown_table("| ketamine, ng/mL | arterial | venous |", "|---|---:|---:|", lines)
    minutes = 60 * (found["crossing"] - facts.END)
    return said + (
        f"\n\nThey cross {minutes:.0f} min after the end; the ratio of their areas is "
        f"{found['areas']:.4f}."
    )


def _routes(model: Model) -> str:
    """Write peaks and areas by route."""
    table = facts.by_route(model)
    names = list(next(iter(table.values())))
    lines = [
        f"| {route} | " + " | ".join(_three(value) for value in row.values()) + " |"
        for route, row in table.items()
    ]
    return markdown_table(f"| 35 mg | {' | '.join(names)} |", "|---|" + "---:|" * len(names), lines)


def _three(value: float) -> str:
    """Write three digits without an exponent."""
    return f"{value:.0f}" if value >= 100.0 else plain(value)


def _without(found: Found) -> str:
    """Write key numbers of fits without a source."""
    everything = {"all four": found.best} | {f"without {k}": v for k, v in found.without.items()}
    lines = []
    for name, one in everything.items():
        model = one.objective.with_point(one.point)
        held = by_source(compared_with(model, found.split), COUNTED_ANALYTES)
        held = {key: value for key, value in held.items() if key in found.split.held_back}
        numbers = " | ".join(f"{plain(one.values[key])}" for key in KEY_NUMBERS)
        lines.append(f"| {name} | {numbers} | {judged.balanced(held):.2f} |")
    head = f"| fit | {' | '.join(KEY_NUMBERS)} | held-back GMFE |"
    return markdown_table(head, "|---|" + "---:|" * (len(KEY_NUMBERS) + 1), lines)


def _simpler(found: Found) -> str:
    """Write what simpler models lose."""
    lines = []
    for name, one in found.simpler.items():
        rows = one.objective.rows
        compared = Compared(rows, predictions(one.objective.with_point(one.point), rows))
        both = judged.balanced(by_source(compared, COUNTED_ANALYTES))
        hnk = judged.balanced(by_source(compared, HNK))
        lost = 2.0 * (one.of_rows - found.best.of_rows)
        fewer = len(found.best.values) - len(one.values)
        lines.append(f"| {name} | {fewer} | {lost:.1f} | {both:.2f} | {hnk:.2f} |")
    head = (
        "| simpler model | fewer parameters | rise of the rows' sum of squares | GMFE | HNK GMFE |"
    )
    return markdown_table(head, "|---|---:|---:|---:|---:|", lines)


def _profiles(profiles: tuple[Profile, ...]) -> str:
    """Write the profiles."""
    lines = [
        f"| {one.name} | " + " | ".join(f"{rise:.2f}" for rise in one.rise) + " |"
        for one in profiles
    ]
    return markdown_table(
        "| parameter | -2 SD | -1 SD | +1 SD | +2 SD |", "|---|---:|---:|---:|---:|", lines
    )
