"""A detector of two stages, Faster R-CNN (Ren et al., 2015) on a feature pyramid, made small."""

from typing import TYPE_CHECKING, Any

import numpy as np

from helpers import boxes, validate
from helpers.detectors.frames import Frames
from helpers.detectors.losses import focal_loss, smooth_l1
from helpers.detectors.postprocessing import FrameDetector
from helpers.detectors.pyramid import STRIDES, backbone, begin, feature_pyramid, normalised
from helpers.detectors.roi import roi_align_batch
from helpers.lazy import keras, tf

if TYPE_CHECKING:
    from keras import KerasTensor

ANCHOR_SIZES = (11.0, 18.0, 30.0)  # one a level, as in the pyramid's paper
POSITIVE_IOU, NEGATIVE_IOU = 0.5, 0.3  # of an anchor; the paper's 0.7 leaves too few here
HEAD_IOU = 0.5  # from which on a proposal is an object
NUM_CANDIDATES, NUM_PROPOSALS, PROPOSAL_NMS = 64, 32, 0.7
POOLED_SIZE, SAMPLING_RATIO = 5, 2
DELTA_WEIGHTS = (10.0, 10.0, 5.0, 5.0)  # Fast R-CNN's: most deltas are far below 1
IGNORED = -1  # the label of a row that only fills up the batch


