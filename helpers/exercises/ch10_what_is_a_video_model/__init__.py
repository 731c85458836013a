"""The exercises of chapter 10, one module each, in the order of the chapter."""

from helpers.exercises.ch10_what_is_a_video_model.batch_bytes import batch_bytes
from helpers.exercises.ch10_what_is_a_video_model.convolution_cost import convolution_cost
from helpers.exercises.ch10_what_is_a_video_model.middle_channels import middle_channels
from helpers.exercises.ch10_what_is_a_video_model.num_tokens import num_tokens
from helpers.exercises.ch10_what_is_a_video_model.to_layout import to_layout

EXERCISES = (to_layout, batch_bytes, convolution_cost, middle_channels, num_tokens)
