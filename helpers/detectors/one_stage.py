"""A detector of one stage, without anchors: FCOS (Tian et al., ICCV 2019), made small."""

from typing import TYPE_CHECKING, Any

import numpy as np

from helpers import validate
from helpers.detectors.frames import Frames
from helpers.detectors.losses import focal_loss, giou_loss
from helpers.detectors.points import centerness, point_targets, points, to_boxes
from helpers.detectors.postprocessing import FrameDetector
from helpers.detectors.pyramid import STRIDES, backbone, begin, feature_pyramid, normalised
from helpers.lazy import keras, tf

if TYPE_CHECKING:
    from keras import KerasTensor

# Each level's distances double, as in FCOS; there they begin with 0 to 64 at the stride 8.
# 0 to 8 leaves half of the small boxes too few points, and learns more slowly.
REGRESSION_RANGES = ((0.0, 11.0), (11.0, 22.0), (22.0, np.inf))
PRIOR = 0.01  # what a new network says of every point and class, as RetinaNet's does


class OneStageDetector(FrameDetector):
    """Predicts a class, a box and its quality at each point of a feature pyramid.

    Args:
        input_shape: (height, width, channels) of the images, which may be uint8.
        num_classes: how many classes there are.
        widths: channels of the backbone: at the strides 2, 4, 8 and 16.
        width: channels of the pyramid and of the head.
        depth: convolutions in each of the head's two branches.

    Attributes:
        model: the network. From images (batch, height, width, channels) of 0 to 255 it makes a
            dictionary of tensors with a row for each point, all levels one after another:
            "classification" (batch, points, classes) and "centerness" (batch, points), before
            their sigmoid; "distances" (batch, points, 4) in pixels.
        points: float32, (points, 2): x, y in pixels.
        strides: int64, (points,): the stride of each point's level.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> detector = OneStageDetector((64, 64, 3), num_classes=3)
    >>> detector.points.shape, detector.model.count_params()
    ((336, 2), 156872)
    """

    def __init__(
        self,
        input_shape: tuple[int, int, int],
        num_classes: int,
        widths: tuple[int, int, int, int] = (16, 32, 48, 64),
        width: int = 24,
        depth: int = 2,
    ) -> None:
        image, x = begin(input_shape, num_classes, widths=widths, width=width, depth=depth)
        validate.fixed_length("widths", widths, 1 + len(STRIDES))
        levels = feature_pyramid(backbone(x, widths), width)
        self.num_classes = num_classes
        self._levels = [
            points((level.shape[1], level.shape[2]), stride)
            for level, stride in zip(levels, STRIDES, strict=True)
        ]
        self.points = np.concatenate(self._levels).astype(np.float32)
        self.strides = np.repeat(STRIDES, [len(level) for level in self._levels])
        self.model = keras.Model(image, _head(levels, num_classes, width, depth))
        # As one function of any number of images: three times faster than layer by layer.
        self._outputs = tf.function(
            lambda images: self.model(images, training=False),
            input_signature=[tf.TensorSpec(self.input_shape, tf.float32)],
            autograph=False,
        )

    @property
    def input_shape(self) -> tuple[int | None, ...]:
        return self.model.input_shape

    @property
    def trainable_variables(self) -> list[Any]:
        return self.model.trainable_variables

    def targets(self, frames: Frames) -> dict[str, np.ndarray]:
        """What the network is to predict, as `losses` takes it, with a row for each image.

        Returns:
            "class_ids": int64, (images, points), -1 for background. "distances": float32,
            (images, points, 4) in pixels. "centerness": float32, (images, points).
        """
        class_ids = np.empty((len(frames), len(self.points)), np.int64)
        distances = np.empty((*class_ids.shape, 4), np.float32)
        for index in range(len(frames)):
            levels = [
                point_targets(level, *frames.objects(index), regression_range)
                for level, regression_range in zip(self._levels, REGRESSION_RANGES, strict=True)
            ]
            class_ids[index] = np.concatenate([labels for labels, _ in levels])
            distances[index] = np.concatenate([sides for _, sides in levels])
        quality = centerness(distances.reshape(-1, 4)).reshape(class_ids.shape)
        return {
            "class_ids": class_ids,
            "distances": distances,
            "centerness": quality.astype(np.float32),
        }

    def losses(self, images: Any, targets: dict[str, Any]) -> dict[str, Any]:
        """The parts of the loss of a batch, by name; the network runs as in training.

        The focal loss of all points, divided by the number of positive ones; of these alone, the
        GIoU loss, weighed by centre-ness, and the cross-entropy of the centre-ness.
        """
        found = self.model(images, training=True)
        is_positive = tf.cast(targets["class_ids"] >= 0, tf.float32)
        num_positive = tf.maximum(tf.reduce_sum(is_positive), 1.0)
        one_hot = tf.one_hot(targets["class_ids"], self.num_classes)  # -1: all zeros
        focal = focal_loss(found["classification"], one_hot)
        giou = giou_loss(
            to_boxes(self.points, found["distances"]),
            to_boxes(self.points, targets["distances"]),
        )
        # Background has centre-ness 0.
        weight = targets["centerness"]
        entropy = tf.nn.sigmoid_cross_entropy_with_logits(weight, found["centerness"])
        return {
            "classification": tf.reduce_sum(focal) / num_positive,
            "box": tf.math.divide_no_nan(tf.reduce_sum(weight * giou), tf.reduce_sum(weight)),
            "centerness": tf.reduce_sum(is_positive * entropy) / num_positive,
        }

    def predict(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The box at each point, and its score for each class, before any is chosen.

        Returns:
            float32, (images, points, 4): x1, y1, x2, y2, cut off at the image's sides; and
            (images, points, classes), from 0 to 1: the geometric mean of the class's
            probability and the centre-ness.
        """
        found = self._outputs(tf.cast(images, tf.float32))
        height, width = self.input_shape[1:3]
        found_boxes = tf.clip_by_value(
            to_boxes(self.points, found["distances"]), 0.0, [width, height, width, height]
        )
        quality = tf.sigmoid(found["centerness"])[..., None]
        scores = tf.sqrt(tf.sigmoid(found["classification"]) * quality)
        return found_boxes.numpy(), scores.numpy()


def _head(
    levels: "list[KerasTensor]", num_classes: int, width: int, depth: int
) -> "dict[str, KerasTensor]":
    """Two branches of convolutions, shared by all levels, and what they predict at each point.

    Only the normalisation, its statistics and offset, is each level's own: the levels'
    features differ in scale, and averages over all of them would fit none.
    """

    def convolution(channels: int, **options: Any) -> "keras.layers.Conv2D":
        return keras.layers.Conv2D(channels, 3, padding="same", **options)

    class_branch, box_branch = (
        [convolution(width, use_bias=False) for _ in range(depth)] for _ in range(2)
    )
    # Nearly all points are background: begin with that, or the first steps learn nothing else.
    rare = keras.initializers.Constant(-np.log((1 - PRIOR) / PRIOR))
    to_class = convolution(num_classes, bias_initializer=rare)
    to_distances, to_centerness = convolution(4), convolution(1)
    rows: dict[str, list[KerasTensor]] = {
        "classification": [],
        "distances": [],
        "centerness": [],
    }
    for level, stride in zip(levels, STRIDES, strict=True):
        class_features = box_features = level
        for for_class, for_box in zip(class_branch, box_branch, strict=True):
            class_features = normalised(for_class(class_features))
            box_features = normalised(for_box(box_features))
        # In strides, so that one head fits all levels; softplus, so that none is negative.
        distances = stride * keras.ops.softplus(to_distances(box_features))
        for name, output in (
            ("classification", to_class(class_features)),
            ("distances", distances),
            ("centerness", to_centerness(box_features)),
        ):
            rows[name].append(keras.layers.Reshape((-1, output.shape[-1]))(output))
    outputs = {name: keras.ops.concatenate(parts, axis=1) for name, parts in rows.items()}
    outputs["centerness"] = keras.ops.squeeze(outputs["centerness"], axis=-1)
    return outputs
