from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.interview import bank
from helpers.interview.question import GROUPS
from helpers.interview.session import draw, score, scorecard, select, total

QUESTIONS = list(bank.load().values())
MANY = [
    replace(QUESTIONS[0], id=f"{group}-{number}", group=group)
    for group, size in (("metrics", 1), ("generation", 3), ("coding", 10), ("deployment", 10))
    for number in range(size)
]


def test_select_applies_every_filter() -> None:
    chosen = select(QUESTIONS, groups=["debugging"], level="mid", chapter="20_preprocessing")
    assert {question.id for question in chosen} == {"random-crop-per-frame", "dtype-range-bgr"}
    assert select(QUESTIONS, level="junior")
    assert all(question.level == "junior" for question in select(QUESTIONS, level="junior"))
    assert select(QUESTIONS) == QUESTIONS
    assert select(QUESTIONS, groups=["debugging"], level="staff") == []


@settings(deadline=None)  # a busy machine is no failure
@given(st.integers(1, 30), st.integers(), st.randoms())
def test_draw_is_balanced_and_repeats_by_seed(num: int, seed: int, shuffler: object) -> None:
    drawn = draw(MANY, num, seed)
    ids = [question.id for question in drawn]
    assert len(set(ids)) == len(ids) == min(num, len(MANY))
    shuffled = list(MANY)
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]
    assert draw(shuffled, num, seed) == drawn
    counts = Counter(question.group for question in drawn)
    sizes = Counter(question.group for question in MANY)
    most = max(counts.values())
    for group, size in sizes.items():
        assert counts[group] >= min(size, most - 1)


def test_another_seed_draws_others_in_another_order() -> None:
    draws = [[question.id for question in draw(MANY, 4, seed)] for seed in range(50)]
    assert len({tuple(ids) for ids in draws}) > 25
    assert {ids[0].rsplit("-", 1)[0] for ids in draws} == {question.group for question in MANY}
    assert {id for ids in draws for id in ids} == {question.id for question in MANY}


def test_draw_wants_at_least_one() -> None:
    with pytest.raises(ValueError, match="num_questions is 0"):
        draw(MANY, 0, seed=1)
    assert draw([], 3, seed=1) == []


def test_score_holds_the_points_to_the_rubric() -> None:
    question = bank.get("psnr-versus-ssim")
    full = [point.points for point in question.rubric]
    result = score(question, full, seconds=50.0, written_answer="MSE")
    assert (result.earned, result.seconds) == (question.max_points, 50.0)
    assert score(question, [0, *full[1:]], 1.0).earned == question.max_points - full[0]
    with pytest.raises(ValueError, match=r"4 scores, but the rubric .* has 5"):
        score(question, full[1:], 1.0)
    for points in ([-1, *full[1:]], [full[0] + 1, *full[1:]]):
        with pytest.raises(ValueError, match=r"gives 0 to 2"):
            score(question, points, 1.0)


def test_scorecard_sums_by_group_in_the_order_of_the_groups() -> None:
    one, two = select(QUESTIONS, groups=["debugging"], chapter="20_preprocessing")
    three = bank.get("is-a-video-a-bag-of-images")
    results = [
        score(one, [point.points for point in one.rubric], 10.0),
        score(three, [1] * len(three.rubric), 10.0),
        score(two, [0] * len(two.rubric), 10.0),
    ]
    card = scorecard(results)
    assert [line.group for line in card] == ["fundamentals", "debugging"]
    assert list(GROUPS).index("fundamentals") < list(GROUPS).index("debugging")
    assert (card[0].num_questions, card[0].earned, card[0].possible) == (1, 4, 8)
    assert (card[1].num_questions, card[1].earned, card[1].possible) == (2, 9, 18)
    assert card[1].share == 0.5
    everything = total(card)
    assert (everything.num_questions, everything.earned, everything.possible) == (3, 13, 26)
    assert scorecard([]) == []
