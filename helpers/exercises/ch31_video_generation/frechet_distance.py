"""Exercise of chapter 31: the distance behind FID and FVD."""

import numpy as np

from helpers import generation
from helpers.course.exercise import Case, Exercise, Misconception, Property


def root(matrix):
    """The symmetric root of a covariance."""
    values, vectors = np.linalg.eigh(matrix)
    return vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T


def overlap(a, b):
    """trace((A B)^½)."""
    return np.linalg.svd(root(a) @ root(b), compute_uv=False).sum()


def apart(mean, other_mean):
    return ((mean - other_mean) ** 2).sum()


def rooted(mean, covariance, other_mean, other_covariance):
    return float(
        np.sqrt(generation.frechet_distance(mean, covariance, other_mean, other_covariance))
    )


def means_alone(mean, covariance, other_mean, other_covariance):
    return float(apart(mean, other_mean))


def covariances_alone(mean, covariance, other_mean, other_covariance):
    spread = np.trace(covariance + other_covariance) - 2 * overlap(covariance, other_covariance)
    return max(0.0, float(spread))


def means_not_squared(mean, covariance, other_mean, other_covariance):
    spread = covariances_alone(mean, covariance, other_mean, other_covariance)
    return float(np.sqrt(apart(mean, other_mean)) + spread)


def mean_of_the_squares(mean, covariance, other_mean, other_covariance):
    spread = covariances_alone(mean, covariance, other_mean, other_covariance)
    return float(apart(mean, other_mean) / len(mean) + spread)


def overlap_once(mean, covariance, other_mean, other_covariance):
    spread = np.trace(covariance + other_covariance) - overlap(covariance, other_covariance)
    return float(apart(mean, other_mean) + spread)


def no_root(mean, covariance, other_mean, other_covariance):
    product = np.trace(covariance @ other_covariance)
    spread = np.trace(covariance + other_covariance) - 2 * product
    return float(apart(mean, other_mean) + spread)


def root_of_the_trace(mean, covariance, other_mean, other_covariance):
    product = np.sqrt(np.trace(covariance @ other_covariance))
    spread = np.trace(covariance + other_covariance) - 2 * product
    return float(apart(mean, other_mean) + spread)


def root_number_by_number(mean, covariance, other_mean, other_covariance):
    product = np.trace(np.sqrt(covariance @ other_covariance))
    spread = np.trace(covariance + other_covariance) - 2 * product
    return float(apart(mean, other_mean) + spread)


def roots_multiplied(mean, covariance, other_mean, other_covariance):
    product = np.trace(root(covariance) @ root(other_covariance))
    spread = np.trace(covariance + other_covariance) - 2 * product
    return float(apart(mean, other_mean) + spread)


def product_of_the_roots(mean, covariance, other_mean, other_covariance):
    """As a sum of squares, it is never below 0."""
    return max(0.0, roots_multiplied(mean, covariance, other_mean, other_covariance))


def not_kept_above_zero_at_the_end(mean, covariance, other_mean, other_covariance):
    spread = np.trace(covariance + other_covariance) - 2 * overlap(covariance, other_covariance)
    return float(apart(mean, other_mean) + spread)


def from_eigenvalues(mean, covariance, other_mean, other_covariance, values):
    """The distance, were these the eigenvalues of A B. A NaN stays one."""
    spread = np.trace(covariance + other_covariance) - 2 * np.sqrt(values).sum()
    return np.maximum(0, apart(mean, other_mean) + spread)


def roots_below_zero_of_the_symmetric(mean, covariance, other_mean, other_covariance):
    half = root(covariance)
    values = np.linalg.eigvalsh(half @ other_covariance @ half)
    return from_eigenvalues(mean, covariance, other_mean, other_covariance, values)


def roots_below_zero_of_the_product(mean, covariance, other_mean, other_covariance):
    values = np.linalg.eigvals(covariance @ other_covariance)
    return from_eigenvalues(mean, covariance, other_mean, other_covariance, values)


def taken_for_symmetric(mean, covariance, other_mean, other_covariance):
    values = np.maximum(np.linalg.eigvalsh(covariance @ other_covariance), 0)
    return from_eigenvalues(mean, covariance, other_mean, other_covariance, values)


