"""Figures of a calibration: what is drawn is what was found."""

import numpy as np
import pytest
import xarray as xr
from scipy.stats import spearmanr

from kpksim.calibration.results import Predicted
from kpksim.calibration.samples import Samples
from kpksim.errors import DataError, UnknownName
from kpksim.plots.calibration_apart import apart, parting
from kpksim.plots.calibration_evidence import evidence, log_scores
from kpksim.plots.calibration_influence import influence
from kpksim.plots.calibration_pairs import go_together, pairs, strongest
from kpksim.plots.calibration_parameters import on_prior, prior_posterior
from kpksim.plots.calibration_predictive import (
    FAR,
    on_interval,
    predicted_answers,
    predicted_numbers,
)
from kpksim.plots.calibration_targets import target, targets, widest_apart
from kpksim.plots.calibration_trace import log_volumes, trace
from kpksim.plots.style import text_width
from kpksim.plots.words import MINUS

KEY = "ketamine"
BOTH = pytest.mark.parametrize("width", ["wide", "narrow"])


def drawn(figure, label, panel=0):
    """Give x of the line with a label."""
    (line,) = [one for one in figure.axes[panel].lines if one.get_label() == label]
    return np.asarray(line.get_xdata(), dtype=float).tolist()


def words(figure):
    """Give everything that is written in a figure."""
    own = [one.get_text() for one in figure.texts]
    return " ".join(own + [one.get_text() for ax in figure.axes for one in ax.texts])


@pytest.fixture(scope="module")
def posterior():
    rng = np.random.default_rng(5)
    first, second, third = np.exp(0.3 * rng.standard_normal((3, 500)))
    columns = {"ec50_ratio": first, "rf": second, "kin": first * third, "pk_draw": np.zeros(500)}
    return xr.Dataset({name: ("draw", values) for name, values in columns.items()})


@pytest.fixture(scope="module")
def curves():
    """Two hypotheses that agree after one regimen and not after another."""
    time = np.linspace(0.0, 336.0, 60)
    shape = -20.0 * (1.0 - np.exp(-time / 24.0))
    values = np.array(
        [
            [[factor * share * shape for share in (1.5, 1.0, 0.5)] for factor in factors]
            for factors in ((1.0, 1.0), (1.02, 2.0))
        ]
    )
    return xr.Dataset(
        {"anxiety": (("hypothesis", "regimen", "quantile", "time"), values, {"units": "%"})},
        {
            "hypothesis": [KEY, "slow_norketamine"], "regimen": ["IV", "oral daily"],
            "quantile": [0.05, 0.5, 0.95], "time": time,
        },
    )  # fmt: skip


@pytest.fixture(scope="module")
def samples():
    """A likelihood that rises by one for each nat of prior volume, ten samples a nat."""
    depth = np.arange(1, 201) / 10.0
    shells = -np.diff(np.append(np.exp(-np.append(0.0, depth[:-1])), 0.0))
    likelihood = depth - 40.0
    log_evidence = float(np.log(np.sum(np.exp(likelihood) * shells)))
    return Samples(
        names=("a",), values=np.ones((200, 1)),
        log_weights=likelihood + np.log(shells) - log_evidence, log_likelihood=likelihood,
        log_evidence=log_evidence, log_evidence_error=0.1, information=3.0, likelihoods=10,
        seconds=1.0, seed=7,
    )  # fmt: skip


@BOTH
def test_hypotheses_stand_at_their_difference_with_every_re_run(calibration, width):
    figure = evidence(calibration, width=width)
    assert drawn(figure, "fast_only") == [-8.0]
    assert drawn(figure, "fast_only error") == pytest.approx([-8.3, -7.7])
    assert drawn(figure, "slow_norketamine re-runs") == pytest.approx([-1.0, 0.5])
    assert drawn(figure, "ketamine re-runs") == []
    assert "leader favoured" in words(figure)


@BOTH
def test_log_scores_count_from_a_coin_and_add_up(calibration, width):
    figure = log_scores(calibration, width=width)
    assert drawn(figure, "people") == [1.5]
    assert drawn(figure, "people prior") == [0.5]
    assert drawn(figure, "zarate2012") == pytest.approx([-0.9])
    assert drawn(figure, "all studies") == pytest.approx([1.5 - 0.2 - 0.9])
    assert "Mixture. 4 statements" in words(figure)


@BOTH
def test_log_scores_are_those_of_the_leading_hypothesis_where_no_mixture_is_known(
    calibration, width
):
    alone = calibration.model_copy(update={"leave_out": {KEY: calibration.leave_out[KEY]}})
    figure = log_scores(alone, width=width)
    assert drawn(figure, "people") == [2.0]
    assert drawn(figure, "all studies") == pytest.approx([2.0 - 0.3 - 1.3])
    assert "Ketamine. 4 statements" in words(figure)


