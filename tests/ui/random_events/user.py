"""A user at random: every event is drawn from a seed and its own number, and made through the window system.

The target of an event is the visible widget whose name, hashed with the event's number, is smallest. So most events of
a run hit the same widgets when other events are left out, which makes a failing run easy to shorten.
"""

from __future__ import annotations

import dataclasses
import random
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtGui import QWheelEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QSlider,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from bpviz.app import Program
from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.breakpoints import READY_MADE
from bpviz.session.debugging.watches import Watch
from bpviz.session.engine import commands
from bpviz.session.training.interventions import Edit
from bpviz.session.training.position import Position
from bpviz.ui.own_numbers.number_table import OwnNumberView
from bpviz.ui.window.actions import ACTIONS
from tests.ui.random_events.text_input import PASTED, TEXTS, write

_KEYS = (
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End),
    *(Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape),
    *(Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Backspace),
    *(Qt.Key.Key_F2, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_0, Qt.Key.Key_7, Qt.Key.Key_A, Qt.Key.Key_E),
)
_MODIFIERS = (
    *(Qt.KeyboardModifier.NoModifier,) * 6,
    *(Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier),
)
#: A drag of text would wait in Qt's own drag loop for a button that nobody releases.
_TEXT_EDITORS = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox)
#: The window of the test must stay open, and files are answered for by the test.
_NEVER_TRIGGERED = ("quit",)
_LAYERS = 4


