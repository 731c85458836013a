"""A browser for the tests that look at pages as a reader does."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = (
    "This test looks at a page in Chromium or Chrome, and there is none: install one, "
    "for example with `apt-get install chromium`."
)


def chromium_path() -> str:
    """The program of the browser. Without one the test is skipped; in CI (``CI``) it fails."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    if os.environ.get("CI"):
        pytest.fail(INSTALL, pytrace=False)
    pytest.skip(INSTALL)


@contextmanager
def started() -> Iterator[Browser]:
    """The browser, closed at the end."""
    path = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def two_moments(page: Page) -> tuple[bytes, bytes]:
    """Two pictures of the first clip, nearly a second apart."""
    clip = page.locator("video").first
    clip.scroll_into_view_if_needed()
    clip.evaluate("(clip) => { clip.controls = false }")  # they fade, and that moves, too
    page.wait_for_function("document.querySelector('video').readyState >= 2")
    page.wait_for_timeout(400)
    first = clip.screenshot()
    page.wait_for_timeout(900)
    return first, clip.screenshot()
