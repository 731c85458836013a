"""Video models in Keras: small ones that learn in seconds, and published ones at full size.

Every builder takes the shape of a clip, (frames, height, width, channels), and the number of
classes. The model takes clips of 0 to 255, uint8 or float, and gives logits, (batch, classes).
TensorFlow is imported when the first model is built.

>>> from helpers import models
>>> models.cnn3d((12, 32, 32, 1), num_classes=10).count_params()
71418
"""

from helpers.models.convolutional import c3d, cnn2plus1d, cnn3d
from helpers.models.counting import Count, Row, count
from helpers.models.estimating import batch_bytes, convolution_cost, num_tokens
from helpers.models.frames import attention_cnn, cnn_gru, frame_cnn
from helpers.models.parts import middle_channels
from helpers.models.reach import interactions
from helpers.models.residual import mc3_18, r2plus1d_18, r3d_18
from helpers.models.shift import shift_cnn
from helpers.models.small import SMALL, Recipe
from helpers.models.transformers import factorised_transformer, timesformer

__all__ = [
    "SMALL",
    "Count",
    "Recipe",
    "Row",
    "attention_cnn",
    "batch_bytes",
    "c3d",
    "cnn2plus1d",
    "cnn3d",
    "cnn_gru",
    "convolution_cost",
    "count",
    "factorised_transformer",
    "frame_cnn",
    "interactions",
    "mc3_18",
    "middle_channels",
    "num_tokens",
    "r2plus1d_18",
    "r3d_18",
    "shift_cnn",
    "timesformer",
]
