"""`python -m helpers.generate`, from a seed to a file."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from helpers import generate, generation, video
from helpers.generation import gan


def test_the_same_seed_gives_the_same_frames(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frames = []
    for name, seed in (("one", 7), ("again", 7), ("other", 8)):
        path = tmp_path / f"{name}.mp4"
        assert generate.main([str(path), "--seed", str(seed), "--clips", "4"]) == 0
        said = capsys.readouterr().out
        assert (
            f"{path}, from seed {seed}." in said and "Not trained now, but by `python" in said
        )
        info = video.probe(path)
        assert (info.num_frames, info.fps) == (32, 8)
        frames.append(video.read_clip(path, 32))
    assert np.array_equal(frames[0], frames[1]) and not np.array_equal(frames[0], frames[2])
    # What is in the file is what the GAN makes, enlarged and played four times.
    clips = gan.stored().sample(4, seed=7)
    pixel = frames[0][::, 3::6, 3::6, 0].astype(int)
    expected = np.tile(generation.grid(clips)[..., 0], (4, 1, 1)).astype(int)
    assert np.abs(pixel[:, : expected.shape[1], : expected.shape[2]] - expected).mean() < 4


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["no/such/folder/x.mp4", "--clips", "1"], 1, "first make the folder"),
        (["x.avi", "--clips", "1"], 1, "does not end in .mp4"),
    ],
)
def test_what_cannot_be_written_is_said(
    arguments: list[str], status: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate.main(arguments) == status
    error = capsys.readouterr().err
    assert error.startswith("Error: ") and message in error and error.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [["--seed", "-1"], ["--clips", "0"], ["--clips", "401"], ["--model", "next_frame"]],
)
def test_wrong_options_are_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        generate.main(["x.mp4", *arguments])
    assert stopped.value.code == 2


def test_help_needs_no_tensorflow() -> None:
    program = (
        "import sys\nfrom helpers import generate\n"
        "try:\n    generate.main(['--help'])\nexcept SystemExit:\n    pass\n"
        "assert 'tensorflow' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "same frames on the same machine" in " ".join(done.stdout.split())


def test_a_grid_has_every_clip_in_its_place() -> None:
    clips = np.arange(5 * 2 * 3 * 4, dtype=np.uint8).reshape(5, 2, 3, 4, 1)
    made = generation.grid(clips, num_columns=2)
    assert made.shape == (2, 3 * 4 - 1, 2 * 5 - 1, 1)
    for number, clip in enumerate(clips):
        row, column = divmod(number, 2)
        top, left = row * 4, column * 5
        assert np.array_equal(made[:, top : top + 3, left : left + 4], clip)
    assert (
        made[:, 8:, 5:].max() == 0 and (made[:, 3] == 48).all() and (made[:, :, 4] == 48).all()
    )
    assert generation.grid(clips).shape == (2, 2 * 4 - 1, 3 * 5 - 1, 1)
