"""A shown clip plays, has a still picture and a text, and stays small."""

from base64 import b64decode
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import av
import nbformat
import numpy as np
import pytest
from nbconvert import HTMLExporter
from PIL import Image

from helpers import datasets, video
from helpers.video import showing
from helpers.video.showing import Player


class Tags(HTMLParser):
    """The tags of a page in order, each with its attributes and the tags around it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes), tuple(self.open)))
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, Any]]:
        return [attributes for name, attributes, _ in self.found if name == tag]


def bundle(*args: Any, **kwargs: Any) -> dict[str, str]:
    return Player(*args, **kwargs)._repr_mimebundle_()[0]


def frames_of(source: str) -> np.ndarray:
    kind, data = source.split(",")
    assert kind == "data:video/mp4;base64"
    with av.open(BytesIO(b64decode(data)), "r") as container:
        return np.stack([f.to_ndarray(format="rgb24") for f in container.decode(video=0)])


def moving_square(num_frames: int = 8, side: int = 32) -> np.ndarray:
    clip = np.zeros((num_frames, side, side, 3), np.uint8)
    for k in range(num_frames):
        clip[k, 8:16, k : k + 8] = (213, 94, 0)
    return clip


def test_a_small_clip_is_enlarged_without_smoothing() -> None:
    clip = moving_square()
    (tag,) = Tags(bundle(clip, fps=8, alt="a square moves right")["text/html"]).all("video")
    frames = frames_of(tag["src"])
    assert frames.shape == (8, 256, 256, 3)
    assert (tag["width"], tag["height"]) == ("256", "256")
    enlarged = clip.repeat(8, axis=1).repeat(8, axis=2).astype(int)
    assert np.abs(frames - enlarged).max() < 40
    assert np.abs(frames - enlarged).mean() < 2


def test_a_large_clip_is_shrunk() -> None:
    clip = video.read_clip(datasets.real_clip("bikes"), 4)
    (tag,) = Tags(bundle(clip, fps=4, alt="a street")["text/html"]).all("video")
    frames = frames_of(tag["src"])
    assert frames.shape == (4, 152, 360, 3)
    for frame, original in zip(frames.astype(int), clip, strict=True):
        small = Image.fromarray(original).resize((360, 152), Image.Resampling.BOX)
        assert np.abs(frame - np.asarray(small)).mean() < 8


@pytest.mark.parametrize(
    "shape", [(3, 1, 1, 3), (1, 7, 300, 3), (2, 301, 5, 1), (2, 1280, 2, 3)]
)
def test_clips_of_any_shape_are_shown(shape: tuple[int, ...]) -> None:
    (tag,) = Tags(bundle(np.zeros(shape, np.uint8), fps=1, alt="black")["text/html"]).all(
        "video"
    )
    frames = frames_of(tag["src"])
    assert len(frames) == shape[0]
    assert frames.shape[1] % 2 == frames.shape[2] % 2 == 0
    assert max(frames.shape[1:3]) <= 362


def test_the_player_has_words_and_a_still_picture_inside() -> None:
    clips = [moving_square(), moving_square(12)]
    page = bundle(clips, fps=8, alt='left "before" & after', titles=["A<b>", "B & C"])[
        "text/html"
    ]
    tags = Tags(page)
    videos, pictures = tags.all("video"), tags.all("img")
    assert len(videos) == len(pictures) == 2
    assert videos[0]["aria-label"] == pictures[0]["alt"] == 'left "before" & after (A<b>)'
    for name in ("controls", "loop", "muted", "autoplay", "playsinline"):
        assert name in videos[0]
    places = [around for name, _, around in tags.found if name == "img"]
    assert all(around[-2:] == ("figure", "video") for around in places)
    assert "<figcaption>A&lt;b&gt;</figcaption>" in page
    assert "<figcaption>B &amp; C</figcaption>" in page
    assert "color" not in page  # captions take the page's colour, light or dark
    picture = Image.open(BytesIO(b64decode(pictures[1]["src"].split(",")[1])))
    assert picture.size == (6 * 128 + 5 * 4, 128)


def test_the_contact_sheet_shows_the_clips_from_start_to_end() -> None:
    clip = np.arange(0, 240, 20, dtype=np.uint8).repeat(32 * 32 * 3).reshape(12, 32, 32, 3)
    data = bundle([clip, clip[:2]], fps=8, alt="it gets brighter")["image/jpeg"]
    sheet = np.asarray(Image.open(BytesIO(b64decode(data))), dtype=int)
    assert sheet.shape == (128 * 2 + 4, 6 * 132 - 4, 3)
    middles = sheet[64, 64::132, 0]
    np.testing.assert_allclose(middles, clip[video.sample_indices(12, 6), 0, 0, 0], atol=4)
    assert (sheet[200, 300:] > 250).all()  # the second clip has only two frames


def test_the_text_tells_what_is_shown() -> None:
    grey = np.zeros((5, 20, 30), np.uint8)
    assert bundle(grey, fps=10, alt="nothing moves")["text/plain"] == (
        "[video at 10 fps: nothing moves (5 frames of 30x20, 0.5 s)]"
    )
    text = repr(Player([grey, grey[:4]], 10, "nothing moves", titles=["one", "two"]))
    assert "one: 5 frames of 30x20, 0.5 s; two: 4 frames of 30x20, 0.4 s" in text


@pytest.mark.parametrize("name", ["bigbuckbunny", "city_night"])  # the largest
def test_five_seconds_stay_below_250_kb(name: str) -> None:
    path = datasets.real_clip(name)
    fps = video.probe(path).fps
    clip = video.read_clip(path, round(5 * fps), stride=1, size=240)
    first = bundle(clip, fps=fps, alt="a clip")
    assert sum(map(len, first.values())) < 250_000


def test_the_same_input_gives_the_same_output() -> None:
    rng = np.random.default_rng(0)
    clip = rng.integers(0, 256, (16, 64, 64, 3), dtype=np.uint8)
    first = bundle(clip, fps=8, alt="noise")
    assert first == bundle(clip.copy(), fps=8, alt="noise")
    assert sum(map(len, first.values())) < 300_000  # even noise


def test_show_displays_once(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(showing, "display", shown.append)
    video.show(moving_square(), fps=8, alt="a square")
    assert [type(player) for player in shown] == [Player]


def test_exported_html_plays_and_names_the_clip() -> None:
    data, metadata = Player(moving_square(), 8, "a square moves")._repr_mimebundle_()
    output = nbformat.v4.new_output("display_data", data, metadata=metadata)
    cell = nbformat.v4.new_code_cell("show", outputs=[output])
    notebook = nbformat.v4.new_notebook(cells=[cell])
    page = HTMLExporter().from_notebook_node(notebook)[0]
    assert 'aria-label="a square moves"' in page
    (source,) = [tag["src"] for tag in Tags(data["text/html"]).all("video")]
    assert source in page
    for cell_output in notebook.cells[0].outputs:
        del cell_output.data["text/html"]
    page = HTMLExporter(template_name="classic").from_notebook_node(notebook)[0]
    assert 'alt="a square moves"' in page  # a viewer that takes the picture


CLIP = moving_square()


@pytest.mark.parametrize(
    ("clips", "change", "error", "match"),
    [
        (CLIP / 255, {}, TypeError, r"clips is float64 .* np.round\(clips \* 255\)"),
        (CLIP > 0, {}, TypeError, r"clips is bool.*mask.astype\(np.uint8\) \* 255"),
        ([CLIP, CLIP.astype(int)], {}, TypeError, r"clips\[1\] is int64"),
        (CLIP[0], {}, ValueError, "one picture: pass picture"),
        (CLIP[0, 0, 0], {}, ValueError, "clips has the shape"),
        (CLIP[:0], {}, ValueError, "clips has the shape"),
        (CLIP.transpose(0, 3, 1, 2), {}, ValueError, "channels come first"),
        ([], {}, TypeError, "clips is"),
        (None, {}, TypeError, "clips is NoneType"),
        ("a.mp4", {}, TypeError, "clips is str"),
        ([CLIP, None], {}, TypeError, r"clips\[1\]"),
        (CLIP, {"fps": 0}, ValueError, "fps is 0"),
        (CLIP, {"fps": "8"}, TypeError, "fps"),
        (CLIP, {"alt": ""}, ValueError, "alt is ''"),
        (CLIP, {"alt": None}, ValueError, "alt is None"),
        (CLIP, {"titles": ["a", "b"]}, ValueError, "titles has 2 entries, but there are 1"),
        (CLIP, {"titles": "a"}, TypeError, "titles is 'a'"),
        (CLIP, {"titles": [3]}, ValueError, "titles is 3"),
    ],
)
def test_wrong_arguments_are_named(
    clips: Any, change: dict[str, Any], error: type[Exception], match: str
) -> None:
    with pytest.raises(error, match=match):
        video.show(clips, **{"fps": 8, "alt": "a square", **change})


def test_the_alternative_text_is_required() -> None:
    show: Any = video.show
    with pytest.raises(TypeError, match="alt"):
        show(CLIP, fps=8)
