"""The report as a reader sees it: opened from disk in a real browser."""

import runpy
from pathlib import Path

import pytest

from kpksim.report import render

pytestmark = pytest.mark.browser
make_comparison = runpy.run_path(str(Path(__file__).parents[1] / "plots" / "conftest.py"))[
    "make_comparison"
]
SEEN = """() => [...document.querySelectorAll('figure')].map(figure =>
    [...figure.querySelectorAll('svg')].filter(svg => svg.checkVisibility()).length)"""
WIDTHS = pytest.mark.parametrize("width", [1440, 390])


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    comparison = make_comparison(count=5)
    path = tmp_path_factory.mktemp("report") / "report.html"
    page = render(comparison, command="kpksim compare a.toml -o DIR", config_name="a.toml")
    path.write_text(page, encoding="utf-8")
    return path.as_uri()


@WIDTHS
def test_the_report_asks_for_nothing_but_itself_and_complains_of_nothing(opened, report):
    assert [url for url in opened.asked if not url.startswith("data:")] == [report]
    assert opened.complaints == []


@WIDTHS
def test_the_report_does_not_scroll_sideways(opened, width):
    assert opened.evaluate("document.documentElement.scrollWidth") == width


@WIDTHS
def test_one_variant_of_every_figure_is_seen(opened, width):
    assert opened.evaluate(SEEN) == [1, 1, 1, 1]
    visible = opened.locator("svg:visible").first.bounding_box()
    assert visible["width"] == pytest.approx(728 if width > 760 else 358, abs=1)


@WIDTHS
def test_the_hidden_variant_is_hidden_from_screen_readers_too(opened):
    assert opened.get_by_role("img").count() == 4


@WIDTHS
def test_the_shipped_font_draws_page_and_figures(opened):
    assert opened.evaluate("document.fonts.check('600 13px \"Kpksim Sans\"')")
    loaded = "[...document.fonts].filter(face => face.status === 'loaded').map(f => f.weight)"
    assert sorted(opened.evaluate(loaded)) == ["400", "500", "600"]


@WIDTHS
def test_no_text_of_a_figure_leaves_its_frame(opened):
    outside = opened.evaluate(
        """() => [...document.querySelectorAll('svg')].filter(svg => svg.checkVisibility())
        .flatMap(svg => { const frame = svg.getBoundingClientRect();
          return [...svg.querySelectorAll('text')].filter(text => {
            const box = text.getBoundingClientRect();
            return box.left < frame.left - 1 || box.right > frame.right + 1; })
          .map(text => text.textContent); })"""
    )
    assert outside == []


@pytest.mark.parametrize("width", [1440])
def test_the_summary_fits_into_its_column(opened):
    fits = "box => box.scrollWidth <= box.clientWidth"
    assert opened.locator(".scroll").first.evaluate(fits)


@pytest.mark.parametrize("width", [390])
def test_a_wide_table_scrolls_in_a_region_of_its_own_by_keyboard(opened):
    region = opened.get_by_role("region", name="Effects over time").last
    region.focus()
    opened.keyboard.press("ArrowRight")
    # Waiting inside the page needs eval, which the report's policy forbids.
    for _ in range(100):
        if opened.evaluate("document.activeElement.scrollLeft") > 0:
            break
        opened.wait_for_timeout(50)
    assert opened.evaluate("document.activeElement.scrollLeft") > 0
    assert opened.evaluate("document.documentElement.scrollLeft") == 0


@pytest.mark.parametrize("width", [390])
def test_a_phone_keeps_the_roles_of_the_summary_table(opened):
    summary = opened.get_by_role("table").first
    assert summary.get_by_role("row").count() == 6
    assert summary.get_by_role("rowheader").count() == 5


@pytest.mark.parametrize("width", [1440])
def test_a_script_that_slips_in_does_not_run(opened):
    opened.evaluate(
        """() => { const script = document.createElement('script');
        script.textContent = 'window.ran = true'; document.body.append(script); }"""
    )
    assert opened.evaluate("window.ran") is None
