"""How fast are boxes compared, suppressed and judged?

This project's NumPy takes turns with pycocotools and OpenCV, which are written in C and C++, on
the same boxes. Run `python benchmarks/boxes.py`; `benchmarks/README.md` has the last result.
"""

import argparse
import contextlib
import importlib.metadata
import io
import os
import platform
import sys
import time
from collections.abc import Callable
from datetime import date

import cv2
import numpy as np
from pycocotools import mask
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from helpers import boxes, metrics

Job = Callable[[], np.ndarray]


def scattered(rng: np.random.Generator, count: int, side: float = 640) -> np.ndarray:
    """Boxes with corners at whole numbers, which OpenCV needs."""
    corner = rng.uniform(0, side, (count, 2))
    size = np.exp(rng.uniform(2, 5.5, (count, 1)) + rng.uniform(-0.5, 0.5, (count, 2)))
    return np.rint(np.concatenate([corner, corner + size], axis=1))


def around(rng: np.random.Generator, targets: np.ndarray) -> np.ndarray:
    """The same boxes, moved and stretched a little, as a detector would place them."""
    extent = np.tile(targets[:, 2:] - targets[:, :2], 2)
    moved = np.rint(targets + rng.normal(0, 0.08, extent.shape) * extent)
    return np.concatenate([moved[:, :2], np.maximum(moved[:, 2:], moved[:, :2])], axis=1)


def xywh(rows: np.ndarray) -> np.ndarray:
    return np.concatenate([rows[:, :2], rows[:, 2:] - rows[:, :2]], axis=1)


def overlap_jobs(count: int) -> dict[str, Job]:
    rng = np.random.default_rng(0)
    a, b = scattered(rng, count), scattered(rng, count)
    a_xywh, b_xywh, no_crowd = xywh(a), xywh(b), np.zeros(count, np.uint8)
    return {
        "`boxes.iou`": lambda: boxes.iou(a, b),
        "pycocotools": lambda: mask.iou(a_xywh, b_xywh, no_crowd),
    }


def suppression_jobs(count: int, num_objects: int) -> dict[str, Job]:
    rng = np.random.default_rng(1)
    objects = scattered(rng, num_objects, side=2000)
    found = around(rng, objects[rng.integers(num_objects, size=count)])
    scores = rng.uniform(0.01, 1, count).astype(np.float32)
    # OpenCV converts a list of lists faster than an array.
    found_xywh, score_list = xywh(found).astype(int).tolist(), scores.tolist()
    return {
        "`boxes.nms`": lambda: boxes.nms(found, scores, 0.5),
        "OpenCV": lambda: np.ravel(cv2.dnn.NMSBoxes(found_xywh, score_list, 0.0, 0.5)),
    }


def coco_jobs(
    num_images: int, num_classes: int, num_objects: int, num_found: int
) -> dict[str, Job]:
    rng = np.random.default_rng(2)
    there, found = scattered(rng, num_objects), scattered(rng, num_found)
    images, found_images = (
        1 + rng.integers(num_images, size=n) for n in (num_objects, num_found)
    )
    labels, found_labels = (
        1 + rng.integers(num_classes, size=n) for n in (num_objects, num_found)
    )
    near = rng.random(num_found) < 0.5
    source = rng.integers(num_objects, size=num_found)[near]
    found[near] = around(rng, there[source])
    found_images[near], found_labels[near] = images[source], labels[source]
    detections = metrics.Detections(found_images, found_labels, found, rng.random(num_found))
    is_crowd = rng.random(num_objects) < 0.02
    truth = metrics.GroundTruth(images, labels, there, is_crowd)
    reference = coco_objects(detections, truth)

    def pycocotools() -> np.ndarray:
        with contextlib.redirect_stdout(io.StringIO()):
            evaluation = COCOeval(*reference, "bbox")
            evaluation.evaluate()
            evaluation.accumulate()
            evaluation.summarize()
        return evaluation.stats

    return {
        "`metrics.coco_metrics`": lambda: np.array(
            list(metrics.coco_metrics(detections, truth).values())
        ),
        "pycocotools": pycocotools,
    }


