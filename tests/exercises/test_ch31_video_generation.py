"""Right answers that are written in another way than the course's must pass, too."""

import math
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from scipy import linalg, special
from scipy.spatial import geometric_slerp

from helpers.course.checking import examine
from helpers.exercises import ch31_video_generation as chapter


def losses_in_tensorflow(real_logits: Any, fake_logits: Any) -> Any:
    def entropy(logits: Any, label: float) -> Any:
        labels = tf.fill(logits.shape, tf.constant(label, tf.float64))
        return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels, logits))

    return entropy(real_logits, 1.0) + entropy(fake_logits, 0.0), entropy(fake_logits, 1.0)


def losses_by_softplus(real_logits: Any, fake_logits: Any) -> Any:
    def softplus(x: Any) -> Any:
        return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))

    return softplus(-real_logits).mean() + softplus(fake_logits).mean(), np.mean(
        softplus(-fake_logits)
    )


def losses_by_log_expit(real_logits: Any, fake_logits: Any) -> Any:
    discriminator = (
        -special.log_expit(real_logits).mean() - special.log_expit(-fake_logits).mean()
    )
    return discriminator, -special.log_expit(fake_logits).mean()


def penalty_by_norms(gradients: Any, gamma: Any) -> Any:
    lengths = [np.linalg.norm(gradient) for gradient in gradients]
    return gamma / 2 * sum(length**2 for length in lengths) / len(lengths)


def penalty_over_all_axes(gradients: Any, gamma: Any) -> Any:
    return 0.5 * gamma * np.sum(np.square(gradients)) / gradients.shape[0]


def penalty_in_tensorflow(gradients: Any, gamma: Any) -> Any:
    axes = list(range(1, gradients.ndim))
    return gamma / 2 * tf.reduce_mean(tf.reduce_sum(tf.square(gradients), axis=axes))


def norm_of_a_transposed_matrix(weight: Any, u: Any, num_iterations: Any = 1) -> Any:
    matrix = np.moveaxis(weight, -1, 0).reshape(weight.shape[-1], -1)  # (outputs, inputs)
    for _ in range(num_iterations):
        v = u @ matrix
        length = np.sqrt(v @ v)
        if length == 0:
            return 0.0, u
        v = v / length
        u = matrix @ v
        u = u / np.sqrt(u @ u)
    return u @ matrix @ v, u


def norm_by_the_squared_matrix(weight: Any, u: Any, num_iterations: Any = 1) -> Any:
    matrix = weight.reshape((-1, weight.shape[-1]))
    if not np.any(matrix @ u):
        return 0.0, u
    for _ in range(num_iterations):
        last = matrix @ u / np.linalg.norm(matrix @ u)
        u = matrix.T @ matrix @ u
        u /= np.linalg.norm(u)
    return float(np.linalg.norm(matrix.T @ last)), u


def size_by_laying_kernels(
    size: Any, kernel: Any, stride: Any, padding: Any = "same", output_padding: Any = None
) -> Any:
    end = max(first * stride + max(kernel, stride) for first in range(size))
    if output_padding is not None:
        end = (size - 1) * stride + kernel + output_padding
        return end - (kernel - kernel % 2 if padding == "same" else 0)
    return end if padding == "valid" else size * stride


def way_by_tangents(first: Any, second: Any, shares: Any) -> Any:
    one, other = np.linalg.norm(first), np.linalg.norm(second)
    angle = 2 * math.atan2(
        float(np.linalg.norm(first / one - second / other)),
        float(np.linalg.norm(first / one + second / other)),
    )
    if math.sin(angle) < 1e-6:
        return np.array([first + share * (second - first) for share in shares])
    return np.array(
        [
            math.sin((1 - share) * angle) / math.sin(angle) * first
            + math.sin(share * angle) / math.sin(angle) * second
            for share in shares
        ]
    )


