from collections.abc import Iterator

import numpy as np

from helpers import datasets, video

CSV = datasets.real_clip("pedestrians").with_name("pedestrians_truth.csv")
FRAMES = np.arange(260, 351)


def keyframes() -> dict[tuple[int, int], list[float]]:
    """By frame and track, read without NumPy."""
    lines = CSV.read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines if not line.startswith("#")]
    return {(int(row[0]), int(row[1])): [float(x) for x in row[2:]] for row in rows}


def people() -> dict[tuple[int, int], np.ndarray]:
    truth = datasets.pedestrian_truth()
    ids = zip(truth.frame_ids.tolist(), truth.track_ids.tolist(), strict=True)
    return dict(zip(ids, truth.boxes, strict=True))


def steps() -> Iterator[np.ndarray]:
    """How the boxes of each person change from frame to frame, (steps, 4)."""
    truth = datasets.pedestrian_truth()
    for track in np.unique(truth.track_ids):
        yield np.diff(truth.boxes[truth.track_ids == track], axis=0)


def test_every_frame_of_the_stretch_is_there_in_order() -> None:
    truth = datasets.pedestrian_truth()
    assert len(truth.frame_ids) == len(truth.track_ids) == len(truth.boxes) == 574
    assert truth.frame_ids.dtype == truth.track_ids.dtype == np.int64
    assert truth.boxes.dtype == np.float64 and truth.boxes.shape == (574, 4)
    np.testing.assert_array_equal(np.unique(truth.frame_ids), FRAMES)
    order = truth.frame_ids * 10 + truth.track_ids
    assert (np.diff(order) > 0).all()  # so no track is in a frame twice
    assert FRAMES[-1] < video.probe(datasets.real_clip("pedestrians")).num_frames


def test_each_person_comes_and_goes_once() -> None:
    truth = datasets.pedestrian_truth()
    for track in range(1, 8):
        frames = truth.frame_ids[truth.track_ids == track]
        last = 287 if track == 1 else 350  # the first one leaves
        np.testing.assert_array_equal(frames, np.arange(260, last + 1))


def test_keyframes_are_returned_as_they_are() -> None:
    found = people()
    marked = keyframes()
    assert len(marked) == 327
    for key, box in marked.items():
        assert found[key].tolist() == box


def test_between_keyframes_every_edge_moves_evenly() -> None:
    found, marked = people(), keyframes()
    num_between = 0
    for frame, track in found:
        if (frame, track) in marked:
            continue
        before = max(f for f, t in marked if t == track and f < frame)
        after = min(f for f, t in marked if t == track and f > frame)
        assert after - before <= 5
        share = (frame - before) / (after - before)
        start, end = np.array([marked[before, track], marked[after, track]])
        expected = (1 - share) * start + share * end
        np.testing.assert_allclose(found[frame, track], expected, atol=1e-9)
        num_between += 1
    assert num_between == 574 - 327


def test_boxes_are_those_of_people_in_the_frame() -> None:
    x1, y1, x2, y2 = datasets.pedestrian_truth().boxes.T
    width, height = x2 - x1, y2 - y1
    assert height.min() > 58 and height.max() < 100
    assert (width > 0.2 * height).all() and (width < 0.6 * height).all()
    assert (y1 >= 0).all() and (y2 <= 576).all() and (x2 <= 768).all()
    inside = (x2 - np.maximum(x1, 0)) / width
    assert inside.min() > 1 / 3  # the rule for who counts
    assert x1.min() > -15


def test_people_move_as_people_do() -> None:
    for change in steps():
        middle = (change[:, :2] + change[:, 2:]) / 2
        assert np.hypot(*middle.T).max() < 16  # legs that close move the middle as well
        assert np.abs(change[:, [1, 3]]).max() < 5  # heads and feet are steadier
        assert np.abs(change).max() < 21


def test_sizes_follow_the_distance_from_the_camera() -> None:
    """The lower the feet in the picture, the nearer and the taller the person."""
    boxes = datasets.pedestrian_truth().boxes
    height = boxes[:, 3] - boxes[:, 1]
    assert np.corrcoef(boxes[:, 3], height)[0, 1] > 0.9


def test_boxes_are_where_the_picture_changes() -> None:
    path = datasets.real_clip("pedestrians")
    background = np.median(video.read_frames(path, np.arange(0, 400, 20)), axis=0)
    truth = datasets.pedestrian_truth()
    for frame in (262, 305, 345):
        picture = video.read_frames(path, [frame])[0]
        changed = np.abs(picture - background).max(axis=-1) > 50
        outside = changed.copy()
        for x1, y1, x2, y2 in truth.boxes[truth.frame_ids == frame].round().astype(int):
            assert changed[y1:y2, max(x1, 0) : x2].mean() > 0.4
            outside[max(y1 - 3, 0) : y2 + 3, max(x1 - 3, 0) : x2 + 3] = False
        assert outside.sum() < 0.1 * changed.sum()


def test_the_file_tells_how_it_was_made() -> None:
    head = [line for line in CSV.read_text(encoding="utf-8").splitlines() if line[0] == "#"]
    text = " ".join(line.strip("# ") for line in head)
    assert "marked by eye" in text and "mean IoU" in text and "Keyframes" in text
    notice = CSV.with_name("NOTICE.md").read_text(encoding="utf-8")
    assert f"`{CSV.name}`" in notice


def test_the_result_can_be_changed() -> None:
    datasets.pedestrian_truth().boxes[:] = 0
    assert datasets.pedestrian_truth().boxes.min() < 0 < datasets.pedestrian_truth().boxes.max()


def test_fields_are_those_of_tracks() -> None:
    assert datasets.pedestrian_truth()._fields == ("frame_ids", "track_ids", "boxes")
