"""Two easy classes as a folder of videos: shapes that go left, and shapes that go up."""

from pathlib import Path

import pytest

from helpers import datasets
from helpers.video import write_video

CLASSES = ("left", "up")


@pytest.fixture(scope="session")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 videos a class, 32x32, 16 frames."""
    folder = tmp_path_factory.mktemp("shapes") / "shapes"
    clips = datasets.moving_shapes(
        40, seed=1, num_frames=16, channels=3, motions=CLASSES, shapes=("arrow",), noise=0
    )
    for k, (clip, label) in enumerate(zip(clips.video, clips.label, strict=True)):
        path = folder / CLASSES[label] / f"{'ab'[k % 2]}{k}.mp4"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_video(path, clip, fps=25)
    return folder
