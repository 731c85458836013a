"""Exercise of chapter 22: a loss for classes of which nearly all are background.

An answer may be a tensor or an array. The misconceptions compute in float64, so that a mistake
is recognised in float32 too; where float32 itself is the mistake, they say so.
"""

import numpy as np

from helpers import detectors
from helpers.course.exercise import Case, Exercise, Misconception, Property


def probability(logits, targets):
    """p for class 1 and the targets, float64."""
    return 1 / (1 + np.exp(-logits.astype(float))), targets.astype(float)


def log_of_the_truth(logits, targets):
    """log(p of the truth), however small p is."""
    return -np.logaddexp(0, -(2 * targets.astype(float) - 1) * logits.astype(float))


def of_the_truth(logits, targets):
    return np.exp(log_of_the_truth(logits, targets))


def weight_of(targets, alpha):
    return np.where(targets == 1, alpha, 1 - alpha)


def loss(logits, targets, alpha, gamma, *, weight=None, hardness=None, surprise=None):
    """The parts of the loss, of which a mistake changes one."""
    p = of_the_truth(logits, targets)
    weight = weight_of(targets, alpha) if weight is None else weight
    hardness = (1 - p) ** gamma if hardness is None else hardness
    surprise = -log_of_the_truth(logits, targets) if surprise is None else surprise
    return weight * hardness * surprise


def hardness_of_class_one(logits, targets, alpha=0.25, gamma=2.0):
    p, _ = probability(logits, targets)
    return loss(logits, targets, alpha, gamma, hardness=(1 - p) ** gamma)


def all_of_class_one(logits, targets, alpha=0.25, gamma=2.0):
    return loss(logits, np.ones_like(targets), alpha, gamma, weight=weight_of(targets, alpha))


def weighs_the_easy_ones(logits, targets, alpha=0.25, gamma=2.0):
    hardness = of_the_truth(logits, targets) ** gamma
    return loss(logits, targets, alpha, gamma, hardness=hardness)


def power_of_the_logarithm(logits, targets, alpha=0.25, gamma=2.0):
    surprise = (-log_of_the_truth(logits, targets)) ** gamma
    return loss(logits, targets, alpha, 0.0, surprise=surprise)


def power_of_p(logits, targets, alpha=0.25, gamma=2.0):
    hardness = 1 - of_the_truth(logits, targets) ** gamma
    return loss(logits, targets, alpha, gamma, hardness=hardness)


def gamma_times(logits, targets, alpha=0.25, gamma=2.0):
    hardness = gamma * (1 - of_the_truth(logits, targets))
    return loss(logits, targets, alpha, gamma, hardness=hardness)


def cross_entropy(logits, targets, alpha=0.25, gamma=2.0):
    return loss(logits, targets, alpha, 0.0)


def alpha_for_both(logits, targets, alpha=0.25, gamma=2.0):
    return loss(logits, targets, alpha, gamma, weight=alpha)


def alpha_exchanged(logits, targets, alpha=0.25, gamma=2.0):
    return loss(logits, targets, 1 - alpha, gamma)


def without_alpha(logits, targets, alpha=0.25, gamma=2.0):
    return loss(logits, targets, alpha, gamma, weight=1.0)


def alpha_on_the_truth_alone(logits, targets, alpha=0.25, gamma=2.0):
    return loss(logits, targets, alpha, gamma, weight=np.where(targets == 1, alpha, 1.0))


def with_the_papers_numbers(logits, targets, alpha=0.25, gamma=2.0):
    return loss(logits, targets, 0.25, 2.0)


def without_the_sign(logits, targets, alpha=0.25, gamma=2.0):
    return -loss(logits, targets, alpha, gamma)


def logarithm_of_zero(logits, targets, alpha=0.25, gamma=2.0):
    p, y = probability(logits, targets)
    of_truth = np.where(y == 1, p, 1 - p)
    return weight_of(targets, alpha) * (1 - of_truth) ** gamma * -np.log(of_truth)


def zero_times_infinity(logits, targets, alpha=0.25, gamma=2.0):
    p, y = probability(logits, targets)
    ones = -alpha * y * (1 - p) ** gamma * np.log(p)
    return ones - (1 - alpha) * (1 - y) * p**gamma * np.log(1 - p)


def cut_off(logits, targets, alpha=0.25, gamma=2.0):
    """In float32, as Keras does with probabilities: 1 - 1e-7 is 1 - 1.2e-7 there."""
    p, _ = probability(logits, targets)
    p = np.clip(p.astype(np.float32), np.float32(1e-7), np.float32(1 - 1e-7))
    of_truth = np.where(targets == 1, p, 1 - p).astype(float)
    return weight_of(targets, alpha) * (1 - of_truth) ** gamma * -np.log(of_truth)


