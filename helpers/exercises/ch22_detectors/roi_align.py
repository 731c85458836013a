"""Exercise of chapter 22: a map of fixed size from a box of any size."""

import numpy as np

from helpers import detectors
from helpers.course.exercise import Case, Exercise, Misconception, Property


def value_at(features, y, x):
    """Interpolated between the middles of cells, which lie at whole numbers here."""
    rows, columns, _ = features.shape
    top, left = np.clip(np.floor(y).astype(int), 0, rows - 1), np.floor(x).astype(int)
    left = np.clip(left, 0, columns - 1)
    bottom, right = np.minimum(top + 1, rows - 1), np.minimum(left + 1, columns - 1)
    down, across = (y - top)[..., None], (x - left)[..., None]
    upper = features[top, left] * (1 - across) + features[top, right] * across
    lower = features[bottom, left] * (1 - across) + features[bottom, right] * across
    return upper * (1 - down) + lower * down


def nearest_value(features, y, x):
    rows, columns, _ = features.shape
    row = np.clip(np.floor(y + 0.5).astype(int), 0, rows - 1)
    column = np.clip(np.floor(x + 0.5).astype(int), 0, columns - 1)
    return features[row, column].astype(float)


def up_to_a_cell_beyond(features, y, x, margin=1, read=value_at):
    """The border's value so many cells beyond the outermost middles, and then 0."""
    rows, columns, _ = features.shape
    is_inside = (
        (y >= -margin) & (y <= rows - 1 + margin) & (x >= -margin) & (x <= columns - 1 + margin)
    )
    values = read(features, np.clip(y, 0, rows - 1), np.clip(x, 0, columns - 1))
    return values * is_inside[..., None]


def into_zeros(features, y, x):
    """As if the map were surrounded by cells of 0."""
    padded = np.pad(features.astype(float), [(1, 1), (1, 1), (0, 0)])
    rows, columns, _ = padded.shape
    return value_at(padded, np.clip(y + 1, 0, rows - 1), np.clip(x + 1, 0, columns - 1))


def middles(output_size, sampling_ratio):
    count = output_size * sampling_ratio
    return (np.arange(count) + 0.5) / count


def align(
    features,
    boxes,
    output_size,
    sampling_ratio=2,
    stride=1.0,
    *,
    half=0.5,
    places=middles,
    read=up_to_a_cell_beyond,
    reduce=np.mean,
):
    """RoIAlign in which one thing at a time can be wrong; each default is the right one."""
    x1, y1, x2, y2 = boxes.astype(float).T[:, :, None] / stride - half
    share = places(output_size, sampling_ratio)
    x, y = x1 + share * (x2 - x1), y1 + share * (y2 - y1)
    y, x = np.broadcast_arrays(y[:, :, None], x[:, None, :])
    values = read(features, y, x)
    per_bin = len(share) // output_size
    bins = (len(boxes), output_size, per_bin, output_size, per_bin, features.shape[2])
    return reduce(values.reshape(bins), axis=(2, 4))


def variant(**change):
    def answer(features, boxes, output_size, sampling_ratio=2, stride=1.0):
        return align(features, boxes, output_size, sampling_ratio, stride, **change)

    return answer


def rounded_to_cells(features, boxes, output_size, sampling_ratio=2, stride=1.0):
    return align(features, np.round(boxes / stride), output_size, sampling_ratio, 1.0)


def rounded_outwards(features, boxes, output_size, sampling_ratio=2, stride=1.0):
    low, high = np.split(boxes / stride, 2, axis=1)
    cells = np.concatenate([np.floor(low), np.ceil(high)], axis=1)
    return align(features, cells, output_size, sampling_ratio, 1.0)


def half_a_pixel(features, boxes, output_size, sampling_ratio=2, stride=1.0):
    return align(features, boxes - 0.5, output_size, sampling_ratio, stride, half=0.0)


def stride_forgotten(features, boxes, output_size, sampling_ratio=2, stride=1.0):
    return align(features, boxes, output_size, sampling_ratio)


def stride_multiplied(features, boxes, output_size, sampling_ratio=2, stride=1.0):
    return align(features, boxes, output_size, sampling_ratio, 1 / stride)


def ratio_forgotten(features, boxes, output_size, sampling_ratio=2, stride=1.0):
    return align(features, boxes, output_size, 1, stride)


def always_two(features, boxes, output_size, sampling_ratio=2, stride=1.0):
    return align(features, boxes, output_size, 2, stride)


