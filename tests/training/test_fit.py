"""Training: the budget, the schedule, the seeds, the history, and bad arguments."""

import pickle
import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from helpers import training

Make = Callable[..., keras.Model]
Clips = tuple[np.ndarray, np.ndarray]


def weights_equal(one: keras.Model, other: keras.Model) -> bool:
    return all(map(np.array_equal, one.get_weights(), other.get_weights()))


def test_same_seed_same_weights_to_the_last_bit(make_model: Make, clips: Clips) -> None:
    models = [make_model(seed) for seed in (0, 0, 1)]
    assert not weights_equal(models[0], models[2])
    for model in models[:2]:
        training.fit(model, *clips, epochs=2, batch_size=16, seed=5)
    assert weights_equal(models[0], models[1])


def test_it_learns_and_tells_how(make_model: Make, clips: Clips) -> None:
    x, y = clips
    model = make_model()
    before = x.copy()
    history = training.fit(
        model, x, y, epochs=40, batch_size=16, learning_rate=0.02, validation=(x[:30], y[:30])
    )
    assert history.ended == "epochs" and len(history) == 40
    assert history.steps == [3 * epoch for epoch in range(1, 41)]
    assert history.seconds == sorted(history.seconds) and history.seconds[0] > 0
    assert history.wall_seconds > history.seconds[-1]
    assert history.loss[-1] < 0.5 * history.loss[0] and history.accuracy[-1] > 0.8
    assert history.val_accuracy[-1] == pytest.approx(training.accuracy(model, x[:30], y[:30]))
    logits = model.predict(x[:30], verbose=0)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y[:30], logits)
    assert history.val_loss[-1] == pytest.approx(float(tf.reduce_mean(losses)), rel=1e-5)
    assert x.dtype == np.uint8 and np.array_equal(x, before)
    assert pickle.loads(pickle.dumps(history)) == history
    assert "40 epochs, 120 steps" in str(history) and "validation" in str(history)
    figure = training.learning_curves(history)
    assert [len(axes.lines) for axes in figure.axes] == [2, 2]


def test_batches_are_the_clips_own_dtype_and_each_clip_comes_once() -> None:
    from helpers.training.feeding import array_epochs

    x, y = np.arange(10, dtype=np.uint8)[:, np.newaxis], np.arange(10)
    epochs = array_epochs(x, y, batch_size=4, seed=0)
    orders = []
    for epoch in (0, 1):
        batches = list(epochs(epoch, 0))
        assert [clips.dtype for clips, _ in batches] == [np.uint8] * 2
        assert all(np.array_equal(clips[:, 0], labels) for clips, labels in batches)
        order = np.concatenate([labels for _, labels in batches])
        assert len(set(order)) == 8  # two do not fill a batch
        orders.append(order)
        (rest,) = epochs(epoch, 1)  # from the second batch on
        assert np.array_equal(rest[1], order[4:])
    assert not np.array_equal(orders[0], orders[1])


def test_seconds_are_kept_and_the_rate_falls_with_them(make_model: Make, clips: Clips) -> None:
    x, y = clips
    started = time.perf_counter()
    history = training.fit(
        make_model(), x, y, seconds=1.0, learning_rate=0.01, validation=(x, y)
    )
    wall = time.perf_counter() - started
    assert history.ended == "time"
    # A step takes milliseconds here; a busy machine may pause in the middle of one.
    assert 0.5 < history.seconds[-1] < 1.3
    assert history.seconds[-1] < history.wall_seconds <= wall
    assert history.learning_rate[-1] < 1e-3 < max(history.learning_rate) <= 0.0100001


def test_rates_are_the_schedules(make_model: Make, clips: Clips) -> None:
    history = training.fit(make_model(), *clips, epochs=10, batch_size=6, learning_rate=0.01)
    last_steps = np.arange(10, 101, 10) - 1  # a step has the rate of the steps before it
    expected = [training.cosine_schedule(int(k), 100, 0.01, warmup_steps=5) for k in last_steps]
    np.testing.assert_allclose(history.learning_rate, expected, rtol=1e-5)


def test_steps_are_those_of_adam_and_adamw(make_model: Make, clips: Clips) -> None:
    x, y = clips
    for weight_decay, optimizer in (
        (0.0, keras.optimizers.Adam(0.003)),
        (20.0, keras.optimizers.AdamW(0.003, weight_decay=20.0)),
    ):
        ours, theirs = make_model(), make_model()
        history = training.fit(
            ours,
            *clips,
            epochs=2,
            batch_size=60,
            learning_rate=lambda share: 0.003,
            weight_decay=weight_decay,
        )
        assert history.learning_rate == pytest.approx([0.003, 0.003])
        for epoch in range(2):
            order = np.random.default_rng((0, epoch)).permutation(60)
            training.train_step(theirs, optimizer, x[order], y[order])
        for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
            np.testing.assert_allclose(one, other, atol=1e-4)


