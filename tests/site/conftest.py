"""The site, prepared and built once a run, however many workers share the run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from helpers.course.site.preparing import prepare

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that Sphinx would read."""
    folder = tmp_path_factory.mktemp("site") / "source"
    prepare(ROOT, folder)
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make site` builds it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # which the workers share
    made = folder / "built-site"
    with FileLock(folder / "built-site.lock"):
        if not made.exists():
            command = [sys.executable, "-m", "helpers.course.site", "--output", str(made)]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
    return made