class TwoStageDetector(FrameDetector):
    """Proposes boxes that hold something, then looks into each: which class, and where exactly.

    The region proposal network (RPN) predicts from each anchor whether an object is there, and
    its box. The best of these boxes, after non-maximum suppression, are the proposals. RoIAlign
    reads the pyramid's finest level inside each, and the head predicts the class, or background,
    and a better box. Both stages learn at once; no gradient goes through the proposals' boxes.

    Two things are simpler than in the papers. The RPN's loss is the focal loss over all anchors,
    where the paper draws 256 of them. And all proposals are read from the finest level, since
    the largest objects are no more than a few of its cells.

    Args:
        input_shape: (height, width, channels) of the images, which may be uint8.
        num_classes: how many classes there are.
        widths: channels of the backbone: at the strides 2, 4, 8 and 16.
        width: channels of the pyramid and of the RPN.
        units: of the head's hidden layer.

    Attributes:
        rpn: the first network. From images (batch, height, width, channels) of 0 to 255 it makes
            "features" (batch, rows, columns, width); "objectness" (batch, anchors), before the
            sigmoid; and "deltas" (batch, anchors, 4).
        head: the second. From pooled features (n, 5, 5, width) it makes "classification" (n,
            classes + 1), before the softmax, background last; and "deltas" (n, 4). Both have
            the deltas of `boxes.encode` with the weights (10, 10, 5, 5).
        anchors: float64, (anchors, 4).

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> detector = TwoStageDetector((64, 64, 3), num_classes=3)
    >>> detector.anchors.shape, detector.head.input_shape
    ((336, 4), (None, 5, 5, 32))
    """

    def __init__(
        self,
        input_shape: tuple[int, int, int],
        num_classes: int,
        widths: tuple[int, int, int, int] = (16, 32, 64, 96),
        width: int = 32,
        units: int = 128,
    ) -> None:
        image, x = begin(input_shape, num_classes, widths=widths, width=width, units=units)
        validate.fixed_length("widths", widths, 1 + len(STRIDES))
        levels = feature_pyramid(backbone(x, widths), width)
        self.num_classes = num_classes
        self._corner = np.array([input_shape[1], input_shape[0]] * 2)
        self.anchors = np.concatenate(
            [
                boxes.anchors((level.shape[1], level.shape[2]), stride, [size], [1.0])
                for level, stride, size in zip(levels, STRIDES, ANCHOR_SIZES, strict=True)
            ]
        )
        self.rpn = keras.Model(image, {"features": levels[0], **_rpn(levels, width)})
        self.head = _head(num_classes, width, units)

    @property
    def input_shape(self) -> tuple[int | None, ...]:
        return self.rpn.input_shape

    @property
    def trainable_variables(self) -> list[Any]:
        return self.rpn.trainable_variables + self.head.trainable_variables

    def targets(self, frames: Frames) -> dict[str, np.ndarray]:
        """What the RPN is to predict, and the objects, which the head's targets depend on.

        Returns:
            "objectness": int64, (images, anchors): 1 for an object, 0 for background, -1 for
            ignored. "deltas": float32, (images, anchors, 4). "boxes": float32, (images, most
            objects, 4), and "class_ids": int64, (images, most objects), -1 where there are fewer.
        """
        objects = [frames.objects(index) for index in range(len(frames))]
        most = max(len(class_ids) for _, class_ids in objects)
        objectness = np.zeros((len(frames), len(self.anchors)), np.int64)
        deltas = np.zeros((*objectness.shape, 4), np.float32)
        padded = np.zeros((len(frames), most, 4), np.float32)
        labels = np.full((len(frames), most), -1)
        for index, (found, class_ids) in enumerate(objects):
            assigned = boxes.assign(self.anchors, found, POSITIVE_IOU, NEGATIVE_IOU)
            is_positive = assigned >= 0
            objectness[index] = np.where(is_positive, 1, assigned + 1)
            deltas[index, is_positive] = boxes.encode(
                found[assigned[is_positive]], self.anchors[is_positive], DELTA_WEIGHTS
            )
            padded[index, : len(found)] = found
            labels[index, : len(found)] = class_ids
        return {
            "objectness": objectness,
            "deltas": deltas,
            "boxes": padded,
            "class_ids": labels,
        }

    def losses(self, images: Any, targets: dict[str, Any]) -> dict[str, Any]:
        """The parts of the loss of a batch, by name; the networks run as in training."""
        first = self.rpn(images, training=True)
        is_positive = tf.cast(targets["objectness"] == 1, tf.float32)
        num_positive = tf.maximum(tf.reduce_sum(is_positive), 1.0)
        counts = tf.cast(targets["objectness"] >= 0, tf.float32)
        objectness = focal_loss(first["objectness"], is_positive)
        shift = tf.reduce_sum(smooth_l1(first["deltas"] - targets["deltas"]), axis=-1)

        proposals, labels, deltas = self._head_targets(first, targets)
        second = self._look(first["features"], proposals, training=True)
        is_row = tf.cast(labels != IGNORED, tf.float32)
        is_object = is_row * tf.cast(labels < self.num_classes, tf.float32)
        num_rows = tf.maximum(tf.reduce_sum(is_row), 1.0)
        entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=tf.maximum(labels, 0), logits=second["classification"]
        )
        refined = tf.reduce_sum(smooth_l1(second["deltas"] - deltas), axis=-1)
        return {
            "objectness": tf.reduce_sum(counts * objectness) / num_positive,
            "proposal": tf.reduce_sum(is_positive * shift) / num_positive,
            "classification": tf.reduce_sum(is_row * entropy) / num_rows,
            "box": tf.reduce_sum(is_object * refined) / num_rows,
        }

    def propose(self, objectness: np.ndarray, deltas: np.ndarray) -> np.ndarray:
        """The proposals of one image: of the RPN's boxes the best that do not overlap much.

        Args:
            objectness: floats, (anchors,), before the sigmoid.
            deltas: floats, (anchors, 4).

        Returns:
            float64, (n, 4), inside the image, the best first; n is at most 32.
        """
        best = np.argsort(-objectness, kind="stable")[:NUM_CANDIDATES]
        found = self._inside(boxes.decode(deltas[best], self.anchors[best], DELTA_WEIGHTS))
        is_large = (found[:, 2:] - found[:, :2]).min(axis=1) >= 1  # pixel
        scores = 1 / (1 + np.exp(-objectness[best[is_large]].astype(np.float64)))
        return found[is_large][boxes.nms(found[is_large], scores, PROPOSAL_NMS)[:NUM_PROPOSALS]]

    def predict(self, images: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Each image's proposals as the head mends them, and their scores for each class.

        Returns:
            float64, (n, 4) an image: x1, y1, x2, y2, cut off at the image's sides; and float32,
            (n, classes), from 0 to 1: the class's probability. n is at most 32.
        """
        first = self.rpn(images, training=False)
        outputs = zip(first["objectness"].numpy(), first["deltas"].numpy(), strict=True)
        proposals = [self.propose(*rows) for rows in outputs]
        second = self._look(first["features"], tf.constant(_padded(proposals)), False)
        scores = tf.nn.softmax(second["classification"])[..., :-1].numpy()
        deltas = second["deltas"].numpy()
        counts = [len(some) for some in proposals]
        refined = [
            self._inside(boxes.decode(shift[:count], some, DELTA_WEIGHTS))
            for shift, count, some in zip(deltas, counts, proposals, strict=True)
        ]
        return refined, [rows[:count] for rows, count in zip(scores, counts, strict=True)]

    def _look(self, features: Any, proposals: Any, training: bool) -> dict[str, Any]:
        """What the head says of each proposal, (batch, n, ...)."""
        pooled = roi_align_batch(features, proposals, POOLED_SIZE, SAMPLING_RATIO, STRIDES[0])
        found = self.head(tf.reshape(pooled, (-1, *pooled.shape[2:])), training=training)
        leading = tf.shape(proposals)[:2]
        return {
            name: tf.reshape(rows, tf.concat([leading, [rows.shape[-1]]], axis=0))
            for name, rows in found.items()
        }

    def _head_targets(
        self, first: dict[str, Any], targets: dict[str, Any]
    ) -> tuple[Any, Any, Any]:
        """Proposals (batch, n, 4), labels (batch, n), deltas (batch, n, 4), worked in NumPy."""

        def of_batch(
            objectness: np.ndarray, deltas: np.ndarray, there: np.ndarray, labels: np.ndarray
        ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
            rows = [
                self._targets_of(self.propose(*outputs), there[i], labels[i])
                for i, outputs in enumerate(zip(objectness, deltas, strict=True))
            ]
            proposals, classes, shifts = zip(*rows, strict=True)
            return _padded(proposals), _padded(classes, IGNORED), _padded(shifts)

        outputs = (first["objectness"], first["deltas"], targets["boxes"], targets["class_ids"])
        proposals, labels, deltas = tf.numpy_function(
            of_batch, outputs, (tf.float32, tf.float32, tf.float32), stateful=False
        )
        batch = first["objectness"].shape[0]
        proposals, deltas = (tf.ensure_shape(x, (batch, None, 4)) for x in (proposals, deltas))
        return proposals, tf.cast(tf.ensure_shape(labels, (batch, None)), tf.int32), deltas

    def _targets_of(
        self, proposals: np.ndarray, there: np.ndarray, class_ids: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What the head is to say of one image's proposals, and of its objects' own boxes."""
        there, class_ids = there[class_ids >= 0], class_ids[class_ids >= 0]
        # At first no proposal fits an object: the objects' own boxes do, and teach the classes.
        rows = np.concatenate([there, proposals])
        assigned = boxes.assign(rows, there, HEAD_IOU, HEAD_IOU, force_best=False)
        is_object = assigned >= 0
        labels = np.full(len(rows), self.num_classes)
        labels[is_object] = class_ids[assigned[is_object]]
        deltas = np.zeros((len(rows), 4))
        deltas[is_object] = boxes.encode(
            there[assigned[is_object]], rows[is_object], DELTA_WEIGHTS
        )
        return rows, labels, deltas

    def _inside(self, found: np.ndarray) -> np.ndarray:
        return np.clip(found, 0, self._corner)


def _padded(rows: Any, value: float = 0.0) -> np.ndarray:
    """Arrays of different lengths as one, float32, the shorter ones filled up."""
    longest = max(len(row) for row in rows)
    result = np.full((len(rows), longest, *rows[0].shape[1:]), value, np.float32)
    for index, row in enumerate(rows):
        result[index, : len(row)] = row
    return result


def _rpn(levels: "list[KerasTensor]", width: int) -> "dict[str, KerasTensor]":
    """One convolution, shared by all levels, and what it says at each anchor."""
    convolution = keras.layers.Conv2D(width, 3, padding="same", use_bias=False)
    to_objectness, to_deltas = keras.layers.Conv2D(1, 1), keras.layers.Conv2D(4, 1)
    objectness, deltas = [], []
    for level in levels:
        x = normalised(convolution(level))
        objectness.append(keras.layers.Flatten()(to_objectness(x)))
        deltas.append(keras.layers.Reshape((-1, 4))(to_deltas(x)))
    return {
        "objectness": keras.ops.concatenate(objectness, axis=1),
        "deltas": keras.ops.concatenate(deltas, axis=1),
    }


def _head(num_classes: int, width: int, units: int) -> "keras.Model":
    # The few rows that only fill up a batch count in the normalisation: too few to matter.
    pooled = keras.Input((POOLED_SIZE, POOLED_SIZE, width), name="pooled")
    x = keras.layers.Conv2D(width, 3, use_bias=False)(pooled)
    x = keras.layers.Flatten()(normalised(x))
    x = normalised(keras.layers.Dense(units, use_bias=False)(x))
    outputs = {
        "classification": keras.layers.Dense(num_classes + 1)(x),
        "deltas": keras.layers.Dense(4)(x),
    }
    return keras.Model(pooled, outputs)
