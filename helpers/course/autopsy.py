"""Show how a program fails, without stopping the notebook."""

import contextlib
import io
import re
import warnings
from collections.abc import Iterator

from helpers.course.learner import ClaimFailed
from helpers.course.message import Message

MAX_LENGTH = 300


@contextlib.contextmanager
def fails(error: type[Exception], saying: str) -> Iterator[None]:
    """Run a block that is known to fail, and show its error in place of a traceback.

    What the block warns of is shown below it; what it prints before it fails is not. When it
    does not fail, or fails with another error, or without the words, this raises: the autopsy
    is no longer true.

    error: the class of the error.
    saying: words of its message that name the cause.
    """
    try:
        with (
            contextlib.redirect_stdout(io.StringIO()),
            warnings.catch_warnings(record=True) as caught,
        ):
            warnings.simplefilter("default")
            yield
    except error as failure:
        text = re.sub(r"\x1b\[\d*m", "", str(failure))  # Keras colours its messages
        message = re.sub(r"\s+", " ", text).strip()
        if saying not in message:
            raise ClaimFailed(
                f"This fails, but with other words than {saying!r}: {message}"
            ) from failure
        end = max(MAX_LENGTH, message.index(saying) + len(saying))
        shown = message if len(message) <= end else message[:end].rstrip() + " …"
        warned = dict.fromkeys(f"{w.category.__name__}: {w.message}" for w in caught)
        parts = [("before that", text) for text in warned]
        Message("note", f"{type(failure).__name__}: {shown}", parts).show()
    else:
        raise ClaimFailed(f"This was expected to fail with {error.__name__}, and it did not.")
