"""What is drawn on clips lies where it was said to lie, and leaves the clip itself alone."""

import re
from typing import Any

import numpy as np
import pytest

from helpers import metrics, overlays

CLIP = np.full((3, 40, 60, 1), 50, np.uint8)


def painted(drawn: np.ndarray) -> np.ndarray:
    return (drawn[:, :40] != 50).any(axis=-1)


def test_boxes_are_outlines_at_their_place_in_their_colours() -> None:
    boxes = np.tile(np.array([[5, 6, 20, 16], [30, 20, 50, 35.0]]), (3, 1, 1))
    boxes[2] += 2
    drawn = overlays.draw_boxes(CLIP, boxes)
    where = painted(drawn)
    assert where[0, 6, 5] and where[0, 15, 19] and where[2, 8, 7] and not where[2, 6, 5]
    assert not where[0, 10, 12] and not where[0, 16, 20]  # inside, and one pixel further
    assert (drawn[0, 6, 5] == overlays.PALETTE[0]).all()
    assert (drawn[0, 20, 30] == overlays.PALETTE[1]).all()


def test_labels_stay_in_the_frame() -> None:
    boxes = np.tile(np.array([[45, 0, 58, 20.0]]), (3, 1, 1))
    plain = overlays.draw_boxes(CLIP, boxes)
    named = overlays.draw_boxes(CLIP, boxes, ["cat"])
    changed = (plain != named).any(axis=-1)
    assert changed[:, 22:36].any() and not changed[:, :20].any()  # below, where none fits above
    assert (
        changed[0].any(axis=0).argmax() < 45 and not changed[:, :, -1].any()
    )  # moved to the left


def test_detections_have_the_colours_of_their_classes() -> None:
    """Two in the last frame, none in the one before."""
    boxes = np.array([[5, 6, 20, 16], [30, 20, 50, 35], [5, 20, 20, 35]])
    images, class_ids = np.array([2, 0, 2]), np.array([1, 1, 0])
    found = metrics.Detections(images, class_ids, boxes, np.ones(3))
    drawn = overlays.draw_detections(CLIP, found)
    assert (drawn[2, 6, 5] == overlays.PALETTE[1]).all()
    assert (drawn[0, 20, 30] == overlays.PALETTE[1]).all()
    assert (drawn[2, 20, 5] == overlays.PALETTE[0]).all()
    assert not painted(drawn)[1].any() and not painted(drawn)[0, 6, 5]
    named = overlays.draw_detections(CLIP, found, ["a", "b", "c"])
    assert (named != drawn).any(axis=(1, 2, 3)).tolist() == [True, False, True]
    with pytest.raises(ValueError, match="of the image 2, but the clip has the frames 0 to 1"):
        overlays.draw_detections(CLIP[:2], found)
    with pytest.raises(ValueError, match="labels has 1 entries"):
        overlays.draw_detections(CLIP, found, ["a"])


def test_masks_colour_their_pixels_only() -> None:
    masks = np.zeros((3, 2, 40, 60), bool)
    masks[:, 0, 3:5, 4:9] = True
    masks[1, 1, 20:30, 20:30] = True
    np.testing.assert_array_equal(painted(overlays.draw_masks(CLIP, masks)), masks.any(axis=1))


def test_paths_grow() -> None:
    points = np.array([[[5, 5]], [[25, 5]], [[45, 30]]])
    count = painted(overlays.draw_paths(CLIP, points)).sum(axis=(1, 2))
    assert 0 < count[0] < count[1] < count[2]


