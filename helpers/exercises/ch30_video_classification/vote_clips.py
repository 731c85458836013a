"""Exercise of chapter 30: from the predictions of clips to one for each video."""

import itertools

import numpy as np

from helpers import metrics
from helpers.course.exercise import Case, Exercise, Misconception, Property


def by_video(probabilities, video_ids, merge):
    """Merge the clips of each video, (clips of the video, classes), to one row."""
    ids = np.unique(video_ids)
    return ids, np.stack([merge(probabilities[video_ids == video]) for video in ids])


def each_clip_one_vote(probabilities, video_ids):
    best = np.eye(probabilities.shape[1])[probabilities.argmax(axis=1)]
    return metrics.vote_clips(best, video_ids)


def the_sum(probabilities, video_ids):
    return by_video(probabilities, video_ids, lambda clips: clips.sum(axis=0))


def over_all_clips(probabilities, video_ids):
    return by_video(
        probabilities, video_ids, lambda clips: clips.sum(axis=0) / len(probabilities)
    )


def the_largest(probabilities, video_ids):
    return by_video(probabilities, video_ids, lambda clips: clips.max(axis=0))


def the_product(probabilities, video_ids):
    def merge(clips):
        product = clips.prod(axis=0)
        return product / product.sum()

    return by_video(probabilities, video_ids, merge)


def the_geometric_mean(probabilities, video_ids):
    def merge(clips):
        mean = clips.prod(axis=0) ** (1 / len(clips))
        return mean / mean.sum()

    return by_video(probabilities, video_ids, merge)


def the_median(probabilities, video_ids):
    return by_video(probabilities, video_ids, lambda clips: np.median(clips, axis=0))


def half_of_what_was(probabilities, video_ids):
    def merge(clips):
        mean = clips[0]
        for clip in clips[1:]:
            mean = (mean + clip) / 2
        return mean

    return by_video(probabilities, video_ids, merge)


def the_last_clip(probabilities, video_ids):
    return by_video(probabilities, video_ids, lambda clips: clips[-1])


def the_first_clip(probabilities, video_ids):
    return by_video(probabilities, video_ids, lambda clips: clips[0])


def the_surest_clip(probabilities, video_ids):
    return by_video(probabilities, video_ids, lambda clips: clips[clips.max(axis=1).argmax()])


def weighed_by_confidence(probabilities, video_ids):
    def merge(clips):
        return np.average(clips, axis=0, weights=clips.max(axis=1))

    return by_video(probabilities, video_ids, merge)


def softmax_once_more(probabilities, video_ids):
    ids, votes = metrics.vote_clips(probabilities, video_ids)
    exponentials = np.exp(votes)
    return ids, exponentials / exponentials.sum(axis=1, keepdims=True)


def only_the_last_is_added(probabilities, video_ids):
    ids, video, num_clips = np.unique(video_ids, return_inverse=True, return_counts=True)
    sums = np.zeros((len(ids), probabilities.shape[1]))
    sums[video] += probabilities
    return ids, sums / num_clips[:, None]


def as_they_come(probabilities, video_ids):
    ids = np.array(list(dict.fromkeys(video_ids.tolist())))
    return ids, np.stack([probabilities[video_ids == video].mean(axis=0) for video in ids])


def neighbours_only(probabilities, video_ids):
    ids, votes, start = [], [], 0
    for video, clips in itertools.groupby(video_ids.tolist()):
        stop = start + len(list(clips))
        ids.append(video)
        votes.append(probabilities[start:stop].mean(axis=0))
        start = stop
    return np.array(ids), np.array(votes)


def equally_many_clips(probabilities, video_ids):
    ids = np.unique(video_ids)
    votes = probabilities.reshape(len(ids), -1, probabilities.shape[1]).mean(axis=1)
    return ids, votes


def ids_as_row_numbers(probabilities, video_ids):
    num_clips = np.bincount(video_ids)
    sums = np.stack([np.bincount(video_ids, column) for column in probabilities.T], axis=1)
    return np.arange(len(num_clips)), sums / np.maximum(num_clips, 1)[:, None]