def added_to_the_probability(logits, targets, alpha=0.25, gamma=2.0):
    of_truth = of_the_truth(logits, targets)
    return loss(logits, targets, alpha, gamma, surprise=-np.log(of_truth + 1e-7))


def exponential_overflows(logits, targets, alpha=0.25, gamma=2.0):
    """softplus(x) as log(1 + exp(x)), in float32."""
    margin = ((2 * targets.astype(float) - 1) * logits).astype(np.float32)
    surprise = np.log(1 + np.exp(-margin)).astype(float)
    return loss(logits, targets, alpha, gamma, surprise=surprise)


def logits_as_probabilities(logits, targets, alpha=0.25, gamma=2.0):
    p = logits.astype(float)
    of_truth = np.where(targets == 1, p, 1 - p)
    return weight_of(targets, alpha) * (1 - of_truth) ** gamma * -np.log(of_truth)


def the_sum(logits, targets, alpha=0.25, gamma=2.0):
    return loss(logits, targets, alpha, gamma).sum()


def the_mean(logits, targets, alpha=0.25, gamma=2.0):
    return loss(logits, targets, alpha, gamma).mean()


def over_the_positives(logits, targets, alpha=0.25, gamma=2.0):
    return loss(logits, targets, alpha, gamma) / max(np.sum(targets == 1), 1)


def draw_case(rng):
    shape = tuple(int(n) for n in rng.integers(1, 5, rng.integers(1, 4)))
    logits = rng.normal(0, 2, shape).clip(-5, 5).round(2).astype(np.float32)
    targets = (rng.random(shape) < 0.4).astype(np.float32)
    if rng.random() < 0.3:
        return logits, targets
    return logits, targets, float(rng.choice([0.1, 0.5, 0.75])), float(rng.choice([0, 1, 3]))


def row(*numbers):
    return np.array(numbers, np.float32)