def row_for_x(features, boxes, output_size, sampling_ratio=2, stride=1.0):
    return align(features, boxes[:, [1, 0, 3, 2]], output_size, sampling_ratio, stride)


def transposed(features, boxes, output_size, sampling_ratio=2, stride=1.0):
    found = detectors.roi_align(features, boxes, output_size, sampling_ratio, stride)
    return found.swapaxes(1, 2)


def sides_exchanged(features, boxes, output_size, sampling_ratio=2, stride=1.0):
    low, high = np.split(boxes.astype(float), 2, axis=1)
    turned = np.concatenate([low, low + (high - low)[:, ::-1]], axis=1)
    return align(features, turned, output_size, sampling_ratio, stride)


def corner_and_size(features, boxes, output_size, sampling_ratio=2, stride=1.0):
    low, size = np.split(boxes.astype(float), 2, axis=1)
    turned = np.concatenate([low, low + size], axis=1)
    return align(features, turned, output_size, sampling_ratio, stride)


def cut_at_the_border(features, boxes, output_size, sampling_ratio=2, stride=1.0):
    rows, columns, _ = features.shape
    corner = stride * np.array([columns, rows, columns, rows])
    inside = np.clip(boxes, 0, corner)
    return align(features, inside, output_size, sampling_ratio, stride)


def channels_first(features, boxes, output_size, sampling_ratio=2, stride=1.0):
    found = detectors.roi_align(features, boxes, output_size, sampling_ratio, stride)
    return np.moveaxis(found, 3, 1)


def from_the_bins_corner(output_size, sampling_ratio):
    count = output_size * sampling_ratio
    return np.arange(count) / count


def from_side_to_side(output_size, sampling_ratio):
    count = output_size * sampling_ratio
    return np.linspace(0, 1, count) if count > 1 else np.array([0.5])


def number_for_each(features, y, x):
    return up_to_a_cell_beyond(features, y, x, read=nearest_value)


def nothing_beyond_the_middles(features, y, x):
    return up_to_a_cell_beyond(features, y, x, margin=0)


def half_a_cell_beyond(features, y, x):
    return up_to_a_cell_beyond(features, y, x, margin=0.5)


def as_far_as_it_goes(features, y, x):
    return up_to_a_cell_beyond(features, y, x, margin=np.inf)


def draw_case(rng):
    """Whole and quarter numbers, whose quotients are exact however they are reckoned."""
    shape = tuple(int(n) for n in rng.integers(1, [6, 6, 3]))
    features = rng.integers(-9, 10, shape).astype(float)
    stride = float(rng.choice([1, 2, 4]))
    corner = rng.integers(-6, 16, (int(rng.integers(1, 4)), 2)) / 4
    extent = rng.integers(0, 20, corner.shape) / 4
    boxes = stride * np.concatenate([corner, corner + extent], axis=1)
    return features, boxes, *(int(n) for n in rng.integers(1, 3, 2)), stride


def ramp(rows, columns):
    """A map in which each number tells its place."""
    row, column = np.indices((rows, columns), float)
    return (10 * row + column)[..., None]


def box(*corners):
    return np.array([corners], float)


TWO_CHANNELS = np.concatenate([ramp(3, 4), -ramp(3, 4)], axis=-1)

