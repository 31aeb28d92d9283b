"""The page of a calibration as a reader sees it: opened from disk in a real browser."""

import pytest

from kpksim.report.calibration_material import Material
from kpksim.report.calibration_page import render_calibration

pytestmark = pytest.mark.browser
WIDTHS = pytest.mark.parametrize("width", [1920, 1280, 900, 390])
TABLES = "boxes => boxes.map(box => [box.getBoundingClientRect().right, box.clientWidth])"


@pytest.fixture(scope="module")
def report(tmp_path_factory, calibration):
    path = tmp_path_factory.mktemp("calibration") / "report.html"
    found = Material(calibration)
    path.write_text(render_calibration(found, command="kpksim calibrate a.toml -o out"), "utf-8")
    return path.as_uri()


@WIDTHS
def test_the_page_needs_nothing_and_fits_its_window(opened, report, width):
    assert [url for url in opened.asked if not url.startswith("data:")] == [report]
    assert opened.complaints == []
    assert opened.evaluate("document.documentElement.scrollWidth") == width


@WIDTHS
def test_tables_have_the_room_that_a_large_screen_leaves(opened, width):
    places = opened.locator(".scroll:visible").evaluate_all(TABLES)
    assert places
    for right, room in places:
        assert right <= width
        if width >= 900:
            assert right == pytest.approx(width - 40, abs=1)
            assert room > 728
        else:
            assert room == 358