class CountsItsTraces(layers.Layer):
    """Passes on what it gets, and counts how often TensorFlow makes a graph of it."""

    num_traces = 0

    def call(self, x: Any) -> Any:
        self.num_traces += 1
        return x


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_the_step_is_traced_once(make_model: Make, clips: Clips, weight_decay: float) -> None:
    model = make_model()
    counting = CountsItsTraces()
    model = keras.Sequential([keras.Input(clips[0].shape[1:]), counting, *model.layers])
    counting.num_traces = 0
    training.fit(model, *clips, epochs=2, batch_size=20, weight_decay=weight_decay)
    assert counting.num_traces == 1


def test_patience_stops_and_brings_the_best_weights_back(
    make_model: Make, clips: Clips
) -> None:
    x, y = clips
    rng = np.random.default_rng(1)
    validation = (x, rng.permutation(y))  # nothing to learn: it gets worse sooner or later
    model = make_model()
    history = training.fit(
        model, x, y, epochs=200, learning_rate=0.02, validation=validation, patience=3
    )
    assert history.ended == "patience"
    best = int(np.argmin(history.val_loss))
    assert len(history) == best + 1 + 3
    loss = model.evaluate(*validation, batch_size=32, verbose=0)[0]
    assert loss == pytest.approx(history.val_loss[best], rel=1e-5)
    assert history.val_loss[-1] > history.val_loss[best]


def test_datasets(make_model: Make, clips: Clips) -> None:
    x, y = clips
    dataset = tf.data.Dataset.from_tensor_slices((x, y)).batch(16)
    history = training.fit(make_model(), dataset, epochs=2, validation=dataset)
    assert history.steps == [4, 8]  # the last batch of an epoch has 12 clips
    seen: list[int] = []

    def epoch_of(epoch: int) -> Any:
        seen.append(epoch)
        return dataset

    model = make_model()
    training.fit(model, epoch_of, epochs=3)
    assert seen[-3:] == [0, 1, 2]
    unknown = dataset.filter(lambda clips, labels: True)
    assert training.fit(make_model(), unknown, seconds=0.1).ended == "time"


def test_accuracy(make_model: Make, clips: Clips) -> None:
    x, _ = clips
    model = make_model()
    right = model.predict(x, verbose=0).argmax(axis=1)
    assert training.accuracy(model, x, right, batch_size=7) == 1.0
    assert training.accuracy(model, x, (right + 1) % 3) == 0.0
    assert training.accuracy(model, x[:4], right[[0, 1, 2, 3]]) == 1.0
    mixed = np.where(np.arange(60) < 15, right, (right + 1) % 3)
    assert training.accuracy(model, x, mixed, batch_size=7) == 0.25


def test_repeat_seeds_each_run() -> None:
    drawn = training.repeat(lambda seed: (seed, np.random.random()), [3, 4, 3])  # noqa: NPY002
    assert [seed for seed, _ in drawn] == [3, 4, 3]
    assert drawn[0] == drawn[2] != drawn[1]


def test_too_high_a_rate_is_one_clear_error(make_model: Make, clips: Clips) -> None:
    with pytest.raises(FloatingPointError, match=r"The loss is nan in step \d+, at a learning"):
        training.fit(make_model(), *clips, epochs=50, learning_rate=1e30)