roi_align = Exercise(
    reference=detectors.roi_align,
    chapter="22_detectors",
    task=(
        "Read the feature map inside each box on a regular grid, interpolating between cells, "
        "and average over the points of each bin."
    ),
    minutes=20,
    difficulty=3,
    points=5,
    cases=[
        Case("no boxes", (ramp(3, 4), np.zeros((0, 4)), 2)),
        Case("a box that is one cell", (ramp(3, 4), box(1, 1, 2, 2), 1, 1)),
        Case("a box on four cells, a bin each", (ramp(3, 4), box(1, 1, 3, 3), 2, 1)),
        Case("half-way between two columns", (ramp(3, 4), box(1.5, 1, 2.5, 2), 1, 1)),
        Case("half-way between two rows", (ramp(3, 4), box(1, 0.5, 2, 1.5), 1, 1)),
        Case("a quarter off, both ways", (ramp(3, 4), box(0.75, 1.25, 1.75, 2.25), 1, 1)),
        Case("wider than high", (ramp(3, 4), box(0, 1, 4, 2), 2, 1)),
        Case("higher than wide", (ramp(3, 4), box(1, 0, 2, 3), 2, 1)),
        Case("two points a bin each way", (ramp(3, 4) ** 2, box(1, 1, 3, 3), 1, 2)),
        Case("three points a bin each way", (ramp(4, 4) ** 2, box(0.75, 0.75, 3, 3), 1, 3)),
        Case("three bins each way", (ramp(4, 4) ** 2, box(0.75, 1, 3, 3.5), 3, 1)),
        Case("no sampling ratio given", (ramp(3, 4) ** 2, box(1, 0.5, 3, 2.5), 1)),
        Case("a stride of 4", (ramp(3, 4), box(4, 4, 12, 12), 2, 1, 4)),
        Case("a stride of 4, between cells", (ramp(3, 4) ** 2, box(3, 2, 13, 9), 2, 2, 4)),
        Case("a stride that is no whole number", (ramp(3, 4), box(2.5, 2.5, 5, 5), 1, 1, 2.5)),
        Case("two channels", (TWO_CHANNELS, box(1, 0.5, 3, 2.5), 2, 1)),
        Case("two boxes", (ramp(3, 4), np.array([[0, 0, 1, 1], [2, 1, 4, 3]]), 1, 1)),
        Case("a box without area", (ramp(3, 4), box(1.5, 1.5, 1.5, 1.5), 2)),
        Case("a map of one cell", (np.array([[[7.0]]]), box(0, 0, 1, 1), 2)),
        Case(
            "nearer to the border than the outermost middles",
            (ramp(3, 4) + 1, box(0, 0, 0.5, 0.5), 1, 1),
        ),
        Case("over the left border", (ramp(3, 4) + 1, box(-2, 1, 2, 2), 4, 1)),
        Case("over the upper border", (ramp(3, 4) + 1, box(1, -2, 2, 2), 4, 1)),
        Case("over the right border", (ramp(3, 4) + 1, box(2, 1, 6, 2), 4, 1)),
        Case("over the lower border", (ramp(3, 4) + 1, box(1, 1, 2, 5), 4, 1)),
        Case(
            "a cell to the left of the outermost middles",
            (ramp(3, 4) + 1, box(-1, 1, 0, 2), 1, 1),
        ),
        Case("a cell above the outermost middles", (ramp(3, 4) + 1, box(1, -1, 2, 0), 1, 1)),
        Case(
            "a cell to the right of the outermost middles",
            (ramp(3, 4) + 1, box(4, 1, 5, 2), 1, 1),
        ),
        Case("a cell below the outermost middles", (ramp(3, 4) + 1, box(1, 3, 2, 4), 1, 1)),
        Case("outside the map, to the left", (ramp(3, 4) + 1, box(-2.5, 1, -0.5, 2), 1, 1)),
        Case("outside the map, above", (ramp(3, 4) + 1, box(1, -2.5, 2, -0.5), 1, 1)),
        Case(
            "whole numbers",
            (np.arange(12).reshape(3, 4, 1), np.array([[0, 1, 3, 2]]), 2, 1),
        ),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "its shape is (boxes, bins, bins, channels)",
            lambda args, got: got.shape == (len(args[1]), args[2], args[2], args[0].shape[2]),
        ),
        Property(
            "no value is farther from 0 than the farthest of the map",
            lambda args, got: np.abs(got).max(initial=0) <= np.abs(args[0]).max() + 1e-6,
        ),
    ],
    hints=(
        "Three steps: where are the points of all bins along x and along y? In cells, where is "
        "that? What does the map hold there, between four middles? Draw a row of two cells with a "
        "stride of 4: at which x are their middles?",
        "Over the whole box lie n = output_size · sampling_ratio points each way, at the shares "
        "(i + 0.5) / n of its width. x / stride - 0.5 counts from the middle of cell 0. Remember "
        "which points lie more than a cell beyond the outermost middles, and clip; then `np.floor` "
        "is the cell to the left, and what is left over is the weight of the one to the right.",
        "`x1, y1, x2, y2 = boxes.T[:, :, None] / stride - 0.5`, `x = x1 + share * (x2 - x1)`; "
        "with `left`, `right`, `top`, `bottom` and the weights `across` and `down`, "
        "`features[top[:, :, None], left[:, None, :]] * (1 - across) + features[top[:, :, None], "
        "right[:, None, :]] * across` is the upper row; the lower one in the same way; mix them "
        "by `down`. In the end `values.reshape(n, size, ratio, size, ratio, "
        "channels).mean(axis=(2, 4))`.",
    ),
    misconceptions=[
        Misconception(
            "it rounds the box to whole cells",
            rounded_to_cells,
            "So did RoIPool. At a stride of 16 that moves a box by up to 8 pixels, and masks and "
            "small boxes suffer: not to round is what RoIAlign is for.",
        ),
        Misconception(
            "it rounds the box outwards",
            rounded_outwards,
            "All cells that the box touches are not the box. Points between cells are "
            "interpolated.",
        ),
        Misconception(
            "it takes the value of the nearest cell",
            variant(read=number_for_each),
            "That rounds, too, only later. Interpolate between the four nearest middles.",
        ),
        Misconception(
            "it is half a cell off",
            variant(half=0.0),
            "So was the first RoIAlign (`aligned=False` in torchvision). The middle of cell 0 lies "
            "at 0.5 of the map: subtract it.",
        ),
        Misconception(
            "it adds the half cell",
            variant(half=-0.5),
            "The middle of cell 0 lies at 0.5 of the map and has the index 0: subtract 0.5.",
        ),
        Misconception(
            "it subtracts half a pixel of the image, not half a cell",
            half_a_pixel,
            "First divide by the stride, then subtract 0.5.",
        ),
        Misconception(
            "it samples at the bins' upper left corners",
            variant(places=from_the_bins_corner),
            "Each point lies in the middle of its part: (i + 0.5) / n.",
        ),
        Misconception(
            "its outermost points lie on the box's sides",
            variant(places=from_side_to_side),
            "`np.linspace(0, 1, n)` reaches from side to side. Each point lies in the middle of "
            "its part: (i + 0.5) / n.",
        ),
        Misconception(
            "it takes the largest in each bin",
            variant(reduce=np.max),
            "RoIPool does so. RoIAlign takes the mean over the bin's points.",
        ),
        Misconception(
            "it takes the sum in each bin",
            variant(reduce=np.sum),
            "Then the values grow with the number of points. The mean.",
        ),
        Misconception(
            "it reads one point a bin",
            ratio_forgotten,
            "`sampling_ratio` has no influence: of a large bin only the middle is seen.",
        ),
        Misconception(
            "it always reads two points a bin each way",
            always_two,
            "That is the default only: use `sampling_ratio`.",
        ),
        Misconception(
            "it forgets the stride",
            stride_forgotten,
            "Boxes are in pixels of the image, and the map is smaller: divide by the stride.",
        ),
        Misconception(
            "it multiplies by the stride",
            stride_multiplied,
            "A cell is `stride` pixels wide, so pixels divided by the stride are cells. "
            "torchvision's `spatial_scale` is 1 / stride.",
        ),
        Misconception(
            "it takes x for the row",
            row_for_x,
            "Arrays count rows first, boxes x first: `features[y, x]`.",
        ),
        Misconception(
            "its bins are turned round",
            transposed,
            "(boxes, rows, columns, channels): y before x, as in the map.",
        ),
        Misconception(
            "it exchanges width and height",
            sides_exchanged,
            "x2 - x1 is the width, along the columns; y2 - y1 is the height.",
        ),
        Misconception(
            "it takes x2 and y2 for width and height",
            corner_and_size,
            "COCO's files hold (x, y, width, height). Here a box is (x1, y1, x2, y2).",
        ),
        Misconception(
            "it cuts the box off at the map's border",
            cut_at_the_border,
            "Then its bins are other ones. The box stays; a point beyond the border is treated as "
            "the docstring says.",
        ),
        Misconception(
            "nothing lies beyond the outermost middles",
            variant(read=nothing_beyond_the_middles),
            "Half of each border cell lies beyond its middle. There, and up to a cell beyond, the "
            "border's value holds.",
        ),
        Misconception(
            "nothing lies beyond the map",
            variant(read=half_a_cell_beyond),
            "A sensible rule, but not the one that weights are trained with: up to a whole cell "
            "beyond the outermost middles the border's value holds.",
        ),
        Misconception(
            "the border's value holds for ever",
            variant(read=as_far_as_it_goes),
            "More than one cell beyond the outermost middles it is 0.",
        ),
        Misconception(
            "it fades out beyond the border",
            variant(read=into_zeros),
            "As `grid_sample` with its zeros does. Here the border's value holds up to one cell "
            "beyond the outermost middles, and then it is 0 at once.",
        ),
        Misconception(
            "the channels come first",
            channels_first,
            "That is PyTorch's layout. Here they come last.",
        ),
    ],
)
