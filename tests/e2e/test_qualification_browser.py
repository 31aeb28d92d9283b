"""The page of a qualification as a reader sees it: opened from disk in a real browser."""

import pytest

import kpksim as kp
from kpksim.analysis.qualification import qualify
from kpksim.evidence import list_observed, load_observed
from kpksim.report.qualification_page import render_qualification

pytestmark = pytest.mark.browser
MODELS = ("perezruixo2021", "reference_racemic_2026a")
WIDTHS = pytest.mark.parametrize("width", [1280, 390])
SEEN = """() => [...document.querySelectorAll('figure')].map(figure =>
    [...figure.querySelectorAll('svg')].filter(svg => svg.checkVisibility()).length)"""
OUTSIDE = """() => [...document.querySelectorAll('svg')].filter(svg => svg.checkVisibility())
    .flatMap(svg => { const frame = svg.getBoundingClientRect();
      return [...svg.querySelectorAll('text')].filter(text => {
        const box = text.getBoundingClientRect();
        return box.left < frame.left - 1 || box.right > frame.right + 1; })
      .map(text => text.textContent); })"""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    studies = [load_observed(key) for key in list_observed()]
    found = qualify([kp.load_model(key) for key in MODELS], studies)
    path = tmp_path_factory.mktemp("qualification") / "report.html"
    path.write_text(render_qualification(found, command="kpksim qualify -o DIR"), "utf-8")
    return path.as_uri()


@WIDTHS
def test_the_page_needs_nothing_and_fits_its_window(opened, report, width):
    assert [url for url in opened.asked if not url.startswith("data:")] == [report]
    assert opened.complaints == []
    assert opened.evaluate("document.documentElement.scrollWidth") == width


@WIDTHS
def test_one_variant_of_every_figure_is_seen_and_no_word_leaves_it(opened, width):
    assert opened.evaluate(SEEN) == [1] * (1 + 3 * len(MODELS))
    assert opened.evaluate(OUTSIDE) == []
    visible = opened.locator("svg:visible").first.bounding_box()
    assert visible["width"] == pytest.approx(728 if width > 760 else 358, abs=1)


@pytest.mark.parametrize("width", [1280])
def test_the_first_tables_fit_into_their_column(opened):
    fits = "boxes => boxes.slice(0, 2).map(box => box.scrollWidth <= box.clientWidth)"
    assert opened.locator(".scroll").evaluate_all(fits) == [True, True]


@WIDTHS
def test_a_models_name_leads_to_its_part(opened):
    opened.get_by_role("link", name="perezruixo2021").first.click()
    assert opened.url.endswith("#model-perezruixo2021")
    assert opened.locator("#model-perezruixo2021").bounding_box()["y"] < 900
