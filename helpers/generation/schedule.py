"""Forward diffusion: from a clip to noise, as far as a schedule says."""

import numpy as np

from helpers import validate


def noised(
    clips: np.ndarray, noise: np.ndarray, time: np.ndarray, offset: float = 0.008
) -> np.ndarray:
    """Take each clip to its time of forward diffusion in one step, on the cosine schedule.

    At a time t, a clip x and the noise n are mixed as √ᾱ x + √(1 - ᾱ) n (Ho et al., 2020), and
    so keep a variance of 1 if both had it. The schedule (Nichol and Dhariwal, 2021) is
    ᾱ(t) = f(t) / f(0), with f(t) = cos²((t + offset) / (1 + offset) · π / 2).

    Args:
        clips: floats, (batch, ...), for example (batch, frames, height, width, channels), from
            -1 to 1.
        noise: floats of the shape of the clips, from a normal distribution.
        time: floats, (batch,), from 0, the clip itself, to 1, noise alone.
        offset: how much of the schedule lies before time 0, 0 or more.

    Returns:
        A new array of floats, of the shape of the clips.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> clips, noise = np.ones((3, 2)), np.full((3, 2), 10.0)
    >>> noised(clips, noise, time=np.array([0.0, 0.5, 1.0])).round(3)
    array([[ 1.   ,  1.   ],
           [ 7.817,  7.817],
           [10.   , 10.   ]])
    """
    validate.diffusion(clips, noise, time, offset)
    progress = (np.append(time, 0) + offset) / (1 + offset)  # with time 0 as the last one
    level = np.cos(progress * np.pi / 2) ** 2
    kept = level[:-1] / level[-1]
    kept = kept.reshape(-1, *[1] * (clips.ndim - 1))  # (batch, 1, ..., 1)
    return np.sqrt(kept) * clips + np.sqrt(1 - kept) * noise
