"""What the course says to a learner: one text, shown as HTML where a viewer can.

Meaning never rests on colour alone: each message begins with its sign. The text takes the
page's own colour, so it is legible on a light and on a dark page.
"""

import html
import sys
from dataclasses import dataclass, field
from typing import Any

SIGNS = {"right": "✓", "wrong": "✗", "open": "○", "note": "→"}
# Okabe and Ito's palette, told apart by colour-blind readers too.
COLOURS = {"right": "#009E73", "wrong": "#D55E00", "open": "#0072B2", "note": "#CC79A7"}
# Beside the text of a graded check: what a program reads of it, in a type that no viewer shows.
RECORD = "application/vnd.large-video-models.check+json"


@dataclass(frozen=True)
class Message:
    """A sign, a headline, and paragraphs; a paragraph with a name is set as code."""

    kind: str
    headline: str
    parts: list[tuple[str, str]] = field(default_factory=list)  # (name or "", text)

    def __str__(self) -> str:
        lines = [f"{SIGNS[self.kind]} {self.headline}"]
        for name, text in self.parts:
            indented = text.replace("\n", "\n" + " " * 15)
            lines.append(f"  {name:<12} {indented}" if name else f"  {text}")
        return "\n".join(lines)

    def to_html(self) -> str:
        rows = []
        for name, text in self.parts:
            if name:
                rows.append(
                    "<div style='display:flex;align-items:baseline;gap:1em;margin:.2em 0'>"
                    f"<div style='flex:0 0 8em'>{html.escape(name)}</div>"
                    "<pre style='margin:0;white-space:pre-wrap;background:none;color:inherit;"
                    f"font-family:monospace'>{html.escape(text)}</pre></div>"
                )
            else:
                rows.append(f"<p style='margin:.4em 0'>{code_spans(text)}</p>")
        return (
            f"<div style='border-left:4px solid {COLOURS[self.kind]};padding:.2em .8em'>"
            f"<p style='margin:.2em 0'><b>{SIGNS[self.kind]} {code_spans(self.headline)}</b></p>"
            f"{''.join(rows)}</div>"
        )

    def show(self, record: dict[str, Any] | None = None) -> None:
        """Display in a notebook, print anywhere else.

        record: kept with the notebook's output, for `helpers.course.report`; never shown.
        """
        if "IPython" in sys.modules:
            from IPython import display, get_ipython

            if get_ipython() is not None:
                bundle: dict[str, Any] = {"text/plain": str(self), "text/html": self.to_html()}
                if record is not None:
                    bundle[RECORD] = record
                display.display(bundle, raw=True)
                return
        print(self)


def code_spans(text: str) -> str:
    """Escaped HTML in which `backticks` set code."""
    pieces = html.escape(text).split("`")
    if len(pieces) % 2 == 0:  # an odd backtick: leave the text as it is
        return html.escape(text)
    return "".join(
        f"<code>{piece}</code>" if number % 2 else piece for number, piece in enumerate(pieces)
    )
