"""Exercise of chapter 31: a layer's largest singular value by power iteration."""

import numpy as np

from helpers import generation
from helpers.course.exercise import Case, Exercise, Misconception, Property


def iterated(matrix, u, num_iterations):
    """(sigma, v, u) of a matrix (inputs, outputs), and zeros where nothing comes through."""
    for _ in range(num_iterations):
        v = matrix @ u
        if not v.any():
            return 0.0, v, u
        v = v / np.linalg.norm(v)
        u = matrix.T @ v
        sigma = np.linalg.norm(u)
        u = u / sigma
    return float(sigma), v, u


def as_matrix(weight):
    return weight.reshape(-1, weight.shape[-1])


def iterated_on(weight, u, num_iterations):
    sigma, _, u = iterated(as_matrix(weight), u, num_iterations)
    return sigma, u


def frobenius(weight, u, num_iterations=1):
    return float(np.linalg.norm(weight)), iterated(as_matrix(weight), u, num_iterations)[2]


def squared(weight, u, num_iterations=1):
    sigma, _, u = iterated(as_matrix(weight), u, num_iterations)
    return sigma**2, u


def first_axis_kept(weight, u, num_iterations=1):
    """As in PyTorch, whose weight is (outputs, inputs, ...)."""
    sigma, _, u = iterated(weight.reshape(weight.shape[0], -1).T, u, num_iterations)
    return sigma, u


def rows_of_outputs(weight, u, num_iterations=1):
    """Reshaped to (outputs, inputs), which is no transpose: it scrambles the numbers."""
    sigma, _, u = iterated(weight.reshape(weight.shape[-1], -1).T, u, num_iterations)
    return sigma, u


def never_divided(weight, u, num_iterations=1):
    matrix = as_matrix(weight)
    for _ in range(num_iterations):
        v = matrix @ u
        u = matrix.T @ v
    return float(v @ matrix @ u), u


def divided_at_the_end(weight, u, num_iterations=1):
    matrix = as_matrix(weight)
    for _ in range(num_iterations):
        u = matrix.T @ (matrix @ u)
    return float(np.linalg.norm(u)), u / max(np.linalg.norm(u), 1e-12)


def nan_for_zeros(weight, u, num_iterations=1):
    matrix = as_matrix(weight)
    for _ in range(num_iterations):
        v = matrix @ u
        v = v / np.linalg.norm(v)
        u = matrix.T @ v
        u = u / np.linalg.norm(u)
    return float(v @ matrix @ u), u


def u_becomes_zero(weight, u, num_iterations=1):
    matrix = as_matrix(weight)
    for _ in range(num_iterations):
        v = matrix @ u
        v = v / max(np.linalg.norm(v), 1e-12)
        u = matrix.T @ v
        u = u / max(np.linalg.norm(u), 1e-12)
    return float(v @ matrix @ u), u


def nan_unless_all_zeros(weight, u, num_iterations=1):
    return nan_for_zeros(weight, u, num_iterations) if weight.any() else (0.0, u)


def u_made_short_first(weight, u, num_iterations=1):
    return iterated_on(weight, u / np.linalg.norm(u), num_iterations)


def length_of_matrix_times_u(weight, u, num_iterations=1):
    _, u = iterated_on(weight, u, num_iterations)
    return float(np.linalg.norm(as_matrix(weight) @ u)), u


def exact(weight, u, num_iterations=1):
    _, values, rows = np.linalg.svd(as_matrix(weight))
    return float(values[0]), rows[0] * np.sign(rows[0] @ u or 1)


def exact_with_a_row(weight, u, num_iterations=1):
    _, values, rows = np.linalg.svd(as_matrix(weight))
    return float(values[0]), rows[0]


def exact_beside_the_iteration(weight, u, num_iterations=1):
    largest = np.linalg.norm(as_matrix(weight), 2)
    return float(largest), iterated_on(weight, u, num_iterations)[1]


def exact_without_iteration(weight, u, num_iterations=1):
    return float(np.linalg.norm(as_matrix(weight), 2)), u


def smallest(weight, u, num_iterations=1):
    _, values, rows = np.linalg.svd(as_matrix(weight), full_matrices=False)
    return float(values[-1]), rows[-1]


def one_iteration_more(weight, u, num_iterations=1):
    sigma, _, u = iterated(as_matrix(weight), u, num_iterations + 1)
    return sigma, u


def one_iteration_only(weight, u, num_iterations=1):
    sigma, _, u = iterated(as_matrix(weight), u, 1)
    return sigma, u


def from_ones(weight, u, num_iterations=1):
    sigma, _, u = iterated(as_matrix(weight), np.ones_like(u), num_iterations)
    return sigma, u


def the_other_vector(weight, u, num_iterations=1):
    sigma, v, _ = iterated(as_matrix(weight), u, num_iterations)
    return sigma, v


def the_old_u(weight, u, num_iterations=1):
    return iterated(as_matrix(weight), u, num_iterations)[0], u


