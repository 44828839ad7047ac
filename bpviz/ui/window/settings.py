"""Choices that come back at the next start."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QComboBox, QMainWindow, QToolButton

from bpviz.ui.style.theme import SCALES, THEMES

# Raise it when docks are renamed or added: an old layout would place them wrongly.
_LAYOUT_VERSION = 3


class Settings:
    """Reads and writes the program's choices; what is damaged or out of range reads as the default.

    Parameters
    ----------
    store : QSettings or None
        None remembers nothing, for pictures that must not depend on who makes them.
    """

    def __init__(self, store: QSettings | None) -> None:
        self._store = store

    def text(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        """Return a word that is one of `allowed`."""
        value = self._store.value(key, default, type=str) if self._store else default
        return value if isinstance(value, str) and value in allowed else default

    def flag(self, key: str, default: bool) -> bool:
        """Return a yes or no."""
        return self.text(key, ("true", "false"), "true" if default else "false") == "true"

    def theme(self) -> str:
        """Return "light", "dark" or "system"."""
        return self.text("theme", (*THEMES, "system"), "system")

    def scale(self) -> float:
        """Return by how much text is larger than usual."""
        return float(self.text("scale", tuple(map(str, SCALES)), "1.0"))

    def write(self, key: str, value: object) -> None:
        """Remember a choice as text."""
        if self._store:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            self._store.setValue(key, text)

    def restore_layout(self, window: QMainWindow) -> bool:
        """Put the window and its panels where they were; returns whether that could be done."""
        if not self._store:
            return False
        geometry = self._store.value("geometry", QByteArray(), type=QByteArray)
        state = self._store.value("layout", QByteArray(), type=QByteArray)
        if not isinstance(geometry, QByteArray) or not isinstance(state, QByteArray):
            return False
        return window.restoreGeometry(geometry) and window.restoreState(state, _LAYOUT_VERSION)

    def save_layout(self, window: QMainWindow) -> None:
        """Remember where the window and its panels are."""
        if self._store:
            self._store.setValue("geometry", window.saveGeometry())
            self._store.setValue("layout", window.saveState(_LAYOUT_VERSION))
            self._store.sync()

    def save_choices(self, window: QMainWindow) -> None:
        """Remember every named switch and choice of the panels and the tool bar."""
        for button in _switches(window):
            self.write(f"choices/{button.objectName()}", button.isChecked())
        for combo in _choices(window):
            self.write(f"choices/{combo.objectName()}", combo.currentText())

    def restore_choices(self, window: QMainWindow) -> None:
        """Put every named switch and choice back."""
        for button in _switches(window):
            button.setChecked(self.flag(f"choices/{button.objectName()}", button.isChecked()))
        for combo in _choices(window):
            allowed = tuple(combo.itemText(index) for index in range(combo.count()))
            combo.setCurrentText(self.text(f"choices/{combo.objectName()}", allowed, combo.currentText()))


def _switches(window: QMainWindow) -> list[QToolButton]:
    return [
        button for button in window.findChildren(QToolButton) if button.isCheckable() and "." in button.objectName()
    ]


def _choices(window: QMainWindow) -> list[QComboBox]:
    return [combo for combo in window.findChildren(QComboBox) if "." in combo.objectName()]