def taken_for_symmetric_and_below_zero(mean, covariance, other_mean, other_covariance):
    values, _ = np.linalg.eigh(covariance @ other_covariance)
    return from_eigenvalues(mean, covariance, other_mean, other_covariance, values)


def hiding(distance):
    """The same, but Python's max turns NaN into 0."""
    return lambda *gaussians: max(0.0, distance(*gaussians))


def product_number_by_number(mean, covariance, other_mean, other_covariance):
    product = np.trace(root(covariance * other_covariance))
    spread = np.trace(covariance + other_covariance) - 2 * product
    return float(apart(mean, other_mean) + spread)


def variances_alone(mean, covariance, other_mean, other_covariance):
    deviations = np.sqrt(np.diag(covariance)) - np.sqrt(np.diag(other_covariance))
    return float(apart(mean, other_mean) + (deviations**2).sum())


def difference_of_the_covariances(mean, covariance, other_mean, other_covariance):
    return float(apart(mean, other_mean) + ((covariance - other_covariance) ** 2).sum())


def difference_of_the_roots(mean, covariance, other_mean, other_covariance):
    """As a number, the same as the product of the roots where that is real."""
    difference = np.linalg.cholesky(
        covariance + 1e-12 * np.eye(len(mean))
    ) - np.linalg.cholesky(other_covariance + 1e-12 * np.eye(len(mean)))
    return float(apart(mean, other_mean) + (difference**2).sum())


def inverted(mean, covariance, other_mean, other_covariance):
    """The Kullback-Leibler divergence."""
    inverse = np.linalg.inv(other_covariance)
    between = mean - other_mean
    logs = np.log(np.linalg.det(other_covariance) / np.linalg.det(covariance))
    inside = np.trace(inverse @ covariance) + between @ inverse @ between - len(mean) + logs
    return float(inside / 2)


def in_place_of_singular_ones(mean, covariance, other_mean, other_covariance):
    """Adds 0.001 to the variances, as a guard."""
    little = 1e-3 * np.eye(len(mean))
    return generation.frechet_distance(
        mean, covariance + little, other_mean, other_covariance + 2 * little
    )


def not_kept_above_zero(mean, covariance, other_mean, other_covariance):
    """Roots of eigenvalues that rounding has put below 0 are NaN."""
    roots = []
    for matrix in (covariance, other_covariance):
        values, vectors = np.linalg.eigh(matrix)
        roots.append(vectors * np.sqrt(values) @ vectors.T)
    product = np.linalg.norm(roots[0] @ roots[1], "nuc") if np.isfinite(roots).all() else np.nan
    spread = np.trace(covariance) + np.trace(other_covariance) - 2 * product
    return float(apart(mean, other_mean) + spread)


def a_complex_number(mean, covariance, other_mean, other_covariance):
    values = np.linalg.eigvals(covariance @ other_covariance).astype(complex)
    spread = np.trace(covariance + other_covariance) - 2 * np.sqrt(values).sum()
    return apart(mean, other_mean) + spread


def draw_gaussians(rng):
    """Of full rank: with a singular one, rounding would decide which mistakes are alike."""
    size = int(rng.integers(1, 6))
    means = np.round(rng.normal(size=(2, size)), 2)
    factors = np.round(rng.normal(size=(2, size, size + 2)), 1)
    first, second = factors @ factors.transpose(0, 2, 1)
    return means[0], first, means[1], second


ZEROS, EYE = np.zeros(2), np.eye(2)
TILTED = np.array([[2.0, 1.0], [1.0, 2.0]])
LINE = np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [3.0, 6.0, 9.0]])  # of rank 1
# Singular but for rounding, here by so much that its sign is the same on every machine.
BELOW = np.diag([4.0, -1e-13])
PLANE = np.array([[2.0, 1.0, 1.0], [1.0, 2.0, -1.0], [1.0, -1.0, 2.0]]) * 1e4  # 3e4, 3e4 and 0
PLANE -= 1e-4 * np.eye(3)

