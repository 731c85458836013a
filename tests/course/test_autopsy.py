import warnings

import pytest

from helpers.course import fails
from helpers.course.learner import ClaimFailed


def test_the_error_is_shown_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with fails(ValueError, "the cause"):
        print("Epoch 1/10")
        raise ValueError("First\n  the cause\n" + "and more " * 100)
    out = capsys.readouterr().out
    assert "ValueError: First the cause and more" in out
    assert "Epoch" not in out
    assert len(out) < 400


def test_warnings_are_shown_once_each(capsys: pytest.CaptureFixture[str]) -> None:
    with fails(ValueError, "the cause"):
        for _ in range(2):
            warnings.warn("this is old", DeprecationWarning, stacklevel=1)
        raise ValueError("the cause")
    shown = capsys.readouterr()
    assert shown.out.count("DeprecationWarning: this is old") == 1
    assert shown.err == ""


def test_a_program_that_works_is_no_autopsy() -> None:
    with (
        pytest.raises(ClaimFailed, match="expected to fail with ValueError"),
        fails(ValueError, "x"),
    ):
        pass


def test_another_message_is_another_cause() -> None:
    with pytest.raises(ClaimFailed, match="other words"), fails(ValueError, "the cause"):
        raise ValueError("something else")


def test_another_error_goes_through() -> None:
    with pytest.raises(KeyError), fails(ValueError, "the cause"):
        raise KeyError("the cause")
