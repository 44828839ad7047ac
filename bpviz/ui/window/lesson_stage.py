"""LessonStage: gives lessons the panels of the window, and keeps how far the user has come."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from bpviz.language import N_, _
from bpviz.session.engine.events import Failed
from bpviz.session.files.lesson_file import lesson_beside
from bpviz.session.lessons.editing import EMPTY
from bpviz.session.lessons.lesson import Lesson, Scene
from bpviz.session.lessons.lesson_json import MOST_FRONT, LessonError, lesson_text, read_draft
from bpviz.session.lessons.shipped import NAMES, load_lesson
from bpviz.session.lessons.withheld import Withheld
from bpviz.ui.lessons.going_on import GoingOn
from bpviz.ui.lessons.lesson_files import LessonFiles
from bpviz.ui.lessons.lesson_panel import LessonPanel
from bpviz.ui.widgets.panel import Panel
from bpviz.ui.widgets.panel_dock import PanelDock
from bpviz.ui.window.panel_docks import PanelDocks
from bpviz.ui.window.settings import Settings
from bpviz.ui.window.workspaces import COMPARE, LECTURE, TRAIN, Workspace, workspace_to_step

_COVER = N_("Predict first")
_FIXED = {"train": TRAIN, "lecture": LECTURE, "compare": COMPARE}
_DRAFT = "lessons/draft"
_SAID_MILLISECONDS = 4000
# Actions that copy or save numbers, which may be the answer of a question that is open.
_OF_NUMBERS = (
    *("copy_numbers", "save_numbers", "copy_latex", "copy_update_latex", "export_history"),
    *("copy_tikz", "save_tikz", "export_weights"),
)


class LessonStage(QObject):
    """Does what lessons ask of the window.

    Parameters
    ----------
    window : QMainWindow
    docks : PanelDocks
    lay_out : callable
        Arranges the panels as in a workspace.
    show_guide : callable
        Shows the panel *Lesson* beside the workspace.
    settings : Settings
    actions : dict of str to QAction
        All actions of the window.
    files : LessonFiles
    session_path : callable
        Returns the file of the session, None if it has none.
    show_failure : callable
        Called with a `Failed` if a moment cannot be a step of a lesson.

    Signals
    -------
    withheld : Withheld
        What should not be seen outside of the panels either.
    """

    withheld = Signal(object)

    def __init__(
        self,
        window: QMainWindow,
        docks: PanelDocks,
        lay_out: Callable[[Workspace], None],
        show_guide: Callable[[], None],
        settings: Settings,
        actions: dict[str, QAction],
        files: LessonFiles,
        session_path: Callable[[], Path | None],
        show_failure: Callable[[Failed], None],
    ) -> None:
        super().__init__(window)
        self._window, self._session_path, self._show_failure = window, session_path, show_failure
        self._workspace = "train"
        self._docks, self._lay_out, self._show_guide = docks, lay_out, show_guide
        self._settings, self._actions, self._files = settings, actions, files
        actions["lessons"].triggered.connect(self._show_lessons)
        actions["lesson_return"].triggered.connect(self._return_to_step)
        actions["lesson_open"].triggered.connect(files.ask_for_one)
        actions["lesson_save"].triggered.connect(self._save_lesson)
        actions["lesson_record"].triggered.connect(self._record)
        actions["lesson_add"].triggered.connect(self._add_moment)
        files.opened.connect(self._take)
        self._enable(False)
        docks.lesson.made.connect(self._connect)

    @Slot(object)
    def _connect(self, dock: PanelDock[Panel]) -> None:
        panel = dock.panel
        assert isinstance(panel, LessonPanel)
        panel.workspace_wanted.connect(self._arrange)
        panel.hiding_wanted.connect(self._hide)
        panel.lesson_changed.connect(self._enable)
        panel.reached.connect(self._keep)
        panel.recorder.arrangement = self._arrangement
        panel.forms.titles = self._titles
        panel.beside = self._beside
        panel.save_wanted.connect(self._save)
        panel.session_save_wanted.connect(self._save_session)
        panel.open_wanted.connect(self._files.open)
        panel.take_draft(self._draft())
        panel.editor.changed.connect(self._keep_draft)
        panel.set_progress({name: step for name in NAMES if (step := self._reached(name))})

    @Slot(bool)
    def _enable(self, has_lesson: bool) -> None:
        for name in ("lesson_return", "lesson_save"):
            self._actions[name].setEnabled(has_lesson)

    @Slot(object)
    def _take(self, lesson: Lesson) -> None:
        """Take a lesson from a file; its progress is not kept."""
        self._show_guide()
        panel = self._docks.lesson.panel
        assert isinstance(panel, LessonPanel)
        panel.take(lesson)

    @Slot()
    def _save_lesson(self) -> None:
        panel = self._docks.lesson.panel
        assert isinstance(panel, LessonPanel)
        if panel.lesson:
            self._save(panel.lesson)

    @Slot(object)
    def _save(self, lesson: Lesson) -> None:
        self._files.ask_where(lesson, self._session_path())

    @Slot()
    def _save_session(self) -> None:
        """Save the session with its lesson; one that has lost its lesson only if it has a file."""
        save, has_lesson = self._actions["save_session"], self._docks.lesson.panel.model.time.lesson is not None
        if not save.isEnabled():
            self._show_failure(Failed(_("There is no network yet: choose a preset first.")))
        elif has_lesson or self._session_path():
            save.trigger()

    # Recording

    @Slot(object)
    def note_workspace(self, workspace: Workspace) -> None:
        """Note the workspace that is laid out, which a recorded moment has."""
        self._workspace = next((name for name, each in _FIXED.items() if each is workspace), "step")

    def _arrangement(self) -> tuple[str, tuple[str, ...]]:
        seen = (dock.objectName() for dock in self._docks.all if dock.is_seen and dock is not self._docks.lesson)
        return self._workspace, tuple(seen)[:MOST_FRONT]

    def _titles(self) -> dict[str, str]:
        docks = (dock for dock in self._docks.all if dock is not self._docks.lesson)
        return {dock.objectName(): dock.windowTitle() for dock in docks}

    def _beside(self) -> Path | None:
        session = self._session_path()
        path = lesson_beside(session) if session else None
        return path if path and path.is_file() else None

    def _draft(self) -> Lesson:
        try:
            return read_draft(self._settings.long_text(_DRAFT))
        except LessonError:
            return EMPTY  # none was kept, or another version of bpviz has kept it

    @Slot(object)
    def _keep_draft(self, lesson: Lesson) -> None:
        self._settings.write(_DRAFT, lesson_text(lesson))

    @Slot()
    def _record(self) -> None:
        self._show_guide()
        self._docks.lesson.panel.record()

    @Slot()
    def _add_moment(self) -> None:
        """Add what is on screen to the lesson that is recorded, and say so."""
        panel = self._docks.lesson.panel
        if panel.recorder.add():
            lesson = panel.editor.lesson
            said = _("Step {number} of “{title}” added").format(number=len(lesson.steps), title=lesson.title)
            self._window.statusBar().showMessage(said, _SAID_MILLISECONDS)
        else:
            self._show_failure(Failed(panel.editor.said.text()))

    def going_on(self) -> GoingOn | None:
        """Return where the user is in a lesson, for another window; None if nobody has seen one."""
        return self._docks.lesson.panel.going_on() if self._docks.lesson.is_made else None

    def go_on_from(self, before: GoingOn | None) -> None:
        """Show what another window has shown of lessons."""
        if before:
            self._docks.lesson.panel.go_on_from(before)

    def _reached(self, name: str) -> int:
        steps = tuple(str(number) for number in range(len(load_lesson(name).steps) + 1))
        return int(self._settings.text(f"lessons/{name}", steps, "0"))

    @Slot(str, int)
    def _keep(self, name: str, step: int) -> None:
        self._settings.write(f"lessons/{name}", step)

    @Slot()
    def _show_lessons(self) -> None:
        self._show_guide()
        self._docks.lesson.panel.setFocus()

    @Slot()
    def _return_to_step(self) -> None:
        self._show_guide()
        self._docks.lesson.panel.return_to_step()

    @Slot(object, str)
    def _arrange(self, scene: Scene, workspace: str) -> None:
        self._lay_out(_FIXED.get(workspace) or workspace_to_step(scene.experiment.sizes))

    @Slot(object)
    def _hide(self, withheld: Withheld) -> None:
        """Cover the panels that would give an answer away, and disable what exports numbers."""
        for dock in self._docks.all:
            if (is_hidden := withheld.hides(dock.objectName())) != dock.is_covered:
                dock.cover(_(_COVER) if is_hidden else "")
        for name in _OF_NUMBERS:
            self._actions[name].setEnabled(not withheld.has_numbers)
        self.withheld.emit(withheld)
