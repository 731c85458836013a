"""The widget as a page without a kernel shows it: its screens side by side, nothing to press."""

from html import escape

import mistune

from helpers.interview import bank
from helpers.interview.phrases import PHRASES
from helpers.interview.question import LEVELS, Language
from helpers.interview.session import MINUTE
from helpers.interview.widget.words import WORDS

# Short enough for a picture, and of the first chapter, which every reader has seen.
EXAMPLE = "psnr-versus-ssim"
SECONDS = 47

_PANEL = (
    "<div style='flex:1 1 18em;border:1px solid currentColor;border-radius:6px;"
    "padding:.2em .9em;margin:.3em'>{}</div>"
)


def picture(language: Language) -> str:
    """The settings, a question, its rubric while it is scored, as HTML; always the same."""
    panels = [_settings(language), _question(language), _rubric(language)]
    body = "".join(_PANEL.format(panel) for panel in panels)
    note = f"<p><i>{WORDS[language].picture}</i></p>"
    return f"{note}<div style='display:flex;flex-wrap:wrap;text-align:left'>{body}</div>"


def _settings(language: Language) -> str:
    words, colon = WORDS[language], PHRASES[language].colon
    levels = [words.any_level, LEVELS["junior"][language], LEVELS["mid"][language]]
    lines = [
        f"{words.language}{colon}● {'English' if language == 'en' else '中文'} ○ …",
        f"{words.num_questions}{colon}5",
        f"{words.level}{colon}● {' ○ '.join(levels)} ○ …",
        f"{words.groups}{colon}☐ ☑ ☐ …",
        f"☑ {words.due_first.format(total=2)}",
    ]
    return _title(words.title) + _lines(lines) + _button(words.begin)


def _question(language: Language) -> str:
    words, phrases, question = WORDS[language], PHRASES[language], bank.get(EXAMPLE)
    lines = [
        f"{words.clock}{phrases.colon}0:{SECONDS} / {MINUTE // 60}:00",
        f"{words.your_answer}{phrases.colon}{words.placeholder}",
        f"☐ {words.answered}",
    ]
    title = _title(phrases.question.format(number=1, total=5))
    asked = str(mistune.html(question.question[language]))
    return title + asked + _lines(lines) + _button(words.show) + _button(words.stop)


def _rubric(language: Language) -> str:
    words, phrases, question = WORDS[language], PHRASES[language], bank.get(EXAMPLE)
    most = question.rubric[0].points
    scores = " ".join(
        f"{'●' if given == most else '○'} {words.of.format(given=given, most=most)}"
        for given in range(most + 1)
    )
    lines = [
        phrases.verdict(SECONDS),
        f"{phrases.answer}{phrases.colon}…",
        " ".join(question.rubric[0].text[language].split()),
        f"{words.point.format(number=1)}{phrases.colon}{scores}",
        "…",
        words.sum.format(earned=7, possible=question.max_points),
    ]
    title = _title(phrases.rubric.format(points=question.max_points))
    return title + _lines(lines) + _button(words.next)


def _title(text: str) -> str:
    return f"<p><b>{escape(text)}</b></p>"


def _lines(lines: list[str]) -> str:
    return "".join(f"<p style='margin:.3em 0'>{escape(line)}</p>" for line in lines)


def _button(label: str) -> str:
    return f"<p><b>[ {escape(label)} ]</b></p>"
