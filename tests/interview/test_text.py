import pytest

from helpers.interview.text import (
    count_characters,
    count_words,
    display_width,
    headline,
    strip_emphasis,
    tidy,
    wrap,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\ntwo", "one two"),
        ("一段\n视频", "一段视频"),
        ("一段 视频，\n很长", "一段视频，很长"),
        ("输入 8\n帧", "输入 8 帧"),
        ("所谓的\n“红色”\n通道", "所谓的“红色”通道"),
        ("a\n\nb\nc", "a\n\nb c"),
        ("1. one\n   more\n2. two", "1. one more\n2. two"),
        ("text\n- item", "text\n- item"),
        ("```python\na = 1\nb = 2\n```\nc\nd", "```python\na = 1\nb = 2\n```\nc d"),
        ("    a\n\n", "    a"),
    ],
)
def test_tidy_joins_lines_of_a_paragraph_only(text: str, expected: str) -> None:
    assert tidy(text) == expected
    assert tidy(tidy(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Uniform**: a *random* frame", "Uniform: a random frame"),
        ("**均匀采样**：每段*随机*取", "均匀采样：每段随机取"),
        ("**read `a*b` *twice***", "read `a*b` twice"),
        ("8 * 16 * 224, 2 ** 3 ** 4", "8 * 16 * 224, 2 ** 3 ** 4"),
        ("* one\n* two", "* one\n* two"),
        ("a *star\nand* another", "a *star\nand* another"),
        ("`a*b*c` and ```\nx**2 * y**2\n``` *end*", "`a*b*c` and ```\nx**2 * y**2\n``` end"),
        ("one * alone and **", "one * alone and **"),
    ],
)
def test_strip_emphasis_spares_code_and_products(text: str, expected: str) -> None:
    assert strip_emphasis(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is\nwrong?", ("What is wrong?", "")),
        ("哪里错了？\n\n```\na\n\nb\n```", ("哪里错了？", "```\na\n\nb\n```")),
    ],
)
def test_a_headline_is_the_first_paragraph(text: str, expected: tuple[str, str]) -> None:
    assert headline(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("Two words.", 2), ("well-known, 1,568 or 0.35 %", 4), ("a ```b c``` d", 2)],
)
def test_count_words(text: str, words: int) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("text", "characters"),
    [("一段视频。", 4), ("用 VideoMAE 处理 16 帧", 6), ("码 ```x y``` 流", 2)],
)
def test_count_characters(text: str, characters: int) -> None:
    assert count_characters(text) == characters


def test_a_chinese_character_is_two_columns_wide() -> None:
    assert display_width("a视频，") == 7


@pytest.mark.parametrize("width", [8, 13, 20, 40])
def test_wrapped_lines_fit_and_lose_nothing(width: int) -> None:
    text = "模型输入 8 帧，视频有 240 帧。Which frames do you give it?（全部）"
    lines = wrap(text, width).splitlines()
    assert max(display_width(line) for line in lines) <= width
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize("width", range(6, 40))
def test_no_line_begins_with_a_closing_mark(width: int) -> None:
    text = "解码、抽帧，缩放；归一化：增强。“去噪”（可选）？！都要说明%"
    assert not [
        line for line in wrap(text, width).splitlines() if line[0] in "，。、；：？！）”%"
    ]


def test_a_list_item_hangs_and_code_keeps_its_lines() -> None:
    assert wrap("- one two three", 9, indent=" ") == " - one\n   two\n   three"
    code = "```\na long line of code = that_is_kept\n```"
    assert wrap(code, 10) == code
    assert wrap("see https://example.org/a/b ok", 10) == "see\nhttps://example.org/a/b\nok"
    assert wrap("a\n\nb", 10) == "a\n\nb"
