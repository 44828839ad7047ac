"""A lesson in a file of its own: a lecturer's, or a copy of one that comes with bpviz."""

from __future__ import annotations

from pathlib import Path

from bpviz.language import _
from bpviz.session.files.safe_write import ExportError, open_regular_file, reason, write_atomically
from bpviz.session.lessons.lesson import Lesson
from bpviz.session.lessons.lesson_json import MOST_BYTES, LessonError, lesson_text, read_lesson


def lesson_beside(session: Path) -> Path:
    """Return where the lesson of a session is, beside its file."""
    return session.with_name(f"{session.stem}.lesson.json")


def write_lesson_file(path: Path, lesson: Lesson) -> None:
    """Write a lesson as JSON.

    Raises
    ------
    ExportError
        If the file cannot be written, or could not be read again; an existing file is then unchanged.
    """
    content = lesson_text(lesson).encode()
    if len(content) > MOST_BYTES:
        raise ExportError(_("{path} cannot be written: the lesson is larger than 1 MB; shorten it").format(path=path))
    write_atomically(path, lambda file: file.write(content))


def read_lesson_file(path: Path) -> Lesson:
    """Read a lesson from a file.

    Raises
    ------
    LessonError
        If the file cannot be read or is no lesson; the message names the file and says why.
    """
    try:
        return read_lesson(_content(path).decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise LessonError(_("{path} cannot be read: it is not text in UTF-8").format(path=path)) from fault
    except OSError as fault:
        raise LessonError(_("{path} cannot be read: {fault}").format(path=path, fault=reason(fault))) from fault
    except LessonError as fault:
        raise LessonError(_("{path} cannot be read: {fault}").format(path=path, fault=fault)) from fault


def _content(path: Path) -> bytes:
    with open_regular_file(path) as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise LessonError(_("it is larger than 1 MB, which no lesson is"))
    return content
