"""The exercises of chapter 24, one module each, in the order of the chapter."""

from helpers.exercises.ch24_overfitting.early_stopping import early_stopping
from helpers.exercises.ch24_overfitting.inverted_dropout import inverted_dropout
from helpers.exercises.ch24_overfitting.mixup import mixup
from helpers.exercises.ch24_overfitting.smooth_labels import smooth_labels
from helpers.exercises.ch24_overfitting.update_average import update_average

EXERCISES = (inverted_dropout, early_stopping, mixup, smooth_labels, update_average)