def coco_objects(
    detections: metrics.Detections, truth: metrics.GroundTruth
) -> tuple[COCO, COCO]:
    """What COCOeval takes; building it is not part of its time."""
    images = np.union1d(detections.image_ids, truth.image_ids)
    labels = np.union1d(detections.class_ids, truth.class_ids)
    both = []
    for rows, more in (
        (truth, {"area": truth.areas.tolist(), "iscrowd": truth.is_crowd.astype(int).tolist()}),
        (
            detections,
            {
                "area": boxes.area(detections.boxes).tolist(),
                "iscrowd": [0] * len(detections.boxes),
                "score": detections.scores.tolist(),
            },
        ),
    ):
        columns = {
            "id": range(1, len(rows.boxes) + 1),
            "image_id": rows.image_ids.tolist(),
            "category_id": rows.class_ids.tolist(),
            "bbox": xywh(rows.boxes).tolist(),
            **more,
        }
        coco = COCO()
        coco.dataset = {
            "images": [{"id": one} for one in images.tolist()],
            "categories": [{"id": one} for one in labels.tolist()],
            "annotations": [
                dict(zip(columns, row, strict=True))
                for row in zip(*columns.values(), strict=True)
            ],
        }
        with contextlib.redirect_stdout(io.StringIO()):
            coco.createIndex()
        both.append(coco)
    return both[0], both[1]


# For each task its jobs, this project's first.
TASKS: dict[str, Callable[[], dict[str, Job]]] = {
    "IoU, 100 x 100 boxes": lambda: overlap_jobs(100),
    "IoU, 2,000 x 2,000 boxes": lambda: overlap_jobs(2000),
    "NMS, 100 boxes around 10 objects": lambda: suppression_jobs(100, 10),
    "NMS, 1,000 boxes around 50 objects": lambda: suppression_jobs(1000, 50),
    "NMS, 10,000 boxes around 500 objects": lambda: suppression_jobs(10_000, 500),
    "COCO, 20 images, 5 classes, 100 objects, 500 detections": lambda: coco_jobs(
        20, 5, 100, 500
    ),
    "COCO, 100 images, 80 classes, 700 objects, 5,000 detections": lambda: coco_jobs(
        100, 80, 700, 5000
    ),
    "COCO, 1,000 images, 1 class, 20,000 objects, 90,000 detections": lambda: coco_jobs(
        1000, 1, 20_000, 90_000
    ),
    "COCO, 5,000 images, 80 classes, 36,000 objects, 200,000 detections": lambda: coco_jobs(
        5000, 80, 36_000, 200_000
    ),
}


def timed(job: Job, at_least: float) -> tuple[float, np.ndarray]:
    """Milliseconds a call, over as many as fill the turn, and what the job returns."""
    calls, started = 0, time.perf_counter()
    while not calls or time.perf_counter() - started < at_least:
        result = job()
        calls += 1
    return 1000 * (time.perf_counter() - started) / calls, result


def difference(ours: np.ndarray, theirs: np.ndarray) -> str:
    if ours.shape != theirs.shape:
        return "different"
    return f"{np.abs(np.nan_to_num(ours, nan=-1.0) - theirs).max():.0e}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=0.3, help="length of a turn")
    parser.add_argument("--repeats", type=int, default=5, help="turns of each")
    options = parser.parse_args()
    if options.seconds <= 0 or options.repeats < 1:
        parser.error("--seconds must be above 0 and --repeats 1 or more.")
    command = " ".join(["python benchmarks/boxes.py", *sys.argv[1:]])
    names = ("numpy", "pycocotools", "opencv-contrib-python-headless")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    print(
        f"`{command}`, {date.today()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, {versions}.\n\n"
        "| task | by | ms | from | to | time, this project = 1 | largest difference |\n"
        "|---|---|--:|--:|--:|--:|--:|"
    )
    for task, make in TASKS.items():
        jobs = make()
        ours = next(iter(jobs))
        turns = []
        # The first turn warms up, and is the only one where it takes a peer more than 10 s.
        for _ in range(1 + options.repeats):
            turns.append({name: timed(job, options.seconds) for name, job in jobs.items()})
            if max(milliseconds for milliseconds, _ in turns[-1].values()) > 10_000:
                break
        turns = turns[1:] or turns
        for name in jobs:
            times = [turn[name][0] for turn in turns]
            ratio = np.median([turn[name][0] / turn[ours][0] for turn in turns])
            results = [turns[-1][one][1] for one in (ours, name)]
            compared = "" if name == ours else difference(*results)
            print(
                f"| {task} | {name} | {np.median(times):.3g} | {min(times):.3g} "
                f"| {max(times):.3g} | {ratio:.2f} | {compared} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
