"""The page of a calibration: what is said follows from the results alone."""

import re
from html import unescape

import numpy as np
import pytest

from kpksim.calibration.results import MIXTURE
from kpksim.calibration.results_file import read_results, write_results
from kpksim.errors import DataError
from kpksim.plots import calibration_evidence
from kpksim.plots.words import EN_DASH, MINUS
from kpksim.report.calibration_answers import answers
from kpksim.report.calibration_figures import sketches
from kpksim.report.calibration_material import Material, read_material
from kpksim.report.calibration_output import write_report
from kpksim.report.calibration_page import render_calibration
from kpksim.report.calibration_statements import conflicts, judged_lines, statement_lines
from kpksim.report.calibration_tables import (
    hypothesis_lines,
    rerun_lines,
    target_lines,
    unidentified,
)
from kpksim.report.calibration_trust import check_lines, score_lines
from kpksim.report.calibration_words import caveats, limits
from kpksim.vocabulary import USE_LINE

KEY = "ketamine"


@pytest.fixture(scope="module")
def page(calibration):
    return render_calibration(Material(calibration), command="kpksim calibrate a.toml -o out")


def changed(found, place, **more):
    """Give the results with one hypothesis otherwise."""
    hypotheses = list(found.hypotheses)
    hypotheses[place] = hypotheses[place].model_copy(update=more)
    return found.model_copy(update={"hypotheses": hypotheses})


def plain(row):
    """Write a row with a minus that can be typed."""
    return tuple(cell.replace(MINUS, "-") for cell in row)


def by_question(found):
    return {one.question: one for one in answers(found)}


def test_what_is_favoured_and_what_cannot_be_told_follow_from_the_verdicts(calibration):
    said = by_question(calibration)
    assert said["Which clocks act?"].says == (
        "Favoured: a fast and a slow clock, against a fast clock alone (6.5 in ln Z or more, least "
        "in “other readings”)."
    )
    assert said["What drives the slow clock?"].says == "Cannot tell: ketamine or norketamine."


def test_a_median_far_smaller_than_another_is_nothing(calibration):
    first = calibration.targets[0]
    faded = first.curves | {"ketamine": (-1e-8, -4.9e-9, 0.0)}
    found = calibration.model_copy(
        update={"targets": [first.model_copy(update={"curves": faded}), *calibration.targets[1:]]}
    )
    assert plain(target_lines(found).rows[0])[5] == "-19 to 0"


def test_a_weaker_verdict_is_a_weaker_answer(calibration):
    leaning = changed(calibration, 2, verdict="leans", smallest=-3.4)
    answer = by_question(leaning)["Which clocks act?"]
    assert answer.word == "Leans to"
    assert answer.against[0].startswith("a fast clock alone (leaning only: 3.4 in ln Z")
    untold = by_question(changed(calibration, 2, verdict="cannot tell"))["Which clocks act?"]
    assert untold.says == "Cannot tell: a fast and a slow clock or a fast clock alone."


def test_a_question_that_only_one_answer_was_tried_for_is_not_asked(calibration):
    assert "Which plasma drives the effect?" not in by_question(calibration)
    assert answers(calibration.model_copy(update={"hypotheses": calibration.hypotheses[:1]})) == []


def whole(found):
    """Give the results with every hypothesis in every re-run."""
    reruns = [
        run.model_copy(update={"hypotheses": dict.fromkeys(
            (one.key for one in found.hypotheses), (-30.0, 0.2)
        )})
        for run in found.reruns
    ]  # fmt: skip
    return found.model_copy(update={"reruns": reruns})


def test_hypotheses_without_some_reruns_are_named(calibration):
    assert caveats(calibration) == [
        "Verdicts rest on fewer choices where re-runs lack: not run for Fast clock alone (1 of 2)."
    ]


def test_a_quick_run_says_what_it_is_and_a_full_one_nothing(calibration):
    assert caveats(whole(calibration)) == []
    alone = {"mode": "quick", "hypotheses": calibration.hypotheses[:1]}
    said = " ".join(caveats(calibration.model_copy(update=alone)))
    assert "A quick run" in said
    assert "none can be compared" in said


def test_curves_that_predict_no_study_say_so(calibration):
    assert not any("left out" in one for one in caveats(calibration))
    known = calibration.leave_out[MIXTURE]
    scores = [one.model_copy(update={"prior": one.prior + 0.4}) for one in known]
    worse = calibration.model_copy(update={"leave_out": {MIXTURE: scores}})
    assert plain(caveats(worse)[-1:]) == (
        "A study left out is predicted no better by the others than by the prior (log scores "
        "-6.0 ± 0.5 and -5.8 ± 0.7): one more study may change these curves.",
    )
    assert caveats(worse)[-1] in render_calibration(Material(worse), command="x")


def test_limits_name_the_first_rating_of_all_statements(calibration):
    assert "first rating at 40 min" in limits(calibration)[0]
    assert "last at 48 h" in limits(calibration)[0]


def test_tables_hold_the_numbers_of_the_results(calibration):
    best, second, last = hypothesis_lines(calibration).rows
    assert best[:2] == ("Ketamine", "leading")
    assert second[2] == "ahead in “without tablets”"
    assert last[1:3] == ("leader favoured", "“other readings”")
    assert rerun_lines(calibration).rows[1][3] == EN_DASH
    assert plain(target_lines(calibration).rows[0])[4:] == ("26 %", "-21 to -19", "-22")
    assert unidentified(calibration, KEY) == ["time that expectation takes"]
    assert judged_lines(calibration).rows[0] == ("Ketamine", "2", "1", "1", "0", "3", "1")
    first, *_, last = map(plain, score_lines(calibration).rows)
    both = ("-3.0 ± 0.1", "-4.0 ± 0.2", "-3.5 ± 0.3", "-4.5 ± 0.4")
    assert first[:7] == ("people", *both, "-5.0", "carried over")
    both = ("-6.0 ± 0.2", "-6.5 ± 0.3", "-6.0 ± 0.5", "-7.0 ± 0.7")
    assert last[:7] == ("all studies", *both, "-6.4", "")
    assert [row[3] for row in check_lines(calibration).rows] == ["yes", "no"]


