"""A folder of videos: no file is lost, no source is on both sides, and epochs can be repeated."""

import os
import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import av
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import datasets
from helpers.datasets.folder_clips import video_error
from helpers.datasets.folder_splitting import SPLITS, split_groups
from helpers.video import write_video
from tests.video.conftest import encode_video, number_of

SIZE = (96, 128)  # of the numbered frames
SHARES = (0.7, 0.15, 0.15)


def make_folder(folder: Path, class_names: tuple[str, ...] = ("jump", "walk")) -> Path:
    """Four short videos a class, no two alike."""
    rng = np.random.default_rng(len(class_names))
    for name in class_names:
        (folder / name).mkdir(parents=True)
        for k in range(4):
            frames = rng.integers(0, 255, (6, 16, 16, 3), dtype=np.uint8)
            write_video(folder / name / f"{'ab'[k % 2]}_{k}.mp4", frames, fps=25)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folder(tmp_path / "videos")


def open_folder(folder: Path, **kwargs: object) -> datasets.VideoFolder:
    options = {"num_frames": 2, "size": 16, "progress": False} | kwargs
    return datasets.VideoFolder(folder, **options)  # type: ignore[arg-type]


def split_of(videos: datasets.VideoFolder) -> dict[str, str]:
    return {file.name: split for split in SPLITS for file in getattr(videos, split)}


def every_file(folder: Path) -> Iterator[Path]:
    for root, _, files in os.walk(folder):
        yield from (Path(root) / name for name in files)


