"""Which frames the small models see together: what their structure says, measured from outside."""

import math

import numpy as np
import pytest

from helpers import models, training

SHAPE = (20, 32, 32, 1)
NONE = 1e-5  # what float32 leaves where frames do not meet


def measured(name: str) -> np.ndarray:
    training.set_seed(0)
    model = models.SMALL[name].build(SHAPE, 10)
    clips = np.random.default_rng(0).integers(0, 256, (2, *SHAPE), dtype=np.uint8)
    return models.interactions(model, *clips)


@pytest.mark.parametrize(
    ("name", "frames"),
    [
        ("frame CNN, averaged", 1),
        ("temporal shift", 7),  # three shifts, each a frame further to both sides
        ("(2+1)D CNN", 15),  # 1 + 2 + 2 * 2 + 2 * 4
        ("3D CNN", 15),
        ("factorised transformer", 20),
    ],
)
def test_the_frames_that_a_model_sees_together(name: str, frames: int) -> None:
    strength = measured(name)
    assert strength.shape == (19,)
    assert (strength[: frames - 1] > 100 * NONE).all()
    assert (strength[frames - 1 :] < NONE).all()


def test_a_gru_forgets_step_by_step() -> None:
    strength = measured("CNN + GRU")
    assert strength[0] > 100 * strength[5] > 0
    slope = np.polyfit(np.arange(2, 10), np.log(strength[1:9]), 1)[0]
    assert slope < math.log(0.8)  # a fifth is lost with each frame, at least


def test_clips_must_fit() -> None:
    model = models.frame_cnn(SHAPE, 10)
    clip = np.zeros(SHAPE, np.uint8)
    with pytest.raises(ValueError, match="two shapes must be equal"):
        models.interactions(model, clip, clip[:10])
    with pytest.raises(TypeError, match="uint8"):
        models.interactions(model, clip.astype(np.float32), clip)