BAD: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({}, ValueError, "neither is given"),
    ({"epochs": 1, "seconds": 1}, ValueError, "both are given"),
    ({"seconds": 0}, ValueError, "seconds is 0, but it must be above 0"),
    ({"seconds": -1}, ValueError, "seconds is -1"),
    ({"epochs": 0}, ValueError, "epochs is 0, but it must be at least 1"),
    ({"epochs": 1.5}, TypeError, "epochs is 1.5"),
    ({"epochs": 1, "batch_size": 0}, ValueError, "batch_size is 0"),
    ({"epochs": 1, "learning_rate": 0}, ValueError, "learning_rate is 0"),
    ({"epochs": 1, "weight_decay": -1}, ValueError, "weight_decay is -1"),
    ({"epochs": 1, "seed": -1}, ValueError, "seed is -1"),
    ({"epochs": 1, "patience": 2}, ValueError, "there is no validation"),
    ({"epochs": 1, "validation": 0.2}, TypeError, "validation is a float"),
    ({"epochs": 1, "x": np.zeros((0, 4, 8, 8, 1))}, ValueError, "there are no clips in it"),
    ({"epochs": 1, "x": np.zeros((60, 8, 8, 1))}, ValueError, "the model takes .clips, 4, 8"),
    ({"epochs": 1, "x": [[1.0]]}, TypeError, "x is a list"),
    ({"epochs": 1, "x": np.full((60, 4, 8, 8, 1), np.nan)}, ValueError, "x holds NaN"),
    ({"epochs": 1, "y": None}, TypeError, "y is a NoneType"),
    ({"epochs": 1, "y": np.zeros(59, int)}, ValueError, r"y has the shape \(59,\)"),
    ({"epochs": 1, "y": np.zeros((60, 3))}, ValueError, r"pass y.argmax\(axis=1\)"),
    ({"epochs": 1, "y": np.zeros(60)}, TypeError, "y is float64"),
    ({"epochs": 1, "y": np.full(60, 3)}, ValueError, "y holds the label 3, .* from 0 to 2"),
    ({"epochs": 1, "y": np.full(60, -1)}, ValueError, "y holds the label -1"),
]


@pytest.mark.parametrize(("changes", "error", "words"), BAD)
def test_bad_arguments(
    make_model: Make,
    clips: Clips,
    changes: dict[str, Any],
    error: type[Exception],
    words: str,
) -> None:
    arguments = {"x": clips[0], "y": clips[1], **changes}
    with pytest.raises(error, match=words):
        training.fit(make_model(), **arguments)


def test_bad_validation_clips_are_named_so(make_model: Make, clips: Clips) -> None:
    with pytest.raises(ValueError, match="validation y holds the label 7"):
        training.fit(make_model(), *clips, epochs=1, validation=(clips[0], np.full(60, 7)))


def test_bad_datasets(make_model: Make, clips: Clips) -> None:
    x, y = clips
    single = tf.data.Dataset.from_tensor_slices((x, y))
    batched = single.batch(16)
    for dataset, error, words in (
        (single, ValueError, r"is .batch\(\) missing"),
        (batched.map(lambda a, b: a), ValueError, "x gives TensorSpec"),
        (batched.map(lambda a, b: (a, tf.cast(b, tf.float32))), TypeError, "labels of float32"),
        (batched.map(lambda a, b: (a, b + 1)), ValueError, "x holds the label 3"),
        (batched.repeat(), ValueError, r"leave out its repeat\(\)"),
        (batched.take(0), ValueError, "without any batch"),
        (batched.filter(lambda a, b: True), ValueError, "assert_cardinality"),
        (lambda epoch: [x], TypeError, "x gives a list"),
    ):
        with pytest.raises(error, match=words):
            training.fit(make_model(), dataset, epochs=1)
    with pytest.raises(ValueError, match="y must be left out"):
        training.fit(make_model(), batched, y, epochs=1)
    with pytest.raises(ValueError, match="x gave no batches in epoch 0"):
        training.fit(make_model(), batched.filter(lambda a, b: False), seconds=1)
    with pytest.raises(ValueError, match="validation holds the label 3"):
        training.fit(
            make_model(), batched, epochs=1, validation=batched.map(lambda a, b: (a, b + 1))
        )


def test_bad_models(clips: Clips) -> None:
    x, y = clips
    inputs = keras.Input(x.shape[1:])
    flat = layers.Flatten()(inputs)
    for outputs, words in (
        (
            layers.Dense(3, activation="softmax")(flat),
            "ends in a softmax, but it must give log",
        ),
        (layers.Softmax()(layers.Dense(3)(flat)), "ends in a softmax"),
        (inputs, "must have one input of known shape"),
    ):
        with pytest.raises(ValueError, match=words):
            training.fit(keras.Model(inputs, outputs), x, y, epochs=1)
    with pytest.raises(ValueError, match="must have one input of known shape"):
        training.fit(keras.Sequential([layers.Flatten(), layers.Dense(3)]), x, y, epochs=1)


def test_a_single_epoch_and_step() -> None:
    history = training.History(steps=[1], seconds=[0.5], loss=[0.7], accuracy=[0.5])
    assert str(history).startswith("1 epoch, 1 step, 0.5 s of training")


def test_curves_of_an_empty_history() -> None:
    with pytest.raises(ValueError, match="The history holds no epochs"):
        training.learning_curves(training.History())
