"""Play clips in a notebook, with a still picture and a text where that is not possible."""

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from IPython.display import display
from PIL import Image

from helpers import validate
from helpers.video.encoding import encode, pad_to_even
from helpers.video.sampling import sample_indices

Clip = npt.NDArray[np.uint8]

_LARGEST_SIDE = 360  # of the video, in pixels: what is larger is shrunk
_ENLARGE_UP_TO = 256
_SHEET_SIDE = 128  # of one frame of the contact sheet
_SHEET_FRAMES = 6
_BYTES_A_SECOND = 25_000  # a notebook holds several clips and should stay below 1 MB


def show(
    clips: Clip | Sequence[Clip],
    *,
    fps: float,
    alt: str,
    titles: Sequence[str] | None = None,
) -> None:
    """Play one clip, or several side by side, in a notebook.

    JupyterLab and exported HTML play it. A viewer that drops the video shows six of its frames
    as a still picture, and a terminal the text.

    Args:
        clips: uint8 frames, (frames, height, width, 3), or grey, (frames, height, width, 1) or
            (frames, height, width); or a list of such clips. A small clip is enlarged without
            smoothing, a large one is shrunk.
        fps: frames a second.
        alt: what is to be seen, in words, for those who cannot see it.
        titles: one title a clip, shown below it.

    Raises:
        TypeError, ValueError: when an argument is something else.
    """
    display(Player(clips, fps, alt, titles))


class Player:
    """What `show` hands to the notebook: the clips as HTML, as a picture and as text."""

    def __init__(
        self,
        clips: Clip | Sequence[Clip],
        fps: float,
        alt: str,
        titles: Sequence[str] | None = None,
    ) -> None:
        self.clips = _as_clips(clips)
        validate.positive(fps=fps)
        self.fps = fps
        self.alt = _as_text("alt", alt)
        if titles is None:
            self.titles = [""] * len(self.clips)
        elif isinstance(titles, str):
            raise TypeError(f"titles is {titles!r}, but it must be a list: pass [{titles!r}].")
        else:
            self.titles = [_as_text("titles", title) for title in titles]
        if len(self.titles) != len(self.clips):
            raise ValueError(
                f"titles has {len(self.titles)} entries, but there are {len(self.clips)} clips: "
                "give one title a clip."
            )

    def __repr__(self) -> str:
        parts = []
        for clip, title in zip(self.clips, self.titles, strict=True):
            frames, height, width, _ = clip.shape
            part = f"{frames} frames of {width}x{height}, {frames / self.fps:.3g} s"
            parts.append(f"{title}: {part}" if title else part)
        return f"[video at {self.fps:g} fps: {self.alt} ({'; '.join(parts)})]"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, str], dict[str, Any]]:
        strips = [_contact_strip(clip) for clip in self.clips]
        figures = [
            self._figure(clip, strip, title)
            for clip, strip, title in zip(self.clips, strips, self.titles, strict=True)
        ]
        html = f'<div style="display:flex;flex-wrap:wrap;gap:1em">{"".join(figures)}</div>'
        bundle = {
            "text/html": html,
            "image/jpeg": _jpeg(_stack(strips)),
            "text/plain": repr(self),
        }
        return bundle, {"image/jpeg": {"alt": self.alt}}

    def _figure(self, clip: Clip, strip: Clip, title: str) -> str:
        """One clip: a video, and inside it the still picture for viewers that drop the video."""
        size, mp4 = _mp4(clip, self.fps)
        label = escape(f"{self.alt} ({title})" if title else self.alt)
        caption = f"<figcaption>{escape(title)}</figcaption>" if title else ""
        return (
            '<figure style="margin:0">'
            f'<video controls loop muted autoplay playsinline width="{size[1]}" '
            f'height="{size[0]}" style="max-width:100%;height:auto" aria-label="{label}" '
            f'title="{label}" src="data:video/mp4;base64,{mp4}">'
            f'<img alt="{label}" src="data:image/jpeg;base64,{_jpeg(strip)}">'
            f"</video>{caption}</figure>"
        )


