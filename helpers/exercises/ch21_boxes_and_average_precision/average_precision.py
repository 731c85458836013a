"""Exercise of chapter 21: one number for a curve of precision over recall."""

import numpy as np

from helpers import metrics
from helpers.course.exercise import Case, Exercise, Misconception, Property


def read_at(envelope, recall, levels, side="left", beyond=0.0):
    """The mean of what stands at the first rank that reaches each level."""
    places = np.searchsorted(recall, levels, side=side)
    return float(np.mean(np.append(envelope, beyond)[places]))


def levels_of(method):
    return np.linspace(0, 1, 11 if method == "voc2007" else 101)


def highest_from_here(precision):
    return np.maximum.accumulate(precision[::-1])[::-1]


def area(envelope, recall):
    return float(np.sum(np.diff(recall, prepend=0) * envelope))


def of_envelope(envelope, recall, method):
    if method == "voc2010":
        return area(envelope, recall)
    return read_at(envelope, recall, levels_of(method))


def no_envelope(precision, recall, method):
    return of_envelope(precision, recall, method)


def highest_so_far(precision, recall, method):
    return of_envelope(np.maximum.accumulate(precision), recall, method)


def lowest_so_far(precision, recall, method):
    return of_envelope(np.minimum.accumulate(precision), recall, method)


def trapezoids(precision, recall, method):
    if method == "voc2010":
        return float(np.trapezoid(np.append(1, precision), np.append(0, recall)))
    return of_envelope(highest_from_here(precision), recall, method)


def without_the_first_step(precision, recall, method):
    envelope = highest_from_here(precision)
    if method == "voc2010":
        return float(np.sum(np.diff(recall) * envelope[1:]))
    return of_envelope(envelope, recall, method)


def mean_of_precisions(precision, recall, method):
    return float(np.mean(precision)) if len(precision) else 0.0


def mean_at_the_hits(precision, recall, method):
    is_hit = np.diff(recall, prepend=0) > 0
    return float(np.mean(precision[is_hit])) if is_hit.any() else 0.0


def must_be_exceeded(precision, recall, method):
    envelope = highest_from_here(precision)
    if method == "voc2010":
        return area(envelope, recall)
    return read_at(envelope, recall, levels_of(method), side="right")


def without_level_0(precision, recall, method):
    envelope = highest_from_here(precision)
    if method == "voc2010":
        return area(envelope, recall)
    return read_at(envelope, recall, levels_of(method)[1:])


def without_level_1(precision, recall, method):
    envelope = highest_from_here(precision)
    if method == "voc2010":
        return area(envelope, recall)
    return read_at(envelope, recall, levels_of(method)[:-1])


def last_precision_for_ever(precision, recall, method):
    envelope = highest_from_here(precision)
    if method == "voc2010" or not len(recall):
        return area(envelope, recall)
    return read_at(envelope, recall, levels_of(method), beyond=envelope[-1])


def reached_levels_only(precision, recall, method):
    envelope = highest_from_here(precision)
    if method == "voc2010" or not len(recall):
        return area(envelope, recall)
    levels = levels_of(method)
    return read_at(envelope, recall, levels[levels <= recall[-1]])


def levels_in_decimals(precision, recall, method):
    envelope = highest_from_here(precision)
    if method == "voc2010":
        return area(envelope, recall)
    count = 10 if method == "voc2007" else 100
    return read_at(envelope, recall, np.arange(count + 1) / count)


def interpolated(precision, recall, method):
    envelope = highest_from_here(precision)
    if method == "voc2010" or not len(recall):
        return area(envelope, recall)
    return float(np.mean(np.interp(levels_of(method), recall, envelope, right=0)))


def always_the_area(precision, recall, method):
    return area(highest_from_here(precision), recall)


def always_eleven(precision, recall, method):
    return read_at(highest_from_here(precision), recall, levels_of("voc2007"))


def in_percent(precision, recall, method):
    return 100 * metrics.average_precision(precision, recall, method)


