"""A real browser for pages that are opened from disk."""

import os
import shutil

import pytest

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium")
    if chromium is None:
        # On a developer's machine only: continuous integration installs one, and must use it.
        assert not os.environ.get("CI"), "no chromium: .ci/run should have installed it"
        pytest.skip("no chromium: apt install chromium, else nobody looks at the report")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        shown = driver.chromium.launch(executable_path=chromium, args=QUIET)
        yield shown
        shown.close()
