import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from helpers import validate

CLIP = np.zeros((2, 4, 5, 3), np.uint8)


def raises(error: type[Exception], *phrases: str) -> Any:
    """The error with these phrases in its message, in this order."""
    return pytest.raises(error, match=".*".join(map(re.escape, phrases)))


@pytest.mark.parametrize("value", [1, 7, np.int64(3), np.uint8(255), np.array(2)])
def test_whole_numbers_pass(value: Any) -> None:
    validate.positive_int(num_frames=value)
    validate.non_negative_int(num_frames=value)


@pytest.mark.parametrize("value", [True, 1.0, "3", None, np.float32(2), np.array([1, 2]), [1]])
@pytest.mark.parametrize("check", [validate.positive_int, validate.non_negative_int])
def test_what_is_no_whole_number_is_named(check: Callable[..., None], value: Any) -> None:
    with raises(TypeError, "num_frames is", type(value).__name__, "whole number"):
        check(stride=1, num_frames=value)


def test_bounds_of_whole_numbers() -> None:
    validate.non_negative_int(start=0)
    with raises(ValueError, "start is -1", "0 or more"):
        validate.non_negative_int(start=-1)
    with raises(ValueError, "stride is 0", "at least 1"):
        validate.positive_int(num_frames=1, stride=0)


def test_odd_int() -> None:
    validate.odd_int(window=1)
    validate.odd_int(window=np.int32(7))
    with raises(ValueError, "window is 4", "odd", "try 3 or 5"):
        validate.odd_int(window=4)
    with raises(ValueError, "window is -1", "at least 1"):
        validate.odd_int(window=-1)
    with raises(TypeError, "window is 3.0 (float)"):
        validate.odd_int(window=3.0)


def test_numbers() -> None:
    validate.positive(sigma=1e-9)
    validate.non_negative(sigma=0)
    validate.non_negative(sigma=np.float32(2.5))
    with raises(ValueError, "sigma is 0", "above 0"):
        validate.positive(sigma=0)
    with raises(ValueError, "sigma is -0.5", "0 or more"):
        validate.non_negative(sigma=-0.5)
    for value in (np.nan, np.inf, -np.inf):
        with raises(ValueError, f"sigma is {value}", "finite"):
            validate.non_negative(sigma=value)
    for wrong in ("2", True, None, object(), [1, [2]], 1j):
        with raises(TypeError, "sigma is ", "must be a number"):
            validate.positive(sigma=wrong)
    with raises(TypeError, "sigma has the shape (2,)", "one number"):
        validate.positive(sigma=[1.0, 2.0])


def test_one_of() -> None:
    validate.one_of(("gaussian", "uniform"), window="uniform")
    for value in ("box", None, 7, np.zeros(3)):
        with raises(ValueError, "window is ", "one of ('gaussian', 'uniform')"):
            validate.one_of(("gaussian", "uniform"), window=value)


def test_clip_and_video_take_uint8_with_one_or_three_channels() -> None:
    for channels in (1, 3):
        validate.clip(clip=CLIP[..., :channels])
        validate.video(video=CLIP[..., :channels])
        validate.video(video=CLIP[np.newaxis, ..., :channels])


