"""Exercise of chapter 22: the boxes from which predictions start."""

import numpy as np

from helpers import boxes
from helpers.course.exercise import Case, Exercise, Misconception, Property


def centers_of(feature_size, stride, offset=0.5):
    """x, y of each cell, row by row, (cells, 1, 2)."""
    y, x = np.indices(feature_size) + offset
    return stride * np.stack([x, y], axis=-1).reshape(-1, 1, 2)


def extents_of(sizes, aspect_ratios):
    """Width, height, size by size, (shapes, 2)."""
    root = np.sqrt(np.array(aspect_ratios, float))
    size = np.array(sizes, float)[:, None]
    return np.stack([size / root, size * root], axis=-1).reshape(-1, 2)


def around(centers, extents):
    corners = [centers - extents / 2, centers + extents / 2]
    return np.concatenate(corners, axis=-1).reshape(-1, 4)


def on_the_corners(feature_size, stride, sizes, aspect_ratios):
    centers = centers_of(feature_size, stride, offset=0)
    return around(centers, extents_of(sizes, aspect_ratios))


def half_a_pixel(feature_size, stride, sizes, aspect_ratios):
    centers = centers_of(feature_size, stride, offset=0) + 0.5
    return around(centers, extents_of(sizes, aspect_ratios))


def width_by_height(feature_size, stride, sizes, aspect_ratios):
    extents = extents_of(sizes, aspect_ratios)[:, ::-1]
    return around(centers_of(feature_size, stride), extents)


def without_the_root(feature_size, stride, sizes, aspect_ratios):
    extents = extents_of(sizes, np.square(aspect_ratios))
    return around(centers_of(feature_size, stride), extents)


def height_alone(feature_size, stride, sizes, aspect_ratios):
    ratio, size = np.array(aspect_ratios, float), np.array(sizes, float)[:, None]
    extents = np.stack(np.broadcast_arrays(size, size * ratio), axis=-1).reshape(-1, 2)
    return around(centers_of(feature_size, stride), extents)


def sizes_as_areas(feature_size, stride, sizes, aspect_ratios):
    extents = extents_of(np.sqrt(sizes), aspect_ratios)
    return around(centers_of(feature_size, stride), extents)


def sizes_in_cells(feature_size, stride, sizes, aspect_ratios):
    extents = stride * extents_of(sizes, aspect_ratios)
    return around(centers_of(feature_size, stride), extents)


def in_cells(feature_size, stride, sizes, aspect_ratios):
    return around(centers_of(feature_size, 1), extents_of(sizes, aspect_ratios))


def twice_as_large(feature_size, stride, sizes, aspect_ratios):
    return around(centers_of(feature_size, stride), 2 * extents_of(sizes, aspect_ratios))


def from_the_corner(feature_size, stride, sizes, aspect_ratios):
    extents = extents_of(sizes, aspect_ratios)
    return around(centers_of(feature_size, stride) + extents / 2, extents)


def center_and_size(feature_size, stride, sizes, aspect_ratios):
    low, high = np.split(boxes.anchors(feature_size, stride, sizes, aspect_ratios), 2, axis=1)
    return np.concatenate([(low + high) / 2, high - low], axis=1)


def y_first(feature_size, stride, sizes, aspect_ratios):
    return boxes.anchors(feature_size, stride, sizes, aspect_ratios)[:, [1, 0, 3, 2]]


def x_and_y_exchanged(feature_size, stride, sizes, aspect_ratios):
    centers = centers_of(feature_size, stride)[..., ::-1]
    return around(centers, extents_of(sizes, aspect_ratios))


def column_by_column(feature_size, stride, sizes, aspect_ratios):
    centers = centers_of(feature_size, stride).reshape(*feature_size, 1, 2)
    centers = centers.swapaxes(0, 1).reshape(-1, 1, 2)
    return around(centers, extents_of(sizes, aspect_ratios))


def columns_before_rows(feature_size, stride, sizes, aspect_ratios):
    return boxes.anchors(feature_size[::-1], stride, sizes, aspect_ratios)


def ratio_by_ratio(feature_size, stride, sizes, aspect_ratios):
    extents = extents_of(sizes, aspect_ratios).reshape(len(sizes), -1, 2)
    return around(centers_of(feature_size, stride), extents.swapaxes(0, 1).reshape(-1, 2))


def shape_by_shape(feature_size, stride, sizes, aspect_ratios):
    cells = centers_of(feature_size, stride).swapaxes(0, 1)
    return around(cells, extents_of(sizes, aspect_ratios)[:, None])


