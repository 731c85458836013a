"""Exercise of chapter 11: from the order of the packets to the order of the frames."""

import numpy as np

from helpers import video
from helpers.course.exercise import Case, Exercise, Misconception, Property


def number_of_each_packet(pts):
    return np.argsort(np.argsort(pts))


def the_times_themselves(pts):
    return np.sort(pts)


def as_they_are_stored(pts):
    return np.arange(len(pts))


def last_frame_first(pts):
    return np.argsort(-pts)


def as_text(pts):
    return np.array(sorted(range(len(pts)), key=lambda place: str(pts[place])))


def without_the_sign(pts):
    return np.argsort(np.abs(pts))


def by_the_duration_of_a_frame(pts):
    return (pts - pts.min()) // np.diff(np.sort(pts)).min()


def swaps_neighbours_once(pts):
    order = np.arange(len(pts))
    for place in range(len(pts) - 1):
        if pts[order[place]] > pts[order[place + 1]]:
            order[[place, place + 1]] = order[[place + 1, place]]
    return order


def draw_case(rng):
    num_packets = int(rng.integers(1, 24))
    return (rng.choice(np.arange(-300, 2000), num_packets, replace=False),)


display_order = Exercise(
    reference=video.display_order,
    chapter="11_files_to_frames",
    task=(
        "Packets are stored in the order in which they must be decoded. Return the places of "
        "the packets in the order in which their pictures are shown."
    ),
    minutes=3,
    difficulty=1,
    points=1,
    cases=[
        Case("one packet", (np.array([7]),)),
        Case("stored in the order of showing", (np.array([0, 10, 20]),)),
        Case("the first packet is shown last", (np.array([30, 0, 10, 20]),)),
        Case("times below 0", (np.array([-40, 0, -30, 10]),)),
        Case("times of one, two and three digits", (np.array([100, 9, 10]),)),
        Case("an uneven rate", (np.array([0, 40, 55, 41, 300, 90]),)),
        Case(
            "the start of *bikes*",
            (np.array([0, 2048, 1024, 512, 1536, 4096, 3072, 2560, 3584]),),
        ),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "every place from 0 to the last comes once",
            lambda args, got: sorted(got.tolist()) == list(range(len(args[0]))),
        ),
    ],
    hints=(
        "Which packet holds the picture that is shown first? It is the one with the smallest "
        "time. You want its place in `pts`, not its time.",
        "NumPy has a function that sorts, and another that says *where* the sorted values come "
        "from.",
        "`np.argsort(pts)` gives the place of the smallest time, then of the next, and so on.",
    ),
    misconceptions=[
        Misconception(
            "it gives each packet the number of its frame",
            number_of_each_packet,
            "That is the inverse: entry i says which frame packet i holds. Entry k is to say "
            "which packet holds frame k. In many files the two agree by chance for the first "
            "few packets.",
        ),
        Misconception(
            "it returns the times",
            the_times_themselves,
            "Sorted times say when something is shown, not which packet to take.",
        ),
        Misconception(
            "it takes the packets as they are stored",
            as_they_are_stored,
            "That is the order of decoding. With B-frames it is another: the P-frame that they "
            "lean on is decoded before them and shown after them.",
        ),
        Misconception(
            "its last frame comes first",
            last_frame_first,
            "Sorted from large to small, the film runs backwards.",
        ),
        Misconception(
            "it sorts the times as text",
            as_text,
            'As text, "100" comes before "9". Folders of frames called frame_9.jpg and '
            "frame_10.jpg are read in this wrong order, too.",
        ),
        Misconception(
            "it forgets the sign",
            without_the_sign,
            "Times may begin below 0, and -30 is before 0.",
        ),
        Misconception(
            "it divides by the duration of a frame",
            by_the_duration_of_a_frame,
            "That numbers the packets, and only where frames come at a constant rate. Sort "
            "instead: entry k is to say which packet holds frame k.",
        ),
        Misconception(
            "it exchanges each packet with its neighbour at most once",
            swaps_neighbours_once,
            "One pass is enough for a single B-frame between two others. With three in a row, "
            "which lean on each other, it is not.",
        ),
    ],
)
