import itertools
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn import metrics as sklearn_metrics

from helpers.metrics import (
    confusion_matrix,
    expected_calibration_error,
    per_class_accuracy,
    top_k_accuracy,
    vote_clips,
)


def softmax(logits: np.ndarray) -> np.ndarray:
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def draw(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    num_clips, num_classes = (int(n) for n in rng.integers([1, 3], [30, 12]))
    return rng.normal(size=(num_clips, num_classes)), rng.integers(0, num_classes, num_clips)


def test_top_k_equals_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    for _ in range(500):
        scores, labels = draw(rng)
        num_classes = scores.shape[1]
        for k in range(1, num_classes):
            expected = sklearn_metrics.top_k_accuracy_score(
                labels, scores, k=k, labels=range(num_classes)
            )
            assert top_k_accuracy(scores, labels, k) == pytest.approx(expected)
        assert top_k_accuracy(scores, labels, num_classes) == 1


def test_top_k_equals_keras() -> None:
    import keras

    rng = np.random.default_rng(1)
    for _ in range(50):
        scores, labels = draw(rng)
        k = int(rng.integers(1, scores.shape[1] + 1))
        scores = scores.astype(np.float32)
        expected = keras.metrics.sparse_top_k_categorical_accuracy(labels, scores, k=k)
        assert top_k_accuracy(scores, labels, k) == pytest.approx(np.mean(expected))


def test_the_conventions_for_equal_scores() -> None:
    """A network that has died gives every class one score: here it gets chance, no more."""
    import keras
    import tensorflow as tf

    scores, labels = np.ones((10, 10), np.float32), np.arange(10)
    assert top_k_accuracy(scores, labels, k=5) == 0.5
    assert np.mean(keras.metrics.sparse_top_k_categorical_accuracy(labels, scores, k=5)) == 1
    # scikit-learn takes those with the higher numbers, TensorFlow's sort the lower ones.
    assert sklearn_metrics.top_k_accuracy_score(labels[:5], scores[:5], k=5, labels=labels) == 0
    assert tf.math.top_k(scores, k=5).indices.numpy()[0].tolist() == [0, 1, 2, 3, 4]
    assert top_k_accuracy(scores[:5], labels[:5], k=5) == 1


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_top_k_with_many_equal_scores(data: st.DataObject) -> None:
    num_clips, num_classes = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    scores = data.draw(hnp.arrays(float, (num_clips, num_classes), elements=st.integers(0, 2)))
    labels = data.draw(hnp.arrays(int, num_clips, elements=st.integers(0, num_classes - 1)))
    assert top_k_accuracy(scores, labels, 1) == np.mean(scores.argmax(axis=1) == labels)
    shares = [top_k_accuracy(scores, labels, k) for k in range(1, num_classes + 1)]
    assert shares == sorted(shares) and shares[-1] == 1
    for k, share in enumerate(shares, start=1):
        ranks = [
            sum(s > row[label] or (s == row[label] and c < label) for c, s in enumerate(row))
            for row, label in zip(scores, labels, strict=True)
        ]
        assert share == pytest.approx(np.mean([rank < k for rank in ranks]))


def test_confusion_matrix_equals_scikit_learn() -> None:
    rng = np.random.default_rng(2)
    for _ in range(1000):
        num_clips, num_classes = (int(n) for n in rng.integers([1, 1], [40, 12]))
        labels, predictions = rng.integers(0, num_classes, (2, num_clips))
        got = confusion_matrix(labels, predictions, num_classes)
        expected = sklearn_metrics.confusion_matrix(
            labels, predictions, labels=range(num_classes)
        )
        assert got.dtype == np.int64 and got.tolist() == expected.tolist()


def test_confusion_matrix_of_narrow_labels() -> None:
    labels = np.full(300, 101, np.uint8)  # 101 * 200 and 300 are more than a uint8 holds
    assert confusion_matrix(labels, labels, 200)[101, 101] == 300


def test_per_class_accuracy_equals_scikit_learns_recall() -> None:
    rng = np.random.default_rng(3)
    for _ in range(300):
        num_clips, num_classes = (int(n) for n in rng.integers([1, 1], [40, 12]))
        labels, predictions = rng.integers(0, num_classes, (2, num_clips))
        expected = sklearn_metrics.recall_score(
            labels, predictions, labels=range(num_classes), average=None, zero_division=np.nan
        )
        got = per_class_accuracy(labels, predictions, num_classes)
        np.testing.assert_allclose(got, expected)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a prediction that is no label
            balanced = sklearn_metrics.balanced_accuracy_score(labels, predictions)
        assert np.nanmean(got) == pytest.approx(balanced)


def test_vote_clips_video_by_video() -> None:
    rng = np.random.default_rng(4)
    for _ in range(300):
        probabilities = softmax(draw(rng)[0])
        video_ids = rng.integers(-3, 4, len(probabilities))
        ids, votes = vote_clips(probabilities, video_ids)
        assert ids.tolist() == sorted(set(video_ids.tolist()))
        expected = [probabilities[video_ids == video].mean(axis=0) for video in ids]
        np.testing.assert_allclose(votes, expected)
        np.testing.assert_allclose(votes.sum(axis=1), 1)
        order = rng.permutation(len(probabilities))
        again, shuffled = vote_clips(probabilities[order], video_ids[order])
        assert again.tolist() == ids.tolist()
        np.testing.assert_allclose(shuffled, votes)


def test_one_sure_clip_can_outvote_two_unsure_ones() -> None:
    probabilities = np.array([[0.95, 0.05], [0.45, 0.55], [0.45, 0.55]])
    _, votes = vote_clips(probabilities, np.zeros(3, int))
    assert votes.argmax() == 0 and np.median(probabilities.argmax(axis=1)) == 1


def calibration_error_clip_by_clip(
    probabilities: np.ndarray, labels: np.ndarray, num_bins: int
) -> float:
    edges = np.linspace(0, 1, num_bins + 1)
    error = 0.0
    for low, high in itertools.pairwise(edges):
        inside = [
            (max(row), np.argmax(row) == label)
            for row, label in zip(probabilities.tolist(), labels, strict=True)
            if low < max(row) <= high
        ]
        if inside:
            confidence = sum(c for c, _ in inside) / len(inside)
            accuracy = sum(right for _, right in inside) / len(inside)
            error += abs(accuracy - confidence) * len(inside) / len(labels)
    return error


def test_calibration_error_equals_the_definition() -> None:
    rng = np.random.default_rng(5)
    for _ in range(500):
        scores, labels = draw(rng)
        probabilities = softmax(scores * rng.uniform(0.1, 5))
        if rng.random() < 0.3:  # on the edges between bins
            probabilities = np.eye(scores.shape[1])[labels] * 0.6 + 0.4 / scores.shape[1]
        num_bins = int(rng.integers(1, 21))
        expected = calibration_error_clip_by_clip(probabilities, labels, num_bins)
        got = expected_calibration_error(probabilities, labels, num_bins)
        assert got == pytest.approx(expected, abs=1e-12)


def test_calibration_error_of_known_classifiers() -> None:
    rng = np.random.default_rng(6)
    probabilities = softmax(rng.normal(size=(50_000, 5)))
    honest = np.array([rng.choice(5, p=row) for row in probabilities[:20_000]])
    assert expected_calibration_error(probabilities[:20_000], honest) < 0.02
    sure = np.eye(5)[rng.integers(0, 5, 1000)]
    assert expected_calibration_error(sure, sure.argmax(axis=1)) == 0
    assert expected_calibration_error(sure, (sure.argmax(axis=1) + 1) % 5) == 1
    float32 = np.array([[1.0000001, 0.0]], np.float32)  # a hair above 1
    assert expected_calibration_error(float32, np.array([0])) == pytest.approx(0, abs=1e-6)


def test_the_arguments_stay_as_they_were() -> None:
    scores, labels = draw(np.random.default_rng(7))
    probabilities, ids = softmax(scores), np.zeros(len(labels), int)
    for array in (scores, labels, probabilities, ids):
        array.flags.writeable = False
    top_k_accuracy(scores, labels, 2)
    confusion_matrix(labels, labels, scores.shape[1])
    vote_clips(probabilities, ids)
    expected_calibration_error(probabilities, labels)


def test_bad_input_is_one_clear_error() -> None:
    scores, labels = np.eye(3), np.array([0, 1, 2])
    with pytest.raises(ValueError, match=r"k is 5, but there are 3 classes"):
        top_k_accuracy(scores, labels)
    with pytest.raises(ValueError, match=r"k is 0"):
        top_k_accuracy(scores, labels, 0)
    with pytest.raises(ValueError, match=r"labels holds 3, but there are 3 classes"):
        top_k_accuracy(scores, labels + 1, 1)
    with pytest.raises(ValueError, match=r"scores has 3 rows and labels has 2"):
        top_k_accuracy(scores, labels[:2], 1)
    with pytest.raises(ValueError, match=r"labels has the shape \(3, 3\).* one row"):
        top_k_accuracy(scores, np.eye(3, dtype=int), 1)
    with pytest.raises(TypeError, match=r"labels is float64, but classes are whole"):
        top_k_accuracy(scores, labels / 1, 1)
    with pytest.raises(ValueError, match=r"scores holds NaN .* diverged"):
        top_k_accuracy(scores * np.nan, labels, 1)
    with pytest.raises(TypeError, match=r"scores is int64"):
        top_k_accuracy(np.eye(3, dtype=int), labels, 1)
    with pytest.raises(ValueError, match=r"scores has the shape \(3,\)"):
        top_k_accuracy(scores[0], labels, 1)
    with pytest.raises(TypeError, match=r"scores is a list"):
        top_k_accuracy([[1.0]], labels, 1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"labels has 3 and predictions has 2 numbers"):
        confusion_matrix(labels, labels[:2], 3)
    with pytest.raises(ValueError, match=r"predictions holds -1"):
        confusion_matrix(labels, labels - 1, 3)
    with pytest.raises(ValueError, match=r"labels has the shape \(0,\)"):
        per_class_accuracy(labels[:0], labels[:0], 3)
    with pytest.raises(ValueError, match=r"holds -2, below 0: are these logits"):
        vote_clips(scores - 2, labels)
    with pytest.raises(ValueError, match=r"a row, 0, that sums to 2"):
        vote_clips(2 * scores, labels)
    with pytest.raises(ValueError, match=r"video_ids has the shape \(2,\).* \(3,\)"):
        vote_clips(scores, labels[:2])
    with pytest.raises(TypeError, match=r"video_ids is float64"):
        vote_clips(scores, labels / 1)
    with pytest.raises(ValueError, match=r"num_bins is 0"):
        expected_calibration_error(scores, labels, 0)