def test_every_file_is_in_one_place(folder: Path, tmp_path: Path) -> None:
    good = folder / "jump" / "a_0.mp4"
    content = good.read_bytes()
    bad = folder / "walk" / "bad"
    bad.mkdir()
    (bad / "empty.mp4").touch()
    (bad / "cut_off.mp4").write_bytes(content[: len(content) * 2 // 3])
    (bad / "text.mp4").write_text("This is no video. " * 99)
    (bad / "missing.mov").symlink_to("nowhere.mov")
    with av.open(str(bad / "sound.mp4"), "w") as container:
        stream = container.add_stream("aac", rate=8000)
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 4096), np.float32), "fltp", "mono")
        sound.sample_rate = 8000
        container.mux([*stream.encode(sound), *stream.encode(None)])
    still = encode_video(tmp_path / "half.avi", 8, "mjpeg", pix_fmt="yuvj420p")
    (bad / "half.avi").write_bytes(still.read_bytes()[:6000])

    (folder / "notes.txt").touch()
    shutil.copy(good, folder / "above.mp4")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "old.mp4").touch()
    (folder / "jump" / "._a_0.mp4").touch()
    (folder / "jump" / "picture.JPG").touch()
    (folder / "jump" / "README").touch()
    shutil.copy(good, folder / "jump" / "copy of a_0.mp4")
    shutil.copy(folder / "walk" / "a_0.mp4", folder / "jump" / "wrong.mp4")
    (folder / "walk" / "again").symlink_to(folder / "walk", target_is_directory=True)
    os.mkfifo(folder / "walk" / "pipe.mp4")
    (folder / "walk" / "deeper" / "down").mkdir(parents=True)
    write_video(
        folder / "walk" / "deeper" / "down" / "E.MP4", np.zeros((3, 16, 16, 3), np.uint8), 25
    )

    videos = open_folder(folder)
    reasons = {
        path.relative_to(folder).as_posix(): reason
        for path, reason in (videos.unreadable | videos.ignored).items()
    }
    expected = {
        "walk/bad/empty.mp4": "is empty (0 bytes)",
        "walk/bad/cut_off.mp4": "is cut off, its end is missing",
        "walk/bad/text.mp4": "cannot be read as a video",
        "walk/bad/missing.mov": "does not exist",
        "walk/bad/sound.mp4": "holds sound but no video",
        "walk/bad/half.avi": "is cut off",
        "notes.txt": "not a video by its name, which ends in .txt",
        "above.mp4": "lies in no class's folder",
        ".hidden": "a hidden folder",
        "jump/._a_0.mp4": "a hidden file",
        "jump/picture.JPG": "ends in .JPG",
        "jump/README": "has no ending",
        "jump/copy of a_0.mp4": "the same bytes as jump/a_0.mp4",
        "jump/wrong.mp4": "the same bytes as walk/a_0.mp4, in another class: delete the wrong",
        "walk/a_0.mp4": "the same bytes as jump/wrong.mp4",
        "walk/again": "a link to a folder that was seen before",
        "walk/pipe.mp4": "not a file",
    }
    assert {name: reason for name, reason in reasons.items() if name not in expected} == {}
    for name, reason in expected.items():
        assert reason in reasons[name], name
    assert sorted(path.name for path in videos.unreadable) == sorted(
        path.name for path in every_file(bad)
    )
    placed = split_of(videos)
    assert placed.keys() == {
        *(f"jump/{x}.mp4" for x in ("a_0", "b_1", "a_2", "b_3")),
        *(f"walk/{x}" for x in ("b_1.mp4", "a_2.mp4", "b_3.mp4", "deeper/down/E.MP4")),
    }
    for path in every_file(folder):
        name = path.relative_to(folder).as_posix()
        above = {parent.as_posix() for parent in Path(name).parents}
        assert (name in placed) + (name in reasons) + bool(above & reasons.keys()) == 1, name

    report = str(videos)
    assert "8 videos of 2 classes, split by file with seed 0" in report
    assert "Not readable: 6" in report and "walk/bad/empty.mp4: is empty" in report
    assert "Ignored: 11" in report and "and 1 more" in report


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_no_group_is_on_both_sides(data: st.DataObject) -> None:
    num_classes = data.draw(st.integers(2, 4))
    num_groups = data.draw(st.integers(3, 5))
    pairs = st.tuples(st.integers(0, num_classes - 1), st.integers(0, num_groups - 1))
    videos = data.draw(st.lists(pairs, min_size=6, max_size=40))
    seed = data.draw(st.integers(0, 99))
    labels = [label for label, _ in videos]
    groups = [f"group {group}" for _, group in videos]
    class_names = [f"class {k}" for k in range(num_classes)]

    # Every way to deal out the groups: is there one that has each class in each split?
    present = {(label, group) for label, group in videos}
    possible = any(
        len({(split[group], label) for label, group in present}) == 3 * num_classes
        for split in product(range(3), repeat=num_groups)
    )
    try:
        split = split_groups(labels, groups, SHARES, seed, class_names)
    except ValueError as error:
        assert not possible
        assert "too few" in str(error) or "cannot be dealt out" in str(error)
        return
    assert possible
    assert len({(group, k) for group, k in zip(groups, split, strict=True)}) == len(set(groups))
    assert len(set(zip(labels, split, strict=True))) == 3 * num_classes
    assert np.array_equal(split, split_groups(labels, groups, SHARES, seed, class_names))


def test_split_by_file_is_stratified_and_seeded() -> None:
    labels = [0] * 100 + [1] * 20 + [2] * 3
    names = [str(k) for k in range(123)]
    splits = [split_groups(labels, names, SHARES, seed, ["a", "b", "c"]) for seed in range(20)]
    for split in splits:
        counts = [[int(((np.array(labels) == c) & (split == k)).sum()) for k in range(3)]
                  for c in range(3)]  # fmt: skip
        assert counts == [[70, 15, 15], [14, 3, 3], [1, 1, 1]]
    assert len({split.tobytes() for split in splits}) == 20
    # Each video is sometimes in the test, and the first are there no more often than others.
    in_test = np.mean([split == 2 for split in splits], axis=0)[:100]
    assert abs(in_test[:50].mean() - in_test[50:].mean()) < 0.05


def test_groups_of_unequal_size_come_near_their_share() -> None:
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(60), rng.integers(1, 12, 60))
    label = rng.integers(0, 3, len(group))
    split = split_groups(label.tolist(), [f"{g}" for g in group], SHARES, 0, ["a", "b", "c"])
    for c in range(3):
        shares = np.bincount(split[label == c], minlength=3) / (label == c).sum()
        assert np.abs(shares - SHARES).max() < 0.04


