"""Find the same picture again, also in another size or compression: a hash, and a distance."""

from typing import Any

import numpy as np

from helpers import validate


def difference_hash(frames: np.ndarray) -> np.ndarray:
    """A fingerprint of 64 bits for each frame: where the picture grows brighter to the right.

    This is dHash, after Neal Krawetz, "Kind of Like That", 2013.

    Args:
        frames: uint8, (num_frames, height, width, channels), with 1 or 3 channels, of any size.

    Returns:
        bool, (num_frames, 64). Grey is the mean of the channels. The picture is cut into 8 rows
        of 9 cells of equal size, and each cell holds the mean grey of its area; a pixel that
        lies in two cells counts in each by the part of it that lies there. A bit is True where
        a cell is darker than its right neighbour, and False where they are equal: 8 bits a row,
        from the left to the right, the top row first. Nothing is rounded to whole numbers.

    Raises:
        TypeError, ValueError: when `frames` is not as described.

    >>> ramp = np.arange(9, dtype=np.uint8).reshape(1, 1, 9, 1)  # brighter to the right
    >>> difference_hash(np.concatenate([ramp, ramp[:, :, ::-1]])).sum(axis=1)
    array([64,  0])
    """
    validate.clip(frames=frames)
    num_frames, height, width, _ = frames.shape
    # Sums in place of means, whole numbers all the way: a rounding could tip a bit.
    grey = frames.sum(axis=3, dtype=np.uint16)  # (num_frames, height, width)
    # With every pixel 8 times below itself, and then 9 times beside itself, the borders of the
    # cells lie between pixels, whatever the size.
    rows = grey.repeat(8, axis=1).reshape(num_frames, 8, height, width).sum(axis=2)
    cells = rows.repeat(9, axis=2).reshape(num_frames, 8, 9, width).sum(axis=3)
    return (cells[:, :, :8] < cells[:, :, 1:]).reshape(num_frames, 64)


def hash_distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """In how many bits each hash differs from each other one.

    Args:
        a: bool, (n, 64), as from `difference_hash`. There may be none.
        b: bool, (m, 64), likewise.

    Returns:
        int64, (n, m), from 0 to 64: entry [i, j] compares `a[i]` and `b[j]`.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> hashes = np.zeros((3, 64), bool)
    >>> hashes[1, :5] = hashes[2] = True
    >>> hash_distances(hashes, hashes)
    array([[ 0,  5, 64],
           [ 5,  0, 59],
           [64, 59,  0]])
    """
    _hashes(a=a, b=b)
    # With -1 for False and 1 for True, a product counts equal bits minus different ones.
    # float32, which is exact here, is far faster than whole numbers.
    signs_a, signs_b = (np.where(hashes, np.float32(1), np.float32(-1)) for hashes in (a, b))
    return (64 - (signs_a @ signs_b.T).astype(np.int64)) // 2


def _hashes(**values: Any) -> None:
    for name, value in values.items():
        if not isinstance(value, np.ndarray) or value.dtype != np.bool_:
            found = value.dtype if isinstance(value, np.ndarray) else type(value).__name__
            raise TypeError(
                f"{name} is {found}, but it must be an array of booleans: pass what "
                "difference_hash returns."
            )
        if value.ndim != 2 or value.shape[1] != 64:
            raise ValueError(
                f"{name} has the shape {value.shape}, but it must be (n, 64), a row for each "
                f"hash: for a single one, pass {name}[np.newaxis]."
            )
