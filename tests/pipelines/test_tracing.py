import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers import plots
from helpers.pipelines import draw_traces, trace_training


def test_without_prefetch_they_take_turns() -> None:
    trace = trace_training(prefetch=0, num_steps=6)
    pipeline, model = trace["pipeline"], trace["model"]
    assert pipeline.shape == model.shape == (6, 2)
    assert pipeline[0, 0] == 0
    assert (pipeline[:, 1] <= model[:, 0]).all()
    assert (model[:-1, 1] <= pipeline[1:, 0]).all()
    assert (np.diff(pipeline) >= 9.5).all()
    assert (np.diff(model) >= 9.5).all()


def test_with_prefetch_they_work_at_the_same_time() -> None:
    trace = trace_training(prefetch=2)
    starts_while_the_model_works = trace["pipeline"][2:, 0] < trace["model"][1:-1, 1]
    assert starts_while_the_model_works.mean() > 0.7
    assert (trace["pipeline"][:, 1] <= trace["model"][:, 0]).all()  # no batch before it is made


def test_the_drawing_has_the_bars_and_labels() -> None:
    traces = {"without": trace_training(0, num_steps=3), "with": trace_training(1, num_steps=3)}
    figure = draw_traces(traces)
    assert [axes.get_ylabel() for axes in figure.axes] == ["without", "with"]
    for axes in figure.axes:
        assert [len(bars.get_paths()) for bars in axes.collections] == [3, 3]
    plots.Picture(figure, "Two rows of bars.")
    assert not plt.get_fignums()


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(ValueError, match="prefetch is -1"):
        trace_training(-1)
    with pytest.raises(ValueError, match="num_steps is 0"):
        trace_training(0, num_steps=0)
    with pytest.raises(ValueError, match="milliseconds is 0"):
        trace_training(0, milliseconds=0)
