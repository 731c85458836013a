import warnings
from collections import Counter
from collections.abc import Iterator
from typing import Any

import motmetrics
import numpy as np
import pytest
from scipy import optimize

from helpers import boxes
from helpers.metrics import Tracks, clear_mot, hota, identity_f1, mota

NAN = float("nan")
NOTHING = Tracks(np.zeros(0, int), np.zeros(0, int), np.zeros((0, 4)))


def draw_scene(rng: np.random.Generator, on_a_grid: bool) -> tuple[Tracks, Tracks]:
    """Objects that come and go, tracks that change, and false boxes; rows in any order."""
    num_frames = int(rng.integers(1, 12))
    truth: list[Any] = []
    predicted: dict[tuple[int, int], np.ndarray] = {}

    def snapped(box: np.ndarray) -> np.ndarray:
        box = np.round(box / 4) * 4 if on_a_grid else box
        return np.concatenate([box[:2], np.maximum(box[2:], box[:2] + (4 if on_a_grid else 0))])

    for number in rng.permutation(9)[: int(rng.integers(0, 6))]:
        corner, velocity = rng.random(2) * 30, rng.normal(0, 2, 2)
        size, track = rng.random(2) * 8 + 6, int(number)
        for frame in range(num_frames):
            low = corner + velocity * frame
            box = np.concatenate([low, low + size])
            if rng.random() < 0.85:
                truth.append((frame, number, snapped(box)))
            if rng.random() < 0.1:
                track = int(rng.integers(0, 20))
            if rng.random() < 0.85:
                predicted[frame, track] = snapped(box + rng.normal(0, 1, 4))
    for _ in range(int(rng.integers(0, 6))):
        low = rng.random(2) * 30
        box = np.concatenate([low, low + rng.random(2) * 8 + 4])
        predicted[int(rng.integers(num_frames)), int(rng.integers(20))] = snapped(box)
    return (
        shuffled(rng, truth),
        shuffled(rng, [(frame, track, box) for (frame, track), box in predicted.items()]),
    )


def draw_crowd(rng: np.random.Generator) -> tuple[Tracks, Tracks]:
    """Boxes so close together that each overlaps several, in any order, and any ids."""
    pair = []
    for _ in range(2):
        rows = []
        for frame in range(6):
            for number in rng.permutation(6)[: int(rng.integers(1, 5))]:
                low = rng.random(2) * 8
                rows.append(
                    (frame, int(number), np.concatenate([low, low + 5 + rng.random(2)]))
                )
        pair.append(shuffled(rng, rows))
    return pair[0], pair[1]


def shuffled(rng: np.random.Generator, rows: list[Any]) -> Tracks:
    rows = [rows[i] for i in rng.permutation(len(rows))]
    return Tracks(
        np.array([frame for frame, _, _ in rows], int),
        np.array([number for _, number, _ in rows], int),
        np.array([box for *_, box in rows]).reshape(-1, 4),
    )


