"""The tables of figures, read from the YAML files beside this module."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Recogniser:
    """A model that recognises what happens in a video. None: not published, or not checked.

    Attributes:
        name: with its size.
        year: of the conference, or of the preprint where there was none.
        family: "3D CNN", "factorised CNN" or "transformer".
        clip: (frames, height, width) of a view.
        parameters: in millions.
        gmacs: billions of multiply-accumulates a view, which papers call GFLOPs.
        views: (clips, crops) of a video in testing.
        top1: accuracy with these views on Kinetics-400, in percent.
        arxiv: number of the paper.
        source: where the figures were read, for `source`.
        note: what else one must know to use the figures.
    """

    name: str
    year: int
    family: str
    clip: list[int] | None
    parameters: float
    gmacs: float | None
    views: list[int] | None
    top1: float | None
    arxiv: str
    source: str
    note: str


@dataclass(frozen=True)
class Generator:
    """A model that generates video in a latent space.

    Attributes:
        name, year, arxiv, source: as for `Recogniser`.
        parameters: in billions.
        compression: frames, rows and columns of pixels to one of the latent space.
        channels: of the latent space; None: not checked.
        patch: frames, rows and columns of the latent space to one token.
        clip: (frames, height, width) of an example.
        tokens: of that example.
    """

    name: str
    year: int
    parameters: float
    compression: list[int]
    channels: int | None
    patch: list[int]
    clip: list[int]
    tokens: int
    arxiv: str
    source: str


@dataclass(frozen=True)
class TrainingData:
    """A collection of videos: its hours, and the published numbers they are computed from."""

    name: str
    year: int
    hours: float
    basis: str
    arxiv: str


@cache
def recognition() -> tuple[Recogniser, ...]:
    """Models that recognise, by year."""
    return tuple(Recogniser(**entry) for entry in _read("recognition"))


@cache
def generation() -> tuple[Generator, ...]:
    """Models that generate, by year."""
    return tuple(Generator(**entry) for entry in _read("generation"))


@cache
def training_data() -> tuple[TrainingData, ...]:
    """Collections of videos, by year."""
    return tuple(TrainingData(**entry) for entry in _read("training_data"))


def source(model: Recogniser | Generator) -> str:
    """Where the figures of a model were read: a link in Markdown.

    >>> source(recognition()[0])[:32]
    '[MMAction2, configuration pages]'
    """
    entry = _read("sources")[model.source]
    return f"[{entry['title']}]({entry['url'] or f'https://arxiv.org/abs/{model.arxiv}'})"


def _read(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
