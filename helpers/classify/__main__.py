"""``python -m helpers.classify``: learn from a folder of videos, and judge a new one."""

import argparse
import re
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from helpers import classify

_DESCRIPTION = """\
Teach a small 3D CNN to tell your own videos apart.

  train FOLDER        FOLDER holds one subfolder for each class, with its videos in it
  predict MODEL FILE  says which class a video is, and draws the probabilities over it"""

_TRAIN = """\
Learn from a folder of videos, one subfolder a class:

    my_videos/jumping/anna_1.mp4
    my_videos/jumping/ben_1.mp4
    my_videos/walking/anna_2.mp4   ...

The videos are split into training, validation and test (70, 15 and 15 %), so that no video
is in two of them. Videos that are alike, of one person or place, should not be either: name
what they have in common with --group-by.

Stop it with Ctrl-C whenever you like; the same command goes on from where it was."""

_GROUP_BY = (
    "a regular expression for a video's path in its class's folder; what it finds (or its first "
    "bracket, if it has one) is the video's group, which is not split. For anna_1.mp4: "
    "'^[^_]+', for anna/1.mp4: '^[^/]+'"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train or predict; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal cannot show is no reason for a traceback.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (ValueError, OSError, FloatingPointError) as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(options.stopped, file=sys.stderr)
        return 130


def _train(options: argparse.Namespace) -> int:
    trained = classify.train(
        options.folder,
        options.model,
        epochs=options.epochs,
        num_frames=options.frames,
        stride=options.stride,
        size=options.size,
        group=options.group_by,
        seed=options.seed,
    )
    print(f"Now try it: python -m helpers.classify predict {trained.model_folder} FILE")
    return 0


def _predict(options: argparse.Namespace) -> int:
    classifier = classify.load(options.model)
    output = options.output or options.model / f"{options.file.stem}_classified.mp4"
    prediction = classify.predict(classifier, options.file)
    classify.write(prediction, output)
    print(prediction)
    print(f"The probabilities over the playing video: {output}")
    return 0


def _parser() -> argparse.ArgumentParser:
    layout = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        "python -m helpers.classify", description=_DESCRIPTION, formatter_class=layout
    )
    commands = parser.add_subparsers(required=True, metavar="train | predict")

    train = commands.add_parser("train", description=_TRAIN, formatter_class=layout)
    train.set_defaults(run=_train, stopped="\nStopped. The same command goes on from here.")
    train.add_argument("folder", metavar="FOLDER", type=Path)
    train.add_argument(
        "--model",
        type=Path,
        metavar="FOLDER",
        help="where to keep the model; default: beside the videos, with _model behind the name",
    )
    train.add_argument(
        "--epochs",
        type=_positive,
        metavar="N",
        help="how often each video is seen; default: 20, more where there are few videos",
    )
    for name, default, text in (
        ("frames", 16, "frames in a clip"),
        ("stride", 2, "a clip takes every N-th frame of the video"),
        ("size", 64, "height and width of a clip in pixels"),
    ):
        train.add_argument(
            f"--{name}",
            type=_positive,
            default=default,
            metavar="N",
            help=f"{text}; default: {default}",
        )
    train.add_argument("--group-by", type=_group_by, metavar="REGEX", help=_GROUP_BY)
    train.add_argument(
        "--seed",
        type=_seed,
        default=0,
        metavar="N",
        help="another split, other weights, other clips; default: 0",
    )

    predict = commands.add_parser(
        "predict",
        description="Say which class a video is, and write it anew with the probabilities of "
        "each moment drawn below.",
    )
    predict.set_defaults(run=_predict, stopped="\nStopped.")
    predict.add_argument(
        "model", metavar="MODEL", type=Path, help="the folder that train has written"
    )
    predict.add_argument("file", metavar="FILE", type=Path, help="a video")
    predict.add_argument(
        "--output",
        type=Path,
        metavar="FILE.mp4",
        help="where to write the video; default: FILE_classified.mp4 in the model's folder",
    )
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 0 or more")
    return int(text)


def _group_by(text: str) -> Callable[[Path], str]:
    """The function from a path to its group."""
    try:
        pattern = re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no regular expression: {error}"
        ) from None

    def group(path: Path) -> str:
        inside = Path(*path.parts[1:]).as_posix()
        found = pattern.search(inside)
        name = None if found is None else found[1 if pattern.groups else 0]
        if not name:
            raise ValueError(f"--group-by {text!r} finds nothing in {inside!r}: change it.")
        return name

    return group


if __name__ == "__main__":
    status = main()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done but the tidying up
    sys.exit(status)
