"""Exercise of chapter 20: the error of a picture in decibels."""

import numpy as np

from helpers import metrics
from helpers.course.exercise import Case, Exercise, Misconception, Property
from helpers.exercises.ch20_preprocessing.arrays import draw_pixels, ramp, range_of


def squared_error(reference, image):
    return np.mean((reference.astype(float) - image) ** 2)


def decibels(ratio):
    return float(10 * np.log10(ratio)) if ratio else -float("inf")


def overflows(reference, image, data_range=None):
    error = np.mean((reference - image) ** 2, dtype=float)
    return (
        float("inf") if error == 0 else decibels(range_of(reference, data_range) ** 2 / error)
    )


def wraps_before_it_is_a_float(reference, image, data_range=None):
    # np.abs(reference - image) does the same: what has wrapped is never negative.
    error = np.mean((reference - image).astype(float) ** 2)
    return (
        float("inf") if error == 0 else decibels(range_of(reference, data_range) ** 2 / error)
    )


def always_255(reference, image, data_range=None):
    error = squared_error(reference, image)
    return float("inf") if error == 0 else decibels(255**2 / error)


def range_from_content(span, always, in_uint8):
    """An answer that takes the range from the reference: its largest value, or its span."""

    def answer(reference, image, data_range=None):
        error = squared_error(reference, image)
        peak = reference.max() - reference.min() if span else reference.max()
        if not in_uint8:
            peak = float(peak)
        if data_range is not None and not always:
            peak = data_range
        return float("inf") if error == 0 else decibels(peak**2 / error)

    return answer


RANGES_FROM_CONTENT = (  # name, explanation, arguments of range_from_content
    (
        "it takes the largest value for the range",
        "L is the distance from black to white that the format allows, not what this picture "
        "happens to hold: a dark scene would be judged more harshly.",
        {"span": False, "always": True},
    ),
    (
        "it takes the largest value for the range when none is given",
        "For uint8 the range is 255 when none is given, whatever this picture happens to hold: "
        "with its largest value a dark scene would be judged more harshly.",
        {"span": False, "always": False},
    ),
    (
        "it takes the largest minus the smallest value for the range",
        "That is the contrast of this picture. L is the distance from black to white that the "
        "format allows; otherwise a foggy scene would be judged more harshly.",
        {"span": True, "always": True},
    ),
    (
        "it takes the largest minus the smallest value when no range is given",
        "So does torcheval by default: its number depends on the picture's contrast. For uint8 "
        "the range is 255 when none is given.",
        {"span": True, "always": False},
    ),
)


def range_not_squared(reference, image, data_range=None):
    error = squared_error(reference, image)
    return float("inf") if error == 0 else decibels(range_of(reference, data_range) / error)


def twice_the_decibels(reference, image, data_range=None):
    return 2 * metrics.psnr(reference, image, data_range)


def half_the_decibels(reference, image, data_range=None):
    return metrics.psnr(reference, image, data_range) / 2


def natural_logarithm(reference, image, data_range=None):
    return metrics.psnr(reference, image, data_range) * np.log(10)


def absolute_error(reference, image, data_range=None):
    error = np.mean(np.abs(reference.astype(float) - image))
    return (
        float("inf") if error == 0 else decibels(range_of(reference, data_range) ** 2 / error)
    )


def mean_of_the_frames(reference, image, data_range=None):
    if reference.ndim < 4:
        return metrics.psnr(reference, image, data_range)
    # Each frame on the scale of the whole clip.
    scale = 255 if data_range is None else data_range
    errors = [squared_error(*frames) for frames in zip(reference, image, strict=True)]
    return float(np.mean([decibels(scale**2 / e) if e else np.inf for e in errors]))


def a_hundred_for_equal(reference, image, data_range=None):
    decibels = metrics.psnr(reference, image, data_range)
    return 100 if decibels == float("inf") else decibels


def made_for_8_bits(reference, image, data_range=None):
    error = squared_error(reference, image)
    return 100 if error == 0 else decibels(255**2 / error)


def the_formula_as_it_stands(reference, image, data_range=None):
    error = np.mean((reference - image) ** 2, dtype=float)
    return float("inf") if error == 0 else decibels(255**2 / error)


def in_bels(reference, image, data_range=None):
    return metrics.psnr(reference, image, data_range) / 10


def noise_to_signal(reference, image, data_range=None):
    return -metrics.psnr(reference, image, data_range)


def draw_psnr(rng):
    shape = [int(n) for n in rng.integers(1, 6, int(rng.integers(2, 5)))]
    kind = int(rng.integers(3))
    if kind == 0:
        reference, image = draw_pixels(rng, 2, *shape)
        return reference, image, None
    reference, image = rng.random((2, *shape))
    return (reference, image, 1.0) if kind == 1 else (2 * reference - 1, 2 * image - 1, 2.0)


def moved(amount):
    """A frame whose every other pixel is that much brighter than in the reference."""
    reference = np.full((2, 2, 1), 100, np.uint8)
    image = reference.copy()
    image[0] += np.uint8(amount)
    return reference, image