@BOTH
def test_parameters_stand_on_the_scale_of_their_prior_the_best_known_first(calibration, width):
    figure = prior_posterior(calibration, KEY, width=width)
    assert drawn(figure, "t_slow") == pytest.approx([0.5])
    assert drawn(figure, "t_slow 90 %") == pytest.approx([-0.5, 1.0])
    assert drawn(figure, "rf 90 %") == pytest.approx([-0.5, 0.5])
    said = words(figure)
    places = [said.index(one) for one in ("better than before", "a little", "Not identified")]
    assert places == sorted(places)


def test_a_share_is_measured_by_its_logit_and_a_ratio_above_one_by_its_logarithm(calibration):
    share = calibration.parameters[KEY][1]
    assert on_prior(share) == pytest.approx((-0.5, 0.0, 0.5))
    ratio = share.model_copy(update={"prior": (0.25, 1.0, 4.0), "posterior": (0.5, 1.0, 2.0)})
    assert on_prior(ratio) == pytest.approx((-0.5, 0.0, 0.5))


@BOTH
def test_pairs_show_the_strongest_correlation_as_a_number(calibration, posterior, width):
    figure = pairs(calibration, KEY, posterior, width=width)
    names = strongest(posterior, 3)
    assert names == ["ec50_ratio", "rf", "kin"]
    rank = spearmanr(posterior["ec50_ratio"], posterior["kin"]).statistic
    assert f"{rank:.2f}".rstrip("0") in words(figure)
    assert "pk_draw" not in words(figure)


def test_the_two_that_go_together_are_chosen_first(posterior):
    assert strongest(posterior, 2) == ["ec50_ratio", "kin"]


def test_parameters_that_do_not_go_together_are_told_from_those_that_do(posterior):
    assert go_together(posterior)
    assert not go_together(posterior[["ec50_ratio", "rf"]])


def test_pairs_of_one_parameter_are_refused(calibration, posterior):
    with pytest.raises(DataError, match="fewer than two parameters"):
        pairs(calibration, KEY, posterior[["rf"]])


@BOTH
def test_targets_show_prior_mixture_hypotheses_and_re_runs(calibration, width):
    figure = targets(calibration, width=width)
    assert drawn(figure, "oral day 28") == [-25.0]
    assert drawn(figure, "oral day 28 90 %") == [-55.0, -5.0]
    assert drawn(figure, "oral day 28 slow_norketamine") == [-45.0]
    assert drawn(figure, "oral day 28 rerun: without tablets") == [-12.0]
    ends = [one.get_paths()[0].get_extents() for one in figure.axes[0].collections]
    assert (ends[1].x0, ends[1].x1) == (-70.0, -1.0)


@BOTH
def test_a_single_target_has_a_line_for_every_curve(calibration, width):
    figure = target(calibration, "oral day 28", width=width)
    assert drawn(figure, "prior 90 %") == [-70.0, -1.0]
    assert drawn(figure, "rerun: without tablets") == [-12.0]
    assert "Re-runs of the leading hypothesis" in words(figure)


def test_a_target_that_is_not_there_is_refused(calibration):
    with pytest.raises(UnknownName, match='no target "oral day 82"; did you mean "oral day 28"'):
        target(calibration, "oral day 82")


def test_the_target_of_most_disagreement_is_found_by_the_width_of_the_mixture(calibration):
    assert widest_apart(calibration) == "oral day 28"
    assert widest_apart(calibration.model_copy(update={"targets": []})) == ""


@BOTH
def test_numbers_stand_where_they_lie_in_their_predictive_interval(calibration, width):
    figure = predicted_numbers(calibration, KEY, width=width)
    assert drawn(figure, "glue2017-6") == pytest.approx([-1.0 / 3.0])
    assert drawn(figure, "glue2017-5") == pytest.approx([4.0 / 3.0])
    assert drawn(figure, "glue2017-6 left out") == pytest.approx([10.0 / 8.0])
    assert "10 of 12" in words(figure)


@BOTH
def test_answers_stand_at_their_probability_with_a_mark_of_the_judgement(calibration, width):
    figure = predicted_answers(calibration, KEY, width=width)
    assert drawn(figure, "taylor2018-10") == [0.8]
    assert drawn(figure, "zarate2012-5 left out") == [0.3]
    marks = {str(one.get_label()): one.get_marker() for one in figure.axes[0].lines}
    assert (marks["taylor2018-10"], marks["zarate2012-5"]) == ("o", "D")


def test_a_number_far_outside_stays_in_the_panel_and_a_point_interval_tells_sides():
    point = Predicted(low=0.0, median=0.0, high=0.0, judged="in conflict")
    assert on_interval(3.0, point) == FAR
    assert on_interval(0.0, point) == 0.0


