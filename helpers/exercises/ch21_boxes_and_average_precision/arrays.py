"""What the cases of chapter 21 are made of."""

import numpy as np


def rows(*boxes):
    """Boxes of whole numbers, a row each."""
    return np.array(boxes).reshape(-1, 4)


def no_boxes():
    return np.zeros((0, 4))


def draw_boxes(rng, count):
    """Boxes with whole corners, so close together that many overlap."""
    corner = rng.integers(0, 8, (count, 2))
    return np.concatenate([corner, corner + rng.integers(3, 10, (count, 2))], axis=1)


def draw_scores(rng, count, with_ties):
    """Scores in hundredths; with ties, in quarters."""
    if with_ties:
        return rng.integers(1, 5, count) / 4
    return rng.permutation(np.arange(5, 100))[:count] / 100