def test_groups_that_the_caller_names(folder: Path) -> None:
    for k, name in product(range(3), ("jump", "walk")):
        (folder / name / f"a_{k}0.mp4").write_bytes((folder / name / "a_0.mp4").read_bytes())
        (folder / name / f"a_{k}0.mp4").open("ab").write(b"\0\0\0\x08free" * (k + 1))
    videos = open_folder(folder, group=lambda path: f"{path.parent.name}{path.stem[-1]}")
    assert videos.is_grouped and "split by 8 groups" in str(videos)
    for name, split in split_of(videos).items():
        if name.endswith("0.mp4"):
            assert split == split_of(videos)[f"{name.split('/')[0]}/a_0.mp4"]
    with pytest.raises(ValueError, match=r"class 'jump' has too few groups \(2\)"):
        open_folder(folder, group=lambda path: path.name[0])
    with pytest.raises(TypeError, match="group gave 3 for jump/a_0"):
        open_folder(folder, group=lambda path: 3)


@pytest.fixture(scope="module")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Videos that tell which of their frames are in a clip; the first of each class is short."""
    folder = tmp_path_factory.mktemp("numbered")
    for name, k in product("ab", range(8)):
        (folder / name).mkdir(exist_ok=True)
        frames = 5 if k == 0 else 30 + k + 8 * "ab".index(name)
        encode_video(folder / name / f"{k}.mp4", frames)
    return folder


def numbers(clip: np.ndarray) -> list[int]:
    return [number_of(frame) for frame in clip]


def epoch_of(videos: datasets.VideoFolder, epoch: int) -> list[tuple[int, list[int]]]:
    return [
        (int(label), numbers(clip))
        for clips, labels in videos.training_batches(epoch, 4)
        for clip, label in zip(clips.numpy(), labels.numpy(), strict=True)
    ]


def test_training_clips_are_a_function_of_seed_epoch_and_file(numbered: Path) -> None:
    videos = open_folder(numbered, num_frames=4, stride=3, size=SIZE)
    dataset = videos.training_batches(0, 4)
    assert int(dataset.cardinality()) == len(videos.training) // 4
    assert dataset.element_spec == (
        tf.TensorSpec((4, 4, *SIZE, 3), tf.uint8),
        tf.TensorSpec((4,), tf.int64),
    )
    epochs = [epoch_of(videos, epoch) for epoch in range(6)]
    assert epochs == [epoch_of(open_folder(numbered, num_frames=4, stride=3, size=SIZE), epoch)
                      for epoch in range(6)]  # fmt: skip
    assert len({str(epoch) for epoch in epochs}) == 6
    starts = {file.name: set() for file in videos.training}  # type: ignore[var-annotated]
    for epoch, found in enumerate(epochs):
        order = np.random.default_rng((0, epoch)).permutation(len(videos.training))
        for (label, frames), k in zip(found, order, strict=False):
            file = videos.training[k]
            start = videos.window.random_start(file, 0, epoch)
            assert label == file.label
            assert frames == [min(start + 3 * i, file.num_frames - 1) for i in range(4)]
            starts[file.name].add(start)
    # A video's clip starts elsewhere in each epoch, whatever else is in the folder.
    assert np.mean([len(found) for found in starts.values()]) > 3
    # From its first frame to the last at which a whole clip fits, each as often.
    file = max(videos.training, key=lambda file: file.num_frames)
    drawn = [videos.window.random_start(file, 0, epoch) for epoch in range(3000)]
    counts = np.bincount(drawn)
    assert len(counts) == file.num_frames - 9 and counts.min() > 0.6 * counts.mean()


def test_views_are_fixed_and_tell_their_video(numbered: Path) -> None:
    videos = open_folder(numbered, num_frames=4, stride=2, size=SIZE)
    batches, names, labels = videos.views("test", num_views=3, batch_size=4)
    clips = np.concatenate([x.numpy() for x, _ in batches])
    assert np.array_equal(np.concatenate([y.numpy() for _, y in batches]), labels)
    assert int(batches.cardinality()) == -(-len(labels) // 4)
    found = [(str(name), numbers(clip)) for name, clip in zip(names, clips, strict=True)]
    expected = []
    for file in videos.test:
        last = max(0, file.num_frames - 7)
        for start in sorted({0, last // 2, last}):
            frames = [min(start + 2 * i, file.num_frames - 1) for i in range(4)]
            expected.append((file.name, frames))
    assert found == expected
    (clip,) = (x for x, _ in videos.views("validation").batches.take(1))
    assert numbers(clip.numpy()[0])[0] == max(0, videos.validation[0].num_frames - 7) // 2
    with pytest.raises(ValueError, match="split is 'train', but it must be one of"):
        videos.views("train")


def test_order_survives_skipping(numbered: Path) -> None:
    """As `training.fit` resumes in the middle of an epoch."""
    videos = open_folder(numbered, size=8)
    whole = list(videos.training_batches(2, 2).as_numpy_iterator())
    rest = list(videos.training_batches(2, 2).skip(2).as_numpy_iterator())
    assert len(whole) == 5 and all(map(np.array_equal, whole[2], rest[0]))


@pytest.mark.parametrize("damage", ["emptied", "deleted", "another"])
def test_a_file_that_is_damaged_later_is_named(folder: Path, damage: str) -> None:
    videos = open_folder(folder)
    path = videos.training[0].path
    if damage == "another":
        write_video(path, np.zeros((9, 16, 16, 3), np.uint8), 25)
    else:
        path.unlink()
    if damage == "emptied":
        path.touch()
    with pytest.raises(tf.errors.OpError) as caught:
        list(videos.training_batches(0, 1))
    reason = {
        "emptied": "is empty (0 bytes)",
        "deleted": "does not exist",
        "another": "has changed: it had 6 frames and now has 9",
    }
    error = video_error(caught.value)
    assert str(error).startswith(f"{path} {reason[damage]}")
    assert "\n" not in str(error)
    assert video_error(ValueError("another")) is None


def test_wrong_folders(folder: Path) -> None:
    walk = folder / "walk"

    def refused(message: str) -> None:
        with pytest.raises((ValueError, OSError), match=message) as caught:
            open_folder(folder)
        assert "\n" not in str(caught.value)

    (walk / "a_0.mp4").unlink()
    (walk / "b_1.mp4").write_bytes(b"")
    refused(r"class 'walk' has too few readable videos \(2\): .* at least 3")
    for path in walk.iterdir():
        path.write_bytes(b"")
    refused(f"None of the 3 videos in the class folder {walk} can be read; a_2.mp4 is empty")
    for path in walk.iterdir():
        path.unlink()
    refused(f"class folder {walk} has no videos: put some in, or delete it")
    walk.rmdir()
    refused("one subfolder only, 'jump', and with one class")
    (folder / "jump").rename(folder / "train")
    (folder / "Val").mkdir()
    refused("are Val and train, which are no classes")
    shutil.rmtree(folder)
    refused(f"{folder} does not exist")
    folder.touch()
    refused(f"{folder} is a file")
    folder.unlink()
    folder.mkdir()
    refused("has no subfolders")


def test_wrong_arguments(folder: Path) -> None:
    for wrong, message in (
        ({"num_frames": 0}, "num_frames is 0, but it must be at least 1"),
        ({"stride": 1.5}, "stride is 1.5"),
        ({"size": (16, 16, 3)}, r"size is \(16, 16, 3\), but it must be \(height, width\)"),
        ({"size": 0}, "size is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"test": 0}, "test is 0, but it must be above 0"),
        ({"validation": 0.5, "test": 0.5}, "leaves nothing for training"),
    ):
        with pytest.raises((TypeError, ValueError), match=message):
            open_folder(folder, **wrong)