def value_with_the_u_before(weight, u, num_iterations=1):
    matrix, before = as_matrix(weight), u
    if num_iterations > 1:
        before = iterated(matrix, u, num_iterations - 1)[2]
    _, v, new = iterated(matrix, u, num_iterations)
    return float(v @ matrix @ before), new


def largest_number(weight, u, num_iterations=1):
    return float(np.abs(weight).max()), iterated(as_matrix(weight), u, num_iterations)[2]


def divided_by_the_sum(weight, u, num_iterations=1):
    matrix = as_matrix(weight)
    for _ in range(num_iterations):
        v = matrix @ u
        v = v / max(np.abs(v).sum(), 1e-12)
        u = matrix.T @ v
        u = u / max(np.abs(u).sum(), 1e-12)
    return float(v @ matrix @ u), u


def the_weight_itself(weight, u, num_iterations=1):
    sigma, _, u = iterated(as_matrix(weight), u, num_iterations)
    return weight / sigma if sigma else weight, u


def without_the_transpose(weight, u, num_iterations=1):
    matrix = as_matrix(weight)
    for _ in range(num_iterations):
        u = matrix @ u
        u = u / max(np.linalg.norm(u), 1e-12)
    return float(u @ matrix @ u), u


def draw_weight(rng):
    outputs = int(rng.integers(1, 5))
    shape = [int(rng.integers(1, 5))] if rng.random() < 0.5 else rng.integers(1, 3, 4)
    weight = np.round(rng.normal(size=(*shape, outputs)), 2)
    u = np.round(rng.normal(size=outputs), 2) + 0.005  # not all zeros
    return weight, u, int(rng.integers(1, 4))


