"""How fast are clips made whose truth is known?

This project's makers take turns with the loops that draw or cut one frame after the other. Run
`python benchmarks/datasets.py`; `benchmarks/README.md` has the last result.
"""

import argparse
import importlib.metadata
import os
import platform
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import cache

import cv2
import numpy as np
from PIL import Image, ImageDraw
from sklearn.datasets import load_digits

from helpers import datasets, video

FRAMES, SIZE = 12, 32
NOISE = 8.0
ARROW = (
    np.array([(-9, -2.5), (0, -2.5), (0, -7.5), (10, 0), (0, 7.5), (0, 2.5), (-9, 2.5)]) / 10
)
MNIST_FRAMES, MNIST_SIZE, MNIST_SIDE = 20, 64, 28

Maker = Callable[[int], object]  # makes so many clips


def opencv_shapes(num_clips: int, channels: int = 1) -> np.ndarray:
    """Turn a polygon's corners, draw it and add noise, a frame at a time."""
    rng = np.random.default_rng(0)
    clips = np.empty((num_clips, FRAMES, SIZE, SIZE, channels), np.uint8)
    for clip in clips:
        background, color = rng.integers(24, 72, channels), rng.integers(152, 232, channels)
        corners, center = ARROW * rng.uniform(5, 7), rng.uniform(8, 24, size=2)
        angle, step, spin = (
            rng.uniform(0, 6.28),
            rng.uniform(-1, 1, size=2),
            rng.uniform(-0.4, 0.4),
        )
        for number in range(FRAMES):
            turn = angle + spin * number
            turned = corners @ [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
            frame = np.empty((SIZE, SIZE, channels), np.uint8)
            frame[:] = background
            # Corners in 16ths of a pixel, and smoothed edges.
            points = np.rint(16 * (center + number * step + turned)).astype(np.int32)
            cv2.fillPoly(frame, [points], color.tolist(), cv2.LINE_AA, shift=4)
            noisy = frame + rng.normal(0, NOISE, frame.shape)
            clip[number] = np.clip(np.rint(noisy), 0, 255)
    return clips


def pillow_shapes(num_clips: int) -> np.ndarray:
    """Draw a shape once a clip, then turn and shift the picture, a frame at a time."""
    rng = np.random.default_rng(0)
    clips = np.empty((num_clips, FRAMES, SIZE, SIZE, 1), np.uint8)
    for clip in clips:
        background, color = (int(rng.integers(*limits)) for limits in ((24, 72), (152, 232)))
        picture = Image.new("L", (SIZE, SIZE), background)
        corners = SIZE / 2 + ARROW * rng.uniform(5, 7)
        ImageDraw.Draw(picture).polygon([(x, y) for x, y in corners], fill=color)
        angle, spin, (dx, dy) = rng.uniform(0, 360), rng.uniform(-25, 25), rng.uniform(-1, 1, 2)
        for number in range(FRAMES):
            turned = picture.rotate(
                angle + spin * number,
                Image.Resampling.BILINEAR,
                translate=(number * dx, number * dy),
                fillcolor=background,
            )
            noisy = np.asarray(turned) + rng.normal(0, NOISE, (SIZE, SIZE))
            clip[number, ..., 0] = np.clip(np.rint(noisy), 0, 255)
    return clips


@cache
def enlarged_digits() -> np.ndarray:
    """scikit-learn's digits at MNIST's size, float32 (digits, 28, 28), 0 to 255."""
    return np.stack(
        [
            cv2.resize(digit * 255 / 16, (MNIST_SIDE, MNIST_SIDE))
            for digit in load_digits().images
        ]
    ).astype(np.float32)


def moving_mnist(num_clips: int) -> np.ndarray:
    """Moving MNIST's generator (Srivastava et al., 2015), rewritten from its description.

    Two digits of 28x28 pixels start anywhere in a frame of 64x64, go in any direction at a
    steady speed, bounce off the borders, and are laid over each other, on whole pixels.
    """
    rng = np.random.default_rng(0)
    digits = enlarged_digits()
    clips = np.zeros((num_clips, MNIST_FRAMES, MNIST_SIZE, MNIST_SIZE, 1), np.uint8)
    limit = MNIST_SIZE - MNIST_SIDE
    for clip in clips:
        chosen = digits[rng.integers(len(digits), size=2)]
        place: np.ndarray = rng.uniform(0, limit, size=(2, 2))
        heading = rng.uniform(0, 2 * np.pi, size=2)
        step = np.stack([np.cos(heading), np.sin(heading)], axis=1) * rng.uniform(2, 4, (2, 1))
        for frame in clip[..., 0]:
            canvas = np.zeros((MNIST_SIZE, MNIST_SIZE), np.float32)
            for digit, (y, x) in zip(chosen, place.astype(int), strict=True):
                canvas[y : y + MNIST_SIDE, x : x + MNIST_SIDE] += digit
            frame[:] = np.clip(canvas, 0, 255)
            place += step
            step[(place < 0) | (place > limit)] *= -1
            place = np.clip(place, 0, limit)
    return clips


@cache
def film() -> np.ndarray:
    return video.read_clip(datasets.real_clip("bikes"), 250, stride=1, start=0, size=2 * SIZE)


def opencv_camera(num_clips: int) -> np.ndarray:
    """A window that turns over a real frame: cv2.warpAffine and noise, a frame at a time."""
    rng = np.random.default_rng(0)
    clips = np.empty((num_clips, FRAMES, SIZE, SIZE, 3), np.uint8)
    height, width = film().shape[1:3]
    for clip in clips:
        source = film()[rng.integers(250)]
        angle, spin, scale = rng.uniform(0, 360), rng.uniform(-8, 8), rng.uniform(1, 1.9)
        center = rng.uniform(size=2) * (width, height)
        for number in range(FRAMES):
            matrix = cv2.getRotationMatrix2D(center.tolist(), angle + spin * number, 1 / scale)
            matrix[:, 2] = matrix[:, 2] + SIZE / 2 - center
            flags, border = cv2.INTER_LINEAR, cv2.BORDER_REFLECT
            frame = cv2.warpAffine(source, matrix, (SIZE, SIZE), flags=flags, borderMode=border)
            noisy = frame + rng.normal(0, 4.0, frame.shape)
            clip[number] = np.clip(np.rint(noisy), 0, 255)
    return clips


def our_moving_mnist(num_clips: int) -> object:
    diameter = MNIST_SIDE * np.sqrt(2)
    return datasets.moving_digits(
        num_clips,
        seed=1,
        num_frames=MNIST_FRAMES,
        size=MNIST_SIZE,
        num_objects=2,
        motions=("free",),
        object_size=(diameter, diameter),
        noise=0,
    )


def shapes_and_truth(num_clips: int) -> object:
    clips = datasets.moving_shapes(num_clips, seed=1)
    return clips.boxes, clips.masks, clips.visible, clips.flow


# For each kind of clip its makers, this project's first.
TABLE: dict[str, dict[str, Maker]] = {
    "shape, 12x32x32, grey": {
        "`moving_shapes`": lambda count: datasets.moving_shapes(count, seed=1),
        "`moving_shapes`, and all its truth": shapes_and_truth,
        "OpenCV, a frame at a time": opencv_shapes,
        "Pillow, a frame at a time": pillow_shapes,
    },
    "shape, 12x32x32, colour": {
        "`moving_shapes`": lambda count: datasets.moving_shapes(count, seed=1, channels=3),
        "OpenCV, a frame at a time": lambda count: opencv_shapes(count, channels=3),
    },
    "digit, 12x32x32, grey": {
        "`moving_digits`": lambda count: datasets.moving_digits(count, seed=1),
    },
    "digit, 12x32x32, colour": {
        "`moving_digits`": lambda count: datasets.moving_digits(count, seed=1, channels=3),
    },
    "two digits that bounce, 20x64x64, grey, no noise": {
        "`moving_digits`": our_moving_mnist,
        "Moving MNIST's loop": moving_mnist,
    },
    "real film, 12x32x32, grey": {
        "`camera_motion`": lambda count: datasets.camera_motion(count, seed=1, channels=1),
    },
    "real film, 12x32x32, colour": {
        "`camera_motion`": lambda count: datasets.camera_motion(count, seed=1),
        "OpenCV, a frame at a time": opencv_camera,
    },
}


def rate(make: Maker, num_clips: int) -> float:
    started = time.perf_counter()
    make(num_clips)
    return num_clips / (time.perf_counter() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=0.5, help="length of a turn")
    parser.add_argument("--repeats", type=int, default=7, help="turns of each maker")
    options = parser.parse_args()
    if options.seconds <= 0 or options.repeats < 1:
        parser.error("--seconds must be above 0 and --repeats 1 or more.")
    command = " ".join(["python benchmarks/datasets.py", *sys.argv[1:]])
    names = ("numpy", "scipy", "opencv-contrib-python-headless", "pillow", "scikit-learn")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    print(
        f"`{command}`, {date.today()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, {versions}.\n\n"
        "| clips | maker | clips/s | from | to | time, this project = 1 |\n"
        "|---|---|--:|--:|--:|--:|"
    )
    for kind, makers in TABLE.items():
        # The first call reads films and makes templates; the second tells how many fit a turn.
        counts = {}
        for name, make in makers.items():
            make(10)
            counts[name] = max(10, int(options.seconds * rate(make, 100)))
        turns = [
            {name: rate(make, counts[name]) for name, make in makers.items()}
            for _ in range(options.repeats)
        ]
        ours = next(iter(makers))
        for name in makers:
            rates = [turn[name] for turn in turns]
            ratio = np.median([turn[ours] / turn[name] for turn in turns])
            print(
                f"| {kind} | {name} | {np.median(rates):.0f} | {min(rates):.0f} "
                f"| {max(rates):.0f} | {ratio:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
