import matplotlib as mpl
import numpy as np
import pytest
import xarray as xr
from matplotlib.figure import Figure

from kpksim.errors import DataError
from kpksim.plots import (
    FIGURES,
    available,
    concentration,
    concentrations,
    effects_days,
    effects_hours,
    metabolites,
)
from kpksim.plots.style import DRAWN
from kpksim.vocabulary import OUTCOMES, QUANTITIES

MINUS = "\N{MINUS SIGN}"
EVERY = pytest.mark.parametrize("kind", FIGURES, ids=lambda kind: kind.name)
BOTH = pytest.mark.parametrize("width", ["wide", "narrow"])


def lines(ax):
    """The curves of a panel by their letter."""
    return {line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")}


def texts(figure):
    """Every word of a figure."""
    own = [text.get_text() for text in figure.texts]
    return own + [text.get_text() for ax in figure.axes for text in ax.texts]


def panel(figure, title):
    """The panel of that title."""
    return next(ax for ax in figure.axes if ax.get_title("left") == title)


def test_the_drawn_curve_is_the_computed_curve(result):
    ax = concentration(result, "ketamine")
    window = result["time"].values <= 12.0
    drawn = lines(ax)["B"]
    expected = np.interp(
        drawn.get_xdata(), result["time"].values[window], result["ketamine"].values[1][window]
    )
    assert np.array_equal(drawn.get_ydata(), expected)
    assert drawn.get_xdata()[-1] == 12.0


def test_a_panel_can_be_drawn_into_axes_of_the_caller(result):
    ax = Figure().add_subplot()
    assert concentration(result, "norketamine", ax=ax, scale="log") is ax
    assert ax.get_yscale() == "log"
    assert ax.get_title("left") == "Norketamine in plasma"


@EVERY
@BOTH
def test_every_panel_names_its_unit_and_every_clock_its_zero(result, kind, width):
    figure = kind.draw(result, width=width)
    clocks = [ax.get_xlabel() for ax in figure.axes if ax.get_xlabel()]
    assert set(clocks) == {f"{kind.clock.capitalize()} after the first dose"}
    for ax in figure.axes:
        units = {quantity.unit for quantity in QUANTITIES.values()}
        words = [text.get_text() for text in ax.texts]
        assert any(word.startswith(unit) for word in words for unit in units)


@EVERY
@BOTH
def test_a_figure_is_as_wide_as_its_place(result, kind, width):
    figure = kind.draw(result, width=width)
    assert figure.get_figwidth() * 72 == pytest.approx({"wide": 728, "narrow": 358}[width])


@EVERY
@BOTH
@pytest.mark.parametrize("count", [1, 2, 5, 8])
def test_every_regimen_has_its_colour_its_letter_and_at_most_600_points(
    make_result, kind, width, count
):
    figure = kind.draw(make_result(count=count), width=width)
    letters = "ABCDEFGH"[:count]
    for ax in figure.axes:
        assert "".join(sorted(lines(ax))) == letters
        assert [lines(ax)[one].get_color() for one in letters] == list(DRAWN[:count])
        assert sorted(t.get_text() for t in ax.texts if t.get_text() in letters) == list(letters)
        assert max(line.get_xdata().size for line in lines(ax).values()) <= 600


@EVERY
@pytest.mark.parametrize("count", [3, 8])
def test_letters_of_a_panel_are_thirteen_pixels_apart(make_result, kind, count):
    for ax in kind.draw(make_result(count=count)).axes:
        spots = np.array([t.get_position() for t in ax.texts if len(t.get_text()) == 1])
        gaps = np.linalg.norm(spots[:, None] - spots, axis=2)[np.triu_indices(count, 1)]
        assert gaps.min() >= 13.0 - 1e-6


def test_one_regimen_carries_the_band_and_a_thicker_line(result):
    figure = metabolites(result, band="Oral")
    norketamine, _, dehydronorketamine = figure.axes
    (band,) = norketamine.collections
    assert band.get_alpha() == 0.13
    assert mpl.colors.to_hex(band.get_facecolor()[0]).upper() == DRAWN[2]
    assert lines(norketamine)["C"].get_linewidth() == 2.6
    assert lines(norketamine)["A"].get_linewidth() == 1.8
    assert not dehydronorketamine.collections
    assert "90 % of people (C)" in texts(figure)


def test_the_band_runs_from_the_5_to_the_95_percent_quantile(result):
    ax = concentration(result, "ketamine")
    vertices = ax.collections[0].get_paths()[0].vertices
    peak = result["ketamine"].values[0].max()
    assert vertices[:, 1].max() == pytest.approx(1.42 * peak)
    assert vertices[:, 1].min() == 0.0


@EVERY
def test_without_people_there_is_no_band_and_no_word_of_one(make_result, kind):
    figure = kind.draw(make_result(people=()))
    assert not any(ax.collections for ax in figure.axes)
    assert not any("90 %" in text for text in texts(figure))
    assert any("No spread between people" in text for text in texts(figure))


def test_the_band_of_an_effect_says_that_it_holds_exposure_only(result):
    assert "90 % of people: spread of exposure only (A)" in texts(effects_hours(result))


def test_effect_figures_say_that_they_are_uncalibrated_and_others_do_not(result):
    note = "effect curves uncalibrated: prior medians"
    assert note in texts(effects_hours(result))
    assert note in texts(effects_days(result, width="narrow"))
    assert note not in texts(concentrations(result))
    calibrated = result.assign_attrs(calibration="")
    assert not any("uncalibrated" in text for text in texts(effects_days(calibrated)))


@EVERY
@BOTH
def test_the_foot_says_what_varies_what_made_it_and_what_it_is_for(result, kind, width):
    words = " ".join(texts(kind.draw(result, width=width)))
    for part in ("300 simulated people", "seed 20260101", "reference_racemic_2026a", "0.1.0"):
        assert part in words
    assert "For research and teaching. Not for dosing a patient." in words


def test_relief_goes_down_from_zero_with_a_dotted_line_at_minus_fifty(result):
    ax = panel(effects_days(result), "Anxiety score")
    bottom, top = ax.get_ylim()
    assert bottom < -50.0 <= top <= 0.0
    (half,) = [line for line in ax.lines if set(line.get_ydata()) == {-50.0}]
    assert half.get_linestyle() not in ("-", "solid")
    labels = [ax.yaxis.get_major_formatter()(tick) for tick in (-50.0, 0.0)]
    assert labels == [f"{MINUS}50", "0"]


def test_relief_is_never_drawn_below_its_floor(result):
    deep = result.assign(anxiety=result["anxiety"] * 2.2)
    assert panel(effects_days(deep), "Anxiety score").get_ylim()[0] == -102.0


@pytest.mark.parametrize("name", ["ketamine", "norketamine"])
def test_a_linear_concentration_starts_at_zero(result, name):
    assert concentration(result, name).get_ylim()[0] == 0.0


def test_a_log_axis_shows_decades_from_one(result):
    ax = concentration(result, "ketamine", scale="log")
    assert ax.get_ylim()[0] == 1.0
    assert ax.get_yticks().tolist() == [1.0, 10.0, 100.0]
    assert any(text.get_text() == "ng/mL, log" for text in ax.texts)


def test_a_log_axis_goes_lower_when_every_curve_is_lower(result):
    low = result.copy()
    low["ketamine"] = result["ketamine"] * 0.002
    low["ketamine"].attrs = result["ketamine"].attrs
    ax = concentration(low, "ketamine", scale="log", band=None)
    assert ax.get_ylim()[0] == pytest.approx(0.01)


@pytest.mark.parametrize(("weak", "floor"), [(0.7, 0.1), (0.2, 0.1), (0.03, 0.01), (2.5, 1.0)])
def test_every_curve_that_has_a_peak_can_be_seen_on_a_log_axis(make_result, weak, floor):
    """A peak of 0.7 ng/mL beside one of 158 was once below a floor of 1, without a word."""
    some = make_result(names=("ketamine",), people=())
    curve = some["ketamine"].values[2]
    curve *= weak / curve.max()
    ax = concentration(some, "ketamine", scale="log")
    assert ax.get_ylim()[0] == pytest.approx(floor)
    assert lines(ax)["C"].get_ydata().max() >= 2.0 * floor * (1.0 - 1e-3)
    assert sorted(text.get_text() for text in ax.texts if len(text.get_text()) == 1) == list("ABC")


def test_what_only_rounding_leaves_does_not_stretch_a_log_axis(make_result):
    some = make_result(names=("ketamine",), people=())
    some["ketamine"].values[2] *= 1e-12
    assert concentration(some, "ketamine", scale="log").get_ylim()[0] == 1.0


def beyond(result, *marked):
    """Mark parts of curves as beyond the evidence: regimen, outcome, from when to when."""
    shape = [result.sizes["regimen"], len(OUTCOMES), result.sizes["time"]]
    flags = np.zeros(shape, dtype=bool)
    for regimen, outcome, start, end in marked:
        time = result["time"].values
        flags[regimen, list(OUTCOMES).index(outcome)] |= (time > start) & (time < end)
    return result.assign_coords(
        outcome=list(OUTCOMES), beyond_evidence=(("regimen", "outcome", "time"), flags)
    )


def test_a_curve_beyond_the_evidence_is_dotted_there_and_nowhere_else(result):
    figure = effects_hours(beyond(result, (1, "anxiety", 0.0, 1.0), (2, "anxiety", 0.0, 999.0)))
    ax = panel(figure, "Anxiety score")
    dotted = [line for line in ax.lines if line.get_label() == "_beyond"]
    assert [line.get_color() for line in dotted] == [DRAWN[1], DRAWN[2]]
    whole, half = lines(ax)["A"], lines(ax)["B"]
    assert np.isfinite(whole.get_ydata()).all()
    assert np.isfinite(lines(ax)["C"].get_ydata()).sum() == 1  # where it starts
    solid, gap = np.isfinite(half.get_ydata()), np.isfinite(dotted[0].get_ydata())
    assert half.get_xdata()[solid].min() <= 1e-9  # before the first dose nothing is beyond
    assert half.get_xdata()[~solid].max() < 1.0 == pytest.approx(half.get_xdata()[solid][1])
    assert dotted[0].get_xdata()[gap].max() == pytest.approx(1.0)
    assert texts(figure).count("beyond the evidence") == 1


def test_the_key_tells_of_dots_only_where_there_are_some(result):
    late = beyond(result, (0, "anxiety", 200.0, 999.0))
    assert "beyond the evidence" not in texts(effects_hours(late))
    assert "beyond the evidence" in texts(effects_days(late))
    assert "beyond the evidence" not in texts(effects_days(beyond(result)))


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_a_curve_that_is_zero_throughout_can_be_drawn(result, scale):
    none = result.drop_vars([name for name in result if "people" in name])
    none = none.map(lambda values: values * 0.0, keep_attrs=True)
    ax = concentration(none, "ketamine", scale=scale)
    assert np.isfinite(ax.get_ylim()).all()
    assert all(np.isfinite(line.get_ydata()).all() for line in ax.lines)
    for kind in available(none):
        kind.draw(none)


def test_values_that_a_model_does_not_give_leave_the_others_alone(result):
    some = result.copy(deep=True)
    some["anxiety"].loc[{"regimen": "SC"}] = np.nan
    ax = panel(effects_days(some), "Anxiety score")
    assert lines(ax)["B"].get_xdata().size == 0
    assert sorted(t.get_text() for t in ax.texts if len(t.get_text()) == 1) == ["A", "C"]


@pytest.mark.parametrize(
    ("names", "figures"),
    [
        (("ketamine",), ["concentrations"]),
        (("norketamine", "sbp"), ["metabolites", "effects_hours"]),
        (("depression",), ["effects_hours", "effects_days"]),
    ],
)
def test_a_result_fills_the_figures_that_it_has_values_for(make_result, names, figures):
    few = make_result(names=names)
    assert [kind.name for kind in available(few)] == figures
    for kind in available(few):
        assert len({ax.get_title("left") for ax in kind.draw(few).axes}) == len(kind.shown(few))


def test_hours_alone_have_no_figure_of_days(make_result):
    assert "effects_days" not in [kind.name for kind in available(make_result(horizon=24.0))]


@pytest.mark.parametrize("draw", [concentrations, metabolites, effects_hours, effects_days])
def test_a_figure_with_nothing_in_it_is_refused(draw):
    with pytest.raises(DataError, match="nothing to draw: the result holds no"):
        draw(xr.Dataset())


def test_drawing_leaves_the_settings_of_matplotlib_alone(result):
    before = dict(mpl.rcParams)
    concentrations(result)
    assert dict(mpl.rcParams) == before


def test_the_words_for_a_figure_name_the_peak_of_every_regimen(result):
    words = FIGURES[0].label(result)
    assert words.startswith("Ketamine in plasma, ng/mL, over 12 h: A (IV infusion) peaks at 158 at")
    assert "C (Oral) peaks at 14 at 61 min" in words
    days = FIGURES[3].label(result)
    assert f"A (IV infusion) falls to {MINUS}46 at" in days


def test_a_title_too_long_for_its_panel_is_shortened(result):
    long = result.assign(ketamine=result["ketamine"].assign_attrs(long_name="Ketamine " * 12))
    titles = {ax.get_title(loc="left") for ax in concentrations(long).axes}
    assert titles == {"Ketamine"}
