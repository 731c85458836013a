import numpy as np
import pytest

from helpers.generation import gan_losses, r1_penalty


def draw(rng: np.random.Generator, largest: float) -> tuple[np.ndarray, np.ndarray]:
    shapes = [(int(n), 1) for n in rng.integers(1, 9, 2)]
    real, fake = (rng.uniform(-largest, largest, shape) for shape in shapes)
    return real, fake


@pytest.mark.parametrize("largest", [1e-3, 1.0, 30.0, 1e4])
def test_equal_to_tensorflow_and_keras(largest: float) -> None:
    import keras
    import tensorflow as tf

    of_keras = keras.losses.BinaryCrossentropy(from_logits=True)
    rng = np.random.default_rng(0)
    for _ in range(50):
        real, fake = draw(rng, largest)
        discriminator, generator = gan_losses(real, fake)

        def loss(logits: np.ndarray, label: float) -> tuple[float, float]:
            labels = np.full_like(logits, label)
            entropies = tf.nn.sigmoid_cross_entropy_with_logits(labels, tf.constant(logits))
            return float(np.mean(entropies)), float(of_keras(labels, logits))

        for i, precision in enumerate((1e-12, 1e-5)):  # Keras computes in float32
            wanted = loss(real, 1)[i] + loss(fake, 0)[i]
            np.testing.assert_allclose(discriminator, wanted, rtol=precision, atol=1e-30)
            np.testing.assert_allclose(generator, loss(fake, 1)[i], rtol=precision, atol=1e-30)


def test_logits_of_any_size_in_either_precision() -> None:
    for dtype in (np.float32, np.float64):
        real: np.ndarray = np.array([-1e4, 1e4], dtype)
        fake: np.ndarray = np.array([1e4, 1e4], dtype)
        assert gan_losses(real, fake) == (1.5e4, 0.0)
        assert gan_losses(-real, -fake) == (5e3, 1e4)


def test_at_equilibrium_the_losses_are_known() -> None:
    discriminator, generator = gan_losses(np.zeros((4, 1)), np.zeros((4, 1)))
    np.testing.assert_allclose([discriminator, generator], [2 * np.log(2), np.log(2)])


def test_the_generator_has_a_slope_where_the_saturating_loss_has_none() -> None:
    """For a fake that is found out, with the odds 1 to e^10."""
    step = 1e-4
    fakes = np.array([-10.0, -10.0 + step])
    losses = [gan_losses(np.zeros(1), fake[np.newaxis])[1] for fake in fakes]
    saturating = [-np.logaddexp(0, fake) for fake in fakes]
    assert abs(losses[1] - losses[0]) / step > 0.99
    assert abs(saturating[1] - saturating[0]) / step < 1e-4


def test_bad_logits_are_one_clear_error() -> None:
    good = np.zeros((2, 1))
    with pytest.raises(TypeError, match=r"fake_logits is list, .* NumPy array of floats"):
        gan_losses(good, [0.0])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="real_logits is int64"):
        gan_losses(np.zeros(2, int), good)
    with pytest.raises(ValueError, match=r"real_logits has the shape \(0, 1\)"):
        gan_losses(good[:0], good)
    with pytest.raises(ValueError, match="fake_logits must hold finite numbers"):
        gan_losses(good, np.array([np.nan]))


def test_r1_is_equal_to_the_gradient_by_tensorflow() -> None:
    import tensorflow as tf

    rng = np.random.default_rng(1)
    for _ in range(20):
        clips = tf.constant(rng.normal(size=(3, 2, 4, 4, 1)))
        weight = tf.constant(rng.normal(size=(32, 1)))
        with tf.GradientTape() as tape:
            tape.watch(clips)
            logits = tf.tanh(tf.reshape(clips, (3, -1)) @ weight / 6)
            total = tf.reduce_sum(logits)
        gradients = tape.gradient(total, clips)
        by_hand = (1 - logits**2) * tf.reduce_sum(weight**2) ** 0.5 / 6  # each clip's length
        wanted = 10 / 2 * np.mean(by_hand**2)
        np.testing.assert_allclose(r1_penalty(gradients.numpy(), 10), wanted, rtol=1e-10)


def test_r1_is_equal_to_loops() -> None:
    rng = np.random.default_rng(2)
    for _ in range(100):
        shape = tuple(int(n) for n in rng.integers(1, 4, rng.integers(2, 6)))
        gradients, gamma = rng.normal(size=shape), float(rng.uniform(0, 20))
        total = 0.0
        for clip in gradients:
            total += sum(float(number) ** 2 for number in clip.ravel())
        np.testing.assert_allclose(
            r1_penalty(gradients, gamma), gamma / 2 * total / len(gradients), rtol=1e-12
        )


def test_bad_gradients_are_one_clear_error() -> None:
    with pytest.raises(ValueError, match=r"gradients has the shape \(3,\)"):
        r1_penalty(np.zeros(3), 1)
    with pytest.raises(TypeError, match="gradients is int64"):
        r1_penalty(np.zeros((3, 2), int), 1)
    with pytest.raises(ValueError, match="gamma is -1"):
        r1_penalty(np.zeros((3, 2)), -1)
