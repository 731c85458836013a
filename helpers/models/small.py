"""The small models side by side, each with the training that suits it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpers.models.convolutional import cnn2plus1d, cnn3d
from helpers.models.frames import attention_cnn, cnn_gru, frame_cnn
from helpers.models.shift import shift_cnn
from helpers.models.transformers import factorised_transformer

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Recipe:
    """A builder, `build(input_shape, num_classes)`, and how to train what it builds.

    The learning rate is the peak of `helpers.training.fit`'s own schedule. Both numbers were
    searched for on the motion task with 15 s of training.
    """

    build: "Callable[..., keras.Model]"
    learning_rate: float
    batch_size: int = 32


SMALL = {
    "frame CNN, averaged": Recipe(frame_cnn, learning_rate=0.002),
    "frame CNN, attention": Recipe(attention_cnn, learning_rate=0.002),
    "CNN + GRU": Recipe(cnn_gru, learning_rate=0.01),
    "temporal shift": Recipe(shift_cnn, learning_rate=0.02),
    "factorised transformer": Recipe(factorised_transformer, learning_rate=0.0015),
    "(2+1)D CNN": Recipe(cnn2plus1d, learning_rate=0.02),
    "3D CNN": Recipe(cnn3d, learning_rate=0.02),
}
