"""Every test, and every kernel that a test starts, keeps progress in a folder of its own."""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator

import pytest

# Before any import of the helpers, and inherited by the kernels of nbval and nbgrader.
os.environ["LVM_DATA_DIR"] = tempfile.mkdtemp(prefix="large-video-models-tests-")

# There is a worker for each core, and each would start as many threads as there are cores. What
# holds in the builder's run, which takes all of them, must hold with one as well.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(autouse=True)
def _figures_are_closed() -> Iterator[None]:
    """No test sees the figures that another has left open."""
    yield
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")


# A shell starts what runs in its background deaf to Ctrl-C, and so would be what it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
