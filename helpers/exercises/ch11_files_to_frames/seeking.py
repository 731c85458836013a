"""Exercises of chapter 11: where decoding starts, and how many frames it takes."""

import numpy as np

from helpers import video
from helpers.course.exercise import Case, Exercise, Misconception, Property


def the_nearest(keyframes, wanted):
    distance = np.abs(keyframes - wanted[:, np.newaxis])
    return keyframes[distance.argmin(axis=1)]


def the_next(keyframes, wanted):
    place = np.searchsorted(keyframes, wanted, side="left")
    return keyframes[np.minimum(place, len(keyframes) - 1)]


def before_itself(keyframes, wanted):
    return keyframes[np.searchsorted(keyframes, wanted, side="left") - 1]


def before_itself_but_not_before_0(keyframes, wanted):
    place = np.searchsorted(keyframes, wanted, side="left") - 1
    return keyframes[np.maximum(place, 0)]


def its_place(keyframes, wanted):
    return np.searchsorted(keyframes, wanted, side="right") - 1


def groups_of_one_length(keyframes, wanted):
    length = keyframes[1] if len(keyframes) > 1 else wanted.max() + 1
    return wanted // length * length


def always_the_start(keyframes, wanted):
    return np.zeros_like(wanted)


def one_for_all(keyframes, wanted):
    return np.full_like(wanted, keyframes[keyframes <= wanted.min()].max())


def the_distance(keyframes, wanted):
    return wanted - keyframes[np.searchsorted(keyframes, wanted, side="right") - 1]


def the_last_of_all(keyframes, wanted):
    return np.full_like(wanted, keyframes[-1])


def draw_keyframes(rng):
    rest = rng.choice(np.arange(1, 120), int(rng.integers(0, 8)), replace=False)
    return np.sort(np.append(rest, 0))


def draw_frames(rng, keyframes, num_frames):
    wanted = rng.integers(0, 150, num_frames)
    is_key = rng.random(num_frames) < 0.25
    return np.where(is_key, rng.choice(keyframes, num_frames), wanted)


def draw_case(rng):
    keyframes = draw_keyframes(rng)
    return keyframes, draw_frames(rng, keyframes, int(rng.integers(1, 9)))


