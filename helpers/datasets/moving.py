"""Clips of moving objects, made in blocks: many clips at once, and few enough for the cache."""

from dataclasses import dataclass, replace

import numpy as np

from helpers import validate
from helpers.datasets.clips import Clips
from helpers.datasets.motions import ALL_MOTIONS, NUM_DRAWS, STEADY, Paths, draw_paths
from helpers.datasets.rendering import Scene, add_sensor_noise, render

_BLOCK_VALUES = 2**20  # pixels in a block of clips, which shares a stream of random numbers
_NUM_ORDERS = 8  # of which a shuffled clip takes the most mixed
_NUM_EXPOSURES = 5  # moments that a blurred frame is averaged from
_DARK, _BRIGHT = (24, 72), (152, 232)  # grey levels of the background, and of all in front


@dataclass(frozen=True)
class Knobs:
    """What the user of `moving_shapes` and `moving_digits` can set; see there."""

    num_frames: int
    size: int
    num_objects: int
    channels: int
    motions: tuple[str, ...]
    object_size: tuple[float, float]
    noise: float
    motion_blur: float
    occluder: int
    smallest_object: int

    def __post_init__(self) -> None:
        validate.positive_int(
            num_frames=self.num_frames, size=self.size, num_objects=self.num_objects
        )
        validate.within(max(16, self.smallest_object + 4), 512, size=self.size)
        validate.options((1, 3), channels=(self.channels,))
        validate.options(ALL_MOTIONS, motions=self.motions)
        fewest = 2 if set(self.motions) <= set(STEADY) else 6
        validate.within(fewest, 512, num_frames=self.num_frames)
        validate.low_and_high(object_size=self.object_size)
        validate.within(self.smallest_object, self.size - 4, object_size=self.object_size)
        validate.non_negative(noise=self.noise)
        validate.within(0, 1, motion_blur=self.motion_blur)
        validate.non_negative_int(occluder=self.occluder)
        validate.within(0, self.size - 1, occluder=self.occluder)

    @property
    def block(self) -> int:
        """How many clips to make at once: few enough for the processor's cache."""
        values = self.num_frames * self.size**2 * self.channels
        return min(max(_BLOCK_VALUES // values, 1), 64)


def make_clips(
    num_clips: int,
    seed: int,
    knobs: Knobs,
    templates: np.ndarray,
    template_label: np.ndarray,
    object_names: tuple[str, ...],
) -> Clips:
    """Make clips of objects whose looks are drawn from the templates, each as likely.

    `templates` is (kinds, side, side), see `rendering`; `template_label` (kinds,) is what each
    is called, an index into `object_names`.
    """
    validate.positive_int(num_clips=num_clips)
    validate.non_negative_int(seed=seed)
    label = dealt(num_clips, len(knobs.motions), seed)
    motion = np.asarray(knobs.motions)[label]
    shape = (num_clips, knobs.num_frames, knobs.size, knobs.size, knobs.channels)
    video, scenes = np.empty(shape, np.uint8), []
    for index, first in enumerate(range(0, num_clips, knobs.block)):
        block = slice(first, first + knobs.block)
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(index,)))
        video[block], scene = _make_block(motion[block], rng, knobs, templates)
        scenes.append(scene)
    kind = np.concatenate([scene.kind for scene in scenes])
    return Clips(
        video=video,
        label=label,
        class_names=tuple(knobs.motions),
        object_label=template_label[kind].astype(np.int64),
        object_names=object_names,
        _scenes=scenes,
    )


def dealt(num_clips: int, num_classes: int, seed: int) -> np.ndarray:
    """Labels dealt like cards: each class once in every `num_classes` clips, in random order."""
    rng = np.random.default_rng(seed)
    num_rounds = -(-num_clips // num_classes)
    rounds = np.tile(np.arange(num_classes), (num_rounds, 1))
    return rng.permuted(rounds, axis=1).reshape(-1)[:num_clips].astype(np.int64)


def _make_block(
    motion: np.ndarray, rng: np.random.Generator, knobs: Knobs, templates: np.ndarray
) -> tuple[np.ndarray, Scene]:
    """Make up to a block of clips: their video, and the scene that they show."""
    num_clips, size, block = len(motion), knobs.size, knobs.block
    objects = (block, knobs.num_objects)
    # Drawn for a whole block, so that the first clips do not depend on how many follow.
    draws = rng.random((*objects, NUM_DRAWS))[:num_clips]
    orders = rng.random((block, _NUM_ORDERS, knobs.num_frames))[:num_clips]
    kind = rng.integers(len(templates), size=objects)[:num_clips]
    radius = rng.uniform(*knobs.object_size, size=objects)[:num_clips] / 2
    color = rng.random((block, knobs.num_objects + 2, knobs.channels + 1))[:num_clips]
    bar = rng.integers(size - knobs.occluder + 1, size=(block, 1))[:num_clips]

    paths = draw_paths(motion, radius, draws, orders, size)
    center, angle = paths.poses(size)
    columns = np.arange(size)
    hidden = (columns >= bar) & (columns < bar + knobs.occluder)  # (clips, width)
    scene = Scene(templates, kind, radius, center, angle, size, hidden)

    background, bar_color, color = _palette(color)
    frames = _exposed(scene, paths, knobs.motion_blur, color, background)
    video = np.empty((*frames.shape[1:], knobs.channels), np.uint8)
    for channel, plane in enumerate(frames):  # (clips, frames, height, width)
        if knobs.occluder:
            level = bar_color[:, channel, np.newaxis, np.newaxis, np.newaxis]
            plane = np.where(hidden[:, np.newaxis, np.newaxis], level, plane)
        video[..., channel] = np.rint(plane)
    return add_sensor_noise(video, knobs.noise, rng) if knobs.noise else video, scene


def _palette(draws: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Grey levels of the background (clips, channels), the occluder, and all the objects.

    The last of a color's draws is how bright its brightest channel is, the others are its mix.
    """
    mix, brightness = draws[..., :-1] + 0.1, draws[..., -1:]
    mix /= mix.max(axis=-1, keepdims=True)  # all ones where there is one channel
    dark, bright = (low + (high - low) * brightness for low, high in (_DARK, _BRIGHT))
    background, others = mix[:, 0] * dark[:, 0], mix[:, 1:] * bright[:, 1:]
    others = others.astype(np.float32)
    return background.astype(np.float32), others[:, 0], others[:, 1:]


def _exposed(
    scene: Scene, paths: Paths, motion_blur: float, color: np.ndarray, background: np.ndarray
) -> np.ndarray:
    """Frames as a shutter sees them that is open for part of the time: a mean of moments.

    float32 (channels, clips, frames, height, width), grey levels.
    """
    if motion_blur == 0:
        return render(scene, color, background)
    exposures = []
    for moment in motion_blur * ((np.arange(_NUM_EXPOSURES) + 0.5) / _NUM_EXPOSURES - 0.5):
        center, angle = paths.poses(scene.size, delay=moment)
        moved = replace(scene, center=center, angle=angle)
        exposures.append(render(moved, color, background))
    return np.mean(exposures, axis=0)
