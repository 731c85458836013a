"""What a question of the bank consists of, and the words that describe it."""

from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True)
class Text:
    """The same statement in English and in Chinese, as Markdown."""

    en: str
    zh: str

    def __getitem__(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


# The key is the name of the group's file in the bank, so it must not change.
GROUPS: dict[str, Text] = {
    "fundamentals": Text("fundamentals", "基础"),
    "data-and-preprocessing": Text("data and preprocessing", "数据与预处理"),
    "action-recognition": Text("action recognition", "动作识别"),
    "detection-and-tracking": Text("detection and tracking", "检测与跟踪"),
    "segmentation": Text("segmentation", "分割"),
    "overfitting-and-generalisation": Text("overfitting and generalisation", "过拟合与泛化"),
    "self-supervised-learning": Text("self-supervised learning", "自监督学习"),
    "generation": Text("generation", "视频生成"),
    "video-language": Text("video-language", "视频语言模型"),
    "metrics": Text("metrics", "评测指标"),
    "training-at-scale": Text("training at scale", "大规模训练"),
    "deployment": Text("deployment", "部署"),
    "system-design": Text("system design", "系统设计"),
    "coding": Text("coding", "编程"),
    "debugging": Text("debugging", "排错"),
    "estimation": Text("estimation", "估算"),
}
LEVELS: dict[str, Text] = {
    "junior": Text("junior", "初级"),
    "mid": Text("mid", "中级"),
    "senior": Text("senior", "高级"),
    "staff": Text("staff", "专家"),
}
KINDS: dict[str, Text] = {
    "concept": Text("concept", "概念题"),
    "coding": Text("coding", "编程题"),
    "debugging": Text("debugging", "排错题"),
    "estimation": Text("estimation", "估算题"),
    "system-design": Text("system design", "系统设计题"),
}


@dataclass(frozen=True)
class RubricPoint:
    """One thing that a strong answer says, and what it is worth."""

    points: int
    text: Text


@dataclass(frozen=True)
class WrongAnswer:
    """What weak candidates say, and why it is wrong."""

    answer: Text
    why: Text


@dataclass(frozen=True)
class FollowUp:
    """What the interviewer asks next, with a short answer."""

    question: Text
    answer: Text


@dataclass(frozen=True)
class Source:
    """A primary source; ``url`` is made from the arXiv id or the DOI where there is one."""

    title: str
    authors: str
    year: int
    url: str


@dataclass(frozen=True)
class Question:
    """One entry of the bank.

    ``id`` never changes, since histories and flash cards refer to it. ``chapter`` is the
    name of the notebook that asks the question, or None. ``answer`` is what a strong candidate
    says in 60 seconds; ``longer``, where there is one, is what a minute has no room for.
    """

    id: str
    group: str
    chapter: str | None
    level: str
    kind: str
    question: Text
    answer: Text
    longer: Text | None
    rubric: tuple[RubricPoint, ...]
    wrong: tuple[WrongAnswer, ...]
    follow_ups: tuple[FollowUp, ...]
    sources: tuple[Source, ...]

    @property
    def max_points(self) -> int:
        """The points of a full answer."""
        return sum(point.points for point in self.rubric)

    def tags(self, language: Language) -> str:
        """Group, level and kind on one line; a group of a single kind is not named twice."""
        tags = [GROUPS[self.group], LEVELS[self.level]]
        if self.kind != self.group:
            tags.append(KINDS[self.kind])
        return " · ".join(tag[language] for tag in tags)
