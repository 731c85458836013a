"""Draw the README's moving picture: a clip plays, and lights up the eight frames that a model sees.

python docs/first_look.py writes docs/first_look.webp. The clip and its licence:
helpers/datasets/clips/NOTICE.md.
"""

from pathlib import Path

import numpy as np
from PIL import Image

from helpers import datasets, video

NUM_FRAMES = 8
STEP = 3  # every third frame of the video, to keep the file small
WIDTH, HEIGHT = 640, 272
THUMB = WIDTH // NUM_FRAMES
GAP = 8
SEEN = (230, 159, 0)  # Okabe and Ito's orange
UNSEEN = (120, 120, 120)


def main() -> None:
    path = datasets.real_clip("bikes")
    total = video.probe(path).num_frames
    chosen = video.sample_indices(total, NUM_FRAMES)
    frames = video.read_frames(path, np.arange(total))  # (frames, height, width, 3)
    pictures = [draw(frames, chosen, now) for now in range(0, total, STEP)]
    pictures[0].save(
        Path(__file__).with_suffix(".webp"),
        save_all=True,
        append_images=[*pictures[1:], *[pictures[-1]] * 8],
        duration=STEP * 40,
        loop=0,
        quality=55,
        method=6,
    )


def draw(frames: np.ndarray, chosen: np.ndarray, now: int) -> Image.Image:
    """The frame that is playing, a time line, and the chosen frames that have been passed."""
    thumb_height = THUMB * HEIGHT // WIDTH
    canvas = np.full((HEIGHT + 2 * GAP + 6 + thumb_height, WIDTH, 3), 255, np.uint8)
    canvas[:HEIGHT] = frames[now]
    line = canvas[HEIGHT + GAP : HEIGHT + GAP + 6]
    line[:, : now * WIDTH // len(frames)] = UNSEEN
    for index in chosen[chosen <= now]:
        place = index * WIDTH // len(frames)
        line[:, max(0, place - 3) : place + 3] = SEEN
    row = canvas[-thumb_height:]
    for number, index in enumerate(chosen):
        place = slice(number * THUMB + 1, (number + 1) * THUMB - 1)
        if index <= now:
            thumb = Image.fromarray(frames[index]).resize((THUMB - 2, thumb_height))
            row[:, place] = np.asarray(thumb)
        else:
            row[:, place] = 225
    return Image.fromarray(canvas)


if __name__ == "__main__":
    main()
