"""Published figures of video models, each with its source, so that tests can hold us to them.

>>> from helpers import facts
>>> [model.name for model in facts.recognition() if model.year < 2017]
['C3D']
"""

from helpers.facts.tables import (
    Generator,
    Recogniser,
    TrainingData,
    generation,
    recognition,
    source,
    training_data,
)

__all__ = [
    "Generator",
    "Recogniser",
    "TrainingData",
    "generation",
    "recognition",
    "source",
    "training_data",
]
