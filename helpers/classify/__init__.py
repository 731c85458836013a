"""Teach a model to tell your own videos apart, and watch what it says about a new one.

In a terminal: ``python -m helpers.classify train FOLDER``, then ``predict MODEL FILE``. In a
notebook::

    from helpers import classify, video
    trained = classify.train("my_videos")
    prediction = classify.predict(trained.classifier, "new.mp4")
    video.show(classify.draw(prediction), fps=prediction.fps, alt="Probabilities over the clip.")
"""

from helpers.classify.classifier import Classifier, TestScore, load
from helpers.classify.drawing import draw, write
from helpers.classify.prediction import Prediction, predict
from helpers.classify.training import Trained, train

__all__ = [
    "Classifier",
    "Prediction",
    "TestScore",
    "Trained",
    "draw",
    "load",
    "predict",
    "train",
    "write",
]
