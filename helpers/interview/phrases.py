"""What an interview and its commands say, in each language."""

from collections.abc import Collection
from dataclasses import dataclass

from helpers.interview.question import Language
from helpers.interview.session import MINUTE, Scored
from helpers.interview.text import Count


@dataclass(frozen=True)
class Phrases:
    """The sentences of the interview and its commands; braces hold what is filled in."""

    opening: str
    fewer_fit: str
    question: str
    go: str
    in_time: str
    over_time: str
    answer: str
    longer: str
    rubric: str
    how_to_score: str
    ask_points: str
    not_understood: str
    ask_one_point: str
    one_not_understood: str
    earned: str
    wrong: str
    quote: str
    follow_ups: str
    press_enter: str
    sources: str
    ended: str
    nothing_scored: str
    scorecard: str
    row: str
    total: str
    times: str
    times_all: str
    asked: str
    read_next: str
    questions: str
    group: str
    points: str
    share: str
    rubric_point: str
    chapter: str
    took: str
    saved: str
    resume_hint: str
    resumed: str
    nothing_to_resume: str
    opening_due: str
    history: str
    no_history: str
    due_questions: str
    due_exercises: str
    due_entry: str
    nothing_due: str
    next_due: str
    how_to_review: str
    pack: str
    pack_how: str
    notes: str
    recap: str
    in_a_minute: str
    terms: str
    coding: str
    coding_about: str
    coding_file: str
    coding_go: str
    coding_ask: str
    coding_no_code: str
    coding_no_name: str
    coding_untouched: str
    coding_right: str
    coding_time: str
    coding_ended: str
    delete_ask: str
    deleted: str
    not_deleted: str
    exported: str
    cards: str
    yes: tuple[str, ...]
    no: tuple[str, ...]
    file_exists: str
    no_folder: str
    not_written: str
    no_question_fits: str
    no_exercise_fits: str
    no_exercises: str
    no_chapter: str
    no_term: str
    near_terms: str
    no_apkg: str
    not_a_file: str
    weak_group: str
    colon: str
    comma: str

    def verdict(self, seconds: float) -> str:
        """How the time that an answer took compares with the minute that it should take."""
        words = self.in_time if seconds <= MINUTE else self.over_time
        return words.format(seconds=round(seconds), minute=MINUTE)

    def how_many_in_time(self, results: Collection[Scored]) -> str:
        """How many of the answers took a minute or less."""
        in_time, total = sum(result.seconds <= MINUTE for result in results), len(results)
        words = self.times_all if in_time == total else self.times
        return words.format(in_time=in_time, total=Count(total), minute=MINUTE)