keyframe_before = Exercise(
    reference=video.keyframe_before,
    chapter="11_files_to_frames",
    task="Return, for each wanted frame, the keyframe at which decoding must start.",
    minutes=4,
    difficulty=1,
    points=2,
    cases=[
        Case("a single keyframe", (np.array([0]), np.array([0, 5, 131]))),
        Case("frames that are keyframes", (np.array([0, 30, 60]), np.array([0, 30, 60]))),
        Case("the frame before a keyframe", (np.array([0, 30, 60]), np.array([29, 59]))),
        Case("behind the last keyframe", (np.array([0, 30]), np.array([31, 500]))),
        Case("near the next keyframe", (np.array([0, 30, 60, 90]), np.array([75, 85]))),
        Case(
            "keyframes at uneven distances",
            (np.array([0, 30, 76, 137]), np.array([61, 100, 140])),
        ),
        Case("every frame a keyframe", (np.arange(4), np.array([2, 0, 3]))),
        Case("in any order", (np.array([0, 12, 24]), np.array([23, 5, 25]))),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "there is one for each wanted frame", lambda args, got: got.shape == args[1].shape
        ),
        Property("each is a keyframe", lambda args, got: bool(np.isin(got, args[0]).all())),
        Property("none lies behind its frame", lambda args, got: bool((got <= args[1]).all())),
    ],
    hints=(
        "Decoding can start at keyframes only, and it runs forwards only. Which keyframes come "
        "into question for frame 75, and which of those is best?",
        "`np.searchsorted` says where a frame would have to be put in among the keyframes. What "
        "stands directly before that place? Think of a frame that is a keyframe itself.",
        '`keyframes[np.searchsorted(keyframes, wanted, side="right") - 1]`: to the right of an '
        "equal entry, so that a keyframe is its own.",
    ),
    misconceptions=[
        Misconception(
            "it takes the nearest keyframe",
            the_nearest,
            "The nearest may lie behind the frame, and decoding does not run backwards: the "
            "frame would never come.",
        ),
        Misconception(
            "it takes the keyframe after the frame",
            the_next,
            "Some players do that when you drag the slider. A loader that does it hands out "
            "another frame than was asked for, without an error.",
        ),
        Misconception(
            "it sends a keyframe to the keyframe before, and frame 0 to the last",
            before_itself,
            "A keyframe needs no other frame, so it is its own. To the left of an equal entry "
            "you get the one before, and before the first the index is -1: the last of all.",
        ),
        Misconception(
            "it sends a keyframe to the keyframe before",
            before_itself_but_not_before_0,
            "A keyframe needs no other frame, so it is its own. Yours decodes a whole group for "
            'the cheapest frames of all: use `side="right"`.',
        ),
        Misconception(
            "it gives the place among the keyframes",
            its_place,
            "That says which keyframe it is, the third or the fourth. Look up its number: "
            "`keyframes[place]`.",
        ),
        Misconception(
            "it assumes groups of one length",
            groups_of_one_length,
            "Many encoders also put a keyframe at a cut, so groups have all lengths. Ask the file.",
        ),
        Misconception(
            "it always starts at the beginning",
            always_the_start,
            "That works, and costs the whole video for its last frame.",
        ),
        Misconception(
            "it gives all frames one keyframe",
            one_for_all,
            "Decoding from the first frame's keyframe reaches the others, too, but each was to "
            "get its own.",
        ),
        Misconception(
            "it gives the distance",
            the_distance,
            "That is how many frames must be decoded for nothing. The keyframe's number was "
            "asked for.",
        ),
        Misconception(
            "it takes the last keyframe of the video",
            the_last_of_all,
            "It must not lie behind the frame.",
        ),
    ],
)


def each_alone(keyframes, wanted):
    return int(sum(wanted - video.keyframe_before(keyframes, wanted) + 1))


def each_alone_but_once(keyframes, wanted):
    return each_alone(keyframes, np.unique(wanted))


def without_the_frame_itself(keyframes, wanted):
    count, next_frame = 0, 0
    for frame in np.unique(wanted):
        start = max(keyframes[keyframes <= frame].max(), next_frame)
        count += frame - start
        next_frame = frame + 1
    return int(count)


def whole_groups(keyframes, wanted):
    ends = np.append(keyframes[1:], wanted.max(initial=0) + 1)
    places = np.unique(np.searchsorted(keyframes, wanted, side="right") - 1)
    return int((ends - keyframes)[places].sum())


def from_the_beginning(keyframes, wanted):
    return int(wanted.max(initial=-1)) + 1


def with_one_seek(keyframes, wanted):
    if not len(wanted):
        return 0
    return int(wanted.max() - keyframes[keyframes <= wanted.min()].max() + 1)


def only_the_wanted(keyframes, wanted):
    return len(np.unique(wanted))


def in_the_given_order(keyframes, wanted):
    count, next_frame = 0, 0
    for frame in wanted:
        keyframe = keyframes[keyframes <= frame].max()
        start = max(keyframe, next_frame) if next_frame <= frame else keyframe
        count += frame - start + 1
        next_frame = frame + 1
    return int(count)


def seeks_again_in_a_group(keyframes, wanted):
    count, last = 0, -1
    for frame in np.unique(wanted):
        is_next = frame == last + 1
        start = frame if is_next else keyframes[keyframes <= frame].max()
        count += frame - start + 1
        last = frame
    return int(count)


def the_number_of_seeks(keyframes, wanted):
    return len(np.unique(np.searchsorted(keyframes, wanted, side="right")))


def draw_set(rng):
    keyframes = draw_keyframes(rng)
    return keyframes, draw_frames(rng, keyframes, int(rng.integers(0, 12)))


