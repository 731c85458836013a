from collections.abc import Callable

import cv2
import numpy as np
import pytest
from scipy import ndimage
from skimage.data import astronaut
from skimage.restoration import denoise_nl_means

from helpers.metrics import psnr
from helpers.preprocessing import add_noise, gaussian_blur, non_local_means, temporal_median

DENOISERS: list[Callable[[np.ndarray], np.ndarray]] = [
    lambda video: add_noise(video, 10, seed=0),
    lambda video: gaussian_blur(video, 1.0),
    lambda video: temporal_median(video, 3),
    lambda video: non_local_means(video, 10),
]


def random_video(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.integers(0, 256, shape, dtype=np.uint8)


def test_temporal_median_equals_scipy() -> None:
    rng = np.random.default_rng(0)
    for _ in range(2000):
        clip = random_video(rng, *rng.integers(1, 8, 3), int(rng.choice([1, 3])))
        window = int(2 * rng.integers(0, 6) + 1)  # often longer than the clip
        expected = ndimage.median_filter(clip, size=(window, 1, 1, 1), mode="nearest")
        np.testing.assert_array_equal(temporal_median(clip, window), expected)


def test_a_window_of_one_changes_nothing_and_a_long_one_is_the_median_of_all() -> None:
    clip = random_video(np.random.default_rng(1), 5, 4, 4, 3)
    np.testing.assert_array_equal(temporal_median(clip, 1), clip)
    middle = temporal_median(clip, 5)[2]
    np.testing.assert_array_equal(middle, np.median(clip, axis=0))


def test_gaussian_blur_equals_opencv() -> None:
    rng = np.random.default_rng(2)
    for sigma in (0.5, 1.0, 2.0):
        clip = random_video(rng, 3, 20, 30, 3)
        size = 2 * int(4 * sigma + 0.5) + 1  # SciPy cuts the Gaussian at 4 sigma
        for frame, got in zip(clip, gaussian_blur(clip, sigma), strict=True):
            expected = cv2.GaussianBlur(
                frame.astype(np.float32), (size, size), sigma, borderType=cv2.BORDER_REFLECT
            )
            np.testing.assert_allclose(got, expected, atol=0.501)
    np.testing.assert_array_equal(gaussian_blur(clip, 0), clip)


def test_blur_stays_within_its_frame_and_channel() -> None:
    clip = np.zeros((3, 9, 9, 3), np.uint8)
    clip[1, :, :, 1] = 200
    np.testing.assert_array_equal(gaussian_blur(clip, 2), clip)


def test_noise_has_its_deviation_and_its_seed() -> None:
    grey = np.full((4, 50, 50, 3), 128, np.uint8)
    for sigma in (2, 10, 25):
        difference = add_noise(grey, sigma, seed=0).astype(float) - 128
        assert abs(difference.mean()) < 0.05 * sigma
        assert difference.std() == pytest.approx(sigma, rel=0.03)
    np.testing.assert_array_equal(add_noise(grey, 9, 1), add_noise(grey, 9, 1))
    assert (add_noise(grey, 9, 1) != add_noise(grey, 9, 2)).any()
    assert (np.diff(add_noise(grey, 9, 1).astype(int), axis=0) != 0).mean() > 0.9
    np.testing.assert_array_equal(add_noise(grey, 0, 1), grey)


def test_noise_saturates_and_does_not_wrap() -> None:
    for value in (0, 255):
        noisy = add_noise(np.full((2, 30, 30, 1), value, np.uint8), 30, seed=0)
        assert np.abs(noisy.astype(int) - value).max() < 170  # wrapping jumps by 255
        assert 0.4 < (noisy == value).mean() < 0.6  # half of the noise points outwards


def non_local_mean_of_one_pixel(frame: np.ndarray, y: int, x: int, sigma: float) -> np.ndarray:
    """The definition in loops, in float64; patches and search mirror at the edge."""
    # Shifted by 6, so that index 0 is the pixel 6 places before the first, mirrored.
    rows, columns = (np.pad(np.arange(n), 6, mode="symmetric") for n in frame.shape[:2])
    frame, total, total_weight = frame.astype(float), np.zeros(frame.shape[2]), 0.0
    for dy, dx in np.ndindex(11, 11):
        squares = []
        for py, px in np.ndindex(3, 3):
            v, u = rows[y + py + 5], columns[x + px + 5]
            other = frame[rows[v + dy + 1], columns[u + dx + 1]]
            squares.append(np.mean((frame[v, u] - other) ** 2))
        excess = max(np.mean(squares) - 2 * sigma**2, 0)
        weight = np.exp(-excess / (0.8 * sigma) ** 2)
        total += weight * frame[rows[y + dy + 1], columns[x + dx + 1]]
        total_weight += weight
    return total / total_weight


def test_non_local_means_equals_its_definition() -> None:
    rng = np.random.default_rng(4)
    clip = add_noise(np.full((1, 13, 15, 3), 90, np.uint8), 30, rng)
    for sigma in (10.0, 30.0):
        denoised = non_local_means(clip, sigma)
        for y, x in [(0, 0), (12, 14), (0, 7), *rng.integers(0, 13, (20, 2))]:
            expected = non_local_mean_of_one_pixel(clip[0], y, x, sigma)
            np.testing.assert_allclose(denoised[0, y, x], expected, atol=0.502)


def test_non_local_means_is_as_good_as_scikit_image() -> None:
    clean = astronaut()[None, :96, 160:288]
    noisy = add_noise(clean, 20, seed=0)
    peer = denoise_nl_means(
        noisy[0].astype(np.float32),
        patch_size=3,
        patch_distance=5,
        h=0.8 * 20,
        sigma=20,
        preserve_range=True,
        channel_axis=-1,
    )
    peer = np.clip(np.round(peer), 0, 255).astype(np.uint8)
    assert (
        psnr(clean, noisy) + 4 < psnr(clean[0], peer) < psnr(clean, non_local_means(noisy, 20))
    )


@pytest.mark.parametrize("function", DENOISERS[1:])
def test_a_batch_is_its_clips(function: Callable[[np.ndarray], np.ndarray]) -> None:
    batch = random_video(np.random.default_rng(5), 2, 4, 12, 13, 3)
    expected = np.stack([function(clip) for clip in batch])
    np.testing.assert_array_equal(function(batch), expected)


@pytest.mark.parametrize("function", DENOISERS)
def test_uint8_comes_back_and_the_video_is_kept(
    function: Callable[[np.ndarray], np.ndarray],
) -> None:
    video = random_video(np.random.default_rng(6), 3, 12, 13, 1)
    video.flags.writeable = False
    result = function(video)
    assert result.dtype == np.uint8 and result.shape == video.shape
    for wrong, error in ((video / 255, TypeError), (video[0], ValueError)):
        with pytest.raises(error, match="video "):
            function(wrong)


def test_bad_settings_are_one_clear_error() -> None:
    video = np.zeros((3, 12, 12, 3), np.uint8)
    with pytest.raises(ValueError, match=r"window is 4, .* odd"):
        temporal_median(video, 4)
    with pytest.raises(TypeError, match=r"window is 3\.0"):
        temporal_median(video, 3.0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="sigma is -1"):
        add_noise(video, -1, 0)
    with pytest.raises(ValueError, match="sigma is 0"):
        non_local_means(video, 0)
    with pytest.raises(ValueError, match="at least 11x11"):
        non_local_means(video[:, :10], 5)
