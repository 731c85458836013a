import math

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


def zeros_of_same(clip: np.ndarray, kernel: np.ndarray, stride: tuple[int, ...]) -> list[int]:
    """How many zeros "same" needs along each axis, below 0 where the last window ends early."""
    return [
        (math.ceil(length / step) - 1) * step + size - length
        for length, size, step in zip(clip.shape[:3], kernel.shape[:3], stride, strict=True)
    ]


def test_equal_to_tensorflow_and_keras() -> None:
    import keras
    import tensorflow as tf

    rng = np.random.default_rng(0)
    num_exceptions = 0
    for _ in range(600):
        clip, kernel, stride, padding = draw(rng)
        got = conv3d(clip, kernel, stride, padding)
        zeros = zeros_of_same(clip, kernel, stride)
        if padding == "same" and min(zeros) < -1:
            # TensorFlow breaks its own rule here, see the next test. Padded by that rule
            # beforehand, which is to say not at all along such an axis, it agrees.
            num_exceptions += 1
            pads = [(max(n, 0) // 2, max(n, 0) - max(n, 0) // 2) for n in zeros]
            clip, padding = np.pad(clip, [*pads, (0, 0)]), "valid"
        expected = tf.nn.conv3d(clip[None], kernel, [1, *stride, 1], padding.upper())[0]
        np.testing.assert_allclose(got, expected, atol=1e-10)
        by_keras = keras.ops.conv(clip[None], kernel, stride, padding)[0]
        np.testing.assert_allclose(got, by_keras, atol=1e-10)
    assert num_exceptions < 40


def test_where_tensorflow_breaks_its_own_rule() -> None:
    """With "SAME", its 3D kernel for the CPU pads by less than nothing: it cuts frames off.

    The rule in the documentation of `tf.nn`, "Notes on padding", is `max(filter - stride, 0)`
    zeros, here 0, so that a window of one with a stride of three takes the first of three
    frames. So do TensorFlow's own 2D convolution and XLA; `tf.nn.conv3d` takes the middle one,
    as `tf.nn.conv2d` once did (tensorflow/tensorflow#14601). Should this test fail because it
    has been mended, then the exception in the test above can go, too.
    """
    import tensorflow as tf

    clip, kernel = np.array([1.0, 2.0, 3.0]).reshape(3, 1, 1, 1), np.ones((1, 1, 1, 1, 1))
    assert conv3d(clip, kernel, (3, 1, 1), "same").item() == 1

    def by_tensorflow(clips: tf.Tensor, kernel: tf.Tensor) -> tf.Tensor:
        return tf.nn.conv3d(clips, kernel, [1, 3, 1, 1, 1], "SAME")

    with tf.device("CPU"):
        assert by_tensorflow(clip[None], kernel).numpy().item() == 2
        compiled = tf.function(by_tensorflow, jit_compile=True)
        assert compiled(clip[None], kernel).numpy().item() == 1
        frames = tf.nn.conv2d(clip.reshape(1, 3, 1, 1), kernel[0], [1, 3, 1, 1], "SAME")
    assert frames.numpy().item() == 1


def test_equal_to_scipys_correlation_channel_by_channel() -> None:
    rng = np.random.default_rng(4)
    for _ in range(300):
        clip, kernel, stride, padding = draw(rng)
        got = conv3d(clip, kernel, stride, padding)
        if padding == "same":
            pads = [(max(n, 0) // 2, max(n, 0) - max(n, 0) // 2) for n in
                    zeros_of_same(clip, kernel, stride)]  # fmt: skip
            assert got.shape[:3] == tuple(
                math.ceil(n / step) for n, step in zip(clip.shape[:3], stride, strict=True)
            )
            clip = np.pad(clip, [*pads, (0, 0)])
        every = tuple(slice(None, None, step) for step in stride)
        for number in range(kernel.shape[4]):
            by_scipy = sum(
                signal.correlate(clip[..., c], kernel[..., c, number], "valid")
                for c in range(clip.shape[3])
            )
            np.testing.assert_allclose(got[..., number], by_scipy[every], atol=1e-10)


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
    with pytest.raises(ValueError, match=r"clip, of the shape .* finite"):
        conv3d(clip * np.nan, kernel)
