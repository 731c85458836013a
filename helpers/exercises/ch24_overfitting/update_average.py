"""Exercise of chapter 24: a moving average of a network's weights."""

import numpy as np

from helpers import from_scratch
from helpers.course.exercise import Case, Exercise, Misconception, Property


def mixed(average, weights, momentum):
    """In float64, so that a mistake is recognised in float32 too."""
    return [
        momentum * old.astype(float) + (1 - momentum) * new
        for old, new in zip(average, weights, strict=True)
    ]


def copies(arrays):
    return [array.copy() for array in arrays]


def momentum_on_the_weights(average, weights, momentum, step):
    return copies(weights) if step == 0 else mixed(weights, average, momentum)


def from_zero(average, weights, momentum, step):
    return mixed(average, weights, momentum)


def from_zero_and_corrected(average, weights, momentum, step):
    correction = 1 - momentum ** (step + 1)
    return [array / correction for array in mixed(average, weights, momentum)]


def corrected_in_any_case(average, weights, momentum, step):
    if step == 0:
        return copies(weights)
    return [array / (1 - momentum**step) for array in mixed(average, weights, momentum)]


def momentum_that_warms_up(average, weights, momentum, step):
    if step == 0:
        return copies(weights)
    return mixed(average, weights, min(momentum, (1 + step) / (10 + step)))


def mean_of_all_steps(average, weights, momentum, step):
    return mixed(average, weights, step / (step + 1))


def mean_of_the_two(average, weights, momentum, step):
    return copies(weights) if step == 0 else mixed(average, weights, 0.5)


def begins_at_step_one(average, weights, momentum, step):
    return copies(weights) if step <= 1 else mixed(average, weights, momentum)


def the_average_at_step_zero(average, weights, momentum, step):
    return copies(average) if step == 0 else mixed(average, weights, momentum)


def the_weights_themselves(average, weights, momentum, step):
    return list(weights) if step == 0 else mixed(average, weights, momentum)


def never_averages(average, weights, momentum, step):
    return copies(weights)


def only_the_first_array(average, weights, momentum, step):
    return from_scratch.update_average(average[:1], weights[:1], momentum, step) + copies(
        weights[1:]
    )


def in_the_average(average, weights, momentum, step):
    for old, new in zip(average, weights, strict=True):
        if step == 0:
            old[...] = new
        else:
            old *= momentum
            old += (1 - momentum) * new
    return average


def in_the_weights(average, weights, momentum, step):
    for old, new in zip(average, weights, strict=True):
        if step > 0:
            new *= 1 - momentum
            new += momentum * old
    return weights


def in_float64(average, weights, momentum, step):
    return [
        a.astype(float) for a in from_scratch.update_average(average, weights, momentum, step)
    ]


def one_array(average, weights, momentum, step):
    found = from_scratch.update_average(average, weights, momentum, step)
    return np.concatenate([array.ravel() for array in found])


def stacked(average, weights, momentum, step):
    average, weights = np.array(average), np.array(weights)
    return weights.copy() if step == 0 else momentum * average + (1 - momentum) * weights


def shares_that_do_not_sum_to_one(average, weights, momentum, step):
    if step == 0:
        return copies(weights)
    return [momentum * old + new for old, new in zip(average, weights, strict=True)]


def momentum_to_the_step(average, weights, momentum, step):
    return copies(weights) if step == 0 else mixed(average, weights, momentum**step)


def draw_step(rng):
    shapes = [tuple(int(n) for n in rng.integers(1, 4, 2)), (int(rng.integers(1, 4)),)]
    average, weights = (
        [np.round(rng.normal(size=shape), 1).astype(np.float32) for shape in shapes]
        for _ in range(2)
    )
    momentum = float(rng.choice([0, 0.5, 0.75, 0.9, 0.99]))
    return average, weights, momentum, int(rng.choice([0, 1, 2, 10, 1000]))


def arrays(*values, dtype=np.float32):
    return [np.array(value, dtype) for value in values]


