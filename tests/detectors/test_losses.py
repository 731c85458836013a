"""The losses equal Keras's, and the learning signal stays finite."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers import boxes, detectors


@pytest.mark.parametrize(("alpha", "gamma"), [(0.25, 2.0), (0.5, 0.0), (0.9, 1.0), (0.0, 5.0)])
def test_focal_loss_equals_keras(alpha: float, gamma: float) -> None:
    rng = np.random.default_rng(0)
    # Beyond, Keras cuts the probability off at 1e-7.
    logits = rng.uniform(-12, 12, (5000, 1)).astype(np.float32)
    targets = rng.integers(0, 2, (5000, 1))
    theirs = keras.losses.BinaryFocalCrossentropy(
        apply_class_balancing=True, alpha=alpha, gamma=gamma, from_logits=True, reduction="none"
    )(targets, logits)
    ours = detectors.focal_loss(logits, targets, alpha, gamma)
    assert ours.shape == logits.shape
    np.testing.assert_allclose(ours[:, 0], theirs, rtol=2e-4, atol=1e-9)


def test_focal_loss_by_hand() -> None:
    """p = 0.8 for the truth: -w * 0.2**2 * log(0.8)."""
    logit = np.log(0.8 / 0.2)
    got = detectors.focal_loss(np.array([logit, -logit]), np.array([1, 0]))
    np.testing.assert_allclose(got, 0.04 * -np.log(0.8) * np.array([0.25, 0.75]), rtol=1e-5)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
def test_focal_loss_and_its_gradient_are_finite_for_any_logit(gamma: float) -> None:
    logits = tf.constant([-1e4, -100.0, -20.0, 0.0, 20.0, 100.0, 1e4] * 2)
    targets = tf.constant([0.0] * 7 + [1.0] * 7)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = detectors.focal_loss(logits, targets, gamma=gamma)
    gradient = tape.gradient(loss, logits).numpy()
    assert np.isfinite(loss).all() and np.isfinite(gradient).all()
    assert (gradient[:7] >= 0).all() and (gradient[7:] <= 0).all()
    np.testing.assert_allclose(loss.numpy()[[6, 7]], [7500, 2500], rtol=1e-5)


def test_giou_loss_is_one_less_the_giou() -> None:
    rng = np.random.default_rng(1)
    corner = rng.uniform(-20, 20, (2, 3000, 2))
    a, b = np.concatenate([corner, corner + rng.uniform(0, 30, corner.shape)], axis=-1)
    wanted = [
        1 - boxes.generalized_iou(one[None], other[None])[0, 0]
        for one, other in zip(a, b, strict=True)
    ]
    got = detectors.giou_loss(a, b)
    np.testing.assert_allclose(got, wanted, atol=2e-5)
    np.testing.assert_allclose(
        detectors.giou_loss(a.reshape(30, 100, 4), b.reshape(30, 100, 4)),
        np.reshape(wanted, (30, 100)),
        atol=2e-5,
    )


def test_giou_loss_teaches_boxes_that_do_not_touch() -> None:
    target = tf.constant([[10.0, 0.0, 12.0, 2.0]])
    predicted = tf.Variable([[0.0, 0.0, 2.0, 2.0]])
    with tf.GradientTape() as tape:
        loss = detectors.giou_loss(predicted, target)
    assert loss.numpy()[0] == pytest.approx(1 + 2 / 3)
    assert tape.gradient(loss, predicted).numpy()[0, 2] < 0  # further to the right


def test_giou_loss_of_nothing_is_finite() -> None:
    """As of background, whose targets are empty boxes."""
    box = tf.Variable(np.array([[3.0, 3, 3, 3], [0, 0, 2, 2]]), dtype=tf.float32)
    with tf.GradientTape() as tape:
        loss = detectors.giou_loss(box, tf.constant([[3.0, 3, 3, 3], [5.0, 5, 5, 5]]))
    assert loss.numpy()[0] == 1
    assert np.isfinite(loss).all() and np.isfinite(tape.gradient(loss, box)).all()


def test_smooth_l1_equals_keras() -> None:
    difference = np.random.default_rng(2).normal(0, 2, (4000, 1))
    theirs = keras.losses.Huber(delta=1.0, reduction="none")(np.zeros((4000, 1)), difference)
    np.testing.assert_allclose(detectors.smooth_l1(difference)[:, 0], theirs, rtol=1e-5)


def test_malformed() -> None:
    logits, targets = np.zeros((2, 3)), np.zeros((2, 3))
    with pytest.raises(ValueError, match=r"logits has \(2, 3\) and targets has \(2,\)"):
        detectors.focal_loss(logits, targets[:, 0])
    with pytest.raises(ValueError, match="alpha is 2, but it must be from 0 to 1"):
        detectors.focal_loss(logits, targets, alpha=2)
    with pytest.raises(ValueError, match="gamma is -1"):
        detectors.focal_loss(logits, targets, gamma=-1)
    with pytest.raises(ValueError, match=r"predicted has the shape \(2, 3\)"):
        detectors.giou_loss(logits, targets)
    with pytest.raises(ValueError, match="their shapes must be equal"):
        detectors.giou_loss(np.zeros((2, 4)), np.zeros((1, 4)))
