import re
import subprocess
import sys

import numpy as np
import pytest

from helpers import generation

NUM_CLIPS = 1000


@pytest.fixture(scope="module")
def judge() -> generation.Judge:
    return generation.judge()


@pytest.fixture(scope="module")
def test_clips() -> generation.Digits:
    """Of digits that the judge has never seen, and of a seed that is not its benchmark's."""
    return generation.digits(NUM_CLIPS, seed=7, split="test")


def test_it_reads_unseen_digits_and_their_directions(
    judge: generation.Judge, test_clips: generation.Digits
) -> None:
    seen = judge.read(test_clips.video)
    assert np.mean(seen.digit == test_clips.digit) > 0.94
    assert np.mean(seen.direction == test_clips.direction) > 0.995
    assert np.median(seen.digit_probability) > 0.9
    for probability in (seen.digit_probability, seen.direction_probability):
        assert probability.shape == (NUM_CLIPS,) and 0 < probability.min() <= 1


def test_reversed_clips_are_read_the_other_way_round(
    judge: generation.Judge, test_clips: generation.Digits
) -> None:
    seen = judge.read(test_clips.video[:, ::-1])
    opposite = np.array([1, 0, 3, 2])[test_clips.direction]
    assert np.mean(seen.direction == opposite) > 0.99
    assert np.mean(seen.digit == test_clips.digit) > 0.93


def test_it_is_unsure_of_what_shows_nothing(
    judge: generation.Judge, test_clips: generation.Digits
) -> None:
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (200, *generation.SHAPE), dtype=np.uint8)
    stills = np.repeat(test_clips.video[:200, 3:4], 8, axis=1)
    for video in (noise, np.zeros_like(noise), np.full_like(noise, 255)):
        assert np.mean(judge.read(video).digit_probability > generation.SURE) < 0.02
    of_stills = judge.read(stills)
    assert np.mean(of_stills.direction_probability > generation.SURE) < 0.1
    assert np.mean(of_stills.digit == test_clips.digit[:200]) > 0.85  # a still has a digit


def test_its_features_know_the_digit_and_the_direction(
    judge: generation.Judge, test_clips: generation.Digits
) -> None:
    """A linear probe on half of the clips names both in the other half."""
    from sklearn.linear_model import LogisticRegression

    features = judge.features(test_clips.video)
    assert features.shape == (NUM_CLIPS, 64) and features.dtype == np.float64
    half = NUM_CLIPS // 2
    for labels, least in ((test_clips.digit, 0.9), (test_clips.direction, 0.99)):
        probe = LogisticRegression(max_iter=2000).fit(features[:half], labels[:half])
        assert probe.score(features[half:], labels[half:]) > least


def test_the_blocks_do_not_show(judge: generation.Judge, test_clips: generation.Digits) -> None:
    features = judge.features(test_clips.video[:501])
    np.testing.assert_allclose(
        judge.features(test_clips.video[499:501]), features[499:], atol=1e-4
    )


def test_its_weights_are_small_and_labelled(judge: generation.Judge) -> None:
    from helpers.generation.storing import FOLDER

    assert (FOLDER / "judge.npz").stat().st_size < 300_000
    assert judge.label is not None
    assert judge.label.command == "python benchmarks/generation_judge.py"
    digits, directions = re.findall(r"(\d+\.\d)% of the", judge.label.about)
    assert float(digits) >= 95 and float(directions) >= 99.5
    assert generation.judge() is judge


def test_samples_of_the_wrong_kind_are_one_clear_error(judge: generation.Judge) -> None:
    video = np.zeros((2, *generation.SHAPE), np.uint8)
    with pytest.raises(TypeError, match=r"video is float32, .*\.clip\(0, 255\)\.astype"):
        judge.read(video.astype(np.float32))
    with pytest.raises(TypeError, match="video is list"):
        judge.read([video])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"video has the shape \(8, 24, 24, 1\)"):
        judge.features(video[0])
    with pytest.raises(ValueError, match=r"video has the shape \(0, 8, 24, 24, 1\)"):
        judge.read(video[:0])


def test_the_package_is_imported_without_tensorflow() -> None:
    program = (
        "import sys; from helpers import generation; generation.digits(2, seed=0); "
        "print({'tensorflow', 'keras'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout.strip() == "set()", run.stdout + run.stderr
