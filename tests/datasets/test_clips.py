"""Masks, boxes, flow and visible pixels agree with the video and with each other."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import ndimage, stats
from skimage.measure import points_in_poly

from helpers import datasets
from helpers.datasets.outlines import _CORNERS, SHAPES, shape_template
from helpers.datasets.rendering import add_sensor_noise, template_axis
from helpers.preprocessing import add_noise

DETECTION: dict[str, Any] = {
    "size": 64,
    "num_objects": 4,
    "channels": 3,
    "motions": ("free",),
    "shapes": ("circle", "square", "triangle"),
}


@cache
def detection(noise: float = 0.0, occluder: int = 6) -> datasets.Clips:
    return datasets.moving_shapes(12, seed=3, noise=noise, occluder=occluder, **DETECTION)


def of_scenes(clips: datasets.Clips, name: str) -> np.ndarray:
    return np.concatenate([getattr(scene, name) for scene in clips._scenes])


def test_shapes_and_dtypes() -> None:
    clips = datasets.moving_shapes(7, seed=0, num_frames=9, size=40, num_objects=2, channels=3)
    expected: dict[str, tuple[Any, tuple[int, ...]]] = {
        "video": (np.uint8, (7, 9, 40, 40, 3)),
        "label": (np.int64, (7,)),
        "object_label": (np.int64, (7, 2)),
        "boxes": (np.float32, (7, 9, 2, 4)),
        "track_ids": (np.int64, (7, 2)),
        "masks": (np.bool_, (7, 9, 2, 40, 40)),
        "flow": (np.float32, (7, 8, 40, 40, 2)),
        "visible": (np.float32, (7, 9, 2)),
    }
    for name, (dtype, shape) in expected.items():
        array = getattr(clips, name)
        assert (array.dtype, array.shape) == (dtype, shape), name
    assert clips.track_ids.tolist() == [[1, 2]] * 7
    assert clips.object_names == ("bar", "triangle", "arrow", "L", "T")


@pytest.mark.parametrize("make", [datasets.moving_shapes, datasets.moving_digits])
def test_the_seed_decides_and_the_first_clips_stay(make: Any) -> None:
    knobs = {"num_frames": 6, "num_objects": 2, "motion_blur": 0.5, "occluder": 3}
    clips, again = make(70, seed=4, **knobs), make(70, seed=4, **knobs)
    few, other = make(9, seed=4, **knobs), make(70, seed=5, **knobs)
    for name in ("video", "label", "object_label", "boxes", "masks", "flow", "visible"):
        whole = getattr(clips, name)
        assert np.array_equal(whole, getattr(again, name))
        assert np.array_equal(whole[:9], getattr(few, name))
    changed = (clips.video != other.video).reshape(70, -1).mean(axis=1)
    assert changed.min() > 0.8
    assert not np.array_equal(clips.label, other.label)


def test_labels_are_dealt_evenly() -> None:
    label = datasets.moving_shapes(95, seed=0, num_frames=6).label
    assert all(sorted(label[i : i + 10]) == list(range(10)) for i in range(0, 90, 10))
    clips = datasets.moving_shapes(30, seed=0, motions=("up", "shuffled", "left"))
    assert clips.class_names == ("up", "shuffled", "left")
    assert np.bincount(clips.label).tolist() == [10, 10, 10]


def test_a_mask_has_the_pixels_that_show_the_object() -> None:
    clips = detection()
    assert clips.masks.sum(axis=2).max() == 1  # nothing belongs to two objects
    for clip in range(len(clips.video)):
        frames = clips.video[clip].astype(int)
        for index in range(4):
            mask = clips.masks[clip, :, index]
            middle = np.stack([ndimage.binary_erosion(frame, iterations=2) for frame in mask])
            if middle.any():
                assert np.ptp(frames[middle], axis=0).max() == 0  # one flat colour
                outside = ~clips.masks[clip].any(axis=1)
                near = np.abs(frames - frames[middle][0]).max(axis=-1) < 3
                assert near[outside].mean() < 0.15  # at most the bar, if it looks alike


def drawn(
    outline: str, center: np.ndarray, angle: float, radius: float, size: int, wraps: bool
) -> np.ndarray:
    """The pixels whose middles lie in a shape, as scikit-image finds them."""
    if outline == "circle":
        turns = np.linspace(0, 2 * np.pi, 720, endpoint=False)
        corners = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    else:
        corners = np.array(_CORNERS[outline])
    turned = corners @ np.array(
        [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]
    )
    middles = np.stack(np.meshgrid(*[np.arange(size) + 0.5] * 2), axis=-1).reshape(-1, 2)
    found = np.zeros(len(middles), bool)
    for shift in np.ndindex(3, 3) if wraps else [(1, 1)]:
        place = center + size * (np.array(shift) - 1)
        found |= points_in_poly(middles, place + radius * turned)
    return found.reshape(size, size)


@pytest.mark.parametrize(
    ("knobs", "size"),
    [
        ({"motions": datasets.MOTIONS, "num_objects": 2, "motion_blur": 0.5}, 32),
        ({"motions": ("left", "clockwise"), "shapes": SHAPES[1:], "object_size": (6, 12)}, 17),
        ({"motions": ("free",), "num_objects": 4, "shapes": SHAPES, "occluder": 9}, 64),
        ({"motions": ("free",), "shapes": SHAPES, "object_size": (60, 92)}, 96),
        ({"motions": ("free",), "shapes": ("L", "arrow"), "object_size": (150, 200)}, 204),
    ],
)
def test_masks_boxes_and_visible_pixels_are_those_of_the_outlines(
    knobs: dict[str, Any], size: int
) -> None:
    clips = datasets.moving_shapes(30, seed=8, size=size, num_frames=6, **knobs)
    hidden, center, angle = (of_scenes(clips, name) for name in ("hidden", "center", "angle"))
    num_objects = clips.object_label.shape[1]
    radius = of_scenes(clips, "radius")
    wraps = "free" not in knobs["motions"]
    agrees = np.zeros((30, 6), bool)
    for clip, frame in np.ndindex(30, 6):
        in_front = np.broadcast_to(hidden[clip], (size, size))
        masks, shares, boxes = [], [], []
        for index in reversed(range(num_objects)):
            whole = drawn(
                clips.object_names[clips.object_label[clip, index]],
                center[clip, frame, index],
                angle[clip, frame, index],
                radius[clip, index],
                size,
                wraps,
            )
            masks.append(whole & ~in_front)
            shares.append(masks[-1].sum() / whole.sum())
            x1, y1, x2, y2 = clips.boxes[clip, frame, index].astype(int)
            columns, rows = np.arange(x1, x2) % size, np.arange(y1, y2) % size
            boxes.append(
                set(columns) == set(np.nonzero(whole.any(axis=0))[0])
                and set(rows) == set(np.nonzero(whole.any(axis=1))[0])
            )
            in_front = in_front | whole
        agrees[clip, frame] = (
            np.array_equal(masks[::-1], clips.masks[clip, frame])
            and np.allclose(shares[::-1], clips.visible[clip, frame])
            and all(boxes)
        )
    # A pixel's middle can lie so exactly on an edge that a template's samples decide otherwise.
    assert agrees.mean() > 0.95
    if num_objects > 2:
        assert (clips.visible < 0.5).mean() > 0.02 and np.any(clips.visible == 0)


def test_a_box_is_tight_where_all_is_seen_and_never_leaves_the_frame() -> None:
    clips = detection()
    all_seen = clips.visible == 1
    assert 0.5 < all_seen.mean() < 1
    for clip, frame, index in np.argwhere(all_seen):
        rows, columns = np.nonzero(clips.masks[clip, frame, index])
        tight = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        assert clips.boxes[clip, frame, index].tolist() == tight
    assert clips.boxes.min() >= 0 and clips.boxes.max() <= 64


def test_the_box_of_a_hidden_object_holds_all_of_it() -> None:
    clips, open_view = detection(occluder=20), detection(occluder=0)
    assert clips.visible.min() < 0.1
    width = np.diff(open_view.boxes[..., ::2], axis=-1)
    assert np.ptp(width, axis=1).max() <= 2  # the size stays, but for a thin tip
    for clip, frame, index in np.argwhere(clips.masks.any(axis=(-2, -1))):
        rows, columns = np.nonzero(clips.masks[clip, frame, index])
        x1, y1, x2, y2 = clips.boxes[clip, frame, index]
        assert x1 <= columns.min() and columns.max() < x2
        assert y1 <= rows.min() and rows.max() < y2


def test_a_box_that_wraps_keeps_its_size_and_runs_over_the_border() -> None:
    clips = datasets.moving_shapes(40, seed=2, motions=("right",), noise=0)
    x1, _, x2, _ = np.moveaxis(clips.boxes[:, :, 0], -1, 0)
    over = (x1 < 0) | (x2 > 32)
    assert over.any() and np.ptp(x2 - x1, axis=1).max() <= 1
    for clip, frame in np.argwhere(over):
        columns = np.nonzero(clips.masks[clip, frame, 0].any(axis=0))[0]
        box = np.arange(x1[clip, frame], x2[clip, frame]) % 32
        assert set(columns) == set(box)
    assert np.all(clips.visible == 1)


def follow(clips: datasets.Clips, wraps: bool) -> tuple[np.ndarray, np.ndarray]:
    """Each frame, and the next one brought back by the flow."""
    frames = clips.video[..., 0].astype(np.float32)
    rows, columns = np.mgrid[: frames.shape[2], : frames.shape[3]]
    back = np.empty_like(frames[:, 1:])
    for clip, frame in np.ndindex(back.shape[:2]):
        dx, dy = np.moveaxis(clips.flow[clip, frame], -1, 0)
        mode = "grid-wrap" if wraps else "nearest"
        back[clip, frame] = ndimage.map_coordinates(
            frames[clip, frame + 1], [rows + dy, columns + dx], order=1, mode=mode
        )
    return frames[:, :-1], back


def test_the_flow_brings_the_next_frame_back() -> None:
    for make in (datasets.moving_shapes, datasets.moving_digits):
        clips = make(60, seed=6, noise=0)
        now, back = follow(clips, wraps=True)
        mask = clips.masks[:, :-1].any(axis=2)
        moved = np.linalg.norm(clips.flow, axis=-1)
        assert moved[~mask].max() == 0 and moved[mask].mean() > 0.5
        error = np.abs(now - back)
        still = np.abs(now - clips.video[:, 1:, ..., 0])
        contrast = now[mask].mean() - now[~mask].mean()
        # Sampling softens edges twice; without the flow the error is many times as large.
        for label, motion in enumerate(clips.class_names):
            mine = mask & (clips.label == label)[:, None, None, None]
            assert error[mine].mean() < 0.15 * contrast, motion
            assert error[mine].mean() < 0.45 * still[mine].mean(), motion
        inner = ndimage.binary_erosion(mask, np.ones((1, 1, 3, 3)))
        if make is datasets.moving_shapes:
            assert error[inner].max() < 0.15 * contrast


def test_flow_follows_the_point_also_where_it_turns() -> None:
    clips = datasets.moving_shapes(20, seed=0, motions=("clockwise",), noise=0)
    center, angle = of_scenes(clips, "center"), of_scenes(clips, "angle")
    for clip, frame, row, column in np.argwhere(clips.masks[:, :-1, 0])[::97]:
        arm = np.array([column, row]) + 0.5 - center[clip, frame, 0]
        arm = (arm + 16) % 32 - 16
        radius, spin = np.hypot(*arm), angle[clip, frame + 1, 0] - angle[clip, frame, 0]
        dx, dy = clips.flow[clip, frame, row, column]
        assert np.hypot(dx, dy) == pytest.approx(2 * radius * np.sin(spin / 2), abs=1e-4)
        # Clockwise on the screen: what is right of the middle goes down.
        assert arm[0] * dy - arm[1] * dx >= 0


def test_over_a_border_the_flow_goes_the_short_way() -> None:
    clips = datasets.moving_shapes(60, seed=0, motions=("left", "down"), noise=0)
    mask = clips.masks[:, :-1, 0]
    for label, axis, sign in ((0, 0, -1), (1, 1, 1)):
        mine = mask & (clips.label == label)[:, None, None, None]
        along, across = clips.flow[mine][:, axis] * sign, clips.flow[mine][:, 1 - axis]
        assert along.min() > 1 and along.max() < 3
        assert np.abs(across).max() < 1e-4


def test_each_of_several_objects_has_its_own_truth() -> None:
    clips = datasets.moving_shapes(60, seed=0, noise=0, **DETECTION)
    x1, y1, x2, y2 = np.moveaxis(clips.boxes, -1, 0)
    share = clips.masks.sum(axis=(-2, -1)) / ((x2 - x1) * (y2 - y1))  # of the box
    center = np.stack([x1 + x2, y1 + y2], axis=-1) / 2
    for label, low, high in ((0, 0.72, 0.85), (1, 0.95, 1.0), (2, 0.45, 0.65)):
        mine = (clips.object_label == label)[:, None] & (clips.visible == 1)
        assert mine.sum() > 200
        assert low < np.median(share[mine]) <= high
    for clip, frame, index in np.argwhere(clips.visible[:, :-1] > 0.5):
        flow = clips.flow[clip, frame][clips.masks[clip, frame, index]]
        assert np.ptp(flow, axis=0).max() < 1e-4  # upright objects do not turn
        step = center[clip, frame + 1, index] - center[clip, frame, index]
        assert np.abs(flow[0] - step).max() <= 1.01  # boxes lie on whole pixels


def test_motion_blur_smears_along_the_motion_alone() -> None:
    sharp, blurred = (
        datasets.moving_shapes(200, seed=0, motions=("left", "up"), noise=0, motion_blur=blur)
        for blur in (0.0, 1.0)
    )
    assert np.array_equal(sharp.masks, blurred.masks)
    assert sharp.video.mean() == pytest.approx(blurred.video.mean(), abs=0.05)

    def roughness(clips: datasets.Clips, axis: int, label: int) -> float:
        step = np.diff(clips.video[clips.label == label].astype(int), axis=axis)
        return float(np.mean(step**2))

    for label, along in ((0, 3), (1, 2)):
        across = 5 - along
        kept_along, kept_across = (
            roughness(blurred, axis, label) / roughness(sharp, axis, label)
            for axis in (along, across)
        )
        assert kept_along < 0.75 < 0.78 < kept_across < 1


@pytest.mark.parametrize("motion", ["left", "down", "accelerating", "there and back"])
def test_a_blurred_frame_is_about_the_middle_of_its_exposure(motion: str) -> None:
    sharp, blurred = (
        datasets.moving_shapes(30, seed=2, motions=(motion,), noise=0, motion_blur=blur)
        for blur in (0.0, 0.8)
    )
    wave = np.exp(2j * np.pi * np.arange(32) / 32)
    for axis in (2, 3):
        # How far the object lies along an axis whose ends are joined, as an angle.
        along, same = (
            clips.video[..., 0].sum(axis=5 - axis, dtype=float) @ wave
            for clips in (sharp, blurred)
        )
        step = np.angle(same / along) / (2 * np.pi) * 32  # pixels
        # While it turns back, one frame is not about its middle.
        assert np.median(np.abs(step)) < 0.02 and abs(step.mean()) < 0.02


def test_the_occluder_stands_in_front() -> None:
    clips = detection(occluder=6)
    hidden = of_scenes(clips, "hidden")
    assert np.all(hidden.sum(axis=1) == 6) and len(np.unique(hidden.argmax(axis=1))) > 5
    for clip, columns in zip(clips.video, hidden, strict=True):
        bar = clip[:, :, columns].reshape(-1, 3)
        assert np.ptp(bar, axis=0).max() == 0 and bar.max() >= 150
        assert not np.array_equal(bar[0], clip[0, 0, ~columns][0])


def test_noise_is_as_strong_as_asked() -> None:
    clean, noisy = (datasets.moving_shapes(20, seed=0, noise=sigma) for sigma in (0, 7))
    noise = noisy.video.astype(int) - clean.video
    assert np.array_equal(clean.masks, noisy.masks)
    # As strong as that of `add_noise`, alike in shape, and fresh in every pixel and frame.
    expected = add_noise(clean.video, 7, seed=0).astype(int) - clean.video
    counts = np.stack(
        [np.bincount((each + 64).ravel(), minlength=128) for each in (noise, expected)]
    )
    counts = counts[:, counts.min(axis=0) > 20]
    assert stats.chi2_contingency(counts).pvalue > 1e-3
    assert noise.std() == pytest.approx(7, abs=0.05)
    for axis in range(4):
        one, other = np.delete(noise, 0, axis), np.delete(noise, -1, axis)
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.01


def test_noise_saturates() -> None:
    ends = np.repeat(np.array([0, 255], np.uint8), 50_000).reshape(2, 1, 1, 50_000, 1)
    noisy = add_sensor_noise(ends, 1000.0, np.random.default_rng(0)).astype(int)
    assert np.mean(noisy == 0) == pytest.approx(0.45, abs=0.01)
    assert np.mean(noisy == 255) == pytest.approx(0.45, abs=0.01)


@pytest.mark.parametrize("name", SHAPES)
def test_a_template_is_the_distance_to_its_edge(name: str) -> None:
    level = shape_template(name, side=160)
    step = template_axis(160)[1] - template_axis(160)[0]
    slope = np.hypot(*np.gradient(level, step))
    assert np.median(slope) == pytest.approx(1, abs=0.01)
    # SciPy's distance to the nearest pixel on the other side, to about a pixel.
    inside = level > 0
    distance = np.where(
        inside, ndimage.distance_transform_edt(inside), -ndimage.distance_transform_edt(~inside)
    )
    assert np.abs(level / step - distance).max() < 1.5
    reach = np.hypot(*np.meshgrid(template_axis(160), template_axis(160)))
    assert reach[inside].max() <= 1.01
    # The smallest object holds a disc as large as the gap between the middles of the pixels.
    assert level.max() * 3 > np.sqrt(0.5)
