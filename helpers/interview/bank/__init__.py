"""The question bank: one YAML file a group, the file's name being the group's.

A file maps the id of each question to its fields; ``data-and-preprocessing.yaml`` shows all
of them. The lines of a paragraph may be broken anywhere.
"""

from collections.abc import Hashable
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from helpers.interview.question import GROUPS, Question
from helpers.interview.schema import BankError, parse_question

if TYPE_CHECKING:
    from yaml import SafeLoader
else:  # The loader in C is ten times faster; every common platform has it.
    SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

__all__ = ["BankError", "UniqueKeyLoader", "get", "load", "read_folder"]


def load() -> dict[str, Question]:
    """Every question of the course by its id, in the order of the groups and of their files.

    Raises `BankError`, one sentence that names file, entry and field, when a file is
    malformed.
    """
    return dict(_course_bank())


def get(id: str) -> Question:
    """The question with this id; raises ``LookupError`` naming near ids when none has it."""
    questions = _course_bank()
    if id not in questions:
        near = get_close_matches(id, questions, n=3)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise LookupError(f"The question bank has no entry {id!r}.{hint}")
    return questions[id]


@cache
def _course_bank() -> dict[str, Question]:
    return read_folder(Path(__file__).parent)


def read_folder(folder: Path) -> dict[str, Question]:
    """Every question of the YAML files in a folder by its id; see `load`."""
    files = {path.stem: path for path in folder.glob("*.yaml")}
    for group, path in sorted(files.items()):
        if group not in GROUPS:
            raise BankError(
                f"{path.name}: the file's name is no group; the groups are {', '.join(GROUPS)}."
            )
    questions: dict[str, Question] = {}
    for group in GROUPS:
        if group not in files:
            continue
        for id, value in _read_file(files[group]).items():
            question = parse_question(id, group, value, files[group].name)
            if id in questions:
                raise BankError(
                    f"{files[group].name}, {id}: the id is already in {questions[id].group}.yaml."
                )
            questions[id] = question
    return questions


def _read_file(path: Path) -> dict[Any, Any]:
    try:
        entries = yaml.load(path.read_text(encoding="utf-8"), UniqueKeyLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problem = " ".join(str(error).split())
        raise BankError(f"{path.name}: this is not valid YAML: {problem}") from None
    if not isinstance(entries, dict):
        raise BankError(
            f"{path.name}: the file must map the id of each question to its fields."
        )
    return entries


class UniqueKeyLoader(SafeLoader):
    """A safe loader that refuses a key given twice, which YAML's own takes silently."""

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, Any]:
        keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for number, key in enumerate(keys):
            if any(key.value == earlier.value for earlier in keys[:number]):
                line = key.start_mark.line + 1
                raise yaml.YAMLError(f"line {line} gives the key {key.value!r} a second time")
        return super().construct_mapping(node, deep)
