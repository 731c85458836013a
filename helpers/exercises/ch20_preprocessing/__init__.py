"""The exercises of chapter 20, one module a topic, in the order of the chapter."""

from helpers.exercises.ch20_preprocessing.crop_and_flip import crop_and_flip
from helpers.exercises.ch20_preprocessing.normalize import normalize
from helpers.exercises.ch20_preprocessing.psnr import psnr
from helpers.exercises.ch20_preprocessing.sampling import sample_dense, sample_segments
from helpers.exercises.ch20_preprocessing.ssim import ssim
from helpers.exercises.ch20_preprocessing.temporal_median import temporal_median

EXERCISES = (
    sample_dense,
    sample_segments,
    normalize,
    crop_and_flip,
    psnr,
    temporal_median,
    ssim,
)
