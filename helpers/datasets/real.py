"""The four real clips that come with the course; `clips/NOTICE.md` tells whose they are."""

from pathlib import Path

# To replace a clip, put another file in its place, or name another path here.
_FOLDER = Path(__file__).parent / "clips"
_PATHS = {
    "bigbuckbunny": _FOLDER / "bigbuckbunny.mp4",
    "bikes": _FOLDER / "bikes.mp4",
    "city_night": _FOLDER / "city_night.mp4",
    "pedestrians": _FOLDER / "pedestrians.mp4",
}

REAL_CLIPS: tuple[str, ...] = tuple(_PATHS)
"""The names that `real_clip` knows."""


def real_clip(name: str) -> Path:
    """Return the path of a real clip that comes with the course.

    - ``"bigbuckbunny"``: an animated film, 1280x720, 132 frames at 25 fps, one shot, sound.
    - ``"bikes"``: a street with cyclists, several shots, 640x272, 250 frames at 25 fps.
    - ``"city_night"``: towers at night, the camera pans, two shots, 720x404, 190 frames at
      25 fps. The file's timestamps are broken: every one of them is 0.
    - ``"pedestrians"``: people cross a road, the camera stands still, 768x576, 400 frames at
      10 fps.

    Raises:
        ValueError: for any other name.
    """
    try:
        return _PATHS[name]
    except (KeyError, TypeError):
        known = ", ".join(REAL_CLIPS)
        raise ValueError(f"There is no clip named {name!r}: take one of {known}.") from None