def ids_as_rows_of_the_result(probabilities, video_ids):
    ids = np.unique(video_ids)
    votes = np.zeros((len(ids), probabilities.shape[1]))
    for video in ids:
        votes[video] = probabilities[video_ids == video].mean(axis=0)
    return ids, votes


def in_float32(probabilities, video_ids):
    ids, votes = metrics.vote_clips(probabilities, video_ids)
    return ids, votes.astype(np.float32)


def the_best_class(probabilities, video_ids):
    ids, votes = metrics.vote_clips(probabilities, video_ids)
    return ids, votes.argmax(axis=1)


def votes_alone(probabilities, video_ids):
    return metrics.vote_clips(probabilities, video_ids)[1]


def in_the_other_order(probabilities, video_ids):
    return metrics.vote_clips(probabilities, video_ids)[::-1]


def draw_votes(rng):
    num_clips, num_classes = (int(n) for n in rng.integers([1, 2], [9, 4]))
    # In hundredths, so that a case is easy to read; each row sums to 1.
    parts = rng.multinomial(100, rng.dirichlet(np.ones(num_classes)), num_clips)
    if rng.random() < 0.5:
        return parts / 100, rng.integers(-2, 12, num_clips)
    return parts / 100, rng.choice(["walk", "run", "b", "a"], num_clips)


def rows(*values):
    return np.array(values, float)


