"""The figures of a calibration: which there are, their captions and their files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup
from matplotlib.figure import Figure

from kpksim.calibration.results import MIXTURE
from kpksim.plots.calibration_apart import apart, parting
from kpksim.plots.calibration_evidence import evidence, log_scores
from kpksim.plots.calibration_influence import influence
from kpksim.plots.calibration_pairs import go_together, pairs
from kpksim.plots.calibration_parameters import prior_posterior
from kpksim.plots.calibration_predictive import paired, predicted_answers, predicted_numbers
from kpksim.plots.calibration_targets import target, targets, widest_apart
from kpksim.plots.calibration_trace import trace
from kpksim.plots.files import to_png, to_svg, without_foot
from kpksim.plots.words import say_number
from kpksim.report.calibration_material import Material
from kpksim.report.drawings import Drawing


@dataclass(frozen=True)
class Sketch:
    """A figure that can be drawn.

    Attributes
    ----------
    name : str
        File name without its ending.
    part : str
        Section of the report that it belongs to.
    title, caption : str
        What it shows.
    draw : callable
        Takes ``width=``, gives the figure.
    """

    name: str
    part: str
    title: str
    caption: str
    draw: Callable[..., Figure]


def sketches(material: Material) -> Iterator[Sketch]:
    """Give every figure that a calibration can fill.

    Parameters
    ----------
    material : Material
        Results and draws.

    Yields
    ------
    Sketch
        In the order of the report.
    """
    yield from _of_evidence(material)
    yield from _of_curves(material)
    yield from _of_parameters(material)
    yield from _of_statements(material)


def _of_evidence(material: Material) -> Iterator[Sketch]:
    """Give the figures of evidence, log scores and the sampler."""
    found, key = material.results, material.results.leading.key
    whose = "mixture" if found.forecaster == MIXTURE else found.leading.label
    if len(found.hypotheses) > 1:
        yield Sketch(
            "evidence", "verdicts", "Evidence for each hypothesis",
            "ln Z less that of the leading hypothesis, in the main fit and in every re-run.",
            lambda width="wide": evidence(found, width=width),
        )  # fmt: skip
    if found.leave_out.get(found.forecaster):
        yield Sketch(
            "log_scores", "scores", "Studies predicted unseen",
            "Log score of each study over that of a coin, by the other studies and by the prior; "
            f"{whose}.",
            lambda width="wide": log_scores(found, width=width),
        )  # fmt: skip
    if found.influence and found.targets:
        yield Sketch(
            "influence", "scores", "What each study moves",
            "Shift of every target when a study is left out, in posterior standard deviations; "
            f"{whose}.",
            lambda width="wide": influence(found, width=width),
        )  # fmt: skip
    if material.runs.get(key):
        runs = material.runs[key]
        yield Sketch(
            "trace", "sampler", "The way of the sampler",
            "Likelihood while the sampler closes in, and where the posterior lies.",
            lambda width="wide": trace(found, key, runs, width=width),
        )  # fmt: skip


def _of_curves(material: Material) -> Iterator[Sketch]:
    """Give the figures of curves and targets."""
    found, curves = material.results, material.curves
    if curves is not None and found.outcome in curves:
        yield Sketch(
            "apart", "curves", "Where curves part company", _parting_words(material),
            lambda width="wide": apart(found, curves, width=width),
        )  # fmt: skip
    if not found.targets:
        return
    yield Sketch(
        "targets", "curves", "Points of the curves",
        "Prior and mixture, with the medians of single hypotheses and of re-runs.",
        lambda width="wide": targets(found, width=width),
    )  # fmt: skip
    widest = widest_apart(found)
    if widest:
        yield Sketch(
            "widest", "curves", f"{widest}: the hypotheses differ most",
            "Every hypothesis and every re-run by itself.",
            lambda width="wide": target(found, widest, width=width),
        )  # fmt: skip


def _parting_words(material: Material) -> str:
    """Say by how much medians differ, where most and where least."""
    curves = material.curves
    if curves is None or len(material.results.surviving) < 2:
        return "Medians of posterior draws."
    told = str(curves[material.results.outcome].attrs["units"])
    unit = "percentage points" if told == "%" else told
    widest = parting(material.results, curves)
    most, least = max(widest, key=widest.__getitem__), min(widest, key=widest.__getitem__)
    return (
        f"Medians of surviving hypotheses differ by up to {say_number(widest[most], digits=2)} "
        f"{unit} after {most}, and by up to {say_number(widest[least], digits=2)} {unit} after "
        f"{least}. Letters stand where they differ most."
    )


def _of_parameters(material: Material) -> Iterator[Sketch]:
    """Give the figures of parameters."""
    found, key = material.results, material.results.leading.key
    if found.parameters.get(key):
        yield Sketch(
            "parameters", "identified", "Prior against posterior",
            "Each parameter on the scale of its prior, the best known first.",
            lambda width="wide": prior_posterior(found, key, width=width),
        )  # fmt: skip
    if key in material.posteriors and go_together(material.posteriors[key]):
        draws = material.posteriors[key]
        yield Sketch(
            "pairs", "identified", "Parameters that go together",
            "The pairs with the largest rank correlations.",
            lambda width="wide": pairs(found, key, draws, width=width),
        )  # fmt: skip


def _of_statements(material: Material) -> Iterator[Sketch]:
    """Give the figures of statements."""
    found, key = material.results, material.results.leading.key
    kinds = {one.probability is None for _, one in paired(found, key)}
    if True in kinds:
        yield Sketch(
            "predicted_numbers", "statements", "Numbers and counts",
            "What was observed, on the scale of what the posterior expects of such a study.",
            lambda width="wide": predicted_numbers(found, key, width=width),
        )  # fmt: skip
    if False in kinds:
        yield Sketch(
            "predicted_answers", "statements", "What is so or not so",
            "Probability that such a study finds what was stated.",
            lambda width="wide": predicted_answers(found, key, width=width),
        )  # fmt: skip


def save_figures(material: Material, folder: Path) -> None:
    """Write every figure as SVG and PNG.

    Parameters
    ----------
    material : Material
        Results and draws.
    folder : Path
        Where to write; it exists.
    """
    for one in sketches(material):
        figure = one.draw()
        drawing = to_svg(figure, one.name, _label(one)) + "\n"
        (folder / f"{one.name}.svg").write_text(drawing, "utf-8")
        (folder / f"{one.name}.png").write_bytes(to_png(figure))


def drawings(material: Material, folder: Path | None = None) -> dict[str, list[Drawing]]:
    """Draw every figure twice, for a page and for a phone.

    Parameters
    ----------
    material : Material
        Results and draws.
    folder : Path, optional
        Where `save_figures` has written them already; drawn anew when left out.

    Returns
    -------
    dict of str to list of Drawing
        By section of the report.
    """
    parts: dict[str, list[Drawing]] = {}
    for one in sketches(material):
        words = _label(one)
        if folder is None:
            wide = to_svg(one.draw(), one.name, words)
        else:
            wide = (folder / f"{one.name}.svg").read_text("utf-8")
        narrow = to_svg(one.draw(width="narrow"), f"{one.name}-narrow", words)
        drawn = Drawing(one.title, one.caption, _inline(wide), _inline(narrow))
        parts.setdefault(one.part, []).append(drawn)
    return parts


def _label(one: Sketch) -> str:
    """Say in words what a figure shows, for those who cannot see it."""
    return f"{one.title}. {one.caption}"


def _inline(drawing: str) -> Markup:
    """Take a figure into the page, which itself carries what the foot of a figure says."""
    return Markup(without_foot(drawing))
