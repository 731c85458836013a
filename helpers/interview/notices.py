"""What `helpers.store` has to say, in the language that an interview is held in.

The store knows nothing of languages: its sentences are English, and are known here by their
form. One that is not known stays English. The tests bring each of them about.
"""

import re

from helpers.interview.question import Language

_CHINESE = {
    r"Your progress file was damaged: it is kept as (.+), and a fresh one was begun\.": (
        "你的进度文件已损坏：原文件保留为 {}，并新建了一个。"
    ),
    r"Your progress in (.+) was written by a newer version of this course: .+": (
        "{} 里的进度由本课程的更新版本写入：在你更新这份课程之前，文件保持原样，不再写入。"
    ),
    r"Your progress cannot be kept in (.+) \((.+)\): checks and interviews work .+": (
        "无法把进度保存到 {}（{}）：检查和面试照常进行；想保存进度，请腾出磁盘空间，"
        "或把 LVM_DATA_DIR 设为可写的文件夹。"
    ),
    r"A damaged file that was kept aside, (.+), could not be deleted \((.+)\): .+": (
        "保留下来的损坏文件 {} 无法删除（{}）：请手动删除。"
    ),
}


def in_language(notice: str, language: Language) -> str:
    """One sentence of ``store.notices()`` in this language."""
    if language == "zh":
        for form, chinese in _CHINESE.items():
            if found := re.fullmatch(form, notice):
                return chinese.format(*found.groups())
    return notice
