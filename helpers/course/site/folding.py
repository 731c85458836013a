"""A chapter for reading and trying: the worked edition, with its answers folded away."""

import re

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from helpers.course.exercise import all_exercises
from helpers.course.message import code_spans

FOLD = "<details>\n<summary>{title}</summary>\n\n{body}\n\n</details>"
_CODE = "```python\n{source}\n```"


def folded(worked: NotebookNode, learners: NotebookNode) -> NotebookNode:
    """The worked edition with what the learner's hides folded, so that it can be tried first.

    A question has the learner's form. An exercise shows its stub, then, folded, its hints and
    its solution, and the outputs of its check. Neither notebook is changed.
    """
    stubs = {cell.id: cell.source for cell in learners.cells}
    cells: list[NotebookNode] = []
    for cell in worked.cells:
        name, _, part = cell.id.rpartition("-")
        if cell.id.startswith("question-"):
            cells.append(new_markdown_cell(stubs[cell.id], id=cell.id))
        elif name in all_exercises() and part == "answer":
            cells.append(_exercise(name, stubs[cell.id], cell))
        elif name in all_exercises() and part == "help":
            pass  # the hints stand above, and the solution
        else:
            cells.append(_for_a_page(cell))
    return NotebookNode(worked | {"cells": cells})


def _exercise(name: str, stub: str, answer: NotebookNode) -> NotebookNode:
    parts = [_CODE.format(source=stub)]
    for number, hint in enumerate(all_exercises()[name].hints, start=1):
        parts.append(FOLD.format(title=f"Hint {number}", body=f"<p>{code_spans(hint)}</p>"))
    parts.append(FOLD.format(title="Solution", body=_CODE.format(source=answer.source)))
    return new_markdown_cell("\n\n".join(parts), id=answer.id)


def _for_a_page(cell: NotebookNode) -> NotebookNode:
    """The cell with its outputs as a page needs them."""
    if cell.cell_type != "code":
        return cell
    outputs = [NotebookNode(output) for output in cell.outputs]
    for output in outputs:
        if "text/html" in output.get("data", {}):
            markup = page_html(output.data["text/html"])
            output.data = NotebookNode(output.data | {"text/html": markup})
    return NotebookNode(cell | {"outputs": outputs})


def page_html(markup: str) -> str:
    """An output's HTML: links lead to pages, clips wait, and what scrolls can be reached.

    >>> page_html("<a href='21_boxes.ipynb'>")
    "<a href='21_boxes.html'>"
    >>> page_html('<video controls loop muted autoplay title="a > b">')
    '<video controls loop muted title="a > b">'
    """
    markup = re.sub(r"(<a href=['\"]\d\d_\w+)\.ipynb\b", r"\1.html", markup)
    # site.js starts the clips that are in view, unless the reader wants reduced motion.
    return re.sub(r"(<video\b(?:\s+[a-z]+(?:=\"[^\"]*\")?)*?)\s+autoplay\b", r"\1", markup)