def _as_clips(clips: Any) -> list[Clip]:
    if isinstance(clips, np.ndarray):
        clips = [clips] if clips.ndim < 5 else list(clips)
    if not isinstance(clips, list | tuple) or not clips:
        raise TypeError(
            f"clips is {type(clips).__name__}, but it must be a uint8 array (frames, height, "
            "width, 3) or a list of them."
        )
    checked = []
    for number, clip in enumerate(clips):
        name = "clips" if len(clips) == 1 else f"clips[{number}]"
        if isinstance(clip, np.ndarray) and clip.dtype == np.bool_:
            raise TypeError(
                f"{name} is bool, but it must be uint8, 0 to 255: for a mask, pass "
                "mask.astype(np.uint8) * 255."
            )
        if isinstance(clip, np.ndarray) and clip.ndim == 3:
            if clip.shape[-1] == 3:
                raise ValueError(
                    f"{name} has the shape {clip.shape}, which is one picture: pass "
                    "picture[np.newaxis]."
                )
            clip = clip[..., np.newaxis]
        validate.clip(**{name: clip})
        checked.append(clip)
    return checked


def _as_text(name: str, text: Any) -> str:
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{name} is {text!r}, but it must be words that tell what is shown.")
    return text


def _mp4(clip: Clip, fps: float) -> tuple[tuple[int, int], str]:
    """The clip as mp4 in base64, and its height and width there."""
    num_frames, height, width, _ = clip.shape
    longer = max(height, width)
    if longer > _LARGEST_SIDE:
        size = _even(height * _LARGEST_SIDE / longer), _even(width * _LARGEST_SIDE / longer)
    else:
        factor = max(1, _ENLARGE_UP_TO // longer)
        clip = pad_to_even(clip.repeat(factor, axis=1).repeat(factor, axis=2))
        size = clip.shape[1], clip.shape[2]
    for quality in (28, 34, 40):  # noise takes many bytes: then coarser
        file = BytesIO()
        encode(file, clip, fps, size, quality, num_threads=1)
        if file.tell() <= _BYTES_A_SECOND * max(1, num_frames / fps):
            break
    return size, b64encode(file.getvalue()).decode()


def _even(length: float) -> int:
    return max(2, 2 * round(length / 2))


def _contact_strip(clip: Clip) -> Clip:
    """Up to six frames side by side: uint8, (height, width, 3)."""
    num_frames, height, width, _ = clip.shape
    scale = _SHEET_SIDE / max(height, width)
    tiles = []
    for index in sample_indices(num_frames, min(num_frames, _SHEET_FRAMES)):
        frame = np.ascontiguousarray(np.broadcast_to(clip[index], (height, width, 3)))
        picture = Image.fromarray(frame)
        if scale >= 1:
            side = (width * int(scale), height * int(scale))
            picture = picture.resize(side, Image.Resampling.NEAREST)
        else:
            side = (max(1, round(width * scale)), max(1, round(height * scale)))
            picture = picture.resize(side, Image.Resampling.BOX)
        tiles.append(np.pad(np.asarray(picture), ((0, 0), (0, 4), (0, 0)), constant_values=255))
    return np.concatenate(tiles, axis=1)[:, :-4]


def _stack(strips: list[Clip]) -> Clip:
    """The strips one below the other, on white."""
    width = max(strip.shape[1] for strip in strips)
    rows = [
        np.pad(strip, ((0, 4), (0, width - strip.shape[1]), (0, 0)), constant_values=255)
        for strip in strips
    ]
    return np.concatenate(rows)[:-4]


def _jpeg(picture: Clip) -> str:
    file = BytesIO()
    Image.fromarray(picture).save(file, format="JPEG", quality=80)
    return b64encode(file.getvalue()).decode()
