"""When a track is shown, and when it is given up."""

from dataclasses import dataclass

import numpy as np

from helpers import validate


def life_cycle(matched: np.ndarray, max_age: int, min_hits: int) -> np.ndarray:
    """What a track is in each frame, from the frame on in which a detection started it.

    - "confirmed": a detection was found, and in each of the `min_hits` - 1 frames before, too. The
      detection that started the track does not count, so that a new track is confirmed in its
      frame `min_hits`, when the first is 0.
    - "tentative": a detection was found, but not so often in a row yet.
    - "lost": none was found, in this and up to `max_age` - 1 frames before.
    - "deleted": none was found in more than `max_age` frames in a row. It stays deleted, whatever
      comes.

    So in SORT (Bewley et al., ICIP 2016), which shows the confirmed tracks only. After a frame
    without a detection a track has to be confirmed again.

    Args:
        matched: booleans, (frames,): whether a detection was found. The first is True.
        max_age: for how many frames in a row a track is kept without, 0 or more.
        min_hits: 0 or more.

    Returns:
        Text, (frames,).

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> matched = np.array([1, 1, 1, 0, 1, 0, 0, 1], bool)
    >>> print(*life_cycle(matched, max_age=1, min_hits=2))
    tentative tentative confirmed lost tentative lost deleted deleted
    """
    validate.fate(matched, max_age, min_hits)
    states = []
    hits = -1  # in a row; the first detection does not count
    misses = 0  # in a row
    for is_matched in matched:
        if misses > max_age:
            states.append("deleted")
        elif is_matched:
            hits, misses = hits + 1, 0
            states.append("confirmed" if hits >= min_hits else "tentative")
        else:
            hits, misses = 0, misses + 1
            states.append("lost" if misses <= max_age else "deleted")
    return np.array(states)


@dataclass
class Life:
    """The same as `life_cycle`, frame by frame: made in the frame that starts a track.

    >>> life = Life(max_age=1, min_hits=2)
    >>> life.state
    'tentative'
    >>> for is_matched in (True, True, False, False):
    ...     life.step(is_matched)
    ...     print(life.state)
    tentative
    confirmed
    lost
    deleted
    """

    max_age: int
    min_hits: int
    hits: int = 0
    misses: int = 0

    def step(self, is_matched: bool) -> None:
        """One more frame, with a detection or without."""
        self.hits = self.hits + 1 if is_matched else 0
        self.misses = 0 if is_matched else self.misses + 1

    @property
    def state(self) -> str:
        """As `life_cycle` names it."""
        if self.misses:
            return "lost" if self.misses <= self.max_age else "deleted"
        return "confirmed" if self.hits >= self.min_hits else "tentative"
