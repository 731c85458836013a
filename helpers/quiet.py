"""TensorFlow without the lines that its start writes to stderr.

`TF_CPP_MIN_LOG_LEVEL` used to silence them. Since TensorFlow 2.16 some are written before it is
read (tensorflow/tensorflow#100442), and every notebook would open with a wall of log. So
TensorFlow, whoever imports it, is imported with stderr caught; what is not one of the known
lines is passed on when the import ends. Only a crash of the whole process takes its last words
with it.
"""

import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

# About oneDNN's rounding, the processor's instructions, and a machine without a GPU.
_KNOWN = re.compile(
    rb"All log messages before absl::InitializeLog|^I0000 |To enable the following instructions"
    rb"|failed call to cuInit|Could not find cuda drivers"
)


def quiet_tensorflow() -> None:
    """From now on, the first import of TensorFlow is quiet, and takes oneDNN's kernels.

    TensorFlow itself takes them on processors with AVX-512 only. On others its own gradient of a
    3D convolution with strides is some thirty times as slow, and training takes minutes.
    """
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != "tensorflow":
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            import_module = spec.loader.exec_module

            def import_quietly(module: Any) -> None:
                with _known_lines_left_out():
                    import_module(module)
                    # The search for a GPU writes, too, at the first operation at the latest.
                    module.config.list_physical_devices()

            spec.loader.exec_module = import_quietly  # type: ignore[method-assign]
        return spec


@contextmanager
def _known_lines_left_out() -> Iterator[None]:
    """Catch what the process writes to stderr, from C++ too, and pass on the unknown lines."""
    try:
        kept = os.dup(2)
    except OSError:  # stderr is closed, as in a program without a console
        yield
        return
    with tempfile.TemporaryFile() as caught:
        os.dup2(caught.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            caught.seek(0)
            for line in caught:
                if not _KNOWN.search(line):
                    os.write(2, line)
