"""Overfitting, studied on one small task: ten motions to learn from fifty clips.

`run` trains a small network under some remedies and says what it reaches where; `scenes` are
clips whose background can give their label away. TensorFlow is imported when a model is built.

>>> from helpers import overfitting
>>> overfitting.REMEDIES["dropout of frames"][0].dropout_of
'frame'
"""

from helpers.overfitting.augmenting import augment
from helpers.overfitting.network import network
from helpers.overfitting.remedies import NOTHING, REMEDIES, Remedies
from helpers.overfitting.running import Result, predict, run, small_task
from helpers.overfitting.scenes import Scenes, scenes, swap_backgrounds

__all__ = [
    "NOTHING",
    "REMEDIES",
    "Remedies",
    "Result",
    "Scenes",
    "augment",
    "network",
    "predict",
    "run",
    "scenes",
    "small_task",
    "swap_backgrounds",
]
