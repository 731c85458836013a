"""Train the judge of chapter 31, and store its weights with a label.

Run `python benchmarks/generation_judge.py`: some minutes on two cores. The weights go to
`helpers/generation/weights/judge.npz`.
"""

import argparse
import time

import cv2
import keras
import numpy as np
import tensorflow as tf

from helpers import generation, training
from helpers.datasets.digits import digit_templates
from helpers.datasets.rendering import Scene, render
from helpers.generation import storing
from helpers.generation.clips import DIRECTIONS, NUM_DIGITS, SHAPE
from helpers.generation.judge import Judge, judge_network

COMMAND = "python benchmarks/generation_judge.py"
NUM_TRAIN, NUM_TEST = 20_000, 4_000
NUM_HANDWRITTEN = 1200  # the digits of the training split
NUM_BENT = 10_000  # digits that are made of them
BATCH_SIZE = 32
NUM_BLURRED = 8  # clips of a batch
NUM_NONSENSE = 3  # clips of a batch that show no digit
NUM_MOTIONLESS = 3  # clips of a batch that stand still, or whose frames lie in random order
PEAK_RATE, WARMUP = 4e-3, 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    made = bent_digits(NUM_TRAIN, np.random.default_rng(31_000))
    test = generation.digits(NUM_TEST, seed=31_001, split="test")
    started = time.perf_counter()
    network = train(made, test, options.steps, options.seed)
    seconds = time.perf_counter() - started
    weights = network.get_weights()
    network.set_weights([array.astype(np.float16) for array in weights])  # as they are stored
    reached = accuracies(network, test)
    print(reached, f"{seconds:.0f} s")
    storing.save(
        "judge",
        weights,
        command=COMMAND,
        about=(
            f"{options.steps:,} steps of {BATCH_SIZE} clips in {seconds:.0f} s. In {NUM_TEST:,} "
            f"clips of digits that it never saw, it reads {reached['digit']:.1%} of the digits and "
            f"{reached['direction']:.1%} of the directions."
        ),
    )


def train(
    made: generation.Digits, test: generation.Digits, num_steps: int, seed: int
) -> keras.Model:
    training.set_seed(seed)
    rng = np.random.default_rng(seed)
    network = judge_network()
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, num_steps - WARMUP, warmup_target=PEAK_RATE, warmup_steps=WARMUP
    )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=0.05)

    @tf.function
    def step(video: tf.Tensor, digit: tf.Tensor, direction: tf.Tensor) -> None:
        with tf.GradientTape() as tape:
            _, of_digit, of_direction = network(video, training=True)
            losses = tf.nn.softmax_cross_entropy_with_logits(digit, of_digit)
            losses += tf.nn.softmax_cross_entropy_with_logits(direction, of_direction)
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))

    started = time.perf_counter()
    for number in range(num_steps):
        step(*batch(made, rng))
        if number % 250 == 0:
            part = generation.Digits(
                test.video[:1000], test.digit[:1000], test.direction[:1000]
            )
            seconds = time.perf_counter() - started
            print(f"step {number}, {seconds:.0f} s:", accuracies(network, part), flush=True)
    return network


