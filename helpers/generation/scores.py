"""How would you know that it is good? What a judge sees in samples, between floor and ceiling."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from helpers import validate
from helpers.generation.clips import DIRECTIONS, NUM_DIGITS, SHAPE, digits
from helpers.generation.frechet import frechet_distance
from helpers.generation.judge import Judge

NUM_KINDS = NUM_DIGITS * len(DIRECTIONS)
SURE = 0.8  # a clip counts as read when both probabilities reach it
_NUM_REAL = 4000  # unseen real clips that stand for the truth
_NUM_COMPARED = 200  # clips of a set that are compared with the training clips
_BLOCK = 250  # clips that are compared with all others at once


@dataclass(frozen=True)
class Score:
    """What a set of clips is worth.

    Attributes:
        frechet: the Fréchet distance of the judge's features to those of real clips of unseen
            digits (smaller is better).
        sure: the share of the clips whose digit and direction the judge reads with a probability
            of `SURE` or more each.
        kinds: how many of the 40 pairs of digit and direction are among those clips.
        effective_kinds: the exponential of the entropy of the kinds among them: 40 when all are
            equally frequent, 1 when all clips are of one kind; 0 when no clip is read.
        spread: how much clips of one kind differ: the root mean squared distance of two of them,
            in grey levels a pixel; NaN when no kind has two clips.
        nearest: the median, over the first 200 clips, of the root mean squared distance to the
            nearest of the training clips, in grey levels a pixel.
        copies: the share of those clips that lie nearer to a training clip than 99 in 100 unseen
            real clips do.
    """

    frechet: float
    sure: float
    kinds: int
    effective_kinds: float
    spread: float
    nearest: float
    copies: float


def report(video: np.ndarray, judge: Judge, train: np.ndarray) -> dict[str, Score]:
    """Score samples, and as many clips of which it is known what they are.

    Args:
        video: uint8 (clips, 8, 24, 24, 1), the samples, two or more. The Fréchet distance of few
            clips comes out too large: compare sets of one size only, better 500 clips or more.
        judge: as `generation.judge()` returns it.
        train: uint8 (clips, 8, 24, 24, 1), what the generator was trained on.

    Returns:
        A score for each of: "samples"; "real clips", unseen digits, the floor; "training clips",
        what a generator that only remembers would make; "shuffled frames", those real clips with
        the frames of each in random order; "noise", the pixels of all these clips in random
        order, the ceiling.

    Raises:
        TypeError, ValueError: when an argument is not as described.
    """
    validate.generated(SHAPE, video=video, train=train)
    num_clips = len(video)
    rng = np.random.default_rng(31)
    real = digits(num_clips, seed=31_003, split="test").video
    sets = {
        "samples": video,
        "real clips": real,
        "training clips": train[
            rng.choice(len(train), num_clips, replace=num_clips > len(train))
        ],
        "shuffled frames": shuffled(real, rng),
        "noise": rng.permutation(real.ravel()).reshape(real.shape),
    }
    # Of all sets at once, since it takes a while to unpack the training clips.
    some = np.concatenate([clips[:_NUM_COMPARED] for clips in sets.values()])
    distances = dict(
        zip(sets, np.split(nearest_distances(some, train), len(sets)), strict=True)
    )
    near = np.quantile(distances["real clips"], 0.01)
    return {name: _score(clips, judge, distances[name], near) for name, clips in sets.items()}


def _score(video: np.ndarray, judge: Judge, distances: np.ndarray, near: float) -> Score:
    kind = kinds(video, judge)
    return Score(
        frechet_to_real(video, judge),
        float(np.mean(kind >= 0)),
        len(set(kind[kind >= 0].tolist())),
        effective_kinds(kind),
        spread_within_kinds(video, kind),
        float(np.median(distances)),
        float(np.mean(distances < near)),
    )


def kinds(video: np.ndarray, judge: Judge) -> np.ndarray:
    """int64 (clips,): 4 times the digit plus the direction, or -1 where the judge is not sure."""
    seen = judge.read(video)
    sure = np.minimum(seen.digit_probability, seen.direction_probability) >= SURE
    return np.where(sure, seen.digit * len(DIRECTIONS) + seen.direction, -1)


def effective_kinds(kind: np.ndarray) -> float:
    """The exponential of the entropy of the kinds; what is -1 does not count.

    >>> round(effective_kinds(np.array([0, 1, 2, 3, -1])), 6)
    4.0
    """
    counts = np.unique_counts(kind[kind >= 0]).counts
    if counts.size == 0:
        return 0.0
    shares = counts / counts.sum()
    return float(np.exp(-(shares * np.log(shares)).sum()))


def spread_within_kinds(video: np.ndarray, kind: np.ndarray) -> float:
    """The root mean squared distance of two clips of one kind, in grey levels a pixel.

    The mean is over all pairs that share a kind; what is -1 has none.
    """
    squares, pairs = 0.0, 0
    for one in np.unique(kind[kind >= 0]):
        clips = video[kind == one].reshape(np.sum(kind == one), -1).astype(np.float64)
        # The squared distances of all n² pairs sum to 2 n² times the variance.
        squares += 2 * len(clips) ** 2 * clips.var(axis=0).mean()
        pairs += len(clips) * (len(clips) - 1)
    return float(np.sqrt(squares / pairs)) if pairs else float("nan")


def nearest_distances(video: np.ndarray, train: np.ndarray) -> np.ndarray:
    """float32 (clips,): from each clip to the nearest training clip, in grey levels a pixel.

    The distance is the root of the mean squared difference over all pixels of all frames. It
    takes no notice of a shift: a copy that is moved by a pixel looks new to it.
    """
    validate.generated(SHAPE, video=video, train=train)
    others = train.reshape(len(train), -1).astype(np.float32)
    other_squares = (others**2).sum(axis=1)
    distances = []
    for first in range(0, len(video), _BLOCK):
        clips = video[first : first + _BLOCK].reshape(-1, others.shape[1]).astype(np.float32)
        # The squared distance, less what all training clips share; rounded too much to be one.
        nearest = (other_squares - 2 * clips @ others.T).argmin(axis=1)
        distances.append(((clips - others[nearest]) ** 2).mean(axis=1))
    return np.sqrt(np.concatenate(distances))


def shuffled(video: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The clips with the frames of each in a random order of its own."""
    order = rng.permuted(np.tile(np.arange(video.shape[1]), (len(video), 1)), axis=1)
    return video[np.arange(len(video))[:, np.newaxis], order]


def frechet_to_real(video: np.ndarray, judge: Judge) -> float:
    """The Fréchet distance of the judge's features to those of 4,000 unseen real clips."""
    return frechet_distance(*moments(judge.features(video)), *_real_moments(judge))


def moments(features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean, (d,), and the covariance, (d, d), of features, (clips, d).

    >>> mean, covariance = moments(np.array([[0.0, 0.0], [2.0, 4.0]]))
    >>> mean, covariance
    (array([1., 2.]), array([[2., 4.],
           [4., 8.]]))
    """
    validate.feature_sets(features=features)
    return features.mean(axis=0), np.atleast_2d(np.cov(features, rowvar=False))


@cache
def _real_moments(judge: Judge) -> tuple[np.ndarray, np.ndarray]:
    return moments(judge.features(digits(_NUM_REAL, seed=31_002, split="test").video))