def test_tracks_come_and_go_with_their_trails() -> None:
    """Track 7 goes up and down again, in rows of no order; track 9 is in the last frame only."""
    frame_ids, track_ids = np.array([2, 0, 1, 2]), np.array([7, 7, 7, 9])
    boxes = np.array([[40, 20, 50, 30], [2, 20, 12, 30], [20, 5, 30, 15], [4, 25, 14, 35.0]])
    drawn = overlays.draw_tracks(CLIP, frame_ids, track_ids, boxes)
    where = painted(drawn)
    assert where[0, 29, 11] and where[1, 14, 29] and where[2, 29, 49]  # a corner of each box
    assert not where[0, 18:, 16:].any() and not where[:2, 34].any()
    assert (drawn[2, 29, 49] == overlays.PALETTE[0]).all()
    assert (drawn[2, 34, 13] == overlays.PALETTE[1]).all()
    assert where[2, 13:16, 20].any() and where[2, 16:20, 35].any()  # up, and down again
    assert not where[2, 24:32, 20:32].any()  # and nowhere else
    short = painted(overlays.draw_tracks(CLIP, frame_ids, track_ids, boxes, trail=2))
    assert short[2, 16:20, 35].any() and not short[2, 13:16, 20].any()
    assert not painted(
        overlays.draw_tracks(CLIP, frame_ids[:0], track_ids[:0], boxes[:0])
    ).any()


def test_words_stand_in_a_band_above() -> None:
    drawn = overlays.write_above(CLIP, ["one", "two", "two"])
    assert drawn.shape == (3, 62, 60, 3)
    np.testing.assert_array_equal(drawn[:, 22:], np.broadcast_to(CLIP, (3, 40, 60, 3)))
    assert drawn[:, :22].max() > 200
    assert (drawn[0] != drawn[1]).any() and (drawn[1] == drawn[2]).all()
    assert (overlays.write_above(CLIP, "one")[2] == drawn[0]).all()


def test_enlarged_pixels_are_squares() -> None:
    clip = np.random.default_rng(0).integers(0, 256, (2, 3, 4, 3), dtype=np.uint8)
    large = overlays.enlarge(clip, 3)
    assert large.shape == (2, 9, 12, 3)
    np.testing.assert_array_equal(large[:, 1::3, 2::3], clip)


def test_the_clip_is_not_changed() -> None:
    before = CLIP.copy()
    overlays.draw_masks(CLIP, np.ones((3, 1, 40, 60), bool))
    overlays.draw_paths(CLIP, np.ones((3, 1, 2)))
    np.testing.assert_array_equal(CLIP, before)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: overlays.draw_boxes(CLIP * 1.0, np.zeros((3, 1, 4))), TypeError, "uint8"),
        (lambda: overlays.draw_boxes(CLIP, np.zeros((2, 1, 4))), ValueError, "boxes has"),
        (
            lambda: overlays.draw_boxes(CLIP, np.zeros((3, 1, 4)), ["a", "b"]),
            ValueError,
            "labels",
        ),
        (lambda: overlays.draw_masks(CLIP, np.zeros((3, 1, 9, 9), bool)), ValueError, "(9, 9)"),
        (lambda: overlays.draw_paths(CLIP, np.zeros((3, 2))), ValueError, "points has"),
        (
            lambda: overlays.draw_tracks(
                CLIP, np.array([0, 3]), np.array([1, 1]), np.ones((2, 4))
            ),
            ValueError,
            "frame_ids are 0 to 3",
        ),
        (
            lambda: overlays.draw_tracks(
                CLIP, np.zeros(1, int), np.ones(2, int), np.ones((1, 4))
            ),
            ValueError,
            "track_ids",
        ),
        (
            lambda: overlays.draw_tracks(
                CLIP, np.zeros(1, int), np.ones(1, int), np.ones((1, 4)), trail=0
            ),
            ValueError,
            "trail is 0",
        ),
        (lambda: overlays.write_above(CLIP, ["a"]), ValueError, "words has 1"),
        (lambda: overlays.enlarge(CLIP, 0), ValueError, "factor is 0"),
    ],
)
def test_bad_input_is_one_clear_error(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=re.escape(message)) as caught:
        call()
    assert "\n" not in str(caught.value)
