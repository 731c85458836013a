"""Input pipelines in stages, and how to find the stage that holds up the others.

>>> from helpers import pipelines
>>> [stage.name for stage in pipelines.planted("augment")]
['read', 'decode', 'augment']
"""

from helpers.pipelines.planted import STAGE_NAMES, planted
from helpers.pipelines.stages import Stage, connect, seconds, substitute
from helpers.pipelines.tracing import draw_traces, trace_training

__all__ = [
    "STAGE_NAMES",
    "Stage",
    "connect",
    "draw_traces",
    "planted",
    "seconds",
    "substitute",
    "trace_training",
]
