"""What the two sides of a GAN minimise."""

import numpy as np

from helpers import validate


def gan_losses(real_logits: np.ndarray, fake_logits: np.ndarray) -> tuple[float, float]:
    """Return the losses of the discriminator and of the generator (Goodfellow et al., 2014).

    The discriminator's is its mean cross-entropy over the real clips, whose label is 1, plus that
    over the fake ones, whose label is 0. The generator's is the non-saturating one: the mean
    cross-entropy over the fake clips, as if their label were 1.

    Args:
        real_logits: floats, (batch, ...), the discriminator's logits for real clips: the log of
            the odds that a clip is real. One number a clip, or one for each patch of it.
        fake_logits: the same for generated clips; the batch may be of another size.

    Returns:
        Two floats, finite and right for logits of any size: the discriminator's loss and the
        generator's.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> discriminator, generator = gan_losses(np.array([3.0, 0.0]), np.array([-2.0]))
    >>> round(discriminator, 4), round(generator, 4)
    (0.4978, 2.1269)
    """
    validate.gan_logits(real_logits=real_logits, fake_logits=fake_logits)
    # -log(sigmoid(x)) = log(1 + exp(-x)), and logaddexp(0, -x) is that without an overflow.
    calls_real_fake = np.logaddexp(0, -real_logits).mean()
    calls_fake_real = np.logaddexp(0, fake_logits).mean()
    # Not the negative of the second, whose slope vanishes as long as the fakes are found out.
    generator = np.logaddexp(0, -fake_logits).mean()
    return float(calls_real_fake + calls_fake_real), float(generator)
