"""The examples in the docstrings do what they say: they are what a learner reads first."""

import doctest
import importlib
import pkgutil

import pytest

import helpers

MODULES = [
    info.name
    for info in pkgutil.walk_packages(helpers.__path__, "helpers.")
    if not info.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    results = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert results.failed == 0


def test_a_wrong_example_is_noticed() -> None:
    test = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, 0)
    assert doctest.DocTestRunner(verbose=False).run(test, out=lambda text: None).failed == 1
