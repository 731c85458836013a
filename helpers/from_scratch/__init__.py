"""Layers of video models in NumPy, as an interview has you write them.

Keras has them faster; here is what they compute, in a few lines each.
"""

from helpers.from_scratch.attention import attention_pool
from helpers.from_scratch.convolution import conv3d
from helpers.from_scratch.shift import temporal_shift

__all__ = ["attention_pool", "conv3d", "temporal_shift"]
