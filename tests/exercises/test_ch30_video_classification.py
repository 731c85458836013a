"""Right answers that are written in another way than the course's must pass, too."""

import itertools
import math
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import signal, special
from sklearn import metrics as sklearn_metrics

from helpers.course.checking import examine, shown_arguments, shown_results
from helpers.exercises import ch30_video_classification as chapter


def pad_by_the_documentation(clip: Any, kernel: Any, stride: Any) -> Any:
    """TensorFlow's "Notes on padding", which go by the remainder of the length."""
    pads = []
    for length, size, step in zip(clip.shape, kernel.shape[:3], stride, strict=False):
        zeros = max(size - (length % step or step), 0)
        pads.append((zeros // 2, math.ceil(zeros / 2)))
    return np.pad(clip, [*pads, (0, 0)])


def conv3d_by_seven_loops(
    clip: Any, kernel: Any, stride: Any = (1, 1, 1), padding: Any = "valid"
) -> Any:
    if padding == "same":
        clip = pad_by_the_documentation(clip, kernel, stride)
    shape = [
        (n - size) // s + 1
        for n, size, s in zip(clip.shape, kernel.shape[:3], stride, strict=False)
    ]
    result = np.zeros((*shape, kernel.shape[4]))
    for t, y, x in itertools.product(*map(range, shape)):
        for i, j, k in itertools.product(*map(range, kernel.shape[:3])):
            pixel = clip[t * stride[0] + i, y * stride[1] + j, x * stride[2] + k]
            for channel in range(kernel.shape[3]):
                for number in range(kernel.shape[4]):
                    weight = kernel[i, j, k, channel, number]
                    result[t, y, x, number] += pixel[channel] * weight
    return result


def conv3d_by_scipy(
    clip: Any, kernel: Any, stride: Any = (1, 1, 1), padding: Any = "valid"
) -> Any:
    if padding == "same":
        clip = pad_by_the_documentation(clip, kernel, stride)
    every = tuple(slice(None, None, step) for step in stride)
    filters = [
        sum(
            signal.correlate(clip[..., c], kernel[..., c, number], "valid")
            for c in range(clip.shape[3])
        )[every]
        for number in range(kernel.shape[4])
    ]
    return np.stack(filters, axis=-1)


def conv3d_by_one_matrix_product_for_each_weight(
    clip: Any, kernel: Any, stride: Any = (1, 1, 1), padding: Any = "valid"
) -> Any:
    if padding == "same":
        clip = pad_by_the_documentation(clip, kernel, stride)
    ends = [n - size + 1 for n, size in zip(clip.shape, kernel.shape[:3], strict=False)]
    result: Any = 0
    for start in np.ndindex(kernel.shape[:3]):
        part = tuple(slice(i, i + e, s) for i, e, s in zip(start, ends, stride, strict=True))
        result = result + clip[part] @ kernel[start]
    return result


def conv3d_by_tensorflow(
    clip: Any, kernel: Any, stride: Any = (1, 1, 1), padding: Any = "valid"
) -> Any:
    return tf.nn.conv3d(clip[None], kernel, [1, *stride, 1], padding.upper())[0]


def conv3d_by_keras(
    clip: Any, kernel: Any, stride: Any = (1, 1, 1), padding: Any = "valid"
) -> Any:
    return np.array(keras.ops.conv(clip[None], kernel, stride, padding))[0]


def conv3d_in_float32(
    clip: Any, kernel: Any, stride: Any = (1, 1, 1), padding: Any = "valid"
) -> Any:
    clip, kernel = clip.astype(np.float32), kernel.astype(np.float32)
    return conv3d_by_tensorflow(clip, kernel, stride, padding)


def conv3d_by_loops_in_float32(
    clip: Any, kernel: Any, stride: Any = (1, 1, 1), padding: Any = "valid"
) -> Any:
    clip, kernel = clip.astype(np.float32), kernel.astype(np.float32)
    return conv3d_by_seven_loops(clip, kernel, stride, padding).astype(np.float32)


def shift_by_rolling(features: Any, fold_div: Any = 8) -> Any:
    fold, shifted = features.shape[-1] // fold_div, features.copy()
    shifted[..., :fold] = np.roll(features, -1, axis=1)[..., :fold]
    shifted[:, -1, ..., :fold] = 0
    shifted[..., fold : 2 * fold] = np.roll(features, 1, axis=1)[..., fold : 2 * fold]
    shifted[:, 0, ..., fold : 2 * fold] = 0
    return shifted


def shift_by_joining(features: Any, fold_div: Any = 8) -> Any:
    fold = features.shape[-1] // fold_div
    after, before, rest = np.split(features, [fold, 2 * fold], axis=-1)
    after = np.concatenate([after[:, 1:], np.zeros_like(after[:, :1])], axis=1)
    before = np.concatenate([np.zeros_like(before[:, :1]), before[:, :-1]], axis=1)
    return np.concatenate([after, before, rest], axis=-1)


def shift_by_padding(features: Any, fold_div: Any = 8) -> Any:
    fold, num_frames = features.shape[-1] // fold_div, features.shape[1]
    padded = np.pad(features, [(0, 0), (1, 1), (0, 0), (0, 0), (0, 0)])
    return np.concatenate(
        [
            padded[:, 2 : num_frames + 2, ..., :fold],
            padded[:, :num_frames, ..., fold : 2 * fold],
            features[..., 2 * fold :],
        ],
        axis=-1,
    )


def shift_in_tensorflow(features: Any, fold_div: Any = 8) -> Any:
    fold = features.shape[-1] // fold_div
    nothing = tf.zeros_like(features[:, :1, ..., :fold])
    after = tf.concat([features[:, 1:, ..., :fold], nothing], axis=1)
    before = tf.concat([nothing, features[:, :-1, ..., fold : 2 * fold]], axis=1)
    return tf.concat([after, before, features[..., 2 * fold :]], axis=-1)


def attention_by_scipy(features: Any, query: Any, mask: Any = None) -> Any:
    scores = features @ query
    if mask is not None:
        scores[~mask] = -np.inf
    return np.einsum("bt,btc->bc", special.softmax(scores, axis=1), features)


def attention_with_a_large_negative_score(features: Any, query: Any, mask: Any = None) -> Any:
    scores = (features * query).sum(-1)
    if mask is not None:
        scores = scores - 1e9 * ~mask
    weights = np.exp(scores - special.logsumexp(scores, axis=1, keepdims=True))
    return (weights[:, None] @ features)[:, 0]


def attention_clip_by_clip(features: Any, query: Any, mask: Any = None) -> Any:
    pooled = []
    for number, frames in enumerate(features):
        if mask is not None:
            frames = frames[mask[number]]
        scores = [float(frame @ query) for frame in frames]
        weights = [math.exp(score - max(scores)) for score in scores]
        parts = [w * frame for w, frame in zip(weights, frames, strict=True)]
        pooled.append(sum(parts) / sum(weights))
    return np.array(pooled)


def attention_in_tensorflow(features: Any, query: Any, mask: Any = None) -> Any:
    scores = tf.linalg.matvec(features, query)
    if mask is not None:
        scores = tf.where(mask, scores, -np.inf)
    return tf.reduce_sum(tf.nn.softmax(scores)[..., None] * features, axis=1)


def attention_in_float32(features: Any, query: Any, mask: Any = None) -> Any:
    return attention_in_tensorflow(features, query, mask).numpy().astype(np.float32)


def top_k_by_partition(scores: Any, labels: Any, k: Any = 5) -> Any:
    # A key of its own for each class, so that the partition meets no ties.
    places = special_order(scores)
    best = np.argpartition(places, k - 1, axis=1)[:, :k]
    return np.mean(np.any(best == labels.reshape(-1, 1), axis=1))


def special_order(scores: Any) -> Any:
    """The place of each class, from 0: by falling score, then by number."""
    numbers = np.broadcast_to(np.arange(scores.shape[1]), scores.shape)
    return np.lexsort((numbers, -scores), axis=1).argsort(axis=1)


def top_k_by_python(scores: Any, labels: Any, k: Any = 5) -> Any:
    hits = 0
    for row, label in zip(scores.tolist(), labels.tolist(), strict=True):
        hits += label in sorted(range(len(row)), key=lambda c: -row[c])[:k]
    return hits / len(labels)


def top_k_by_rank(scores: Any, labels: Any, k: Any = 5) -> Any:
    own = np.take_along_axis(scores, labels[:, None], axis=1)
    earlier = np.arange(scores.shape[1]) < labels[:, None]
    return (((scores > own) + (scores == own) * earlier).sum(axis=1) < k).mean()


def top_k_by_tensorflow(scores: Any, labels: Any, k: Any = 5) -> Any:
    best = tf.math.top_k(scores, k).indices.numpy()
    return float(np.mean([label in row for label, row in zip(labels, best, strict=True)]))


def top_k_by_keras(scores: Any, labels: Any, k: Any = 5) -> Any:
    best = keras.ops.top_k(scores, k)[1]
    return keras.ops.mean(keras.ops.any(best == labels[:, None], axis=1))  # a float32 tensor


def confusion_by_a_loop(labels: Any, predictions: Any, num_classes: Any) -> Any:
    matrix = np.zeros((num_classes, num_classes), dtype=int)
    for label, prediction in zip(labels, predictions, strict=True):
        matrix[label][prediction] += 1
    return matrix


def confusion_by_counting_pairs(labels: Any, predictions: Any, num_classes: Any) -> Any:
    pairs = num_classes * labels.astype(int) + predictions.astype(int)
    return np.bincount(pairs, minlength=num_classes**2).reshape(num_classes, -1)


def confusion_by_scikit_learn(labels: Any, predictions: Any, num_classes: Any) -> Any:
    return sklearn_metrics.confusion_matrix(labels, predictions, labels=range(num_classes))


def confusion_by_one_hot(labels: Any, predictions: Any, num_classes: Any) -> Any:
    one_hot = np.eye(num_classes, dtype=np.int64)
    return one_hot[labels].T @ one_hot[predictions]


def confusion_by_tensorflow(labels: Any, predictions: Any, num_classes: Any) -> Any:
    return tf.math.confusion_matrix(labels, predictions, num_classes, dtype=tf.int64)


def votes_by_dictionary(probabilities: Any, video_ids: Any) -> Any:
    clips = defaultdict(list)
    for video, row in zip(video_ids, probabilities, strict=True):
        clips[video].append(row)
    ids = sorted(clips)
    return np.array(ids), np.array([np.mean(clips[video], axis=0) for video in ids])


def votes_by_a_matrix_product(probabilities: Any, video_ids: Any) -> Any:
    ids = np.unique(video_ids)
    belongs = (ids[:, None] == video_ids).astype(float)  # (videos, clips)
    return ids, belongs @ probabilities / belongs.sum(axis=1, keepdims=True)


def votes_by_sorting(probabilities: Any, video_ids: Any) -> Any:
    order = np.argsort(video_ids)
    ids, starts, counts = np.unique(video_ids[order], return_index=True, return_counts=True)
    return ids, np.add.reduceat(probabilities[order], starts, axis=0) / counts[:, None]


def votes_by_a_running_mean(probabilities: Any, video_ids: Any) -> Any:
    means: dict[Any, Any] = {}
    counts: dict[Any, int] = {}
    for video, row in zip(video_ids.tolist(), probabilities, strict=True):
        counts[video] = counts.get(video, 0) + 1
        mean = means.get(video, np.zeros(len(row)))
        means[video] = mean + (row - mean) / counts[video]
    ids = sorted(means)
    return np.array(ids), np.stack([means[video] for video in ids])


def step_by_keras_loss(model: Any, optimizer: Any, x: Any, y: Any) -> Any:
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        loss = loss_of(y, model(x, training=True))
        loss += sum(model.losses)
        gradients = tape.gradient(loss, model.trainable_weights)
    optimizer.apply(gradients, model.trainable_weights)
    return loss  # a tensor


def step_by_compute_loss(model: Any, optimizer: Any, x: Any, y: Any) -> Any:
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    with tf.GradientTape() as tape:
        loss = model.compute_loss(x, y, model(x, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return float(loss)


def step_by_hand(model: Any, optimizer: Any, x: Any, y: Any) -> Any:
    with tf.GradientTape() as tape:
        logits = model(tf.constant(x), training=True)
        shifted = logits - tf.reduce_max(logits, axis=1, keepdims=True)
        logarithms = shifted - tf.math.log(tf.reduce_sum(tf.exp(shifted), 1, keepdims=True))
        loss = -tf.reduce_mean(tf.gather(logarithms, y, axis=1, batch_dims=1))
        loss = tf.add_n([loss, *model.losses])
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return loss.numpy()


def step_with_one_hot_labels(model: Any, optimizer: Any, x: Any, y: Any) -> Any:
    loss_of = keras.losses.CategoricalCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = loss_of(tf.one_hot(y, logits.shape[-1]), logits) + sum(model.losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return loss.numpy().item()


def step_with_a_compiled_gradient(model: Any, optimizer: Any, x: Any, y: Any) -> Any:
    @tf.function
    def loss_and_gradients() -> Any:
        with tf.GradientTape() as tape:
            logits = model(x, training=True)
            losses = keras.losses.sparse_categorical_crossentropy(y, logits, from_logits=True)
            loss = tf.reduce_mean(losses) + sum(model.losses)
        return loss, tape.gradient(loss, model.trainable_variables)

    loss, gradients = loss_and_gradients()
    optimizer.apply(gradients, model.trainable_variables)
    return float(loss)


def schedule_by_math(
    step: Any, num_steps: Any, peak: Any, warmup_steps: Any = 0, final: Any = 0.0
) -> Any:
    if step <= warmup_steps and warmup_steps > 0:
        return peak * (step / warmup_steps)
    if step >= num_steps:
        return final
    angle = math.pi * (step - warmup_steps) / (num_steps - warmup_steps)
    return final + 0.5 * (peak - final) * (1 + math.cos(angle))


def schedule_by_half_the_angle(
    step: Any, num_steps: Any, peak: Any, warmup_steps: Any = 0, final: Any = 0.0
) -> Any:
    share = np.clip((step - warmup_steps) / (num_steps - warmup_steps), 0, 1)
    fall = final + (peak - final) * np.cos(np.pi / 2 * share) ** 2
    return min(fall, peak * step / warmup_steps) if step < warmup_steps else fall


def schedule_for_arrays(
    step: Any, num_steps: Any, peak: Any, warmup_steps: Any = 0, final: Any = 0.0
) -> Any:
    rise = peak * step / max(warmup_steps, 1)
    share = np.minimum((step - warmup_steps) / (num_steps - warmup_steps), 1)
    fall = final + (peak - final) * (1 + np.cos(np.pi * share)) / 2
    return np.where(step < warmup_steps, rise, fall)


def schedule_for_tensors(
    step: Any, num_steps: Any, peak: Any, warmup_steps: Any = 0, final: Any = 0.0
) -> Any:
    step = tf.cast(step, tf.float32)
    share = tf.minimum((step - warmup_steps) / (num_steps - warmup_steps), 1.0)
    fall = final + (peak - final) * (1 + tf.cos(np.pi * share)) / 2
    return tf.where(step < warmup_steps, peak * step / max(warmup_steps, 1), fall)


def schedule_by_keras(
    step: Any, num_steps: Any, peak: Any, warmup_steps: Any = 0, final: Any = 0.0
) -> Any:
    decay = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0 if warmup_steps else peak,
        decay_steps=num_steps - warmup_steps,
        alpha=final / peak,
        warmup_target=peak if warmup_steps else None,
        warmup_steps=warmup_steps,
    )
    return float(decay(step))


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (chapter.conv3d, conv3d_by_seven_loops),
        (chapter.conv3d, conv3d_by_scipy),
        (chapter.conv3d, conv3d_by_one_matrix_product_for_each_weight),
        (chapter.conv3d, conv3d_by_tensorflow),
        (chapter.conv3d, conv3d_by_keras),
        (chapter.conv3d, conv3d_in_float32),
        (chapter.conv3d, conv3d_by_loops_in_float32),
        (chapter.temporal_shift, shift_by_rolling),
        (chapter.temporal_shift, shift_by_joining),
        (chapter.temporal_shift, shift_by_padding),
        (chapter.temporal_shift, shift_in_tensorflow),
        (chapter.attention_pool, attention_by_scipy),
        (chapter.attention_pool, attention_with_a_large_negative_score),
        (chapter.attention_pool, attention_clip_by_clip),
        (chapter.attention_pool, attention_in_tensorflow),
        (chapter.attention_pool, attention_in_float32),
        (chapter.top_k_accuracy, top_k_by_partition),
        (chapter.top_k_accuracy, top_k_by_python),
        (chapter.top_k_accuracy, top_k_by_rank),
        (chapter.top_k_accuracy, top_k_by_tensorflow),
        (chapter.top_k_accuracy, top_k_by_keras),
        (chapter.confusion_matrix, confusion_by_a_loop),
        (chapter.confusion_matrix, confusion_by_counting_pairs),
        (chapter.confusion_matrix, confusion_by_scikit_learn),
        (chapter.confusion_matrix, confusion_by_one_hot),
        (chapter.confusion_matrix, confusion_by_tensorflow),
        (chapter.vote_clips, votes_by_dictionary),
        (chapter.vote_clips, votes_by_a_matrix_product),
        (chapter.vote_clips, votes_by_sorting),
        (chapter.vote_clips, votes_by_a_running_mean),
        (chapter.train_step, step_by_keras_loss),
        (chapter.train_step, step_by_compute_loss),
        (chapter.train_step, step_by_hand),
        (chapter.train_step, step_with_one_hot_labels),
        (chapter.train_step, step_with_a_compiled_gradient),
        (chapter.cosine_schedule, schedule_by_math),
        (chapter.cosine_schedule, schedule_by_half_the_angle),
        (chapter.cosine_schedule, schedule_for_arrays),
        (chapter.cosine_schedule, schedule_for_tensors),
        (chapter.cosine_schedule, schedule_by_keras),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_a_right_answer_of_another_kind(exercise: Any, answer: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        report = examine(exercise, answer)
    assert report.verdict == "right", report.failure or report.complaint


@pytest.mark.parametrize("seed", range(6))
def test_tensorflows_convolution_is_right_whatever_is_drawn(seed: int) -> None:
    report = examine(chapter.conv3d, conv3d_in_float32, seed=seed)
    assert report.verdict == "right", report.failure


def counts_in_bytes(labels: Any, predictions: Any, num_classes: Any) -> Any:
    matrix = np.zeros((num_classes, num_classes), np.uint8)
    np.add.at(matrix, (labels, predictions), 1)
    return matrix


def counts_in_rows_of_one_list(labels: Any, predictions: Any, num_classes: Any) -> Any:
    row = [0] * num_classes
    matrix = [row] * num_classes
    for label, prediction in zip(labels, predictions, strict=True):
        matrix[int(label)][int(prediction)] += 1
    return np.asarray(matrix)


def counts_without_minlength(labels: Any, predictions: Any, num_classes: Any) -> Any:
    pairs = num_classes * labels.astype(np.int64) + predictions
    return np.bincount(pairs).reshape((num_classes, num_classes))


def schedule_of_whole_steps(
    step: Any, num_steps: Any, peak: Any, warmup_steps: Any = 0, final: Any = 0.0
) -> Any:
    return schedule_by_math(math.floor(step), num_steps, peak, warmup_steps, final)


def attention_masked_by_a_billion(features: Any, query: Any, mask: Any = None) -> Any:
    scores = features @ query
    if mask is not None:
        scores = np.where(mask, scores, -1e9)
    return np.einsum("bt,btc->bc", special.softmax(scores, axis=1), features)


def attention_by_bare_exponentials(features: Any, query: Any, mask: Any = None) -> Any:
    weights = np.exp(features @ query)
    if mask is not None:
        weights = weights * mask
    return np.einsum("bt,btc->bc", weights / weights.sum(axis=1)[:, None], features)


def attention_by_mean(features: Any, query: Any, mask: Any = None) -> Any:
    return np.mean(features, axis=1)


def shift_or_nothing(features: Any, fold_div: Any = 8) -> Any:
    if features.shape[-1] // fold_div == 0:
        return features
    return shift_by_rolling(features, fold_div)


def votes_in_float32(probabilities: Any, video_ids: Any) -> Any:
    ids, votes = votes_by_dictionary(probabilities.astype(np.float32), video_ids)
    return ids, votes


def votes_added_at_ids(probabilities: Any, video_ids: Any) -> Any:
    ids, counts = np.unique(video_ids, return_counts=True)
    sums = np.zeros((len(ids), probabilities.shape[1]))
    for video, row in zip(video_ids, probabilities, strict=True):
        sums[video] += row
    return ids, sums / counts[:, None]


def last_of_an_upward_sort(scores: Any, labels: Any, k: Any = 5) -> Any:
    best = np.argsort(scores)[:, ::-1][:, :k]
    return sum(label in row for label, row in zip(labels, best, strict=True)) / len(labels)


def first_of_a_downward_sort(scores: Any, labels: Any, k: Any = 5) -> Any:
    best = (-scores).argsort()[:, :k]
    return sum(label in row for label, row in zip(labels, best, strict=True)) / len(labels)


def conv3d_of_neighbouring_windows(
    clip: Any, kernel: Any, stride: Any = (1, 1, 1), padding: Any = "valid"
) -> Any:
    if padding == "same":
        clip = pad_by_the_documentation(clip, kernel, stride)
    size = kernel.shape[:3]
    shape = [(n - k) // s + 1 for n, k, s in zip(clip.shape, size, stride, strict=False)]
    result = np.zeros((*shape, kernel.shape[4]))
    for t, y, x in np.ndindex(*shape):
        part = clip[t : t + size[0], y : y + size[1], x : x + size[2]]
        result[t, y, x] = np.tensordot(part, kernel, 4)
    return result


def conv3d_without_plus_one(
    clip: Any, kernel: Any, stride: Any = (1, 1, 1), padding: Any = "valid"
) -> Any:
    if padding == "same":
        clip = pad_by_the_documentation(clip, kernel, stride)
    size = kernel.shape[:3]
    shape = [max((n - k) // s, 0) for n, k, s in zip(clip.shape, size, stride, strict=False)]
    result = np.zeros((*shape, kernel.shape[4]))
    for place in np.ndindex(*shape):
        starts = [p * s for p, s in zip(place, stride, strict=True)]
        part = clip[tuple(slice(b, b + k) for b, k in zip(starts, size, strict=True))]
        result[place] = np.tensordot(part, kernel, 4)
    return result


def step_by(loss_of: Callable[..., Any], own_losses: bool = True) -> Callable[..., Any]:
    """A step that is right but for its cross-entropy, ``loss_of(y, logits)``."""

    def train_step(model: Any, optimizer: Any, x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = loss_of(y, model(x, training=True))
            if own_losses:
                loss = loss + sum(model.losses)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return float(loss)

    return train_step


def cross_entropy(y: Any, logits: Any) -> Any:
    return keras.losses.sparse_categorical_crossentropy(y, logits, from_logits=True)


step_with_whole_numbers_for_one_hot = step_by(
    lambda y, logits: tf.reduce_mean(
        keras.losses.categorical_crossentropy(y, logits, from_logits=True)
    )
)
step_with_the_labels_last = step_by(lambda y, logits: cross_entropy(logits, y))
step_without_a_mean = step_by(cross_entropy)
step_with_a_float_in_the_tape = step_by(
    lambda y, logits: float(tf.reduce_mean(cross_entropy(y, logits))), own_losses=False
)
step_with_a_numpy_loss_in_the_tape = step_by(
    lambda y, logits: tf.reduce_mean(cross_entropy(y, logits)).numpy(), own_losses=False
)
step_with_numpy_logits = step_by(
    lambda y, logits: tf.reduce_mean(cross_entropy(y, logits.numpy()))
)
step_with_a_misspelt_reduction = step_by(lambda y, logits: tf.reduce_mean(logits[0, 9]))


def step_without_brackets(model: Any, optimizer: Any, x: Any, y: Any) -> Any:
    with tf.GradientTape as tape:
        loss = tf.reduce_mean(cross_entropy(y, model(x, training=True)))
    return tape.gradient(loss, model.trainable_variables)


def step_outside_the_tape(model: Any, optimizer: Any, x: Any, y: Any) -> Any:
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
    loss = tf.reduce_mean(cross_entropy(y, logits))
    gradients = tape.gradient(loss, model.trainable_weights)
    optimizer.apply_gradients(zip(gradients, model.trainable_weights, strict=True))
    return loss


@pytest.mark.parametrize(
    ("exercise", "answer", "name"),
    [
        (chapter.confusion_matrix, counts_in_bytes, "it counts in 8 bits"),
        (chapter.confusion_matrix, counts_in_rows_of_one_list, "all its rows are one row"),
        (chapter.confusion_matrix, counts_without_minlength, "its counts stop at the last"),
        (chapter.cosine_schedule, schedule_of_whole_steps, "it rounds the step down"),
        (
            chapter.attention_pool,
            attention_masked_by_a_billion,
            "it gives masked frames a score",
        ),
        (chapter.attention_pool, attention_by_bare_exponentials, "its exponentials overflow"),
        (chapter.attention_pool, attention_by_mean, "it takes the plain mean of every frame"),
        (chapter.temporal_shift, shift_or_nothing, "it returns `features` itself"),
        (chapter.vote_clips, votes_in_float32, "its probabilities are float32"),
        (chapter.vote_clips, votes_added_at_ids, "it writes each video to the row of its id"),
        (chapter.top_k_accuracy, last_of_an_upward_sort, "it takes the last k of an upward"),
        (chapter.top_k_accuracy, first_of_a_downward_sort, "its sort is not stable"),
        (chapter.conv3d, conv3d_of_neighbouring_windows, "its windows begin at every frame"),
        (chapter.conv3d, conv3d_without_plus_one, "it is one output short"),
        (
            chapter.train_step,
            step_with_whole_numbers_for_one_hot,
            "it gives whole numbers to a loss for one-hot labels",
        ),
        (chapter.train_step, step_with_the_labels_last, "it exchanges the labels and the"),
        (chapter.train_step, step_without_a_mean, "it takes no mean over the batch"),
        (
            chapter.train_step,
            step_with_a_float_in_the_tape,
            "it makes the loss a number before",
        ),
        (chapter.train_step, step_with_a_numpy_loss_in_the_tape, "it makes the loss a NumPy"),
        (chapter.train_step, step_with_numpy_logits, "it takes the logits out of TensorFlow"),
        (chapter.train_step, step_without_brackets, "its tape has no brackets"),
        (chapter.train_step, step_outside_the_tape, "it computes the loss outside the tape"),
        (chapter.train_step, step_with_a_misspelt_reduction, None),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_a_mistake_in_a_learners_own_words_is_named(
    exercise: Any, answer: Callable[..., Any], name: str | None
) -> None:
    report = examine(exercise, answer)
    assert report.verdict == "wrong" and report.points < exercise.points
    found = report.misconception.name if report.misconception else None
    assert found == name or (found and name and found.startswith(name)), report.failure


def test_ids_in_another_order_are_told_so() -> None:
    def backwards(probabilities: Any, video_ids: Any) -> Any:
        ids, votes = votes_by_dictionary(probabilities, video_ids)
        return ids[::-1], votes[::-1]

    failure = examine(chapter.vote_clips, backwards).failure
    assert failure and "each id comes once, in ascending order" in failure.problem


def test_the_model_and_the_optimizer_are_shown_in_words() -> None:
    shown = [dict(shown_arguments(chapter.train_step, c)) for c in chapter.train_step.cases]
    assert (shown[0]["model"], shown[0]["optimizer"]) == (
        "Dense(2), kernel [[0.5, 0.0]], bias 0",
        "SGD(0.5)",
    )
    assert shown[2]["model"] == (
        "BatchNormalization(momentum=0.5), Dense(2), kernel [[1.0, -1.0]], bias 0"
    )
    assert shown[3]["model"] == (
        "Dense(2, kernel_regularizer=L2(0.1)), kernel [[2.0, -1.0]], bias 0"
    )
    assert shown[4]["optimizer"] == "SGD(0.5, momentum=0.9)"


def test_of_a_steps_results_only_those_that_differ_are_shown() -> None:
    def wrong_loss(model: Any, optimizer: Any, x: Any, y: Any) -> Any:
        return step_by_hand(model, optimizer, x, y) + (model.output_shape[1] == 4)

    failure = examine(chapter.train_step, wrong_loss).failure
    assert failure and len(failure.expected) > 2  # the weights, which are right
    for _, text in shown_results(chapter.train_step, failure):
        assert [line.split(":")[0] for line in text.split("\n")] == [
            "loss of step 1",
            "loss of step 2",
        ]


def test_tensorflow_code_that_raises_is_a_sentence() -> None:
    def step(model: Any, optimizer: Any, x: Any, y: Any) -> Any:
        return model(x[:, :0], training=True)

    report = examine(chapter.train_step, step)
    assert report.failure is not None and report.points == 0
    assert report.failure.outcome.error == "ValueError"
    assert report.failure.problem.startswith("raises ValueError: ")
    assert "in the line `return model(x[:, :0], training=True)`" in report.failure.problem


def test_tensorflow_code_that_never_ends_is_stopped() -> None:
    def step(model: Any, optimizer: Any, x: Any, y: Any) -> Any:
        while True:
            with tf.GradientTape():
                model(x, training=True)

    report = examine(chapter.train_step, step, seconds=0.5)
    assert report.failure is not None and report.points == 0
    assert "did not finish within 0.5 seconds" in report.failure.problem
    # And TensorFlow still works.
    assert examine(chapter.train_step, step_by_hand).verdict == "right"


def test_a_check_leaves_a_learners_own_models_as_they_were() -> None:
    """Neither the numbers that Keras draws nor the names that it counts may change."""

    def draw() -> tuple[Any, str]:
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
        return model.get_weights()[0], model.layers[0].name

    keras.utils.set_random_seed(0)
    (weights, name), (_, following) = draw(), draw()
    keras.utils.set_random_seed(0)
    draw()
    examine(chapter.train_step, step_by_hand)
    keras.utils.set_random_seed(0)
    again, later = draw()
    np.testing.assert_array_equal(again, weights)
    numbers = [int(text.rpartition("_")[2]) for text in (following, later)]
    assert name != following and numbers[1] == numbers[0] + 2


def test_the_exercises_are_imported_without_tensorflow() -> None:
    program = (
        "import sys; from helpers.exercises import ch30_video_classification; "
        "print({'tensorflow', 'keras'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout.strip() == "set()", run.stdout + run.stderr
