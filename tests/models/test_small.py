"""The small models: what they take and give, and what each can and cannot know."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from helpers import datasets, from_scratch, models, training

SHAPE = (12, 32, 32, 1)  # (frames, height, width, channels)
BLIND = ("frame CNN, averaged", "frame CNN, attention")
Build = Callable[..., keras.Model]


def random_clips(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def made(build: Build, *args: Any, **options: Any) -> keras.Model:
    """A model of random weights, also where they begin at 0, so that all of it matters."""
    training.set_seed(0)
    model = build(*args, **options)
    rng = np.random.default_rng(0)
    for weight in model.trainable_weights:
        weight.assign_add(rng.normal(0, 0.1, weight.shape))
    return model


@pytest.mark.parametrize("name", models.SMALL)
def test_uint8_clips_in_and_logits_out(name: str) -> None:
    model = made(models.SMALL[name].build, SHAPE, 10)
    clips = random_clips(3, *SHAPE)
    logits = model(clips)
    assert logits.shape == (3, 10) and logits.dtype == "float32"
    np.testing.assert_array_equal(logits, model(clips.astype(np.float32)))
    assert np.ptp(np.asarray(logits), axis=0).min() > 0  # each clip has its own


@pytest.mark.parametrize("name", models.SMALL)
def test_every_weight_learns(name: str) -> None:
    """One step of training changes each: none is cut off from the loss."""
    model = made(models.SMALL[name].build, SHAPE, 10)
    before = [weight.numpy() for weight in model.trainable_weights]
    x, y = random_clips(8, *SHAPE), np.arange(8)
    training.fit(model, x, y, epochs=1, batch_size=8, learning_rate=lambda share: 0.01)
    for weight, old in zip(model.trainable_weights, before, strict=True):
        if not weight.path.endswith("key/bias"):  # which the softmax cancels
            assert not np.array_equal(weight.numpy(), old), weight.path


@pytest.mark.parametrize("name", models.SMALL)
def test_saved_and_loaded_it_gives_the_same(name: str, tmp_path: Path) -> None:
    model = made(models.SMALL[name].build, SHAPE, 10)
    clips = random_clips(2, *SHAPE)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded(clips), model(clips), rtol=1e-5)


@pytest.mark.parametrize("name", models.SMALL)
def test_other_shapes(name: str) -> None:
    model = models.SMALL[name].build((6, 24, 40, 3), 4)
    assert model(random_clips(2, 6, 24, 40, 3)).shape == (2, 4)


@pytest.mark.parametrize("name", models.SMALL)
def test_only_the_blind_give_the_same_for_any_order(name: str) -> None:
    model = made(models.SMALL[name].build, SHAPE, 10)
    clips = random_clips(4, *SHAPE)
    # Frames that differ in more than their noise, or the order would hardly matter to any.
    clips = (clips * np.linspace(0.1, 1, 12).reshape(12, 1, 1, 1)).astype(np.uint8)
    logits = np.asarray(model(clips))
    for order in (np.arange(12)[::-1], np.random.default_rng(0).permutation(12)):
        difference = np.abs(np.asarray(model(clips[:, order])) - logits).max()
        is_same = difference < 1e-5 * np.abs(logits).max()
        assert is_same == (name in BLIND), difference


def test_attention_is_that_of_the_hand_written_one() -> None:
    model = made(models.attention_cnn, SHAPE, 10)
    clips = random_clips(2, *SHAPE)
    query = model.get_layer("query")
    parts = keras.Model(model.input, [query.input, model.get_layer("weights").output])
    features, weights = map(np.asarray, parts(clips))
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-5)
    pooled = from_scratch.attention_pool(features, query.get_weights()[0][:, 0])
    np.testing.assert_allclose((weights * features).sum(axis=1), pooled, rtol=1e-4)
    kernel, bias = model.layers[-1].get_weights()
    np.testing.assert_allclose(model(clips), pooled @ kernel + bias, rtol=1e-4)


def test_the_shift_adds_no_parameter_and_is_the_hand_written_one() -> None:
    shifted = models.shift_cnn(SHAPE, 10)
    plain = models.shift_cnn(SHAPE, 10, fold_div=None)
    assert [w.shape for w in shifted.weights] == [w.shape for w in plain.weights]
    assert models.count(shifted).macs == models.count(plain).macs
    joins = [layer for layer in shifted.layers if isinstance(layer, keras.layers.Concatenate)]
    assert len(joins) == 3
    for join in joins:
        before = join.input[2]  # the channels that stay, of the split features
        split = before._keras_history.operation
        parts = keras.Model(shifted.input, [split.input, join.output])
        features, found = map(np.asarray, parts(random_clips(2, *SHAPE)))
        np.testing.assert_array_equal(found, from_scratch.temporal_shift(features, 4))


def test_without_its_shift_the_network_is_blind_to_order() -> None:
    model = made(models.shift_cnn, SHAPE, 10, fold_div=None)
    clips = random_clips(2, *SHAPE)
    np.testing.assert_allclose(model(clips[:, ::-1]), model(clips), atol=1e-5)


def test_few_channels_are_not_shifted() -> None:
    model = models.shift_cnn(SHAPE, 10, widths=(2, 8))
    assert not any(isinstance(layer, keras.layers.Concatenate) for layer in model.layers)


def test_the_gru_sees_pairs_of_neighbours() -> None:
    model = models.cnn_gru(SHAPE, 10)
    assert model.get_layer("gru").input.shape == (None, 11, 64)
    first = next(layer for layer in model.layers if isinstance(layer, keras.layers.Concatenate))
    clips = random_clips(1, *SHAPE)
    pairs = np.asarray(keras.Model(model.input, first.output)(clips))
    wanted = np.concatenate([clips[:, :-1], clips[:, 1:]], axis=-1) / 127.5 - 1
    np.testing.assert_allclose(pairs, wanted, atol=1e-6)
    single = models.cnn_gru(SHAPE, 10, frames_at_once=1)
    assert single.get_layer("gru").input.shape == (None, 12, 64)


def test_positions_tell_tokens_apart() -> None:
    """Tubelets that have changed places are told from the clip by their positions alone."""
    model = made(models.factorised_transformer, SHAPE, 10)
    clips = random_clips(2, *SHAPE)
    embedding = next(
        layer for layer in model.layers if isinstance(layer, keras.layers.Embedding)
    )
    assert embedding.weights[0].shape == (96, 64)
    moved = np.roll(clips, 8, axis=2)  # by one tubelet
    assert np.abs(np.asarray(model(moved)) - np.asarray(model(clips))).max() > 1e-3
    embedding.set_weights([np.zeros((96, 64))])
    np.testing.assert_allclose(model(moved), model(clips), rtol=1e-3)


def test_attention_in_space_and_then_in_time() -> None:
    model = made(models.factorised_transformer, SHAPE, 10)
    kind = keras.layers.MultiHeadAttention
    attentions = [layer for layer in model.layers if isinstance(layer, kind)]
    assert [layer.attention_axes for layer in attentions] == [(2,), (1,)]
    clips = random_clips(1, *SHAPE)
    other = clips.copy()
    other[:, -2:, :8, :8] = 0  # the tubelet of the last time, in the first place
    tokens = keras.Model(model.input, model.layers[-2].input)
    change = np.abs(np.asarray(tokens(other)) - np.asarray(tokens(clips))).max(axis=-1)
    assert change.shape == (1, 6, 16) and change.min() > 1e-5  # reaches every token


def test_the_best_learns_the_motion_task() -> None:
    """A few steps, not seconds, so that a busy machine cannot fail it."""
    train, test = datasets.moving_shapes(6000, seed=1), datasets.moving_shapes(500, seed=2)
    recipe = models.SMALL["3D CNN"]
    training.set_seed(0)
    model = recipe.build(SHAPE, 10)
    training.fit(
        model,
        train.video,
        train.label,
        epochs=1,
        batch_size=recipe.batch_size,
        learning_rate=recipe.learning_rate,
    )
    assert training.accuracy(model, test.video, test.label) > 0.9


def test_the_import_is_cheap() -> None:
    program = "import sys, helpers.models; print({'keras', 'tensorflow'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("set()\n", "")


BAD: list[tuple[Build, tuple[Any, ...], dict[str, Any], str]] = [
    (models.cnn3d, ((12, 32, 32), 10), {}, r"it must be \(frames, height, width, channels\)"),
    (models.cnn3d, ((8, 12, 32, 32, 1), 10), {}, "leave out the batch"),
    (models.cnn3d, ((0, 32, 32, 1), 10), {}, "input_shape's frames is 0"),
    (models.cnn3d, (12, 10), {}, r"input_shape is 12 \(int\)"),
    (models.cnn3d, ((None, 32, 32, 1), 10), {}, "input_shape's frames is None"),
    (models.frame_cnn, (SHAPE, 0), {}, "num_classes is 0"),
    (models.frame_cnn, (SHAPE, 10), {"widths": ()}, "widths is empty"),
    (models.attention_cnn, (SHAPE, 10), {"widths": (16, 0)}, "a number in widths is 0"),
    (models.cnn_gru, (SHAPE, 10), {"units": 1.5}, "units is 1.5"),
    (models.cnn_gru, (SHAPE, 10), {"frames_at_once": 13}, "frames_at_once is 13"),
    (models.shift_cnn, (SHAPE, 10), {"fold_div": 1}, "fold_div is 1"),
    (models.cnn2plus1d, (SHAPE, 10), {"widths": "16"}, "widths is '16'"),
    (models.factorised_transformer, (SHAPE, 10), {"patch": (5, 8, 8)}, "the clip's frames, 12"),
    (models.factorised_transformer, (SHAPE, 10), {"patch": (2, 8)}, "must hold 3 numbers"),
    (models.factorised_transformer, (SHAPE, 10), {"num_heads": 3}, "3 heads cannot share"),
    (models.c3d, (SHAPE, 10), {"widths": (4, 4)}, "must hold 5 numbers, not 2"),
    (models.r3d_18, (SHAPE, 10), {"widths": (4, 4, 4)}, "must hold 4 numbers, not 3"),
    (models.timesformer, (SHAPE, 10), {"attention": "time"}, "attention is 'time'"),
    (models.timesformer, (SHAPE, 10), {"patch_size": 5}, "the clip's height, 32"),
    (models.middle_channels, (0, 4), {}, "in_channels is 0"),
    (models.middle_channels, (4, 4, (3, 3)), {}, r"kernel is \(3, 3\)"),
    (models.middle_channels, (4, 4, (3, 0, 3)), {}, "a number in kernel is 0"),
]


@pytest.mark.parametrize(("build", "args", "options", "message"), BAD)
def test_bad_input_is_one_clear_error(
    build: Build, args: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        build(*args, **options)
