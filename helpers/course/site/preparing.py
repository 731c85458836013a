"""The folder that Sphinx reads: start page, chapters, question bank, glossary, licences."""

import json
import re
import shutil
from pathlib import Path

import nbformat
from PIL import Image

from helpers.course.site import questions, terms
from helpers.course.site.folding import folded

# The parts of the course by the first digit of a chapter's number.
PARTS = {
    "0": "Start",
    "1": "Concepts",
    "2": "Interview questions",
    "3": "Coding exercises",
    "4": "Architectures and tasks",
    "5": "Engineering",
    "6": "System design",
    "7": "Practice",
}
# Other texts of the repository and the pages that they become; those in docs/ keep their names.
_DOCUMENTS = {
    "CONTRIBUTING.md": "contributing",
    "LICENSE": "licence-of-the-code",
    "LICENSE-TEXT.md": "licence-of-the-text",
    "helpers/datasets/clips/NOTICE.md": "clips",
}
PICTURES = {".png", ".svg", ".webp"}
MOVING_PICTURE = "docs/first_look.webp"


def prepare(root: Path, source: Path) -> None:
    """Write the pages of the course in ``root`` into the new folder ``source``."""
    chapters = chapter_titles(root)
    source.mkdir(parents=True)
    for name in chapters:
        worked, learners = (
            nbformat.read(root / edition / f"{name}.ipynb", as_version=4)
            for edition in ("solutions", "notebooks")
        )
        nbformat.write(folded(worked, learners), source / f"{name}.ipynb")
    pages = {"index": _start(root, chapters), "glossary": terms.page(chapters)}
    pages |= questions.pages(chapters)
    pages |= {page: _document(root, path) for path, page in documents(root).items()}
    for page, text in pages.items():
        path = source / f"{page}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in (root / "docs").iterdir():
        if path.suffix in PICTURES:
            shutil.copy(path, source)
    _moving_and_still(root / MOVING_PICTURE, source / "_static")


def documents(root: Path) -> dict[str, str]:
    """The texts that become pages beside the chapters: path and the page's name."""
    docs = sorted((root / "docs").glob("*.md"))
    return {f"docs/{path.name}": path.stem for path in docs} | _DOCUMENTS


def page_names(root: Path) -> list[str]:
    """Every page that `prepare` writes, without its ending; the search page is Sphinx's own."""
    chapters = chapter_titles(root)
    looked_up = [*questions.pages(chapters), "glossary", *documents(root).values()]
    return ["index", *chapters, *looked_up]


def chapter_titles(root: Path) -> dict[str, str]:
    """The chapters that have been built, in order: name and title."""
    titles = {}
    for path in sorted((root / "solutions").glob("*.ipynb")):
        about = json.loads(path.read_text(encoding="utf-8"))["metadata"]["course"]
        titles[path.stem] = about["title"]
    return titles


def _start(root: Path, chapters: dict[str, str]) -> str:
    """The README as the start page, with the way to every other page."""
    picture = re.escape(Path(MOVING_PICTURE).name)
    text = re.sub(rf"!\[(.*?)\]\({picture}\)", _moving_picture, _document(root, "README.md"))
    trees = []
    for digit, part in PARTS.items():
        here = {name: title for name, title in chapters.items() if name[0] == digit}
        trees.append(_toctree(part, [f"{n[:2]} · {title} <{n}>" for n, title in here.items()]))
    trees.append(_toctree("Look up", ["bank/index", "glossary"]))
    trees.append(_toctree("About", list(documents(root).values())))
    return "\n\n".join([text.strip(), *filter(None, trees)]) + "\n"


def _moving_picture(image: re.Match[str]) -> str:
    """The picture, and one frame of it for readers who want reduced motion."""
    name = Path(MOVING_PICTURE).stem
    return (
        '<picture><source media="(prefers-reduced-motion: reduce)" '
        f'srcset="_static/{name}_still.webp"><img src="_static/{name}.webp" '
        f'alt="{image[1]}"></picture>'
    )


def _moving_and_still(moving: Path, folder: Path) -> None:
    folder.mkdir()
    shutil.copy(moving, folder)
    with Image.open(moving) as frames:
        frames.seek(frames.n_frames // 2)  # type: ignore[attr-defined]
        frames.save(folder / f"{moving.stem}_still.webp")


def _toctree(caption: str, entries: list[str]) -> str:
    if not entries:
        return ""
    lines = "\n".join(entries)
    return f"```{{toctree}}\n:caption: {caption}\n:hidden:\n\n{lines}\n```"


def _document(root: Path, path: str) -> str:
    """A text of the repository as a page, its links leading to pages."""
    text = (root / path).read_text(encoding="utf-8")
    if not Path(path).suffix:  # the licence of the code: plain text
        text = f"# Licence of the code\n\n{text}"

    # A chapter keeps its name, and Sphinx warns where there is no such page.
    pages = {path: f"{page}.md" for path, page in documents(root).items()}
    pages["README.md"] = "index.md"

    def to_page(link: re.Match[str]) -> str:
        target = (root / path).parent.joinpath(link[1]).resolve().relative_to(root.resolve())
        return f"]({pages.get(target.as_posix(), target.name)})"

    return re.sub(r"\]\((?!https?:)([^)#]+)\)", to_page, text)
