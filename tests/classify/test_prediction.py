"""What is predicted, and what is drawn."""

from pathlib import Path

import keras
import numpy as np
import pytest

from helpers import classify, plots
from helpers.classify import drawing, prediction
from helpers.video import VideoError, probe, read_clip, write_video

BLUE = tuple(bytes.fromhex(plots.COLORS["sky"][1:]))


@pytest.fixture(scope="module")
def brightness() -> classify.Classifier:
    """Says "dark" or "bright", by the mean of a clip of 4 frames, every second one."""
    clip = keras.Input((4, 8, 8, 3))
    mean = keras.layers.GlobalAveragePooling3D()(keras.layers.Rescaling(1 / 25.5, -5.0)(clip))
    mean = keras.ops.mean(mean, axis=-1, keepdims=True)
    network = keras.Model(clip, keras.layers.Concatenate()([-mean, mean]))
    return classify.Classifier(network, ("dark", "bright"), 4, 2, (8, 8))


def film(path: Path, levels: np.ndarray, size: tuple[int, int] = (48, 64)) -> Path:
    frames = np.broadcast_to(levels.reshape(-1, 1, 1, 1), (len(levels), *size, 3))
    write_video(path, np.ascontiguousarray(frames).astype(np.uint8), fps=20)
    return path


def test_windows_cover_the_video(
    brightness: classify.Classifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each window's probabilities are those of the clip that is read by itself."""
    rng = np.random.default_rng(0)
    for num_frames in (1, 3, 7, 8, 9, 40, 61):
        path = film(tmp_path / f"{num_frames}.mp4", rng.integers(0, 255, num_frames))
        for at_once in (32, 3, 1):  # in pieces, as a long film is
            monkeypatch.setattr(prediction, "_WINDOWS_AT_ONCE", at_once)
            found = classify.predict(brightness, path)
            starts = list(range(0, max(1, num_frames - 6), 4))
            last = (num_frames + 1) // 2 * 2 - 8
            if last > starts[-1]:
                starts.append(last)
            window = min(7, num_frames)
            assert found.middles.tolist() == [start + window / 2 for start in starts]
            clips = np.stack([read_clip(path, 4, 2, start, (8, 8)) for start in starts])
            expected = brightness.probabilities(clips)
            np.testing.assert_allclose(found.probabilities, expected, rtol=1e-5)
            assert found.voted == pytest.approx(expected.mean(axis=0), rel=1e-5)
    assert (found.fps, found.num_frames, found.path) == (20, 61, path)


def test_a_frame_belongs_to_the_window_around_it(
    brightness: classify.Classifier, tmp_path: Path
) -> None:
    path = film(tmp_path / "film.mp4", np.repeat([20, 230], 30))
    found = classify.predict(brightness, path)
    assert [found.at(k).argmax() for k in (0, 20, 26, 33, 40, 59)] == [0, 0, 0, 1, 1, 1]
    # Of the 30 frames that every second one makes, 4 from each of 0, 2, ..., 26.
    assert str(found).startswith(f"{path}, by the vote of 14 windows:\n  ")
    assert "bright" in str(found) and "dark  " in str(found)
    short = classify.predict(brightness, film(tmp_path / "short.mp4", np.repeat(20, 3)))
    assert "by the vote of 1 window:\n" in str(short)


def test_it_survives_the_disk(brightness: classify.Classifier, tmp_path: Path) -> None:
    score = classify.TestScore(9, 8, 45, 30, 2, "dark", 5, 9)
    kept = classify.Classifier(brightness.model, ("a", "跑步"), 4, 2, (8, 8), score)
    kept.save(tmp_path)
    loaded = classify.load(tmp_path)
    assert loaded.class_names == ("a", "跑步") and loaded.size == (8, 8)
    assert (loaded.num_frames, loaded.stride, loaded.test) == (4, 2, score)
    clips = np.random.default_rng(0).integers(0, 255, (3, 4, 8, 8, 3), dtype=np.uint8)
    assert np.array_equal(loaded.probabilities(clips), kept.probabilities(clips))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "classifier.json",
        "model.keras",
    ]


def bar_lengths(picture: np.ndarray) -> tuple[list[int], list[int]]:
    """The widths of the blue and grey bars, from the top."""
    found = []
    for color in (BLUE, (128, 128, 128)):
        widths = (picture == color).all(axis=-1).sum(axis=1)
        rows = np.flatnonzero(np.diff(np.append(0, widths > 2)) == 1)
        found.append([int(widths[row + 7]) for row in rows])
    return found[0], found[1]