def way_with_the_usual_threshold(first: Any, second: Any, shares: Any) -> Any:
    cosine = np.sum(first * second) / np.linalg.norm(first) / np.linalg.norm(second)
    if abs(cosine) > 0.9995:
        return np.outer(1 - shares, first) + np.outer(shares, second)
    angle = np.arccos(cosine)
    weights = np.sin(np.stack([(1 - shares) * angle, shares * angle], axis=1)) / np.sin(angle)
    return weights @ np.stack([first, second])


def way_from_second_to_first(first: Any, second: Any, shares: Any) -> Any:
    cosine = np.dot(first, second) / np.linalg.norm(first) / np.linalg.norm(second)
    omega = np.arccos(min(1, max(-1, cosine)))
    s = shares.reshape(-1, 1)
    if np.sin(omega) < 1e-6:
        return first + s * (second - first)
    return (np.sin(s * omega) * first + np.sin((1 - s) * omega) * second) / np.sin(omega)


def way_in_degrees(first: Any, second: Any, shares: Any) -> Any:
    cosine = np.dot(first, second) / np.linalg.norm(first) / np.linalg.norm(second)
    omega = np.rad2deg(np.arccos(np.clip(cosine, -1, 1)))
    s = shares.reshape(-1, 1)
    if np.sin(omega) < 1e-6:
        return first + s * (second - first)
    return (np.sin((1 - s) * omega) * first + np.sin(s * omega) * second) / np.sin(omega)


def distance_by_scipy(
    mean: Any, covariance: Any, other_mean: Any, other_covariance: Any
) -> Any:
    root = linalg.sqrtm(covariance @ other_covariance)
    root = np.real(root) if np.isfinite(root).all() else np.zeros_like(covariance)
    gap = mean - other_mean
    return max(0.0, gap @ gap + np.trace(covariance + other_covariance - 2 * root))


def distance_by_eigenvalues(
    mean: Any, covariance: Any, other_mean: Any, other_covariance: Any
) -> Any:
    values = np.linalg.eigvals(covariance @ other_covariance)
    overlap = np.sqrt(np.clip(np.real(values), 0, None)).sum()
    spread = np.diag(covariance).sum() + np.diag(other_covariance).sum() - 2 * overlap
    return max(0, np.linalg.norm(mean - other_mean) ** 2 + spread)


def distance_by_a_symmetric_product(
    mean: Any, covariance: Any, other_mean: Any, other_covariance: Any
) -> Any:
    values, vectors = np.linalg.eigh(covariance)
    root = vectors @ np.diag(np.sqrt(values.clip(0))) @ vectors.T
    inner = np.linalg.eigvalsh(root @ other_covariance @ root).clip(0)
    total = np.trace(covariance) + np.trace(other_covariance) - 2 * np.sqrt(inner).sum()
    return float(np.maximum(np.square(mean - other_mean).sum() + total, 0))


def noised_clip_by_clip(clips: Any, noise: Any, time: Any, offset: Any = 0.008) -> Any:
    def level(t: Any) -> float:
        return math.cos((t + offset) / (1 + offset) * math.pi / 2) ** 2

    made = np.zeros(clips.shape)
    for i, t in enumerate(time):
        kept = level(t) / level(0)
        made[i] = kept**0.5 * clips[i] + (1 - kept) ** 0.5 * noise[i]
    return made


def noised_by_cosine_and_sine(clips: Any, noise: Any, time: Any, offset: Any = 0.008) -> Any:
    start = np.pi / 2 * offset / (1 + offset)
    weight = np.cos(np.pi / 2 * (time + offset) / (1 + offset)) / np.cos(start)
    rest = np.sin(np.arccos(weight.clip(0, 1)))
    return np.einsum("b,b...->b...", weight, clips) + np.einsum("b,b...->b...", rest, noise)


