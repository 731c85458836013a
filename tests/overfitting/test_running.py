"""Runs: what each remedy builds in, and what a run does with it."""

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

from helpers import datasets, measured, overfitting
from helpers.overfitting.running import _batch

SHAPE = (12, 32, 32, 1)
SMALL = overfitting.Remedies(num_train=32, widths=(4, 4, 8))


def layers(kind: Any, **remedies: Any) -> Any:
    model = overfitting.network(SHAPE, 10, overfitting.Remedies(**remedies))
    return [layer for layer in model.layers if isinstance(layer, kind)]


def test_nothing_builds_nothing_in() -> None:
    assert not layers(keras.layers.Dropout)
    assert not overfitting.network(SHAPE, 10).losses


@pytest.mark.parametrize(
    ("remedies", "shapes"),
    [
        ({"dropout": 0.5}, [None]),
        (
            {"dropout": 0.5, "dropout_of": "channel"},
            [(None, 1, 1, 1, 16), (None, 1, 1, 1, 32)],
        ),
        ({"dropout": 0.5, "dropout_of": "frame"}, [(None, 6, 1, 1, 1), (None, 3, 1, 1, 1)]),
        ({"drop_path": 0.5}, [(None, 1, 1, 1, 1)] * 2),
    ],
)
def test_what_is_dropped_together(remedies: Any, shapes: Any) -> None:
    assert [layer.noise_shape for layer in layers(keras.layers.Dropout, **remedies)] == shapes


def test_penalties_are_those_of_the_kernels() -> None:
    model = overfitting.network(SHAPE, 10, overfitting.Remedies(l2=0.01, l1=0.001))
    kernels = [w.numpy() for w in model.trainable_weights if w.path.endswith("/kernel")][:-1]
    by_hand = sum(0.01 * (k**2).sum() + 0.001 * abs(k).sum() for k in kernels)
    assert float(sum(model.losses)) == pytest.approx(by_hand, rel=1e-5)


def test_normalisations() -> None:
    assert len(layers(keras.layers.BatchNormalization)) == 5
    groups = {"group": 8, "layer": 1}
    for name, wanted in groups.items():
        found = layers(keras.layers.GroupNormalization, normalisation=name)
        assert [layer.groups for layer in found] == [wanted] * 5


def test_the_same_seed_gives_the_same_weights_and_another_another() -> None:
    one, two, other = (
        overfitting.run(SMALL, seed, num_steps=4).model.get_weights() for seed in (3, 3, 4)
    )
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    assert not np.array_equal(one[0], other[0])


