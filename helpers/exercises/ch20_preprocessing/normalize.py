"""Exercise of chapter 20: pixels in a network's own statistics."""

import numpy as np

from helpers import preprocessing
from helpers.course import pictures
from helpers.course.exercise import Case, Exercise, Misconception, Property
from helpers.exercises.ch20_preprocessing.arrays import draw_pixels, ramp


def without_255(video, mean, std):
    return (video - np.asarray(mean)) / np.asarray(std)


def divides_at_the_end(video, mean, std):
    return (video - np.asarray(mean)) / np.asarray(std) / 255


def float64_all_the_way(video, mean, std):
    return (video / 255 - np.asarray(mean)) / np.asarray(std)


def whole_number_division(video, mean, std):
    return (video // 255 - np.asarray(mean)) / np.asarray(std)


def own_statistics(video, mean, std):
    scaled = video / 255
    axes = tuple(range(video.ndim - 1))
    return (scaled - scaled.mean(axes)) / scaled.std(axes)


def own_mean_of_all_channels(video, mean, std):
    scaled = video / 255
    return (scaled - scaled.mean()) / scaled.std()


def channels_first(video, mean, std):
    mean, std = np.asarray(mean)[:, None, None], np.asarray(std)[:, None, None]
    return (video / 255 - mean) / std


def divides_by_256(video, mean, std):
    return (video / 256 - np.asarray(mean)) / np.asarray(std)


def over_the_variance(video, mean, std):
    return (video / 255 - np.asarray(mean)) / np.asarray(std) ** 2


def divides_before_it_subtracts(video, mean, std):
    return video / 255 / np.asarray(std) - np.asarray(mean)


def without_the_bracket(video, mean, std):
    return video / 255 - np.asarray(mean) / np.asarray(std)


def pixels_in_bgr(video, mean, std):
    return (video[..., ::-1] / 255 - np.asarray(mean)) / np.asarray(std)


def undoes_it(video, mean, std):
    return video / 255 * np.asarray(std) + np.asarray(mean)


def statistics_in_bgr(video, mean, std):
    mean, std = np.atleast_1d(mean), np.atleast_1d(std)
    return (video / 255 - mean[::-1]) / std[::-1]


def from_minus_one(video, mean, std):
    return (video / 127.5 - 1 - np.asarray(mean)) / np.asarray(std)


def mean_times_255(video, mean, std):
    return (video - 255 * np.asarray(mean)) / np.asarray(std)


def from_darkest_to_brightest(video, mean, std):
    video = video.astype(float)
    return (video - video.min()) / (video.max() - video.min())


def stretches_the_contrast(video, mean, std):
    scaled = from_darkest_to_brightest(video, mean, std)
    return (scaled - np.asarray(mean)) / np.asarray(std)


def draw_normalize(rng):
    channels = int(rng.choice([1, 3]))
    shape = [int(n) for n in rng.integers(1, 5, 3 + int(rng.integers(0, 2)))]
    pixels = draw_pixels(rng, *shape, channels)
    if rng.random() < 0.2:
        channels = None  # one number for all
    # Two digits, so that a case is easy to read.
    mean, std = rng.random(channels), rng.uniform(0.1, 1, channels)
    return pixels, np.round(mean, 2).tolist(), np.round(std, 2).tolist()


normalize = Exercise(
    reference=preprocessing.normalize,
    chapter="20_preprocessing",
    task=(
        "Scale 8-bit pixels to [0, 1], subtract the mean of their channel and divide by its "
        "standard deviation; the result is float32."
    ),
    minutes=5,
    difficulty=1,
    points=2,
    cases=[
        Case("black", (np.zeros((1, 1, 1, 3), np.uint8), [0.5, 0.5, 0.0], [0.5, 0.25, 1.0])),
        Case(
            "white", (np.full((1, 1, 1, 3), 255, np.uint8), [0.5, 0.5, 0.0], [0.5, 0.25, 1.0])
        ),
        Case("one number for all channels", (ramp(1, 1, 2, 3), 0.45, 0.225)),
        Case("a grey clip", (ramp(2, 1, 2, 1), [0.5], [0.25])),
        Case("ImageNet's", (ramp(2, 2, 2, 3), [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])),
        Case("a batch", (ramp(2, 2, 1, 2, 3), [0.2, 0.4, 0.6], [0.3, 0.2, 0.1])),
    ],
    random_case=draw_normalize,
    properties=[
        Property("the shape stays", lambda args, got: got.shape == args[0].shape),
        Property("the dtype is float32", lambda args, got: got.dtype == np.float32),
    ],
    # A right answer may take its float32 steps in another order.
    tolerance=(1e-5, 1e-5),
    hints=(
        "Three steps, in the order of the docstring's first line. The channels are the last "
        "axis, so NumPy lines up three means with them by itself.",
        "Make the pixels float32 before you compute, and the statistics too: one float64 operand "
        "makes the whole result float64, twice the memory.",
        "`scaled = video.astype(np.float32) / 255`, then "
        "`(scaled - np.asarray(mean, np.float32)) / np.asarray(std, np.float32)`.",
    ),
    misconceptions=[
        Misconception(
            "it does not divide by 255",
            without_255,
            "The mean and the deviation are those of pixels from 0 to 1. Without the division "
            "the network gets numbers in the hundreds where it was trained on −3 to 3.",
        ),
        Misconception(
            "it divides by 255 at the end",
            divides_at_the_end,
            "A mean of 0.5 is subtracted from pixels of up to 255. The scaling comes first, so "
            "that both are on one scale.",
        ),
        Misconception(
            "it multiplies the mean by 255, but not the deviation",
            mean_times_255,
            "On the scale of raw pixels both grow: subtract 255 times the mean and divide by "
            "255 times the deviation. Or scale the pixels to [0, 1] first.",
        ),
        Misconception(
            "it stretches the clip from its darkest to its brightest pixel, and no more",
            from_darkest_to_brightest,
            "That is min-max scaling: `mean` and `std` have no influence, and a dark clip and a "
            "bright one become alike. Divide by 255, then use the network's statistics.",
        ),
        Misconception(
            "it stretches the clip from its darkest to its brightest pixel first",
            stretches_the_contrast,
            "Scaling to [0, 1] is a division by 255, the same for every clip. With the clip's "
            "own minimum and maximum a dark clip and a bright one become alike.",
        ),
        Misconception(
            "it returns float64",
            float64_all_the_way,
            "The numbers are right but take twice the memory: uint8 / 255, and a list of floats, "
            "are float64 in NumPy. Convert to float32 first.",
        ),
        Misconception(
            "it divides in whole numbers",
            whole_number_division,
            "`//` leaves 1 for white and 0 for all else. Use `/`.",
        ),
        Misconception(
            "it takes the clip's own statistics",
            own_statistics,
            "Then a dark clip and a bright one become alike, and a constant one divides by "
            "zero. Use the statistics of the data that the network was trained on.",
        ),
        Misconception(
            "it takes one mean and deviation of the clip itself",
            own_mean_of_all_channels,
            "`mean` and `std` have no influence, and a dark clip and a bright one become alike. "
            "Use the statistics of the data that the network was trained on, for each channel.",
        ),
        Misconception(
            "it lines the statistics up for channels that come first",
            channels_first,
            "`[:, None, None]` is for PyTorch's (channels, height, width). Here the channels are "
            "last, and three numbers line up with them as they are.",
        ),
        Misconception(
            "it divides by 256",
            divides_by_256,
            "8 bits have 256 values, but the largest is 255, and white should be 1.",
        ),
        Misconception(
            "it divides by the variance",
            over_the_variance,
            "`std` is the deviation already, not to be squared. Keras's layer takes the "
            "variance; PyTorch's and this take the deviation.",
        ),
        Misconception(
            "it divides before it subtracts",
            divides_before_it_subtracts,
            "The mean is that of the pixels as they are, so subtract it first.",
        ),
        Misconception(
            "it undoes the normalisation",
            undoes_it,
            "Multiplying and adding is the way back, from the network's input to a picture.",
        ),
        Misconception(
            "it has red and blue the wrong way round",
            statistics_in_bgr,
            "The first mean belongs to the first channel. BGR is OpenCV's order; here it is RGB.",
        ),
        Misconception(
            "it turns the pixels to BGR",
            pixels_in_bgr,
            "The channels come out in another order than they came in, and each meets another's "
            "mean. They are RGB already, as the statistics are.",
        ),
        Misconception(
            "it divides the mean alone",
            without_the_bracket,
            "A division goes before a subtraction: put the difference in brackets.",
        ),
        Misconception(
            "it scales to −1 to 1 first",
            from_minus_one,
            "Some networks want −1 to 1 and nothing else. Mean and deviation belong to 0 to 1.",
        ),
    ],
    picture=pictures.clip_difference,
)
