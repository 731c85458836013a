"""Exercise of chapter 30: one vector for a clip, from the frames that matter."""

import numpy as np

from helpers import from_scratch
from helpers.course.exercise import Case, Exercise, Misconception, Property


def softmax(scores, axis=1):
    weights = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)


def masked(scores, mask):
    return scores if mask is None else np.where(mask, scores, -np.inf)


def pool(weights, features):
    return (weights[..., None] * features).sum(axis=1)


def exponentials_as_they_are(features, query, mask=None):
    weights = np.exp(masked(features @ query, mask))
    return pool(weights / weights.sum(axis=1, keepdims=True), features)


def exponentials_times_the_mask(features, query, mask=None):
    weights = np.exp(features @ query) * (1 if mask is None else mask)
    return pool(weights / weights.sum(axis=1, keepdims=True), features)


def largest_of_the_batch(features, query, mask=None):
    scores = masked(features @ query, mask)
    weights = np.exp(scores - scores.max())
    return pool(weights / weights.sum(axis=1, keepdims=True), features)


def largest_of_all_frames(features, query, mask=None):
    scores = features @ query
    weights = np.exp(masked(scores - scores.max(axis=1, keepdims=True), mask))
    return pool(weights / weights.sum(axis=1, keepdims=True), features)


def over_the_batch(features, query, mask=None):
    return pool(softmax(masked(features @ query, mask), axis=0), features)


def ignores_the_mask(features, query, mask=None):
    return pool(softmax(features @ query), features)


def mask_the_other_way_round(features, query, mask=None):
    return pool(softmax(masked(features @ query, None if mask is None else ~mask)), features)


def mask_after_the_softmax(features, query, mask=None):
    weights = softmax(features @ query)
    return pool(weights if mask is None else weights * mask, features)


def mask_as_a_score_of_zero(features, query, mask=None):
    scores = features @ query
    return pool(softmax(scores if mask is None else scores * mask), features)


def mask_on_the_features(features, query, mask=None):
    if mask is not None:
        features = features * mask[..., None]
    return pool(softmax(features @ query), features)


def over_the_root(features, query, mask=None):
    scores = features @ query / np.sqrt(len(query))
    return pool(softmax(masked(scores, mask)), features)


def plain_mean(features, query, mask=None):
    return pool(softmax(masked(0 * (features @ query), mask)), features)


def mean_of_every_frame(features, query, mask=None):
    return features.mean(axis=1)


def mask_as_minus_a_billion(features, query, mask=None):
    scores = features @ query
    return pool(softmax(scores if mask is None else np.where(mask, scores, -1e9)), features)


def the_best_frame(features, query, mask=None):
    best = masked(features @ query, mask).argmax(axis=1)
    return features[np.arange(len(features)), best]


def scores_as_weights(features, query, mask=None):
    scores = features @ query
    return pool(scores if mask is None else scores * mask, features)


def never_divides(features, query, mask=None):
    scores = masked(features @ query, mask)
    return pool(np.exp(scores - scores.max(axis=1, keepdims=True)), features)


def mean_of_the_weighted(features, query, mask=None):
    return from_scratch.attention_pool(features, query, mask) / features.shape[1]


def sigmoids(features, query, mask=None):
    weights = 1 / (1 + np.exp(-masked(features @ query, mask)))
    return pool(weights / weights.sum(axis=1, keepdims=True), features)


def cosines(features, query, mask=None):
    lengths = np.linalg.norm(features, axis=-1) * np.linalg.norm(query)
    return pool(softmax(masked(features @ query / lengths, mask)), features)


def weights_alone(features, query, mask=None):
    return softmax(masked(features @ query, mask))


def channel_by_channel(features, query, mask=None):
    scores = features * query
    if mask is not None:
        scores = np.where(mask[..., None], scores, -np.inf)
    return (softmax(scores) * features).sum(axis=1)


def draw_attention(rng):
    batch, num_frames, channels = (int(n) for n in rng.integers(1, [4, 6, 5]))
    features = np.round(rng.normal(size=(batch, num_frames, channels)), 1)
    query = np.round(rng.normal(size=channels) * rng.choice([1, 10]), 1)
    if rng.random() < 0.4:
        return features, query, None
    mask = rng.random((batch, num_frames)) < 0.6
    mask[:, rng.integers(num_frames)] = True
    return features, query, mask


