from collections.abc import Iterator

import keras
import pytest


@pytest.fixture(autouse=True)
def forget_models() -> Iterator[None]:
    """The published models are large: let each go before the next is built."""
    yield
    keras.backend.clear_session()
