"""The losses of detectors: for classes of which nearly all are background, and for boxes."""

from typing import Any

from helpers import validate
from helpers.lazy import keras


def focal_loss(logits: Any, targets: Any, alpha: float = 0.25, gamma: float = 2.0) -> Any:
    """The binary cross-entropy, less where the prediction is right already.

    With p the probability that is given to the truth, it is -w (1 - p)**gamma log(p), where w
    is alpha for targets of 1 and 1 - alpha for targets of 0 (Lin et al., ICCV 2017). With gamma
    0 and alpha 0.5 it is half of the cross-entropy.

    Args:
        logits: floats, of any shape: predictions before the sigmoid.
        targets: 0 or 1, in the same shape.
        alpha: the weight of targets of 1, from 0 to 1.
        gamma: 0 or more.

    Returns:
        float32, one value for each logit, not summed; finite for every finite logit. Equal to
        `keras.losses.BinaryFocalCrossentropy` with `apply_class_balancing` where that does not
        clip its probabilities.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> import numpy as np
    >>> focal_loss(np.array([0.0, 0.0, 90.0, -90.0]), np.array([1, 0, 1, 1])).numpy().round(3)
    array([ 0.043,  0.13 ,  0.   , 22.5  ], dtype=float32)
    """
    validate.same_shapes(logits=logits, targets=targets)
    validate.fraction(alpha=alpha)
    validate.non_negative(gamma=gamma)
    logits = keras.ops.cast(logits, "float32")
    sign = 2 * keras.ops.cast(targets, "float32") - 1
    # p is sigmoid(margin). Both log(p) and log(1 - p) as softplus never take the logarithm of 0.
    margin = sign * logits
    weight = 0.5 + sign * (alpha - 0.5)
    hardness = keras.ops.exp(-gamma * keras.ops.softplus(margin))  # (1 - p)**gamma
    return weight * hardness * keras.ops.softplus(-margin)


def giou_loss(predicted: Any, target: Any) -> Any:
    """1 less the generalised IoU of each predicted box with its own target.

    Args:
        predicted: floats, (..., 4): x1, y1, x2, y2, x2 not below x1 and y2 not below y1.
        target: in the same way, in the same shape.

    Returns:
        float32, (...), from 0 to 2; 1 where the hull of the two is empty. The GIoU is that of
        `boxes.generalized_iou` (Rezatofighi et al., CVPR 2019).

    Raises:
        ValueError: when the shapes differ or do not end in 4.

    >>> import numpy as np
    >>> target = np.array([[0, 0, 1, 1], [3, 0, 4, 1]])
    >>> giou_loss(np.array([[0, 0, 1, 1], [0, 0, 1, 1]]), target).numpy()
    array([0. , 1.5], dtype=float32)
    """
    validate.same_shapes(predicted=predicted, target=target)
    validate.last_axis(4, predicted=predicted)
    predicted = keras.ops.cast(predicted, "float32")
    target = keras.ops.cast(target, "float32")
    low, high = predicted[..., :2], predicted[..., 2:]
    target_low, target_high = target[..., :2], target[..., 2:]
    area = keras.ops.prod(high - low, axis=-1)
    target_area = keras.ops.prod(target_high - target_low, axis=-1)
    shared = keras.ops.minimum(high, target_high) - keras.ops.maximum(low, target_low)
    # Both sides are negative for boxes apart in x and in y: their product would be positive.
    intersection = keras.ops.prod(keras.ops.relu(shared), axis=-1)
    union = area + target_area - intersection
    hull = keras.ops.prod(
        keras.ops.maximum(high, target_high) - keras.ops.minimum(low, target_low), axis=-1
    )
    iou = keras.ops.divide_no_nan(intersection, union)
    return 1 - iou + keras.ops.divide_no_nan(hull - union, hull)


def smooth_l1(difference: Any) -> Any:
    """Half the square up to 1, and straight beyond it: the boxes' loss of Fast R-CNN.

    Args:
        difference: floats, of any shape: predicted less wanted.

    Returns:
        float32, one value for each: Huber's loss with delta 1 (Girshick, ICCV 2015).

    >>> import numpy as np
    >>> smooth_l1(np.array([-3.0, 0.0, 0.5])).numpy()
    array([2.5  , 0.   , 0.125], dtype=float32)
    """
    size = keras.ops.abs(keras.ops.cast(difference, "float32"))
    return keras.ops.where(size < 1, size**2 / 2, size - 0.5)
