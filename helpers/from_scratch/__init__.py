"""Pieces of video models and of their training in NumPy, as an interview has you write them.

Keras has them faster; here is what they compute, in a few lines each.
"""

from helpers.from_scratch.attention import attention_pool
from helpers.from_scratch.averaging import update_average
from helpers.from_scratch.convolution import conv3d
from helpers.from_scratch.dropout import inverted_dropout
from helpers.from_scratch.mixing import mixup
from helpers.from_scratch.shift import temporal_shift
from helpers.from_scratch.smoothing import smooth_labels
from helpers.from_scratch.stopping import EarlyStopping

__all__ = [
    "EarlyStopping",
    "attention_pool",
    "conv3d",
    "inverted_dropout",
    "mixup",
    "smooth_labels",
    "temporal_shift",
    "update_average",
]