spectral_norm = Exercise(
    reference=generation.spectral_norm,
    chapter="31_video_generation",
    task=(
        "Estimate the largest singular value of a layer's weight, (..., outputs), by power "
        "iteration from u; return it with the new u."
    ),
    minutes=15,
    difficulty=3,
    points=5,
    cases=[
        Case("a weight of one number", (np.array([[-2.0]]), np.array([1.0]), 1)),
        Case("a layer that begins at zero", (np.zeros((2, 3)), np.array([0.0, 1.0, 0.0]), 2)),
        Case(
            "a layer that begins at zero, a u of another length than 1",
            (np.zeros((2, 2)), np.array([3.0, 4.0]), 1),
        ),
        Case(
            "a weight of which u reaches nothing",
            (np.array([[1.0, 0.0], [0.0, 0.0]]), np.array([0.0, 2.0]), 1),
        ),
        Case("num_iterations is not given", (np.diag([3.0, 1.0]), np.array([1.0, 1.0]))),
        Case("a u of another length than 1", (np.diag([3.0, 1.0]), np.array([5.0, 5.0]), 1)),
        Case("five iterations", (np.diag([3.0, 1.0]), np.array([1.0, 1.0]), 5)),
        Case(
            "four inputs, two outputs", (np.arange(8.0).reshape(4, 2), np.array([1.0, -2.0]), 2)
        ),
        Case(
            "two inputs, three outputs",
            (np.arange(6.0).reshape(2, 3), np.array([1.0, 0.0, -2.0]), 1),
        ),
        Case(
            "a turn by a quarter",
            (np.array([[0.0, -2.0], [2.0, 0.0]]), np.array([1.0, 0.5]), 3),
        ),
        Case(
            "a 3D convolution, 1×1×2, of two inputs and three outputs",
            (np.arange(12.0).reshape(1, 1, 2, 2, 3) - 5, np.array([1.0, 1.0, -1.0]), 1),
        ),
        Case(
            "a 3D convolution, 3×1×1, of one input and three outputs",
            (np.arange(9.0).reshape(3, 1, 1, 1, 3) - 4, np.array([1.0, 0.5, 0.0]), 2),
        ),
        Case("many iterations", (np.arange(8.0).reshape(4, 2), np.array([1.0, 0.0]), 30)),
    ],
    random_case=draw_weight,
    properties=[
        Property(
            "the new u has the length 1, unless matrix · u is all zeros",
            lambda args, got: (
                not np.any(as_matrix(args[0]) @ args[1])
                or np.isclose(np.linalg.norm(got[1]), 1)
            ),
        ),
        Property(
            "the estimate is never above the largest singular value",
            lambda args, got: (
                got[0] <= np.linalg.norm(args[0].reshape(-1, args[0].shape[-1]), 2) + 1e-6
            ),
        ),
    ],
    hints=(
        "A matrix stretches its favourite direction most. What happens to a vector that goes "
        "through the matrix and back through its transpose again and again?",
        "First `weight.reshape(-1, outputs)`. One iteration: `v = matrix @ u`, divided by its "
        "length; `u = matrix.T @ v`, divided by its length. At the end v · matrix · u, which is "
        "the length that the last `matrix.T @ v` had.",
        "`v = matrix @ u`; if it is all zeros, `return 0.0, u`. `v = v / np.linalg.norm(v)`; "
        "`u = matrix.T @ v`; `sigma = np.linalg.norm(u)`; `u = u / sigma`. After the loop: "
        "`return float(sigma), u`.",
    ),
    misconceptions=[
        Misconception(
            "it takes the Frobenius norm",
            frobenius,
            "That is the root of the sum of all squared singular values, and so too large: the "
            "layer would shrink. `np.linalg.norm` of a matrix is that one unless told `ord=2`.",
        ),
        Misconception(
            "it returns the square",
            squared,
            "Matrix and transpose together stretch by the square of the singular value.",
        ),
        Misconception(
            "it keeps the first axis, as for PyTorch",
            first_axis_kept,
            "PyTorch's weights are (outputs, inputs, ...). Keras has the outputs last.",
        ),
        Misconception(
            "it reshapes to (outputs, -1)",
            rows_of_outputs,
            "A reshape does not transpose: numbers of different outputs come into one row. "
            "Keep the last axis: `weight.reshape(-1, outputs)`.",
        ),
        Misconception(
            "it never divides by the length",
            never_divided,
            "The vectors grow or shrink at each multiplication, and the estimate with them.",
        ),
        Misconception(
            "it divides by the length at the end only",
            divided_at_the_end,
            "Then the length is that of all multiplications together, times that of the first u. "
            "And in many iterations it overflows.",
        ),
        Misconception(
            "it divides zero by zero",
            nan_for_zeros,
            "A layer may begin at zero, such as the last of a residual branch. NaN would spread "
            "through the whole network.",
        ),
        Misconception(
            "it asks whether the weight is all zeros",
            nan_unless_all_zeros,
            "Nothing comes through a weight of other numbers either, if u lies where it is flat: "
            "then v is zero, and zero by zero is NaN. Ask `v`, before you divide.",
        ),
        Misconception(
            "it makes u of length 1 at the beginning",
            u_made_short_first,
            "Where nothing comes through, u is returned as it came, of any length. Elsewhere its "
            "length does not matter, since v is made of length 1.",
        ),
        Misconception(
            "its u becomes zero with a weight of zeros",
            u_becomes_zero,
            "And it stays zero in all steps to come, so that the estimate never recovers. Return u "
            "as it came.",
        ),
        Misconception(
            "it computes the SVD",
            exact,
            "Asked for is an estimate, after so many iterations from u, not the exact value: they "
            "differ. And an SVD in each layer and step costs much more.",
        ),
        Misconception(
            "it computes the SVD, and takes u from it as it is",
            exact_with_a_row,
            "Asked for is an estimate, after so many iterations from u, not the exact value: they "
            "differ. And an SVD may give u with either sign.",
        ),
        Misconception(
            "it returns the exact value",
            exact_beside_the_iteration,
            "u is right, but the value asked for is the estimate that goes with it, "
            "v · matrix · u, not the exact one. To find that, an SVD is needed, which is what "
            "power iteration saves.",
        ),
        Misconception(
            "it returns the exact value, and u as it came",
            exact_without_iteration,
            "Asked for is an estimate by power iteration, not the exact value: they differ. The "
            "new u is what the next call goes on with.",
        ),
        Misconception(
            "it takes the length of matrix · u",
            length_of_matrix_times_u,
            "That is half an iteration further than v · matrix · u, whose v is the last one, "
            "before u was renewed: it is the length that the last `matrix.T @ v` had.",
        ),
        Misconception(
            "it finds the smallest singular value",
            smallest,
            "NumPy sorts singular values downwards. Asked for is power iteration, which finds the "
            "largest.",
        ),
        Misconception(
            "it makes one iteration too many",
            one_iteration_more,
            "`num_iterations` counts how often v and u are both renewed.",
        ),
        Misconception(
            "it makes one iteration only",
            one_iteration_only,
            "`num_iterations` has no influence.",
        ),
        Misconception(
            "it begins anew at each call",
            from_ones,
            "One iteration a step is enough only because it goes on with the u that came.",
        ),
        Misconception(
            "it returns v",
            the_other_vector,
            "v belongs to the inputs, u to the outputs: the next call needs u.",
        ),
        Misconception(
            "it returns the old u",
            the_old_u,
            "The next call would begin at the same place, and never come nearer.",
        ),
        Misconception(
            "it takes the value with the u before",
            value_with_the_u_before,
            "The estimate is v · matrix · u with the new u, of length 1. The old one makes it "
            "smaller, or wrong by the length of the first u.",
        ),
        Misconception(
            "it takes the largest number of the weight",
            largest_number,
            "How far a matrix stretches is decided by its numbers together.",
        ),
        Misconception(
            "it divides by the sum, not by the length",
            divided_by_the_sum,
            "Of length 1 means that the squares sum to 1: `np.linalg.norm`.",
        ),
        Misconception(
            "it returns the divided weight",
            the_weight_itself,
            "That is what the estimate is for. Asked for is the estimate itself.",
        ),
        Misconception(
            "it does without the transpose",
            without_the_transpose,
            "Then it looks for an eigenvector, which only a square matrix has. The singular value "
            "needs matrix and transpose in turn.",
        ),
    ],
    equivalent_mutants={
        "line 31: 1 -> 2": "To NumPy's reshape any negative number is the length that is left.",
        "line 32: 0.0 -> 1.0": "There is an iteration at least, and it sets sigma.",
    },
)