update_average = Exercise(
    reference=from_scratch.update_average,
    chapter="24_overfitting",
    task=(
        "Return the next exponential moving average of a list of weights: `momentum` of the old "
        "average and the rest of the weights; at step 0 the weights."
    ),
    minutes=8,
    difficulty=2,
    points=3,
    cases=[
        Case("step 0: the weights", (arrays([0.0]), arrays([8.0]), 0.75, 0)),
        Case("step 0, whatever the average holds", (arrays([4.0]), arrays([8.0]), 0.75, 0)),
        Case("step 1", (arrays([4.0]), arrays([8.0]), 0.75, 1)),
        Case("step 2", (arrays([4.0]), arrays([8.0]), 0.75, 2)),
        Case("a hundred steps later", (arrays([4.0]), arrays([8.0]), 0.75, 100)),
        Case("a small momentum follows the weights", (arrays([4.0]), arrays([8.0]), 0.25, 5)),
        Case("a momentum of 0 keeps nothing", (arrays([4.0]), arrays([8.0]), 0, 5)),
        Case("a large momentum hardly moves", (arrays([4.0]), arrays([8.0]), 0.99, 50)),
        Case("an average of zero", (arrays([0.0, 0.0]), arrays([8.0, -8.0]), 0.75, 3)),
        Case("no weights at all", ([], [], 0.9, 1)),
        Case(
            "two arrays of one shape",
            (arrays([4.0, 2.0], [0.0, 1.0]), arrays([8.0, 2.0], [4.0, 9.0]), 0.5, 1),
        ),
        Case(
            "a kernel and a bias",
            (arrays([[1.0, 2.0]], [3.0]), arrays([[5.0, 2.0]], [7.0]), 0.75, 4),
        ),
        Case(
            "float64",
            (arrays([4.0], dtype=np.float64), arrays([8.0], dtype=np.float64), 0.75, 1),
        ),
    ],
    random_case=draw_step,
    properties=[
        Property(
            "there are as many arrays, of the same shapes",
            lambda args, got: [a.shape for a in got] == [a.shape for a in args[1]],
        ),
        Property(
            "each number lies between the old average and the weights",
            lambda args, got: all(
                ((new >= np.minimum(a, w) - 1e-5) & (new <= np.maximum(a, w) + 1e-5)).all()
                for new, a, w in zip(got, args[0], args[1], strict=True)
            ),
        ),
    ],
    demands=[
        Property(
            "its arrays are new, and share no memory with the weights or the old average",
            lambda args, got: (
                not any(
                    np.shares_memory(new, given)
                    for new in got
                    for given in [*args[0], *args[1]]
                )
            ),
        ),
    ],
    hints=(
        "With a momentum of 0.99, does the average move fast or slowly? So which of the two, the "
        "old average or the weights, is multiplied with it? And what is the average of one thing?",
        "momentum · old + (1 − momentum) · new, array by array: `zip(average, weights)`. At step "
        "0 the average is a copy of the weights, since training goes on in their arrays.",
        "`if step == 0: return [new.copy() for new in weights]`, and then `[momentum * old + (1 "
        "- momentum) * new for old, new in zip(average, weights)]`.",
    ),
    misconceptions=[
        Misconception(
            "its momentum is on the weights",
            momentum_on_the_weights,
            "The momentum is what the average keeps of itself. With 0.99 on the weights there is "
            "hardly an average: it follows every step.",
        ),
        Misconception(
            "it treats step 0 like any other",
            from_zero,
            "The average then begins at what `average` holds, mostly zeros, and is too small for "
            "hundreds of steps. At step 0 it becomes the weights.",
        ),
        Misconception(
            "it begins at zero and divides by 1 − momentum to the step",
            from_zero_and_corrected,
            "That is Adam's correction, for an average that began at zero and is kept "
            "uncorrected. Here it begins with the weights and has nothing to be corrected.",
        ),
        Misconception(
            "it corrects an average that needs none",
            corrected_in_any_case,
            "It began with the weights of step 0, not at zero, so its shares sum to 1 already. "
            "Dividing makes it too large.",
        ),
        Misconception(
            "its momentum warms up",
            momentum_that_warms_up,
            "TensorFlow's `ExponentialMovingAverage(num_updates=...)` does that, with (1 + step) / "
            "(10 + step) as a limit. The docstring has the same momentum at every step after the "
            "first.",
        ),
        Misconception(
            "it takes the mean of all steps",
            mean_of_all_steps,
            "That is Polyak's average, in which the first, bad steps weigh as much as the last. An "
            "exponential one forgets them: `momentum` must have an influence.",
        ),
        Misconception(
            "it takes the mean of the two",
            mean_of_the_two,
            "`momentum` has no influence.",
        ),
        Misconception(
            "it begins at step 1",
            begins_at_step_one,
            "Steps are counted from 0. At step 1 there is an average already.",
        ),
        Misconception(
            "it returns the old average at step 0",
            the_average_at_step_zero,
            "At step 0 `average` holds nothing yet, zeros for example. The average of one step is "
            "its weights.",
        ),
        Misconception(
            "it returns the weights themselves at step 0",
            the_weights_themselves,
            "Training changes those arrays in place, and the average with them. Copy each.",
        ),
        Misconception(
            "it returns the weights at every step",
            never_averages,
            "The old average has no influence.",
        ),
        Misconception(
            "it averages the first array alone",
            only_the_first_array,
            "A network has many arrays, kernels and biases: each has its average.",
        ),
        Misconception(
            "it writes into the old average",
            in_the_average,
            "The contract promises new arrays: the caller may want to compare the two averages.",
        ),
        Misconception(
            "it writes into the weights",
            in_the_weights,
            "The network would then train on from its average, which is another method. Make new "
            "arrays.",
        ),
        Misconception(
            "it returns float64",
            in_float64,
            "Each array has the dtype of its weights; float64 doubles the memory of a copy of the "
            "whole network.",
        ),
        Misconception(
            "it returns one long array",
            one_array,
            "`model.set_weights` wants them as they came: a list of arrays, each of its own shape.",
        ),
        Misconception(
            "it stacks the weights",
            stacked,
            "Arrays of different shapes do not fit into one. Go through both lists together: "
            "`zip(average, weights)`.",
        ),
        Misconception(
            "its shares sum to more than 1",
            shares_that_do_not_sum_to_one,
            "That is the momentum of SGD, which adds up gradients. An average needs 1 − momentum "
            "on the new part.",
        ),
        Misconception(
            "its momentum shrinks with the step",
            momentum_to_the_step,
            "A step has that share after further steps, by itself: each of them multiplies it with "
            "`momentum` once.",
        ),
    ],
    equivalent_mutants={
        "line 35: True -> False": "There are as many weights as averages, or `validate` objects.",
    },
)