psnr = Exercise(
    reference=metrics.psnr,
    chapter="20_preprocessing",
    task=(
        "Return the peak signal-to-noise ratio of `image` against `reference` in decibels, and "
        "infinity when the two are equal."
    ),
    minutes=8,
    difficulty=1,
    points=3,
    cases=[
        Case("equal images", (ramp(2, 2), ramp(2, 2), None)),
        Case("black against white", (np.zeros((2, 2), np.uint8), ramp(2, 2) * 0 + 255, None)),
        Case(
            "one grey level everywhere", (ramp(2, 2) // 2, ramp(2, 2) // 2 + np.uint8(1), None)
        ),
        Case("twenty grey levels, brighter", (*moved(20), None)),
        Case("darker", (*moved(20)[::-1], None)),
        Case("floats from 0 to 1", (np.array([[0.0, 0.5]]), np.array([[0.25, 0.5]]), 1.0)),
        Case("floats from −1 to 1", (np.array([[-1.0, 0.5]]), np.array([[-0.5, 0.5]]), 2.0)),
        Case(
            "a clip with one good and one bad frame",
            (
                np.full((2, 1, 2, 1), 100, np.uint8),
                np.array([101, 101, 110, 110], np.uint8).reshape(2, 1, 2, 1),
                None,
            ),
        ),
    ],
    random_case=draw_psnr,
    properties=[
        Property(
            "it is never below 0 for images within the range", lambda args, got: got >= 0.0
        ),
    ],
    hints=(
        "Three parts: an error (one number for the whole array), a ratio, a logarithm. Before "
        "the first subtraction, ask what uint8 does to 3 − 5.",
        "Subtract in float64 and take the mean of the squares. The ratio is the square of the "
        "data range, 255 for uint8, over that error. An error of 0 needs a word of its own.",
        "`error = reference.astype(np.float64) - image`, `mse = np.mean(error**2)`; when it is "
        '0, `float("inf")`; else `10 * np.log10(data_range**2 / mse)` with 255 where '
        "`data_range` is None.",
    ),
    misconceptions=[
        Misconception(
            "it overflows in uint8",
            overflows,
            "In uint8, 3 − 5 is 254 and 16 · 16 is 0, without a warning. Convert to float before "
            "the subtraction.",
        ),
        Misconception(
            "its difference wraps around before it is a float",
            wraps_before_it_is_a_float,
            "In uint8, 3 − 5 is 254. A conversion after the subtraction keeps the 254, and "
            "`np.abs` has nothing to mend, since no uint8 is negative. Convert to float first.",
        ),
        Misconception(
            "it always takes 255 for the range",
            always_255,
            "For floats from 0 to 1 that adds 48 decibels to any result. The classic way to "
            "publish a wonderful number.",
        ),
        *(
            Misconception(name, range_from_content(**options, in_uint8=False), explanation)
            for name, explanation, options in RANGES_FROM_CONTENT
        ),
        *(
            Misconception(
                f"{name}, and squares it in uint8",
                range_from_content(**options, in_uint8=True),
                f"{explanation} Besides, `reference.max()` is a uint8, whose square wraps around.",
            )
            for name, explanation, options in RANGES_FROM_CONTENT
        ),
        Misconception(
            "it does not square the range",
            range_not_squared,
            "The error is squared, so the peak must be too: L² / MSE.",
        ),
        Misconception(
            "it counts 20 for each power of ten of the squared error",
            twice_the_decibels,
            "20 · log10 goes with L / √MSE, 10 · log10 with L² / MSE. This mixes them.",
        ),
        Misconception(
            "it takes the root and counts 10",
            half_the_decibels,
            "10 · log10 goes with L² / MSE; with the root, L / √MSE, it is 20 · log10.",
        ),
        Misconception(
            "its logarithm is natural",
            natural_logarithm,
            "Decibels are tenths of powers of ten: `np.log10`, not `np.log`.",
        ),
        Misconception(
            "its error is absolute, not squared",
            absolute_error,
            "PSNR is defined by the mean squared error, which punishes large errors more.",
        ),
        Misconception(
            "it averages the frames' PSNR",
            mean_of_the_frames,
            "The mean of the frames' PSNR is not the PSNR of their mean error, and never below "
            "it, since -log is convex. Both are in use; here the error is averaged over the "
            "whole array.",
        ),
        Misconception(
            "it gives equal images 100",
            a_hundred_for_equal,
            "No finite number is right: 100 is a convention that enters averages unseen. The "
            "docstring asks for infinity.",
        ),
        Misconception(
            "it always takes 255, and gives equal images 100",
            made_for_8_bits,
            "Many a snippet on the web is written so. For floats from 0 to 1 it adds 48 decibels, "
            "and 100 is no measurement.",
        ),
        Misconception(
            "it is the formula for 8 bits, computed in 8 bits",
            the_formula_as_it_stands,
            "Two things: in uint8 the difference and its square wrap around, so convert to float "
            "first; and 255 is the range of 8-bit pixels only.",
        ),
        Misconception(
            "it is in bels",
            in_bels,
            "A decibel is a tenth of a bel: multiply the logarithm by 10.",
        ),
        Misconception(
            "it has the ratio upside down",
            noise_to_signal,
            "Signal over noise: L² above, the error below. Larger is better.",
        ),
    ],
    equivalent_mutants={
        "line 28: if mean_squared_error == 0:\n    return float('inf') -> if False:\n    "
        "return float('inf')": "NumPy divides by zero to inf too, only with a warning."
    },
)
