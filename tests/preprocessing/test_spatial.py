import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.preprocessing import center_crop, crop_and_flip, resize_clip


def random_clips(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.integers(0, 256, shape, dtype=np.uint8)


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 40), st.sampled_from([1, 3]))
def test_resize_keeps_the_aspect_ratio(
    height: int, width: int, short_side: int, channels: int
) -> None:
    resized = resize_clip(np.full((2, height, width, channels), 7, np.uint8), short_side)
    assert resized.dtype == np.uint8 and (resized == 7).all()
    assert min(resized.shape[1:3]) == short_side
    longer = max(height, width) * short_side / min(height, width)
    assert longer - 1 < max(resized.shape[1:3]) <= longer
    assert resized.shape[1 if height <= width else 2] == short_side


def test_resize_halves_like_opencv_on_smooth_frames() -> None:
    rng = np.random.default_rng(0)
    clip = np.stack([cv2.GaussianBlur(f, (0, 0), 6) for f in random_clips(rng, 3, 64, 96, 3)])
    expected = np.stack([cv2.resize(f, (48, 32), interpolation=cv2.INTER_AREA) for f in clip])
    assert np.abs(resize_clip(clip, 32).astype(int) - expected).max() <= 2


def test_resize_is_antialiased() -> None:
    # Stripes one pixel wide: every fourth pixel would be all black, the average is grey.
    stripes = np.zeros((1, 64, 64, 1), np.uint8)
    stripes[:, :, ::2] = 255
    inside = resize_clip(stripes, 16)[:, 2:-2, 2:-2]
    assert np.abs(inside.astype(int) - 127).max() <= 2


def test_resize_treats_grey_and_colour_and_every_frame_alike() -> None:
    clip = random_clips(np.random.default_rng(1), 4, 20, 30, 3)
    whole = resize_clip(clip, 11)
    for i in range(3):
        np.testing.assert_array_equal(
            resize_clip(clip[..., i : i + 1], 11), whole[..., i : i + 1]
        )
    np.testing.assert_array_equal(resize_clip(clip[2:3], 11), whole[2:3])


def test_center_crop() -> None:
    rows, columns = np.mgrid[:7, :8].astype(np.uint8)
    clip = np.broadcast_to((10 * rows + columns)[..., None], (2, 5, 7, 8, 1))  # a batch
    assert center_crop(clip, 3)[1, 4, :, :, 0].tolist() == [
        [22, 23, 24],
        [32, 33, 34],
        [42, 43, 44],
    ]
    assert center_crop(clip, 4).shape == (2, 5, 4, 4, 1)
    assert center_crop(clip[0], 4)[4, :, 0, 0].tolist() == [12, 22, 32, 42]
    with pytest.raises(ValueError, match="video has frames of 7x8 pixels"):
        center_crop(clip, 8)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_crop_and_flip_equals_plain_indexing(data: st.DataObject) -> None:
    batch, num_frames, size = (data.draw(st.integers(1, n)) for n in (3, 3, 4))
    height, width = (size + data.draw(st.integers(0, 3)) for _ in range(2))
    channels = data.draw(st.sampled_from([1, 3]))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    clips = random_clips(rng, batch, num_frames, height, width, channels)
    tops = rng.integers(0, height - size, batch, endpoint=True)
    lefts = rng.integers(0, width - size, batch, endpoint=True)
    flips = rng.random(batch) < 0.5
    before = clips.copy()
    got = crop_and_flip(clips, tops, lefts, flips, size)
    assert got.shape == (batch, num_frames, size, size, channels) and got.dtype == np.uint8
    for i, t, y, x in np.ndindex(batch, num_frames, size, size):
        column = size - 1 - x if flips[i] else x
        assert (got[i, t, y, x] == clips[i, t, tops[i] + y, lefts[i] + column]).all()
    got[:] = 0  # a copy, not a view
    np.testing.assert_array_equal(clips, before)


def test_a_still_clip_stays_still() -> None:
    rng = np.random.default_rng(3)
    clips = np.repeat(random_clips(rng, 8, 1, 12, 16, 3), 5, axis=1)
    cropped = crop_and_flip(
        clips, rng.integers(0, 5, 8), rng.integers(0, 9, 8), rng.random(8) < 0.5, 8
    )
    assert (cropped == cropped[:, :1]).all()


def test_opencv_agrees_on_what_a_flip_is() -> None:
    clip = random_clips(np.random.default_rng(4), 1, 1, 6, 6, 3)
    flipped = crop_and_flip(clip, [0], [0], [True], 6)
    np.testing.assert_array_equal(flipped[0, 0], cv2.flip(clip[0, 0], 1))


def test_bad_input_is_one_clear_error() -> None:
    clip = np.zeros((2, 8, 8, 3), np.uint8)
    with pytest.raises(TypeError, match="clip is float64"):
        resize_clip(clip / 255, 4)
    with pytest.raises(ValueError, match="short_side is 0"):
        resize_clip(clip, 0)
    with pytest.raises(TypeError, match=r"size is 4\.0"):
        center_crop(clip, 4.0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="clips has the shape"):
        crop_and_flip(clip, [0, 0], [0, 0], [False, False], 4)
    with pytest.raises(ValueError, match="tops holds 5"):
        crop_and_flip(clip[None], [5], [0], [False], 4)