@BOTH
def test_influence_writes_every_shift_and_leaves_unknown_ones_empty(calibration, width):
    figure = influence(calibration, width=width)
    written = [one.get_text() for one in figure.axes[0].texts]
    assert written == ["+.5", f"{MINUS}1.3", "0", "A", "B"]
    (mesh,) = figure.axes[0].collections
    assert np.ma.getmaskarray(mesh.get_array()).tolist() == [[False, False], [False, True]]


def test_prior_volumes_are_those_that_the_samples_enclose(samples):
    assert log_volumes(samples)[:-1] == pytest.approx(-np.arange(1, 200) / 10.0, abs=1e-6)


@BOTH
def test_the_trace_climbs_with_the_likelihood(calibration, samples, width):
    figure = trace(calibration, KEY, [samples], width=width)
    (line,) = figure.axes[0].lines
    assert line.get_ydata()[-1] == pytest.approx(samples.log_likelihood[-2])
    share = figure.axes[1].lines[0].get_ydata()
    assert share.sum() == pytest.approx(100.0)
    assert "seed 7" in words(figure)


@BOTH
def test_curves_that_part_are_named_apart_and_those_that_do_not_together(
    calibration, curves, width
):
    figure = apart(calibration, curves, width=width)
    together, parted = figure.axes
    assert [one.get_text() for one in together.texts if len(one.get_text()) < 4] == ["%", "all"]
    assert {one.get_text() for one in parted.texts} >= {"A", "B"}
    assert parted.lines[0].get_ydata().min() == pytest.approx(-20.0, abs=0.01)
    assert parted.lines[1].get_ydata().min() == pytest.approx(-40.0, abs=0.01)
    assert together.get_ylim() == parted.get_ylim()
    assert parting(calibration, curves) == pytest.approx({"IV": 0.4, "oral daily": 20.0}, abs=0.01)


@BOTH
def test_no_tick_of_a_long_course_stands_on_the_zero(calibration, curves, width):
    long = curves.assign_coords(time=curves["time"].values * 5.0)
    ax = apart(calibration, long, width=width).axes[0]
    ticks = ax.get_xticks()
    places = np.sqrt(ticks / ticks.max()) * ax.get_window_extent().width
    assert ticks[0] == 0.0
    assert np.diff(places).min() > 22.0


@BOTH
def test_a_title_drops_its_unit_before_it_loses_words(calibration, curves, width):
    def titled(words):
        ax = apart(calibration, curves.assign_coords(regimen=[words, "oral daily"]), width=width)
        return ax.axes[0]

    room = titled("IV").get_window_extent().width
    words = ["i" * n for n in range(2, 200)]
    wide = np.array([text_width(one, 12.5, 600) for one in words])
    fitting = words[np.flatnonzero(wide < room)[-1]]
    too_long = words[np.flatnonzero(wide > room)[0]]
    for text, shown, has_unit in (
        ("IV", "IV", True), (fitting, fitting, False), (too_long, fitting[:-3], False),
    ):  # fmt: skip
        ax = titled(text)
        assert ax.get_title(loc="left").startswith(shown)
        assert ("%" in [one.get_text() for one in ax.texts]) == has_unit
    assert ax.get_title(loc="left").endswith("…")


def test_curves_of_another_outcome_are_refused(calibration, curves):
    with pytest.raises(DataError, match="do not hold anxiety"):
        apart(calibration, curves.rename(anxiety="sbp"))


@BOTH
@pytest.mark.parametrize(
    "draw",
    [evidence, targets, influence, lambda found, width: predicted_answers(found, KEY, width=width)],
)
def test_figures_are_as_wide_as_their_place_and_say_what_they_are_for(calibration, draw, width):
    figure = draw(calibration, width=width)
    assert figure.get_figwidth() * 72 == pytest.approx({"wide": 728, "narrow": 358}[width])
    assert "Not for dosing a patient" in words(figure)
    for ax in figure.axes:
        box = ax.get_position()
        assert 0.0 <= box.x0 < box.x1 <= 1.0
        assert 0.0 <= box.y0 < box.y1 <= 1.0


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda found: log_scores(found.model_copy(update={"leave_out": {}})), "no study was left"),
        (lambda found: prior_posterior(found, "fast_only"), "no parameter of fast_only"),
        (lambda found: predicted_numbers(found, "fast_only"), "no number was predicted"),
        (lambda found: predicted_answers(found, "fast_only"), "no probability was predicted"),
        (lambda found: trace(found, KEY, []), "no run of ketamine"),
        (lambda found: targets(found.model_copy(update={"targets": []})), "no target"),
        (lambda found: influence(found.model_copy(update={"influence": []})), "no study"),
    ],
)  # fmt: skip
def test_nothing_to_draw_is_refused(calibration, draw, said):
    with pytest.raises(DataError, match=said):
        draw(calibration)
