"""Exercise of chapter 12: how much the colours change from frame to frame."""

import numpy as np

from helpers import video
from helpers.course.exercise import Case, Exercise, Misconception, Property


def shares(frames, num_bins, low=0, high=256):
    """Each channel's histogram: (num_frames, channels, num_bins)."""
    return np.array(
        [
            [
                np.histogram(frame[..., c], bins=num_bins, range=(low, high))[0]
                / frame[..., c].size
                for c in range(frame.shape[-1])
            ]
            for frame in frames
        ]
    )


def distance(histograms):
    return np.abs(np.diff(histograms, axis=0)).sum(axis=-1).mean(axis=-1) / 2


def counts_in_place_of_shares(frames, num_bins=16):
    return distance(shares(frames, num_bins)) * frames.shape[1] * frames.shape[2]


def all_channels_in_one(frames, num_bins=16):
    return distance(shares(frames.reshape(len(frames), -1, 1, 1), num_bins))


def sums_over_channels(frames, num_bins=16):
    return distance(shares(frames, num_bins)) * frames.shape[-1]


def not_halved(frames, num_bins=16):
    return 2 * distance(shares(frames, num_bins))


def wraps_in_uint8(frames, num_bins=16):
    bins = (frames * num_bins / 256).astype(int)
    return distance(shares(bins, num_bins, 0, num_bins))


def bins_of_each_frame(frames, num_bins=16):
    histograms = [
        [np.histogram(frame[..., c], bins=num_bins)[0] for c in range(frame.shape[-1])]
        for frame in frames
    ]
    return distance(np.array(histograms)) / (frames.shape[1] * frames.shape[2])


def bins_to_255(frames, num_bins=16):
    return distance(shares(frames, num_bins, 0, 255))


def bins_of_whole_width(frames, num_bins=16):
    bins = frames // (256 // num_bins)
    return distance(shares(bins, 256))


def without_absolute_values(frames, num_bins=16):
    return np.diff(shares(frames, num_bins), axis=0).sum(axis=-1).mean(axis=-1) / 2


def squares(frames, num_bins=16):
    differences = np.diff(shares(frames, num_bins), axis=0) ** 2
    return differences.sum(axis=-1).mean(axis=-1) / 2


def from_the_first_frame(frames, num_bins=16):
    histograms = shares(frames, num_bins)
    return np.abs(histograms[1:] - histograms[0]).sum(axis=-1).mean(axis=-1) / 2


def pixel_by_pixel(frames, num_bins=16):
    differences = np.abs(np.diff(frames.astype(float), axis=0))
    return differences.mean(axis=(1, 2, 3)) / 255


def one_for_each_frame(frames, num_bins=16):
    return np.append(0, distance(shares(frames, num_bins)))


def draw_case(rng):
    shape = [int(n) for n in rng.integers([1, 1, 1], [6, 5, 5])]
    frames = rng.integers(0, 256, (*shape, int(rng.choice([1, 3])))).astype(np.uint8)
    return frames, int(rng.choice([1, 2, 4, 10, 16, 50, 256]))


def grey(*frames):
    """Frames of one row each."""
    return np.array(frames, np.uint8)[:, np.newaxis, :, np.newaxis]


red_then_blue = np.zeros((2, 2, 2, 3), np.uint8)
red_then_blue[0, ..., 0] = red_then_blue[1, ..., 2] = 200