def test_weights_that_fail_are_not_passed_over_in_silence(calibration):
    scores = [one.model_copy(update={"k_hat": 0.9}) for one in calibration.leave_out[KEY]]
    failing = calibration.model_copy(update={"leave_out": {KEY: scores}})
    rows = map(plain, score_lines(failing).rows)
    how = [row[4] for row in rows]
    assert how == ["carried over", *["reweighted, not to be trusted"] * 2, ""]


def test_every_statement_stands_with_reading_weight_and_prediction(calibration):
    rows = {row[0]: row for row in statement_lines(calibration, KEY).rows}
    row = plain(rows["glue2017-6"])
    assert row[3:6] == ("percent change", "reproduced", "weak")
    assert row[7:] == ("B", "12", "0.15", "-50", "-45 (-60 to -25)", "-60 (-70 to -52)")
    assert rows["zarate2012-5"][10:] == ("yes", "0.05", "0.30")


def test_conflicts_are_named_those_with_the_fit_first(calibration):
    fitted, unseen = conflicts(calibration, KEY)
    assert fitted == "zarate2012, zarate2012-5: Lower when the infusion ends. (expected 0.05)"
    assert "the other studies expect 5 (2 to 8)" in unseen


def test_the_page_asks_for_nothing_and_runs_nothing(page):
    assert "default-src 'none'" in unescape(page)
    assert "<script" not in page
    asked = re.findall(r'(?:src|href)="([^"#]*)"', page)
    assert [
        one for one in asked if not one.startswith(("data:", "https://doi.org/", "https://pub"))
    ] == []
    assert page.count(USE_LINE) == 1


def test_the_page_says_verdicts_first_and_names_conflicts_sources_and_settings(page):
    places = [
        page.index(one)
        for one in ("<b>Favoured</b>", 'id="evidence"', 'id="curves"', 'id="statements"')
    ]
    assert places == sorted(places)
    for words in ("zarate2012-5", "live points 300", "seeds 1, 2", "kpksim 0.0", "doi.org"):
        assert words in page
    assert "0123456789abcdef" in page


def test_words_of_a_file_cannot_become_markup(calibration):
    sly = calibration.model_copy(update={"title": "<img src=x>"})
    found = render_calibration(Material(sly), command="x")
    assert "<img" not in found
    assert "&lt;img src=x&gt;" in found


def test_the_page_is_the_same_twice(calibration, page):
    again = render_calibration(Material(calibration), command="kpksim calibrate a.toml -o out")
    assert again == page


def test_a_run_of_one_hypothesis_has_a_page_too(calibration):
    alone = {
        "hypotheses": calibration.hypotheses[:1], "mode": "quick", "reruns": [], "targets": [],
        "influence": [], "leave_out": {}, "ensemble": {}, "checks": None,
        "parameters": {}, "unread": [],
    }  # fmt: skip
    small = calibration.model_copy(update=alone)
    names = [one.name for one in sketches(Material(small))]
    assert names == ["predicted_numbers", "predicted_answers"]
    assert "A quick run" in render_calibration(Material(small), command="x")


def test_a_report_leaves_figures_and_page_beside_the_results(calibration, tmp_path):
    write_results(calibration, tmp_path)
    page = write_report(tmp_path, command="kpksim calibrate a.toml -o out")
    assert page == tmp_path / "report.html"
    left = {one.name for one in tmp_path.iterdir()}
    assert left == {"results.json", "report.html", "figures"}
    assert (tmp_path / "figures" / "evidence.svg").read_text().startswith("<svg")


def test_a_report_that_fails_leaves_the_earlier_one(calibration, tmp_path, monkeypatch):
    write_results(calibration, tmp_path)
    (tmp_path / "report.html").write_text("earlier")

    def fail(*_):
        raise DataError("no figure today")

    monkeypatch.setattr(calibration_evidence, "_ground", fail)
    with pytest.raises(DataError, match="no figure today"):
        write_report(tmp_path, command="x")
    assert (tmp_path / "report.html").read_text() == "earlier"
    assert {one.name for one in tmp_path.iterdir()} == {"results.json", "report.html"}


def test_results_come_back_as_they_were_written(calibration, tmp_path):
    write_results(calibration, tmp_path)
    assert read_results(tmp_path) == calibration
    assert read_material(tmp_path).runs == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not valid JSON"),
        ("[]", "holds no results of a calibration"),
        ('{"title": "x", "outcom": "y"}', 'outcom: unknown key; did you mean "outcome"'),
    ],
)
def test_a_file_that_holds_no_results_is_refused(tmp_path, text, said):
    (tmp_path / "results.json").write_text(text)
    with pytest.raises(DataError, match=said):
        read_results(tmp_path)


def test_results_without_their_file_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"results\.json: no such file"):
        read_results(tmp_path)


def test_predictions_in_another_order_than_statements_are_refused(calibration, tmp_path):
    turned = {KEY: calibration.predictive[KEY][::-1]}
    write_results(calibration.model_copy(update={"predictive": turned}), tmp_path)
    with pytest.raises(DataError, match="in the order of the statements"):
        read_results(tmp_path)


def test_a_number_without_end_is_refused(calibration):
    with pytest.raises(ValueError, match="finite number"):
        type(calibration.hypotheses[0]).model_validate(
            calibration.hypotheses[0].model_dump() | {"error": np.inf}
        )
