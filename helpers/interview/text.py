"""English and Chinese text: joining and wrapping lines, plurals, counting what is spoken."""

import re
import unicodedata

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_FULL_WIDTH_PUNCTUATION = r"\u3001-\u303f\uff00-\uffef"
# A line that begins like this starts a block of its own in Markdown.
_BLOCK = re.compile(r"\s*([-*+] |\d+[.)] |#|>|\||```)")
_MARKER = re.compile(r"\s*([-*+] |\d+[.)] |> )?")
# Emphasis has no space inside its marks and stays on its line.
_CODE_OR_EMPHASIS = re.compile(
    r"(?P<code>```[\s\S]*?```|`[^`]*`)"
    r"|(?P<mark>\*{1,2})(?=[^\s*])(?P<emphasised>.+?)(?<=\S)(?P=mark)(?!\*)"
)
# A wide character with the closing marks that must not begin a line, or a narrow word.
_CLOSING = "，。、；：？！）】》」』”’…%"
_PIECE = re.compile(
    rf"\s+|[{_HAN}{_FULL_WIDTH_PUNCTUATION}][{_CLOSING}]*"
    rf"|[^\s{_HAN}{_FULL_WIDTH_PUNCTUATION}]+[{_CLOSING}]*"
)


class Count(int):
    """A number that a phrase fills in, and with ``:s`` the plural's s, which 1 has not.

    >>> "{total} question{total:s}".format(total=Count(1))
    '1 question'
    """

    def __format__(self, form: str) -> str:
        if form == "s":
            return "" if self == 1 else "s"
        return super().__format__(form)


def has_chinese(text: str) -> bool:
    """Whether the text holds at least one Chinese character."""
    return re.search(f"[{_HAN}]", text) is not None


def tidy(text: str) -> str:
    """Join the lines of each paragraph, so that an author may break them anywhere.

    English lines join with a space, Chinese ones without. Lists, tables, headings and code
    between ``` keep their lines.

    >>> tidy("a clip\\nof frames\\n\\n- one")
    'a clip of frames\\n\\n- one'
    >>> tidy("一段\\n视频")
    '一段视频'
    """
    lines: list[str] = []
    in_code = False
    joinable = False
    for line in text.strip("\n").rstrip().splitlines():
        if line.lstrip().startswith("```"):
            in_code = not in_code
            joinable = False
            lines.append(line)
        elif in_code or not line.strip():
            joinable = False
            lines.append(line.rstrip())
        elif joinable and not _BLOCK.match(line):
            lines[-1] = _close_gaps(f"{lines[-1]} {line.strip()}")
        else:
            lines.append(_close_gaps(line.rstrip()))
            joinable = True
    return "\n".join(lines)


def _close_gaps(line: str) -> str:
    """Without the spaces that no Chinese text has: between characters and beside marks."""
    line = re.sub(rf"(?<=[{_HAN}]) +(?=[{_HAN}“‘])|(?<=[”’]) +(?=[{_HAN}])", "", line)
    line = re.sub(rf"(?<=[{_FULL_WIDTH_PUNCTUATION}]) +", "", line)
    return re.sub(rf"(?<=\S) +(?=[{_FULL_WIDTH_PUNCTUATION}])", "", line)


def headline(text: str) -> tuple[str, str]:
    """The first paragraph in one line, as a heading needs it, and what follows: code, say.

    >>> headline("What is\\nwrong?\\n\\n```\\nx = 1\\n```")
    ('What is wrong?', '```\\nx = 1\\n```')
    """
    first, _, rest = text.partition("\n\n")
    return " ".join(first.split()), rest


def strip_emphasis(text: str) -> str:
    """Without the marks of *italic* and **bold** type; code keeps its stars.

    >>> strip_emphasis("**Time** is *not* `a * b * c` or 2 * 3 * 4")
    'Time is not `a * b * c` or 2 * 3 * 4'
    """
    return _CODE_OR_EMPHASIS.sub(
        lambda match: match["code"] or strip_emphasis(match["emphasised"]), text
    )


def count_words(text: str) -> int:
    """The number of English words outside code, as a speaker would say them."""
    return len(re.findall(r"[^\W_]+(?:[-'’.,][^\W_]+)*", _without_code(text)))


def count_characters(text: str) -> int:
    """The number of Chinese characters outside code; an English word or a number counts 1."""
    text = _without_code(text)
    return len(re.findall(f"[{_HAN}]", text)) + count_words(re.sub(f"[{_HAN}]", " ", text))


def _without_code(text: str) -> str:
    return re.sub(r"```.*?```", " ", text, flags=re.DOTALL)


def display_width(text: str) -> int:
    """The number of terminal columns that the text takes: a Chinese character takes two."""
    return sum(
        0 if unicodedata.combining(char) else 2 if _is_wide(char) else 1 for char in text
    )


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


def wrap(text: str, width: int, indent: str = "") -> str:
    """Break Markdown into lines of at most ``width`` columns, each behind ``indent``.

    A list item hangs under its own text, code keeps its lines, and a word that is longer
    than a line (an address, say) stays whole. No line begins with a closing mark.
    """
    lines: list[str] = []
    in_code = False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            in_code = not in_code
            lines.append(indent + line)
        elif in_code or not line.strip():
            lines.append((indent + line).rstrip())
        else:
            lines.extend(_wrap_line(line, width, indent))
    return "\n".join(lines)


def _wrap_line(line: str, width: int, indent: str) -> list[str]:
    marker = _MARKER.match(line)
    start = marker.group() if marker else ""
    hanging = indent + " " * display_width(start)
    lines = [indent + start]
    is_empty = True  # the last line has nothing but its indent so far
    for piece in _PIECE.findall(line[len(start) :]):
        if display_width(lines[-1] + piece.rstrip()) > width and not is_empty:
            lines[-1] = lines[-1].rstrip()
            lines.append(hanging)
            is_empty = True
        if not (is_empty and piece.isspace()):
            lines[-1] += piece
            is_empty = False
    return [line.rstrip() for line in lines]
