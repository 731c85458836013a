import numpy as np
import pytest
from PIL import Image, ImageEnhance

from helpers.preprocessing import color_jitter, normalize


def test_normalize_equals_float64_arithmetic() -> None:
    rng = np.random.default_rng(0)
    for _ in range(1000):
        channels = int(rng.choice([1, 3]))
        shape = (*rng.integers(1, 4, rng.integers(3, 5)), channels)
        video = rng.integers(0, 256, shape, dtype=np.uint8)
        mean, std = rng.uniform(0, 1, channels), rng.uniform(0.05, 1, channels)
        got = normalize(video, mean.tolist(), std)
        assert got.dtype == np.float32 and got.shape == video.shape
        np.testing.assert_allclose(got, (video / 255 - mean) / std, atol=1e-5)


def test_normalize_takes_one_number_for_all_channels() -> None:
    video = np.array([0, 127, 255], np.uint8).reshape(1, 1, 3, 1).repeat(3, axis=-1)
    for mean, std in ((0.5, 0.5), ([0.5] * 3, [0.5] * 3)):
        got = normalize(video, mean, std)
        np.testing.assert_allclose(got[0, 0, :, 0], [-1, -1 / 255, 1], atol=1e-6)
    assert normalize(video, 0.0, 1.0).max() == 1


def test_normalize_keeps_the_order_of_the_channels() -> None:
    video = np.full((1, 1, 1, 3), 255, np.uint8)
    got = normalize(video, [0.1, 0.2, 0.3], [0.1, 0.2, 0.5])
    np.testing.assert_allclose(got.ravel(), [9, 4, 1.4], rtol=1e-6)


@pytest.mark.parametrize(
    ("factor", "enhance"),
    [
        ("brightness", ImageEnhance.Brightness),
        ("contrast", ImageEnhance.Contrast),
        ("saturation", ImageEnhance.Color),
    ],
)
def test_each_factor_equals_pillow_on_one_frame(factor: str, enhance: type) -> None:
    rng = np.random.default_rng(1)
    for _ in range(200):
        frame = rng.integers(0, 256, (*rng.integers(1, 9, 2), 3), dtype=np.uint8)
        amount = float(rng.choice([0, 0.5, 0.9, 1, 1.3, 2]))
        expected = np.asarray(enhance(Image.fromarray(frame)).enhance(amount)).astype(int)
        got = color_jitter(frame[None], **{factor: amount})[0]
        assert got.dtype == np.uint8
        assert np.abs(got - expected).max() <= 2  # Pillow rounds the grey, then truncates


def test_factors_of_one_change_nothing() -> None:
    clip = np.random.default_rng(2).integers(0, 256, (3, 8, 8, 3), dtype=np.uint8)
    np.testing.assert_array_equal(color_jitter(clip), clip)
    np.testing.assert_array_equal(color_jitter(clip[..., :1], saturation=0.3), clip[..., :1])


def test_all_frames_share_one_change() -> None:
    # A dark and a bright frame: a pivot of its own for each would move them differently.
    clip = np.concatenate([np.full((1, 4, 4, 3), v, np.uint8) for v in (50, 100, 150)])
    got = color_jitter(clip, contrast=0.5)
    assert got[:, 0, 0, 0].tolist() == [75, 100, 125]


def test_the_three_apply_in_order_and_saturate_once() -> None:
    clip = np.array([200, 100, 0], np.uint8).reshape(1, 1, 1, 3).repeat(2, axis=2)
    brighter = 2.0 * clip[0, 0, 0]  # 400 is kept until the end
    grey = brighter @ [0.299, 0.587, 0.114]
    contrasted = grey + 0.5 * (brighter - grey)
    expected = np.clip(np.round(grey + 0.5 * (contrasted - grey)), 0, 255)
    got = color_jitter(clip, brightness=2, contrast=0.5, saturation=0.5)
    assert got[0, 0, 0].tolist() == expected.tolist()


def test_bad_input_is_one_clear_error() -> None:
    clip = np.zeros((2, 8, 8, 3), np.uint8)
    with pytest.raises(TypeError, match=r"video is float64 .* np.round\(video \* 255\)"):
        normalize(clip / 255, 0.5, 0.5)
    with pytest.raises(ValueError, match=r"mean is 123\.7"):
        normalize(clip, 123.7, 0.5)
    with pytest.raises(ValueError, match=r"np\.moveaxis"):
        normalize(clip.transpose(0, 3, 1, 2), 0.5, 0.5)
    with pytest.raises(ValueError, match=r"contrast is -0\.1"):
        color_jitter(clip, contrast=-0.1)
    with pytest.raises(ValueError, match="clip has the shape"):
        color_jitter(clip[None])
