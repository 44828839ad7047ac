"""What lies over the panels of a presentation: a drawing, the black screen, the pointer, and the last command."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from bpviz.language import _
from bpviz.session.engine.events import Failed
from bpviz.ui.presentation.key_banner import KeyBanner
from bpviz.ui.presentation.pen_layer import Curtain, PenLayer
from bpviz.ui.presentation.pointer import Look, Pointer
from bpviz.ui.style.mnemonics import without_mnemonic
from bpviz.ui.style.theme import Theme
from bpviz.ui.view_model.view_model import ViewModel

# Switches that a presentation begins without; the ring stays as it was in the one before.
_PASSING = ("blank", "pen")


class Overlays(QObject):
    """Shows what lies over the panels, and connects its actions.

    Parameters
    ----------
    window : QMainWindow
    model : ViewModel
    actions : dict of str to QAction
        All actions of the window.
    """

    def __init__(self, window: QMainWindow, model: ViewModel, actions: dict[str, QAction]) -> None:
        super().__init__(window)
        self._window, self._model, self._actions = window, model, actions
        self._is_on, self._instead = False, ""
        self.pen, self.curtain, self.banner, self.pointer = (
            PenLayer(window),
            Curtain(window),
            KeyBanner(window),
            Pointer(),
        )
        for name, slot in {
            "blank": self._blank,
            "ring": self._show_pointer,
            "pen": self._take_pen,
            "erase": self.pen.erase,
        }.items():
            actions[name].triggered.connect(slot)
        model.theme_changed.connect(self._restyle)
        model.failed.connect(self._tell_failure)
        self._restyle(model.theme)

    def begin(self) -> None:
        """Lie over the window."""
        self._is_on = True
        self.pen.show()
        self.fit()
        self._show_pointer()

    def end(self) -> None:
        """Show the window as it is."""
        self._is_on = False
        for name in _PASSING:
            self._actions[name].setChecked(False)
        self.pen.take(False)
        self.pen.erase()
        self.pen.hide()
        self.curtain.hide()
        self.banner.end()
        self._show_pointer()

    def fit(self) -> None:
        """Cover the window at its present size, and what has been shown since."""
        for layer in (self.pen, self.curtain):
            layer.setGeometry(self._window.rect())
            layer.raise_()
        self.banner.fit()

    # Telling

    def tell_actions(self) -> None:
        """Tell every command from now on, after the slots that all actions have by now."""
        for action in self._actions.values():
            action.triggered.connect(partial(self._tell_action, action))

    def tell(self, text: str, key: str = "") -> None:
        """Show a command and its key, unless the screen is black."""
        if self._is_on and self.curtain.isHidden():
            self.banner.tell(text, key)

    def tell_instead(self, text: str) -> None:
        """Tell this of the action that is being done, in place of its name."""
        self._instead = text

    def _tell_action(self, action: QAction) -> None:
        told, self._instead = self._instead, ""
        text = without_mnemonic(action.text()).rstrip("…")
        self.tell(told or text, action.shortcut().toString())

    @Slot(object)
    def _tell_failure(self, failed: Failed) -> None:
        self.tell(failed.sentence)

    # Black screen

    @Slot()
    def _blank(self) -> None:
        self.curtain.setVisible(self._actions["blank"].isChecked())
        self.banner.end()
        self.fit()
        self._show_pointer()

    def lift(self) -> None:
        """Show the panels if the screen is black."""
        if self._actions["blank"].isChecked():
            self._actions["blank"].trigger()

    # Pointer and pen

    @Slot()
    def _take_pen(self) -> None:
        self.pen.take(self._actions["pen"].isChecked())
        self._show_pointer()

    @Slot()
    def _show_pointer(self) -> None:
        looks = {"blank": Look.HIDDEN, "pen": Look.PEN, "ring": Look.RING}
        chosen = (look for name, look in looks.items() if self._is_on and self._actions[name].isChecked())
        self.pointer.show(next(chosen, Look.USUAL), self._model.theme, self._window.height())

    @Slot()
    def undo(self) -> None:
        """Remove the last stroke, or undo the last change if there is none."""
        if self.pen.strokes:
            self.pen.undo()
            self.tell(_("Remove the last stroke"), "Ctrl+Z")
        else:
            self._actions["undo"].trigger()

    def put_away(self) -> bool:
        """Lift the black screen or put the pen away; return whether there was one of them."""
        name = next((name for name in _PASSING if self._actions[name].isChecked()), "")
        if name:
            self._actions[name].trigger()
        return bool(name)

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        self.pen.set_colours(theme.danger, theme.paper)
        if self._is_on:
            self._show_pointer()
