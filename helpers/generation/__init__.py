"""Models that make video, in the small, and how to tell whether they are good.

>>> from helpers import generation
>>> generation.digits(4, seed=0).video.shape
(4, 8, 24, 24, 1)
"""

from helpers.generation.clips import DIRECTIONS, NUM_DIGITS, SHAPE, Digits, digits

__all__ = ["DIRECTIONS", "NUM_DIGITS", "SHAPE", "Digits", "digits"]