def test_watching_changes_nothing_but_what_is_noted() -> None:
    plain, watched = (overfitting.run(SMALL, 0, num_steps=5, watch=watch) for watch in (0, 1))
    assert watched.epochs == [1, 2]
    assert len(watched.validation_losses) == len(watched.train_losses) == 2  # 2 steps an epoch
    assert len(watched.losses_in_training) == 2
    assert not plain.epochs and not plain.validation_losses
    for a, b in zip(plain.model.get_weights(), watched.model.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_watching_every_second_epoch_notes_the_losses_of_these() -> None:
    every, second = (overfitting.run(SMALL, 0, num_steps=10, watch=watch) for watch in (1, 2))
    assert every.epochs == [1, 2, 3, 4, 5] and second.epochs == [2, 4]
    for name in ("train_losses", "validation_losses", "losses_in_training"):
        np.testing.assert_allclose(getattr(second, name), getattr(every, name)[1::2], rtol=1e-4)


def test_early_stopping_ends_and_returns_to_the_best_epoch() -> None:
    stopping = replace(SMALL, patience=1)
    result = overfitting.run(stopping, 0, num_steps=400)
    assert result.steps < 400
    best = min(result.validation_losses)
    _, validation = overfitting.small_task(0, 32)
    logits = np.asarray(result.model(validation.video, training=False))
    losses = keras.losses.sparse_categorical_crossentropy(
        validation.label, logits, from_logits=True
    )
    assert float(np.mean(losses)) == pytest.approx(best, rel=1e-4)
    assert result.validation_losses[-1] >= best


def test_losses_in_training_are_means_over_the_epoch() -> None:
    """At this rate nothing is learned, so that the first weights give both batches' losses."""
    slow = replace(SMALL, learning_rate=1e-9)
    result = overfitting.run(slow, 0, num_steps=6, watch=1)
    train, _ = overfitting.small_task(0, 32)
    rng = np.random.default_rng(0)
    by_hand = []
    for _ in range(3):
        losses = []
        for chosen in np.split(rng.permutation(32), 2):
            logits = result.model(train.video[chosen], training=True)
            losses.append(
                keras.losses.sparse_categorical_crossentropy(
                    train.label[chosen], logits, from_logits=True
                )
            )
        by_hand.append(float(np.mean(losses)))
    assert np.ptp(by_hand) > 1e-3  # other batches, other statistics
    np.testing.assert_allclose(result.losses_in_training, by_hand, rtol=1e-4)


@pytest.mark.parametrize(("monitor", "steps"), [("loss", 40), ("accuracy", 8)])
def test_early_stopping_watches_what_it_is_told_to(
    monkeypatch: Any, monitor: Any, steps: Any
) -> None:
    """The loss falls throughout; the accuracy is best after the second of the epochs."""
    accuracies = iter([0.1, 0.3] + 100 * [0.2])
    losses = iter(range(100, 0, -1))
    monkeypatch.setattr(
        "helpers.overfitting.running._measure", lambda *_: (next(losses), next(accuracies))
    )
    stopping = replace(SMALL, patience=2, monitor=monitor)
    assert overfitting.run(stopping, 0, num_steps=40).steps == steps


def test_averaged_weights_lag_behind_the_last() -> None:
    last = overfitting.run(SMALL, 0, num_steps=6).model.get_weights()
    frozen = overfitting.run(replace(SMALL, averaging=0.999999), 0, num_steps=6)
    first = overfitting.run(SMALL, 0, num_steps=1).model.get_weights()
    # Nearly all of the average is the weights of its first step.
    assert not np.allclose(last[0], frozen.model.get_weights()[0], atol=1e-4)
    assert (
        np.abs(first[0] - frozen.model.get_weights()[0]).max()
        < np.abs(last[0] - first[0]).max()
    )


def test_pretraining_gives_all_but_the_head(monkeypatch: Any) -> None:
    weights = [np.full_like(w, 0.25) for w in overfitting.network(SHAPE, 10).get_weights()]
    monkeypatch.setattr("helpers.overfitting.running._pretrained", lambda *_: (weights, 7.0))
    result = overfitting.run(
        overfitting.Remedies(is_pretrained=True, num_train=16), 0, num_steps=1
    )
    got = result.model.get_weights()
    assert np.allclose(got[0], 0.25, atol=0.02)
    assert not np.allclose(got[-2], 0.25, atol=0.02)
    assert result.seconds > 7


def test_targets() -> None:
    x, y = np.zeros((4, *SHAPE), np.uint8), np.arange(4)
    rng = np.random.default_rng(0)
    _, plain = _batch(x, y, overfitting.NOTHING, rng)
    np.testing.assert_array_equal(plain, np.eye(10, dtype=np.float32)[:4])
    _, smooth = _batch(x, y, overfitting.Remedies(label_smoothing=0.1), rng)
    np.testing.assert_allclose(smooth.max(axis=1), 0.91)
    _, mixed = _batch(x, y, overfitting.Remedies(mixup=1.0), rng)
    np.testing.assert_allclose(mixed.sum(axis=1), 1, rtol=1e-6)
    assert (mixed.max(axis=1) < 0.999).any()


def test_other_labels_are_learned_and_validation_keeps_its_own() -> None:
    train, _ = overfitting.small_task(0, 32)
    result = overfitting.run(SMALL, 0, num_steps=2, labels=np.zeros(32, int))
    predicted = overfitting.predict(result.model, train.video)
    assert result.train == np.mean(predicted == 0)


def test_every_row_of_the_table_is_a_remedy_with_the_strength_that_it_names() -> None:
    rows = measured.load("overfitting").rows
    assert [row["remedy"] for row in rows] == list(overfitting.REMEDIES)
    for row in rows:
        settings = [
            ", ".join(
                f"{key}={value}"
                for key, value in vars(remedies).items()
                if value != getattr(overfitting.NOTHING, key)
            )
            for remedies in overfitting.REMEDIES[row["remedy"]]
        ]
        assert row["setting"] in settings
        assert len(settings) == row["strengths"]


def test_digits_of_the_test_are_others() -> None:
    train, validation = overfitting.small_task(0)
    assert len(train.video) == 50 and len(validation.video) == 200
    assert not np.array_equal(train.video[:20], validation.video[:20])
    assert tuple(train.class_names) == datasets.MOTIONS
