"""The two detectors: what they take and give, and that they learn."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers import boxes, datasets, detectors, metrics, training
from helpers.detectors.one_stage import REGRESSION_RANGES
from helpers.detectors.pyramid import STRIDES
from helpers.detectors.two_stage import IGNORED

SHAPE = (64, 64, 3)
SMALL: dict[str, Any] = {"widths": (8, 8, 16, 16), "width": 16}
BOTH = (detectors.OneStageDetector, detectors.TwoStageDetector)
WEIGHTS = (10, 10, 5, 5)
Build = Callable[..., Any]
# Each step takes little; what takes seconds is that TensorFlow compiles it.
LEARNING: list[tuple[Build, dict[str, Any], int]] = [
    (detectors.OneStageDetector, {**SMALL, "depth": 1}, 60),
    (detectors.TwoStageDetector, {}, 100),
]


@pytest.fixture(scope="module")
def frames() -> detectors.Frames:
    """Four images with 14 objects, some of them so large that each level has its own."""
    return detectors.frames(
        *(
            datasets.moving_shapes(
                1,
                seed=num_objects,
                num_frames=2,
                size=64,
                num_objects=num_objects,
                channels=3,
                motions=("free",),
                shapes=("circle", "square", "triangle"),
                object_size=(10, 40),
            )
            for num_objects in (3, 4)
        )
    )


def made(build: Build, **options: Any) -> Any:
    training.set_seed(0)
    return build(SHAPE, 3, **options)


def weights_of(detector: Any) -> list[np.ndarray]:
    return [weight.numpy() for weight in detector.trainable_variables]


@pytest.mark.parametrize(("build", "options", "steps"), LEARNING)
def test_four_images_are_learnt_by_heart(
    build: Build, options: dict[str, Any], steps: int, frames: detectors.Frames
) -> None:
    detector = made(build, **options)
    before = weights_of(detector)
    losses = detectors.fit(detector, frames, epochs=steps, batch_size=4, progress=False)
    assert all(rows.shape == (steps,) for rows in losses.values())
    total = np.sum(list(losses.values()), axis=0)
    assert total[-1] < total[0] / 2
    for weight, old, new in zip(
        detector.trainable_variables, before, weights_of(detector), strict=True
    ):
        assert not np.array_equal(old, new), weight.path  # none is cut off from the loss
    found = detector.detect(frames.images)
    assert metrics.coco_metrics(found, frames.truth)["AP50"] == 1
    assert found.boxes.min() >= 0 and found.boxes.max() <= 64
    # Each image by itself is seen as in the batch.
    alone = detector.detect(frames.images[2:3])
    here = found.image_ids == 2
    np.testing.assert_array_equal(alone.class_ids, found.class_ids[here])
    np.testing.assert_allclose(alone.boxes, found.boxes[here], atol=1e-3)


def test_the_same_seed_gives_the_same_weights(frames: detectors.Frames) -> None:
    """To the last bit; of the two-stage detector, which has more places to go astray."""

    def trained() -> list[np.ndarray]:
        detector = made(detectors.TwoStageDetector, **SMALL)
        detectors.fit(detector, frames, epochs=3, batch_size=2, progress=False)
        return weights_of(detector)

    for one, two in zip(trained(), trained(), strict=True):
        np.testing.assert_array_equal(one, two)


class Stub:
    """Learns nothing, and notes which images it was shown."""

    input_shape = (None, *SHAPE)

    def __init__(self, loss: float = 1.0) -> None:
        self.weight = keras.Variable(np.ones(1), dtype="float32")
        self.trainable_variables = [self.weight]
        self.loss = loss
        self.order: list[int] = []

    def targets(self, frames: detectors.Frames) -> dict[str, np.ndarray]:
        return {"number": np.arange(len(frames))}

    def losses(self, images: Any, targets: dict[str, Any]) -> dict[str, Any]:
        tf.numpy_function(lambda row: self.order.extend(row.tolist()), [targets["number"]], [])
        assert images.shape == (2, *SHAPE)
        return {"one": self.loss * self.weight[0], "two": 2.0 * tf.ones(())}


def test_epochs_have_orders_of_their_own() -> None:
    images = np.zeros((5, *SHAPE), np.uint8)
    none = metrics.GroundTruth(np.zeros(0, int), np.zeros(0, int), np.zeros((0, 4)))
    five = detectors.Frames(images, none, np.zeros(0, np.float32), ("circle",))

    def order(seed: int) -> list[int]:
        stub = Stub()
        losses = detectors.fit(stub, five, epochs=3, batch_size=2, seed=seed, progress=False)
        assert sorted(losses) == ["one", "two"] and losses["two"].tolist() == [2.0] * 6
        assert losses["one"][0] == 1 and (np.diff(losses["one"]) < 0).all()
        return stub.order

    first = order(0)
    epochs = np.reshape(first, (3, 4))
    assert all(len(set(epoch)) == 4 for epoch in epochs.tolist())  # one of five is left out
    assert len({tuple(epoch) for epoch in epochs.tolist()}) == 3
    assert first == order(0) != order(1)
    with pytest.raises(FloatingPointError, match="no longer finite: step 1 of 6"):
        detectors.fit(Stub(np.nan), five, epochs=3, batch_size=2, progress=False)


@pytest.mark.parametrize("build", BOTH)
def test_an_untrained_detector_finds_what_it_can_be_scored_by(build: Build) -> None:
    images = np.random.default_rng(0).integers(0, 256, (3, *SHAPE), dtype=np.uint8)
    found = made(build, **SMALL).detect(images, score_threshold=0)
    assert isinstance(found, metrics.Detections)  # which checks boxes and scores
    assert set(found.image_ids.tolist()) == {0, 1, 2}
    assert set(found.class_ids.tolist()) <= {0, 1, 2}
    none = made(build, **SMALL).detect(images, score_threshold=1.0)
    assert none.boxes.shape == (0, 4)


def test_predictions_follow_the_weights() -> None:
    """They are compiled, and stay those of the network when it learns on."""
    images = np.random.default_rng(0).integers(0, 256, (3, *SHAPE), dtype=np.uint8)
    detector = made(detectors.OneStageDetector, **SMALL)
    before, _ = detector.predict(images)
    for weight in detector.trainable_variables:
        weight.assign(weight * 1.5)
    after, scores = detector.predict(images)
    outputs = detector.model(images, training=False)
    wanted = np.clip(detectors.to_boxes(detector.points, outputs["distances"]), 0, 64)
    np.testing.assert_allclose(after, wanted, atol=1e-3)
    assert np.abs(after - before).max() > 0.1
    np.testing.assert_array_equal(scores, detector.predict(images.astype(np.float32))[1])


def test_points_of_the_one_stage_detector() -> None:
    detector = detectors.OneStageDetector((40, 64, 3), 2, **SMALL)
    sizes = [(10, 16), (5, 8), (3, 4)]  # half of 5 is 3 cells: rounded up
    wanted = [detectors.points(size, s) for size, s in zip(sizes, STRIDES, strict=True)]
    np.testing.assert_array_equal(detector.points, np.concatenate(wanted))
    found_boxes, scores = detector.predict(np.zeros((2, 40, 64, 3), np.uint8))
    assert found_boxes.shape == (2, 212, 4) and scores.shape == (2, 212, 2)
    assert (found_boxes.min(axis=(0, 1)) >= 0).all()
    assert (found_boxes.max(axis=(0, 1)) <= [64, 40, 64, 40]).all()


def test_targets_of_the_one_stage_detector(frames: detectors.Frames) -> None:
    detector = detectors.OneStageDetector(SHAPE, 3, **SMALL)
    targets = detector.targets(frames)
    for index in range(len(frames)):
        first = 0
        for stride, bounds in zip(STRIDES, REGRESSION_RANGES, strict=True):
            points = detectors.points((64 // stride, 64 // stride), stride)
            level = slice(first, first + len(points))
            first += len(points)
            labels, distances = detectors.point_targets(points, *frames.objects(index), bounds)
            np.testing.assert_array_equal(targets["class_ids"][index, level], labels)
            np.testing.assert_array_equal(targets["distances"][index, level], distances)
    # Each object has a point that stands for it, on one of the levels.
    decoded = np.asarray(detectors.to_boxes(detector.points, targets["distances"]))
    for index in range(len(frames)):
        there, _ = frames.objects(index)
        positive = targets["class_ids"][index] >= 0
        best = boxes.iou(there, decoded[index, positive].astype(float)).max(axis=1)
        np.testing.assert_allclose(best, 1, atol=1e-5)


def test_losses_of_perfect_outputs_are_none(frames: detectors.Frames) -> None:
    detector = detectors.OneStageDetector(SHAPE, 3, **SMALL)
    targets = detector.targets(frames)
    logit = np.log(np.maximum(targets["centerness"], 1e-9)) - np.log1p(
        -np.minimum(targets["centerness"], 1 - 1e-7)
    )
    perfect = {
        "classification": 40.0
        * (np.eye(3)[targets["class_ids"]] > 0)
        * (targets["class_ids"] >= 0)[..., None]
        - 20.0,
        "distances": targets["distances"],
        "centerness": logit.astype(np.float32),
    }
    detector.model = lambda images, training: perfect
    losses = detector.losses(frames.images, targets)
    assert float(losses["classification"]) < 1e-6 and abs(float(losses["box"])) < 1e-6
    # A cross-entropy's least value is the entropy of what it is to predict.
    share = targets["centerness"][targets["class_ids"] >= 0].astype(np.float64)
    rest = 1 - share
    entropy = -(share * np.log(share) + rest * np.log(np.where(rest > 0, rest, 1)))
    assert float(losses["centerness"]) == pytest.approx(entropy.mean(), rel=1e-3)


def test_targets_of_the_two_stage_detector(frames: detectors.Frames) -> None:
    detector = detectors.TwoStageDetector(SHAPE, 3, **SMALL)
    targets = detector.targets(frames)
    for index in range(len(frames)):
        there, class_ids = frames.objects(index)
        np.testing.assert_array_equal(targets["boxes"][index, : len(there)], there)
        most = targets["class_ids"].shape[1]
        wanted = [*class_ids.tolist(), *[IGNORED] * (most - len(there))]
        assert targets["class_ids"][index].tolist() == wanted
        positive = targets["objectness"][index] == 1
        decoded = boxes.decode(
            targets["deltas"][index, positive], detector.anchors[positive], WEIGHTS
        )
        assert boxes.iou(there, decoded).max(axis=1).min() > 0.999  # each object has an anchor


def test_the_head_is_taught_by_proposals_and_by_the_objects(frames: detectors.Frames) -> None:
    detector = detectors.TwoStageDetector(SHAPE, 3, **SMALL)
    there = np.array([[0, 0, 10, 10], [30, 30, 50, 50], [0, 0, 0, 0]], np.float32)
    proposals = np.array([[1, 0, 11, 10], [30, 30, 50, 40], [32, 0, 42, 10]])
    rows, labels, deltas = detector._targets_of(proposals, there, np.array([2, 0, IGNORED]))
    assert rows.tolist() == [*there[:2].tolist(), *proposals.tolist()]
    assert labels.tolist() == [2, 0, 2, 0, 3]  # an IoU of 0.5 is enough; the last is background
    back = boxes.decode(deltas[:4], rows[:4], WEIGHTS)
    np.testing.assert_allclose(back, there[[0, 1, 0, 1]], atol=1e-5)
    assert not deltas[[0, 1, 4]].any()


def test_proposals_by_hand() -> None:
    detector = detectors.TwoStageDetector(SHAPE, 3, **SMALL)
    objectness = np.full(len(detector.anchors), -9.0)
    objectness[[100, 101, 150]] = [2.0, 3.0, 1.0]
    deltas = np.zeros((len(detector.anchors), 4))
    deltas[100] = boxes.encode(
        detector.anchors[[101]], detector.anchors[[100]], WEIGHTS
    )  # the same box
    proposals = detector.propose(objectness, deltas)
    np.testing.assert_allclose(proposals[:2], detector.anchors[[101, 150]])
    assert len(proposals) <= 32
    assert proposals.min() >= 0 and proposals.max() <= 64
    deltas[:] = [0, 0, -25, -25]  # boxes of a tenth of a pixel
    assert detector.propose(objectness, deltas).shape == (0, 4)


@pytest.mark.parametrize("build", BOTH)
def test_images_without_objects_teach_background(build: Build) -> None:
    """Neither a division by zero nor an empty stack of boxes."""
    images = np.zeros((2, *SHAPE), np.uint8)
    none = metrics.GroundTruth(np.zeros(0, int), np.zeros(0, int), np.zeros((0, 4)))
    empty = detectors.Frames(images, none, np.zeros(0, np.float32), ("circle",))
    detector = made(build, **SMALL)
    targets = {name: tf.constant(rows) for name, rows in detector.targets(empty).items()}
    with tf.GradientTape() as tape:
        loss = sum(detector.losses(images, targets).values())
    gradients = tape.gradient(loss, detector.trainable_variables)
    assert np.isfinite(loss)
    assert all(np.isfinite(row).all() for row in gradients if row is not None)


def test_fpn_merge() -> None:
    rng = np.random.default_rng(0)
    for rows, columns in ((4, 6), (5, 3), (1, 1)):
        lateral = rng.normal(size=(2, rows, columns, 3)).astype(np.float32)
        coarse = rng.normal(size=(2, -(-rows // 2), -(-columns // 2), 3)).astype(np.float32)
        got = np.asarray(detectors.fpn_merge(coarse, lateral))
        wanted = lateral.copy()
        for row in range(rows):
            for column in range(columns):
                wanted[:, row, column] += coarse[:, row // 2, column // 2]
        np.testing.assert_array_equal(got, wanted)
    with pytest.raises(
        ValueError, match=r"coarse has the shape \(2, 4, 4, 8\).*\(2, 2, 2, 8\)"
    ):
        detectors.fpn_merge(np.zeros((2, 4, 4, 8)), np.zeros((2, 4, 4, 8)))
    with pytest.raises(ValueError, match="as many channels"):
        detectors.fpn_merge(np.zeros((1, 2, 2, 1)), np.zeros((1, 4, 4, 8)))
    with pytest.raises(ValueError, match=r"lateral has the shape \(4, 4\)"):
        detectors.fpn_merge(np.zeros((1, 2, 2, 1)), np.zeros((4, 4)))


@pytest.mark.parametrize("build", BOTH)
@pytest.mark.parametrize(
    ("args", "options", "message"),
    [
        (((None, 64, 64, 3), 3), {}, r"input_shape is \(None, 64, 64, 3\)"),
        (((64, 0, 3), 3), {}, "input_shape's width is 0"),
        ((SHAPE, 0), {}, "num_classes is 0"),
        ((SHAPE, 3), {"widths": (8, 8, 8)}, "widths is .*must hold 4 numbers"),
        ((SHAPE, 3), {"width": 0}, "width is 0"),
    ],
)
def test_malformed_detectors(
    build: Build, args: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        build(*args, **options)


@pytest.mark.parametrize("build", BOTH)
def test_malformed_images(build: Build, frames: detectors.Frames) -> None:
    detector = made(build, **SMALL)
    with pytest.raises(ValueError, match=r"images has the shape \(64, 64, 3\).*np.newaxis"):
        detector.detect(frames.images[0])
    with pytest.raises(ValueError, match="there are no images"):
        detector.detect(frames.images[:0])
    with pytest.raises(TypeError, match="images is a list"):
        detector.detect([frames.images[0]])
    for change, message in (
        ({"epochs": 0}, "epochs is 0"),
        ({"epochs": 1, "batch_size": 0}, "batch_size is 0"),
        ({"epochs": 1, "learning_rate": 0}, "learning_rate is 0"),
        ({"epochs": 1, "weight_decay": -1}, "weight_decay is -1"),
        ({"epochs": 1, "seed": -1}, "seed is -1"),
    ):
        with pytest.raises(ValueError, match=message):
            detectors.fit(detector, frames, progress=False, **change)
