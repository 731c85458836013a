"""Numbers of things in words."""


def counted(number: int, noun: str) -> str:
    """The number with its noun.

    >>> counted(1, "step"), counted(2, "step")
    ('1 step', '2 steps')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