PHRASES: dict[Language, Phrases] = {
    "en": Phrases(
        opening="Questions: {total}. For the same ones again: the same options and --seed {seed}",
        fewer_fit="Only {total} question{total:s}, not {asked}: no more fit what you asked for.",
        question="Question {number} of {total}",
        go="The clock is running: you have {minute} s. Answer aloud or write here; an empty line "
        "ends your answer.",
        in_time="{seconds} s: within the {minute} s.",
        over_time="{seconds} s: longer than {minute} s, the course's target.",
        answer="A strong answer",
        longer="The longer answer",
        rubric="The rubric ({points} points)",
        how_to_score="For each: y (all points), n (none), or the points that you give yourself.",
        ask_points="  y, n or 0-{most}: ",
        not_understood="  Please answer y, n or a whole number from 0 to {most}.",
        ask_one_point="  y or n: ",
        one_not_understood="  Please answer y or n.",
        earned="\nYou have {earned} of {possible} points.",
        wrong="Typical wrong answers",
        quote="“{}”",
        follow_ups="Follow-up questions",
        press_enter="Answer first, then press Enter. ",
        sources="Sources",
        ended="The interview ends here. A question that you have not finished scoring does not "
        "count.",
        nothing_scored="No question was scored. Come back any time.",
        scorecard="Scorecard",
        row="{earned:3} of {possible:3} points  {share:4.0%}",
        total="total",
        times="{in_time} of {total} answer{total:s} took {minute} s or less.",
        times_all="{total} of {total} answer{total:s} took {minute} s or less.",
        asked="{answered} of {total} question{total:s}",
        read_next="What to read next",
        questions="Questions",
        group="Group",
        points="Points",
        share="Share",
        rubric_point="A strong answer",
        chapter="Chapter {chapter}",
        took="{seconds:.0f} s",
        saved="\nSaved in {path}.",
        resume_hint="The interview of {started} has {left} of {total} question{total:s} left. "
        "To go on with it: --resume",
        resumed="The interview of {started} goes on, with {left} of {total} question{total:s} "
        "left.",
        nothing_to_resume="No interview has a question left.",
        opening_due="Questions that are due: {total}.",
        history="Interviews",
        no_history="No interview has been held yet.",
        due_questions="Questions that are due: {total}",
        due_exercises="Exercises that are due: {total}",
        due_entry="{entry}, due since {date}",
        nothing_due="Nothing is due.",
        next_due="Next, on {date}: {names}",
        how_to_review="For an interview on what is due: python -m helpers.interview --due",
        pack="Interviewer’s pack",
        pack_how="For each question: ask it, give the candidate 60 to 90 seconds, and note a "
        "score beside each point of the rubric while you listen. Then ask the follow-up "
        "questions. The answers are here to compare with, not to be matched word for "
        "word.",
        notes="Notes",
        recap="Recap",
        in_a_minute="In 60 seconds",
        terms="Terms",
        coding="Coding round: {name}",
        coding_about="Chapter {chapter} · difficulty {difficulty} of 3 · {minutes} minutes",
        coding_file="Write your answer in this file and save it: {path}",
        coding_go="The clock is running.",
        coding_ask="\nEnter checks your file; q ends the round. ",
        coding_no_code="✗ The file does not run: {problem}",
        coding_no_name="✗ The file defines no `{name}`: keep the name of the stub.",
        coding_untouched="○ Write your answer in {path}, then press Enter.",
        coding_right="Chapter {chapter} explains it.",
        coding_time="Time: {used} of {minutes} minutes.",
        coding_ended="The round ends here. Your file stays where it is: {path}",
        delete_ask="This deletes your progress with the exercises, your interviews and what is "
        "due. It cannot be undone; `export` keeps a copy first. Delete everything? y or n: ",
        deleted="Everything is deleted.",
        not_deleted="Nothing is deleted.",
        exported="Your history is in {path}.",
        cards="{total} cards are in {path}: open it with Anki’s File > Import.",
        yes=("y", "yes"),
        no=("n", "no"),
        file_exists="{path} exists already: name another file, or remove that one.",
        no_folder="{folder} is no folder: make it first, or name another file.",
        not_written="{path} cannot be written ({reason}): check the folder's permissions and "
        "the free space on the disk.",
        no_question_fits="No question fits {filters}. There are questions for these, though not "
        "for every combination:\n  groups: {groups}\n  levels: {levels}\n  chapters: {chapters}",
        no_exercise_fits="No exercise fits --chapter and --difficulty together: leave one of "
        "them out.",
        no_exercises="Chapter {chapter} has no exercises. These have some: {known}.",
        no_chapter="There is no chapter {chapter!r}. There are: {known}.",
        no_term="The glossary has no term {term!r}.",
        near_terms=" Did you mean {names}?",
        no_apkg="path is {path!r}, but Anki opens files that end in .apkg: name it {name}.",
        not_a_file="{path} is a folder: give the path of a file.",
        weak_group="**{group}** ({share:.0%})",
        colon=": ",
        comma=", ",
    ),
    "zh": Phrases(
        opening="共 {total} 题。想再抽到同样的题目，请用相同的选项并加 --seed {seed}",
        fewer_fit="符合条件的只有 {total} 题，不足 {asked} 题。",
        question="第 {number} 题，共 {total} 题",
        go="计时开始，目标 {minute} 秒。请口头作答，或在下面输入；输入空行结束作答。",
        in_time="用时 {seconds} 秒，没有超过 {minute} 秒。",
        over_time="用时 {seconds} 秒，超过了 {minute} 秒的目标。",
        answer="参考回答",
        longer="详细回答",
        rubric="评分要点（共 {points} 分）",
        how_to_score="每个要点请输入 y（得满分）、n（不得分），或你给自己的分数。",
        ask_points="  y、n 或 0-{most}：",
        not_understood="  请输入 y、n 或 0 到 {most} 的整数。",
        ask_one_point="  y 或 n：",
        one_not_understood="  请输入 y 或 n。",
        earned="\n本题得分：{earned} / {possible}。",
        wrong="常见错误回答",
        quote="“{}”",
        follow_ups="追问",
        press_enter="先自己回答，再按回车看参考回答。",
        sources="参考资料",
        ended="面试到此结束。没有评完分的题目不计入成绩。",
        nothing_scored="还没有评过分的题目，欢迎随时再来。",
        scorecard="成绩单",
        row="{earned:3} / {possible:3} 分  {share:4.0%}",
        total="合计",
        times="{total} 题中有 {in_time} 题在 {minute} 秒内答完。",
        times_all="{total} 题全部在 {minute} 秒内答完。",
        asked="{total} 题中答了 {answered} 题",
        read_next="接下来读什么",
        questions="题目",
        group="类别",
        points="得分",
        share="得分率",
        rubric_point="好的回答",
        chapter="课程章节 {chapter}",
        took="用时 {seconds:.0f} 秒",
        saved="\n已保存到 {path}。",
        resume_hint="{started} 的面试还有 {left} 题没有答完（共 {total} 题）。"
        "想接着答，请加 --resume",
        resumed="继续 {started} 的面试：共 {total} 题，还剩 {left} 题。",
        nothing_to_resume="没有未完成的面试。",
        opening_due="到期该复习的题目：{total} 题。",
        history="历次面试",
        no_history="还没有面试记录。",
        due_questions="到期该复习的题目：{total} 题",
        due_exercises="到期该复习的练习：{total} 个",
        due_entry="{entry}，{date} 到期",
        nothing_due="没有到期的内容。",
        next_due="下一次（{date}）：{names}",
        how_to_review="用到期的题目面试：python -m helpers.interview --due --language zh",
        pack="面试官手册",
        pack_how="每题先提问，给候选人 60 到 90 秒作答，边听边在每个评分要点旁记分，"
        "然后追问。参考回答只供对照，不要求逐字一致。",
        notes="记录",
        recap="要点回顾（英文）",
        in_a_minute="60 秒要点",
        terms="术语",
        coding="编程环节：{name}",
        coding_about="章节 {chapter} · 难度 {difficulty}（最高 3）· {minutes} 分钟",
        coding_file="请在这个文件里作答并保存：{path}",
        coding_go="计时开始。",
        coding_ask="\n按回车检查你的文件；输入 q 结束。",
        coding_no_code="✗ 文件无法运行：{problem}",
        coding_no_name="✗ 文件里没有定义 `{name}`：请保留原来的名字。",
        coding_untouched="○ 请把答案写进 {path}，再按回车。",
        coding_right="讲解见章节 {chapter}。",
        coding_time="用时 {used} 分钟，目标 {minutes} 分钟。",
        coding_ended="本环节结束。你的文件仍在原处：{path}",
        delete_ask="这会删除你的练习进度、面试记录和复习安排，无法恢复；"
        "可以先用 `export` 备份。全部删除吗？y 或 n：",
        deleted="已全部删除。",
        not_deleted="没有删除任何内容。",
        exported="你的记录已导出到 {path}。",
        cards="{total} 张卡片已导出到 {path}：在 Anki 里选“文件 > 导入”。",
        yes=("y", "yes", "是", "对"),
        no=("n", "no", "否", "不"),
        file_exists="{path} 已经存在：请换一个文件名，或先删除它。",
        no_folder="{folder} 不是文件夹：请先创建它，或换一个文件名。",
        not_written="{path} 无法写入（{reason}）：请检查文件夹权限和磁盘剩余空间。",
        no_question_fits="没有符合 {filters} 的题目。下面各项都有题目，但不是每种组合都有：\n"
        "  类别：{groups}\n  级别：{levels}\n  章节：{chapters}",
        no_exercise_fits="没有同时符合 --chapter 和 --difficulty 的练习：请去掉其中一项。",
        no_exercises="章节 {chapter} 没有练习。有练习的章节：{known}。",
        no_chapter="没有“{chapter}”这一章。现有章节：{known}。",
        no_term="术语表里没有“{term}”。",
        near_terms="你要找的是不是：{names}？",
        no_apkg="路径是“{path}”，但 Anki 只能打开以 .apkg 结尾的文件：请改名为 {name}。",
        not_a_file="{path} 是文件夹：请给出文件的路径。",
        weak_group="**{group}**（{share:.0%}）",
        colon="：",
        comma="、",
    ),
}
