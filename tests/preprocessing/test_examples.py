import doctest
from types import ModuleType

import pytest

from helpers.preprocessing import denoising, pixels, spatial, temporal


@pytest.mark.parametrize("module", [denoising, pixels, spatial, temporal])
def test_the_examples_in_the_docstrings_hold(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0
