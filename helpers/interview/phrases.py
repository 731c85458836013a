"""What the interview in the terminal says, in each language."""

from dataclasses import dataclass

from helpers.interview.question import Language


@dataclass(frozen=True)
class Phrases:
    """The sentences of an interview; braces hold what is filled in."""

    opening: str
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
    yes: tuple[str, ...]
    no: tuple[str, ...]


PHRASES: dict[Language, Phrases] = {
    "en": Phrases(
        opening="Questions: {total}. For the same ones again: the same options and --seed {seed}",
        question="Question {number} of {total}",
        go="The clock is running. Answer aloud or write here; an empty line ends your answer.",
        in_time="{seconds} s: within the {minute} s.",
        over_time="{seconds} s: longer than {minute} s, the course's target.",
        answer="A strong answer",
        longer="The longer answer",
        rubric="The rubric ({points} points)",
        how_to_score="For each: y (all points), n (none), or the points that you give yourself.",
        ask_points="  y, n or 0-{most}: ",
        not_understood="  Please answer y, n or a number from 0 to {most}.",
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
        times="\n{in_time} of {total} answers took {minute} s or less.",
        yes=("y", "yes"),
        no=("n", "no"),
    ),
    "zh": Phrases(
        opening="共 {total} 题。想再抽到同样的题目，请用相同的选项并加 --seed {seed}",
        question="第 {number} 题，共 {total} 题",
        go="计时开始。请口头作答，或在下面输入；输入空行结束作答。",
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
        times="\n{total} 题中有 {in_time} 题在 {minute} 秒内答完。",
        yes=("y", "yes", "是", "对"),
        no=("n", "no", "否", "不"),
    ),
}
