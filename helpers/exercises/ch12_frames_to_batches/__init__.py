"""The exercises of chapter 12, one module a topic, in the order of the chapter."""

from helpers.exercises.ch12_frames_to_batches.difference_hash import difference_hash
from helpers.exercises.ch12_frames_to_batches.histogram_changes import histogram_changes
from helpers.exercises.ch12_frames_to_batches.hold_out_groups import hold_out_groups
from helpers.exercises.ch12_frames_to_batches.shot_cuts import shot_cuts

EXERCISES = (hold_out_groups, histogram_changes, shot_cuts, difference_hash)
