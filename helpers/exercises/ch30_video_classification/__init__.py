"""The exercises of chapter 30, one module each, in the order of the chapter."""

from helpers.exercises.ch30_video_classification.attention_pool import attention_pool
from helpers.exercises.ch30_video_classification.confusion_matrix import confusion_matrix
from helpers.exercises.ch30_video_classification.conv3d import conv3d
from helpers.exercises.ch30_video_classification.cosine_schedule import cosine_schedule
from helpers.exercises.ch30_video_classification.temporal_shift import temporal_shift
from helpers.exercises.ch30_video_classification.top_k_accuracy import top_k_accuracy
from helpers.exercises.ch30_video_classification.train_step import train_step
from helpers.exercises.ch30_video_classification.vote_clips import vote_clips

EXERCISES = (
    conv3d,
    temporal_shift,
    attention_pool,
    top_k_accuracy,
    confusion_matrix,
    vote_clips,
    train_step,
    cosine_schedule,
)