@pytest.mark.parametrize("check", [validate.clip, validate.video])
@pytest.mark.parametrize(
    ("value", "error", "phrases"),
    [
        (CLIP.tolist(), TypeError, ("x is a list", "NumPy array", "np.asarray(x)")),
        (None, TypeError, ("x is a NoneType", "NumPy array")),
        (CLIP[:0], ValueError, ("x has the shape (0, 4, 5, 3)", "no values")),
        (CLIP[:, :, :0], ValueError, ("x has the shape (2, 4, 0, 3)", "no values")),
        (
            CLIP[0],
            ValueError,
            ("x has the shape (4, 5, 3)", "(frames, height, width, channels)"),
        ),
        (CLIP[None, None], ValueError, ("x has the shape (1, 1, 2, 4, 5, 3)", "(frames, ")),
        # The classic mistakes: scaled floats, floats on the old scale, normalised values.
        (CLIP / 255, TypeError, ("x is float64", "0 to 0", "uint8", "np.round(x * 255)")),
        (CLIP + np.float32(200), TypeError, ("x is float32", "200", "np.round(x).astype")),
        (CLIP - 1.5, TypeError, ("x is float64", "-1.5 to -1.5", "as they were read")),
        (CLIP + 300.0, TypeError, ("x is float64", "300 to 300", "as they were read")),
        (CLIP + np.nan, TypeError, ("x is float64 and holds NaN", "uint8")),
        (CLIP.astype(np.int64), TypeError, ("x is int64", "uint8", "x.astype(np.uint8)")),
        (CLIP > 0, TypeError, ("x is bool", "uint8")),
        # Channels first, in both of the layouts that other libraries use.
        (CLIP.transpose(3, 0, 1, 2), ValueError, ("5 channels", "np.moveaxis(x, 0, -1)")),
        (CLIP.transpose(0, 3, 1, 2), ValueError, ("5 channels", "np.moveaxis(x, 1, -1)")),
        (np.zeros((2, 4, 5, 4), np.uint8), ValueError, ("4 channels", "with 1 or 3 channels.")),
    ],
)
def test_what_is_no_clip_is_told_with_its_remedy(
    check: Callable[..., None], value: Any, error: type[Exception], phrases: tuple[str, ...]
) -> None:
    with raises(error, *phrases):
        check(x=value)


def test_only_video_takes_a_batch() -> None:
    with raises(ValueError, "clip has the shape (1, 2, 4, 5, 3)"):
        validate.clip(clip=CLIP[np.newaxis])
    with raises(ValueError, "channels", "np.moveaxis(x, 2, -1)"):
        validate.video(x=CLIP[np.newaxis].transpose(0, 1, 4, 2, 3))
    with raises(ValueError, "channels", "np.moveaxis(x, 1, -1)"):
        validate.video(x=CLIP[np.newaxis].transpose(0, 4, 1, 2, 3))


@pytest.mark.parametrize(
    ("remedy", "value"),
    [
        (lambda x: np.moveaxis(x, 0, -1), CLIP.transpose(3, 0, 1, 2)),
        (lambda x: np.moveaxis(x, 1, -1), CLIP.transpose(0, 3, 1, 2)),
        (lambda x: np.round(x * 255).astype(np.uint8), np.full(CLIP.shape, 0.5)),
        (lambda x: np.round(x).astype(np.uint8), np.full(CLIP.shape, 200.4)),
    ],
)
def test_the_remedies_work(remedy: Callable[[Any], Any], value: np.ndarray) -> None:
    validate.clip(clip=remedy(value))
    assert remedy(value).shape == CLIP.shape


def test_same_shape() -> None:
    validate.same_shape(reference=CLIP, image=CLIP + 1)
    with raises(ValueError, "reference has the shape (2, 4, 5, 3)", "image has (1, 4, 5, 3)"):
        validate.same_shape(reference=CLIP, image=CLIP[:1])  # would broadcast
    with raises(TypeError, "image is a list"):
        validate.same_shape(reference=CLIP, image=CLIP.tolist())
    with raises(ValueError, "reference has the shape (0,)", "no values"):
        validate.same_shape(reference=np.zeros(0), image=np.zeros(0))


def test_frame_size() -> None:
    validate.frame_size(4, image=CLIP)
    with raises(ValueError, "image has frames of 4x5 pixels", "at least 5x5"):
        validate.frame_size(5, image=CLIP)
    with raises(ValueError, "image has the shape (9, 9)", "image[..., np.newaxis]"):
        validate.frame_size(5, image=np.zeros((9, 9)))


