"""What the screens are built of: headings, prose, a clock, buttons and boxes to tick.

Only such controls are used as JupyterLab leaves their keys to: Tab goes from one to the next,
Space and Enter press a button, Space ticks a box or a choice. (Arrow keys it takes for itself:
in a list or on a slider they would leave the widget.)
"""

import asyncio
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets

FULL = widgets.Layout(width="auto")
_HEADING = "<h4 style='margin:.8em 0 .2em'>{}</h4>"

# The browser counts, so that a running clock costs the kernel nothing and goes on while it is
# busy. A delay below zero starts an animation in its midst.
_CLOCK = """<style>
@property --lvm-seconds {{syntax: "<integer>"; initial-value: 0; inherits: false}}
@property --lvm-minutes {{syntax: "<integer>"; initial-value: 0; inherits: false}}
@keyframes lvm-seconds {{to {{--lvm-seconds: 60}}}}
@keyframes lvm-minutes {{to {{--lvm-minutes: 600}}}}
.lvm-clock::after {{
  animation: lvm-seconds 60s steps(60) infinite, lvm-minutes 36000s steps(600) forwards;
  animation-delay: inherit;
  counter-reset: minutes var(--lvm-minutes) seconds var(--lvm-seconds);
  content: counter(minutes) ":" counter(seconds, decimal-leading-zero);
}}
</style>
<span role="timer" aria-label="{label}"><span class="lvm-clock" style="font:bold 1.3em monospace;
animation-delay:-{seconds:.2f}s"></span> / {target}</span>"""


class Prose(widgets.Output):
    """Markdown or HTML that the notebook renders as it does its own cells, links included."""

    def __init__(self, markdown: str = "", html: str = "") -> None:
        super().__init__()
        self.show(markdown, html)

    def show(self, markdown: str = "", html: str = "") -> None:
        """Show this instead of what was there; nothing for no text."""
        data = {"text/html": html} if html else {"text/markdown": markdown}
        output = {"output_type": "display_data", "data": data, "metadata": {}}
        self.outputs = (output,) if markdown or html else ()


class Clock(widgets.HTML):
    """A clock that runs in the browser, and the seconds as the kernel measures them."""

    def __init__(self, clock: Callable[[], float], label: str, target: float) -> None:
        self._clock, self._label, self._target = clock, label, target
        self._since: float | None = None
        self._spent = 0.0
        super().__init__()

    @property
    def seconds(self) -> float:
        """The time that was measured so far, over all its runs."""
        return self._spent + (0 if self._since is None else self._clock() - self._since)

    def run(self, spent: float) -> None:
        """Go on from so many seconds."""
        self._spent, self._since = spent, self._clock()
        self._draw()

    def stop(self, words: str) -> None:
        """Stand still, and say this instead."""
        self._spent, self._since = self.seconds, None
        self.value = f"<p role='status'>{escape(words)}</p>"

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """The widget's state; a page that is opened again gets the hands where they are now."""
        if key is None and self._since is not None:
            self._draw()
        return dict(super().get_state(key, drop_defaults))

    def _draw(self) -> None:
        minutes, seconds = divmod(round(self._target), 60)
        self.value = _CLOCK.format(
            label=escape(self._label),
            seconds=self.seconds,
            target=f"{minutes}:{seconds:02}",
        )


def title(text: str) -> widgets.Label:
    """What a screen is called. It can be given the focus, which only a label can, not by Tab."""
    style = {"font_weight": "bold", "font_size": "1.3em"}
    return widgets.Label(text, tabbable=False, style=style)


def heading(text: str) -> widgets.HTML:
    """A heading of a part of a screen."""
    return widgets.HTML(_HEADING.format(escape(text)))


def button(label: str, hint: str = "", is_main: bool = False) -> widgets.Button:
    """A button as wide as its label; ``hint`` is shown over it and read out."""
    return widgets.Button(
        description=label,
        tooltip=hint or label,
        button_style="primary" if is_main else "",
        layout=widgets.Layout(width="auto", align_self="flex-start"),
    )


def tick(label: str, is_ticked: bool = False, hint: str = "") -> widgets.Checkbox:
    """A box to tick."""
    return widgets.Checkbox(
        value=is_ticked,
        description=label,
        tooltip=hint or label,
        indent=False,
        layout=widgets.Layout(width="auto"),
    )


def choice(
    label: str, options: Sequence[tuple[str, Any]], chosen: Any, in_a_row: bool = True
) -> widgets.RadioButtons:
    """One of several, each of them reached by Tab; nothing is chosen where ``chosen`` is none."""
    values = [value for _, value in options]
    return widgets.RadioButtons(
        options=options,
        index=values.index(chosen) if chosen in values else None,
        description=label,
        tooltip=label,
        orientation="horizontal" if in_a_row else "vertical",
        layout=widgets.Layout(width="auto"),
        style={"description_width": "initial"},
    )


def row(*parts: widgets.Widget) -> widgets.HBox:
    """Side by side, and below each other where the page is narrow."""
    return widgets.HBox(
        parts, layout=widgets.Layout(flex_flow="row wrap", align_items="center")
    )


def columns(*parts: widgets.Widget) -> widgets.HBox:
    """Columns of equal width, or below each other where the page is narrow."""
    for part in parts:
        part.layout.flex = "1 1 20em"
        part.layout.min_width = "0"
    return widgets.HBox(
        parts, layout=widgets.Layout(flex_flow="row wrap", align_items="flex-start")
    )


def focus_soon(widget: widgets.DOMWidget) -> None:
    """Give a widget the focus once the browser has drawn it; nothing without an event loop."""
    try:
        asyncio.get_running_loop().call_later(0.3, widget.focus)
    except RuntimeError:
        return
