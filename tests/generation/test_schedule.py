import numpy as np
import pytest

from helpers.generation import interpolate, noised


def betas(num_steps: int) -> np.ndarray:
    """As the paper's own code makes them: 1 - ᾱ(t2) / ᾱ(t1), at most 0.999."""

    def alpha_bar(t: float) -> float:
        return float(np.cos((t + 0.008) / 1.008 * np.pi / 2) ** 2)

    return np.array(
        [
            min(1 - alpha_bar((i + 1) / num_steps) / alpha_bar(i / num_steps), 0.999)
            for i in range(num_steps)
        ]
    )


def test_one_step_is_the_product_of_all_steps() -> None:
    num_steps = 50
    kept = np.cumprod(1 - betas(num_steps))
    clips, zeros = np.ones((num_steps, 1)), np.zeros((num_steps, 1))
    time = np.arange(1, num_steps + 1) / num_steps
    signal, noise = noised(clips, zeros, time)[:, 0], noised(zeros, clips, time)[:, 0]
    # But for the last step, in which the paper's code keeps a little.
    np.testing.assert_allclose(signal[:-1] ** 2, kept[:-1], rtol=1e-10)
    np.testing.assert_allclose(noise[:-1] ** 2, 1 - kept[:-1], rtol=1e-10)
    np.testing.assert_allclose(signal[-1], 0, atol=1e-15)


def test_step_by_step_comes_to_the_same_distribution() -> None:
    """The mean and the variance of a Markov chain of 20 steps, in 40,000 runs."""
    rng = np.random.default_rng(0)
    x = np.full((40_000, 1), 0.7)
    for beta in betas(20)[:10]:
        x = np.sqrt(1 - beta) * x + np.sqrt(beta) * rng.normal(size=x.shape)
    half = np.full(40_000, 0.5)
    at_once = noised(np.full((40_000, 1), 0.7), rng.normal(size=x.shape), half)
    np.testing.assert_allclose(x.mean(), at_once.mean(), atol=0.02)
    np.testing.assert_allclose(x.std(), at_once.std(), atol=0.02)


def test_a_variance_of_one_stays() -> None:
    rng = np.random.default_rng(1)
    clips, noise = rng.normal(size=(2, 5, 200_000))
    made = noised(clips, noise, np.linspace(0, 1, 5))
    np.testing.assert_allclose(made.std(axis=1), 1, atol=0.01)
    np.testing.assert_array_equal(made[0], clips[0])
    np.testing.assert_allclose(made[-1], noise[-1], atol=1e-12)


def test_times_beside_zero_do_not_overshoot() -> None:
    time = np.concatenate(
        [np.random.default_rng(2).random(10_000) * 10.0**-k for k in range(18)]
    )
    ones = np.ones((len(time), 1))
    assert np.isfinite(noised(ones, ones, time)).all()


def test_bad_diffusion_is_one_clear_error() -> None:
    clips, time = np.zeros((2, 3)), np.zeros(2)
    with pytest.raises(TypeError, match="clips is uint8"):
        noised(clips.astype(np.uint8), clips, time)
    with pytest.raises(ValueError, match=r"noise has the shape \(1, 3\), .* \(2, 3\)"):
        noised(clips, clips[:1], time)
    with pytest.raises(ValueError, match=r"time has the shape \(3,\), .* \(2,\)"):
        noised(clips, clips, np.zeros(3))
    with pytest.raises(ValueError, match=r"time holds 1\.5, .* 0 \(clean\) to 1 \(noise\)"):
        noised(clips, clips, time + 1.5)
    with pytest.raises(ValueError, match="offset is -1"):
        noised(clips, clips, time, -1)


def test_interpolation_turns_evenly_and_keeps_the_length() -> None:
    rng = np.random.default_rng(3)
    for _ in range(200):
        first, second = rng.normal(size=(2, int(rng.integers(2, 65))))
        second *= np.linalg.norm(first) / np.linalg.norm(second)
        way = interpolate(first, second, np.linspace(0, 1, 9))
        np.testing.assert_allclose(way[[0, -1]], [first, second], atol=1e-12)
        lengths = np.linalg.norm(way, axis=1)
        np.testing.assert_allclose(lengths, lengths[0])
        cosines = (way[:-1] * way[1:]).sum(axis=1) / lengths[0] ** 2
        np.testing.assert_allclose(cosines, cosines[0], atol=1e-9)


def test_equal_to_scipys_slerp() -> None:
    from scipy.spatial import geometric_slerp

    rng = np.random.default_rng(4)
    for _ in range(100):
        pair = rng.normal(size=(2, 8))
        pair /= np.linalg.norm(pair, axis=1, keepdims=True)
        shares = rng.random(5)
        np.testing.assert_allclose(
            interpolate(pair[0], pair[1], shares),
            geometric_slerp(pair[0], pair[1], shares),
            atol=1e-12,
        )


@pytest.mark.parametrize("angle", [0, 1e-12, 1e-9, 1e-7, 1e-6, 1e-5, 1e-3])
def test_parallel_or_nearly_so(angle: float) -> None:
    first = np.array([1.0, 2.0, 2.0])
    second = first + 3 * angle * np.array([2.0, -2.0, 1.0]) / 3
    way = interpolate(first, second, np.linspace(0, 1, 5))
    straight = np.linspace(first, second, 5)
    np.testing.assert_allclose(way, straight, atol=max(1e-9, angle**2))


def test_bad_latents_are_one_clear_error() -> None:
    first, shares = np.ones(3), np.array([0.5])
    with pytest.raises(ValueError, match=r"first has the shape \(1, 3\)"):
        interpolate(first[np.newaxis], first, shares)
    with pytest.raises(ValueError, match=r"second has the shape \(2,\), .* \(3,\)"):
        interpolate(first, first[:2], shares)
    with pytest.raises(ValueError, match="second is all zeros"):
        interpolate(first, 0 * first, shares)
    with pytest.raises(ValueError, match=r"shares has the shape \(\), .* np\.linspace"):
        interpolate(first, first, 0.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"shares holds -1, .* from 0 to 1"):
        interpolate(first, first, np.array([-1.0]))
