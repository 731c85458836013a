from functools import cache
from typing import Any

import cv2
import numpy as np
import pytest
from scipy import ndimage
from skimage import measure

from helpers import boxes as box_tools
from helpers import datasets, foreground, metrics, video

# Without their types, since wrong arguments are tested, too.
background: Any = foreground.background
boxes: Any = foreground.boxes
masks: Any = foreground.masks


def random_mask(rng: np.random.Generator) -> np.ndarray:
    """From empty to full, in specks or in blots that reach the border."""
    noise = ndimage.gaussian_filter(rng.normal(size=rng.integers(1, 60, 2)), rng.uniform(0, 2))
    return noise > np.quantile(noise, rng.choice([0, 0.3, 0.5, 0.8, 0.95, 1]))


def frames_of(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A clip of one grey frame that differs from its background where the mask says so."""
    frame = np.where(mask, 200, 100).astype(np.uint8)[..., np.newaxis]
    return frame[np.newaxis], np.full_like(frame, 100)


def opencv_masks(
    frames: np.ndarray, scene: np.ndarray, threshold: int, gap: int
) -> list[np.ndarray]:
    tidy = []
    for frame in frames:
        differs = cv2.absdiff(frame, scene).reshape(frame.shape).max(axis=-1)
        _, mask = cv2.threshold(differs, threshold, 1, cv2.THRESH_BINARY)
        mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        line = np.ones((gap + 1, 1), np.uint8)
        tidy.append(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, line) > 0)
    return tidy


def test_background_equals_numpys_median() -> None:
    rng = np.random.default_rng(0)
    for _ in range(500):
        num_frames, height, width = rng.integers(1, 8, 3)
        frames = rng.integers(0, 256, (num_frames, height, width, 3), dtype=np.uint8)
        scene = background(frames)
        assert scene.dtype == np.uint8 and scene.shape == frames.shape[1:]
        ordered = np.sort(frames.astype(int), axis=0)
        pair = ordered[(num_frames - 1) // 2] + ordered[num_frames // 2]
        np.testing.assert_array_equal(scene, pair // 2)


def test_background_has_no_passer_by() -> None:
    frames = np.full((9, 20, 90, 1), 120, np.uint8)
    for number, frame in enumerate(frames):
        frame[5:15, 10 * number : 10 * number + 10] = 250
    assert (background(frames) == 120).all()
    frames[:5, 0, 0] = 7  # somebody stands there for more than half of the time
    assert background(frames)[0, 0].item() == 7


def test_masks_equal_opencvs() -> None:
    rng = np.random.default_rng(1)
    for _ in range(2000):
        num_frames, height, width = rng.integers(1, 4), *rng.integers(1, 40, 2)
        shape = (num_frames, height, width, int(rng.choice([1, 3])))
        scene = rng.integers(0, 256, shape[1:], dtype=np.uint8)
        blots = ndimage.gaussian_filter(rng.normal(size=shape), (0, 1, 1, 0)) * 200
        frames = np.clip(scene + blots, 0, 255).astype(np.uint8)
        threshold, gap = int(rng.integers(0, 255)), 2 * int(rng.integers(0, 8))
        got = masks(frames, scene, threshold, gap)
        assert got.dtype == np.bool_ and got.shape == shape[:3]
        np.testing.assert_array_equal(got, opencv_masks(frames, scene, threshold, gap))


def test_masks_of_blots_equal_opencvs() -> None:
    rng = np.random.default_rng(2)
    for _ in range(2000):
        frames, scene = frames_of(random_mask(rng))
        gap = 2 * int(rng.integers(0, 8))
        got = masks(frames, scene, gap=gap)
        np.testing.assert_array_equal(got, opencv_masks(frames, scene, 50, gap))


@pytest.mark.parametrize("gap", range(12))
def test_upright_gaps_up_to_the_highest_are_filled(gap: int) -> None:
    for height in range(1, 16):
        mask = np.zeros((60, 40), bool)
        mask[20:24, 20:23] = mask[24 + height : 28 + height, 20:23] = True
        filled = mask.copy()
        if height <= gap:
            filled[20 : 28 + height, 20:23] = True
        np.testing.assert_array_equal(masks(*frames_of(mask), gap=gap)[0], filled)
        level = mask.T.copy()  # a gap that lies
        np.testing.assert_array_equal(masks(*frames_of(level), gap=gap)[0], level)


def test_gaps_to_the_border_are_filled_half_as_far() -> None:
    for top in range(8):
        mask = np.zeros((40, 9), bool)
        mask[top : top + 5] = True
        filled = mask.copy()
        filled[: top if top <= 4 else 0] = True
        np.testing.assert_array_equal(masks(*frames_of(mask), gap=8)[0], filled)
        np.testing.assert_array_equal(masks(*frames_of(mask[::-1]), gap=8)[0], filled[::-1])


def test_a_difference_must_be_above_the_threshold_in_one_channel() -> None:
    scene = np.full((8, 8, 3), 100, np.uint8)
    for value, is_seen in ((149, 0), (150, 0), (151, 1), (50, 0), (49, 1), (255, 1), (0, 1)):
        frames = np.full((1, 8, 8, 3), 100, np.uint8)
        frames[..., 1] = value
        assert masks(frames, scene).all() == masks(frames, scene).any() == is_seen
    assert masks(np.full((1, 8, 8, 3), 255, np.uint8), np.zeros_like(scene), 254).all()


def test_boxes_equal_opencvs_and_scikit_images() -> None:
    rng = np.random.default_rng(3)
    num_boxes = 0
    for _ in range(2000):
        mask, min_area = random_mask(rng), int(rng.integers(1, 30))
        found, scores = boxes(mask, min_area)
        assert found.dtype == scores.dtype == np.float64
        assert found.shape == (len(scores), 4)
        _, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
        x, y, width, height, area = stats[1:][stats[1:, cv2.CC_STAT_AREA] >= min_area].T
        peer = np.stack([x, y, x + width, y + height, area / (width * height)], axis=1)
        ours = np.column_stack([found, scores])
        np.testing.assert_array_equal(np.sort(ours, axis=0), np.sort(peer, axis=0))
        assert {*map(tuple, ours)} == {*map(tuple, peer)}
        regions = [
            region
            for region in measure.regionprops(measure.label(mask, connectivity=2))
            if region.area >= min_area
        ]
        for box, score, region in zip(found, scores, regions, strict=True):
            y1, x1, y2, x2 = region.bbox
            assert box.tolist() == [x1, y1, x2, y2] and score == pytest.approx(region.extent)
        num_boxes += len(found)
    assert num_boxes > 3000


def test_masks_without_anything() -> None:
    for mask in (np.zeros((5, 7), bool), np.zeros((1, 1), bool)):
        found, scores = boxes(mask, 1)
        assert found.shape == (0, 4) and scores.shape == (0,)
    assert boxes(np.ones((5, 7), bool), 36)[0].shape == (0, 4)
    assert boxes(np.ones((5, 7), bool), 35)[0].tolist() == [[0, 0, 7, 5]]
    assert boxes(np.eye(4, dtype=bool), 4)[0].tolist() == [[0, 0, 4, 4]]  # corner to corner


@cache
def real_scene() -> tuple[np.ndarray, np.ndarray]:
    """The stretch of the clip that is marked, every second pixel, and its background."""
    path = datasets.real_clip("pedestrians")
    indices = np.unique(datasets.pedestrian_truth().frame_ids)
    frames = video.read_frames(path, indices)[:, ::2, ::2]
    return frames, background(video.read_frames(path, np.arange(0, 400, 8))[:, ::2, ::2])


def precision_and_recall(threshold: int) -> tuple[float, float]:
    frames, scene = real_scene()
    truth = datasets.pedestrian_truth()
    num_hits = num_found = 0
    for frame, mask in zip(
        np.unique(truth.frame_ids), masks(frames, scene, threshold), strict=True
    ):
        found, scores = boxes(mask, min_area=120)
        ious = box_tools.iou(2 * found, truth.boxes[truth.frame_ids == frame])
        num_hits += (metrics.match_detections(ious, scores, 0.5) >= 0).sum()
        num_found += len(found)
    return num_hits / num_found, num_hits / len(truth.boxes)


def test_finds_the_people_of_the_real_clip() -> None:
    precision, recall = precision_and_recall(threshold=50)
    assert 0.88 < precision < 0.95 and 0.76 < recall < 0.84  # 0.91 and 0.80
    too_low = precision_and_recall(threshold=20)
    assert too_low[0] < precision - 0.1 and too_low[1] < recall - 0.1


def test_people_who_touch_share_a_box() -> None:
    """Two people, one behind the other, in frame 301: what the detector cannot tell apart."""
    frames, scene = real_scene()
    found, _ = boxes(masks(frames[301 - 260 : 302 - 260], scene)[0], min_area=120)
    truth = datasets.pedestrian_truth()
    behind, before = truth.boxes[(truth.frame_ids == 301) & np.isin(truth.track_ids, [3, 5])]
    both = np.concatenate([np.minimum(behind, before)[:2], np.maximum(behind, before)[2:]])
    assert box_tools.iou(2 * found, both[np.newaxis]).max() > 0.7
    assert box_tools.iou(2 * found, np.stack([behind, before])).max() < 0.65


def test_arguments_are_kept() -> None:
    rng = np.random.default_rng(4)
    frames = rng.integers(0, 256, (3, 12, 14, 3), dtype=np.uint8)
    frames.flags.writeable = False
    scene = background(frames)
    scene.flags.writeable = False
    mask = masks(frames, scene)[0]
    mask.flags.writeable = False
    boxes(mask, 2)


CLIP = np.zeros((2, 6, 8, 3), np.uint8)
SCENE = CLIP[0]


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: background(SCENE), ValueError, "frames has the shape"),
        (lambda: background(CLIP[:0]), ValueError, "frames has the shape"),
        (lambda: background(CLIP / 255), TypeError, "frames is float64"),
        (lambda: masks(CLIP[0], SCENE), ValueError, "frames has the shape"),
        (lambda: masks(CLIP, SCENE[:3]), ValueError, r"background has .* but the frames have"),
        (lambda: masks(CLIP, CLIP), ValueError, "background has the shape"),
        (lambda: masks(CLIP, SCENE.astype(float)), TypeError, "background is float64"),
        (lambda: masks(CLIP, SCENE.tolist()), TypeError, "background is a list"),
        (lambda: masks(CLIP, SCENE, 255), ValueError, "threshold is 255"),
        (lambda: masks(CLIP, SCENE, 0.2), TypeError, "threshold is 0.2"),
        (lambda: masks(CLIP, SCENE, gap=-1), ValueError, "gap is -1"),
        (lambda: boxes(np.zeros((4, 5), int), 1), TypeError, "mask is int64"),
        (lambda: boxes([[True]], 1), TypeError, "mask is a list"),
        (lambda: boxes(np.zeros((2, 4, 5), bool), 1), ValueError, r"mask has .*one frame's"),
        (lambda: boxes(np.zeros((0, 5), bool), 1), ValueError, "mask has the shape"),
        (lambda: boxes(np.zeros((4, 5), bool), 0), ValueError, "min_area is 0"),
    ],
)
def test_wrong_arguments_are_named(call: Any, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        call()
