"""Exercise of chapter 31: what the two sides of a GAN minimise, from logits."""

import numpy as np

from helpers import generation
from helpers.course.exercise import Case, Exercise, Misconception, Property


def softplus(x):
    return np.logaddexp(0, x)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def right_discriminator(real_logits, fake_logits):
    return float(softplus(-real_logits).mean() + softplus(fake_logits).mean())


def right_generator(fake_logits):
    return float(softplus(-fake_logits).mean())


def saturating(real_logits, fake_logits):
    generator = -softplus(fake_logits).mean()
    return right_discriminator(real_logits, fake_logits), float(generator)


def generator_that_calls_its_clips_fake(real_logits, fake_logits):
    return right_discriminator(real_logits, fake_logits), float(softplus(fake_logits).mean())


def generator_of_the_real_logits(real_logits, fake_logits):
    return right_discriminator(real_logits, fake_logits), right_generator(real_logits)


def generator_against_the_discriminator(real_logits, fake_logits):
    discriminator = right_discriminator(real_logits, fake_logits)
    return discriminator, -discriminator


def labels_swapped(real_logits, fake_logits):
    discriminator = softplus(real_logits).mean() + softplus(-fake_logits).mean()
    return float(discriminator), right_generator(fake_logits)


def both_labels_swapped(real_logits, fake_logits):
    return labels_swapped(real_logits, fake_logits)[0], float(softplus(fake_logits).mean())


def sigmoid_then_log(real_logits, fake_logits):
    return cross_entropies(sigmoid(real_logits), sigmoid(fake_logits))


def cross_entropies(real, fake):
    """Both losses, of probabilities."""
    discriminator = -np.log(real).mean() - np.log(1 - fake).mean()
    return float(discriminator), float(-np.log(fake).mean())


def with_a_little(little):
    """The answer that adds so much inside the log."""

    def added(real_logits, fake_logits):
        real, fake = sigmoid(real_logits), sigmoid(fake_logits)
        discriminator = -np.log(real + little).mean() - np.log(1 - fake + little).mean()
        return float(discriminator), float(-np.log(fake + little).mean())

    return added


def sigmoid_then_clip(real_logits, fake_logits):
    """As Keras's cross-entropy does, without `from_logits`."""
    real, fake = sigmoid(real_logits), sigmoid(fake_logits)
    return cross_entropies(np.clip(real, 1e-7, 1 - 1e-7), np.clip(fake, 1e-7, 1 - 1e-7))


def log_of_one_plus_exp(real_logits, fake_logits):
    discriminator = (
        np.log(1 + np.exp(-real_logits)).mean() + np.log1p(np.exp(fake_logits)).mean()
    )
    return float(discriminator), float(np.log(1 + np.exp(-fake_logits)).mean())


def logits_taken_for_probabilities(real_logits, fake_logits):
    discriminator = -np.log(real_logits).mean() - np.log(1 - fake_logits).mean()
    return float(discriminator), float(-np.log(fake_logits).mean())


def sums(real_logits, fake_logits):
    discriminator = softplus(-real_logits).sum() + softplus(fake_logits).sum()
    return float(discriminator), float(softplus(-fake_logits).sum())


def half_a_discriminator(real_logits, fake_logits):
    return right_discriminator(real_logits, fake_logits) / 2, right_generator(fake_logits)


def one_mean_over_both_batches(real_logits, fake_logits):
    losses = np.concatenate([softplus(-real_logits).ravel(), softplus(fake_logits).ravel()])
    return float(losses.mean()), right_generator(fake_logits)


def twice_one_mean_over_both_batches(real_logits, fake_logits):
    discriminator, generator = one_mean_over_both_batches(real_logits, fake_logits)
    return 2 * discriminator, generator


def loss_of_the_mean_logit(real_logits, fake_logits):
    real, fake = real_logits.mean(), fake_logits.mean()
    return float(softplus(-real) + softplus(fake)), float(softplus(-fake))


def a_loss_for_each_clip(real_logits, fake_logits):
    return softplus(-real_logits), softplus(-fake_logits)


def real_clips_only(real_logits, fake_logits):
    return float(softplus(-real_logits).mean()), right_generator(fake_logits)


def generator_first(real_logits, fake_logits):
    return right_generator(fake_logits), right_discriminator(real_logits, fake_logits)


