"""A lesson as a member of a session file. One that is damaged is left out, and the session opens without it."""

from __future__ import annotations

from bpviz.language import _
from bpviz.session.files.zip_archive import Archive
from bpviz.session.lessons.lesson import Lesson
from bpviz.session.lessons.lesson_json import MOST_BYTES, lesson_text, read_lesson

#: The name of the member.
LESSON = "lesson.json"


def lesson_bytes(lesson: Lesson) -> bytes:
    """Return the content of the member."""
    return lesson_text(lesson).encode()


def lesson_problem(lesson: Lesson) -> str | None:
    """Return why a lesson could not be read again from a session file, as the end of a sentence, or None."""
    try:
        content = lesson_bytes(lesson)
        read_lesson(content.decode())
    except ValueError as fault:
        return str(fault)
    return None if len(content) <= MOST_BYTES else _("it is larger than 1 MB, which no lesson is")


def read_lesson_member(archive: Archive) -> tuple[Lesson | None, str]:
    """Return the lesson of a session file, None if it has none or a damaged one, and what is wrong with that."""
    if not archive.has(LESSON):
        return None, ""
    try:
        return read_lesson(archive.read(LESSON, MOST_BYTES).decode()), ""
    except UnicodeDecodeError:
        return None, _("it is not text in UTF-8")
    except ValueError as fault:
        return None, str(fault)
