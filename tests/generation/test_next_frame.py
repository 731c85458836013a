"""The next-frame predictor and what it must beat: causality, rolling on, training, weights."""

from typing import Any

import numpy as np
import pytest

from helpers import generation
from helpers.generation import motion_controls, next_frame, storing


def squared_error(predicted: Any, true: Any) -> Any:
    """(frames,), in grey levels squared."""
    return ((predicted.astype(float) - true) ** 2).mean(axis=(0, 2, 3, 4))


@pytest.fixture(scope="module")
def video() -> Any:
    return generation.digits(200, seed=5, split="test").video


@pytest.fixture(scope="module")
def trained() -> Any:
    return next_frame.train(60, seed=0)


def test_a_later_frame_cannot_change_an_earlier_prediction(trained: Any, video: Any) -> None:
    clips = video[:8]
    before = trained.predict(clips)
    for frame in range(8):
        changed = clips.copy()
        changed[:, frame] = 255 - changed[:, frame]
        after = trained.predict(changed)
        np.testing.assert_array_equal(after[:, :frame], before[:, :frame])
        assert (after[:, frame] != before[:, frame]).any()


def test_it_sees_the_frame_before_the_last(trained: Any, video: Any) -> None:
    changed = video[:8].copy()
    changed[:, 3] = 0
    assert (trained.predict(changed)[:, 4] != trained.predict(video[:8])[:, 4]).any()


def test_untrained_it_repeats_the_frame(video: Any) -> None:
    untrained = next_frame.NextFrame(next_frame.next_frame_network(8))
    np.testing.assert_array_equal(untrained.predict(video[:4]), video[:4])
    np.testing.assert_array_equal(
        untrained.roll_out(video[:4, :2], 3), motion_controls.repeat_last(video[:4, :2], 3)
    )


def test_training_lowers_the_error_below_that_of_repeating(trained: Any, video: Any) -> None:
    assert len(trained.losses) == 60
    predicted = squared_error(trained.predict(video)[:, 1:-1], video[:, 2:]).mean()
    repeated = squared_error(video[:, 1:-1], video[:, 2:]).mean()
    assert predicted < 0.8 * repeated


def test_rolling_on_is_predicting_again_and_again(trained: Any, video: Any) -> None:
    first = trained.predict(video[:4, :2])[:, -1:]
    second = trained.predict(np.concatenate([video[:4, :2], first], axis=1))[:, -1:]
    rolled = trained.roll_out(video[:4, :2], 2)
    np.testing.assert_array_equal(rolled, np.concatenate([first, second], axis=1))


def test_samples_go_on_from_real_frames(trained: Any) -> None:
    samples = trained.sample(5, seed=9)
    real = generation.digits(5, seed=9).video
    assert samples.shape == real.shape and samples.dtype == np.uint8
    np.testing.assert_array_equal(samples[:, :2], real[:, :2])
    assert (samples[:, 2:] != real[:, 2:]).any()


def test_the_same_seed_trains_the_same() -> None:
    one, two, other = (next_frame.train(3, seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one.losses, two.losses)
    assert one.losses[-1] != other.losses[-1]


def test_it_trains_on_clips_of_any_length(video: Any) -> None:
    assert len(next_frame.train(2, seed=0, video=video[:, 3::2]).losses) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"num_steps": 0, "seed": 0}, "num_steps is 0"),
        ({"num_steps": 1, "seed": 0, "seconds": -1}, "seconds is -1"),
        (
            {"num_steps": 1, "seed": 0, "video": np.zeros((2, 1, 24, 24, 1), np.uint8)},
            "2 frames",
        ),
    ],
)
def test_bad_arguments(arguments: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        next_frame.train(**arguments)


def test_floats_are_no_clips(trained: Any) -> None:
    with pytest.raises(TypeError, match="video is float64"):
        trained.predict(np.zeros((1, 2, 24, 24, 1)))


def test_pushing_on_follows_a_digit(video: Any) -> None:
    """Whole pixels exactly, and parts of a pixel far better than standing still."""
    first = np.zeros((1, 2, 9, 9, 1), np.uint8)
    first[0, 0, 1:3, 2:4] = first[0, 1, 2:4, 4:6] = 200  # one down and two to the right
    pushed = motion_controls.push_on(first, 2)
    wanted = np.zeros((1, 2, 9, 9, 1), np.uint8)
    wanted[0, 0, 3:5, 6:8] = 200
    wanted[0, 1, 4:6, 8:9] = 200  # half of it has left
    np.testing.assert_array_equal(pushed, wanted)
    still = squared_error(motion_controls.repeat_last(video[:, :2], 6), video[:, 2:])
    moved = squared_error(motion_controls.push_on(video[:, :2], 6), video[:, 2:])
    assert (moved < 0.1 * still).all()


def test_pushing_on_needs_two_frames_with_light_in_them(video: Any) -> None:
    with pytest.raises(ValueError, match="2 frames or more"):
        motion_controls.push_on(video[:, :1], 2)
    dark = video[:3].copy()
    dark[1, 1] = 0
    with pytest.raises(ValueError, match="a clip, 1, with an all black frame"):
        motion_controls.push_on(dark[:, :2], 2)


def test_sharpness_falls_when_a_picture_is_blurred(video: Any) -> None:
    blurred = (video + np.roll(video.astype(int), 1, axis=3)) // 2
    assert motion_controls.sharpness(
        blurred.astype(np.uint8)
    ) < 0.9 * motion_controls.sharpness(video)
    stripes = np.zeros((1, 1, 4, 4, 1), np.uint8)
    stripes[..., 1::2, :] = 10  # 12 steps of 10 along the rows, 12 of 0 along the columns
    assert motion_controls.sharpness(stripes) == pytest.approx(np.sqrt(50))


def test_stored_weights_are_labelled_and_worth_it(video: Any) -> None:
    _, label = storing.load("next_frame")
    assert "benchmarks/generation.py" in label.command
    assert label.day.startswith("20") and "cores" in label.machine and label.about
    stored = next_frame.stored()
    predicted = squared_error(stored.predict(video)[:, 1:-1], video[:, 2:]).mean()
    assert predicted < 0.1 * squared_error(video[:, 1:-1], video[:, 2:]).mean()