def over_the_recall(precision, recall, method):
    envelope = highest_from_here(precision)
    if method == "voc2010" and len(recall) and recall[-1] > 0:
        return area(envelope, recall) / recall[-1]
    return of_envelope(envelope, recall, method)


def curve(*hits, of):
    """Precision and recall of hits and misses by rank, with so many objects."""
    return metrics.precision_recall(np.array(hits, bool), of)


def draw_case(rng):
    hits = rng.random(int(rng.integers(1, 9))) < 0.6
    num_truth = max(1, int(hits.sum()) + int(rng.integers(0, 4)))
    method = str(rng.choice(["voc2007", "voc2010", "coco"]))
    return (*metrics.precision_recall(hits, num_truth), method)


YES, NO = True, False
DIPS = curve(NO, YES, NO, YES, YES, NO, YES, of=6)

average_precision = Exercise(
    reference=metrics.average_precision,
    chapter="21_boxes_and_average_precision",
    task=(
        "Return the average precision of a curve by VOC's rule of 2007, VOC's of 2010, or COCO's."
    ),
    minutes=10,
    difficulty=3,
    points=4,
    cases=[
        Case("no detections, 11 recalls", (*curve(of=2), "voc2007")),
        Case("no detections, the area", (*curve(of=2), "voc2010")),
        Case("no detections, 101 recalls", (*curve(of=2), "coco")),
        Case("one of one found, 11 recalls", (*curve(YES, of=1), "voc2007")),
        Case("one of one found, the area", (*curve(YES, of=1), "voc2010")),
        Case("one of one found, 101 recalls", (*curve(YES, of=1), "coco")),
        Case("nothing right, 11 recalls", (*curve(NO, NO, of=2), "voc2007")),
        Case("nothing right, the area", (*curve(NO, NO, of=2), "voc2010")),
        Case("one of two found, 11 recalls", (*curve(YES, of=2), "voc2007")),
        Case("one of two found, the area", (*curve(YES, of=2), "voc2010")),
        Case("one of two found, 101 recalls", (*curve(YES, of=2), "coco")),
        Case("a miss first, 11 recalls", (*curve(NO, YES, of=1), "voc2007")),
        Case("a miss first, the area", (*curve(NO, YES, of=1), "voc2010")),
        Case("a miss last, the area", (*curve(YES, NO, of=1), "voc2010")),
        Case("a miss between, 11 recalls", (*curve(YES, NO, YES, of=2), "voc2007")),
        Case("a miss between, the area", (*curve(YES, NO, YES, of=2), "voc2010")),
        Case("a miss between, 101 recalls", (*curve(YES, NO, YES, of=2), "coco")),
        Case("precision that rises again, 11 recalls", (*DIPS, "voc2007")),
        Case("precision that rises again, the area", (*DIPS, "voc2010")),
        Case("precision that rises again, 101 recalls", (*DIPS, "coco")),
        Case("3 of 10 found, 11 recalls", (*curve(YES, YES, YES, of=10), "voc2007")),
        Case("7 of 20 found, 101 recalls", (*curve(*[YES] * 7, of=20), "coco")),
    ],
    random_case=draw_case,
    properties=[
        Property("it is from 0 to 1", lambda args, got: -1e-9 <= got <= 1 + 1e-9),
        Property(
            "it is not above the highest precision",
            lambda args, got: got <= args[0].max(initial=0) + 1e-9,
        ),
    ],
    hints=(
        "First make the curve fall: at each rank, which is the highest precision at this or a "
        "later one? Then two of the methods read it at fixed recalls, and one measures the area "
        "below its steps.",
        "`np.maximum.accumulate` goes from left to right, so turn the row round, before and "
        "after. For the area, multiply each rank's precision by what recall has risen: `np.diff` "
        "with `prepend=0`. For the others, `np.searchsorted` finds the first rank that reaches a "
        "recall; where none does, its answer is one beyond the end: let a 0 stand there.",
        "`envelope = np.append(np.maximum.accumulate(precision[::-1])[::-1], 0)`. The area: "
        "`np.sum(np.diff(recall, prepend=0) * envelope[:-1])`. The others: the mean of "
        "`envelope[np.searchsorted(recall, np.linspace(0, 1, 11))]`, or with 101. Return a "
        "`float`.",
    ),
    misconceptions=[
        Misconception(
            "it takes the precision as it is",
            no_envelope,
            "Precision zigzags: it falls with each miss and rises with each hit. Replace it by "
            "the highest at this or a later rank first.",
        ),
        Misconception(
            "it takes the highest precision so far",
            highest_so_far,
            "That is the envelope from the left: after one hit at the top it stays at 1 for "
            "ever. Go from the right: the highest at this or a *later* rank.",
        ),
        Misconception(
            "it takes the lowest precision so far",
            lowest_so_far,
            "It falls as it should, but a miss at the top then spoils all that follows. Take the "
            "highest at this or a later rank.",
        ),
        Misconception(
            "it measures the area by trapezoids",
            trapezoids,
            "A trapezoid under the raw curve joins two ranks by a slope on which no detector "
            "stands. First the highest precision at this or a later rank, then steps: each rise "
            "of recall times the precision there.",
        ),
        Misconception(
            "the area forgets the first step",
            without_the_first_step,
            "Recall rises from 0, not from the first rank's value: `np.diff(recall, prepend=0)`.",
        ),
        Misconception(
            "it takes the mean of the precisions",
            mean_of_precisions,
            "Then a miss at the end costs something though no recall depends on it. Average "
            "over recall, not over ranks.",
        ),
        Misconception(
            "it takes the mean precision of the hits",
            mean_at_the_hits,
            "Objects that were never found would not count. They stand for recalls that no rank "
            "reaches, where precision is 0.",
        ),
        Misconception(
            "a recall must be exceeded",
            must_be_exceeded,
            "The first rank that *reaches* a recall counts, so equal is enough: `side='left'`. "
            "With `'right'` nobody gets beyond recall 1, and even a perfect detector loses.",
        ),
        Misconception(
            "it leaves out recall 0",
            without_level_0,
            "0, 0.1, ... 1 are eleven recalls, and 0, 0.01, ... 1 are a hundred and one. The "
            "recall 0 counts, and the first rank reaches it.",
        ),
        Misconception(
            "it leaves out recall 1",
            without_level_1,
            "0, 0.1, ... 1 are eleven recalls: `np.arange(0, 1, 0.1)` stops at 0.9. "
            "`np.linspace(0, 1, 11)` holds both ends.",
        ),
        Misconception(
            "it goes on with the last precision",
            last_precision_for_ever,
            "A recall that no rank reaches counts 0. Otherwise a detector that finds one object "
            "of a hundred could have an average precision of 1.",
        ),
        Misconception(
            "it leaves out recalls that are not reached",
            reached_levels_only,
            "They count 0, and they count: the mean is over all 11 or 101.",
        ),
        Misconception(
            "its recalls are decimal fractions",
            levels_in_decimals,
            "`np.linspace(0, 1, 11)[3]` is 0.30000000000000004, a hair above 3 / 10, so 3 "
            "objects of 10 do not reach it. Strange but true: the published code does so.",
        ),
        Misconception(
            "it interpolates between ranks",
            interpolated,
            "`np.interp` draws slopes. The curve has steps: read it at the first rank that "
            "reaches the recall.",
        ),
        Misconception(
            "it measures the area whatever the method",
            always_the_area,
            '`method` has no influence. "voc2007" and "coco" read the curve at fixed recalls.',
        ),
        Misconception(
            "it reads 11 recalls whatever the method",
            always_eleven,
            "`method` has no influence. VOC has measured the area since 2010, and COCO reads 101 "
            "recalls.",
        ),
        Misconception(
            "it divides the area by the last recall",
            over_the_recall,
            "Recall that was never reached counts, with a precision of 0. The axis goes to 1.",
        ),
        Misconception(
            "it answers in percent",
            in_percent,
            "Papers print percent, but the docstring says from 0 to 1.",
        ),
    ],
)
