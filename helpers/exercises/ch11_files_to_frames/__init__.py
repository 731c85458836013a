"""The exercises of chapter 11, one module a topic, in the order of the chapter."""

from helpers.exercises.ch11_files_to_frames.display_order import display_order
from helpers.exercises.ch11_files_to_frames.frame_at import frame_at
from helpers.exercises.ch11_files_to_frames.seeking import frames_to_decode, keyframe_before
from helpers.exercises.ch11_files_to_frames.view_starts import view_starts

EXERCISES = (display_order, frame_at, keyframe_before, frames_to_decode, view_starts)
