"""The two sides of a flash card, as HTML, and the style sheet that goes with them."""

import re
from html import escape

import mistune
from mistune.plugins.math import math
from mistune.plugins.table import table
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from helpers.interview.phrases import PHRASES
from helpers.interview.question import Language, Question
from helpers.interview.text import strip_emphasis

# For the browser, which chooses the shapes of Chinese characters by it.
LANGUAGE_CODES: dict[Language, str] = {"en": "en-GB", "zh": "zh-Hans"}

# Every token of these two styles has a contrast of 4.5 or more with its background.
_CODE_BY_DAY = HtmlFormatter(style="default")
_CODE_BY_NIGHT = HtmlFormatter(style="github-dark")


def front(question: Question, language: Language) -> str:
    """What is asked, as HTML.

    >>> from helpers.interview import bank
    >>> front(bank.get("psnr-versus-ssim"), "en")
    '<p>PSNR and SSIM, what does each measure, and when does each mislead you on video?</p>'
    """
    return _html(question.question[language])


def back(question: Question, language: Language) -> str:
    """The answers, as HTML: a minute's answer, rubric, typical wrong answers, sources.

    The longer answer and the answers to the follow-up questions are folded.

    >>> from helpers.interview import bank
    >>> print(back(bank.get("psnr-versus-ssim"), "en"))
    <h4>A strong answer</h4>
    ...
    """
    phrases = PHRASES[language]
    parts = [_heading(phrases.answer), _html(question.answer[language])]
    if question.longer:
        parts.append(_fold(phrases.longer, _html(question.longer[language])))
    parts += [
        _heading(phrases.rubric.format(points=question.max_points)),
        _rubric(question, language),
        _heading(phrases.wrong),
        *_wrong_answers(question, language),
        _heading(phrases.follow_ups),
        *_follow_ups(question, language),
        _heading(phrases.sources),
        _sources(question),
    ]
    return "\n".join(parts)


def _heading(title: str) -> str:
    return f"<h4>{title}</h4>"


def _fold(title: str, body: str) -> str:
    return f"<details><summary>{title}</summary>\n{body}\n</details>"


def _rubric(question: Question, language: Language) -> str:
    points = [
        f"<li><b>{point.points}</b> {_line(point.text[language])}</li>"
        for point in question.rubric
    ]
    return "\n".join(['<ul class="rubric">', *points, "</ul>"])


def _wrong_answers(question: Question, language: Language) -> list[str]:
    quote = PHRASES[language].quote
    return [
        f"<p><b>{_line(quote.format(strip_emphasis(wrong.answer[language])))}</b></p>\n"
        f"{_html(wrong.why[language])}"
        for wrong in question.wrong
    ]


def _follow_ups(question: Question, language: Language) -> list[str]:
    return [
        _fold(_line(follow_up.question[language]), _html(follow_up.answer[language]))
        for follow_up in question.follow_ups
    ]


def _sources(question: Question) -> str:
    items = [
        f"<li>{escape(source.authors)} ({source.year}): "
        f'<a href="{escape(source.url)}">{escape(source.title)}</a></li>'
        for source in question.sources
    ]
    return "\n".join(["<ul>", *items, "</ul>"])


class _Renderer(mistune.HTMLRenderer):
    """Markdown as HTML, with coloured code, and formulas between the marks that Anki reads."""

    def block_code(self, code: str, info: str | None = None) -> str:
        try:
            lexer = get_lexer_by_name((info or "text").split()[0], stripnl=False)
        except ClassNotFound:
            lexer = get_lexer_by_name("text", stripnl=False)
        return str(highlight(code, lexer, _CODE_BY_DAY))

    def inline_math(self, text: str) -> str:
        return rf"\({escape(text)}\)"

    def block_math(self, text: str) -> str:
        return rf"\[{escape(text)}\]"


_markdown = mistune.Markdown(_Renderer(), plugins=[table, math])


def _html(markdown: str) -> str:
    return str(_markdown(markdown)).strip()


def _line(markdown: str) -> str:
    """HTML that may stand inside a line: one paragraph without its tags."""
    html = _html(" ".join(markdown.split()))
    return re.sub(r"^<p>(.*)</p>$", r"\1", html)


def _code_colours(formatter: HtmlFormatter, inside: str) -> str:
    rules = [
        *formatter.get_background_style_defs(inside),
        *formatter.get_token_style_defs(inside),
    ]
    return "\n".join(rules)


# Anki sets the class nightMode in its dark mode.
STYLE_SHEET = f"""\
.card {{
  max-width: 44em; margin: 0 auto; padding: 0 0.5em;
  font: 18px/1.5 system-ui, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei",
    "Noto Sans CJK SC", sans-serif;
  text-align: left; color: #1f2328; background: #ffffff;
}}
.label {{ font-size: 14px; color: #59636e; }}
h4 {{ margin: 1.2em 0 0.4em; }}
p, ul, ol, details {{ margin: 0.5em 0; }}
ul, ol {{ padding-left: 1.5em; }}
.rubric {{ list-style: none; padding-left: 0; }}
.rubric b {{ display: inline-block; min-width: 1.2em; }}
summary {{ cursor: pointer; }}
details[open] > summary {{ font-weight: bold; }}
code {{ font-family: ui-monospace, Consolas, Menlo, monospace; font-size: 0.9em; }}
:not(pre) > code {{ padding: 0.1em 0.3em; border-radius: 4px; background: #eff1f3; }}
.highlight {{ padding: 0.1em 0.8em; border-radius: 6px; overflow-x: auto; }}
.highlight pre {{ font: 15px/1.4 ui-monospace, Consolas, Menlo, monospace; }}
table {{ border-collapse: collapse; }}
th, td {{ padding: 0.2em 0.6em; border: 1px solid #8c959f; }}
a {{ color: #0969da; }}
{_code_colours(_CODE_BY_DAY, ".highlight")}
.card.nightMode {{ color: #e6edf3; background: #22272e; }}
.nightMode .label {{ color: #adbac7; }}
.nightMode :not(pre) > code {{ background: #373e47; }}
.nightMode a {{ color: #6cb6ff; }}
{_code_colours(_CODE_BY_NIGHT, ".nightMode .highlight")}
"""
