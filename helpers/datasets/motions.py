"""The motions that objects make: where each of them is, and how it is turned, at any time."""

from dataclasses import dataclass

import numpy as np

MOTIONS: tuple[str, ...] = (
    "left",
    "right",
    "up",
    "down",
    "clockwise",
    "anticlockwise",
    "accelerating",
    "braking",
    "there and back",
    "shuffled",
)
"""The ten classes of the motion task, in the order of their labels."""

REVERSED: tuple[int, ...] = (1, 0, 3, 2, 5, 4, 7, 6, 8, 9)
"""For each label of the motion task, the label of the same clip played backwards."""

ALL_MOTIONS: tuple[str, ...] = (*MOTIONS, "free")

# x to the right and y down, as in pictures.
_DIRECTIONS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
TURNS = {"clockwise": 1, "anticlockwise": -1}
STEADY: tuple[str, ...] = (*_DIRECTIONS, *TURNS, "free")  # two frames show which one it is
_STRAIGHT = ("left", "right", "up", "down", "accelerating", "braking", "there and back")

# Pixels and radians from one frame to the next. Far enough apart that no clip of one class can
# be taken for one of another: where the speed changes, the fastest of five steps or more is at
# least four times the slowest.
_STEADY_SPEED = (1.2, 2.4)
_SLOW_SPEED = (0.0, 0.4)
_FAST_SPEED = (3.2, 4.0)
_SPIN = (0.2, 0.45)
_FREE_SPEED = (0.5, 2.0)

NUM_DRAWS = 8  # the random numbers in [0, 1) that one object's path takes


@dataclass(frozen=True)
class Paths:
    """The paths of a batch of objects; every array but the last two: (clips, objects)."""

    start: np.ndarray  # (clips, objects, 2): x and y at time 0, before any wall or border
    direction: np.ndarray  # (clips, objects, 2), unit vectors
    speed: np.ndarray  # at time 0, pixels a frame
    acceleration: np.ndarray  # pixels a frame, each frame
    returns: np.ndarray  # bool: there and back
    angle: np.ndarray  # at time 0, radians, clockwise on the screen
    spin: np.ndarray  # radians a frame
    margin: np.ndarray  # how close the centre gets to a wall; NaN: no walls, it wraps round
    time: np.ndarray  # (clips, frames): the moment that each frame shows
    last: int  # the time of the last frame when nothing is shuffled

    def poses(self, size: int, delay: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
        """Return centres (clips, frames, objects, 2) and angles (clips, frames, objects).

        `delay`, a part of a frame, looks a little before or after each frame's moment.
        """
        time = self.time[:, :, np.newaxis] + delay  # (clips, frames, 1)
        there = np.where(self.returns[:, np.newaxis], np.minimum(time, self.last - time), time)
        speed, acceleration = self.speed[:, np.newaxis], self.acceleration[:, np.newaxis]
        distance = speed * there + acceleration / 2 * there**2  # (clips, frames, objects)
        center = (
            self.start[:, np.newaxis]
            + distance[..., np.newaxis] * self.direction[:, np.newaxis]
        )
        margin = self.margin[:, np.newaxis, :, np.newaxis]
        center = np.where(np.isnan(margin), center % size, _bounced(center, margin, size))
        return center, self.angle[:, np.newaxis] + self.spin[:, np.newaxis] * time


def draw_paths(
    motion: np.ndarray,
    radius: np.ndarray,
    draws: np.ndarray,
    orders: np.ndarray,
    size: int,
) -> Paths:
    """Make random numbers into paths.

    Where a path starts and how its object is turned does not depend on the motion, and both are
    spread evenly over a frame whose borders are joined. Adding a distance or an angle leaves
    them spread evenly, so each single frame looks alike under all motions but "free".

    Args:
        motion: (clips,), the names of the motions.
        radius: (clips, objects), of the circle round each object.
        draws: (clips, objects, NUM_DRAWS), in [0, 1).
        orders: (clips, candidates, frames), in [0, 1): random orders to shuffle frames by.
        size: of the frames, which are square.
    """
    num_clips, num_frames = len(motion), orders.shape[-1]
    last = num_frames - 1
    x, y, angle, steady, slow, fast, turn, way = np.moveaxis(draws, -1, 0)
    names = np.broadcast_to(motion[:, np.newaxis], radius.shape)

    # A shuffled clip is one of the straight ones with its frames in another order.
    shuffled = names == "shuffled"
    names = np.where(shuffled, np.asarray(_STRAIGHT)[(turn * 7).astype(int)], names)
    free = names == "free"
    angle = np.where(free, 0, 2 * np.pi * angle)
    margin = np.where(free, radius, np.nan)
    start = np.stack([x, y], axis=-1) * size
    inside = radius[..., np.newaxis]
    start = np.where(free[..., np.newaxis], inside + start * (1 - 2 * inside / size), start)

    direction = np.asarray(list(_DIRECTIONS.values()))[(way * 4).astype(int)].astype(float)
    for name, vector in _DIRECTIONS.items():
        direction[names == name] = vector
    heading = 2 * np.pi * way[free]
    direction[free] = np.stack([np.cos(heading), np.sin(heading)], axis=-1)

    low, high = between(_SLOW_SPEED, slow), between(_FAST_SPEED, fast)
    speed = between(_STEADY_SPEED, steady)
    speed = np.where(names == "accelerating", low, np.where(names == "braking", high, speed))
    speed = np.where(free, between(_FREE_SPEED, steady), speed)
    change = (high - low) / max(last, 1)
    sign = (names == "accelerating").astype(float) - (names == "braking")

    spin = np.zeros(radius.shape)
    for name, sense in TURNS.items():
        spin += sense * between(_SPIN, turn) * (names == name)
        speed = np.where(names == name, 0, speed)

    time = np.broadcast_to(np.arange(num_frames, dtype=float), (num_clips, num_frames))
    time = np.where((motion == "shuffled")[:, np.newaxis], _most_mixed(orders), time)
    return Paths(
        start=start,
        direction=direction,
        speed=speed,
        acceleration=sign * change,
        returns=names == "there and back",
        angle=angle,
        spin=spin,
        margin=margin,
        time=time,
        last=last,
    )


def between(limits: tuple[float, float], draw: np.ndarray) -> np.ndarray:
    """Stretch draws in [0, 1) to the limits."""
    low, high = limits
    return low + (high - low) * draw


def _bounced(center: np.ndarray, margin: np.ndarray, size: int) -> np.ndarray:
    """Fold a straight path between two walls: to and fro."""
    width = size - 2 * margin
    phase = (center - margin) % (2 * width)
    return margin + np.minimum(phase, 2 * width - phase)


def _most_mixed(orders: np.ndarray) -> np.ndarray:
    """Of each clip's candidates, the order in which the fewest neighbours stay neighbours."""
    permutations = np.argsort(orders, axis=-1)  # (clips, candidates, frames)
    kept = (np.abs(np.diff(permutations, axis=-1)) == 1).sum(axis=-1)
    best = kept.argmin(axis=-1)
    return permutations[np.arange(len(permutations)), best]
