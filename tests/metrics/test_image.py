import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import ndimage
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from helpers.metrics import psnr, ssim

# The two settings of scikit-image that `ssim` names.
WANG = {"gaussian_weights": True, "use_sample_covariance": False}
SETTINGS = {"gaussian": WANG, "uniform": {}}


def pair(rng: np.random.Generator, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Two uint8 images: related or not, smooth or not, saturated or not."""
    reference = rng.integers(0, 256, shape).astype(np.float64)
    if rng.random() < 0.5:
        reference = ndimage.gaussian_filter(reference, rng.uniform(0, 2), axes=(-3, -2))
    noise = rng.normal(0, rng.choice([0, 1, 20, 300]), shape)
    image = reference * rng.choice([0, 0.5, 1]) + noise + rng.choice([0, 40])
    first, second = np.clip(np.round([reference, image]), 0, 255).astype(np.uint8)
    return first, second


def test_psnr_equals_scikit_image_on_uint8() -> None:
    rng = np.random.default_rng(0)
    for _ in range(2000):
        reference, image = pair(rng, (*rng.integers(1, 12, rng.integers(0, 3)), 3, 4, 1))
        if (reference == image).all():
            assert psnr(reference, image) == math.inf
        else:
            expected = peak_signal_noise_ratio(reference, image)
            assert psnr(reference, image) == pytest.approx(expected, rel=1e-12)


def test_psnr_equals_scikit_image_on_floats() -> None:
    rng = np.random.default_rng(1)
    for _ in range(1000):
        reference = rng.uniform(-1, 1, rng.integers(1, 9, 3))
        image = reference + rng.normal(0, 10.0 ** rng.integers(-5, 2), reference.shape)
        expected = peak_signal_noise_ratio(reference, image, data_range=2)
        assert psnr(reference, image, data_range=2) == pytest.approx(expected, rel=1e-12)
        expected = peak_signal_noise_ratio(
            reference.astype(np.float32), image.astype(np.float32), data_range=2
        )
        got = psnr(reference.astype(np.float32), image.astype(np.float32), data_range=2)
        assert got == pytest.approx(expected, rel=1e-5)  # scikit-image stays in float32


def test_psnr_equals_opencv() -> None:
    rng = np.random.default_rng(2)
    for _ in range(200):
        reference, image = rng.integers(0, 256, (2, 6, 7, 3), dtype=np.uint8)
        assert psnr(reference, image) == pytest.approx(cv2.PSNR(reference, image), rel=1e-9)


@pytest.mark.filterwarnings("error")  # a warning would show in a notebook
def test_psnr_of_equal_images_is_infinite() -> None:
    image = np.full((2, 3), 0.5)
    assert psnr(image, image.copy(), data_range=1) == math.inf


def test_psnr_does_not_wrap_around() -> None:
    for low, high in ((3, 5), (0, 255), (0, 16)):  # 16 * 16 is 0 in uint8
        dark, bright = np.full((2, 4), low, np.uint8), np.full((2, 4), high, np.uint8)
        expected = 20 * math.log10(255 / (high - low))
        assert psnr(dark, bright) == pytest.approx(expected)
        assert psnr(bright, dark) == pytest.approx(expected)


@pytest.mark.parametrize("window", ["gaussian", "uniform"])
def test_ssim_equals_scikit_image_on_grey_images(window: str) -> None:
    rng = np.random.default_rng(3)
    smallest = 11 if window == "gaussian" else 7
    for _ in range(1000):
        x, y = pair(rng, (*(smallest + rng.integers(0, 8, 2)), 1))
        expected = structural_similarity(x[..., 0], y[..., 0], **SETTINGS[window])
        assert ssim(x, y, window=window) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("window", ["gaussian", "uniform"])
def test_ssim_of_a_clip_is_the_mean_over_its_frames_and_channels(window: str) -> None:
    rng = np.random.default_rng(4)
    for _ in range(100):
        x, y = pair(rng, (2, 3, 12, 14, 3))
        expected = np.mean(
            [
                structural_similarity(a, b, channel_axis=-1, **SETTINGS[window])
                for a, b in zip(x.reshape(-1, 12, 14, 3), y.reshape(-1, 12, 14, 3), strict=True)
            ]
        )
        assert ssim(x, y, window=window) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("window", ["gaussian", "uniform"])
@pytest.mark.parametrize(("low", "high"), [(0, 1), (-1, 1), (0, 255)])
def test_ssim_equals_scikit_image_on_floats(window: str, low: float, high: float) -> None:
    rng = np.random.default_rng(5)
    for _ in range(100):
        x = rng.uniform(low, high, (12, 15))
        y = x + rng.normal(0, 0.1 * (high - low), x.shape)
        expected = structural_similarity(x, y, data_range=high - low, **SETTINGS[window])
        got = ssim(x[..., None], y[..., None], high - low, window)
        assert got == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("window", ["gaussian", "uniform"])
def test_ssim_of_constant_images(window: str) -> None:
    for a, b in ((0, 0), (0, 255), (100, 101), (255, 255)):
        x, y = np.full((11, 13, 1), a, np.uint8), np.full((11, 13, 1), b, np.uint8)
        c1 = (0.01 * 255) ** 2  # without variance only the means are left
        expected = (2 * a * b + c1) / (a**2 + b**2 + c1)
        assert ssim(x, y, window=window) == pytest.approx(expected, abs=1e-10)
        expected = structural_similarity(x[..., 0], y[..., 0], **SETTINGS[window])
        assert ssim(x, y, window=window) == pytest.approx(expected, abs=1e-10)


@settings(max_examples=100, deadline=None)
@given(hnp.arrays(np.uint8, (2, 12, 11, 1)), st.sampled_from(["gaussian", "uniform"]))
def test_ssim_is_symmetric_at_most_1_and_1_for_equal_images(
    images: np.ndarray, window: str
) -> None:
    x, y = images
    assert ssim(x, x.copy(), window=window) == 1
    assert ssim(x, y, window=window) == ssim(y, x, window=window) <= 1


def test_the_two_windows_differ() -> None:
    x, y = pair(np.random.default_rng(7), (32, 32, 1))
    assert abs(ssim(x, y) - ssim(x, y, window="uniform")) > 1e-4


def test_the_images_stay_as_they_were() -> None:
    x, y = pair(np.random.default_rng(8), (12, 12, 3))
    x.flags.writeable = y.flags.writeable = False
    psnr(x, y)
    ssim(x, y)


def test_bad_input_is_one_clear_error() -> None:
    clip = np.zeros((2, 12, 12, 3), np.uint8)
    for metric in (psnr, ssim):
        with pytest.raises(ValueError, match=r"reference has the shape .* image has"):
            metric(clip, clip[:1])
        with pytest.raises(ValueError, match="data_range is missing"):
            metric(clip / 255, clip / 255)
        with pytest.raises(TypeError, match="reference is uint8 and image is float64"):
            metric(clip, clip / 255)
        with pytest.raises(ValueError, match="image holds NaN"):
            metric(clip / 255, clip / 255 + np.nan, 1)
    with pytest.raises(ValueError, match=r"frames of 10x12 pixels .* at least 11x11"):
        ssim(clip[:, :10], clip[:, :10])
    assert ssim(clip[:, :7], clip[:, :7], window="uniform") == 1
    with pytest.raises(ValueError, match=r"frames of 6x12 pixels .* at least 7x7"):
        ssim(clip[:, :6], clip[:, :6], window="uniform")
    with pytest.raises(ValueError, match="grey image"):
        ssim(clip[0, :, :, 0], clip[0, :, :, 0])
    with pytest.raises(ValueError, match="window is 'box'"):
        ssim(clip, clip, window="box")
