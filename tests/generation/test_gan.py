"""The video GAN: its networks, its step, and what its stored weights make."""

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from helpers import generation
from helpers.generation import adversarial, gan, generator, storing, video_gan
from helpers.generation.discriminators import as_channels, clip_discriminator


@pytest.fixture(scope="module")
def untrained() -> gan.VideoGAN:
    tf.keras.utils.set_random_seed(0)
    return gan.VideoGAN()


@pytest.fixture(scope="module")
def stored() -> gan.VideoGAN:
    return gan.stored()


def real_clips(num_clips: int) -> tf.Tensor:
    video = generation.digits(num_clips, seed=1).video
    return tf.constant(video.astype(np.float32) / 127.5 - 1)


def test_losses_are_those_of_the_exercise() -> None:
    rng = np.random.default_rng(0)
    real, fake = rng.normal(size=(2, 50)).astype(np.float32) * 30
    expected = generation.gan_losses(real, fake)
    assert np.isclose(adversarial.discriminator_loss(real, fake), expected[0], rtol=1e-5)
    assert np.isclose(adversarial.generator_loss(fake), expected[1], rtol=1e-5)
    far = tf.constant([1e4])
    assert np.isfinite(adversarial.discriminator_loss(-far, far))


def test_r1_is_that_of_the_exercise_and_can_be_differentiated() -> None:
    real = tf.constant(np.random.default_rng(0).normal(size=(6, 5)).astype(np.float32))
    kernel = tf.Variable(np.linspace(-1, 1, 5, dtype=np.float32))

    def discriminator(x: tf.Tensor) -> tf.Tensor:
        return tf.reduce_sum(tf.sin(kernel * x), axis=-1)

    with tf.GradientTape() as tape:
        logits, penalty = adversarial.r1(discriminator, real, gamma=3.0)
    gradients = np.cos(kernel.numpy() * real.numpy()) * kernel.numpy()
    assert np.allclose(logits, discriminator(real))
    assert np.isclose(penalty, generation.r1_penalty(gradients, 3.0), rtol=1e-5)
    # The penalty's own gradient, against a difference.
    slope = tape.gradient(penalty, kernel).numpy()[4]
    values = []
    for step in (1e-2, -1e-2):
        kernel.assign_add([0, 0, 0, 0, step])
        values.append(float(adversarial.r1(discriminator, real, gamma=3.0)[1]))
        kernel.assign_add([0, 0, 0, 0, -step])
    assert np.isclose(slope, (values[0] - values[1]) / 2e-2, rtol=1e-2)


def test_shapes_and_range(untrained: gan.VideoGAN) -> None:
    content, motion = gan.codes(5, seed=0)
    clips = untrained.generator([content, motion]).numpy()
    assert clips.shape == (5, *generation.SHAPE) and clips.dtype == np.float32
    assert np.abs(clips).max() <= 1
    real = real_clips(8)
    assert untrained.frame_discriminator(real[:, 0]).shape == (8,)
    assert untrained.clip_discriminator(as_channels(real)).shape == (8,)
    video = untrained.sample(5, seed=0)
    assert video.dtype == np.uint8 and np.array_equal(video, untrained.sample(5, seed=0))
    assert not np.array_equal(video, untrained.sample(5, seed=1))
    assert np.abs(video / 127.5 - 1 - clips).max() < 0.005


def test_a_square_is_placed_between_cells() -> None:
    """The whole of it moves: one cell to the right, and half a cell down."""
    thing = np.random.default_rng(0).random((1, 8, 8, 16), np.float32)
    places = np.zeros((1, 8, 2), np.float32)
    places[0, 1] = (1, 0)
    places[0, 2] = (0, 0.5)
    placed = np.asarray(generator._placed(thing, places))
    assert placed.shape == (1, 8, 12, 12, 16)
    assert np.allclose(placed[0, 0, 2:10, 2:10], thing[0]) and placed[0, 0, :2].max() == 0
    assert np.allclose(placed[0, 1, 2:10, 3:11], thing[0], atol=1e-6)
    above = np.pad(thing[0], ((0, 1), (0, 0), (0, 0)))
    half = (above + np.roll(above, 1, axis=0)) / 2
    assert np.allclose(placed[0, 2, 2:11, 2:10], half, atol=1e-6)


def test_the_clip_discriminator_begins_with_a_3d_convolution() -> None:
    """Frames as channels: a kernel as long as the clip."""
    first = clip_discriminator().layers[1]
    clips = real_clips(4)
    kernel = first.kernel.numpy().transpose(2, 0, 1, 3)[:, :, :, np.newaxis]  # (8, 4, 4, 1, n)
    padded = tf.pad(clips, ((0, 0), (0, 0), (1, 1), (1, 1), (0, 0)))
    expected = tf.nn.conv3d(padded, kernel, (1, 1, 2, 2, 1), "VALID")[:, 0]
    assert np.allclose(first(as_channels(clips)), expected, atol=1e-4)


