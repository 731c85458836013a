"""How good a classifier is: accuracy, confusions, clips voting for a video, calibration."""

import numpy as np

from helpers import validate


def top_k_accuracy(scores: np.ndarray, labels: np.ndarray, k: int = 5) -> float:
    """Share of the clips whose label is among the k classes with the highest scores.

    Of equal scores the class with the lower number ranks first, as in `np.argmax` and
    `tf.math.top_k`, so that exactly k classes count for each clip. Without equal scores this is
    scikit-learn's `top_k_accuracy_score` and Keras's `sparse_top_k_categorical_accuracy`.

    Args:
        scores: floats, (clips, classes): logits or probabilities; larger is more likely.
        labels: whole numbers from 0 to classes - 1, (clips,).
        k: how many classes count, from 1 to classes.

    Returns:
        From 0 to 1; larger is better.

    Raises:
        TypeError, ValueError: when an argument is not as described, is empty or holds NaN.

    >>> scores = np.array([[0.1, 0.7, 0.2], [0.5, 0.2, 0.3]])
    >>> labels = np.array([2, 0])
    >>> top_k_accuracy(scores, labels, k=1), top_k_accuracy(scores, labels, k=2)
    (0.5, 1.0)
    """
    validate.scores_and_labels(scores, labels)
    validate.top_k(k, num_classes=scores.shape[1])
    # A stable sort leaves equal scores in the order of the classes.
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return float(np.mean((best == labels[:, None]).any(axis=1)))


def confusion_matrix(
    labels: np.ndarray, predictions: np.ndarray, num_classes: int
) -> np.ndarray:
    """Count how often each class was taken for each.

    Args:
        labels: the true classes, whole numbers from 0 to num_classes - 1, (clips,).
        predictions: the predicted ones, in the same way.
        num_classes: how many classes there are, whether or not all of them occur.

    Returns:
        int64, (num_classes, num_classes): in row i and column j, the number of clips of class i
        that were predicted as j. Equal to scikit-learn's `confusion_matrix` with
        `labels=range(num_classes)`.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> confusion_matrix(np.array([0, 0, 2]), np.array([0, 2, 2]), num_classes=3)
    array([[1, 0, 1],
           [0, 0, 0],
           [0, 0, 1]])
    """
    validate.class_indices(num_classes, labels=labels, predictions=predictions)
    matrix = np.zeros((num_classes, num_classes), np.int64)
    # A plain += would count a pair that comes several times only once.
    np.add.at(matrix, (labels, predictions), 1)
    return matrix


def per_class_accuracy(
    labels: np.ndarray, predictions: np.ndarray, num_classes: int
) -> np.ndarray:
    """Share of each class's clips that were predicted right: the recall of the class.

    Args:
        labels, predictions, num_classes: as in `confusion_matrix`.

    Returns:
        float64, (num_classes,); NaN for a class that has no clip. Their mean, without NaN, is
        the balanced accuracy.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> per_class_accuracy(np.array([0, 0, 2]), np.array([0, 2, 2]), num_classes=3)
    array([0.5, nan, 1. ])
    """
    matrix = confusion_matrix(labels, predictions, num_classes)
    num_clips = matrix.sum(axis=1)
    return np.where(num_clips > 0, np.diag(matrix) / np.maximum(num_clips, 1), np.nan)


def vote_clips(
    probabilities: np.ndarray, video_ids: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Turn what was predicted for clips into one prediction for each video.

    A video's probabilities are the mean of its clips'. Each clip has the same say, and counts
    as much as it is sure.

    Args:
        probabilities: floats, (clips, classes), each row from a softmax.
        video_ids: which video each clip is from, whole numbers or text, (clips,). The clips of a
            video may stand anywhere.

    Returns:
        The ids of the videos, each once, in ascending order; and their probabilities, float64,
        (videos, classes), in the same order.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.7]])
    >>> ids, votes = vote_clips(probabilities, np.array(["b", "a", "b"]))
    >>> ids.tolist(), votes.round(2).tolist()
    (['a', 'b'], [[0.2, 0.8], [0.6, 0.4]])
    """
    validate.probabilities(probabilities=probabilities)
    validate.clip_ids(len(probabilities), video_ids=video_ids)
    ids, video, num_clips = np.unique(video_ids, return_inverse=True, return_counts=True)
    sums = np.zeros((len(ids), probabilities.shape[1]))
    np.add.at(sums, video, probabilities)  # a plain += would add one clip of each video alone
    return ids, sums / num_clips[:, None]


def expected_calibration_error(
    probabilities: np.ndarray, labels: np.ndarray, num_bins: int = 15
) -> float:
    """How far a classifier's confidence is from how often it is right; smaller is better.

    The confidence in a prediction is the largest probability. The clips are sorted by it into
    bins of equal width, open on the left and closed on the right; in each bin, accuracy and
    mean confidence are compared; the absolute differences are averaged, weighted by the number
    of clips. So in Guo, Pleiss, Sun and Weinberger (2017), with their 15 bins. The value depends
    on the bins and, with few clips, is too large.

    Args:
        probabilities: floats, (clips, classes), each row from a softmax.
        labels: whole numbers from 0 to classes - 1, (clips,).
        num_bins: how many bins there are between 0 and 1, at least 1.

    Returns:
        From 0 to 1.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> probabilities = np.array([[0.75, 0.25], [0.75, 0.25]])
    >>> expected_calibration_error(probabilities, np.array([0, 1]))
    0.25
    """
    validate.probabilities(probabilities=probabilities)
    validate.scores_and_labels(probabilities, labels)
    validate.positive_int(num_bins=num_bins)
    confidence = probabilities.max(axis=1).astype(np.float64)
    is_right = probabilities.argmax(axis=1) == labels
    edges = np.linspace(0, 1, num_bins + 1)
    # A float32 softmax can be a hair above 1: it belongs in the last bin.
    bins = np.minimum(np.searchsorted(edges, confidence, side="left"), num_bins)
    # Accuracy minus confidence, times the number of clips, is a sum over the bin's clips.
    gaps = np.bincount(bins, weights=is_right - confidence)
    return float(np.abs(gaps).sum() / len(labels))