def of_motmetrics(truth: Tracks, predicted: Tracks, iou_threshold: float) -> dict[str, float]:
    accumulator = motmetrics.MOTAccumulator(auto_id=True)
    for frame in np.union1d(truth.frame_ids, predicted.frame_ids):
        ids, boxes = [], []
        for tracks in (truth, predicted):
            rows = tracks.frame_ids == frame
            ids.append(tracks.track_ids[rows])
            corner, other = np.split(tracks.boxes[rows], 2, axis=1)
            boxes.append(np.concatenate([corner, other - corner], axis=1))
        distances = motmetrics.distances.iou_matrix(*boxes, max_iou=1 - iou_threshold)
        accumulator.update(*ids, distances)
    names = {
        "mota": "MOTA",
        "motp": "MOTP",
        "num_misses": "FN",
        "num_false_positives": "FP",
        "num_switches": "IDSW",
        "num_fragmentations": "Frag",
        "idf1": "IDF1",
        "idp": "IDP",
        "idr": "IDR",
        "idtp": "IDTP",
        "idfp": "IDFP",
        "idfn": "IDFN",
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = motmetrics.metrics.create().compute(accumulator, metrics=list(names))
    figures = {names[name]: value for name, value in table.iloc[0].to_dict().items()}
    figures["MOTP"] = 1 - figures["MOTP"]  # there the mean distance
    return figures


@pytest.fixture
def _asfarray(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """motmetrics 1.4.0 calls it, and NumPy 2 no longer has it."""
    monkeypatch.setattr(np, "asfarray", lambda a: np.asarray(a, float), raising=False)
    yield


@pytest.mark.usefixtures("_asfarray")
@pytest.mark.parametrize("on_a_grid", [False, True])
def test_clear_mot_and_idf1_equal_motmetrics(on_a_grid: bool) -> None:
    rng = np.random.default_rng(0)
    totals = dict.fromkeys(("FN", "FP", "IDSW", "Frag", "IDFP"), 0.0)
    for _ in range(120):
        truth, predicted = draw_scene(rng, on_a_grid)
        if not len(truth):
            continue  # MOTA is then -inf in motmetrics, and here NaN; see below
        threshold = float(rng.choice([0.3, 0.5, 0.7]))
        got = clear_mot(truth, predicted, threshold) | identity_f1(truth, predicted, threshold)
        expected = of_motmetrics(truth, predicted, threshold)
        assert got == pytest.approx(expected, abs=1e-9, nan_ok=True)
        totals = {name: total + got[name] for name, total in totals.items()}
    assert min(totals.values()) > 50


def one_object(*boxes: Any) -> Tracks:
    count = len(boxes)
    return Tracks(np.arange(count), np.zeros(count, int), np.array(boxes))


WHOLE, HALF, ELSEWHERE = [0, 0, 10, 10], [0, 0, 10, 5], [50, 0, 60, 10]


def test_mota_by_hand() -> None:
    # Object 0: 4, 4, missed, 7, 4: two switches. Object 1: absent, 7, 7, missed, absent.
    matched = np.array([[4, -2], [4, 7], [-1, 7], [7, -1], [4, -2]])
    # 8 boxes, 6 matched, 2 missed; 9 predicted, 3 false; 1 - (2 + 3 + 2) / 8.
    assert mota(matched, 9) == {"MOTA": 0.125, "FN": 2, "FP": 3, "IDSW": 2}
    assert mota(np.array([[-1]]), 5) == {"MOTA": -5.0, "FN": 1, "FP": 5, "IDSW": 0}
    none = mota(np.zeros((3, 0), int), 5)
    assert none == pytest.approx({"MOTA": NAN, "FN": 0, "FP": 5, "IDSW": 0}, nan_ok=True)
    assert {type(value) for value in mota(matched, 9).values()} == {int, float}


def test_an_object_keeps_its_track_though_another_is_nearer() -> None:
    truth = one_object(WHOLE, WHOLE)
    predicted = Tracks(
        np.array([0, 1, 1]), np.array([1, 1, 2]), np.array([WHOLE, [0, 0, 10, 6], WHOLE])
    )
    got = clear_mot(truth, predicted)
    assert (got["IDSW"], got["FP"]) == (0, 1) and got["MOTP"] == pytest.approx((1 + 0.6) / 2)
    # Too far off, it loses it.
    assert clear_mot(truth, predicted, iou_threshold=0.7)["IDSW"] == 1


def test_an_object_keeps_its_track_over_a_gap() -> None:
    frames = np.array([0, 2, 2])
    predicted = Tracks(frames, np.array([1, 1, 2]), np.array([WHOLE, [0, 0, 10, 6], WHOLE]))
    got = clear_mot(one_object(WHOLE, WHOLE, WHOLE), predicted)
    assert (got["IDSW"], got["FN"], got["Frag"]) == (0, 1, 1)


def test_many_matches_before_close_ones() -> None:
    """1 + nothing, or 0.4 + 0.4: the two, though their sum is smaller."""
    truth = Tracks(np.zeros(2, int), np.arange(2), np.array([[0, 0, 10, 10], [0, 0, 10, 25]]))
    predicted = Tracks(
        np.zeros(2, int), np.arange(2), np.array([[0, 0, 10, 25], [0, 0, 10, 62.5]])
    )
    got = clear_mot(truth, predicted, iou_threshold=0.4)
    assert got["FN"] == 0 and got["MOTP"] == pytest.approx(0.4)


def test_fragmentations_end_with_the_last_match() -> None:
    truth = one_object(*[WHOLE] * 8)
    frames = np.array([1, 2, 4, 6])  # missed before, twice between, and after
    predicted = Tracks(frames, np.zeros(4, int), np.array([WHOLE] * 4))
    assert clear_mot(truth, predicted)["Frag"] == 2


def test_identity_by_hand() -> None:
    # Two objects, 6 frames each. Track 1 is on the first for 4 frames, then on the second for 2;
    # track 2 on the second for 4. As the first is 1 and the second 2: 4 + 4 of 10 and of 12.
    frames = np.tile(np.arange(6), 2)
    truth = Tracks(frames, np.repeat([0, 1], 6), np.repeat([WHOLE, ELSEWHERE], 6, axis=0))
    predicted = Tracks(
        np.concatenate([np.arange(6), np.arange(4)]),
        np.repeat([1, 2], [6, 4]),
        np.array([WHOLE] * 4 + [ELSEWHERE] * 6),
    )
    assert identity_f1(truth, predicted) == pytest.approx(
        {"IDF1": 16 / 22, "IDP": 8 / 10, "IDR": 8 / 12, "IDTP": 8, "IDFP": 2, "IDFN": 4}
    )
    # MOTA minds only that it is another track: 1 - (2 + 0 + 1) / 12.
    assert clear_mot(truth, predicted)["MOTA"] == pytest.approx(0.75)


def test_hota_by_hand() -> None:
    # One object in 4 frames; a track on two of them with an IoU of 0.5, and a false box of
    # another. At the 10 alphas up to 0.5 there are 2 matches, 2 missed and 1 false: DetA 2/5. The
    # pair is matched in 2 of the 4 + 2 - 2 boxes that either has: AssA 1/2.
    predicted = Tracks(
        np.array([0, 1, 2]), np.array([5, 5, 6]), np.array([HALF, HALF, ELSEWHERE])
    )
    got = hota(one_object(*[WHOLE] * 4), predicted)
    assert got == pytest.approx(
        {
            "HOTA": 10 / 19 * np.sqrt(2 / 5 * 1 / 2),
            "DetA": 10 / 19 * 2 / 5,
            "AssA": 10 / 19 * 1 / 2,
            "LocA": (10 * 0.5 + 9 * 1) / 19,
        }
    )


def plain_hota(truth: Tracks, predicted: Tracks) -> dict[str, float]:
    """By the definitions of the paper, box by box."""

    def boxes_by_frame(tracks: Tracks) -> dict[int, list[tuple[int, Any]]]:
        found: dict[int, list[tuple[int, Any]]] = {}
        for frame, number, box in zip(
            tracks.frame_ids.tolist(), tracks.track_ids.tolist(), tracks.boxes, strict=True
        ):
            found.setdefault(frame, []).append((number, box))
        return found

    there, found = boxes_by_frame(truth), boxes_by_frame(predicted)
    frames = sorted({*there, *found})
    size = Counter(truth.track_ids.tolist())
    track_size = Counter(predicted.track_ids.tolist())
    fit: Counter[tuple[int, int]] = Counter()
    tables = []
    for frame in frames:
        objects, tracks = there.get(frame, []), found.get(frame, [])
        table = {
            (i, j): float(boxes.iou(a[None], b[None])[0, 0])
            for i, a in objects
            for j, b in tracks
        }
        tables.append(([i for i, _ in objects], [j for j, _ in tracks], table))
        for (i, j), value in table.items():
            with_others = sum(v for (k, m), v in table.items() if (k == i) != (m == j))
            if value:
                fit[i, j] += value / (value + with_others)  # type: ignore[assignment]

    def score(i: int, j: int, table: dict[tuple[int, int], float]) -> float:
        return table[i, j] * fit[i, j] / (size[i] + track_size[j] - fit[i, j])

    sums = np.zeros((19, 4))
    for level, alpha in enumerate(np.arange(0.05, 0.99, 0.05) - 1e-12):
        matches: Counter[tuple[int, int]] = Counter()
        ious = []
        for rows, columns, table in tables:
            scores = np.array([[score(i, j, table) for j in columns] for i in rows])
            pairs = optimize.linear_sum_assignment(-scores.reshape(len(rows), len(columns)))
            for row, column in zip(*pairs, strict=True):
                pair = rows[row], columns[column]
                if table[pair] >= alpha:
                    matches[pair] += 1
                    ious.append(table[pair])
        hits = len(ious)
        detection = hits / (len(truth) + len(predicted) - hits)
        association = sum(
            count * count / (size[i] + track_size[j] - count)
            for (i, j), count in matches.items()
        ) / max(hits, 1)
        location = sum(ious) / hits if hits else 1
        sums[level] = np.sqrt(detection * association), detection, association, location
    return dict(zip(("HOTA", "DetA", "AssA", "LocA"), sums.mean(axis=0), strict=True))


def test_hota_equals_a_plain_one() -> None:
    rng = np.random.default_rng(5)
    for _ in range(40):
        truth, predicted = draw_crowd(rng)
        assert hota(truth, predicted) == pytest.approx(plain_hota(truth, predicted))


def test_ids_that_change_places_cost_association_only() -> None:
    frames = np.tile(np.arange(4), 2)
    truth = Tracks(frames, np.repeat([0, 1], 4), np.repeat([WHOLE, ELSEWHERE], 4, axis=0))
    swapped = Tracks(frames, np.array([1, 1, 2, 2, 2, 2, 1, 1]), truth.boxes)
    # Each of the four pairs is matched in 2 of the 4 + 4 - 2 boxes that either has.
    assert hota(truth, swapped) == pytest.approx(
        {"HOTA": np.sqrt(1 / 3), "DetA": 1, "AssA": 1 / 3, "LocA": 1}
    )


def test_the_alignment_over_the_video_decides_between_two_tracks() -> None:
    """In frame 0 both fit equally; the one that follows the object later is taken."""
    truth = one_object(WHOLE, WHOLE, WHOLE)
    for late in (1, 2):
        predicted = Tracks(
            np.array([0, 0, 1, 2]), np.array([1, 2, late, late]), np.array([WHOLE] * 4)
        )
        # 3 matches of one pair, 3 + 3 - 3 boxes; the other box is false.
        got = hota(truth, predicted)
        assert [got["AssA"], got["DetA"]] == pytest.approx([1, 3 / 4])


def test_properties_on_random_scenes() -> None:
    rng = np.random.default_rng(3)
    for _ in range(60):
        truth, predicted = draw_scene(rng, on_a_grid=False)
        if not len(truth):
            continue
        perfect = clear_mot(truth, truth) | identity_f1(truth, truth) | hota(truth, truth)
        for name in ("MOTA", "MOTP", "IDF1", "IDP", "IDR", "HOTA", "DetA", "AssA", "LocA"):
            assert perfect[name] == pytest.approx(1), name
        # Other names for the tracks, as text, and other numbers for the frames.
        renamed = Tracks(
            predicted.frame_ids * 7 - 3,
            np.array([f"track {9 - i}" for i in predicted.track_ids], np.str_),
            predicted.boxes,
        )
        moved = Tracks(truth.frame_ids * 7 - 3, truth.track_ids, truth.boxes)
        for metric in (clear_mot, identity_f1, hota):
            assert metric(moved, renamed) == pytest.approx(
                metric(truth, predicted),
                nan_ok=True,
            )
        figures = hota(truth, predicted)
        assert all(0 <= value <= 1 + 1e-12 for value in figures.values())


def test_no_truth_no_predictions_neither() -> None:
    some = one_object(WHOLE, WHOLE)
    for truth, predicted, expected in (
        (some, NOTHING, (0, NAN, 2, 0, 0, NAN, 0, 0, 1)),
        (NOTHING, some, (NAN, NAN, 0, 2, 0, 0, NAN, 0, 1)),
        (NOTHING, NOTHING, (NAN, NAN, 0, 0, NAN, NAN, NAN, NAN, NAN)),
    ):
        got = clear_mot(truth, predicted) | identity_f1(truth, predicted)
        got |= hota(truth, predicted)
        names = ("MOTA", "MOTP", "FN", "FP", "IDF1", "IDP", "IDR", "HOTA", "LocA")
        assert [got[name] for name in names] == pytest.approx(expected, nan_ok=True)


def test_frames_where_nothing_is_found_or_there() -> None:
    """Of frames 0 to 3 the first has both, the second an object, the third a track."""
    truth = Tracks(np.array([0, 1]), np.zeros(2, int), np.array([WHOLE, WHOLE]))
    predicted = Tracks(np.array([0, 2]), np.zeros(2, int), np.array([WHOLE, WHOLE]))
    got = clear_mot(truth, predicted) | identity_f1(truth, predicted) | hota(truth, predicted)
    assert (got["FN"], got["FP"], got["MOTA"], got["IDF1"]) == (1, 1, 0, 0.5)
    # DetA 1/3; the pair is matched in one of its 2 + 2 - 1 boxes.
    assert [got["DetA"], got["AssA"]] == pytest.approx([1 / 3, 1 / 3])


def test_malformed() -> None:
    frames, boxes = np.array([3, 3]), np.array([WHOLE, ELSEWHERE])
    for ids in (np.array([1, 1]), np.array(["a", "a"])):
        with pytest.raises(ValueError, match=r"track .* is in frame 3 more than once"):
            Tracks(frames, ids, boxes)
    with pytest.raises(TypeError, match="frame_ids is text"):
        Tracks(np.array(["a", "b"]), frames, boxes)
    with pytest.raises(ValueError, match=r"track_ids has the shape \(1,\)"):
        Tracks(frames, np.array([1]), boxes)
    for metric in (clear_mot, identity_f1):
        with pytest.raises(ValueError, match="iou_threshold is 0,"):
            metric(NOTHING, NOTHING, iou_threshold=0)
        with pytest.raises(ValueError, match="iou_threshold is 50"):
            metric(NOTHING, NOTHING, iou_threshold=50)
    for matched, num_predicted, message in (
        (np.array([[1.0]]), 1, "matched is float64"),
        (np.array([1]), 1, "matched is int64 of the shape"),
        ([[1]], 1, "matched is a list"),
        (np.array([[-3]]), 1, "matched holds -3"),
        (np.array([[1, 2], [4, 4]]), 4, "track 4 twice in frame 1"),
        (np.array([[1, 2]]), 1, "num_predicted is 1, but 2 boxes were matched"),
        (np.array([[1]]), -1, "num_predicted is -1"),
    ):
        with pytest.raises(ValueError, match=message):
            mota(matched, num_predicted)  # type: ignore[arg-type]