frames_to_decode = Exercise(
    reference=video.frames_to_decode,
    chapter="11_files_to_frames",
    task=(
        "Return how many frames a decoder must give out until all wanted ones have come, if it "
        "reads them in rising order and seeks only where that saves work."
    ),
    minutes=10,
    difficulty=2,
    points=3,
    cases=[
        Case("nothing is wanted", (np.array([0, 30]), np.array([], np.int64))),
        Case("the first frame", (np.array([0]), np.array([0]))),
        Case("a keyframe", (np.array([0, 30, 60]), np.array([60]))),
        Case("one frame in a group", (np.array([0, 30, 60, 90]), np.array([75]))),
        Case("the same frame twice", (np.array([0, 30]), np.array([35, 35]))),
        Case("two frames of one group", (np.array([0, 30]), np.array([33, 40]))),
        Case(
            "two frames of one group, the later one first",
            (np.array([0, 30]), np.array([40, 33])),
        ),
        Case("two frames of two groups", (np.array([0, 30, 60]), np.array([2, 61]))),
        Case("neighbours on both sides of a keyframe", (np.array([0, 4]), np.array([3, 4, 5]))),
        Case("a whole clip", (np.array([0, 60]), np.arange(40, 56))),
        Case("every frame a keyframe", (np.arange(20), np.array([3, 9, 17]))),
    ],
    random_case=draw_set,
    properties=[
        Property(
            "at least the wanted frames come out",
            lambda args, got: got >= len(np.unique(args[1])),
        ),
        Property(
            "it takes no more than decoding from the start",
            lambda args, got: got <= args[1].max(initial=-1) + 1,
        ),
    ],
    hints=(
        "Go through the wanted frames from small to large, each once. Before each one you have "
        "a choice: to go on decoding where you are, or to seek.",
        "Keep the number of the frame that would come out next. If the keyframe before the "
        "wanted frame lies further on than that, seek; if not, go on. From there to the wanted "
        "frame, it included, everything comes out.",
        "For each `frame` of `np.unique(wanted)`: `start = max(keyframe, next_frame)`, "
        "`count += frame - start + 1`, and `next_frame = frame + 1`. Return an `int`.",
    ),
    misconceptions=[
        Misconception(
            "it reads each frame on its own",
            each_alone,
            "Frames of one group share their start: having come to frame 33, the decoder goes "
            "on to 40. A loader that seeks for each frame of a clip does what you count.",
        ),
        Misconception(
            "it starts each frame of a group at the keyframe again",
            each_alone_but_once,
            "Frames of one group share their start: having come to frame 33, the decoder goes "
            "on to 40.",
        ),
        Misconception(
            "it does not count the wanted frame",
            without_the_frame_itself,
            "From 60 to 75 sixteen frames come out, 75 among them. What you count is those "
            "that nobody asked for.",
        ),
        Misconception(
            "it decodes whole groups",
            whole_groups,
            "After the last wanted frame of a group the decoder can stop.",
        ),
        Misconception(
            "it never seeks",
            from_the_beginning,
            "From the beginning it works, but a seek skips the groups in which nothing is "
            "wanted.",
        ),
        Misconception(
            "it seeks once and then goes on to the end",
            with_one_seek,
            "Between two wanted frames there may be keyframes: seek to the last of them, and "
            "what lies before is skipped.",
        ),
        Misconception(
            "it counts the wanted frames",
            only_the_wanted,
            "Most frames exist only as differences to others, so what lies between the keyframe "
            "and the wanted frame is decoded as well.",
        ),
        Misconception(
            "it reads the frames in the order in which they are given",
            in_the_given_order,
            "To go back, the decoder must seek and decode again. Sort first: the frames can be "
            "put into the wanted order afterwards.",
        ),
        Misconception(
            "it goes on for direct neighbours only",
            seeks_again_in_a_group,
            "Also from frame 33 to 40 going on is cheaper than starting again at the keyframe "
            "30: seven frames instead of eleven.",
        ),
        Misconception(
            "it counts the seeks",
            the_number_of_seeks,
            "A seek counts nothing here. What costs is the frames that are decoded after it.",
        ),
    ],
)
