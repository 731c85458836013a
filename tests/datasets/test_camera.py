from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import ndimage, stats
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import RandomForestClassifier

from helpers import datasets
from helpers.datasets import films
from helpers.datasets.camera import CAMERA_MOTIONS, _cut, _window_side, _windows


@cache
def clips() -> datasets.CameraClips:
    return datasets.camera_motion(1800, seed=0, channels=1)


def test_what_comes_back() -> None:
    few = datasets.camera_motion(40, seed=0, channels=1)
    assert few.video.shape == (40, 12, 32, 32, 1) and few.video.dtype == np.uint8
    assert few.label.dtype == np.int64 and few.class_names == CAMERA_MOTIONS
    assert np.array_equal(few.video, clips().video[:40])  # the first clips stay
    assert np.array_equal(few.label, clips().label[:40])
    assert np.bincount(clips().label).tolist() == [200] * 9
    share = [np.mean(clips().source == name) for name in datasets.REAL_CLIPS]
    assert min(share) > 0.2
    other = datasets.camera_motion(40, seed=1, channels=1)
    assert np.mean(other.video != few.video) > 0.5


def test_only_the_named_films_are_cut() -> None:
    chosen = datasets.camera_motion(30, seed=0, sources=("city_night", "bikes"), num_frames=3)
    assert set(chosen.source) == {"city_night", "bikes"}
    assert chosen.video.shape == (30, 3, 32, 32, 3)


def wavy_film() -> np.ndarray:
    """One frame, (1, height, width), with waves, and far larger than the window."""
    rows, columns = np.mgrid[:400, :400]
    film = np.rint((np.sin(columns / 9) + np.sin(rows / 13)) * 60 + 128)
    return films.packed(film[np.newaxis, ..., np.newaxis])


@pytest.mark.parametrize("turn", [0, 0.4])
@pytest.mark.parametrize("label", range(9))
def test_the_window_does_what_the_name_says(label: int, turn: float) -> None:
    """Move, turn or scale frame 0 as the name says, and frame 4 comes out."""
    draws = np.full((1, 9), 0.5)
    draws[:, 1:3] = 0.25  # in the middle of the film, before it is mirrored
    draws[:, 3] = turn
    draws[:, 4] = 0.2  # a window of 0.42 of the film's height
    video = _cut(wavy_film(), False, np.array([label]), draws, (12, 64, 64, 1))[0, ..., 0]
    first, later = video[0].astype(float), video[4].astype(float)
    name = CAMERA_MOTIONS[label]
    shift = 4 * 0.05 * 64  # frames, sides of the window a frame, pixels in a side
    spun, scale = 4 * 0.1, np.exp(-4 * 0.0425)
    # Where the pixel in the middle row and column m + p of frame 4 is in frame 0: A p + b + m.
    spin = {"clockwise": spun, "anticlockwise": -spun}.get(name, 0.0)  # of the window
    grown = {"zoom in": scale, "zoom out": 1 / scale}.get(name, 1.0)
    matrix = grown * np.array([[np.cos(spin), np.sin(spin)], [-np.sin(spin), np.cos(spin)]])
    moves = {"pan left": (0, -1), "pan right": (0, 1), "pan up": (-1, 0), "pan down": (1, 0)}
    move = np.array(moves.get(name, (0, 0))) * shift  # (rows, columns)
    middle = np.array([31.5, 31.5])
    offset = middle + move - matrix @ middle
    expected = ndimage.affine_transform(first, matrix, offset, order=1, cval=np.nan)
    known = ndimage.binary_erosion(~np.isnan(expected))
    assert known.mean() > 0.5
    assert np.abs(expected - later)[known].max() < 8
    if name != "still":
        assert np.abs(first - later)[known].mean() > 8


def test_pixels_are_looked_up_as_scipy_does() -> None:
    rng = np.random.default_rng(0)
    film = rng.choice(np.array([0, 1, 128, 254, 255], np.uint8), size=(3, 7, 9, 3))
    rows, columns = (rng.integers(-1300, 2000, size=(2, 2, 3, 5, 5)) / 64).astype(np.float32)
    frame = rng.integers(3, size=(2, 3))
    found = films.look_up(films.packed(film), frame, rows, columns, channels=3)
    for clip, moment, channel in np.ndindex(2, 3, 3):
        expected = ndimage.map_coordinates(
            film[frame[clip, moment], ..., channel].astype(float),
            [rows[clip, moment] - 0.5, columns[clip, moment] - 0.5],
            order=1,
            mode="reflect",
        )
        assert np.abs(found[clip, moment, ..., channel] - expected).max() < 0.501


