"""TensorFlow without the lines that its start writes to stderr.

`TF_CPP_MIN_LOG_LEVEL` used to silence them. Since TensorFlow 2.16 some are written before it is
read (tensorflow/tensorflow#100442), and every notebook would open with a wall of log. So the
first import of TensorFlow, by whomever, happens with stderr caught; what is not one of the
known lines is passed on.
"""

import importlib.util
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

# About oneDNN's rounding, the processor's instructions, and a machine without a GPU.
_KNOWN = re.compile(
    rb"All log messages before absl::InitializeLog|^I0000 |To enable the following instructions"
    rb"|failed call to cuInit|Could not find cuda drivers"
)


def quiet_tensorflow() -> None:
    """From now on, the first import of TensorFlow is quiet."""
    if "tensorflow" not in sys.modules:
        sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != "tensorflow":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            spec.loader = _QuietLoader(spec.loader)
        return spec


class _QuietLoader(Loader):
    def __init__(self, loader: Loader) -> None:
        self.loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        with _known_lines_left_out():
            self.loader.exec_module(module)
            # The search for a GPU writes too; without this it happens at the first operation.
            module.config.list_physical_devices()

    def __getattr__(self, name: str) -> Any:  # what else the loader offers, such as get_data
        return getattr(self.loader, name)


@contextmanager
def _known_lines_left_out() -> Iterator[None]:
    """Catch what the process writes to stderr, from C++ too, and pass on the unknown lines."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as caught:
        os.dup2(caught.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)
            caught.seek(0)
            for line in caught:
                if not _KNOWN.search(line):
                    os.write(2, line)
