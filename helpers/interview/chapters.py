"""What practising needs of a chapter's source, ``solutions/NN_topic.md``, read as text."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from helpers.interview.phrases import PHRASES
from helpers.interview.question import Language, Text

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"

_NAME = re.compile(r"\d\d_[a-z0-9_]+")
_CELL = re.compile(r"^```\{code-cell\}.*?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_QUESTION = re.compile(r"^:question: (\S+)$", re.MULTILINE)
_RECAP = re.compile(r"^(?:## Recap|.*\*\*Recap:\*\*)\n+((?:\d\. .*\n)+)", re.MULTILINE)


@dataclass(frozen=True)
class Chapter:
    """A chapter: its questions' ids in order, its recap's lines, and its first code cell."""

    name: str
    title: Text
    question_ids: tuple[str, ...]
    recap: tuple[str, ...]
    imports: str


def names(folder: Path = SOLUTIONS) -> list[str]:
    """The names of the chapters that exist, in their order."""
    return sorted(path.stem for path in folder.glob("*.md") if _NAME.fullmatch(path.stem))


def find(text: str, folder: Path = SOLUTIONS, language: Language = "en") -> str:
    """The name of the chapter that is meant by its number or its name.

    Raises ``ValueError`` that names the chapters, in this language, when there is none.

    >>> find("21")
    '21_boxes_and_average_precision'
    """
    for name in names(folder):
        if text in (name, name[:2]):
            return name
    phrases = PHRASES[language]
    known = phrases.comma.join(names(folder)) or "–"
    raise ValueError(phrases.no_chapter.format(chapter=text, known=known))


def read(name: str, folder: Path = SOLUTIONS) -> Chapter:
    """The chapter of that name (see `names`)."""
    source = (folder / f"{name}.md").read_text(encoding="utf-8")
    _, front_matter, body = source.split("---\n", 2)
    about = yaml.safe_load(front_matter)["course"]
    recap = _RECAP.search(body)
    cells = _CELL.findall(body)
    return Chapter(
        name,
        Text(about["title"], about["title_zh"]),
        tuple(_QUESTION.findall(body)),
        tuple(line[3:] for line in recap[1].splitlines()) if recap else (),
        cells[0] if cells else "",
    )


def imports_of(chapter: Chapter, wanted: set[str]) -> str:
    """The import statements of the chapter's first cell that give the wanted names."""
    lines = []
    for node in ast.parse(chapter.imports).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            node.names = [
                alias
                for alias in node.names
                if (alias.asname or alias.name).split(".")[0] in wanted
            ]
            if node.names:
                lines.append(ast.unparse(node))
    return "\n".join(lines)
