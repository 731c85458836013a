"""Exercise of chapter 10: how many tokens a video transformer reads for a clip."""

from helpers import models
from helpers.course.exercise import Case, Exercise, Misconception, Property

ONE = (1, 1, 1)


def frames_divided(clip_size, patch, compression=ONE):
    frames, height, width = (n // r for n, r in zip(clip_size, compression, strict=True))
    return (frames // patch[0]) * (height // patch[1]) * (width // patch[2])


def latent_size(clip_size, compression):
    frames, height, width = clip_size
    return (
        (frames - 1) // compression[0] + 1,
        height // compression[1],
        width // compression[2],
    )


def without_the_first_frame(clip_size, patch, compression=ONE):
    frames, height, width = latent_size(clip_size, compression)
    return ((frames - 1) // patch[0]) * (height // patch[1]) * (width // patch[2])


def always_one_frame_more(clip_size, patch, compression=ONE):
    _, height, width = latent_size(clip_size, compression)
    frames = clip_size[0] // compression[0] + 1
    return (frames // patch[0]) * (height // patch[1]) * (width // patch[2])


def compresses_in_space_only(clip_size, patch, compression=ONE):
    _, height, width = latent_size(clip_size, compression)
    return (clip_size[0] // patch[0]) * (height // patch[1]) * (width // patch[2])


def patches_of_one_frame(clip_size, patch, compression=ONE):
    frames, height, width = latent_size(clip_size, compression)
    return frames * (height // patch[1]) * (width // patch[2])


def patches_of_one_column(clip_size, patch, compression=ONE):
    frames, height, width = latent_size(clip_size, compression)
    return (frames // patch[0]) * (height // patch[1]) * width


def without_patches(clip_size, patch, compression=ONE):
    frames, height, width = latent_size(clip_size, compression)
    return frames * height * width


def patches_of_pixels(clip_size, patch, compression=ONE):
    frames, height, width = clip_size
    return (frames // patch[0]) * (height // patch[1]) * (width // patch[2])


def with_a_class_token(clip_size, patch, compression=ONE):
    frames, height, width = latent_size(clip_size, compression)
    return (frames // patch[0]) * (height // patch[1]) * (width // patch[2]) + 1


def square_frames(clip_size, patch, compression=ONE):
    frames, height, _ = latent_size(clip_size, compression)
    return (frames // patch[0]) * (height // patch[1]) ** 2


def draw_case(rng):
    patch, compression, tokens = (
        tuple(int(n) for n in rng.integers(1, high, 3)) for high in (4, 9, 7)
    )
    frames, height, width = (n * p for n, p in zip(tokens, patch, strict=True))
    clip_size = (
        (frames - 1) * compression[0] + 1,
        height * compression[1],
        width * compression[2],
    )
    return clip_size, patch, compression


num_tokens = Exercise(
    reference=models.num_tokens,
    chapter="10_what_is_a_video_model",
    task=(
        "Return how many tokens a video transformer reads for a clip, given the size of its "
        "patches. If an encoder has compressed the clip before, the patches are cut from its "
        "latent space."
    ),
    minutes=8,
    difficulty=2,
    points=3,
    cases=[
        Case("a clip of one token", ((1, 16, 16), (1, 16, 16))),
        Case("an image, and no compression given", ((1, 32, 48), (1, 16, 16))),
        Case("an image to a causal encoder", ((1, 16, 16), (1, 2, 2), (4, 8, 8))),
        Case("one frame and a group of four", ((5, 1, 1), (1, 1, 1), (4, 1, 1))),
        Case("a compression of 1 changes nothing", ((4, 2, 2), (1, 1, 1), (1, 1, 1))),
        Case("patches of two frames", ((4, 2, 2), (2, 1, 1))),
        Case("patches that are not square", ((1, 4, 6), (1, 2, 3))),
        Case("compressed more in width", ((1, 4, 6), (1, 1, 1), (1, 2, 3))),
        Case("patches of two latent frames", ((13, 4, 4), (2, 1, 1), (4, 2, 2))),
        Case("VideoMAE's clip", ((16, 224, 224), (2, 16, 16))),
        Case("five seconds for Wan 2.1", ((81, 480, 832), (1, 2, 2), (4, 8, 8))),
    ],
    random_case=draw_case,
    properties=[
        Property("there is at least one token", lambda args, got: got >= 1),
        Property(
            "there are no more tokens than pixels",
            lambda args, got: got <= args[0][0] * args[0][1] * args[0][2],
        ),
    ],
    hints=(
        "Go in two steps: how large is the clip in the latent space, along each axis? Then, how "
        "many patches fit into that? Without a compression, the first step changes nothing.",
        "Rows and columns are divided by the compression. For the frames, take the first one "
        "away, divide the others, and add one for the first. Then divide each of the three "
        "numbers by its patch, and multiply.",
        "`latent_frames = (frames - 1) // compression[0] + 1`, `latent_height = height // "
        "compression[1]`, and the width alike. The tokens are `(latent_frames // patch[0]) * "
        "(latent_height // patch[1]) * ...`.",
    ),
    misconceptions=[
        Misconception(
            "it divides all frames by the compression",
            frames_divided,
            "The first frame becomes a latent frame alone, so that an image is a video of one "
            "frame. 81 frames are 1 + 20 · 4, which makes 21 latent frames and not 20.",
        ),
        Misconception(
            "it leaves out the latent frame of the first frame",
            without_the_first_frame,
            "`(frames - 1) // compression[0]` counts what comes after the first frame. Add 1 for "
            "that frame.",
        ),
        Misconception(
            "it adds a latent frame always",
            always_one_frame_more,
            "`frames // compression[0] + 1` is right only when the compression is 2 or "
            "more. Without compression, 16 frames would become 17: take the first one away before "
            "you divide.",
        ),
        Misconception(
            "it compresses in space only",
            compresses_in_space_only,
            "`compression[0]` is the one in time: after the first frame, each group of so many "
            "becomes one latent frame. An image's encoder would leave the frames alone.",
        ),
        Misconception(
            "its patches have one frame",
            patches_of_one_frame,
            "`patch[0]` frames become one token together. VideoMAE's patches have two, which "
            "halves the tokens.",
        ),
        Misconception(
            "it divides one side of the frame only",
            patches_of_one_column,
            "A patch has rows and columns: with 16 of each, there are 16 · 16 times fewer tokens "
            "than pixels.",
        ),
        Misconception(
            "it counts each place of the latent space",
            without_patches,
            "That would be patches of one place. `patch` says how many become one token "
            "together.",
        ),
        Misconception(
            "it cuts its patches from the pixels",
            patches_of_pixels,
            "With a compression, the transformer never sees pixels: the patches are cut from the "
            "latent space, which is smaller by `compression` along each axis.",
        ),
        Misconception(
            "it adds a class token",
            with_a_class_token,
            "Some models read one token more, for the class. By the docstring it does not count.",
        ),
        Misconception(
            "it takes the frames for square",
            square_frames,
            "Height and width are two numbers, and so are the rows and columns of a patch.",
        ),
    ],
    equivalent_mutants={
        "line 35: True -> False": "The validation has seen to three numbers each already."
    },
)
