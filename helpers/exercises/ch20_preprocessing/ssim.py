"""Exercise of chapter 20: the structural similarity of two pictures."""

import numpy as np
from scipy import ndimage

from helpers import metrics
from helpers.course.exercise import Case, Exercise, Misconception, Property
from helpers.exercises.ch20_preprocessing.arrays import ramp, range_of


def similarity(
    reference,
    image,
    data_range=None,
    window="gaussian",
    *,
    k=(0.01, 0.03),
    inside=True,
    sample=None,
    radius=None,
    axes=(-3, -2),
    subtract_means=True,
    deviations=False,
    parts="both",
    number=float,
):
    """SSIM in which one thing at a time can be wrong; each default is the right one."""
    scale = range_of(reference, data_range)
    half = 5 if window == "gaussian" else 3
    sample = (window == "uniform") if sample is None else sample

    def local_mean(values):
        values = np.asarray(values, float)
        if window == "gaussian":
            return ndimage.gaussian_filter(values, 1.5, radius=radius or half, axes=axes)
        return ndimage.uniform_filter(values, 2 * half + 1, axes=axes)

    x, y = reference.astype(number), image.astype(number)
    mx, my = local_mean(x), local_mean(y)
    n = (2 * half + 1) ** 2
    factor = n / (n - 1) if sample else 1.0
    vx, vy, c = (
        factor * (local_mean(a * b) - subtract_means * p * q)
        for a, b, p, q in ((x, x, mx, mx), (y, y, my, my), (x, y, mx, my))
    )
    c1, c2 = k[0] ** 2 * scale**2, k[1] ** 2 * scale**2
    if deviations:
        vx, vy = np.sqrt(np.maximum(vx, 0)), np.sqrt(np.maximum(vy, 0))
    if parts == "no structure":
        c = np.sqrt(np.maximum(vx, 0) * np.maximum(vy, 0))
    luminance = (2 * mx * my + c1) / (mx**2 + my**2 + c1)
    structure = (2 * c + c2) / (vx + vy + c2)
    each = {"luminance": luminance, "structure": structure}.get(parts, luminance * structure)
    cut = slice(half, -half) if inside else slice(None)
    return float(np.mean(each[..., cut, cut, :]))


def one_window(reference, image, data_range=None, window="gaussian"):
    scale = range_of(reference, data_range)
    x, y = reference.astype(float), image.astype(float)
    c1, c2 = (0.01 * scale) ** 2, (0.03 * scale) ** 2
    mx, my, covariance = x.mean(), y.mean(), np.mean((x - x.mean()) * (y - y.mean()))
    luminance = (2 * mx * my + c1) / (mx**2 + my**2 + c1)
    return float(luminance * (2 * covariance + c2) / (x.var() + y.var() + c2))


def edges_too(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, inside=False)


def no_constants(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, k=(0, 0))


def constants_without_range(reference, image, data_range=None, window="gaussian"):
    scale = range_of(reference, data_range)
    return similarity(reference, image, data_range, window, k=(0.01 / scale, 0.03 / scale))


def constants_not_squared(reference, image, data_range=None, window="gaussian"):
    scale = range_of(reference, data_range)
    k = np.sqrt(0.01 / scale), np.sqrt(0.03 / scale)
    return similarity(reference, image, data_range, window, k=k)


def equal_constants(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, k=(0.01, 0.01))


def range_of_255(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, 255, window)


def products_in_uint8(reference, image, data_range=None, window="gaussian"):
    number = reference.dtype.type
    return similarity(reference, image, data_range, window, number=number)


def always_divided_by_n(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, sample=False)


def always_divided_by_n_minus_1(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, sample=True)


def without_the_small_print(reference, image, data_range=None, window="gaussian"):
    return similarity(
        reference, image, data_range, window, sample=False, radius=6, inside=False
    )


def first_two_axes(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, axes=(0, 1))


def columns_and_channels(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, axes=(-2, -1))


def always_gaussian(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, "gaussian")


def gaussian_too_wide(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, radius=6)


def across_the_channels(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, axes=None)


def square_of_the_mean_kept(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, subtract_means=False)


def deviations_for_variances(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, deviations=True)


def no_structure(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, parts="no structure")


def no_luminance(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, parts="structure")


def draw_ssim(rng):
    height, width = (int(n) for n in rng.integers(11, 19, 2))
    shape = (height, width, int(rng.choice([1, 3])))
    if rng.random() < 0.3:
        shape = (2, *shape)
    window = str(rng.choice(["gaussian", "uniform"]))
    smooth = ndimage.gaussian_filter(rng.random(shape), 2, axes=(-3, -2))
    reference = np.clip((smooth - 0.5) * 3 + 0.5, 0, 1)
    image = np.clip(reference + rng.normal(0, 0.15, shape), 0, 1)
    if rng.random() < 0.6:
        reference, image = ((255 * a).astype(np.uint8) for a in (reference, image))
        return reference, image, None, window
    return reference, image, 1.0, window


def slope(size):
    return np.add.outer(np.arange(size) * 9, np.arange(size) * 3).astype(np.uint8)[..., None]


