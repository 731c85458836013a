"""A browser for the tests that look at pages as a reader does."""

import os
import shutil

import pytest

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
