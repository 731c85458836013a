"""Right answers that are written in another way than the course's must pass, too."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import ndimage
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from helpers.course.checking import examine
from helpers.exercises import ch20_preprocessing as chapter


def dense_in_a_loop(total_frames: Any, num_frames: Any, stride: Any, start: Any) -> Any:
    return np.array([min(start + i * stride, total_frames - 1) for i in range(num_frames)])


def segments_by_their_length(total_frames: Any, num_frames: Any, offsets: Any) -> Any:
    length = total_frames / num_frames
    places = np.arange(num_frames) * length + np.asarray(offsets) * length
    return np.clip(np.floor(places), 0, total_frames - 1).astype(int)


def segments_by_edges(total_frames: Any, num_frames: Any, offsets: Any) -> Any:
    edges = np.linspace(0, total_frames, num_frames + 1)
    places = edges[:-1] + offsets * np.diff(edges)
    return np.minimum(places.astype(int), total_frames - 1)


def crop_by_flipping_the_offset(
    clips: Any, tops: Any, lefts: Any, flips: Any, size: Any
) -> Any:
    width = clips.shape[3]
    cropped = []
    for clip, top, left, flip in zip(clips, tops, lefts, flips, strict=True):
        if flip:
            clip, left = clip[:, :, ::-1], width - size - left
        cropped.append([frame[top : top + size, left : left + size] for frame in clip])
    return np.array(cropped)


def normalize_on_the_scale_of_255(video: Any, mean: Any, std: Any) -> Any:
    mean, std = np.float32(255) * np.float32(mean), np.float32(255) * np.float32(std)
    return (video.astype(np.float32) - mean) / std


def normalize_in_float64(video: Any, mean: Any, std: Any) -> Any:
    return ((video / 255 - np.array(mean)) / np.array(std)).astype("float32")


def median_by_scipy(video: Any, window: Any) -> Any:
    size = (1,) * (video.ndim - 4) + (window, 1, 1, 1)
    return ndimage.median_filter(video, size=size, mode="nearest")


def median_by_clipped_indices(video: Any, window: Any) -> Any:
    time = np.arange(video.shape[-4])
    around = time[:, None] + np.arange(-(window // 2), window // 2 + 1)
    windows = np.take(video, np.clip(around, 0, len(time) - 1), axis=-4)
    return np.sort(windows, axis=-4)[..., window // 2, :, :, :]


def psnr_by_scikit_image(reference: Any, image: Any, data_range: Any = None) -> Any:
    return peak_signal_noise_ratio(reference, image, data_range=data_range)


def psnr_by_the_root(reference: Any, image: Any, data_range: Any = None) -> Any:
    root = np.sqrt(((reference.astype("f8") - image.astype("f8")) ** 2).mean())
    return 20 * np.log10((data_range or 255) / root) if root else np.inf


def ssim_by_scikit_image(
    reference: Any, image: Any, data_range: Any = None, window: Any = "gaussian"
) -> Any:
    options: dict[str, Any] = {"channel_axis": -1, "data_range": data_range or 255}
    if window == "gaussian":
        options |= {"gaussian_weights": True, "use_sample_covariance": False}
    frames = [a.reshape(-1, *a.shape[-3:]) for a in (reference, image)]
    return np.mean(
        [structural_similarity(*pair, **options) for pair in zip(*frames, strict=True)]
    )


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (chapter.sample_dense, dense_in_a_loop),
        (chapter.sample_segments, segments_by_their_length),
        (chapter.sample_segments, segments_by_edges),
        (chapter.crop_and_flip, crop_by_flipping_the_offset),
        (chapter.normalize, normalize_on_the_scale_of_255),
        (chapter.normalize, normalize_in_float64),
        (chapter.temporal_median, median_by_scipy),
        (chapter.temporal_median, median_by_clipped_indices),
        (chapter.psnr, psnr_by_scikit_image),
        (chapter.psnr, psnr_by_the_root),
        (chapter.ssim, ssim_by_scikit_image),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_a_right_answer_of_another_kind(exercise: Any, answer: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        report = examine(exercise, answer)
    assert report.verdict == "right", report.failure
