"""LessonFiles: opens a lecturer's own lesson, and saves a lesson as a file to start from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from bpviz.language import N_, _
from bpviz.session.engine.events import Failed
from bpviz.session.files.lesson_file import lesson_beside, read_lesson_file, write_lesson_file
from bpviz.session.files.safe_write import ExportError
from bpviz.session.lessons.lesson import Lesson
from bpviz.session.lessons.lesson_json import LessonError
from bpviz.ui.widgets.file_dialogs import ask_where, ask_which

_KINDS = N_("Lessons (*.json)")


class LessonFiles(QObject):
    """Asks for files of lessons.

    Parameters
    ----------
    window : QWidget
        The parent of the dialogs.
    show_failure : callable
        Called with a `Failed` if a file cannot be read or written.

    Signals
    -------
    opened : Lesson
    """

    opened = Signal(object)

    def __init__(self, window: QWidget, show_failure: Callable[[Failed], None]) -> None:
        super().__init__(window)
        self._window, self._show_failure = window, show_failure

    @Slot()
    def ask_for_one(self) -> None:
        """Ask for the file of a lesson."""
        ask_which(self._window, _("Open lesson"), _(_KINDS), self.open)

    @Slot(str)
    def open(self, path: str) -> None:
        """Read a lesson and tell of it, or say why it cannot be read."""
        try:
            self.opened.emit(read_lesson_file(Path(path)))
        except LessonError as fault:
            self._show_failure(Failed(str(fault)))

    def ask_where(self, lesson: Lesson, beside: Path | None = None) -> None:
        """Ask where to save a lesson; beside the file of the session, if it has one, it is found again."""
        name = str(lesson_beside(beside)) if beside else "lesson.json"
        ask_where(self._window, _("Save lesson"), name, _(_KINDS), lambda path: self.save(lesson, path))

    def save(self, lesson: Lesson, path: str) -> None:
        """Write a lesson, or say why it cannot be written."""
        try:
            write_lesson_file(Path(path), lesson)
        except ExportError as fault:
            self._show_failure(Failed(str(fault)))