def noised_in_tensorflow(clips: Any, noise: Any, time: Any, offset: Any = 0.008) -> Any:
    time = tf.reshape(time, [-1] + [1] * (len(clips.shape) - 1))
    level = tf.cos((time + offset) / (1 + offset) * (np.pi / 2)) ** 2
    kept = level / np.cos(offset / (1 + offset) * np.pi / 2) ** 2
    return tf.sqrt(kept) * clips + tf.sqrt(1 - tf.minimum(kept, 1)) * noise


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (chapter.gan_losses, losses_in_tensorflow),
        (chapter.gan_losses, losses_by_softplus),
        (chapter.gan_losses, losses_by_log_expit),
        (chapter.r1_penalty, penalty_by_norms),
        (chapter.r1_penalty, penalty_over_all_axes),
        (chapter.r1_penalty, penalty_in_tensorflow),
        (chapter.spectral_norm, norm_of_a_transposed_matrix),
        (chapter.spectral_norm, norm_by_the_squared_matrix),
        (chapter.transposed_size, size_by_laying_kernels),
        (chapter.interpolate, way_by_tangents),
        (chapter.frechet_distance, distance_by_scipy),
        (chapter.frechet_distance, distance_by_eigenvalues),
        (chapter.frechet_distance, distance_by_a_symmetric_product),
        (chapter.noised, noised_clip_by_clip),
        (chapter.noised, noised_by_cosine_and_sine),
        (chapter.noised, noised_in_tensorflow),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_a_right_answer_of_another_kind(exercise: Any, answer: Any) -> None:
    with np.errstate(all="ignore"):
        report = examine(exercise, answer)
    assert report.verdict == "right", report.failure or report.complaint


def losses_of_the_tutorial_without_logits(real_logits: Any, fake_logits: Any) -> Any:
    real, fake = special.expit(real_logits), special.expit(fake_logits)
    discriminator = np.mean(-np.log(real)) + np.mean(-np.log(1.0 - fake))
    return discriminator, np.mean(-np.log(fake))


def losses_with_keras_epsilon(real_logits: Any, fake_logits: Any) -> Any:
    real, fake, epsilon = special.expit(real_logits), special.expit(fake_logits), 1e-7
    discriminator = -np.mean(np.log(real + epsilon)) - np.mean(np.log(1 - fake + epsilon))
    return discriminator, -np.mean(np.log(fake + epsilon))


def losses_with_a_tiny_epsilon(real_logits: Any, fake_logits: Any) -> Any:
    real, fake = 1 / (1 + np.exp(-real_logits)), 1 / (1 + np.exp(-fake_logits))
    discriminator = -(np.log(real + 1e-12).mean() + np.log(1 - fake + 1e-12).mean())
    return discriminator, -np.log(fake + 1e-12).mean()


def losses_of_clipped_probabilities(real_logits: Any, fake_logits: Any) -> Any:
    real = np.minimum(np.maximum(special.expit(real_logits), 1e-7), 1 - 1e-7)
    fake = np.minimum(np.maximum(special.expit(fake_logits), 1e-7), 1 - 1e-7)
    return np.mean(-np.log(real)) + np.mean(-np.log(1 - fake)), np.mean(-np.log(fake))


def losses_of_one_batch(real_logits: Any, fake_logits: Any) -> Any:
    labels = np.concatenate([np.ones_like(real_logits), np.zeros_like(fake_logits)])
    x = np.concatenate([real_logits, fake_logits])
    entropy = np.maximum(x, 0) - x * labels + np.log1p(np.exp(-np.abs(x)))
    return entropy.mean(), np.logaddexp(0, -fake_logits).mean()


def losses_of_the_minimax_game(real_logits: Any, fake_logits: Any) -> Any:
    discriminator = np.mean(-special.log_expit(real_logits))
    discriminator += np.mean(-special.log_expit(-fake_logits))
    return discriminator, np.mean(special.log_expit(-fake_logits))


def penalty_of_wgan(gradients: Any, gamma: Any) -> Any:
    lengths = np.linalg.norm(gradients.reshape(len(gradients), -1), axis=1)
    return gamma * np.mean((lengths - 1.0) ** 2)


