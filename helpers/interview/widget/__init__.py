"""The mock interview in a notebook: ``from helpers.interview import widget; widget.mock()``.

It asks, waits for an answer against the clock, shows the model answer, lets the candidate score
each point of the rubric, and ends in a scorecard; a coding round hears the checks of the
notebook's cells. All of it is kept by the same library as that of the terminal's
``python -m helpers.interview``, each keystroke of an answer included (`helpers.interview.drafts`).

`app` has the order of the screens; `opening`, `asking`, `closing` and `rounds` are the screens,
`parts` what they are built of, `words` what they say, and `picture` what a page without a kernel
shows instead.
"""

from typing import Any

from helpers.interview.question import LANGUAGES, Language
from helpers.interview.widget.words import WORDS

__all__ = ["mock"]

_open: list[Any] = []  # the widget that is in use, so that a second one takes its place


def mock(language: Language = "en") -> None:
    """Show the mock interview below this cell.

    ``language`` is the one that it opens in, ``"en"`` or ``"zh"``. Where nobody can answer, as
    when a notebook is run to be tested or printed, a picture of the widget is shown instead; so
    such a run keeps nothing, and the page shows something without a kernel.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language is {language!r}, but it must be one of {LANGUAGES}.")
    try:
        from IPython import display, get_ipython
    except ImportError:
        print(WORDS[language].no_notebook)
        return
    shell = get_ipython()
    if not hasattr(shell, "kernel"):
        print(WORDS[language].no_notebook)
    elif not _can_be_answered(shell.kernel):
        from helpers.interview.widget.picture import picture

        bundle = {"text/html": picture(language), "text/plain": WORDS[language].title}
        display.display(bundle, raw=True)
    else:
        from helpers.interview.widget.app import Mock  # it imports ipywidgets

        while _open:
            _open.pop().leave()
        _open.append(Mock(language, shell=shell))
        display.display(_open[0])


def _can_be_answered(kernel: Any) -> bool:
    """Whether whoever runs the cell says that somebody is there to type.

    Jupyter's message protocol has a field for that: notebooks and consoles set it; nbclient,
    which builds the course's pages, and nbval, which tests them, do not.
    """
    content = kernel.get_parent().get("content", {})
    return bool(content.get("allow_stdin", False))
