"""The question bank as cards for `Anki <https://apps.ankiweb.net>`_, a program that repeats
flash cards when they are about to be forgotten."""

import os
import sqlite3
import tempfile
import time
import uuid
import zipfile
from collections import Counter
from collections.abc import Iterable
from contextlib import closing, suppress
from itertools import count
from pathlib import Path

import genanki

from helpers.interview import bank, card
from helpers.interview.phrases import PHRASES, Phrases
from helpers.interview.question import LANGUAGES, Language, Question

# Anki knows note type, deck and note again by MODEL_ID, the deck's name and `note_id`, so these
# never change. Nor do FIELDS and the name of the template: with others Anki calls every card
# that it has already "conflicting" and leaves it as it was. What the template and the style
# sheet say may change.
MODEL_ID = 1_736_402_851
DECK_IDS: dict[Language, int] = {"en": 1_902_715_364, "zh": 1_902_715_365}
DECK_NAMES: dict[Language, str] = {
    "en": "Large Video Models: interview questions",
    "zh": "视频大模型：面试题",
}
FIELDS = ("Question", "Label", "Answer", "Language")
TEMPLATE_NAME = "Question and answer"
_FRONT = """\
<div lang="{{Language}}">
<div class="label">{{Label}}</div>
{{Question}}
</div>"""
_BACK = """\
{{FrontSide}}
<hr id="answer">
<div lang="{{Language}}">
{{Answer}}
</div>"""


def export(
    path: str | os.PathLike[str],
    language: Language = "en",
    questions: Iterable[Question] | None = None,
) -> int:
    """Write questions as an Anki package, to be opened with Anki's File > Import.

    One card a question: on the front the question, its group and level; on the back the
    answer of a minute, the rubric, typical wrong answers, follow-up questions and sources.
    Importing a later export brings the text of the cards up to date and keeps their history.
    Each language has its own deck and its own cards. The tags are
    ``group::metrics``, ``level::mid`` and ``chapter::20_preprocessing``, for example.

    Args:
        path: the file to write, whose name ends in ``.apkg``; an older one is replaced, and
            only by a whole one.
        language: ``"en"`` or ``"zh"``.
        questions: all of the bank when None.

    Returns:
        The number of cards.

    Raises:
        ValueError: when the name or the language is not such a one, there is no question, or
            one is given twice.
        OSError: when the file cannot be written.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export(Path(folder) / "cards.apkg", questions=[bank.get("psnr-versus-ssim")])
    1
    """
    path = Path(path)
    if language not in LANGUAGES:
        raise ValueError(f"language is {language!r}, but it must be one of {LANGUAGES}.")
    phrases = PHRASES[language]
    _check_path(path, phrases)
    chosen = list(bank.load().values() if questions is None else questions)
    _check_questions(chosen)
    deck = _deck(chosen, language)
    try:
        _write_whole(path, _collection(deck))
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise OSError(phrases.not_written.format(path=path, reason=reason)) from None
    return len(chosen)


def note_id(question: Question, language: Language) -> str:
    """The name by which Anki knows the card of a question in one language again.

    >>> note_id(bank.get("psnr-versus-ssim"), "en")
    'O[V5#xQ_RI'
    """
    return str(genanki.guid_for("large-video-models", question.id, language))


def _check_path(path: Path, phrases: Phrases) -> None:
    if path.suffix.lower() != ".apkg":
        name = f"{path.stem or 'questions'}.apkg"
        raise ValueError(phrases.no_apkg.format(path=str(path), name=name))
    if not path.parent.is_dir():
        raise FileNotFoundError(phrases.no_folder.format(folder=path.parent))
    if path.is_dir():
        raise IsADirectoryError(phrases.not_a_file.format(path=path))


def _check_questions(questions: list[Question]) -> None:
    if not questions:
        raise ValueError("questions is empty, but there must be at least one.")
    id, times = Counter(question.id for question in questions).most_common(1)[0]
    if times > 1:
        raise ValueError(f"questions has {id} {times} times, but it must have each once.")


def _deck(questions: Iterable[Question], language: Language) -> genanki.Deck:
    deck = genanki.Deck(DECK_IDS[language], DECK_NAMES[language])
    model = _model()
    for question in questions:
        deck.add_note(_note(question, language, model))
    return deck


def _model() -> genanki.Model:
    return genanki.Model(
        MODEL_ID,
        "Large Video Models: interview question",
        fields=[{"name": name} for name in FIELDS],
        templates=[{"name": TEMPLATE_NAME, "qfmt": _FRONT, "afmt": _BACK}],
        css=card.STYLE_SHEET,
    )


def _note(question: Question, language: Language, model: genanki.Model) -> genanki.Note:
    values = {
        "Question": card.front(question, language),
        "Label": question.tags(language),
        "Answer": card.back(question, language),
        "Language": card.LANGUAGE_CODES[language],
    }
    return genanki.Note(
        model,
        fields=[values[name] for name in FIELDS],
        guid=note_id(question, language),
        tags=_tags(question),
    )


def _tags(question: Question) -> list[str]:
    tags = [f"group::{question.group}", f"level::{question.level}"]
    if question.chapter:
        tags.append(f"chapter::{question.chapter}")
    return tags


def _collection(deck: genanki.Deck) -> bytes:
    """The database of a package; genanki's own ``write_to_file`` would leave it behind in the
    folder for temporary files."""
    now = time.time()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "collection.anki2"
        with closing(sqlite3.connect(path)) as connection:
            ids = count(int(1000 * now))  # Anki's are in ms since 1970
            genanki.Package(deck).write_to_db(connection.cursor(), now, ids)
            connection.commit()
        return path.read_bytes()


def _write_whole(path: Path, collection: bytes) -> None:
    """Write a package that appears when it is complete."""
    unfinished = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("collection.anki2", collection)
            package.writestr("media", "{}")  # older versions of Anki ask for the list of files
        unfinished.replace(path)
    finally:
        # Where nothing could be written, there is nothing to remove.
        with suppress(OSError):
            unfinished.unlink()