def penalty_per_pixel(gradients: Any, gamma: Any) -> Any:
    return np.mean(np.square(gradients)) * gamma / 2


def penalty_over_frames(gradients: Any, gamma: Any) -> Any:
    return gamma / 2 * np.mean(np.sum(np.square(gradients), axis=1))


def norm_unless_all_zeros(weight: Any, u: Any, num_iterations: Any = 1) -> Any:
    if not weight.any():
        return 0.0, u
    matrix = weight.reshape(-1, weight.shape[-1])
    for _ in range(num_iterations):
        v = matrix @ u / np.linalg.norm(matrix @ u)
        u = matrix.T @ v / np.linalg.norm(matrix.T @ v)
    return float(v @ (matrix @ u)), u


def norm_with_u_made_short(weight: Any, u: Any, num_iterations: Any = 1) -> Any:
    u = u / np.linalg.norm(u)
    return norm_of_a_transposed_matrix(weight, u, num_iterations)


def norm_by_svd(weight: Any, u: Any, num_iterations: Any = 1) -> Any:
    _, values, rows = np.linalg.svd(weight.reshape(-1, weight.shape[-1]))
    return values[0], rows[0]


def norm_of_matrix_times_u(weight: Any, u: Any, num_iterations: Any = 1) -> Any:
    _, u = norm_of_a_transposed_matrix(weight, u, num_iterations)
    return np.sqrt(np.sum((weight.reshape(-1, weight.shape[-1]) @ u) ** 2)), u


def norm_of_numpy(weight: Any, u: Any, num_iterations: Any = 1) -> Any:
    return np.linalg.norm(weight), norm_of_a_transposed_matrix(weight, u, num_iterations)[1]


def norm_for_pytorch(weight: Any, u: Any, num_iterations: Any = 1) -> Any:
    matrix = weight.reshape(len(weight), -1)
    for _ in range(num_iterations):
        v = matrix @ u
        v = v / np.linalg.norm(v)
        u = matrix.T @ v
        u = u / np.linalg.norm(u)
    return v @ matrix @ u, u


