"""One run of random events on a real program: open, events, save, open again, train, close."""

from __future__ import annotations

import faulthandler
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, QSettings, QTimer, Slot
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from bpviz.app import Program
from bpviz.session.debugging.breakpoints import READY_MADE
from bpviz.session.engine.commands import Pause, Run
from bpviz.session.engine.events import Failed, SessionSaved, State
from bpviz.ui.debugging.condition_editor import ConditionEditor
from bpviz.ui.window.settings import Settings
from tests.session.helpers import SMALL
from tests.ui.random_events.user import RandomUser, let_pass
from tests.ui.random_events.watch import Usage, Watch, n_threads

_DEADLINE_SECONDS = 60.0
# An event takes a few milliseconds; one that takes longer waits in a nested loop of Qt's own.
_NESTED_MILLISECONDS, _TICK_MILLISECONDS = 400, 100
_LAYOUTS = ("step_layout", "lecture_layout", "compare_layout", "train_layout")


class _Unnester(QObject):
    """Leaves the nested loops of Qt's own, in which a menu or a drag waits for the user, by closing the popup."""

    def __init__(self) -> None:
        super().__init__()
        self._clock = QElapsedTimer()
        self._timer = QTimer(self, interval=_TICK_MILLISECONDS)
        self._timer.timeout.connect(self._tick)

    def begin(self) -> None:
        """Begin an event."""
        self._clock.start()
        self._timer.start()

    def end(self) -> None:
        """End an event."""
        self._timer.stop()

    @Slot()
    def _tick(self) -> None:
        if self._clock.elapsed() > _NESTED_MILLISECONDS:
            list(close_popups())


@dataclass(frozen=True)
class Plan:
    """What to run.

    Attributes
    ----------
    seed : int
    numbers : tuple of int
        The numbers of the events to be made.
    folder : Path
        An empty folder for settings and files.
    goes_on : bool
        Whether to go on after a fault.
    hang_seconds : float
        After so long in one event or stage the threads are printed and the process ends; 0 never.
    """

    seed: int
    numbers: tuple[int, ...]
    folder: Path
    goes_on: bool = False
    hang_seconds: float = 0.0


