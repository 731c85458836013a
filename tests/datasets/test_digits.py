import numpy as np
import pytest
from scipy import ndimage, stats
from sklearn.datasets import load_digits

from helpers import datasets
from helpers.datasets.digits import _SMALLEST, digit_templates
from helpers.datasets.rendering import template_axis


def test_the_digits_are_the_handwritten_ones() -> None:
    templates, digits = digit_templates()
    data = load_digits()
    assert np.array_equal(digits, data.target)
    # Where the middle of an original pixel lies, the enlarged digit has its ink.
    place = (np.arange(8) - 3.5) / (4 * np.sqrt(2))
    nearest = np.abs(template_axis(64)[:, np.newaxis] - place).argmin(axis=0)
    ink = templates[:, nearest][:, :, nearest] * 3 + 0.5
    # A sample lies at most an eighth of a pixel off.
    assert np.abs(ink - data.images / 16).mean() < 0.05
    assert np.corrcoef(ink.ravel(), data.images.ravel())[0, 1] > 0.98


def test_no_digit_is_too_thin_to_be_seen() -> None:
    """The smallest one holds a disc as large as the gap between the middles of the pixels."""
    templates, _ = digit_templates()
    thin = np.argsort((templates > 0).sum(axis=(1, 2)))[:300]
    sample = 2.5 / 64 / 4 * _SMALLEST / 2  # pixels from one sample to the next, once enlarged
    widest = [
        ndimage.distance_transform_edt(ndimage.zoom(templates[one], 4, order=1) > 0).max()
        for one in thin
    ]
    assert min(widest) * sample > np.sqrt(0.5)


def test_training_and_testing_digits_differ() -> None:
    train = datasets.moving_digits(3000, seed=0, num_frames=6, noise=0)
    test = datasets.moving_digits(3000, seed=0, num_frames=6, noise=0, split="test")
    kinds = [set(map(bytes, clips._scenes[0].templates)) for clips in (train, test)]
    assert (len(kinds[0]), len(kinds[1])) == (1200, 597)
    assert not kinds[0] & kinds[1]
    for clips in (train, test):
        used = np.concatenate([scene.kind[:, 0] for scene in clips._scenes])
        assert len(np.unique(used)) > 500
        table = np.zeros((10, 10))
        np.add.at(table, (clips.label, clips.object_label[:, 0]), 1)
        assert stats.chi2_contingency(table).pvalue > 1e-4


def test_the_label_of_an_object_is_the_digit_that_is_seen() -> None:
    """Upright digits, cut out by their boxes, are told by their neighbours among the others."""
    clips = datasets.moving_digits(
        300, seed=1, split="test", num_frames=2, noise=0, motions=("free",), size=48
    )
    data = load_digits()
    center = np.concatenate([scene.center[:, 0, 0] for scene in clips._scenes])
    radius = np.concatenate([scene.radius[:, 0] for scene in clips._scenes])
    right = 0
    for clip in range(300):
        x, y = center[clip]
        side = radius[clip] * np.sqrt(2) / 8  # of an original pixel
        steps = (np.arange(8) - 3.5) * side
        rows, columns = np.floor(y + steps).astype(int), np.floor(x + steps).astype(int)
        seen = clips.masks[clip, 0, 0][np.ix_(rows, columns)]
        distance = np.abs((data.images[:1200] > 8) ^ seen).sum(axis=(1, 2))
        right += data.target[distance.argmin()] == clips.object_label[clip, 0]
    assert right > 240


def test_a_wrong_split_is_refused() -> None:
    with pytest.raises(ValueError, match="split is 'val', but it must be one of"):
        datasets.moving_digits(1, seed=0, split="val")
