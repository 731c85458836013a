import numpy as np
import pytest

from helpers.from_scratch import smooth_labels


def test_the_loss_on_them_is_kerass_smoothed_loss() -> None:
    import keras

    rng = np.random.default_rng(0)
    for _ in range(200):
        batch, num_classes = (int(n) for n in rng.integers([1, 2], [6, 10]))
        labels = rng.integers(0, num_classes, batch)
        smoothing = float(rng.choice([0, 0.1, rng.random()]))
        logits = rng.normal(size=(batch, num_classes)).astype(np.float32) * 3
        by_keras = keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=smoothing, reduction="none"
        )(np.eye(num_classes, dtype=np.float32)[labels], logits)
        plain = keras.losses.CategoricalCrossentropy(from_logits=True, reduction="none")
        got = plain(smooth_labels(labels, num_classes, smoothing), logits)
        np.testing.assert_allclose(got, by_keras, rtol=1e-5, atol=1e-6)


def test_equal_to_the_papers_formula() -> None:
    """q′(k) = (1 − ε) δ(k, y) + ε u(k), with the uniform distribution u(k) = 1 / K."""
    rng = np.random.default_rng(1)
    for _ in range(300):
        num_classes = int(rng.integers(1, 500))
        labels = rng.integers(0, num_classes, int(rng.integers(1, 9)))
        smoothing = float(rng.random())
        delta = labels[:, None] == np.arange(num_classes)
        wanted = (1 - smoothing) * delta + smoothing / num_classes
        got = smooth_labels(labels, num_classes, smoothing)
        assert got.dtype == np.float32
        np.testing.assert_allclose(got, wanted, rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(got.sum(axis=1), 1, rtol=1e-5)


def test_without_smoothing_they_are_one_hot() -> None:
    labels = np.array([3, 0, 3], np.int8)
    np.testing.assert_array_equal(smooth_labels(labels, 5, 0), np.eye(5)[labels])


def test_bad_input_is_one_clear_error() -> None:
    labels = np.array([0, 2])
    with pytest.raises(ValueError, match="labels holds 2, but there are 2 classes"):
        smooth_labels(labels, 2, 0.1)
    with pytest.raises(ValueError, match="smoothing is 1, but it must be 0 or more and below"):
        smooth_labels(labels, 3, 1)
    with pytest.raises(TypeError, match="labels is float64, but classes are whole numbers"):
        smooth_labels(labels.astype(float), 3, 0.1)
    with pytest.raises(ValueError, match=r"labels has the shape \(0,\)"):
        smooth_labels(labels[:0], 3, 0.1)