def with_their_axes(feature_size, stride, sizes, aspect_ratios):
    found = boxes.anchors(feature_size, stride, sizes, aspect_ratios)
    return found.reshape(*feature_size, -1, 4)


def size_with_its_ratio(feature_size, stride, sizes, aspect_ratios):
    root, size = np.sqrt(np.array(aspect_ratios, float)), np.array(sizes, float)
    extents = np.stack([size / root, size * root], axis=-1)
    return around(centers_of(feature_size, stride), extents)


def whole_pixels(feature_size, stride, sizes, aspect_ratios):
    return np.round(boxes.anchors(feature_size, stride, sizes, aspect_ratios))


def cut_at_the_border(feature_size, stride, sizes, aspect_ratios):
    rows, columns = feature_size
    corner = stride * np.array([columns, rows, columns, rows])
    return np.clip(boxes.anchors(feature_size, stride, sizes, aspect_ratios), 0, corner)


def draw_case(rng):
    feature_size = tuple(int(n) for n in rng.integers(1, 4, 2))
    sizes = rng.permutation([3, 4, 8, 10, 16, 32])[: rng.integers(1, 4)].tolist()
    ratios = rng.permutation([0.25, 0.5, 1, 2, 3, 4])[: rng.integers(1, 4)].tolist()
    return feature_size, float(rng.choice([2.5, 4, 8, 16])), sizes, ratios


def area_is_the_sizes(args, got):
    extent = got[:, 2:] - got[:, :2]
    size = np.tile(np.repeat(args[2], len(args[3])), args[0][0] * args[0][1])
    return np.allclose(extent.prod(axis=1), size**2)