def hinge(real_logits, fake_logits):
    discriminator = np.maximum(0, 1 - real_logits).mean()
    discriminator += np.maximum(0, 1 + fake_logits).mean()
    return float(discriminator), float(-fake_logits.mean())


def wasserstein(real_logits, fake_logits):
    return float(fake_logits.mean() - real_logits.mean()), float(-fake_logits.mean())


def least_squares(real_logits, fake_logits):
    discriminator = ((real_logits - 1) ** 2).mean() + (fake_logits**2).mean()
    return float(discriminator), float(((fake_logits - 1) ** 2).mean())


def in_bits(real_logits, fake_logits):
    discriminator = right_discriminator(real_logits, fake_logits)
    return discriminator / np.log(2), right_generator(fake_logits) / np.log(2)


def draw_logits(rng):
    width = float(rng.choice([1.0, 5.0, 100.0]))
    tail = [(), (1,), (2, 3, 3, 1)][rng.integers(3)]
    sizes = rng.integers(1, 6, 2)
    return tuple(np.round(rng.normal(0, width, (size, *tail)), 3) for size in sizes)


gan_losses = Exercise(
    reference=generation.gan_losses,
    chapter="31_video_generation",
    task=(
        "Return the discriminator's loss and the generator's non-saturating loss, from the logits "
        "for real and for fake clips, for logits of any size."
    ),
    minutes=12,
    difficulty=2,
    points=4,
    cases=[
        Case("a discriminator that knows nothing", (np.zeros(1), np.zeros(1))),
        Case("it is sure, and right", (np.array([1e4]), np.array([-1e4]))),
        Case("it is sure, and wrong", (np.array([-1e4]), np.array([1e4]))),
        Case("one real clip, one fake", (np.array([2.0]), np.array([-1.0]))),
        Case("batches of two sizes", (np.array([2.0, 0.5, -1.0]), np.array([-3.0]))),
        Case("logits of the shape (batch, 1)", (np.array([[1.0], [3.0]]), np.array([[0.5]]))),
        Case(
            "a discriminator of patches: many logits a clip",
            (np.array([[[3.0, 1.0], [0.0, -2.0]]]), np.array([[[0.5, -4.0], [1.0, 0.0]]])),
        ),
        Case(
            "a batch of both kinds of logits",
            (np.array([800.0, -1.0]), np.array([-800.0, 40.0])),
        ),
    ],
    random_case=draw_logits,
    properties=[
        Property(
            "both losses are finite and not negative",
            lambda args, got: all(np.isfinite(loss) and loss >= 0 for loss in got),
        ),
    ],
    hints=(
        "There are three means: over the real clips with the label 1, over the fake ones with the "
        "label 0, and over the fake ones with the label 1. Which belong to whom?",
        "The cross-entropy with the label 1 is −log(sigmoid(x)) = log(1 + exp(−x)); with the label "
        "0 it is log(1 + exp(x)). Written like that, exp overflows at 710: "
        "`np.logaddexp(a, b)` is log(exp(a) + exp(b)) without it.",
        "The discriminator: `np.logaddexp(0, -real_logits).mean() + np.logaddexp(0, "
        "fake_logits).mean()`. The generator: `np.logaddexp(0, -fake_logits).mean()`. Both as "
        "`float`.",
    ),
    misconceptions=[
        Misconception(
            "its generator minimises log(1 − D), the saturating loss",
            saturating,
            "That is the minimax game's loss. Where the discriminator is sure of a fake, as at the "
            "beginning, its slope is about 0, and the generator learns nothing. Take −log(D).",
        ),
        Misconception(
            "its generator wants its clips to be called fake",
            generator_that_calls_its_clips_fake,
            "That is the discriminator's part of it. It wants the label 1 for its clips.",
        ),
        Misconception(
            "its generator's loss is made of the real logits",
            generator_of_the_real_logits,
            "The real clips do not depend on the generator: from them it gets no gradient at all.",
        ),
        Misconception(
            "its generator's loss is the discriminator's with a minus",
            generator_against_the_discriminator,
            "That is the zero-sum game, whose slope vanishes where fakes are found out. The "
            "non-saturating loss is a function of its own: −log(D) of the fakes.",
        ),
        Misconception(
            "its discriminator takes real for fake",
            labels_swapped,
            "The real clips have the label 1: −log(sigmoid(x)) = log(1 + exp(−x)), with the minus.",
        ),
        Misconception(
            "it has the labels of both sides swapped",
            both_labels_swapped,
            "It might even train, as the mirror of a GAN. But the contract says that the logit is "
            "the log of the odds that a clip is real: real is 1.",
        ),
        Misconception(
            "it takes the log of a sigmoid",
            sigmoid_then_log,
            "In float64 the sigmoid of 40 is exactly 1 (of 17 in float32), and log(1 − 1) is "
            "−infinity. Put the two together: log(1 + exp(x)), by `np.logaddexp(0, x)`.",
        ),
        Misconception(
            "it adds a little to the sigmoid before the log",
            with_a_little(1e-8),
            "That is finite, but the loss stays at 18 however wrong the discriminator is, and "
            "there the gradient is 0. From logits it needs no such addition.",
        ),
        *(
            Misconception(
                f"it adds {little} to the sigmoid before the log",
                with_a_little(float(little)),
                f"That is finite, but the loss stays at {stays} however wrong the "
                "discriminator is, and there the gradient is 0. From logits it needs no such "
                "addition.",
            )
            for little, stays in {"1e-6": 14, "1e-7": 16, "1e-10": 23, "1e-12": 28}.items()
        ),
        Misconception(
            "it clips the sigmoid before the log",
            sigmoid_then_clip,
            "So does Keras's cross-entropy when not told `from_logits=True`. The loss stays at 16 "
            "however wrong the discriminator is, and there the gradient is 0. From logits there is "
            "nothing to clip.",
        ),
        Misconception(
            "it takes log(1 + exp(x)) word for word",
            log_of_one_plus_exp,
            "exp overflows at 710 (at 89 in float32), and the loss is infinite. "
            "`np.logaddexp(0, x)` is the same without that.",
        ),
        Misconception(
            "it takes logits for probabilities",
            logits_taken_for_probabilities,
            "A logit can be any number, and the log of a negative one is NaN. The probability is "
            "its sigmoid.",
        ),
        Misconception(
            "it sums over the clips",
            sums,
            "Then the learning rate would depend on the size of the batch. Take means.",
        ),
        Misconception(
            "it halves the discriminator's loss",
            half_a_discriminator,
            "Some papers do, which is half the learning rate. Here it is the plain sum of the two "
            "means.",
        ),
        Misconception(
            "it takes one mean over real and fake clips together",
            one_mean_over_both_batches,
            "Then the larger batch counts more, and the sum is halved. One mean for each, added.",
        ),
        Misconception(
            "it takes twice one mean over real and fake clips together",
            twice_one_mean_over_both_batches,
            "That is right only where both batches are of one size: otherwise the larger one "
            "counts more. One mean for each, added.",
        ),
        Misconception(
            "it takes the mean of the logits first",
            loss_of_the_mean_logit,
            "The loss bends, so the loss of a mean is not the mean of the losses: a clip that is "
            "badly wrong hides behind the others.",
        ),
        Misconception(
            "it returns a loss for each clip",
            a_loss_for_each_clip,
            "Right so far, but the discriminator has two terms, and each is a mean.",
        ),
        Misconception(
            "its discriminator looks at real clips only",
            real_clips_only,
            "Then it calls everything real, and is right each time. The fakes have to count.",
        ),
        Misconception(
            "it returns the generator's loss first",
            generator_first,
            "The contract has the discriminator's loss first.",
        ),
        Misconception(
            "it is the hinge loss",
            hinge,
            "A good loss, used by many video GANs, but another one: here it is the cross-entropy.",
        ),
        Misconception(
            "it is the loss of a Wasserstein GAN",
            wasserstein,
            "There the discriminator's outputs are scores without bounds, and it needs a gradient "
            "penalty. Here they are logits of a probability.",
        ),
        Misconception(
            "it is the least-squares loss",
            least_squares,
            "LSGAN punishes a logit of 5 for a real clip since it is not 1. Here it is the "
            "cross-entropy.",
        ),
        Misconception(
            "it takes logarithms to the base 2",
            in_bits,
            "Keras and TensorFlow take the natural logarithm.",
        ),
    ],
)