ssim = Exercise(
    reference=metrics.ssim,
    chapter="20_preprocessing",
    task=(
        "Return the structural similarity of `image` and `reference`, averaged over all pixels "
        "whose window lies inside the frame, with either of the two usual windows."
    ),
    minutes=25,
    difficulty=3,
    points=6,
    cases=[
        Case("equal images", (slope(11), slope(11), None, "gaussian")),
        Case("flat and equal: black", (slope(11) * 0, slope(11) * 0, None, "uniform")),
        Case("the smallest frame, negated", (slope(11), 255 - slope(11), None, "gaussian")),
        Case(
            "a frame of 7 rows, equal weights",
            (slope(10)[:7], slope(10)[6::-1], None, "uniform"),
        ),
        Case("brighter by 40", (slope(12) // 2, slope(12) // 2 + 40, None, "gaussian")),
        Case("floats from 0 to 1", (slope(12) / 255, slope(12)[::-1] / 510, 1.0, "gaussian")),
        Case("a colour frame", (ramp(12, 13, 3), ramp(12, 13, 3)[:, ::-1], None, "uniform")),
        Case(
            "a clip of two frames",
            (ramp(2, 12, 12, 1), ramp(2, 12, 12, 1)[::-1], None, "gaussian"),
        ),
    ],
    random_case=draw_ssim,
    properties=[Property("it is at most 1", lambda args, got: got <= 1 + 1e-9)],
    hints=(
        "Write a function that gives the local mean of an array: `ndimage.gaussian_filter` or "
        "`ndimage.uniform_filter` over height and width. All else is made of five local means: "
        "of x, y, x·x, y·y and x·y.",
        "Variance: the mean of the squares minus the square of the mean. Covariance: the mean of "
        "the product minus the product of the means. Dividing by n − 1, as the uniform window "
        "does, multiplies all three by 49 / 48. Do it all in float64.",
        "`ndimage.gaussian_filter(values, sigma=1.5, radius=5, axes=(-3, -2))` or "
        "`ndimage.uniform_filter(values, size=7, axes=(-3, -2))`; the formula of the docstring, "
        "then cut 5 (or 3) pixels off each side, `[..., 5:-5, 5:-5, :]`, and take the mean.",
    ),
    misconceptions=[
        Misconception(
            "it takes the whole image for one window",
            one_window,
            "SSIM is local: a blur here and a sharpened edge there cancel out in one mean and "
            "one variance. Slide the window and average.",
        ),
        Misconception(
            "it counts the edges",
            edges_too,
            "Windows that hang over the edge see mirrored pixels, not the picture. Leave out 5 "
            "(or 3) pixels on each side.",
        ),
        Misconception(
            "it has no constants",
            no_constants,
            "On a flat or black patch it divides 0 by 0, and near it the result jumps about. "
            "That is what c1 and c2 are for.",
        ),
        Misconception(
            "its constants lack the data range",
            constants_without_range,
            "c1 is (0.01 · L)², not 0.01². At 8 bits that is a factor of 65,025, and dark flat "
            "areas become far too important.",
        ),
        Misconception(
            "its constants are not squared",
            constants_not_squared,
            "c1 is (0.01 · L)², since it is added to squares.",
        ),
        Misconception(
            "it takes 0.01 in both constants",
            equal_constants,
            "c1, beside the means, has 0.01; c2, beside the variances, has 0.03.",
        ),
        Misconception(
            "it always takes 255 for the range",
            range_of_255,
            "For floats from 0 to 1 the constants drown the picture, and everything is nearly "
            "the same as everything.",
        ),
        Misconception(
            "it overflows in uint8",
            products_in_uint8,
            "x · x of 8-bit pixels wraps around at 256. Convert to float64 before the products.",
        ),
        Misconception(
            "it divides by n in both windows",
            always_divided_by_n,
            "The uniform window, as in scikit-image by default, takes the sample covariance: "
            "divided by n − 1, so multiply by 49 / 48.",
        ),
        Misconception(
            "it divides by n − 1 in both windows",
            always_divided_by_n_minus_1,
            "The Gaussian window, as in the paper, divides by n. Only the uniform one takes n − 1.",
        ),
        Misconception(
            "it has the formula, without the details of the windows",
            without_the_small_print,
            "Three details are missing: the Gaussian ends after 5 pixels (`radius=5`), the "
            "uniform window multiplies variances and covariance by 49 / 48, and pixels whose "
            "window hangs over the edge are left out.",
        ),
        Misconception(
            "it filters the first two axes",
            first_two_axes,
            "Of a clip, these are frames and rows. Height and width are the third and the second "
            "axis from the end: `axes=(-3, -2)`.",
        ),
        Misconception(
            "it filters columns and channels",
            columns_and_channels,
            "These are columns and channels: rows and columns are the axes (-3, -2).",
        ),
        Misconception(
            "it takes the Gaussian for both windows",
            always_gaussian,
            "`window` has no influence. The two give different numbers for the same pair, which "
            "is why a paper has to say which it used.",
        ),
        Misconception(
            "its Gaussian is too wide",
            gaussian_too_wide,
            "SciPy cuts a Gaussian at four deviations, here after 6 pixels: 13×13. The paper's "
            "window is 11×11: `radius=5`.",
        ),
        Misconception(
            "it blurs across channels and frames",
            across_the_channels,
            "Without `axes=(-3, -2)` the filter runs along all axes, and red looks into green.",
        ),
        Misconception(
            "it forgets to subtract the means",
            square_of_the_mean_kept,
            "The mean of x · x is not the variance: take off the square of the mean, and for the "
            "covariance the product of the means.",
        ),
        Misconception(
            "it adds deviations, not variances",
            deviations_for_variances,
            "The denominator has the variances. A root there puts it on another scale than the "
            "covariance above it.",
        ),
        Misconception(
            "it leaves the structure out",
            no_structure,
            "The product of two deviations is always positive. Only the covariance knows whether "
            "bright is bright in both: a negative picture must score below 0.",
        ),
        Misconception(
            "it leaves the brightness out",
            no_luminance,
            "The factor with the means is missing: a picture that is brighter everywhere would "
            "count as equal.",
        ),
    ],
    equivalent_mutants={
        "line 49: 2 * radius + 1 -> 2 * radius - 1": "It refuses fewer frames that are too small.",
        "line 49: 2 * radius -> 2 + radius": "It refuses fewer frames that are too small.",
    },
)
