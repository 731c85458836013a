"""The exercises of chapter 31, one module each, in the order of the chapter."""

from helpers.exercises.ch31_video_generation.frechet_distance import frechet_distance
from helpers.exercises.ch31_video_generation.gan_losses import gan_losses
from helpers.exercises.ch31_video_generation.interpolate import interpolate
from helpers.exercises.ch31_video_generation.noised import noised
from helpers.exercises.ch31_video_generation.r1_penalty import r1_penalty
from helpers.exercises.ch31_video_generation.spectral_norm import spectral_norm
from helpers.exercises.ch31_video_generation.transposed_size import transposed_size

EXERCISES = (
    gan_losses,
    r1_penalty,
    spectral_norm,
    transposed_size,
    interpolate,
    frechet_distance,
    noised,
)
