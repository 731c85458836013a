"""Right answers that are written in another way than the course's must pass, too."""

import itertools
import math
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from helpers.course.checking import examine
from helpers.exercises import ch10_what_is_a_video_model as chapter


def layout_by_einsum(video: Any, source: Any, target: Any) -> Any:
    return np.einsum(f"{source}->{target}", video)


def layout_by_moving_all_axes(video: Any, source: Any, target: Any) -> Any:
    return np.moveaxis(video, range(len(source)), [target.index(axis) for axis in source])


def layout_axis_by_axis(video: Any, source: Any, target: Any) -> Any:
    order = list(source)
    for place, axis in enumerate(target):
        now = order.index(axis)
        video = np.moveaxis(video, now, place)
        order.insert(place, order.pop(now))
    return np.ascontiguousarray(video)


def layout_by_exchanging(video: Any, source: Any, target: Any) -> Any:
    order = list(source)
    for place, axis in enumerate(target):
        now = order.index(axis)
        video = video.swapaxes(place, now)
        order[place], order[now] = order[now], order[place]
    return video.copy()


def layout_value_by_value(video: Any, source: Any, target: Any) -> Any:
    lengths = dict(zip(source, video.shape, strict=True))
    result = np.empty([lengths[axis] for axis in target], video.dtype)
    for index in np.ndindex(result.shape):
        at = dict(zip(target, index, strict=True))
        result[index] = video[tuple(at[axis] for axis in source)]
    return result


def bytes_by_math(
    batch_size: Any, num_frames: Any, height: Any, width: Any, channels: Any, dtype: Any
) -> Any:
    sizes = batch_size, num_frames, height, width, channels
    return math.prod(sizes) * np.zeros(1, dtype).nbytes


def bytes_by_numpy(
    batch_size: Any, num_frames: Any, height: Any, width: Any, channels: Any, dtype: Any
) -> Any:
    sizes = batch_size, num_frames, height, width, channels, np.dtype(dtype).itemsize
    return np.prod(sizes)


def bytes_of_an_array(
    batch_size: Any, num_frames: Any, height: Any, width: Any, channels: Any, dtype: Any
) -> Any:
    return np.empty((batch_size, num_frames, height, width, channels), dtype).nbytes


def bytes_of_a_broadcast_array(
    batch_size: Any, num_frames: Any, height: Any, width: Any, channels: Any, dtype: Any
) -> Any:
    one = np.zeros((), dtype)
    return np.broadcast_to(one, (batch_size, num_frames, height, width, channels)).nbytes


def cost_in_a_loop(
    in_channels: Any, out_channels: Any, kernel: Any, output_size: Any, bias: Any = True
) -> Any:
    per_channel, positions = in_channels, 1
    for size, length in zip(kernel, output_size, strict=True):
        per_channel *= size
        positions *= length
    return out_channels * (per_channel + int(bias)), out_channels * per_channel * positions


def cost_by_numpy(
    in_channels: Any, out_channels: Any, kernel: Any, output_size: Any, bias: Any = True
) -> Any:
    weights = np.prod([in_channels, out_channels, *kernel])
    return np.add(weights, out_channels if bias else 0), weights * np.prod(output_size)


def cost_by_dividing(
    in_channels: Any, out_channels: Any, kernel: Any, output_size: Any, bias: Any = True
) -> Any:
    seen = in_channels * math.prod(kernel)
    macs = out_channels * math.prod(output_size) * seen
    return macs // math.prod(output_size) + bias * out_channels, macs


def middle_by_counting(in_channels: Any, out_channels: Any, kernel: Any = (3, 3, 3)) -> Any:
    time, height, width = kernel
    budget = time * height * width * in_channels * out_channels

    def weights(middle: int) -> int:
        return height * width * in_channels * middle + time * middle * out_channels

    return next(m for m in itertools.count(1) if weights(m + 1) > budget)


def middle_by_numpy(in_channels: Any, out_channels: Any, kernel: Any = (3, 3, 3)) -> Any:
    kernel = np.array(kernel)
    each = kernel[1:].prod() * in_channels + kernel[0] * out_channels
    return np.maximum(kernel.prod() * in_channels * out_channels // each, 1)


def middle_by_floor(in_channels: Any, out_channels: Any, kernel: Any = (3, 3, 3)) -> Any:
    time, height, width = kernel
    # Both sides of the fraction divided by in_channels * out_channels * time * space.
    room = 1 / (1 / (time * out_channels) + 1 / (height * width * in_channels))
    return math.floor(room + 1e-9) or 1


def tokens_by_rounding_up(clip_size: Any, patch: Any, compression: Any = (1, 1, 1)) -> Any:
    latent = [-(-n // step) for n, step in zip(clip_size, compression, strict=True)]
    return latent[0] * latent[1] * latent[2] // (patch[0] * patch[1] * patch[2])


def tokens_by_numpy(clip_size: Any, patch: Any, compression: Any = (1, 1, 1)) -> Any:
    latent = (np.array(clip_size) - [1, 0, 0]) // compression + [1, 0, 0]
    return (latent // patch).prod()


def tokens_in_a_loop(clip_size: Any, patch: Any, compression: Any = (1, 1, 1)) -> Any:
    tokens = 1
    for axis in range(3):
        places = range(0, clip_size[axis], compression[axis])
        tokens *= len(range(0, len(places), patch[axis]))
    return tokens


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (chapter.to_layout, layout_by_einsum),
        (chapter.to_layout, layout_by_moving_all_axes),
        (chapter.to_layout, layout_axis_by_axis),
        (chapter.to_layout, layout_by_exchanging),
        (chapter.to_layout, layout_value_by_value),
        (chapter.batch_bytes, bytes_by_math),
        (chapter.batch_bytes, bytes_by_numpy),
        (chapter.batch_bytes, bytes_of_an_array),
        (chapter.batch_bytes, bytes_of_a_broadcast_array),
        (chapter.convolution_cost, cost_in_a_loop),
        (chapter.convolution_cost, cost_by_numpy),
        (chapter.convolution_cost, cost_by_dividing),
        (chapter.middle_channels, middle_by_counting),
        (chapter.middle_channels, middle_by_numpy),
        (chapter.middle_channels, middle_by_floor),
        (chapter.num_tokens, tokens_by_rounding_up),
        (chapter.num_tokens, tokens_by_numpy),
        (chapter.num_tokens, tokens_in_a_loop),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_a_right_answer_of_another_kind(exercise: Any, answer: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        report = examine(exercise, answer)
    assert report.verdict == "right", report.failure


def test_a_reshaped_video_is_told_so_where_its_shape_is_right() -> None:
    def reshaped(video: Any, source: Any, target: Any) -> Any:
        lengths = dict(zip(source, video.shape, strict=True))
        return np.reshape(video, tuple(lengths[axis] for axis in target))

    report = examine(chapter.to_layout, reshaped)
    assert report.misconception and report.misconception.name == "it reshapes"
    assert report.failure
    assert report.failure.outcome.value.shape == report.failure.expected.shape


def test_the_exercises_import_no_tensorflow() -> None:
    code = (
        f"import sys, {chapter.__name__}; "
        "sys.exit(bool({'tensorflow', 'keras', 'matplotlib'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
