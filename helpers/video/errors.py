"""The one error of `helpers.video`."""


class VideoError(ValueError):
    """A video that cannot be read, written or shown. The message names file and remedy."""
