"""The published models, held against the figures that their publishers give.

torchvision's are those of its weights' metadata, C3D's those of mmaction2's table, as is
TimeSformer's; all of them call multiply-accumulates FLOPs.
"""

from collections.abc import Callable, Iterator

import keras
import numpy as np
import pytest

from helpers import models

CLIP = (16, 112, 112, 3)
SMALL_WIDTHS = (4, 8, 16, 32)
Build = Callable[..., keras.Model]


@pytest.fixture
def room() -> Iterator[None]:
    """The published models are large: let each go before the next is built.

    Not for every test: it visits all that the process holds, which takes half a second.
    """
    yield
    keras.backend.clear_session()


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize(
    ("build", "num_classes", "parameters", "gmacs"),
    [
        (models.c3d, 101, 78_409_573, 38.547),
        (models.r3d_18, 400, 33_371_472, 40.697),
        (models.mc3_18, 400, 11_695_440, 43.343),
        (models.r2plus1d_18, 400, 31_505_325, 40.519),
    ],
)
def test_parameters_and_gmacs(
    build: Build, num_classes: int, parameters: int, gmacs: float
) -> None:
    model = build(CLIP, num_classes)
    total = models.count(model)
    assert total.parameters == parameters
    assert total.parameters == sum(np.prod(w.shape) for w in model.trainable_weights)
    assert round(total.macs / 1e9, 3) == gmacs


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize(
    ("attention", "millions", "gmacs"),
    [("space", 86.11, 141), ("joint", 86.11, 180), ("divided", 122, 196)],
)
def test_timesformer(attention: str, millions: float, gmacs: int) -> None:
    total = models.count(models.timesformer((8, 224, 224, 3), 400, attention))
    decimals = 0 if millions == 122 else 2
    assert round(total.parameters / 1e6, decimals) == millions
    assert round(total.macs / 1e9) == gmacs


def test_what_divided_attention_adds() -> None:
    """A norm, a second attention and a dense layer in each block, and positions in time."""
    width, depth, frames = 16, 3, 4
    count = {
        attention: models.count(
            models.timesformer((frames, 32, 32, 3), 5, attention, 16, width, depth, 2)
        ).parameters
        for attention in ("space", "joint", "divided")
    }
    dense = width * width + width
    assert count["joint"] - count["space"] == frames * width
    assert count["divided"] - count["joint"] == depth * (2 * width + 4 * dense + dense)


def test_mobilenet_v2_of_keras_counts_as_torchvisions() -> None:
    model = keras.applications.MobileNetV2(weights=None, classifier_activation=None)
    total = models.count(model)
    assert total.parameters == 3_504_872
    assert round(total.macs / 1e9, 2) == 0.30


@pytest.mark.parametrize("build", [models.r3d_18, models.mc3_18, models.r2plus1d_18])
@pytest.mark.parametrize("frames", [1, 3, 8])
def test_small_widths_and_odd_lengths(build: Build, frames: int) -> None:
    model = build((frames, 33, 32, 2), 5, widths=SMALL_WIDTHS)
    clips = np.random.default_rng(0).integers(0, 256, (2, frames, 33, 32, 2), dtype=np.uint8)
    logits = np.asarray(model(clips))
    assert logits.shape == (2, 5) and np.isfinite(logits).all()
    blocks = [layer for layer in model.layers if isinstance(layer, keras.layers.Add)]
    assert len(blocks) == 8
    last = keras.Model(model.input, model.layers[-2].input)(clips)  # before the average
    assert np.min(last) == 0  # each block ends in a ReLU
    if build is models.mc3_18:
        assert blocks[-1].output.shape[1] == frames


def test_c3d_keeps_its_frames_through_the_first_pooling() -> None:
    model = models.c3d(CLIP, 101, widths=(2, 2, 2, 2, 2), units=8)
    pools = [layer for layer in model.layers if isinstance(layer, keras.layers.MaxPooling3D)]
    shapes = [pool.output.shape[1:4] for pool in pools]
    assert shapes == [(16, 56, 56), (8, 28, 28), (4, 14, 14), (2, 7, 7), (1, 4, 4)]


@pytest.mark.parametrize("attention", ["space", "joint", "divided"])
def test_what_a_small_timesformer_can_tell(attention: str) -> None:
    model = models.timesformer((4, 32, 32, 3), 5, attention, 16, 16, 2, 2)
    rng = np.random.default_rng(0)
    model.set_weights([rng.normal(0, 0.3, w.shape) for w in model.get_weights()])
    clips = rng.integers(0, 256, (3, 4, 32, 32, 3), dtype=np.uint8)
    logits = np.asarray(model(clips))
    assert logits.shape == (3, 5)
    # Clips do not mix, whatever goes on between frames and batch.
    np.testing.assert_allclose(model(clips[1:2]), logits[1:2], rtol=1e-4, atol=1e-5)
    is_blind = np.abs(np.asarray(model(clips[:, ::-1])) - logits).max() < 1e-4
    assert is_blind == (attention == "space")
    # Without positions in time, none of them knows an order: no frame is treated as another.
    for layer in model.layers:
        if isinstance(layer, keras.layers.Embedding) and layer.input_dim == 4:
            layer.set_weights([np.zeros((4, 16))])
    logits = np.asarray(model(clips))
    np.testing.assert_allclose(model(clips[:, [2, 0, 3, 1]]), logits, rtol=1e-4, atol=1e-4)


def test_middle_channels_are_the_papers() -> None:
    """As many weights as the 3D form, or a little fewer."""
    rng = np.random.default_rng(0)
    for _ in range(300):
        before, after, time, side = (int(n) for n in rng.integers(1, [257, 257, 8, 8]))
        middle = models.middle_channels(before, after, (time, side, side))
        whole = time * side**2 * before * after
        each = side**2 * before + time * after
        assert middle * each <= whole < (middle + 1) * each or (middle == 1 and whole < each)
    assert models.middle_channels(64, 64) == 27 * 64 * 64 // (9 * 64 + 3 * 64) == 144