anchors = Exercise(
    reference=boxes.anchors,
    chapter="22_detectors",
    task=(
        "Return the anchors of a feature map: in each cell one for every size and aspect ratio, "
        "centred in it."
    ),
    minutes=8,
    difficulty=1,
    points=2,
    cases=[
        Case("one cell, one square that fills it", ((1, 1), 8, [8], [1])),
        Case("one cell, higher than wide", ((1, 1), 8, [8], [4])),
        Case("one cell, wider than high", ((1, 1), 8, [8], [0.25])),
        Case("larger than its cell", ((1, 1), 4, [16], [1])),
        Case("smaller than its cell", ((1, 1), 16, [4], [1])),
        Case("two sizes", ((1, 1), 8, [4, 16], [1])),
        Case("two ratios", ((1, 1), 8, [8], [1, 4])),
        Case("two sizes, each in two ratios", ((1, 1), 8, [4, 16], [1, 4])),
        Case("two sizes, each in three ratios", ((1, 1), 8, [4, 16], [0.5, 1, 2])),
        Case("two columns", ((1, 2), 8, [8], [1])),
        Case("two rows", ((2, 1), 8, [8], [1])),
        Case("two rows of three", ((2, 3), 8, [8], [1])),
        Case("two cells, two shapes", ((1, 2), 8, [8], [1, 4])),
        Case("sides that are no whole pixels", ((1, 1), 5, [8], [2])),
        Case("a stride that is no whole number", ((2, 2), 2.5, [3], [1])),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "there is one for each cell, size and ratio",
            lambda args, got: (
                got.shape == (args[0][0] * args[0][1] * len(args[2]) * len(args[3]), 4)
            ),
        ),
        Property(
            "no x2 or y2 is below its x1 or y1",
            lambda args, got: bool((got[:, 2:] >= got[:, :2]).all()),
        ),
        Property("the area of each is its size squared", area_is_the_sizes),
    ],
    hints=(
        "Two questions that have nothing to do with each other: where are the cells' middles, "
        "and how wide and high are the shapes? Then every middle meets every shape.",
        "A width w and a height h with h / w = ratio and w · h = size² are size / √ratio and "
        "size · √ratio. The middle of the cell in row r and column c is "
        "(stride · (c + 0.5), stride · (r + 0.5)). Broadcasting (cells, 1, 2) with (shapes, 2) "
        "gives the order that is asked for.",
        "`extent = np.stack([size / root, size * root], axis=-1).reshape(-1, 2)` with "
        "`size = np.array(sizes)[:, None]`; `y, x = np.meshgrid(np.arange(rows) + 0.5, "
        'np.arange(columns) + 0.5, indexing="ij")`; `center = stride * np.stack([x, y], '
        "axis=-1).reshape(-1, 1, 2)`; join `center - extent / 2` and `center + extent / 2` along "
        "the last axis, and `reshape(-1, 4)`.",
    ),
    misconceptions=[
        Misconception(
            "it centres them on the cells' upper left corners",
            on_the_corners,
            "So does torchvision. Here a cell covers `stride` pixels, and its middle is half a "
            "stride further right and down: `np.arange(columns) + 0.5`.",
        ),
        Misconception(
            "it moves them by half a pixel, not by half a cell",
            half_a_pixel,
            "The 0.5 belongs inside the brackets: stride · (column + 0.5). Half a cell is half a "
            "stride.",
        ),
        Misconception(
            "it takes the ratio for width divided by height",
            width_by_height,
            "The docstring has height divided by width: a ratio of 4 is a standing person, not a "
            "bus. Both are in use, so read which.",
        ),
        Misconception(
            "it takes no root of the ratio",
            without_the_root,
            "With size / ratio and size · ratio the area is right, but the height is ratio² times "
            "the width.",
        ),
        Misconception(
            "it changes the height alone",
            height_alone,
            "Then the area grows with the ratio. All shapes of one size have one area, so the "
            "width must shrink as the height grows.",
        ),
        Misconception(
            "it takes the sizes for areas",
            sizes_as_areas,
            "A size is the *root* of the area: a square of size 8 is 8 pixels wide.",
        ),
        Misconception(
            "it counts the sizes in cells",
            sizes_in_cells,
            "That is the `scales` of some libraries. These sizes are pixels already: the stride "
            "does not touch them.",
        ),
        Misconception(
            "it counts the cells, not the pixels",
            in_cells,
            "`stride` has no influence: neighbouring anchors are one pixel apart. Multiply the "
            "middles by it.",
        ),
        Misconception(
            "its boxes are twice as wide and high",
            twice_as_large,
            "From the middle it is half the width to either side.",
        ),
        Misconception(
            "it begins the boxes in the middles of the cells",
            from_the_corner,
            "The middle of the cell is the middle of the box, not its x1 and y1.",
        ),
        Misconception(
            "it returns centres and sizes",
            center_and_size,
            "Detectors reckon with (x, y, width, height) inside; the docstring asks for corners.",
        ),
        Misconception(
            "y comes before x",
            y_first,
            "Arrays count rows first, boxes x first: x1, y1, x2, y2.",
        ),
        Misconception(
            "it takes the row for x",
            x_and_y_exchanged,
            "x goes to the right, along the columns. In a square map nobody notices at first: the "
            "anchors are all there, in another order.",
        ),
        Misconception(
            "it goes column by column",
            column_by_column,
            '`np.meshgrid` gives (columns, rows) with `indexing="ij"` when x comes first. The '
            "network's outputs, once flattened, go row by row.",
        ),
        Misconception(
            "it takes the columns for the rows",
            columns_before_rows,
            "`feature_size` is rows, columns, as an array's shape: height before width.",
        ),
        Misconception(
            "it goes ratio by ratio, then size by size",
            ratio_by_ratio,
            "The right shapes in another order. Each number that the network predicts belongs to "
            "one of them, so the order is part of the contract.",
        ),
        Misconception(
            "it goes through all cells, then to the next shape",
            shape_by_shape,
            "The right anchors in another order: all shapes of a cell stand together. Give the "
            "middles the axis of length 1, (cells, 1, 2), not the shapes.",
        ),
        Misconception(
            "it keeps an axis for rows and one for columns",
            with_their_axes,
            "One row for each anchor is asked for: `reshape(-1, 4)`.",
        ),
        Misconception(
            "it pairs the first size with the first ratio",
            size_with_its_ratio,
            "Every size comes in every ratio. Give the sizes an axis more, `sizes[:, None]`.",
        ),
        Misconception(
            "it rounds to whole pixels",
            whole_pixels,
            "So does torchvision. Boxes have continuous coordinates, and nothing here needs whole "
            "ones.",
        ),
        Misconception(
            "it cuts them off at the image's border",
            cut_at_the_border,
            "Then those at the border lose their shapes. What is predicted is cut off later, if "
            "at all.",
        ),
    ],
    equivalent_mutants={
        # Of the axes in the same lines, -2 for -1 does not survive.
        "line 36: 1 -> 2": "`reshape` takes every negative length for the one to work out.",
        "line 39: 1 -> 2": "`reshape` takes every negative length for the one to work out.",
        "line 41: 1 -> 2": "`reshape` takes every negative length for the one to work out.",
    },
)
