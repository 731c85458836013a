"""Agreement with Keras's layers: the one module here that imports TensorFlow."""

import keras
import numpy as np
import pytest

from helpers.preprocessing import center_crop, normalize


@pytest.mark.parametrize("channels", [1, 3])
def test_normalize_equals_rescaling_and_normalization(channels: int) -> None:
    rng = np.random.default_rng(0)
    rescale = keras.layers.Rescaling(1 / 255)
    for _ in range(30):
        video = rng.integers(0, 256, (*rng.integers(1, 5, 4), channels), dtype=np.uint8)
        mean, std = rng.uniform(0, 1, channels), rng.uniform(0.05, 1, channels)
        layer = keras.layers.Normalization(mean=mean, variance=std**2)
        expected = keras.ops.convert_to_numpy(layer(rescale(video)))
        np.testing.assert_allclose(normalize(video, mean, std), expected, rtol=1e-5, atol=1e-5)


def test_center_crop_equals_keras() -> None:
    rng = np.random.default_rng(1)
    for _ in range(30):
        size = int(rng.integers(1, 5))
        clip = rng.integers(0, 256, (2, *rng.integers(size, 9, 2), 3), dtype=np.uint8)
        layer = keras.layers.CenterCrop(size, size, dtype="uint8")
        np.testing.assert_array_equal(center_crop(clip, size), layer(clip))
