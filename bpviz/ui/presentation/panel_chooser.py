"""The list of panels that a number key shows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from bpviz.language import _
from bpviz.ui.style.theme import GAP

#: The panel of each number key, from 1.
NUMBERED = ("surface", "network", "curves", "deltas", "formula", "operands", "operations", "code", "explain")
# Height of the font as a part of the height of the screen.
_FONT = 1 / 36


class PanelChooser(QFrame):
    """Lies in the middle of the window until a panel is chosen.

    Parameters
    ----------
    window : QWidget
    names : mapping of str to str
        Key and title of each panel.
    palette : str
        The shortcut of the command palette, which has all other panels.

    Signals
    -------
    chosen : str
        The key of a panel.
    """

    chosen = Signal(str)

    def __init__(self, window: QWidget, names: Mapping[str, str], palette: str) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("panel_chooser")
        self.setProperty("role", "card")
        self.setAccessibleName(_("Panels of the presentation"))
        self.setAutoFillBackground(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        self._hint = QLabel(_("A number shows a panel. Any other: {palette}.").format(palette=palette))
        self.buttons: dict[str, QPushButton] = {}
        for number, key in enumerate(NUMBERED, start=1):
            button = QPushButton(f"{number}   {names[key]}")
            button.setCheckable(True)
            button.setStyleSheet("text-align: left")
            button.setToolTip(_("Show the panel {name}").format(name=names[key]))
            button.clicked.connect(partial(self.chosen.emit, key))
            self.buttons[key] = button
            column.addWidget(button)
        column.addWidget(self._hint)
        self.hide()

    def open(self, shown: tuple[str, ...]) -> None:
        """Show the list, with the panels on screen marked."""
        font = QFont(self.font())
        font.setPixelSize(round(_FONT * self._window.height()))
        for widget in (*self.buttons.values(), self._hint):
            widget.setFont(font)
        for key, button in self.buttons.items():
            button.setChecked(key in shown)
        self.adjustSize()
        self.move((self._window.width() - self.width()) // 2, (self._window.height() - self.height()) // 2)
        self.show()
        self.raise_()
