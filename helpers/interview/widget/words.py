"""What the widget says beside the `helpers.interview.phrases`, in each language."""

from dataclasses import dataclass

from helpers.interview.question import Language


@dataclass(frozen=True)
class Words:
    """Titles, labels and sentences of the widget; braces hold what is filled in."""

    title: str
    unfinished: str
    go_on: str
    language: str
    both: str
    num_questions: str
    level: str
    any_level: str
    groups: str
    due_first: str
    begin: str
    coding: str
    last_card: str
    nothing_fits: str
    clock: str
    your_answer: str
    placeholder: str
    answered: str
    answered_hint: str
    show: str
    show_hint: str
    stop: str
    stop_hint: str
    spoken: str
    how_to_score: str
    point: str
    of: str
    sum: str
    not_scored: str
    next: str
    finish: str
    think: str
    stopped: str
    saved: str
    history: str
    again: str
    chapter: str
    any_chapter: str
    difficulty: str
    any_difficulty: str
    draw: str
    no_exercise: str
    copy: str
    code: str
    checks: str
    no_check: str
    checked: str
    outcomes: dict[str, str]
    round_right: str
    round_ended: str
    end_round: str
    back: str
    failed: str
    no_notebook: str
    picture: str


WORDS: dict[Language, Words] = {
    "en": Words(
        title="Mock interview",
        unfinished="The interview of {started} has {left} of {total} questions left.",
        go_on="Go on with it",
        language="Language",
        both="Each question in the other language, too",
        num_questions="Questions",
        level="Level",
        any_level="any",
        groups="Groups (none ticked: all)",
        due_first="First the questions that are due for review ({total} now)",
        begin="Begin",
        coding="A coding round instead",
        last_card="The last scorecard",
        nothing_fits="No question fits this level and these groups: tick more groups, or "
        "choose another level.",
        clock="The clock is running",
        your_answer="Your answer",
        placeholder="Answer aloud, or write here.",
        answered="I have answered, aloud or in writing",
        answered_hint="This stops the clock and lets you see the model answer.",
        show="Show the model answer",
        show_hint="Answer first: tick the box, then this button opens.",
        stop="Stop, and go on later",
        stop_hint="Everything is kept, the text above too.",
        spoken="You answered aloud.",
        how_to_score="Give yourself the points for what you said, not for what you knew.",
        point="Point {number}",
        of="{given} of {most}",
        sum="{earned} of {possible} points",
        not_scored="Not scored yet: point {numbers}. 0 is a score, too.",
        next="Next question",
        finish="To the scorecard",
        think="Answer each before you open it.",
        stopped="The interview is kept: {left} of {total} questions are left. Go on now, or run "
        "this cell again another day.",
        saved="Saved as [{path}]({path}).",
        history="Your interviews so far",
        again="Another interview",
        chapter="Chapter",
        any_chapter="any",
        difficulty="Difficulty",
        any_difficulty="any",
        draw="Draw an exercise",
        no_exercise="No exercise has this chapter and this difficulty: change one of them.",
        copy="Copy all of this into a new code cell (click into it, Ctrl+A, Ctrl+C), write your "
        "answer and run the cell, as often as you like. The clock stops when the check is right.",
        code="Code to begin with",
        checks="Checks",
        no_check="None yet.",
        checked="{outcome}, after {minutes} of {target} minutes",
        outcomes={"right": "✓ right", "wrong": "✗ wrong", "not attempted": "○ not attempted"},
        round_right="Solved in {minutes} minutes; the target was {target}.",
        round_ended="The round is over, without a right answer. It comes back: see the exercises "
        "that are due in the terminal, python -m helpers.interview due.",
        end_round="End the round",
        back="Back",
        failed="This did not work ({problem}). Nothing that was kept is lost: run the cell again.",
        no_notebook="The interview as a widget needs a notebook. In a terminal: "
        "python -m helpers.interview",
        picture="A picture: in JupyterLab, run this cell, and the interview itself appears here.",
    ),
    "zh": Words(
        title="模拟面试",
        unfinished="{started} 的面试还有 {left} 题没有答完（共 {total} 题）。",
        go_on="接着答",
        language="语言",
        both="每道题同时显示英文",
        num_questions="题数",
        level="级别",
        any_level="不限",
        groups="类别（不勾选表示全部）",
        due_first="先问到期该复习的题目（现有 {total} 题）",
        begin="开始",
        coding="改做编程环节",
        last_card="上一次的成绩单",
        nothing_fits="没有同时符合这个级别和这些类别的题目：请多勾选几类，或换一个级别。",
        clock="正在计时",
        your_answer="你的回答",
        placeholder="请口头作答，或写在这里。",
        answered="我已经答完（口头或书面）",
        answered_hint="勾选后停止计时，并可以查看参考回答。",
        show="查看参考回答",
        show_hint="请先作答：勾选上面的方框，这个按钮才可用。",
        stop="暂停，以后再答",
        stop_hint="所有内容都会保存，包括上面写的文字。",
        spoken="你是口头作答的。",
        how_to_score="按你实际说出的内容给分，不按你知道的内容给分。",
        point="要点 {number}",
        of="{given} / {most} 分",
        sum="得分：{earned} / {possible}",
        not_scored="还没有评分：要点 {numbers}。0 分也要选。",
        next="下一题",
        finish="看成绩单",
        think="每个追问请先自己回答，再展开。",
        stopped="面试已保存，共 {total} 题，还剩 {left} 题。可以现在接着答，"
        "也可以改天再运行这个单元格。",
        saved="已保存为 [{path}]({path})。",
        history="历次面试",
        again="再来一场",
        chapter="章节",
        any_chapter="不限",
        difficulty="难度",
        any_difficulty="不限",
        draw="抽一道练习",
        no_exercise="没有同时符合这个章节和难度的练习：请改动其中一项。",
        copy="请把下面的内容全部复制到一个新的代码单元格（点进去，Ctrl+A，Ctrl+C），写好答案后运行，"
        "次数不限。检查通过时停止计时。",
        code="起始代码",
        checks="检查结果",
        no_check="还没有检查过。",
        checked="{outcome}，用时 {minutes} 分钟（目标 {target} 分钟）",
        outcomes={"right": "✓ 正确", "wrong": "✗ 错误", "not attempted": "○ 未作答"},
        round_right="用时 {minutes} 分钟完成，目标 {target} 分钟。",
        round_ended="本环节结束，还没有答对。以后会再安排复习：在终端运行 "
        "python -m helpers.interview due --language zh 可以查看到期的练习。",
        end_round="结束本环节",
        back="返回",
        failed="操作没有成功（{problem}）。已保存的内容不会丢失：请重新运行这个单元格。",
        no_notebook="这个面试界面需要在 notebook 里使用。在终端请运行："
        "python -m helpers.interview --language zh",
        picture="这是示意图：在 JupyterLab 里运行这个单元格，就会在这里出现面试界面。",
    ),
}