def bent_digits(num_clips: int, rng: np.random.Generator) -> generation.Digits:
    """Clips as `generation.digits` makes them, of training digits that are bent at random.

    It has 1,200 digits only: turned, slanted, wider or narrower, bolder or finer ones help with
    those of other hands.
    """
    templates, names = digit_templates()
    kind = rng.integers(NUM_HANDWRITTEN, size=NUM_BENT)
    bent = np.stack([bend(template, rng) for template in templates[kind]])
    chosen = rng.integers(NUM_BENT, size=num_clips)
    direction = rng.integers(len(DIRECTIONS), size=num_clips)
    ahead = np.array([(-1, 0), (1, 0), (0, -1), (0, 1)])[direction]
    travel = rng.uniform(4, 8.5, (num_clips, 1)) * ahead
    low, high = np.maximum(0, -travel), np.maximum(0, travel)  # how far it comes from its start
    start = rng.uniform(6.5 + low, SHAPE[1] - 6.5 - high)
    moment = np.linspace(0, 1, SHAPE[0])[:, np.newaxis]  # (frames, 1)
    center = start[:, np.newaxis] + moment * travel[:, np.newaxis]  # (clips, frames, 2)
    video = np.empty((num_clips, *SHAPE), np.uint8)
    for first in range(0, num_clips, 256):
        block = slice(first, first + 256)
        size = len(chosen[block])
        scene = Scene(
            templates=bent,
            kind=chosen[block, np.newaxis],
            radius=rng.uniform(7.9, 9.0, (size, 1)),
            center=center[block, :, np.newaxis],
            angle=np.zeros((size, SHAPE[0], 1)),
            size=SHAPE[1],
            hidden=np.zeros((size, SHAPE[2]), bool),
        )
        white, black = np.full((size, 1, 1), 255, np.float32), np.zeros((size, 1), np.float32)
        video[block] = np.rint(render(scene, white, black)[0, ..., np.newaxis])
    return generation.Digits(video, names[kind[chosen]].astype(np.int64), direction)


def bend(template: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A template, turned and slanted by up to some 15 degrees, its strokes a little shifted."""
    middle = np.full(2, (template.shape[0] - 1) / 2)
    across = np.eye(2) + rng.normal(0, 0.11, (2, 2))
    turn = np.column_stack([across, middle - across @ middle + rng.normal(0, 1.5, 2)])
    moved = cv2.warpAffine(template, turn, template.shape, borderMode=cv2.BORDER_REPLICATE)
    return moved + np.float32(rng.uniform(-0.07, 0.07))  # it is the distance to the edge


def batch(
    made: generation.Digits, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Clips that are darker, blurred and noisy, and some that show no digit or no motion.

    What shows nothing has all classes as its target, so that the judge learns to be unsure.
    """
    chosen = rng.integers(len(made.video), size=BATCH_SIZE)
    digit = np.eye(NUM_DIGITS, dtype=np.float32)[made.digit[chosen]]
    direction = np.eye(len(DIRECTIONS), dtype=np.float32)[made.direction[chosen]]
    video = made.video[chosen].astype(np.float32)
    video[-NUM_BLURRED:] = [blurred(clip, rng.uniform(0.3, 1)) for clip in video[-NUM_BLURRED:]]
    each = (BATCH_SIZE, 1, 1, 1, 1)
    video *= rng.uniform(0.7, 1.3, each).astype(np.float32)
    noise = rng.standard_normal(video.shape, np.float32)
    video += noise * rng.uniform(0, 20, each).astype(np.float32)
    for clip in range(NUM_NONSENSE):
        coarse = rng.choice([0.0, 0.7, 1.5, 3.0])
        video[clip] = blurred(noise[clip], coarse) if coarse else noise[clip]
        video[clip] *= rng.uniform(0, 130) / video[clip].std()
        video[clip] += rng.uniform(0, 130)
    digit[:NUM_NONSENSE] = 1 / NUM_DIGITS
    direction[:NUM_NONSENSE] = 1 / len(DIRECTIONS)
    for clip in range(NUM_NONSENSE, NUM_NONSENSE + NUM_MOTIONLESS):
        order = rng.permutation(SHAPE[0])
        if rng.random() < 0.5:
            order[:] = order[0]  # a still
        video[clip] = video[clip, order]
        direction[clip] = 1 / len(DIRECTIONS)
    return video.clip(0, 255), digit, direction


def blurred(clip: np.ndarray, sigma: float) -> np.ndarray:
    """Each frame of (frames, height, width, 1), by a Gaussian."""
    frames = [cv2.GaussianBlur(frame, (0, 0), sigma) for frame in clip[..., 0]]
    return np.stack(frames)[..., np.newaxis]


def accuracies(network: keras.Model, clips: generation.Digits) -> dict[str, float]:
    seen = Judge(network).read(clips.video)
    digit, direction = seen.digit == clips.digit, seen.direction == clips.direction
    shares = {"digit": digit, "direction": direction, "both": digit & direction}
    return {name: float(np.mean(right)) for name, right in shares.items()}


if __name__ == "__main__":
    main()
