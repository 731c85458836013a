"""Two easy classes as a folder of videos: shapes that move in red light, or in blue."""

from pathlib import Path

import pytest

from helpers import datasets
from helpers.video import write_video


@pytest.fixture(scope="session")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 videos a class, 32x32, 12 frames: blue/0.mp4, red/1.mp4, ..."""
    folder = tmp_path_factory.mktemp("shapes") / "shapes"
    clips = datasets.moving_shapes(40, seed=1, num_frames=12, channels=3, noise=0)
    for k, clip in enumerate(clips.video):
        name = ("blue", "red")[k % 2]
        (folder / name).mkdir(parents=True, exist_ok=True)
        clip[..., 0 if name == "blue" else 2] = 0
        write_video(folder / name / f"{k}.mp4", clip, fps=25)
    return folder
