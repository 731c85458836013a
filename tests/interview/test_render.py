import re
from dataclasses import replace

import pytest
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from helpers.interview import bank
from helpers.interview.question import Question, RubricPoint, Text, WrongAnswer
from helpers.interview.render import question_markdown

QUESTIONS = list(bank.load().values())
by_id = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
editions = pytest.mark.parametrize("answers_open", [True, False], ids=["worked", "learner"])


def without_code(markdown: str) -> str:
    return re.sub(r"```.*?```", "", markdown, flags=re.DOTALL)


def unfolded(markdown: str) -> str:
    """What a reader sees before opening anything."""
    while "<details>" in markdown:
        markdown = re.sub(
            r"<details>(?:(?!<details>).)*?</details>", "", markdown, flags=re.DOTALL
        )
    return markdown


@by_id
@editions
def test_folds_are_balanced_and_stand_between_blank_lines(
    question: Question, answers_open: bool
) -> None:
    lines = question_markdown(question, answers_open).splitlines()
    depth = 0
    for number, line in enumerate(lines):
        if line == "<details>":
            depth += 1
            assert re.fullmatch("<summary>[^<>]+</summary>", lines[number + 1])
            assert lines[number - 1] == lines[number + 2] == ""
        elif line == "</details>":
            depth -= 1
            assert lines[number - 1] == ""
            assert number == len(lines) - 1 or lines[number + 1] == ""
        else:
            assert "details>" not in line
        assert 0 <= depth <= 3
    assert depth == 0


@by_id
@editions
def test_headings_are_of_level_four(question: Question, answers_open: bool) -> None:
    markdown = without_code(question_markdown(question, answers_open))
    headings = re.findall(r"^\s*(?:> )?(#+) ", markdown, re.M)
    assert headings == (["####"] * (6 if question.longer else 5) if answers_open else [])


@by_id
def test_the_learner_sees_the_question_and_no_answer(question: Question) -> None:
    seen = unfolded(question_markdown(question, answers_open=False))
    for language in ("en", "zh"):
        assert question.question[language].splitlines()[0] in seen
        assert question.answer[language].splitlines()[0] not in seen
    assert question.rubric[0].text.en not in seen
    assert "面试题" in seen and "Interview question" in seen


@by_id
def test_the_worked_edition_opens_english_and_folds_chinese(question: Question) -> None:
    markdown = question_markdown(question, answers_open=True)
    seen = unfolded(markdown)
    assert question.answer.en in seen
    assert all(follow_up.answer.en in seen for follow_up in question.follow_ups)
    assert all(wrong.why.en in seen for wrong in question.wrong)
    assert all(source.url in seen for source in question.sources)
    assert question.answer.zh not in seen and question.answer.zh in markdown
    assert markdown.count("<details>") == 1


@by_id
def test_a_follow_up_is_asked_before_its_answer_opens(question: Question) -> None:
    markdown = question_markdown(question, answers_open=False)
    for follow_up in question.follow_ups:
        asked = f"{follow_up.question.en}\n\n<details>\n<summary>Answer</summary>\n\n"
        assert asked + follow_up.answer.en in markdown


@by_id
@editions
def test_markdown_inside_the_folds_becomes_html(question: Question, answers_open: bool) -> None:
    html = markdown2html_mistune(question_markdown(question, answers_open))
    assert html.count("<table>") == 2
    prose = re.sub(r"<(pre|code).*?</\1>", "", html, flags=re.DOTALL)
    assert "**" not in prose and "```" not in prose and "|:" not in prose
    assert len(re.findall(r"<details>", html)) == len(re.findall(r"</details>", html))
    points = sum(int(cell) for cell in re.findall(r"<td[^>]*>(\d+)</td>", html))
    assert points == 2 * question.max_points


def test_marks_in_a_text_do_not_break_what_stands_around_it() -> None:
    point = RubricPoint(2, Text("p(a|b)\nand more", "p(a|b) 是条件概率"))
    wrong = WrongAnswer(Text("It *is*\n\n**so**.", "就是*这样*。"), Text("No.", "不是。"))
    question = replace(QUESTIONS[0], rubric=(point,) * 3, wrong=(wrong,))
    markdown = question_markdown(question, answers_open=True)
    assert "| 2 | p(a\\|b) and more |" in markdown
    assert "**“It is so.”**" in markdown
