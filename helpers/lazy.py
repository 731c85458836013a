"""TensorFlow and Keras by their usual names, imported when they are first used.

A module of functions, some of which need TensorFlow, begins with `from helpers.lazy import tf`.
It then costs nothing to import, and its functions read as they would in a notebook.
"""

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from helpers.interrupting import held_interrupts


class LazyModule(ModuleType):
    """Stands for a module until an attribute of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        # Tools that look around, such as doctest, ask for `__wrapped__`: that is no use yet.
        if name.startswith("__"):
            raise AttributeError(name)
        if self.__name__ not in sys.modules:
            with held_interrupts():  # half a TensorFlow would be of no use to the next cell
                importlib.import_module(self.__name__)
        return getattr(importlib.import_module(self.__name__), name)


if TYPE_CHECKING:
    import keras
    import tensorflow as tf
else:
    keras = LazyModule("keras")
    tf = LazyModule("tensorflow")
