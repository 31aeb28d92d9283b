"""Figures of a qualification: what is drawn is what was computed."""

import numpy as np
import pandas as pd
import pytest

from kpksim.analysis.verdicts import route_words
from kpksim.errors import DataError
from kpksim.plots.folds import MARKS
from kpksim.plots.qualification import (
    observed_predicted,
    ratios_by_model,
    ratios_by_source,
    residuals,
)

DRAWN = [observed_predicted, ratios_by_model, ratios_by_source, residuals]
BOTH = pytest.mark.parametrize("width", ["wide", "narrow"])
EVERY = pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)


def row(metric, observed, predicted, **said):
    usual = {
        "model": "m", "used": "qualification", "route": "iv", "study": "s", "analyte": "ketamine",
        "time": np.nan,
    }  # fmt: skip
    numbers = {"observed": observed, "predicted": predicted, "ratio": predicted / observed}
    return usual | {"metric": metric} | numbers | said


ROWS = pd.DataFrame(
    [
        row("concentration", 100.0, 120.0, time=0.5),
        row("concentration", 10.0, 4.0, time=2.0, used="evaluation", study="own"),
        row("cmax", 50.0, 60.0, analyte="norketamine", route="oral_er"),
        row("auc", 300.0, 310.0, route="oral", model="another"),
        row("f", 0.2, 0.1, route="oral", study="t"),
    ]
)


def points(ax):
    """Give x and y of all marks of a panel."""
    marks = [line for line in ax.lines if line.get_linestyle() == "None"]
    pairs = [pair for line in marks for pair in zip(*line.get_data(), strict=True)]
    return sorted((float(x), float(y)) for x, y in pairs)


def texts(figure):
    own = [text.get_text() for text in figure.texts]
    return own + [text.get_text() for ax in figure.axes for text in ax.texts]


@BOTH
def test_levels_and_areas_have_panels_of_their_own(width):
    figure = observed_predicted(ROWS, width=width)
    levels, areas = figure.axes
    assert points(levels) == [(10.0, 4.0), (50.0, 60.0), (100.0, 120.0)]
    assert points(areas) == [(300.0, 310.0)]
    assert {"ng/mL", "ng·h/mL"} <= set(texts(figure))


def test_the_line_of_identity_and_the_grounds_of_the_folds_are_drawn():
    ax = observed_predicted(ROWS).axes[0]
    (line,) = [one for one in ax.lines if one.get_label() == "identity"]
    assert np.array_equal(line.get_xdata(), line.get_ydata())
    assert tuple(line.get_xdata()) == ax.get_xlim() == ax.get_ylim()
    corners = [ground.get_paths()[0].vertices for ground in ax.collections]
    folds = sorted(float((one[:, 1] / one[:, 0]).max()) for one in corners)
    assert folds == pytest.approx([1.25, 1.5, 2.0])


@BOTH
def test_residuals_are_ratios_over_time_of_concentrations_alone(width):
    (ax,) = residuals(ROWS, width=width).axes
    assert points(ax) == [(0.5, 1.2), (2.0, 0.4)]
    assert ax.get_yscale() == "log"
    assert ax.get_xlabel() == "Hours after the first dose"


@BOTH
def test_every_row_stands_in_the_line_of_its_route_and_source(width):
    figure = ratios_by_source(ROWS, width=width)
    (ax,) = figure.axes
    assert [round(x, 9) for x, _ in points(ax)] == [0.4, 0.5, 1.033333333, 1.2, 1.2]
    words = texts(figure)
    headings = [one for one in words if one in ("IV", "Oral", "Oral, extended release")]
    assert headings == ["IV", "Oral", "Oral, extended release"]
    assert [one for one in words if one in ("own", "s", "t")] == ["own", "s", "s", "t", "s"]


def test_models_have_a_line_each():
    (ax,) = ratios_by_model(ROWS).axes
    heights = {round(y, 6) for _, y in points(ax)}
    assert len(heights) == 2


def test_filled_marks_were_not_used_for_the_model_and_open_ones_were():
    marks = [line for line in residuals(ROWS).axes[0].lines if line.get_linestyle() == "None"]
    faces = {line.get_label(): line.get_markerfacecolor() for line in marks}
    assert faces["ketamine, qualification"] == MARKS["ketamine"][0]
    assert faces["ketamine, evaluation"] == "white"


@EVERY
@BOTH
def test_a_figure_is_as_wide_as_its_place_and_says_what_it_is_for(draw, width):
    figure = draw(ROWS, width=width)
    assert figure.get_figwidth() * 72 == pytest.approx({"wide": 728, "narrow": 358}[width])
    said = " ".join(texts(figure))
    for words in ("Not for dosing", "within 1.25, 1.5 and 2 times", "typical person"):
        assert words in said
    for ax in figure.axes:
        box = ax.get_position()
        assert 0.0 <= box.x0 < box.x1 <= 1.0
        assert 0.0 <= box.y0 < box.y1 <= 1.0


def test_an_axis_of_ratios_holds_the_largest_and_is_alike_on_both_sides():
    far = pd.concat([ROWS, pd.DataFrame([row("cmax", 1.0, 9.0)])], ignore_index=True)
    low, high = ratios_by_source(far).axes[0].get_xlim()
    assert high > 9.0
    assert low * high == pytest.approx(1.0)


@EVERY
def test_nothing_to_draw_is_refused(draw):
    with pytest.raises(DataError, match="nothing to draw"):
        draw(ROWS.iloc[:0])


def test_routes_one_after_the_other_are_said_in_their_order():
    assert route_words("sublingual and iv") == "Sublingual, then IV"
