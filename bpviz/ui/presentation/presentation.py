"""Presentation: panels on the whole screen, and what a lecturer with a clicker does there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import cast

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from bpviz.language import _
from bpviz.session.engine.events import Status
from bpviz.ui.presentation.borrowed_keys import BorrowedKeys
from bpviz.ui.presentation.lesson_stops import LessonStops, LessonView
from bpviz.ui.presentation.notes_window import NotesWindow
from bpviz.ui.presentation.overlays import Overlays
from bpviz.ui.presentation.panel_chooser import NUMBERED
from bpviz.ui.presentation.screen import Appearing, Arranging, Dock, Screen
from bpviz.ui.presentation.shown_panels import ShownPanels
from bpviz.ui.presentation.training_stops import TrainingStops
from bpviz.ui.view_model.playhead import epoch_on_screen
from bpviz.ui.view_model.view_model import ViewModel

#: The actions that have an effect only in a presentation.
OWN = (
    *("next_stop", "previous_stop", "run_or_pause", "choose_panel", "two_panels"),
    *("blank", "ring", "pen", "erase", "notes", "swap_screens"),
)
#: Those that would arrange the window anew.
_ARRANGING = ("train_layout", "step_layout", "lecture_layout", "compare_layout", "fill", "full_screen")


class Presentation(QObject):
    """Shows one panel or two on the whole screen.

    Parameters
    ----------
    window : QMainWindow
    model : ViewModel
    actions : dict of str to QAction
        All actions of the window.
    docks : sequence of PanelDock
    arranging : Arranging
    appearing : Appearing
    level : callable
        Returns the level of a step that the user has chosen.
    """

    def __init__(
        self,
        window: QMainWindow,
        model: ViewModel,
        actions: dict[str, QAction],
        docks: Sequence[Dock],
        arranging: Arranging,
        appearing: Appearing,
        level: Callable[[], str],
    ) -> None:
        super().__init__(window)
        self._window, self._model, self._actions = window, model, actions
        self.screen = Screen(window, arranging, appearing)
        self.panels = ShownPanels(window, docks, actions, arranging)
        self.over, self.notes = Overlays(window, model, actions), NotesWindow(window)
        self._training = TrainingStops(model, level)
        self._lesson: LessonStops | None = None
        self._keys = BorrowedKeys((window, self.notes))
        self._place, self._was_running, self._is_begun = model.position, False, False
        self._connect_actions()
        self._connect_model()
        next(dock for dock in docks if dock.objectName() == "lesson").made.connect(self._take_lesson)

    def _connect_actions(self) -> None:
        for name, slot in {
            "present": self.toggle,
            "next_stop": self.go_on,
            "previous_stop": self.go_back,
            "run_or_pause": self._run_or_pause,
            "notes": self._toggle_notes,
            "swap_screens": self._swap,
        }.items():
            self._actions[name].triggered.connect(slot)
        # The lecturer may have clicked into the notes, where the clicker must work all the same.
        self.notes.addActions([self._actions[name] for name in ("present", *OWN)])
        self.over.tell_actions()
        self.panels.changed.connect(self.over.fit)
        self._enable(False)

    def _connect_model(self) -> None:
        model = self._model
        for signal in (model.epochs_added, model.current_update_changed, model.selection_changed):
            signal.connect(self._refresh)
        model.time.bookmarks_changed.connect(self._refresh)
        model.status_changed.connect(self._follow)

    @Slot(object)
    def _take_lesson(self, dock: Dock) -> None:
        view = cast(LessonView, dock.panel)
        self._lesson = LessonStops(view)
        view.step_changed.connect(self._show_step)

    # Beginning and end

    @property
    def is_on(self) -> bool:
        """Whether the presentation runs."""
        return self.screen.caption is not None

    @Slot()
    def toggle(self) -> None:
        """Begin the presentation, or end it."""
        if self.is_on:
            self.leave()
        else:
            self.enter()

    def enter(self) -> None:
        """Show the panels that the step of a lesson marks, or the one with the focus, on the whole screen."""
        wanted = self._marked() or self.panels.usual()
        self.screen.enter()
        self._enable(True)
        self._keys.borrow(self._borrowed(), self._actions)
        self._place, self._was_running = self._model.position, self._model.is_running
        self.panels.show(wanted)
        self.over.begin()
        if not self._is_begun:
            self._is_begun = True
            self.notes.begin()
        if self.screen.other() is not None:
            self._show_notes()
        self._refresh()

    @Slot()
    def leave(self) -> None:
        """Show the window as it was before."""
        if self.is_on:
            self._keys.give_back()
            self.notes.hide()
            self.over.end()
            self.panels.end()
            self._enable(False)
            self.screen.leave()

    def _enable(self, is_on: bool) -> None:
        self._actions["present"].setChecked(is_on)
        for name in OWN:
            self._actions[name].setEnabled(is_on)
        self._actions["swap_screens"].setEnabled(is_on and self.screen.other() is not None)
        for name in _ARRANGING:
            self._actions[name].setEnabled(not is_on)

    def _borrowed(self) -> dict[str, Callable[[], None]]:
        numbers = {str(number): partial(self._choose, str(number), key) for number, key in enumerate(NUMBERED, start=1)}
        return {
            "Esc": self._escape,
            "F5": self.leave,
            "Ctrl+Z": self.over.undo,
            ".": self._actions["blank"].trigger,
            **numbers,
        }

    def _choose(self, number: str, key: str) -> None:
        self.panels.choose(key)
        self.over.tell(self.panels.title(key), number)

    @Slot()
    def _escape(self) -> None:
        """Undo what was done last to the screen, or leave."""
        if self.panels.chooser.isVisible():
            self.panels.chooser.hide()
        elif not self.over.put_away():
            self.leave()

    def take_size(self) -> bool:
        """Fit what is shown to a new size of the window; return whether nobody else should."""
        is_ours = self.screen.take_size()
        if self.is_on:
            self.over.fit()
        return is_ours

    # Stops

    @property
    def _stops(self) -> LessonStops | TrainingStops:
        return self._lesson if self._lesson and self._lesson.is_open else self._training

    def _marked(self) -> tuple[str, ...]:
        """Return the panels that the step of the lesson marks, at most two."""
        return self._lesson.front[:2] if self._lesson else ()

    @Slot()
    def go_on(self) -> None:
        """Go to the next stop."""
        self.over.lift()
        if not self._stops.forward():
            self.over.tell_instead(_("This is the last stop"))

    @Slot()
    def go_back(self) -> None:
        """Go to the stop before."""
        self.over.lift()
        if not self._stops.back():
            self.over.tell_instead(_("This is the first stop"))

    @Slot()
    def _show_step(self) -> None:
        if self.is_on:
            self.over.pen.erase()
            marked = self._marked()
            if marked and marked != self.panels.keys:
                self.panels.show(marked)
            elif self._lesson and self._lesson.is_open:
                self.panels.put_guide_away()
            self._refresh()

    @Slot(object)
    def _follow(self, status: Status) -> None:
        """Show another stop; a drawing belongs to the one before, unless training has only been running on."""
        is_elsewhere = status.position != self._place and not self._model.is_running and not self._was_running
        if self.is_on and is_elsewhere:
            self.over.pen.erase()
        self._place, self._was_running = status.position, self._model.is_running
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        if self.screen.caption is not None:
            now = self._stops.now()
            self.screen.caption.show_stop(now)
            self.screen.caption.show_epoch(epoch_on_screen(self._model))
            if self.notes.isVisible():
                self.notes.show_stops(now, self._stops.coming())

    @Slot()
    def _run_or_pause(self) -> None:
        self._actions["pause" if self._model.is_running else "run"].trigger()

    # Notes and screens

    @Slot()
    def _toggle_notes(self) -> None:
        if self.notes.isVisible():
            self.notes.hide()
            self._window.activateWindow()  # not every window manager gives it the keyboard back
        else:
            self._show_notes()

    def _show_notes(self) -> None:
        """Show the notes on a screen that the audience does not see, or else where they were."""
        self.notes.show_on(self.screen.other())
        self._refresh()

    @Slot()
    def _swap(self) -> None:
        """Exchange the screens of panels and notes."""
        self.screen.swap()
        if self.notes.isVisible():
            self._show_notes()