class RandomUser:
    """Makes one event of a kind drawn from its number.

    Parameters
    ----------
    program : Program
    folder : Path
        All files are saved there.
    seed : int
    announce : callable
        Takes each event in words, before it is made: a crash must not hide what it was.
    """

    def __init__(self, program: Program, folder: Path, seed: int, announce: Callable[[str], None]) -> None:
        self._program, self._window, self._model = program, program.window, program.model
        self._folder, self._seed, self._announce = folder, seed, announce
        self._random = random.Random(seed)
        self._number = 0
        kinds: dict[Callable[[], None], int] = {
            self._click: 22,
            self._double_click: 5,
            self._drag: 12,
            self._wheel: 6,
            self._hover: 6,
            self._press_key: 14,
            self._type: 8,
            self._paste: 4,
            self._choose: 6,
            self._trigger: 20,
            self._choose_preset: 1,
            self._save: 2,
            self._open: 2,
            self._arrange_dock: 4,
            self._resize: 2,
            self._give_command: 10,
            self._train: 5,
        }
        self._kinds, self._weights = list(kinds), list(kinds.values())

    def act(self, number: int) -> None:
        """Make the event with a number."""
        self._number, self._random = number, random.Random(f"{self._seed}/{number}")
        self._answer_file_dialogs()
        (kind,) = self._random.choices(self._kinds, self._weights)
        kind()

    # Targets

    def _visible(self, *kinds: type[QWidget]) -> list[tuple[str, QWidget]]:
        popup = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        tops = [popup] if popup else [top for top in QApplication.topLevelWidgets() if top.isVisible()]
        wanted = kinds or (QWidget,)
        found = [widget for top in tops for widget in (top, *top.findChildren(QWidget)) if isinstance(widget, wanted)]
        return [(_path(widget), widget) for widget in found if widget.isVisible() and widget.window().windowHandle()]

    def _target(self, *kinds: type[QWidget]) -> tuple[str, QWidget] | None:
        """Return the visible widget of the kinds whose hash with the number of the event is smallest."""
        return min(self._visible(*kinds), key=self._rank, default=None)

    def _rank(self, named: tuple[str, QWidget]) -> int:
        return zlib.crc32(f"{self._seed}/{self._number}/{named[0]}".encode())

    def _point(self, widget: QWidget) -> QPoint:
        return QPoint(self._random.randrange(max(widget.width(), 1)), self._random.randrange(max(widget.height(), 1)))

    def _button(self) -> Qt.MouseButton:
        buttons = (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton)
        return self._random.choices(buttons, (12, 2, 1))[0]

    # The mouse

    def _click(self) -> None:
        kinds = (QAbstractButton,) if self._random.random() < 0.4 else ()
        found = self._target(*kinds)
        self._press_at(QTest.mouseClick, "click", found)

    def _double_click(self) -> None:
        self._press_at(QTest.mouseDClick, "double click", self._target())

    def _press_at(self, press: Any, name: str, found: tuple[str, QWidget] | None) -> None:
        if found is None:
            return self._announce(f"{name}: nothing there")
        path, widget = found
        at, button, modifiers = self._point(widget), self._button(), self._random.choice(_MODIFIERS)
        where = widget.mapTo(widget.window(), at)
        self._announce(f"{name} {button.name} at {at.x()},{at.y()} of {path}")
        press(widget.window().windowHandle(), button, modifiers, where)

    def _drag(self) -> None:
        found = self._target()
        if found is None or isinstance(found[1], _TEXT_EDITORS) or isinstance(found[1].parent(), _TEXT_EDITORS):
            return self._announce("drag: not here")
        path, widget = found
        start, top = widget.mapTo(widget.window(), self._point(widget)), widget.window()
        handle, button = top.windowHandle(), self._button()
        count = self._random.randrange(1, 6)
        places = [
            start + QPoint(self._random.randint(-200, 200), self._random.randint(-150, 150)) for _ in range(count)
        ]
        to = places[-1]
        self._announce(f"drag {button.name} from {start.x()},{start.y()} to {to.x()},{to.y()} in {path}")
        QTest.mousePress(handle, button, Qt.KeyboardModifier.NoModifier, start)
        for place in places:
            QTest.mouseMove(self._still_there(handle), place)
            if self._random.random() < 0.4:  # the session goes on during a drag
                QApplication.processEvents()
        QTest.mouseRelease(self._still_there(handle), button, Qt.KeyboardModifier.NoModifier, to)

    def _still_there(self, handle: QWindow) -> QWindow:
        """Return a window, or that of the program if it has closed: a dialog at a press, a floating panel in a drag."""
        return handle if isValid(handle) else self._window.windowHandle()

    def _wheel(self) -> None:
        found = self._target()
        if found is None:
            return self._announce("wheel: nothing there")
        path, widget = found
        at, turn = self._point(widget), self._random.choice((-240, -120, 120, 240, 1200))
        event = QWheelEvent(
            *(at.toPointF(), widget.mapToGlobal(at).toPointF(), QPoint(), QPoint(0, turn)),
            *(Qt.MouseButton.NoButton, self._random.choice(_MODIFIERS), Qt.ScrollPhase.NoScrollPhase, False),
        )
        self._announce(f"wheel {turn} at {at.x()},{at.y()} of {path}")
        QApplication.sendEvent(widget, event)

    def _hover(self) -> None:
        found = self._target()
        if found is None:
            return self._announce("hover: nothing there")
        path, widget = found
        at = self._point(widget)
        self._announce(f"hover at {at.x()},{at.y()} of {path}")
        QTest.mouseMove(widget.window().windowHandle(), widget.mapTo(widget.window(), at))
        if self._random.random() < 0.1:  # long enough for a tooltip
            let_pass(750)

    # The keyboard

    def _press_key(self) -> None:
        key, modifiers = self._random.choice(_KEYS), self._random.choice(_MODIFIERS)
        focused = QApplication.activePopupWidget() or QApplication.focusWidget()
        found = (_path(focused), focused) if focused and self._random.random() < 0.6 else self._target()
        if found is None:
            return self._announce("key: nothing there")
        self._announce(f"key {modifiers.name} {key.name} on {found[0]}")
        QTest.keyClick(found[1], key, modifiers)

    def _type(self) -> None:
        found = self._target(QLineEdit, QAbstractSpinBox)
        if found is None or not found[1].isEnabled():
            return self._announce("type: nothing there")
        path, widget = found
        text = self._random.choice(TEXTS)
        self._announce(f"type {text!r} into {path}")
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        write(widget, text)
        if self._random.random() < 0.8:
            QTest.keyClick(widget, Qt.Key.Key_Return)

    def _paste(self) -> None:
        """Paste numbers, or what are none, into a table that takes them."""
        self._window.docks.mine.bring_to_front()
        text, found = self._random.choice(PASTED), self._target(OwnNumberView)
        self._announce(f"paste {text!r} into {found[0] if found else 'nothing'}")
        QApplication.clipboard().setText(text)
        if found:
            QTest.keyClick(found[1], Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    def _choose(self) -> None:
        found = self._target(QComboBox, QSlider)
        if found is None or not found[1].isEnabled():
            return self._announce("choose: nothing there")
        path, widget = found
        if isinstance(widget, QSlider):
            value = self._random.randint(widget.minimum(), widget.maximum())
            self._announce(f"choose {value} of {path}")
            widget.setValue(value)
        else:
            assert isinstance(widget, QComboBox)
            value = self._random.randrange(max(widget.count(), 1))
            self._announce(f"choose {value} of {path}")
            widget.setCurrentIndex(value)
            widget.activated.emit(value)

    def _trigger(self) -> None:
        name = self._random.choice([each for each in ACTIONS if each not in _NEVER_TRIGGERED])
        action = self._window.actions_[name]
        if not action.isEnabled() or QApplication.activeModalWidget():
            return self._announce(f"trigger {name}: disabled")
        self._announce(f"trigger {name}")
        action.trigger()
        self._answer_file_dialogs()

    def _choose_preset(self) -> None:
        combo = self._window.tool_bar.preset
        index = self._random.choice([row for row in range(combo.count()) if combo.itemData(row)])  # not a title
        self._announce(f"choose the preset {combo.itemData(index)}")
        combo.setCurrentIndex(index)
        combo.activated.emit(index)

    # Files

    def _save(self) -> None:
        kind = self._random.choice(("session", "session", "experiment", "history", "picture"))
        number = self._random.randrange(3)
        self._announce(f"save {kind} {number}")
        saving = self._window.exports.files
        match kind:
            case "session":
                self._window.files.save_as(str(self._folder / f"{number}.bpviz"))
            case "experiment":
                saving.save_experiment(str(self._folder / f"{number}.json"))
            case "history":
                saving.save_history(str(self._folder / f"{number}.csv"))
            case "picture":
                saving.save_picture(self._window, str(self._folder / f"{number}.png"))

    def _open(self) -> None:
        there = sorted(path for path in self._folder.iterdir() if path.suffix in (".bpviz", ".json"))
        if not there:
            return self._announce("open: no file")
        path = self._random.choice(there)
        self._announce(f"open {path.name}")
        self._window.files.open(str(path))

    def _answer_file_dialogs(self) -> None:
        """Reject them: in Qt's own dialog random events could delete the user's files."""
        for top in QApplication.topLevelWidgets():
            if isinstance(top, QFileDialog) and top.isVisible():
                top.reject()
            elif isinstance(top, QDialog) and top.isVisible() and self._random.random() < 0.3:
                top.close()

    # The window

    def _arrange_dock(self) -> None:
        panel = self._random.choice(self._window.docks.all)
        what = self._random.choice(("float", "show", "hide", "tab", "raise"))
        self._announce(f"{what} {panel.objectName()}")
        match what:
            case "float":
                panel.setFloating(not panel.isFloating())
            case "show":
                panel.show()
            case "hide":
                panel.hide()
            case "tab":
                other = self._random.choice(self._window.docks.all)
                if other is not panel and not other.isFloating() and not panel.isFloating():
                    self._window.tabifyDockWidget(other, panel)
            case "raise":
                panel.raise_()

    def _resize(self) -> None:
        width, height = self._random.randint(960, 1900), self._random.randint(600, 1100)
        self._announce(f"resize to {width} x {height}")
        self._window.resize(width, height)

    # What panels ask of the session

    def _give_command(self) -> None:
        kinds = (self._set_breakpoints, self._set_watches, self._go_somewhere, self._change_branch, self._change_past)
        self._random.choices(kinds, (1, 1, 2, 2, 3))[0]()

    def _train(self) -> None:
        """Train as fast as can be for a moment, so that there is a past."""
        milliseconds = self._random.choice((20, 100, 300))
        self._announce(f"train for {milliseconds} ms")
        self._model.set_speed(None)
        self._model.post(commands.Run())
        let_pass(milliseconds)
        if self._random.random() < 0.7:
            self._model.post(commands.Pause())

    def _change_past(self) -> None:
        """Change what training depends on, which the timeline keeps."""
        rate = self._random.choice((0.01, 0.1, 1.0))
        edit = Edit(self._random.randrange(1, _LAYERS), None, 0, self._random.choice((-1.0, 0.0, 0.5)))
        sample, count = self._random.randrange(20), self._random.choice((1, -1))
        command = self._random.choice(
            (
                *(commands.Undo(), commands.Redo(), commands.EditParameter(edit)),
                *(
                    commands.ApplySample(sample),
                    commands.Step("epoch", count),
                ),
                commands.ChangeHyperparameters(dataclasses.replace(self._model.experiment, learning_rate=rate)),
            )
        )
        self._announce(f"post {str(command)[:80]}")
        self._model.post(command)

    def _set_breakpoints(self) -> None:
        names = self._random.sample(sorted(READY_MADE), self._random.randrange(3))
        self._announce(f"set breakpoints {names}")
        self._model.debugger.set_breakpoints(tuple(READY_MADE[name] for name in names))

    def _set_watches(self) -> None:
        layers = [self._random.randrange(1, _LAYERS) for _ in range(self._random.randrange(3))]
        self._announce(f"set watches of layers {layers}")
        self._model.debugger.set_watches(tuple(Watch(Metric("abs_delta", layer=layer)) for layer in layers))

    def _go_somewhere(self) -> None:
        furthest = self._model.status.furthest or Position()
        epoch = self._random.randrange(furthest.epoch + 1)
        self._announce(f"go to epoch {epoch} of {furthest.epoch}")
        self._model.go_to(Position(epoch, self._random.randrange(3), self._random.choice((0, 0, 2))))

    def _change_branch(self) -> None:
        number = self._random.randrange(4)
        command = self._random.choice(
            (
                *(commands.Fork(), commands.ShowBranch(number), commands.CompareBranch(number)),
                *(commands.CompareBranch(None), commands.DeleteBranch(number), commands.RenameBranch(number, "x" * 61)),
            )
        )
        self._announce(f"post {command}")
        self._model.post(command)


def let_pass(milliseconds: int) -> None:
    """Let the program run for a while: a random user waits for nothing in particular."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _path(widget: QWidget) -> str:
    """Return a name for a widget that stays the same while others come and go."""
    parts = []
    here: QWidget | None = widget
    while here is not None and not isinstance(here, QMainWindow):
        parts.append(here.objectName() or here.accessibleName() or type(here).__name__)
        here = here.parentWidget()
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return "/".join(reversed(parts)) + (f" {text!r}" if text else "")
