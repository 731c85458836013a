"""Modules that name TensorFlow import it only when it is used."""

import subprocess
import sys

PROGRAM = """
import doctest, inspect, sys
from helpers import lazy, training
from helpers.training import stepping
assert inspect.unwrap(lazy.tf) is lazy.tf
doctest.DocTestFinder().find(stepping)
training.cosine_schedule(1, 10, 0.1), training.interval([1, 2]), training.History()
assert not {"tensorflow", "keras"} & set(sys.modules)
import keras, tensorflow as tf
assert lazy.tf.Tensor is tf.Tensor and lazy.keras.Model is keras.Model
assert isinstance(tf.constant(1), lazy.tf.Tensor)
print("well")
"""


def test_no_import_before_use() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("well\n", "")
