"""What moves before a camera that stands still: a detector that nobody has to train.

The empty scene is the median of the frames; what differs from it is foreground; what hangs
together and is large enough is a box. It knows nothing of people: whoever touches another in the
picture shares a box with him, and whoever stands still for most of the video is background.

>>> import numpy as np
>>> from helpers import foreground
>>> frames = np.full((5, 40, 60, 3), 90, np.uint8)
>>> for number, frame in enumerate(frames):
...     frame[10:30, 10 * number : 10 * number + 8] = 200  # someone crosses
>>> masks = foreground.masks(frames, foreground.background(frames))
>>> foreground.boxes(masks[2], min_area=50)
(array([[20., 10., 28., 30.]]), array([1.]))
"""

from helpers.foreground.subtraction import background, boxes, masks

__all__ = ["background", "boxes", "masks"]
