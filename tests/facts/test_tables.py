"""The published figures are whole, sourced, and what our own models and rules come to."""

import re

import keras
import pytest

from helpers import facts, models

CLIP = (16, 112, 112, 3)


@pytest.mark.parametrize("model", facts.recognition(), ids=lambda model: model.name)
def test_recognisers_are_whole(model: facts.Recogniser) -> None:
    assert 2014 <= model.year <= 2026 and model.parameters > 1
    assert model.family in ("3D CNN", "factorised CNN", "transformer")
    assert model.top1 is None or 50 < model.top1 < 100
    assert (model.gmacs is None) == (model.views is None)
    assert re.fullmatch(r"\d{4}\.\d{5}|\d{4}\.\d{4}", model.arxiv)
    # arXiv's numbers begin with the year and the month.
    assert 2000 + int(model.arxiv[:2]) in (model.year, model.year - 1)
    assert re.fullmatch(r"\[.+\]\(https://.+\)", facts.source(model))


@pytest.mark.parametrize("model", facts.generation(), ids=lambda model: model.name)
def test_generators_have_the_tokens_that_their_sizes_make(model: facts.Generator) -> None:
    sizes = tuple(model.clip), tuple(model.patch), tuple(model.compression)
    assert models.num_tokens(*sizes) == model.tokens  # type: ignore[arg-type]
    assert re.fullmatch(r"\[.+\]\(https://.+\)", facts.source(model))


def test_hours_follow_from_what_was_published() -> None:
    hours = {data.name: data.hours for data in facts.training_data()}
    assert hours["Kinetics-400"] == round(306_245 * 10 / 3600)
    assert hours["Kinetics-700-2020"] == round(700 * 926 * 10 / 3600)
    lvd = hours["Stable Video Diffusion's LVD, unfiltered"]
    assert lvd == pytest.approx(212 * 365.25 * 24, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("C3D", lambda: models.c3d(CLIP, 101)),
        ("R3D-18", lambda: models.r3d_18(CLIP, 400)),
        ("MC3-18", lambda: models.mc3_18(CLIP, 400)),
        ("R(2+1)D-18", lambda: models.r2plus1d_18(CLIP, 400)),
    ],
)
def test_our_models_have_the_published_figures(name: str, model: object) -> None:
    published = {entry.name: entry for entry in facts.recognition()}[name]
    total = models.count(model())  # type: ignore[operator]
    keras.backend.clear_session()
    digits = 1 if name == "C3D" else 2  # as many as its source gives
    assert round(total.parameters / 1e6, digits) == published.parameters
    assert round(total.macs / 1e9, digits) == published.gmacs
    assert tuple(published.clip or ()) == CLIP[:3]


def test_timesformer_has_the_published_parameters() -> None:
    published = {entry.name: entry for entry in facts.recognition()}["TimeSformer"]
    model = models.timesformer((8, 224, 224, 3), 400)
    assert round(models.count(model).parameters / 1e6) == published.parameters
    keras.backend.clear_session()