def test_data_range() -> None:
    assert validate.data_range(None, x=CLIP, y=CLIP) == 255
    assert validate.data_range(100, x=CLIP) == 100
    assert validate.data_range(1, x=np.array([0.0, 1.0002])) == 1  # rounding is no mistake
    assert validate.data_range(1.0, x=np.zeros(3), y=np.full(3, 9.0)) == 1
    assert validate.data_range(1.0, x=np.zeros(3), y=np.zeros(3, np.float32)) == 1
    with raises(ValueError, "data_range is missing, and x is float32", "1.0", "2.0", "255.0"):
        validate.data_range(None, x=np.zeros(3, np.float32))
    with raises(ValueError, "data_range is 1.0", "x span 0 to 255"):
        validate.data_range(1.0, x=np.array([0, 255], np.uint8))
    with raises(ValueError, "data_range is 1", "x span -1 to 1"):
        validate.data_range(1, x=np.array([-1.0, 1.0]))
    with raises(ValueError, "data_range is 0", "above 0"):
        validate.data_range(0, x=CLIP)
    with raises(ValueError, "data_range is nan", "finite"):
        validate.data_range(np.nan, x=CLIP)
    with raises(TypeError, "x is int32", "uint8 or a float"):
        validate.data_range(None, x=CLIP.astype(np.int32))
    with raises(TypeError, "x is uint8 and y is float64", "one scale"):
        validate.data_range(255, x=CLIP, y=CLIP / 255)
    for bad in (np.nan, np.inf):
        with raises(ValueError, "y holds NaN or infinity"):
            validate.data_range(1, x=np.zeros(2), y=np.array([0, bad]))


def test_mean_and_std() -> None:
    validate.mean_and_std(0, 1, num_channels=3)
    validate.mean_and_std([0.485, 0.456, 0.406], np.array([0.229, 0.224, 0.225]), 3)
    with raises(ValueError, "mean is [123.675, 116.28, 103.53]", "divide it by 255"):
        validate.mean_and_std([123.675, 116.28, 103.53], 1, 3)
    with raises(ValueError, "std is 58.4", "divide it by 255"):
        validate.mean_and_std(0.5, 58.4, 3)
    with raises(ValueError, "std is [0.2, 0.0, 0.2]", "above 0"):
        validate.mean_and_std(0.5, [0.2, 0.0, 0.2], 3)
    with raises(ValueError, "mean is -0.5", "0 or more"):
        validate.mean_and_std(-0.5, 0.2, 3)
    with raises(ValueError, "mean has the shape (3,)", "1: one for each channel"):
        validate.mean_and_std([0.5] * 3, 0.2, 1)
    with raises(ValueError, "std has the shape (1, 3)"):
        validate.mean_and_std(0.5, [[0.2] * 3], 3)
    with raises(ValueError, "std is [0.2, nan, 0.2]", "finite"):
        validate.mean_and_std(0.5, [0.2, np.nan, 0.2], 3)
    with raises(TypeError, "mean is 'imagenet'"):
        validate.mean_and_std("imagenet", 0.2, 3)


@pytest.mark.parametrize(
    ("arguments", "error", "phrases"),
    [
        ({"clips": CLIP}, ValueError, ("clips has the shape (2, 4, 5, 3)", "(batch, frames")),
        ({"size": 5}, ValueError, ("size is 5", "height", "is 4", "resize")),
        ({"size": 0}, ValueError, ("size is 0", "at least 1")),
        ({"tops": [0]}, ValueError, ("tops has the shape (1,)", "(2,)", "each clip")),
        ({"lefts": 0}, ValueError, ("lefts has the shape ()", "(2,)")),
        ({"flips": [True] * 3}, ValueError, ("flips has the shape (3,)", "(2,)")),
        ({"tops": [0, 2]}, ValueError, ("tops holds 2", "0 to 1", "height of 4")),
        ({"lefts": [-1, 0]}, ValueError, ("lefts holds -1", "0 to 2", "width of 5")),
        ({"lefts": [0.0, 1.0]}, TypeError, ("lefts is float64", "whole numbers")),
        ({"flips": [0.3, 0.7]}, TypeError, ("flips is float64", "booleans", "< 0.5")),
        ({"flips": [0, 1]}, TypeError, ("flips is int64", "booleans")),
    ],
)
def test_crops(
    arguments: dict[str, Any], error: type[Exception], phrases: tuple[str, ...]
) -> None:
    good = {
        "clips": np.stack([CLIP, CLIP]),
        "tops": [0, 1],
        "lefts": np.array([2, 0]),
        "flips": [False, True],
        "size": 3,
    }
    validate.crops(**good)
    with raises(error, *phrases):
        validate.crops(**(good | arguments))
