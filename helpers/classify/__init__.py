"""Teach a model to tell your own videos apart, and watch what it says about a new one.

In a terminal: ``python -m helpers.classify train FOLDER``, then ``predict MODEL FILE``. In a
notebook::

    from helpers import classify, video
    trained = classify.train("my_videos")
    prediction = classify.predict(trained.classifier, "new.mp4")
    video.show(classify.draw(prediction), fps=prediction.fps, alt="Probabilities over the clip.")

Each name is imported when it is first used, so that the program can be stopped while it imports.
"""

import importlib
from typing import TYPE_CHECKING, Any

from helpers.interrupting import held_interrupts

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

if TYPE_CHECKING:
    from helpers.classify.classifier import Classifier, TestScore, load
    from helpers.classify.drawing import draw, write
    from helpers.classify.prediction import Prediction, predict
    from helpers.classify.training import Trained, train
else:
    _MODULES = {
        "Classifier": "classifier",
        "Prediction": "prediction",
        "TestScore": "classifier",
        "Trained": "training",
        "draw": "drawing",
        "load": "classifier",
        "predict": "prediction",
        "train": "training",
        "write": "drawing",
    }

    def __getattr__(name: str) -> Any:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        with held_interrupts():
            module = importlib.import_module(f"{__name__}.{_MODULES[name]}")
        return getattr(module, name)

    def __dir__() -> list[str]:
        return __all__
