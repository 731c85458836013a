"""TensorFlow starts without a wall of log lines, and nothing else is lost."""

import subprocess
import sys

PROGRAM = """
import os, sys
import helpers
assert "tensorflow" not in sys.modules
{before}
import {what}
import tensorflow as tf
print(int(tf.constant(1) + 1), tf.__name__)
"""


def run(what: str, before: str = "") -> subprocess.CompletedProcess[str]:
    program = PROGRAM.format(what=what, before=before)
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )


def test_nothing_on_stderr() -> None:
    for what in ("tensorflow", "keras"):
        done = run(what)
        assert done.stderr == ""
        assert done.stdout == "2 tensorflow\n"


def test_unknown_lines_are_passed_on() -> None:
    # What TensorFlow's import would write, were something really wrong.
    before = "import atexit, numpy; numpy.__getattr__ = None; os.write(2, b'real trouble\\n')"
    assert "real trouble" in run("tensorflow", before).stderr
    from helpers.quiet import _KNOWN

    assert not _KNOWN.search(b"E0000 00:00 out of memory")