def clips(*values):
    return np.array(values, float)


A_CLIP = clips([[0, 1], [0, 3], [2, 9]])

attention_pool = Exercise(
    reference=from_scratch.attention_pool,
    chapter="30_video_classification",
    task=(
        "Average the frames of each clip with weights: the softmax of their dot products with "
        "`query`, over the frames that count."
    ),
    minutes=12,
    difficulty=2,
    points=4,
    cases=[
        Case("a clip of one frame", (clips([[3, 4]]), np.array([1.0, -1.0]), None)),
        Case("a query of zeros: the mean", (A_CLIP, np.zeros(2), None)),
        Case("one frame matters more", (A_CLIP, np.array([1.0, 0.0]), None)),
        Case("the query looks at another channel", (A_CLIP, np.array([0.0, 0.5]), None)),
        Case(
            "the last frame does not count",
            (A_CLIP, np.array([1.0, 0.0]), np.array([[True, True, False]])),
        ),
        Case(
            "only one frame counts",
            (A_CLIP, np.array([1.0, 0.0]), np.array([[False, True, False]])),
        ),
        Case("very large scores", (clips([[1000, 1], [1001, 2]]), np.array([1.0, 0.0]), None)),
        Case(
            "very small scores", (clips([[-1000, 1], [-1001, 2]]), np.array([1.0, 0.0]), None)
        ),
        Case(
            "scores of two clips that are far apart",
            (clips([[900, 1], [901, 2]], [[-900, 3], [-901, 5]]), np.array([1.0, 0.0]), None),
        ),
        Case(
            "a frame that does not count has the largest score by far",
            (
                clips([[0, 1], [1, 2], [900, 7]]),
                np.array([1.0, 0.0]),
                np.array([[True, True, False]]),
            ),
        ),
        Case(
            "scores below −10,000,000,000, and a frame that does not count",
            (
                clips([[-1e10, 1], [-1e10 - 1, 2], [-1e10, 7]]),
                np.array([1.0, 0.0]),
                np.array([[True, True, False]]),
            ),
        ),
        Case(
            "two clips, of two frames and of three",
            (
                clips([[0, 1], [1, 2], [5, 5]], [[2, 1], [1, 0], [0, 4]]),
                np.array([1.0, 0.5]),
                np.array([[True, True, False], [True, True, True]]),
            ),
        ),
    ],
    random_case=draw_attention,
    properties=[
        Property(
            "there is one vector of `channels` numbers for each clip",
            lambda args, got: got.shape == (args[0].shape[0], args[0].shape[2]),
        ),
        Property("every number is finite", lambda args, got: np.isfinite(got).all()),
        Property(
            "an average lies between the smallest and the largest of its frames",
            lambda args, got: (
                (got >= args[0].min(axis=1) - 1e-9).all()
                and (got <= args[0].max(axis=1) + 1e-9).all()
            ),
        ),
    ],
    hints=(
        "Three steps: one score for each frame, (batch, frames); weights from the scores, which "
        "sum to 1 over the frames of a clip; the weighted sum of the frames. What is the score "
        "of a frame whose weight must be exactly 0?",
        "exp(−∞) is 0, so a frame that does not count has the score −∞ before the softmax. exp "
        "overflows from about 710 on: subtract from the scores of a clip the largest of its "
        "frames that count, which changes no weight.",
        "`scores = features @ query`, `scores = np.where(mask, scores, -np.inf)`, "
        "`weights = np.exp(scores - scores.max(axis=1, keepdims=True))`, divided by its sum "
        "over axis 1; then `(weights[..., None] * features).sum(axis=1)`.",
    ),
    misconceptions=[
        Misconception(
            "its exponentials overflow",
            exponentials_as_they_are,
            "exp(1000) is infinite, exp(−1000) is 0, and a division makes NaN of either. "
            "Subtract the largest score of the clip first: the weights stay the same.",
        ),
        Misconception(
            "its exponentials overflow, those of masked frames too",
            exponentials_times_the_mask,
            "exp(900) is infinite, and infinity times 0 is NaN. Mask the scores, with −∞, and "
            "subtract the largest that is left before the exponential.",
        ),
        Misconception(
            "it subtracts the largest score of the whole batch",
            largest_of_the_batch,
            "A clip whose scores are far below another's then has only zeros to divide. Each "
            "clip subtracts its own largest.",
        ),
        Misconception(
            "it subtracts the largest score of frames that do not count, too",
            largest_of_all_frames,
            "When a masked frame has the largest score by far, the others all become 0. Mask "
            "first, then look for the largest.",
        ),
        Misconception(
            "its softmax runs over the clips",
            over_the_batch,
            "Axis 0 counts clips: the weight of a frame would depend on the other clips of the "
            "batch. The weights of one clip's frames sum to 1.",
        ),
        Misconception(
            "it ignores the mask",
            ignores_the_mask,
            "Frames that only fill up a short clip are averaged in, and a video's prediction "
            "depends on what it was batched with.",
        ),
        Misconception(
            "it takes the mask the other way round",
            mask_the_other_way_round,
            "True means that the frame counts, as in Keras. PyTorch's `key_padding_mask` is True "
            "for those that do not.",
        ),
        Misconception(
            "it masks after the softmax",
            mask_after_the_softmax,
            "Then the weights that are left sum to less than 1, and short clips get smaller "
            "features. Mask the scores before the softmax, or divide again.",
        ),
        Misconception(
            "it gives masked frames the score 0",
            mask_as_a_score_of_zero,
            "exp(0) is 1: a score of 0 is a middling weight, not none. It is −∞ that has the "
            "weight 0.",
        ),
        Misconception(
            "it sets the features of masked frames to 0",
            mask_on_the_features,
            "A frame of zeros still has a score, 0, and so a weight: it pulls the average "
            "towards 0.",
        ),
        Misconception(
            "it divides the scores by the root of the channels",
            over_the_root,
            "So does the attention of a transformer, to keep the softmax soft. This contract has "
            "the plain dot product.",
        ),
        Misconception(
            "it takes the plain mean",
            plain_mean,
            "`query` has no influence: that is average pooling, where the one frame that shows "
            "the action counts no more than the others.",
        ),
        Misconception(
            "it takes the plain mean of every frame",
            mean_of_every_frame,
            "Neither `query` nor `mask` has any influence. The softmax of the scores says how "
            "much each frame counts.",
        ),
        Misconception(
            "it gives masked frames a score of −1,000,000,000",
            mask_as_minus_a_billion,
            "That is low only as long as no other score is lower; where all are, the masked "
            "frames win. −∞ is below every score.",
        ),
        Misconception(
            "it takes the best frame alone",
            the_best_frame,
            "That is a hard choice, through which no gradient flows to the scores. The softmax "
            "weighs all frames.",
        ),
        Misconception(
            "it takes the scores for the weights",
            scores_as_weights,
            "Scores can be negative and of any size. The softmax makes weights of them.",
        ),
        Misconception(
            "its weights do not sum to 1",
            never_divides,
            "After the exponentials, divide by their sum over the frames of the clip.",
        ),
        Misconception(
            "it divides by the number of frames once more",
            mean_of_the_weighted,
            "The weights sum to 1 already, so the weighted sum is the average: `sum`, not "
            "`mean`.",
        ),
        Misconception(
            "it takes the sigmoid for the softmax",
            sigmoids,
            "The sigmoid judges each frame on its own and saturates: two good frames count the "
            "same, however much better one is.",
        ),
        Misconception(
            "it compares directions only",
            cosines,
            "That is the cosine similarity. The dot product also knows how long the vectors are.",
        ),
        Misconception(
            "it returns the weights",
            weights_alone,
            "The weights, (batch, frames), are for the average of the features, "
            "(batch, channels).",
        ),
        Misconception(
            "it weighs each channel on its own",
            channel_by_channel,
            "A frame has one score, the sum over its channels, and one weight for all of them.",
        ),
    ],
)
