"""``python -m helpers.generate``: a stored generator makes clips, and writes them as a video."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from helpers import generation, video
from helpers.interrupting import held_interrupts

MODELS = ("gan", "flow")
FPS = 8
ENLARGED = 6  # times: a clip is 24 pixels wide
PLAYED = 4  # times: a clip is a second long
MOST_CLIPS = 400

_DESCRIPTION = """\
Write a video of handwritten digits that glide, made by a model of chapter 31 from noise.

The clips stand side by side and are played four times. The same seed gives the same
frames on the same machine. A file of that name is replaced."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Generate; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal cannot show is no reason for a traceback.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    options = _parser().parse_args(arguments)
    try:
        with held_interrupts():
            print(write(options.output, options.model, options.clips, options.seed))
    except (ValueError, OSError) as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    return 0


def write(path: Path, model: str, num_clips: int, seed: int) -> str:
    """Make clips and write them; returns what there is to say about them.

    Raises:
        ValueError: when no weights of the model are stored.
        VideoError: when the file cannot be written.
    """
    # Imported when they are needed, since each needs TensorFlow.
    from helpers.generation import flow, gan, storing

    stored = flow.stored() if model == "flow" else gan.stored()
    clips = generation.grid(stored.sample(num_clips, seed=seed))
    clips = clips.repeat(ENLARGED, axis=1).repeat(ENLARGED, axis=2)
    video.write_video(path, np.tile(clips, (PLAYED, 1, 1, 1)), FPS)
    return f"{path}, from seed {seed}. {storing.load(model)[1]}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m helpers.generate",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "output", metavar="FILE.mp4", type=Path, help="where to write the video"
    )
    parser.add_argument(
        "--seed", type=_whole, default=0, metavar="N", help="other clips; default: 0"
    )
    parser.add_argument(
        "--clips",
        type=_number,
        default=16,
        metavar="N",
        help=f"how many, at most {MOST_CLIPS}; default: 16",
    )
    parser.add_argument(
        "--model", choices=MODELS, default="gan", help="which makes them; default: gan"
    )
    return parser


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 0 or more")
    return int(text)


def _number(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_CLIPS:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a whole number from 1 to {MOST_CLIPS}"
        )
    return int(text)


if __name__ == "__main__":
    status = main()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done but the tidying up
    sys.exit(status)
