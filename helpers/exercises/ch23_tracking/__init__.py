"""The exercises of chapter 23, one module a topic, in the order of the chapter."""

from helpers.exercises.ch23_tracking.associate import associate
from helpers.exercises.ch23_tracking.life_cycle import life_cycle
from helpers.exercises.ch23_tracking.mota import mota
from helpers.exercises.ch23_tracking.predict import predict
from helpers.exercises.ch23_tracking.update import update

EXERCISES = (predict, update, associate, life_cycle, mota)