def test_the_film_plays_only_where_its_own_camera_stands_still() -> None:
    still = CAMERA_MOTIONS.index("still")
    for name, plays in (("pedestrians", True), ("bikes", False), ("city_night", False)):
        found = datasets.camera_motion(90, seed=0, sources=(name,), channels=1, noise=0)
        moved = np.ptp(found.video[found.label == still].astype(int), axis=1)
        assert (moved.max() > 20) == plays
        if not plays:
            assert moved.max() == 0
    # All that moves in the stretch are people and a rabbit: most pixels stay as they are.
    for name in ("pedestrians", "bigbuckbunny"):
        film = films.film(name, 64, 1).astype(int)
        change = np.abs(film[11:] - film[:-11])
        assert np.median(change.reshape(len(change), -1), axis=1).max() <= 2
    assert len(films.film("bigbuckbunny", 64, 1)) == 46


def test_the_window_is_anywhere_and_turned_anyhow_in_each_frame_whatever_the_motion() -> None:
    rng = np.random.default_rng(0)
    for label in range(9):
        draws = rng.random((4000, 8))
        x, y, across, along = _windows(np.full(4000, label), draws, 64, 90, 12)
        turn = np.arctan2(along, across) / (2 * np.pi)
        for frame in (0, 5, 11):
            pose = np.stack([x[:, frame] / 180, y[:, frame] / 128, turn[:, frame]]) % 1
            for values in pose:
                assert stats.kstest(values, "uniform").pvalue > 1e-5
            joint = np.histogramdd(pose.T, bins=4)[0]
            assert stats.chisquare(joint.ravel()).pvalue > 1e-5


def test_the_size_in_a_frame_of_unknown_number_is_alike_whatever_the_motion() -> None:
    rng = np.random.default_rng(0)
    sides = {}
    for closer in (-1, 0, 1):
        side, zoom, stop = rng.random((3, 20_000, 1))
        side = _window_side(np.full((20_000, 1), closer), side, zoom, stop, num_frames=12)
        sides[closer] = side[np.arange(20_000), rng.integers(12, size=20_000)]
        change = np.sign(np.diff(side, axis=1))
        assert np.all(change == -closer)
    for closer in (-1, 1):
        assert stats.ks_2samp(sides[closer], sides[0]).pvalue > 1e-3


def features(frames: np.ndarray) -> np.ndarray:
    pooled = frames.reshape(-1, 8, 4, 8, 4).mean(axis=(2, 4)).reshape(-1, 64)
    rough = np.abs(np.diff(frames[..., 0].astype(float), axis=1)).mean(axis=(1, 2))
    return np.column_stack([pooled, rough, frames.std(axis=(1, 2, 3))])


def correlations(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How alike the middle of one frame is to shifted parts of the other, in four quarters."""
    one, other = one[..., 0].astype(np.float32), other[..., 0].astype(np.float32)
    alike = []
    for top in (4, 16):
        for left in (4, 16):
            mine = one[:, top : top + 12, left : left + 12]
            for dy in range(-3, 4):
                for dx in range(-3, 4):
                    theirs = other[:, top + dy : top + dy + 12, left + dx : left + dx + 12]
                    alike.append(np.abs(mine - theirs).mean(axis=(1, 2)))
    return np.stack(alike, axis=1)


def accuracy(make: Callable[[], Any], inputs: np.ndarray, label: np.ndarray) -> float:
    half = len(label) // 2
    model = make().fit(inputs[:half], label[:half])
    return float(np.mean(model.predict(inputs[half:]) == label[half:]))


def test_no_single_frame_carries_the_motion_and_two_do() -> None:
    task = clips()
    frame = np.random.default_rng(0).integers(12, size=len(task.label))
    any_frame = features(task.video[np.arange(len(frame)), frame])
    chance, error = 1 / 9, np.sqrt(1 / 9 * 8 / 9 / 900)
    forest: Callable[[], Any] = lambda: RandomForestClassifier(30, random_state=0)  # noqa: E731
    for make in (forest, LinearDiscriminantAnalysis):
        for inputs in (any_frame, features(task.video[:, 0]), features(task.video[:, -1])):
            assert accuracy(make, inputs, task.label) < chance + 5 * error
        alone = correlations(task.video[:, 5], task.video[:, 5])
        pair = correlations(task.video[:, 5], task.video[:, 7])
        assert accuracy(make, alone, task.label) < chance + 5 * error
        assert accuracy(make, pair, task.label) > 0.3


@pytest.mark.parametrize(
    ("knobs", "message"),
    [
        ({"sources": "bikes"}, "sources is 'bikes' .* it must be a tuple"),
        ({"sources": ("bike",)}, "sources holds 'bike', but each of them must be one of"),
        ({"sources": ()}, "sources is empty"),
        ({"num_frames": 47}, "num_frames is 47, but it must be from 2 to 46"),
        ({"channels": 2}, "channels holds 2"),
        ({"noise": -1}, "noise is -1"),
        ({"seed": -1}, "seed is -1"),
        ({"size": 8}, "size is 8, but it must be from 16 to 128"),
    ],
)
def test_wrong_arguments_are_named(knobs: dict[str, object], message: str) -> None:
    arguments: dict[str, object] = {"seed": 0, **knobs}
    with pytest.raises((TypeError, ValueError), match=message):
        datasets.camera_motion(1, **arguments)  # type: ignore[arg-type]