histogram_changes = Exercise(
    reference=video.histogram_changes,
    chapter="12_frames_to_batches",
    task=(
        "Measure how much the colours change from each frame to the next: half the distance "
        "between their histograms, one a channel, averaged over the channels."
    ),
    minutes=12,
    difficulty=2,
    points=3,
    cases=[
        Case("a single frame", (grey([5, 6]), 4)),
        Case("the same picture twice", (grey([5, 90, 200], [5, 90, 200]), 4)),
        Case("nothing in common", (grey([0, 0, 0], [255, 255, 255]), 2)),
        Case("the same pixels elsewhere", (grey([5, 90, 200], [200, 5, 90]), 4)),
        Case("the borders of a bin", (grey([63, 64], [64, 127], [128, 255]), 4)),
        Case("close to black, close to white", (grey([0, 10], [240, 255]), 16)),
        Case("bins that do not divide evenly", (grey([25, 51], [26, 102], [254, 255]), 10)),
        Case("red becomes blue", (red_then_blue, 4)),
        Case("there and back again", (grey([9, 9], [99, 9], [9, 9]), 8)),
        Case("sixteen bins unless told otherwise", (grey([16, 239], [15, 240], [15, 241]),)),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "there is one change less than frames",
            lambda args, got: got.shape == (len(args[0]) - 1,),
        ),
        Property(
            "every change is from 0 to 1",
            lambda args, got: bool(np.all((got >= 0) & (got <= 1 + 1e-9))),
        ),
    ],
    hints=(
        "A histogram forgets where a pixel was. So count, for each frame and each channel, how "
        "many pixels fall into each bin, and compare the counts of neighbours.",
        "The bin of a value is `value * num_bins // 256`, in a type that holds the product. "
        "`np.bincount(..., minlength=...)` counts; add a number of its own for each channel, and "
        "it counts all channels at once.",
        "With `counts` of shape (num_frames, channels, num_bins): "
        "`np.abs(np.diff(counts, axis=0)).sum(axis=(1, 2))`, divided by twice the number of "
        "values in a frame, `2 * height * width * channels`.",
    ),
    misconceptions=[
        Misconception(
            "it compares counts, not shares",
            counts_in_place_of_shares,
            "Counts grow with the picture, so a threshold for one size fits no other. Divide by "
            "the number of pixels.",
        ),
        Misconception(
            "it counts all channels in one histogram",
            all_channels_in_one,
            "Pure red and pure blue have the same values, in other channels: such a cut goes "
            "unnoticed. A histogram for each channel.",
        ),
        Misconception(
            "it adds the channels up",
            sums_over_channels,
            "With three channels the change goes up to 3. Take their mean.",
        ),
        Misconception(
            "it does not halve",
            not_halved,
            "A pixel that goes from one bin to another is missed in the first and too many in "
            "the second: it counts twice.",
        ),
        Misconception(
            "its product wraps in uint8",
            wraps_in_uint8,
            "uint8 stays uint8 when multiplied by a Python number: 17 * 16 is 272, which wraps "
            "to 16. Convert the frames first: `frames.astype(int)`.",
        ),
        Misconception(
            "each frame has bins of its own",
            bins_of_each_frame,
            "Without a range, `np.histogram` lays its bins from the smallest value to the "
            "largest of that frame: a dark picture and a bright one look alike. Pass "
            "`range=(0, 256)`.",
        ),
        Misconception(
            "its bins end at 255",
            bins_to_255,
            "The value 255 is a level of its own, as wide as the others: 256 levels, from 0 to "
            "256. OpenCV's `calcHist` takes `[0, 256]` for the same reason.",
        ),
        Misconception(
            "its bins have a whole number of levels",
            bins_of_whole_width,
            "256 // 10 is 25, and ten bins of 25 levels end at 249: the brightest pixels fall "
            "into an eleventh. Multiply first: `value * num_bins // 256`.",
        ),
        Misconception(
            "it forgets the absolute value",
            without_absolute_values,
            "What one bin loses another gains: without the sign removed the sum is always 0.",
        ),
        Misconception(
            "it squares the differences",
            squares,
            "Squares count a change more when it goes into few bins than when it spreads over "
            "many. A sound distance, too, but its threshold is another.",
        ),
        Misconception(
            "it compares with the first frame",
            from_the_first_frame,
            "Then every frame of a new shot differs, not only its first, and the cut between "
            "two later shots can be missed.",
        ),
        Misconception(
            "it compares pixel by pixel",
            pixel_by_pixel,
            "Pixels change whenever something moves or the camera pans. A histogram does not "
            "ask where, which is the point of it.",
        ),
        Misconception(
            "it begins with a change of 0",
            one_for_each_frame,
            "Between n frames there are n - 1 changes: entry k belongs to the frames k and "
            "k + 1.",
        ),
    ],
    equivalent_mutants={
        "line 33: np.arange(256)[:, np.newaxis] * num_bins // 256 == np.arange(num_bins) -> "
        "np.arange(256)[:, np.newaxis] * num_bins // 256 != np.arange(num_bins)": (
            "the pixels outside a bin are all the others, and all frames have as many pixels: "
            "these counts differ by as much as those inside"
        ),
    },
)
