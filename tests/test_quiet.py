"""TensorFlow starts without a wall of log lines, and nothing else is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

USE = "import tensorflow as tf; print(int(tf.constant(1) + 1), tf.__name__)"

# Stands for TensorFlow where its own import cannot be made to fail or to write something new.
STAND_IN = """
import contextlib, os

def write(line):
    with contextlib.suppress(OSError):  # where stderr is closed
        os.write(2, line)

class config:
    def list_physical_devices():
        write(b"E0000 00:00:00 failed call to cuInit: no device\\n")

write(b"I0000 00:00:00 oneDNN custom operations are on.\\n")
write(b"E0000 00:00:00 real trouble\\n")
{more}
"""


def run(program: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program that begins with `import helpers`, looking for modules in `path` first."""
    environment = {**os.environ, "PYTHONPATH": str(path or "")}
    program = f"import os, sys, helpers\nassert 'tensorflow' not in sys.modules\n{program}"
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment
    )


def stand_in(folder: Path, more: str = "") -> Path:
    (folder / "tensorflow").mkdir()
    text = STAND_IN.format(more=more)
    (folder / "tensorflow" / "__init__.py").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "before",
    [
        "import tensorflow",
        "import keras",
        "import importlib.util; importlib.util.find_spec('tensorflow')",  # as some packages do
        "import threading; thread = threading.Thread(target=lambda: __import__('tensorflow'));"
        "thread.start(); thread.join()",
    ],
)
def test_nothing_on_stderr(before: str) -> None:
    done = run(f"{before}\n{USE}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "2 tensorflow\n", "")


def test_an_unknown_line_is_passed_on() -> None:
    """A line that is written in the middle of TensorFlow's own import."""
    hook = """
class Trouble:
    def find_spec(name, path, target=None):
        if name == "tensorflow.python":
            os.write(2, b"E0000 00:00:00 out of memory\\n")
            print("W0000 from Python", file=sys.stderr)
sys.meta_path.insert(0, Trouble)
"""
    done = run(hook + USE)
    assert done.stdout == "2 tensorflow\n"
    assert done.stderr == "E0000 00:00:00 out of memory\nW0000 from Python\n"


def test_a_failing_import_is_reported_as_such(tmp_path: Path) -> None:
    done = run("import tensorflow", stand_in(tmp_path, "raise ImportError('no such library')"))
    lines = done.stderr.splitlines()
    assert done.returncode == 1 and lines[-1] == "ImportError: no such library"
    assert lines[0] == "E0000 00:00:00 real trouble" and "oneDNN" not in done.stderr


def test_without_tensorflow() -> None:
    nowhere = "sys.path_importer_cache.clear(); sys.path[:] = [sys.path[-1] + '/none']"
    done = run(f"{nowhere}\nimport tensorflow")
    assert done.stderr.splitlines()[-1] == ("ModuleNotFoundError: No module named 'tensorflow'")


@pytest.mark.parametrize("gone", ["sys.stderr = None", "sys.stderr.close()", "os.close(2)"])
def test_without_stderr(tmp_path: Path, gone: str) -> None:
    done = run(f"{gone}\nimport tensorflow\nprint('well')", stand_in(tmp_path))
    assert (done.returncode, done.stdout) == (0, "well\n")