vote_clips = Exercise(
    reference=metrics.vote_clips,
    chapter="30_video_classification",
    task=(
        "Return the ids of the videos in ascending order and, for each, the mean of its clips' "
        "probabilities."
    ),
    minutes=10,
    difficulty=2,
    points=3,
    cases=[
        Case("one clip", (rows([0.3, 0.7]), np.array([4]))),
        Case("two clips of one video", (rows([0.9, 0.1], [0.5, 0.5]), np.array([7, 7]))),
        Case("two videos of one clip", (rows([0.9, 0.1], [0.5, 0.5]), np.array([2, 5]))),
        Case("the ids come in no order", (rows([0.9, 0.1], [0.5, 0.5]), np.array([5, -2]))),
        Case(
            "one sure clip against two that hardly know",
            (rows([0.95, 0.05], [0.45, 0.55], [0.4, 0.6]), np.array([0, 0, 0])),
        ),
        Case(
            "a video's clips do not stand together",
            (rows([0.9, 0.1], [0.2, 0.8], [0.3, 0.7]), np.array([1, 0, 1])),
        ),
        Case(
            "text for ids",
            (rows([0.9, 0.1], [0.2, 0.8], [0.3, 0.7]), np.array(["b", "a", "b"])),
        ),
        Case(
            "three clips and one, three classes",
            (
                rows([0.2, 0.3, 0.5], [1, 0, 0], [0, 0.5, 0.5], [0.4, 0.4, 0.2]),
                np.array([10, 3, 10, 10]),
            ),
        ),
    ],
    random_case=draw_votes,
    properties=[
        Property(
            "each id comes once, in ascending order",
            lambda args, got: got[0].tolist() == sorted(set(args[1].tolist())),
        ),
        Property(
            "the probabilities of a video sum to 1",
            lambda args, got: np.allclose(got[1].sum(axis=1), 1),
        ),
    ],
    demands=[
        Property(
            "the probabilities are float64",
            lambda args, got: np.asarray(got[1]).dtype == np.float64,
        ),
    ],
    hints=(
        "`np.unique` gives each id once, in ascending order. For one of them: which clips are "
        "its own, and what is the mean of their rows? Collect these rows in the order of the "
        "ids.",
        "`video_ids == video` is a mask over the clips, wherever they stand. Without a loop: "
        "`np.unique(..., return_inverse=True, return_counts=True)` says which row of the result "
        "each clip belongs to, and how many clips each has.",
        "`ids = np.unique(video_ids)`, then "
        "`np.stack([probabilities[video_ids == video].mean(axis=0) for video in ids])`, and "
        "return both.",
    ),
    misconceptions=[
        Misconception(
            "each clip votes for its best class",
            each_clip_one_vote,
            "That is majority voting: two clips that hardly know outvote one that is sure. The "
            "mean of the probabilities lets a clip count as much as it is sure.",
        ),
        Misconception(
            "it adds and does not divide",
            the_sum,
            "The best class is the same, but sums are no probabilities: they grow with the "
            "number of clips. Divide by how many the video has.",
        ),
        Misconception(
            "it divides by the number of all clips",
            over_all_clips,
            "Each video divides by the number of its own clips.",
        ),
        Misconception(
            "it takes the largest probability of each class",
            the_largest,
            "Then one clip that errs decides, and the row no longer sums to 1.",
        ),
        Misconception(
            "it multiplies the probabilities",
            the_product,
            "Clips of one video are far from independent, so a product is much too sure; and a "
            "single 0 rules a class out for good.",
        ),
        Misconception(
            "it takes the geometric mean",
            the_geometric_mean,
            "Averaging logits or log-probabilities is used, too, but a single 0 rules a class "
            "out. The contract is the plain mean.",
        ),
        Misconception(
            "it takes the median",
            the_median,
            "The medians of the classes do not sum to 1. The contract is the mean.",
        ),
        Misconception(
            "it averages as it goes",
            half_of_what_was,
            "`(mean + clip) / 2` gives the last clip a half, the one before a quarter, and so "
            "on. Add up first, then divide once.",
        ),
        Misconception(
            "it keeps the last clip of each video",
            the_last_clip,
            "Each clip overwrites the one before. All of them have the same say.",
        ),
        Misconception(
            "it keeps the first clip of each video",
            the_first_clip,
            "`np.unique` can point to the first clip of each id; the others are lost.",
        ),
        Misconception(
            "it keeps the surest clip of each video",
            the_surest_clip,
            "One clip decides, and a network is often sure of its mistakes. All clips have the "
            "same say.",
        ),
        Misconception(
            "it weighs the clips by their confidence",
            weighed_by_confidence,
            "A sure clip counts for more already, since its probabilities are further apart. "
            "Each clip has the same weight.",
        ),
        Misconception(
            "it applies the softmax once more",
            softmax_once_more,
            "The mean of probabilities sums to 1 as it is. A second softmax flattens it towards "
            "chance.",
        ),
        Misconception(
            "it adds one clip of each video alone",
            only_the_last_is_added,
            "`sums[video] += ...` reads, adds and writes once: of several clips of a video only "
            "the last is added. `np.add.at` adds them all.",
        ),
        Misconception(
            "its videos stand in the order in which they come",
            as_they_come,
            "The contract has the ids in ascending order, so that two runs over shuffled clips "
            "give the same rows.",
        ),
        Misconception(
            "it merges neighbouring clips only",
            neighbours_only,
            "`itertools.groupby` begins a new group at each change, so a shuffled video comes "
            "several times. Sort first, or select with `video_ids == video`.",
        ),
        Misconception(
            "it takes every video to have equally many clips, in a row",
            equally_many_clips,
            "A long video gives more clips, and after shuffling they stand anywhere. `reshape` "
            "does not look at the ids.",
        ),
        Misconception(
            "it takes the ids for row numbers",
            ids_as_row_numbers,
            "Ids can be negative, text, or 1,000,000 for the third video. Only those that occur "
            "have a row.",
        ),
        Misconception(
            "it writes each video to the row of its id",
            ids_as_rows_of_the_result,
            "`votes[video] = ...` takes the id for a row: video 7 is the second of two, row 1. "
            "Count the videos as you go: `for row, video in enumerate(ids)`.",
        ),
        Misconception(
            "its probabilities are float32",
            in_float32,
            "The contract promises float64, the usual float of NumPy.",
        ),
        Misconception(
            "it returns the best class",
            the_best_class,
            "Return the probabilities: the caller may want the second best, or how sure it is.",
        ),
        Misconception(
            "it returns the probabilities alone",
            votes_alone,
            "Without the ids nobody knows which row is which video: return both.",
        ),
        Misconception(
            "it returns the probabilities first",
            in_the_other_order,
            "The contract has the ids first, then their probabilities.",
        ),
    ],
)
