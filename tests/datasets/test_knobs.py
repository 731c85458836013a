from typing import Any

import pytest

from helpers import datasets, validate


@pytest.mark.parametrize(
    ("knobs", "error", "message"),
    [
        ({"num_clips": 0}, ValueError, "num_clips is 0, but it must be at least 1"),
        ({"seed": -3}, ValueError, "seed is -3"),
        ({"seed": 1.5}, TypeError, "seed is 1.5"),
        ({"num_frames": 5}, ValueError, "num_frames is 5, but it must be from 6 to 512"),
        ({"num_frames": 5, "motions": ("up", "braking")}, ValueError, "num_frames is 5, .* 6"),
        ({"num_frames": 1, "motions": ("up",)}, ValueError, "num_frames is 1, .* from 2 to"),
        ({"size": 15}, ValueError, "size is 15, but it must be from 1[68] to 512"),
        ({"size": 32.0}, TypeError, "size is 32.0"),
        ({"num_objects": 0}, ValueError, "num_objects is 0"),
        ({"channels": 4}, ValueError, r"channels holds 4, .* one of \(1, 3\)"),
        ({"motions": "left"}, TypeError, r"motions is 'left' .* write \('left',\)"),
        (
            {"motions": ("diagonal",)},
            ValueError,
            "motions holds 'diagonal', .*'there and back'",
        ),
        ({"motions": ("up", "up")}, ValueError, "none may come twice"),
        ({"motions": ()}, ValueError, "motions is empty"),
        (
            {"object_size": (14, 10)},
            ValueError,
            "object_size is .14, 10., .* smaller one first",
        ),
        ({"object_size": 12}, ValueError, "object_size is 12, but it must be two numbers"),
        ({"object_size": (4, 10)}, ValueError, "object_size is .4, 10., .* from (6|14) to 28"),
        (
            {"object_size": (10, 29)},
            ValueError,
            "object_size is .10, 29., .* from (6|14) to 28",
        ),
        ({"noise": -1}, ValueError, "noise is -1"),
        ({"noise": float("nan")}, ValueError, "noise is nan"),
        ({"motion_blur": 1.5}, ValueError, "motion_blur is 1.5, but it must be from 0 to 1"),
        ({"motion_blur": "much"}, TypeError, "motion_blur is 'much'"),
        ({"occluder": 32}, ValueError, "occluder is 32, but it must be from 0 to 31"),
        ({"occluder": 2.5}, TypeError, "occluder is 2.5"),
    ],
)
@pytest.mark.parametrize("make", [datasets.moving_shapes, datasets.moving_digits])
def test_a_wrong_knob_is_named(
    make: Any, knobs: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make(**{"num_clips": 1, "seed": 0, **knobs})


def test_wrong_shapes() -> None:
    with pytest.raises(
        ValueError, match="shapes holds 'star', but each of them must be one of"
    ):
        datasets.moving_shapes(1, seed=0, shapes=("star",))
    with pytest.raises(ValueError, match="a circle does not show that it turns"):
        datasets.moving_shapes(1, seed=0, shapes=("bar", "circle"))
    datasets.moving_shapes(1, seed=0, shapes=("circle",), motions=("left", "free"))


def test_extreme_knobs_work() -> None:
    tiny = datasets.moving_shapes(
        3, seed=0, size=16, object_size=(12, 12), num_objects=5, num_frames=6, occluder=15
    )
    assert tiny.visible.shape == (3, 6, 5) and tiny.boxes.shape == (3, 6, 5, 4)
    long = datasets.moving_shapes(1, seed=0, num_frames=300, motions=("free", "accelerating"))
    assert long.video.shape == (1, 300, 32, 32, 1)
    small = datasets.moving_digits(50, seed=0, size=18, object_size=(14, 14), num_frames=6)
    assert small.masks.any(axis=(-2, -1)).all()


def test_ranges() -> None:
    validate.within(0, 1, share=(0, 1))
    validate.low_and_high(limits=(2, 2))
    with pytest.raises(ValueError, match=r"limits is .3, 1., but it must be two numbers"):
        validate.low_and_high(limits=(3, 1))
    with pytest.raises(TypeError, match="share is None"):
        validate.within(0, 1, share=None)
