"""Arrays that the cases of this chapter share."""

import numpy as np


def ramp(*shape):
    """A clip in which no two neighbouring values are alike."""
    return (np.arange(np.prod(shape)) * 37 % 251).astype(np.uint8).reshape(shape)


def draw_pixels(rng, *shape):
    return rng.integers(0, 256, shape).astype(np.uint8)


def range_of(reference, data_range):
    return 255 if data_range is None else data_range