def test_clips_that_are_alike_have_no_deviation(untrained: gan.VideoGAN) -> None:
    """So that the discriminator's answer to a clip depends on the others of its group."""
    clips = as_channels(real_clips(8))
    alike = tf.repeat(clips[:1], 8, axis=0)
    answers = untrained.clip_discriminator(alike).numpy()
    assert np.ptp(answers) < 1e-5
    assert abs(untrained.clip_discriminator(clips).numpy()[0] - answers[0]) > 1e-4


def test_a_step_trains_each_side_and_the_average() -> None:
    model = gan.VideoGAN()
    networks = {
        "generator": model.generator,
        "frame": model.frame_discriminator,
        "clip": model.clip_discriminator,
    }
    before = {name: network.get_weights() for name, network in networks.items()}
    notes = model.train_step(real_clips(8), gamma=1.0)
    for name, network in networks.items():
        pairs = zip(before[name], network.get_weights(), strict=True)
        assert min(np.abs(old - new).max() for old, new in pairs) > 0, name
    assert set(notes) == {
        *("discriminator_loss", "generator_loss"),
        *("frame_real", "frame_fake", "clip_real", "clip_fake"),
    }
    assert all(0 <= float(notes[name]) <= 1 for name in list(notes)[2:])
    # The average lies between what was and what is.
    averages, weights = model.averaged.get_weights(), model.generator.get_weights()
    for old, average, new in zip(before["generator"], averages, weights, strict=True):
        assert np.allclose(average, old + (new - old) / 1.1, atol=1e-6)


@pytest.mark.parametrize("which", ["frame_discriminator", "clip_discriminator"])
def test_the_generator_learns_through_either_discriminator(
    untrained: gan.VideoGAN, which: str
) -> None:
    with tf.GradientTape() as tape:
        fake = untrained.generator(list(gan.codes(8, seed=0)))
        seen = fake[:, 3] if which == "frame_discriminator" else as_channels(fake)
        loss = adversarial.generator_loss(getattr(untrained, which)(seen))
    gradients = tape.gradient(loss, untrained.generator.trainable_variables)
    assert all(np.abs(gradient).max() > 0 for gradient in gradients)


def test_training_is_repeatable_and_noted() -> None:
    one, record = gan.train(6, seed=3, sample_every=4)
    again, _ = gan.train(6, seed=3)
    other, _ = gan.train(6, seed=4)
    weights = [model.generator.get_weights() for model in (one, again, other)]
    assert all(map(np.array_equal, weights[0], weights[1]))
    assert not all(map(np.array_equal, weights[0], weights[2]))
    assert record.steps == [6] and record.sampled == [4, 6] and record.seconds > 0
    assert all(samples.shape == (8, *generation.SHAPE) for samples in record.samples)
    assert np.array_equal(record.samples[-1], one.clips(*gan.codes(8, seed=0)))
    assert all(len(values) == 1 for values in record.curves.values())


def test_a_training_that_runs_away_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_gan, "DISCRIMINATOR_RATE", float("inf"))
    with pytest.raises(FloatingPointError, match="loss is nan by step 3"):
        gan.train(3, seed=0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_steps": 0}, "num_steps is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"seconds": 0}, "seconds is 0"),
        ({"gamma": -1.0}, "gamma is -1.0"),
        ({"sample_every": 0}, "sample_every is 0"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        gan.train(**{"num_steps": 1, "seed": 0, **arguments})


def test_weights_are_stored_with_a_label(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "FOLDER", tmp_path / "weights")
    weights = [np.arange(6, dtype=np.float32).reshape(2, 3), np.ones(1, np.float32)]
    label = storing.save("some", weights, command="python x.py", about="2 steps.")
    read, read_label = storing.load("some")
    assert read_label == label and all(map(np.array_equal, weights, read))
    assert str(label).startswith("2 steps. Not trained now, but by `python x.py` on 20")
    with pytest.raises(ValueError, match="no weights named 'others': take some of some"):
        storing.load("others")
    with pytest.raises(FloatingPointError, match="weights of some are not all finite"):
        storing.save("some", [np.array([1e6])], command="", about="")


def test_stored_weights_are_small_and_labelled() -> None:
    assert (storing.FOLDER / "gan.npz").stat().st_size < 500_000
    _, label = storing.load("gan")
    assert label.command == "python benchmarks/generation.py" and "2 cores" in label.machine
    assert "seed 0" in label.about and "steps" in label.about


def test_stored_weights_make_all_kinds(stored: gan.VideoGAN) -> None:
    kinds = generation.kinds(stored.sample(400, seed=5), generation.judge())
    assert len(set(kinds[kinds >= 0] // 4)) == 10
    assert len(set(kinds[kinds >= 0])) >= 36
    assert np.mean(kinds >= 0) > 0.6


def test_the_digit_follows_the_content_and_the_direction_the_motion(
    stored: gan.VideoGAN,
) -> None:
    content, motion = gan.codes(300, seed=6)
    seen = generation.judge().read(stored.clips(content, motion))
    swapped = generation.judge().read(stored.clips(content, motion[::-1]))
    is_sure = np.minimum(seen.digit_probability, swapped.digit_probability) > generation.SURE
    assert np.mean((seen.digit == swapped.digit)[is_sure]) > 0.9
    assert np.mean(seen.direction[::-1] == swapped.direction) > 0.85