def test_bars_are_as_long_as_the_probabilities(
    brightness: classify.Classifier, tmp_path: Path
) -> None:
    path = film(tmp_path / "film.mp4", np.linspace(110, 150, 40), size=(48, 64))
    found = classify.predict(brightness, path)
    drawn = classify.draw(found)
    painter = drawing._Painter(found)
    assert drawn.shape == (40, *painter.size, 3) and drawn.dtype == np.uint8
    full = painter.bars_stop - painter.bars_start
    blue_rows = set()
    for number in range(40):
        (blue,), (grey,) = bar_lengths(drawn[number, painter.top :])
        low, high = sorted(found.at(number))
        assert abs(blue - high * full) < 2 and abs(grey - low * full) < 2
        is_blue = (drawn[number, painter.top :] == BLUE).all(axis=-1).any(axis=1)
        blue_rows.add(int(np.flatnonzero(is_blue)[0]) // drawing._ROW)
    assert blue_rows == {0, 1}  # the order stays, whichever class leads
    # The film itself is above, enlarged five times, in its own time.
    left = painter.corner[0]
    above = drawn[:, :240, left : left + 320].astype(float).mean(axis=(1, 2, 3))
    np.testing.assert_allclose(above, np.linspace(110, 150, 40), atol=3)
    part = classify.draw(found, start=0.5, seconds=0.25)
    assert np.array_equal(part, drawn[10:15])
    assert len(classify.draw(found, start=1.95, seconds=9)) == 1
    with pytest.raises(ValueError, match="start is 2, but the video ends after 2 seconds"):
        classify.draw(found, start=2)


@pytest.mark.parametrize("size", [(270, 480), (720, 400), (16, 16), (35, 1001)])
def test_what_is_written_is_what_is_drawn(
    brightness: classify.Classifier,
    tmp_path: Path,
    size: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(drawing, "_FRAMES_AT_ONCE", 3)  # in pieces, as a long film is
    path = film(tmp_path / "film.mp4", np.arange(8) * 30, size)
    found = classify.predict(brightness, path)
    classify.write(found, tmp_path / "drawn.mp4")
    info = probe(tmp_path / "drawn.mp4")
    drawn = classify.draw(found)
    assert (info.num_frames, info.height, info.width, info.fps) == (*drawn.shape[:3], 20)
    played = read_clip(tmp_path / "drawn.mp4", 8).astype(float)
    assert np.abs(played - drawn).mean() < 3
    assert max(info.height, info.width) < 640
    path.unlink()
    with pytest.raises(VideoError, match=r"film\.mp4 does not exist"):
        classify.write(found, tmp_path / "again.mp4")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["drawn.mp4"]


def test_names_fit(brightness: classify.Classifier, tmp_path: Path) -> None:
    """Long names are cut, of many classes five are shown, and nothing leaves the picture."""
    path = film(tmp_path / "film.mp4", np.full(8, 99))
    names = tuple(f"{'opening a very long window' * (k % 2)} {k}" for k in range(9))
    chances = np.array([[0.02, 0.3, 0.05, 0.2, 0.01, 0.1, 0.3, 0.01, 0.01]], np.float32)
    found = classify.Prediction(path, 20, 8, names, np.array([4.0]), chances)
    painter = drawing._Painter(found)
    assert painter.shown.tolist() == [1, 2, 3, 5, 6]
    drawn = classify.draw(found)[0, painter.top :]
    for edge in (drawn[:4], drawn[-4:], drawn[:, :8], drawn[:, -8:]):
        assert edge.max() == 0  # black
    assert len(painter._shortened(names[1], 100)) < 20
    assert painter._shortened(names[1], 100).endswith("…")
    assert painter.font.getlength(painter._shortened(names[1], 100)) <= 100


def test_a_font_that_has_the_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "DejaVuSans.ttf" in str(drawing._font_for("walk é").path)
    # The system's fonts are asked when matplotlib's own lacks a letter; here, its mathematical.
    assert "STIX" in str(drawing._font_for("\ue38f").path)
    assert "DejaVuSans.ttf" in str(drawing._font_for("\U000f1234").path)  # no font has it
