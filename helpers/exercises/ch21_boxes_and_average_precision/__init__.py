"""The exercises of chapter 21, one module a topic, in the order of the chapter."""

from helpers.exercises.ch21_boxes_and_average_precision.average_precision import (
    average_precision,
)
from helpers.exercises.ch21_boxes_and_average_precision.iou import iou
from helpers.exercises.ch21_boxes_and_average_precision.match_detections import match_detections
from helpers.exercises.ch21_boxes_and_average_precision.nms import nms
from helpers.exercises.ch21_boxes_and_average_precision.soft_nms import soft_nms

EXERCISES = (iou, nms, soft_nms, match_detections, average_precision)
