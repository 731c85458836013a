import hashlib
from typing import Any

import pytest

from helpers import datasets, video

# Whose rights were looked at: a clip that is replaced needs a new line in NOTICE.md, too.
SHA256 = {
    "bigbuckbunny": "f25b31f155970c46300934bda4a76cd2f581acab45c49762832ffdfddbcf9fdd",
    "bikes": "91028f9d6c72cc8137d8bd05678bdfcf5ab7c8fd9d7b77de70ce7a3ade257bb5",
    "city_night": "54f93caa4f829454d02bfe5ce2d039bb8a79d352001a9324918015d9de7d1386",
    "pedestrians": "29d757528b951ff6f9e1265d39348a3839a5e4a216be4e4d71f26cbe6cb17d8c",
}


@pytest.mark.parametrize("name", datasets.REAL_CLIPS)
def test_every_clip_is_there_and_in_the_notice(name: str) -> None:
    path = datasets.real_clip(name)
    assert video.probe(path).num_frames > 100
    assert hashlib.sha256(path.read_bytes()).hexdigest() == SHA256[name]
    assert f"`{path.name}`" in (path.parent / "NOTICE.md").read_text(encoding="utf-8")


def test_there_are_no_other_clips() -> None:
    folder = datasets.real_clip("bikes").parent
    assert sorted(path.stem for path in folder.glob("*.mp4")) == sorted(datasets.REAL_CLIPS)


@pytest.mark.parametrize("name", ["bike", "bikes.mp4", "", None, 3, ["bikes"]])
def test_a_wrong_name_lists_the_names(name: Any) -> None:
    with pytest.raises(ValueError, match="take one of bigbuckbunny, bikes, city_night, pede"):
        datasets.real_clip(name)