class RandomRun:
    """Opens a program and lets a random user at it.

    Parameters
    ----------
    plan : Plan
    log : file, optional
        Every event is written to it before the next begins, so that it survives a crash.
    """

    def __init__(self, plan: Plan, log: TextIO | None = None) -> None:
        self._plan, self._log, self.watch = plan, log, Watch()
        self._files = plan.folder / "files"
        self._files.mkdir()
        self._saved: list[SessionSaved] = []
        self._failures: list[Failed] = []
        self._unnester = _Unnester()

    def run(self) -> Watch:
        """Run, and return what was found."""
        with self.watch.on():
            self._open_program()
            self._stage(self._begin, "the start")
            user = RandomUser(self.program, self._files, self._plan.seed, self._announce)
            for number in self._plan.numbers:
                if self.watch.faults and not self._plan.goes_on:
                    break
                self._make(user, number)
            for stage in (self._save_and_open, self._train, self._compare_usage):
                if not self.watch.faults or self._plan.goes_on:
                    self._stage(stage, stage.__name__)
            self._stage(self._close, "closing")
        return self.watch

    def _open_program(self) -> None:
        settings = QSettings(str(self._plan.folder / "settings.ini"), QSettings.Format.IniFormat)
        self.program = Program(SMALL, Settings(settings), preset="moons", autosave=self._plan.folder / "autosave")
        self.watch.take_exceptions()
        self._model, self._window = self.program.model, self.program.window
        self._window.actions_["quit"].setEnabled(False)  # until the end of the run
        self._model.time.saved.connect(self._saved.append)
        self._model.failed.connect(self._failures.append)
        self._model.failed.connect(self.watch.take_failure)
        self.program.show()

    def _make(self, user: RandomUser, number: int) -> None:
        self.watch.number = number
        self._unnester.begin()
        with self.watch.timing(f"event {number}"):
            try:
                user.act(number)
            except Exception as fault:  # PySide raises what a slot raised, where Python called Qt
                self.watch.add_exception(fault)
        self._unnester.end()
        with self.watch.timing(f"processing after event {number}"):
            for _ in range(1 + number % 3):
                self._process()
        if number % 25 == 0:
            self._wait(lambda: not self._model.is_moving, seconds=1.0)

    def _announce(self, event: str) -> None:
        self._write(f"{self.watch.number}: {event}\n")

    def _process(self) -> None:
        try:
            let_pass(2)  # long enough for the worker to get its turn
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        except Exception as fault:
            self.watch.add_exception(fault)

    def _write(self, text: str) -> None:
        if self._log:
            self._log.write(text)
            self._log.flush()
        if self._plan.hang_seconds:
            faulthandler.dump_traceback_later(self._plan.hang_seconds, exit=True)

    # The stages of a run

    def _stage(self, stage: Callable[[], None], name: str) -> None:
        self._write(f"{name}\n")
        try:
            stage()
        except Exception as fault:
            self.watch.add_exception(fault)

    def _wait(self, holds: Callable[[], bool], *, seconds: float = _DEADLINE_SECONDS) -> bool:
        deadline = time.monotonic() + seconds
        while not holds() and time.monotonic() < deadline:
            self._process()
        return holds()

    def _expect(self, holds: Callable[[], bool], what: str) -> None:
        if not self._wait(holds):
            latest = self._failures[-1].sentence if self._failures else "no failure"
            self.watch.add(f"{what} did not happen", f"{self._model.status}; latest: {latest}")

    def _begin(self) -> None:
        self._expect(lambda: self._model.prepared is not None and self._model.frame is not None, "the first frame")
        self._make_everything()
        self._settle()
        self._usage = Usage.now(self.program)

    def _settle(self) -> None:
        """Show each workspace once and train the small experiment a little: the same state at start and end."""
        self._calm()
        self._model.debugger.set_breakpoints(())
        self._model.debugger.set_watches(())
        (editor,) = self._window.findChildren(ConditionEditor)  # the user may have left more rows in it
        editor.show_conditions(READY_MADE["misclassified sample"].conditions)
        self._load_small()
        self._model.step("sample")
        self._expect(lambda: self._model.current_update is not None, "a step")
        for name in _LAYOUTS:
            self._window.actions_[name].trigger()
            for _ in range(5):
                self._process()
        self._expect(lambda: self._model.frame_requests.is_up_to_date, "a frame")

    def _make_everything(self) -> None:
        """Make what the window makes when it is first seen or asked for, which would count as growth later."""
        for dock in self._window.docks.all:
            assert dock.panel
        for name in ("help", "palette", "welcome", "film", "handout", "present", "choose_panel", "notes"):
            self._window.actions_[name].trigger()
            self._process()
        self._window.presentation.leave()
        list(close_popups())
        for dialog in self._window.findChildren(QDialog):
            dialog.close()

    def _load_small(self) -> None:
        before = self._model.prepared
        self._model.load(SMALL)
        self._expect(lambda: self._model.prepared is not before and not self._is_busy(), "loading the experiment")

    def _calm(self) -> None:
        """Close what is open above the window, leave a presentation, stop all motion, and wait for the session."""
        list(close_popups())
        if self._window.presentation.is_on:
            self._window.presentation.leave()
        for top in QApplication.topLevelWidgets():
            if top.isVisible() and top is not self._window and top.isModal():
                top.close()
        for name in ("play_past", "play_past_back", "slow_motion"):
            if self._window.actions_[name].isChecked():
                self._window.actions_[name].trigger()
        self._model.post(Pause())
        self._expect(lambda: not self._is_busy() and not self._model.is_moving, "a pause")

    def _is_busy(self) -> bool:
        return self._model.status.state in (State.RUNNING, State.PREPARING)

    def _save_and_open(self) -> None:
        self._calm()
        path, before = self._files / "end.bpviz", len(self._failures)
        self._window.files.save_as(str(path))
        self._expect(lambda: path.exists() and bool(self._saved) and self._saved[-1].path == path, "saving at the end")
        if not path.exists():
            return
        position, prepared = self._model.position, self._model.prepared
        self._window.files.open(str(path))
        self._expect(lambda: self._model.prepared is not prepared or len(self._failures) > before, "opening at the end")
        self._expect(lambda: not self._is_busy(), "a pause after opening")
        if self._model.position != position:
            self.watch.add("another position after opening", f"{position} became {self._model.position}")

    def _train(self) -> None:
        """Train on what was opened, or, where its numbers have left their range, on the small experiment."""
        self._calm()
        if self._model.status.state is not State.PAUSED:
            self._load_small()
        self._model.go_live()
        self._model.debugger.set_breakpoints(())
        self._wait(lambda: not self._is_busy() and not self._model.is_moving)
        epochs = len(self._model.epochs)
        if self._model.experiment.epochs <= epochs + 1:
            self._model.stop_after(epochs + 5)
        failures = len(self._failures)
        self._model.set_speed(None)
        before = self._model.position
        self._model.post(Run())
        self._expect(lambda: self._model.position != before or len(self._failures) > failures, "training at the end")
        self._calm()

    def _compare_usage(self) -> None:
        self._settle()
        # An autosave or a recent session may be on its way to the disk, on a thread that ends with it.
        self._wait(lambda: n_threads() <= self._usage.threads)
        for sentence in Usage.now(self.program).growth_since(self._usage):
            self.watch.add(sentence.partition(" from ")[0], sentence)

    def _close(self) -> None:
        with self.watch.timing("closing"):
            list(close_popups())
            self._window.close()
            self.program.delete()
        if os.path.exists(autosave := self._plan.folder / "autosave"):
            left = [each.name for each in Path(autosave).glob("*.bpviz")]
            if left:
                self.watch.add("an autosave is left after closing", str(left))


def close_popups() -> Iterable[str]:
    """Close an open popup, which holds a nested event loop of Qt's own; return what it was."""
    popup = QApplication.activePopupWidget()
    while popup is not None:
        yield type(popup).__name__
        popup.close()
        if isinstance(popup, QMenu):
            popup.hide()
        after = QApplication.activePopupWidget()
        popup = after if after is not popup else None


def report(watch: Watch, most: int = 60) -> Iterable[str]:
    """Return what was found, and the latest commands that the session was given."""
    yield from map(str, watch.faults)
    if watch.faults:
        yield f"the latest commands, of {len(watch.commands)}, each with the number of its event:"
        yield from watch.commands[-most:]