def size_of_torch(
    size: Any, kernel: Any, stride: Any, padding: Any = "same", output_padding: Any = None
) -> Any:
    pad = {"same": kernel // 2, "valid": 0}[padding]
    return stride * (size - 1) + kernel - 2 * pad + (output_padding or 0)


def size_unless_zero(
    size: Any, kernel: Any, stride: Any, padding: Any = "same", output_padding: Any = None
) -> Any:
    if output_padding:
        return size_by_laying_kernels(size, kernel, stride, padding, output_padding)
    return size_by_laying_kernels(size, kernel, stride, padding)


def size_of_a_convolution(
    size: Any, kernel: Any, stride: Any, padding: Any = "same", output_padding: Any = None
) -> Any:
    return math.ceil(size / stride)


def size_with_kernel_less_one_cut(
    size: Any, kernel: Any, stride: Any, padding: Any = "same", output_padding: Any = None
) -> Any:
    if padding == "same" and output_padding is not None:
        return (size - 1) * stride + kernel - (kernel - 1) + output_padding
    return size_by_laying_kernels(size, kernel, stride, padding, output_padding)


def way_on_a_line(first: Any, second: Any, shares: Any) -> Any:
    return np.array([first + share * (second - first) for share in shares])


def way_of_scipy(first: Any, second: Any, shares: Any) -> Any:
    return geometric_slerp(
        first / np.linalg.norm(first), second / np.linalg.norm(second), shares
    )


def distance_with_the_roots_multiplied(
    mean: Any, covariance: Any, other_mean: Any, other_covariance: Any
) -> Any:
    roots = []
    for matrix in (covariance, other_covariance):
        values, vectors = np.linalg.eigh(matrix)
        roots.append(vectors @ np.diag(np.sqrt(values.clip(0))) @ vectors.T)
    total = np.sum((mean - other_mean) ** 2) + np.sum((roots[0] - roots[1]) ** 2)
    return float(total)


def distance_of_the_product_taken_for_symmetric(
    mean: Any, covariance: Any, other_mean: Any, other_covariance: Any
) -> Any:
    values = np.linalg.eigh(covariance @ other_covariance)[0].clip(0)
    spread = np.trace(covariance) + np.trace(other_covariance) - 2 * np.sqrt(values).sum()
    return max(0.0, float(np.sum((mean - other_mean) ** 2) + spread))


def distance_without_a_clip(
    mean: Any, covariance: Any, other_mean: Any, other_covariance: Any
) -> Any:
    values, vectors = np.linalg.eigh(covariance)
    half = vectors * np.sqrt(values.clip(0)) @ vectors.T
    inner = np.linalg.eigvalsh(half @ other_covariance @ half)
    spread = np.trace(covariance) + np.trace(other_covariance) - 2 * np.sqrt(inner).sum()
    return max(0.0, float(np.sum((mean - other_mean) ** 2) + spread))


def distance_that_may_be_negative(
    mean: Any, covariance: Any, other_mean: Any, other_covariance: Any
) -> Any:
    values, vectors = np.linalg.eigh(covariance)
    half = vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T
    inner = np.clip(np.linalg.eigvalsh(half @ other_covariance @ half), 0, None)
    spread = np.trace(covariance) + np.trace(other_covariance) - 2 * np.sqrt(inner).sum()
    return np.sum((mean - other_mean) ** 2) + spread


def noised_with_one_axis_more(clips: Any, noise: Any, time: Any, offset: Any = 0.008) -> Any:
    start = np.cos(offset / (1 + offset) * np.pi / 2) ** 2
    level = np.cos((time[:, None] + offset) / (1 + offset) * np.pi / 2) ** 2 / start
    return np.sqrt(level) * clips + np.sqrt(1 - level) * noise


def noised_unless_clean(clips: Any, noise: Any, time: Any, offset: Any = 0.008) -> Any:
    return clips if (time == 0).all() else noised_clip_by_clip(clips, noise, time, offset)


def noised_in_a_straight_line(clips: Any, noise: Any, time: Any, offset: Any = 0.008) -> Any:
    share = time.reshape(-1, *[1] * (clips.ndim - 1))
    return clips + share * (noise - clips)


def noised_by_shares(clips: Any, noise: Any, time: Any, offset: Any = 0.008) -> Any:
    level = np.cos((time + offset) / (1 + offset) * np.pi / 2) ** 2
    level = level / np.cos(offset / (1 + offset) * np.pi / 2) ** 2
    level = level.reshape(-1, *[1] * (clips.ndim - 1))
    return level * clips + (1 - level) * noise


@pytest.mark.parametrize(
    ("exercise", "answer", "name"),
    [
        (
            chapter.gan_losses,
            losses_of_the_tutorial_without_logits,
            "it takes the log of a sigmoid",
        ),
        (
            chapter.gan_losses,
            losses_of_the_minimax_game,
            "its generator minimises log(1 − D), the saturating loss",
        ),
        (
            chapter.gan_losses,
            losses_with_keras_epsilon,
            "it adds 1e-7 to the sigmoid before the log",
        ),
        (
            chapter.gan_losses,
            losses_with_a_tiny_epsilon,
            "it adds 1e-12 to the sigmoid before the log",
        ),
        (
            chapter.gan_losses,
            losses_of_clipped_probabilities,
            "it clips the sigmoid before the log",
        ),
        (
            chapter.gan_losses,
            losses_of_one_batch,
            "it takes one mean over real and fake clips together",
        ),
        (chapter.r1_penalty, penalty_of_wgan, "it pulls the length towards 1"),
        (
            chapter.r1_penalty,
            penalty_over_frames,
            "it sums over the axis after the batch alone",
        ),
        (chapter.r1_penalty, penalty_per_pixel, "it takes the mean over the pixels"),
        (chapter.spectral_norm, norm_of_numpy, "it takes the Frobenius norm"),
        (chapter.spectral_norm, norm_for_pytorch, None),
        (
            chapter.spectral_norm,
            norm_unless_all_zeros,
            "it asks whether the weight is all zeros",
        ),
        (
            chapter.spectral_norm,
            norm_with_u_made_short,
            "it makes u of length 1 at the beginning",
        ),
        (
            chapter.spectral_norm,
            norm_by_svd,
            "it computes the SVD, and takes u from it as it is",
        ),
        (chapter.spectral_norm, norm_of_matrix_times_u, "it takes the length of matrix · u"),
        (chapter.transposed_size, size_of_torch, "it is PyTorch's formula"),
        (
            chapter.transposed_size,
            size_unless_zero,
            "it takes an output_padding of 0 for none",
        ),
        (chapter.transposed_size, size_of_a_convolution, "it divides by the stride"),
        (
            chapter.transposed_size,
            size_with_kernel_less_one_cut,
            "with output_padding it cuts kernel − 1",
        ),
        (
            chapter.interpolate,
            way_with_the_usual_threshold,
            "it takes the straight line too early",
        ),
        (
            chapter.interpolate,
            way_from_second_to_first,
            "its arc goes from the second to the first",
        ),
        (
            chapter.interpolate,
            way_in_degrees,
            "its angle is in degrees, and where that has a negative sine, it goes straight",
        ),
        (chapter.interpolate, way_on_a_line, "it takes the straight line"),
        (chapter.interpolate, way_of_scipy, None),
        (
            chapter.frechet_distance,
            distance_with_the_roots_multiplied,
            "it multiplies the roots in place of taking the root of the product",
        ),
        (
            chapter.frechet_distance,
            distance_of_the_product_taken_for_symmetric,
            "it takes the product for symmetric",
        ),
        (
            chapter.frechet_distance,
            distance_without_a_clip,
            "it takes roots of eigenvalues below 0 of A^½ B A^½, and max makes that 0",
        ),
        (chapter.frechet_distance, distance_that_may_be_negative, "it may fall below 0"),
        (
            chapter.noised,
            noised_with_one_axis_more,
            "it gives ᾱ one more axis, whatever the clips have",
        ),
        (chapter.noised, noised_unless_clean, "it returns `clips` itself at time 0"),
        (chapter.noised, noised_in_a_straight_line, "it mixes along a straight line"),
        (chapter.noised, noised_by_shares, "it takes no roots"),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_a_wrong_answer_in_other_words(exercise: Any, answer: Any, name: str | None) -> None:
    """It is wrong, and recognised where the mistake is the same."""
    with np.errstate(all="ignore"):
        report = examine(exercise, answer)
    assert report.verdict == "wrong"
    assert (report.misconception and report.misconception.name) == name


def test_a_transposed_result_breaks_no_rule_of_lengths() -> None:
    interpolate = chapter.interpolate.reference
    report = examine(chapter.interpolate, lambda *args: interpolate(*args).T)
    assert report.failure and "has shape" in report.failure.problem
    assert "breaks a rule" not in report.failure.problem


@pytest.mark.parametrize("seed", range(20))
def test_keras_can_run_each_case_of_a_transposed_size(seed: int) -> None:
    exercise = chapter.transposed_size
    for case in [*exercise.cases, *exercise.random_cases(seed)]:
        size, _, stride = case.args[:3]
        # Otherwise nothing is left for the last input: TensorFlow refuses, or the process aborts.
        assert exercise.reference(*case.args) > (size - 1) * stride, case


def test_the_exercises_are_imported_without_tensorflow() -> None:
    program = (
        "import sys; from helpers.exercises import ch31_video_generation; "
        "print({'tensorflow', 'keras'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout.strip() == "set()", run.stdout + run.stderr
