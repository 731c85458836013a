"""Models that make video, in the small, and how to tell whether they are good.

>>> from helpers import generation
>>> generation.digits(4, seed=0).video.shape
(4, 8, 24, 24, 1)
"""

from helpers.generation.clips import DIRECTIONS, NUM_DIGITS, SHAPE, Digits, digits
from helpers.generation.frechet import frechet_distance
from helpers.generation.grids import grid
from helpers.generation.judge import Judge, Reading, judge
from helpers.generation.latent import interpolate
from helpers.generation.losses import gan_losses
from helpers.generation.mixture import Mixture, learn_mixture
from helpers.generation.penalties import r1_penalty
from helpers.generation.schedule import noised
from helpers.generation.scores import (
    NUM_KINDS,
    SURE,
    Score,
    effective_kinds,
    frechet_to_real,
    kinds,
    moments,
    nearest_distances,
    report,
    shuffled,
    spread_within_kinds,
)
from helpers.generation.sizes import transposed_size
from helpers.generation.spectral import spectral_norm

__all__ = [
    "DIRECTIONS",
    "NUM_DIGITS",
    "NUM_KINDS",
    "SHAPE",
    "SURE",
    "Digits",
    "Judge",
    "Mixture",
    "Reading",
    "Score",
    "digits",
    "effective_kinds",
    "frechet_distance",
    "frechet_to_real",
    "gan_losses",
    "grid",
    "interpolate",
    "judge",
    "kinds",
    "learn_mixture",
    "moments",
    "nearest_distances",
    "noised",
    "r1_penalty",
    "report",
    "shuffled",
    "spectral_norm",
    "spread_within_kinds",
    "transposed_size",
]