focal_loss = Exercise(
    reference=detectors.focal_loss,
    chapter="22_detectors",
    task=(
        "Return the focal loss of each logit: the weighted binary cross-entropy, times a factor "
        "that is small where the prediction is right already."
    ),
    minutes=10,
    difficulty=2,
    points=3,
    num_random_cases=25,
    cases=[
        Case("no logits", (row(), row())),
        Case("an object, undecided", (row(0), row(1))),
        Case("background, undecided", (row(0), row(0))),
        Case("an object that is found", (row(2), row(1))),
        Case("an object that is missed", (row(-2), row(1))),
        Case("background that is seen as such", (row(-2), row(0))),
        Case("background that is taken for an object", (row(2), row(0))),
        Case("gamma 0: a weighted cross-entropy", (row(-1, 1), row(1, 0), 0.75, 0.0)),
        Case("gamma 5", (row(-1, 1), row(1, 0), 0.25, 5.0)),
        Case("alpha 1: background does not count", (row(-1, 1), row(1, 0), 1.0, 2.0)),
        Case("alpha 0: objects do not count", (row(-1, 1), row(1, 0), 0.0, 2.0)),
        Case("two images, two points", (row([1, -2], [0.5, 3]), row([0, 1], [1, 0]))),
        Case("a large logit, wrongly", (row(40), row(0))),
        Case("a very large logit, rightly", (row(1000, -1000), row(1, 0))),
        Case("a very large logit, wrongly", (row(1000, -1000), row(0, 1))),
        Case("targets that are whole numbers", (row(-1, 2), np.array([1, 0]))),
        Case("float64", (np.array([-1.0, 2.0]), np.array([1.0, 0.0]))),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "there is one value for each logit",
            lambda args, got: np.shape(got) == args[0].shape,
        ),
        Property("no value is NaN or infinite", lambda args, got: bool(np.isfinite(got).all())),
        Property("no value is below 0", lambda args, got: bool((np.asarray(got) >= 0).all())),
    ],
    hints=(
        "Call p the probability that is given to the *truth*: the sigmoid of the logit where the "
        "target is 1, and of minus the logit where it is 0. What is log(p), written so that p "
        "never becomes 0?",
        "log(sigmoid(x)) is -softplus(-x), and 1 - sigmoid(x) is exp(-softplus(x)). "
        "`keras.ops.softplus` overflows nowhere. A sign, 2 · target - 1, turns both cases into "
        "one. Cast logits and targets to float32 first.",
        '`logits = keras.ops.cast(logits, "float32")`, `sign = 2 * keras.ops.cast(targets, '
        '"float32") - 1`, `margin = sign * logits`; the weight is alpha where the sign is 1, '
        "1 - alpha where it is -1; then `weight * keras.ops.exp(-gamma * "
        "keras.ops.softplus(margin)) * keras.ops.softplus(-margin)`.",
    ),
    misconceptions=[
        Misconception(
            "its factor takes the probability of class 1 for background, too",
            hardness_of_class_one,
            "With background, p is the probability of *background*, 1 - sigmoid(x). Otherwise "
            "the easy background counts in full, and it is that which drowns everything else.",
        ),
        Misconception(
            "it teaches that everything is an object",
            all_of_class_one,
            "The targets choose the weight only. Where a target is 0, p is 1 - sigmoid(x), in "
            "both places of the formula.",
        ),
        Misconception(
            "it gives more weight to what is right already",
            weighs_the_easy_ones,
            "p**gamma is large where p is. It is (1 - p)**gamma that fades out the easy ones.",
        ),
        Misconception(
            "it takes the power of the logarithm",
            power_of_the_logarithm,
            "gamma belongs to the factor (1 - p), not to log(p): (-log p)**gamma makes large "
            "losses larger and never fades out.",
        ),
        Misconception(
            "it subtracts the power from 1",
            power_of_p,
            "(1 - p)**gamma, not 1 - p**gamma: first subtract, then raise.",
        ),
        Misconception(
            "it multiplies by gamma",
            gamma_times,
            "gamma is an exponent: (1 - p)**gamma.",
        ),
        Misconception(
            "it is the weighted cross-entropy",
            cross_entropy,
            "gamma has no influence: a hundred thousand easy background points outweigh the "
            "few objects.",
        ),
        Misconception(
            "it weighs both classes with alpha",
            alpha_for_both,
            "A factor that all share balances nothing. Background gets 1 - alpha.",
        ),
        Misconception(
            "it exchanges alpha and 1 - alpha",
            alpha_exchanged,
            "alpha is the weight of targets of 1. That 0.25 is below a half surprises many: the "
            "factor has already taken so much from the background.",
        ),
        Misconception(
            "it forgets alpha",
            without_alpha,
            "alpha has no influence. The paper gives alpha to targets of 1 and 1 - alpha to the "
            "others.",
        ),
        Misconception(
            "it gives background a weight of 1",
            alpha_on_the_truth_alone,
            "Targets of 0 get 1 - alpha.",
        ),
        Misconception(
            "it always takes the paper's numbers",
            with_the_papers_numbers,
            "0.25 and 2 are the defaults. Use the arguments.",
        ),
        Misconception(
            "it forgets the minus",
            without_the_sign,
            "The logarithm of a probability is negative. A loss is 0 or more, or training makes "
            "it as bad as it can.",
        ),
        Misconception(
            "it takes the logarithm of 0",
            logarithm_of_zero,
            "The sigmoid of a large logit is 1 to the last digit, and log(1 - 1) is -infinity. "
            "One such point makes the whole sum infinite. Write log(p) as -softplus.",
        ),
        Misconception(
            "it multiplies 0 by infinity",
            zero_times_infinity,
            "Both halves of the sum are computed everywhere, and where a target is 0, 0 · log(0) "
            "is NaN. Choose by the sign of one margin, and take softplus in place of log.",
        ),
        Misconception(
            "it cuts the probabilities off",
            cut_off,
            "So does Keras with probabilities, at 1e-7: nothing is infinite, but beyond a logit "
            "of 16 the loss is flat. A mistake that is so sure has no gradient, and is never "
            "unlearnt.",
        ),
        Misconception(
            "it adds a little to the probability",
            added_to_the_probability,
            "log(p + 1e-7) is finite, but flat where p is smaller: the worst mistakes teach "
            "nothing.",
        ),
        Misconception(
            "its exponential overflows",
            exponential_overflows,
            "exp(89) is infinite in float32. `keras.ops.softplus` knows that log(1 + exp(x)) is x "
            "there.",
        ),
        Misconception(
            "it takes the logits for probabilities",
            logits_as_probabilities,
            "A logit can be negative or above 1. Its sigmoid is the probability.",
        ),
        Misconception(
            "it returns the sum",
            the_sum,
            "One value for each logit: the caller masks what does not count, and divides by the "
            "number of objects.",
        ),
        Misconception(
            "it returns the mean",
            the_mean,
            "One value for each logit. A mean over all points, nearly all of them background, "
            "would shrink with the image's size.",
        ),
        Misconception(
            "it divides by the number of objects",
            over_the_positives,
            "RetinaNet does so, after it has summed. The docstring asks for the values "
            "themselves.",
        ),
    ],
)
