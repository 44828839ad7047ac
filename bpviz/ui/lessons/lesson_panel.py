"""The panel *Lesson*: a list of lessons, and the steps of the one that is taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent

from bpviz.language import _
from bpviz.session.lessons.lesson import Lesson, LessonStep, workspace_at
from bpviz.session.lessons.questions import Answer, right_answer
from bpviz.session.lessons.shipped import load_lesson
from bpviz.session.lessons.withheld import NOTHING, Withheld, withheld_for
from bpviz.ui.lessons.director import Director
from bpviz.ui.lessons.going_on import GoingOn
from bpviz.ui.lessons.lesson_editor import LessonEditor
from bpviz.ui.lessons.lesson_list import LessonList
from bpviz.ui.lessons.moment_recorder import MomentRecorder
from bpviz.ui.lessons.step_forms import StepForms
from bpviz.ui.lessons.step_page import StepPage
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.panel import Panel, stacked


def _no_file() -> Path | None:
    return None


class LessonPanel(Panel):
    """Takes the user through a lesson in the real program.

    Signals
    -------
    workspace_wanted : Scene, str
        The workspace of this name should be laid out, for the experiment of the scene.
    hiding_wanted : Withheld
        What should not be seen, and nothing else, since a question is open.
    lesson_changed : bool
        Whether a lesson is being taken.
    reached : str, int
        In the lesson of this name, this step was reached, counted from 1.
    save_wanted : Lesson
        The lesson that is recorded should be saved as a file.
    session_save_wanted
        The session should be saved, since its lesson is another one.
    open_wanted : str
        The lesson in the file at this path should be opened.
    step_changed
        Another step is on screen, or the answer to its question.
    """

    workspace_wanted = Signal(object, str)
    hiding_wanted = Signal(object)
    lesson_changed = Signal(bool)
    reached = Signal(str, int)
    save_wanted, session_save_wanted, open_wanted = Signal(object), Signal(), Signal(str)
    step_changed = Signal()

    def __init__(self, model: ViewModel) -> None:
        super().__init__("lesson", _("Lesson"), model)
        self.lesson: Lesson | None = None
        self.index = 0
        self.progress: dict[str, int] = {}
        self._name, self._workspace = "", ""
        #: Whether the program shows the step as it is set up.
        self.is_there = False
        self._is_done = self._is_revealing = False
        self._answer: Answer | None = None
        self._withheld = NOTHING
        #: The answer that is on screen.
        self.answer: Answer | None = None
        self.director = Director(model, self)
        self.list, self.page, self.editor = LessonList(), StepPage(), LessonEditor()
        self.recorder = MomentRecorder(model, self.editor, self)
        #: Returns the file of a lesson beside that of the session, None if there is none.
        self.beside: Callable[[], Path | None] = _no_file
        self.pages = stacked(self.list, self.page, self.editor)
        self.forms = StepForms(self.editor, self.pages)
        self.layout_.addWidget(self.pages, 1)
        self.list.show_progress(self.progress)
        self._connect()

    def _connect(self) -> None:
        self.list.chosen.connect(self.begin_shipped)
        self.page.back.clicked.connect(self.go_back)
        self.page.next.clicked.connect(self.go_on)
        self.page.return_.clicked.connect(self.return_to_step)
        self.page.list.clicked.connect(self.show_list)
        self.page.edit.clicked.connect(self._edit)
        self.list.record_wanted.connect(self.record)
        self.list.beside_wanted.connect(self.open_wanted)
        self.list.kept_wanted.connect(self._take_kept)
        self.editor.list_wanted.connect(self.show_list)
        self.editor.save_menu.as_file.triggered.connect(self._save_draft)
        self.editor.save_menu.in_session.triggered.connect(self._keep_in_session)
        self.editor.save_menu.leave_out.triggered.connect(self._leave_out)
        self.model.time.lesson_changed.connect(self._show_own)
        self.editor.present_wanted.connect(self._present)
        self.page.question.reveal_wanted.connect(self.reveal)
        self.director.arrived.connect(self._arrive)
        for signal in (self.model.status_changed, self.model.current_update_changed, self.model.selection_changed):
            signal.connect(self._check_task)
        self.model.current_update_changed.connect(self._withhold)
        self.model.epochs_added.connect(self._check_task)
        self.model.epochs_added.connect(self._take_epochs)

    @property
    def step(self) -> LessonStep | None:
        """The step on screen; None while the lessons are listed."""
        return self.lesson.steps[self.index] if self.lesson else None

    # Lessons

    def set_progress(self, progress: dict[str, int]) -> None:
        """Show how far the user has come in each lesson."""
        self.progress = progress
        self.list.show_progress(progress)

    @Slot(str)
    def begin_shipped(self, name: str) -> None:
        """Take a lesson that comes with bpviz, from the step where it was left."""
        lesson, reached = load_lesson(name), self.progress.get(name, 0)
        self.take(lesson, name, reached - 1 if 0 < reached < len(lesson.steps) else 0)

    def take(self, lesson: Lesson, name: str = "", index: int = 0) -> None:
        """Take a lesson; without a name its progress is not kept."""
        self._begin(lesson, name)
        self._show_step(index)

    def _begin(self, lesson: Lesson, name: str) -> None:
        self.forms.settle()
        self.lesson, self._name, self._workspace = lesson, name, ""
        self.pages.setCurrentWidget(self.page)
        self.lesson_changed.emit(True)

    @Slot()
    def show_list(self) -> None:
        """Leave the lesson, and list all of them."""
        self.director.stop()
        self.lesson = self.answer = None
        self._withhold()
        self.list.show_progress(self.progress)
        self._show_own()
        self.pages.setCurrentWidget(self.list)
        self.lesson_changed.emit(False)
        self.step_changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """List the lesson beside the session's file, which may have come since."""
        super().showEvent(event)
        self._show_own()

    @Slot()
    def _show_own(self) -> None:
        kept = self.model.time.lesson
        self.list.show_own(len(self.editor.lesson.steps), kept, self.beside())
        self.editor.save_menu.leave_out.setEnabled(kept is not None)

    @Slot()
    def _take_kept(self) -> None:
        """Take the lesson in the session's file; its progress is not kept."""
        if lesson := self.model.time.lesson:
            self.take(lesson)

    # Another window

    def going_on(self) -> GoingOn:
        """Return where the user is, for another window."""
        self.forms.settle()
        editor, is_recording = self.editor, self.pages.currentWidget() is self.editor or self.forms.is_open
        draft = (editor.lesson, editor.index, editor.before)
        return GoingOn(*draft, is_recording, self.lesson, self._name, self.index, self.is_there)

    def go_on_from(self, before: GoingOn) -> None:
        """Show what the panel of another window has shown, and leave the session where it is."""
        self.editor.go_on(before.draft, before.chosen, before.before)
        self._show_own()
        if before.is_recording:
            self.pages.setCurrentWidget(self.editor)
        elif before.taken:
            lesson = load_lesson(before.name) if before.name else before.taken  # one of bpviz in the other language
            self._begin(lesson, before.name)
            self._workspace = workspace_at(lesson, before.index)
            self._show_page(lesson, before.index)
            self.director.stay_at(lesson.steps[before.index].scene)
            self.is_there = before.was_there
            self._withhold()

    # Recording

    def take_draft(self, lesson: Lesson) -> None:
        """Show the lesson that was recorded before."""
        self.editor.show_draft(lesson)
        self._show_own()

    @Slot()
    def record(self) -> None:
        """Leave the lesson that is taken, and show the one that is recorded."""
        if self.forms.is_open:
            return  # what is entered there would be lost
        self.show_list()
        self.pages.setCurrentWidget(self.editor)

    @Slot()
    def _edit(self) -> None:
        """Edit the lesson that is taken, at its present step."""
        if lesson := self.lesson:
            index = self.index
            self.record()
            self.editor.edit(lesson, index)

    @Slot(int)
    def _present(self, index: int) -> None:
        self.take(self.editor.lesson, "", index)

    @Slot()
    def _save_draft(self) -> None:
        self.save_wanted.emit(self.editor.lesson)

    @Slot()
    def _keep_in_session(self) -> None:
        self.model.time.set_lesson(self.editor.lesson)
        self.session_save_wanted.emit()

    @Slot()
    def _leave_out(self) -> None:
        self.model.time.set_lesson(None)
        self.session_save_wanted.emit()

    # Steps

    @Slot()
    def go_back(self) -> None:
        """Show the step before."""
        self._show_step(self.index - 1)

    @Slot()
    def go_on(self) -> None:
        """Show the next step."""
        self._show_step(self.index + 1)

    @Slot()
    def return_to_step(self) -> None:
        """Show the step again as it was set up, its panels too."""
        if self.lesson:
            self._workspace = ""
            self._show_step(self.index)

    def _show_step(self, index: int) -> None:
        lesson = self.lesson
        if lesson is None:
            return
        had_focus = self._has_focus
        self._show_page(lesson, index)
        self._note_progress(index + 1)
        self._set_stage(lesson)
        if had_focus and not self._has_focus:  # of a button that is disabled now, or of docks that were moved
            self.page.return_.setFocus()
        self.step_changed.emit()
        self.director.show_scene(lesson.steps[index].scene)

    def _show_page(self, lesson: Lesson, index: int) -> None:
        self.index, self.is_there, self._is_done, self._is_revealing = index, False, False, False
        self._answer = self.answer = None
        self.page.show_step(lesson, index)

    @property
    def _has_focus(self) -> bool:
        focus = self.window().focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _note_progress(self, reached: int) -> None:
        if self._name and reached > self.progress.get(self._name, 0):
            self.progress[self._name] = reached
            self.reached.emit(self._name, reached)

    def _set_stage(self, lesson: Lesson) -> None:
        """Arrange the panels, unless the workspace of the step is the one that was laid out last."""
        step, workspace = lesson.steps[self.index], workspace_at(lesson, self.index)
        if workspace and workspace != self._workspace:
            self._workspace = workspace
            self.workspace_wanted.emit(step.scene, workspace)
        # The last one asked for has the keyboard's attention, so the first one named comes last.
        for key in reversed(step.scene.front):
            self.other_wanted.emit(key)
        self._withhold()

    @Slot()
    def _arrive(self) -> None:
        if self._is_revealing:
            self._show_answer()
        self.is_there = True
        self._check_task()

    @Slot()
    def _check_task(self) -> None:
        task = self.step.task if self.step else None
        if task and self.is_there and not self._is_done and task.until.holds(self.director.situation()):
            self._is_done = True
            self.page.show_task(task, is_done=True)

    # The question

    @property
    def is_asking(self) -> bool:
        """Whether the step has a question whose answer nobody has asked for."""
        is_open = self.answer is None and not self._is_revealing
        return is_open and self.step is not None and self.step.question is not None

    @Slot()
    def reveal(self) -> None:
        """Show the answer, whether there is a prediction or not."""
        question = self.step.question if self.step else None
        if question is None:
            return
        if self._withheld.update and not self.director.is_at_scene:
            self.page.question.show_answer(None)  # of another update the numbers would be other ones
            return
        # Numbers of an update are known before its operations are done, those of epochs only when they are trained.
        self._answer = right_answer(question, self.director.situation())
        self._is_revealing = True
        if question.reveal_at is None:
            self._show_answer()
        else:
            self.director.go_to(question.reveal_at)

    def _show_answer(self) -> None:
        question = self.step.question if self.step else None
        if question is not None:
            answer = self._answer or right_answer(question, self.director.situation())
            self._is_revealing = answer is None
            self.answer = answer
            self._withhold()
            self.page.question.show_answer(answer)
            self.step_changed.emit()

    @Slot()
    def _withhold(self) -> None:
        """Tell what would give the answer of an open question away, where that has changed."""
        question = self.step.question if self.step and self.answer is None else None
        withheld = withheld_for(question, self.director.situation()) if question else NOTHING
        if withheld != self._withheld:
            self._withheld = withheld
            self.hiding_wanted.emit(withheld)

    @property
    def withheld(self) -> Withheld:
        """What should not be seen at present."""
        return self._withheld

    @Slot()
    def _take_epochs(self) -> None:
        """Answer a question about epochs: their records come after the status with the position."""
        if self._is_revealing and self.is_there and not self.director.is_on_its_way:
            self._show_answer()
