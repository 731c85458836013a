"""A pipeline with a known bottleneck, to practise on."""

import time

import numpy as np

from helpers import validate
from helpers.pipelines.stages import Stage

STAGE_NAMES = ("read", "decode", "augment")
"""The stages of `planted`, in order."""

_READERS = 6  # work at once, so a read may take six times as long as another stage


def planted(slow: str) -> list[Stage]:
    """Three stages, of which the named one holds up the others.

    The stages only wait and hand their element on, so that what is slow does not depend on the
    machine. "read" works on six elements at once, the others on one. A call of "read" takes
    the longest, whatever `slow` is.

    Args:
        slow: one of `STAGE_NAMES`.

    Raises:
        ValueError: for another name.
    """
    validate.one_of(STAGE_NAMES, slow=slow)
    stages = []
    for name in STAGE_NAMES:
        parallel = _READERS if name == "read" else 1
        usual = 0.0016 if name == "read" else 0.0003  # seconds an element
        stages.append(_waiting(name, 0.008 if name == slow else usual, parallel))
    return stages


def _waiting(name: str, seconds_an_element: float, parallel: int) -> Stage:
    def wait(element: np.ndarray) -> np.ndarray:
        time.sleep(seconds_an_element * parallel)
        return element

    return Stage(name, wait, shape=(), dtype="int64", parallel=parallel)
