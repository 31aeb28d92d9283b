"""A real browser, and a page opened from disk in it: `report` and `width` come from the tests."""

import shutil

import pytest

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
NAMES = ("chromium", "chromium-browser", "google-chrome")
"""Programs that serve, as the Makefile looks for them; without one it leaves these tests out."""


@pytest.fixture(scope="module")
def browser():
    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    assert chromium, "no chromium: apt install chromium, or pytest -m 'not browser'"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        shown = driver.chromium.launch(executable_path=chromium, args=QUIET)
        yield shown
        shown.close()


@pytest.fixture
def opened(browser, report, width):
    """A page with everything that it asked for and complained about."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.asked, page.complaints = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(report)
    page.evaluate("document.fonts.ready")
    yield page
    page.close()
