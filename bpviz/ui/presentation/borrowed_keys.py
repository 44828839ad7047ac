"""Keys that mean something else while a presentation runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


class BorrowedKeys:
    """Takes keys away from actions, and gives them back: two owners of a key would leave it without effect.

    Parameters
    ----------
    windows : tuple of QWidget
        In which the keys are pressed.
    """

    def __init__(self, windows: tuple[QWidget, ...]) -> None:
        self._windows = windows
        self._owners: dict[QAction, QKeySequence] = {}
        self._shortcuts: list[QShortcut] = []

    def borrow(self, keys: Mapping[str, Callable[[], None]], actions: Mapping[str, QAction]) -> None:
        """Let each key do something else than the action that has it as its shortcut."""
        for action in actions.values():
            if action.shortcut().toString() in keys:
                self._owners[action] = action.shortcut()
                action.setShortcut(QKeySequence())
        for window in self._windows:
            for key, do in keys.items():
                shortcut = QShortcut(QKeySequence(key), window)
                shortcut.activated.connect(do)
                self._shortcuts.append(shortcut)

    def give_back(self) -> None:
        """Let the keys mean what they meant."""
        for shortcut in self._shortcuts:
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        for action, sequence in self._owners.items():
            action.setShortcut(sequence)
        self._shortcuts.clear()
        self._owners.clear()
