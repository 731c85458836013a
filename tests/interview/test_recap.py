import math
from pathlib import Path

import pytest

from helpers.interview import bank, chapters, glossary, recap
from helpers.interview.text import display_width

SOURCE = """---
jupytext:
  a: b
course:
  title: Boxes
  title_zh: 边界框
  minutes: 3
---

# Boxes

```{code-cell}
from helpers import (  # first
    boxes, video,
)
import numpy as np
```

```{code-cell}
:question: what-is-average-precision
```

```{code-cell}
:question: not-in-the-bank
```

1. not the recap

## Recap

1. The first.
2. The second.

*Sources: none.*
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "21_boxes.md").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "notes.md").write_text("no chapter")
    return tmp_path


def test_a_chapter_is_read(folder: Path) -> None:
    assert chapters.names(folder) == ["21_boxes"]
    chapter = chapters.read("21_boxes", folder)
    assert (chapter.title.en, chapter.title.zh) == ("Boxes", "边界框")
    assert chapter.recap == ("The first.", "The second.")
    assert chapter.question_ids == ("what-is-average-precision", "not-in-the-bank")
    assert chapters.imports_of(chapter, {"np", "boxes"}) == (
        "from helpers import boxes\nimport numpy as np"
    )
    assert chapters.imports_of(chapter, set()) == ""


@pytest.mark.parametrize("text", ["21", "21_boxes"])
def test_a_chapter_is_found_by_number_or_name(text: str, folder: Path) -> None:
    assert chapters.find(text, folder) == "21_boxes"


@pytest.mark.parametrize("text", ["", "2", "22", "boxes", "notes"])
def test_an_unknown_chapter_is_told_which_there_are(text: str, folder: Path) -> None:
    with pytest.raises(ValueError, match=r"There are: 21_boxes\."):
        chapters.find(text, folder)
    with pytest.raises(ValueError, match=rf"^没有“{text}”这一章。现有章节：21_boxes。$"):
        chapters.find(text, folder, "zh")


def test_a_page_has_recap_rubric_points_and_terms(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = bank.get("what-is-average-precision")
    term = glossary.find("IoU")
    monkeypatch.setattr(
        glossary, "in_chapter", lambda chapter: [term] if chapter == "21_boxes" else []
    )
    page = recap.markdown(chapters.read("21_boxes", folder), "zh", bank.load())
    assert page.startswith(
        "# 21 · 边界框\n\n## 要点回顾（英文）\n\n1. The first.\n2. The second.\n"
    )
    for point in question.rubric:
        assert " ".join(point.text.zh.split()) in page
    assert page.endswith(f"## 术语\n\n{term.name.en} {term.name.zh}\n")
    assert "not-in-the-bank" not in page
    assert "。(2) " in page  # no space after a full-width mark


def test_a_question_stands_without_its_code() -> None:
    page = recap.markdown(chapters.read("20_preprocessing"), "zh", bank.load())
    assert "下面的函数" in page and "```" not in page


@pytest.mark.parametrize("name", chapters.names())
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_chapter_of_the_course_fits_on_a_page(name: str, language: str) -> None:
    chapter = chapters.read(name)
    assert len(chapter.recap) == 5
    assert set(chapter.question_ids) <= set(bank.load())
    page = recap.markdown(chapter, "zh" if language == "zh" else "en", bank.load())
    # A printed page of A4 has about 60 lines of 110 columns in a font of 9 points.
    lines = [math.ceil(display_width(line) / 110) for line in page.splitlines() if line]
    assert sum(lines) <= 60
