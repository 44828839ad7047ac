"""Settings that are kept between sessions of the program."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QComboBox, QMainWindow, QToolButton, QWidget

from bpviz.ui.style.theme import SCALES, THEMES

# To be increased when docks are renamed or added: restoreState would misplace them.
_LAYOUT_VERSION = 4


class Settings:
    """Reads and writes settings; values that are damaged or out of range read as the default.

    Parameters
    ----------
    store : QSettings or None
        None saves nothing, for screenshots that must not depend on the user.
    """

    def __init__(self, store: QSettings | None) -> None:
        self._store = store

    def text(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        """Return the text of a setting, or the default if it is not one of `allowed`."""
        # QSettings returns strings from INI files, whatever type was saved.
        value = self._store.value(key, default, type=str) if self._store else default
        return value if isinstance(value, str) and value in allowed else default

    def long_text(self, key: str) -> str:
        """Return any text of a setting, for the reader to check; "" if there is none."""
        value = self._store.value(key, "", type=str) if self._store else ""
        return value if isinstance(value, str) else ""

    def flag(self, key: str, default: bool) -> bool:
        """Return the value of a boolean setting."""
        return self.text(key, ("true", "false"), "true" if default else "false") == "true"

    def theme(self) -> str:
        """Return "light", "dark" or "system"."""
        return self.text("theme", (*THEMES, "system"), "system")

    def scale(self) -> float:
        """Return the scale factor of the font size."""
        return float(self.text("scale", tuple(map(str, SCALES)), "1.0"))

    def write(self, key: str, value: object) -> None:
        """Save a setting as text."""
        if self._store:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            self._store.setValue(key, text)

    def restore_layout(self, window: QMainWindow) -> bool:
        """Restore the geometry and the docks of the window; return whether they were saved and valid."""
        if not self._store:
            return False
        geometry = self._store.value("geometry", QByteArray(), type=QByteArray)
        state = self._store.value("layout", QByteArray(), type=QByteArray)
        if not isinstance(geometry, QByteArray) or not isinstance(state, QByteArray):
            return False
        return window.restoreGeometry(geometry) and window.restoreState(state, _LAYOUT_VERSION)

    def save_layout(self, window: QMainWindow) -> None:
        """Save the geometry and the docks of the window."""
        if self._store:
            self._store.setValue("geometry", window.saveGeometry())
            self._store.setValue("layout", window.saveState(_LAYOUT_VERSION))
            self._store.sync()

    def save_choices(self, window: QMainWindow) -> None:
        """Save the state of all named buttons and combo boxes of the panels and tool bars."""
        for button in _switches(window):
            self.write(f"choices/{button.objectName()}", button.isChecked())
        for combo in _choices(window):
            self.write(f"choices/{combo.objectName()}", _word(combo, combo.currentIndex()))

    def restore_choices(self, widget: QWidget) -> None:
        """Restore the state of all named buttons and combo boxes of a widget."""
        for button in _switches(widget):
            button.setChecked(self.flag(f"choices/{button.objectName()}", button.isChecked()))
        for combo in _choices(widget):
            allowed = tuple(_word(combo, index) for index in range(combo.count()))
            kept = self.text(f"choices/{combo.objectName()}", allowed, "")
            if kept in allowed:
                combo.setCurrentIndex(allowed.index(kept))


def _switches(widget: QWidget) -> list[QToolButton]:
    return [
        button for button in widget.findChildren(QToolButton) if button.isCheckable() and "." in button.objectName()
    ]


def _choices(widget: QWidget) -> list[QComboBox]:
    return [combo for combo in widget.findChildren(QComboBox) if "." in combo.objectName()]


def _word(combo: QComboBox, index: int) -> str:
    """Return what is kept of an item: its word, which is the same in every language, else its text."""
    word = combo.itemData(index)
    return word if isinstance(word, str) else combo.itemText(index)