frechet_distance = Exercise(
    reference=generation.frechet_distance,
    chapter="31_video_generation",
    task=(
        "Return the squared Fréchet distance of two Gaussians, given as means and covariances, "
        "which may be singular."
    ),
    minutes=15,
    difficulty=3,
    points=5,
    cases=[
        Case("twice the same", (ZEROS, EYE, ZEROS, EYE)),
        Case("two single points", (ZEROS, 0 * EYE, np.array([3.0, 4.0]), 0 * EYE)),
        Case("a point and a cloud", (ZEROS, 0 * EYE, ZEROS, TILTED)),
        Case("twice the same, of rank 1", (np.zeros(3), LINE, np.zeros(3), LINE)),
        Case("rounding has left the first an eigenvalue below 0", (ZEROS, BELOW, ZEROS, EYE)),
        Case("rounding has left the second an eigenvalue below 0", (ZEROS, EYE, ZEROS, BELOW)),
        Case("rounding has left both an eigenvalue below 0", (ZEROS, BELOW, ZEROS, BELOW / 4)),
        Case(
            "twice the same, large, with an eigenvalue a little below 0",
            (np.zeros(3), PLANE, np.zeros(3), PLANE),
        ),
        Case("the same spread, elsewhere", (ZEROS, TILTED, np.array([3.0, 4.0]), TILTED)),
        Case(
            "one number",
            (np.array([1.0]), np.array([[4.0]]), np.array([3.0]), np.array([[1.0]])),
        ),
        Case("the same place, another spread", (ZEROS, EYE, ZEROS, 9 * EYE)),
        Case("diagonal covariances", (ZEROS, np.diag([4.0, 1.0]), ZEROS, np.diag([1.0, 0.0]))),
        Case("two lines that cross", (ZEROS, np.diag([4.0, 0.0]), ZEROS, np.diag([0.0, 1.0]))),
        Case(
            "covariances whose order matters",
            (np.array([1.0, -1.0]), TILTED, ZEROS, np.array([[3.0, -1.0], [-1.0, 0.5]])),
        ),
        Case(
            "two lines at an angle",
            (
                np.array([0.5, 0.0]),
                np.diag([2.0, 0.0]),
                ZEROS,
                np.array([[1.0, 1.0], [1.0, 1.0]]),
            ),
        ),
    ],
    random_case=draw_gaussians,
    tolerance=(1e-5, 1e-5),
    properties=[
        Property(
            "it is a real number, 0 or more", lambda args, got: np.isreal(got) and got >= 0
        ),
    ],
    hints=(
        "The means and the two traces are one line. What is left is trace((A B)^½): which numbers, "
        "known to linear algebra, sum to it?",
        "`np.linalg.eigh` gives the root of a symmetric matrix: the root of its eigenvalues, with "
        "those below 0 set to 0, between its eigenvectors. trace((A B)^½) is the sum of the "
        "singular values of A^½ B^½; or of the roots of the eigenvalues of A^½ B A^½.",
        "`values, vectors = np.linalg.eigh(A)`, `root = vectors * np.sqrt(np.maximum(values, 0)) @ "
        "vectors.T`, likewise for B; `overlap = np.linalg.svd(root_a @ root_b, "
        "compute_uv=False).sum()`; `((mean - other_mean) ** 2).sum() + np.trace(A) + np.trace(B) "
        "- 2 * overlap`, at least 0, as a `float`.",
    ),
    misconceptions=[
        Misconception(
            "it takes the root at the end",
            rooted,
            "FID and FVD are the squared distance, as the contract says.",
        ),
        Misconception(
            "it compares the means only",
            means_alone,
            "A generator that makes the average clip over and over would be perfect. The spread "
            "counts.",
        ),
        Misconception(
            "it compares the covariances only",
            covariances_alone,
            "The squared distance of the means is missing.",
        ),
        Misconception(
            "it does not square the distance of the means",
            means_not_squared,
            "`np.linalg.norm` has taken the root: sum the squares.",
        ),
        Misconception(
            "it takes the mean of the squared differences",
            mean_of_the_squares,
            "It is the squared length of the difference: a sum over the features.",
        ),
        Misconception(
            "it subtracts the overlap once",
            overlap_once,
            "There it is twice, so that equal Gaussians are at distance 0.",
        ),
        Misconception(
            "it leaves out the root of A B",
            no_root,
            "Then the units do not fit: A B is a covariance squared. Equal Gaussians would not be "
            "at 0.",
        ),
        Misconception(
            "it takes the root of the trace",
            root_of_the_trace,
            "First the root of the matrix, then its trace. The two agree for one number only.",
        ),
        Misconception(
            "it takes the root number by number",
            root_number_by_number,
            "`np.sqrt` takes the root of each number. The root of a matrix, times itself, is the "
            "matrix: `np.linalg.eigh` gives it.",
        ),
        Misconception(
            "it multiplies the roots in place of taking the root of the product",
            product_of_the_roots,
            "trace(A^½ B^½) is less than trace((A B)^½) unless A and B have the same axes: sum the "
            "singular values of A^½ B^½.",
        ),
        Misconception(
            "it multiplies the roots, and may fall below 0",
            roots_multiplied,
            "trace(A^½ B^½) is less than trace((A B)^½) unless A and B have the same axes: sum the "
            "singular values of A^½ B^½. And keep the distance at 0 or more.",
        ),
        Misconception(
            "it takes the product for symmetric",
            taken_for_symmetric,
            "A B is not symmetric, and `np.linalg.eigh` reads one half of it only, without a word. "
            "Give it A^½ B A^½, which is symmetric and has the same eigenvalues.",
        ),
        Misconception(
            "it takes the product for symmetric, and roots of eigenvalues below 0",
            taken_for_symmetric_and_below_zero,
            "A B is not symmetric, and `np.linalg.eigh` reads one half of it only: the eigenvalues "
            "are others, and the root of one below 0 is NaN. Give it A^½ B A^½, and set what "
            "rounding leaves below 0 to 0.",
        ),
        Misconception(
            "it multiplies the covariances number by number",
            product_number_by_number,
            "A B is a product of matrices: `@`, not `*`.",
        ),
        Misconception(
            "it looks at the variances only",
            variances_alone,
            "How features go together is what a still and a moving clip may differ in: the whole "
            "covariance counts.",
        ),
        Misconception(
            "it sums the squared differences of the covariances",
            difference_of_the_covariances,
            "That is another distance (Frobenius's), in other units.",
        ),
        Misconception(
            "it compares Cholesky factors",
            difference_of_the_roots,
            "A Cholesky factor is a root of another kind; their difference depends on the order of "
            "the features.",
        ),
        Misconception(
            "it is the Kullback-Leibler divergence",
            inverted,
            "That is another comparison of Gaussians, and it is infinite where a covariance is "
            "singular.",
        ),
        Misconception(
            "it adds a little to the variances",
            in_place_of_singular_ones,
            "A common guard for `sqrtm`, but it changes the distance. Without a root of A B there "
            "is nothing to guard against.",
        ),
        Misconception(
            "it takes roots of eigenvalues below 0",
            not_kept_above_zero,
            "Rounding leaves a singular covariance eigenvalues such as −1e-16, whose root is NaN. "
            "Set them to 0.",
        ),
        Misconception(
            "it takes roots of eigenvalues below 0 of A^½ B A^½",
            roots_below_zero_of_the_symmetric,
            "Rounding leaves it small negative eigenvalues where a covariance is singular, and "
            "their root is NaN. Set them to 0 first.",
        ),
        Misconception(
            "it takes roots of eigenvalues below 0 of A B",
            roots_below_zero_of_the_product,
            "Rounding leaves it small negative eigenvalues where a covariance is singular, and "
            "their root is NaN. Set them to 0 first.",
        ),
        *(
            Misconception(
                f"it takes roots of eigenvalues below 0 of {of}, and max makes that 0",
                hiding(distance),
                "The root of an eigenvalue that rounding has left below 0 is NaN, and "
                "`max(0.0, nan)` is 0.0: far clouds would pass for equal. Set such eigenvalues to "
                "0 before the root.",
            )
            for of, distance in {
                "A^½ B A^½": roots_below_zero_of_the_symmetric,
                "A B": roots_below_zero_of_the_product,
                "A B, taken for symmetric": taken_for_symmetric_and_below_zero,
            }.items()
        ),
        Misconception(
            "it may fall below 0",
            not_kept_above_zero_at_the_end,
            "Rounding can make the overlap a little larger than the traces allow. A distance is 0 "
            "or more: `max(0.0, ...)`.",
        ),
        Misconception(
            "it returns a complex number",
            a_complex_number,
            "A B is not symmetric, and rounding gives its eigenvalues an imaginary part. Take what "
            "is symmetric, A^½ B A^½, or the real part.",
        ),
    ],
)
