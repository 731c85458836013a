import numpy as np
import pytest
from scipy import ndimage, signal

from helpers.from_scratch import conv3d


def draw(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, tuple[int, int, int], str]:
    size = rng.integers(1, 8, 3)
    window = rng.integers(1, 5, 3)
    padding = str(rng.choice(["valid", "same"]))
    if padding == "valid":
        window = np.minimum(window, size)
    channels, filters = (int(n) for n in rng.integers(1, 4, 2))
    stride = tuple(int(n) for n in rng.integers(1, 4, 3))
    clip, kernel = (
        rng.normal(size=(*size, channels)),
        rng.normal(size=(*window, channels, filters)),
    )
    return clip, kernel, stride, padding  # type: ignore[return-value]


def test_equal_to_tensorflow_and_keras() -> None:
    import keras
    import tensorflow as tf

    rng = np.random.default_rng(0)
    for _ in range(300):
        clip, kernel, stride, padding = draw(rng)
        got = conv3d(clip, kernel, stride, padding)
        expected = tf.nn.conv3d(clip[None], kernel, [1, *stride, 1], padding.upper())[0]
        np.testing.assert_allclose(got, expected, atol=1e-10)
        by_keras = keras.ops.conv(clip[None], kernel, stride, padding)[0]
        np.testing.assert_allclose(got, by_keras, atol=1e-10)


def test_equal_to_scipys_correlation() -> None:
    rng = np.random.default_rng(1)
    for _ in range(100):
        clip, kernel = rng.normal(size=(5, 6, 7)), rng.normal(size=(3, 3, 3))
        four, five = clip[..., None], kernel[..., None, None]
        np.testing.assert_allclose(
            conv3d(four, five)[..., 0], signal.correlate(clip, kernel, "valid")
        )
        np.testing.assert_allclose(
            conv3d(four, five, padding="same")[..., 0],
            ndimage.correlate(clip, kernel, mode="constant"),
        )


def test_a_still_clip_has_no_change() -> None:
    clip = np.repeat(np.random.default_rng(2).normal(size=(1, 4, 4, 2)), 5, axis=0)
    change = np.array([-1.0, 1.0]).reshape(2, 1, 1, 1, 1) * np.eye(2)
    assert not conv3d(clip, change).any()


def test_the_dtype_stays_and_so_do_the_arguments() -> None:
    clip, kernel = np.ones((3, 3, 3, 1), np.float32), np.ones((2, 2, 2, 1, 1), np.float32)
    clip.flags.writeable = kernel.flags.writeable = False
    got = conv3d(clip, kernel, padding="same")
    assert got.dtype == np.float32
    got += 1  # its own memory


def test_bad_input_is_one_clear_error() -> None:
    clip, kernel = np.zeros((4, 4, 4, 2)), np.zeros((3, 3, 3, 2, 1))
    with pytest.raises(TypeError, match="clip is uint8"):
        conv3d(clip.astype(np.uint8), kernel)
    with pytest.raises(ValueError, match=r"clip has the shape \(1, 4, 4, 4, 2\)"):
        conv3d(clip[None], kernel)
    with pytest.raises(ValueError, match="clip has 1 channels, but kernel takes 2"):
        conv3d(clip[..., :1], kernel)
    with pytest.raises(ValueError, match=r"kernel spans \(3, 3, 3\), but clip has \(2, 4, 4\)"):
        conv3d(clip[:2], kernel)
    assert conv3d(clip[:2], kernel, padding="same").shape == (2, 4, 4, 1)
    with pytest.raises(ValueError, match="stride is 2"):
        conv3d(clip, kernel, 2)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="stride is 0"):
        conv3d(clip, kernel, (1, 0, 1))
    with pytest.raises(ValueError, match="padding is 'full'"):
        conv3d(clip, kernel, padding="full")
    with pytest.raises(ValueError, match="clip, of the shape .* finite"):
        conv3d(clip * np.nan, kernel)
