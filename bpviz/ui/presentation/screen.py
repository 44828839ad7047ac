"""The whole screen for some panels, and afterwards everything as it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, QRect, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QMainWindow, QToolBar

from bpviz.ui.presentation.caption_bar import CaptionBar
from bpviz.ui.widgets.panel import Panel
from bpviz.ui.widgets.panel_dock import PanelDock

Dock = PanelDock[Panel]
# They show only what the lecturer asks for, or what he must know.
_ALLOWED = ("caption", "message", "stepping")


class Arranging(Protocol):
    """Arranges the docks of the window."""

    def keep(self) -> Any:
        """Return the arrangement as it is."""

    def bring_back(self, kept: Any, /) -> None:
        """Arrange docks and bars as they were."""

    def show_alone(self, keys: tuple[str, ...]) -> None:
        """Show these panels side by side, and no others."""


class Appearing(Protocol):
    """Sets theme and text size."""

    def set_presented(self, is_presented: bool) -> None:
        """Show text, lines and marks as the last row of a hall needs them, or as before."""


class Screen(QObject):
    """Takes the window to the whole screen without its controls, and back.

    Parameters
    ----------
    window : QMainWindow
    arranging : Arranging
    appearing : Appearing
    """

    def __init__(self, window: QMainWindow, arranging: Arranging, appearing: Appearing) -> None:
        super().__init__(window)
        self._window, self._arranging, self._appearing = window, arranging, appearing
        self.caption: CaptionBar | None = None
        self._kept: Any = None
        self._state, self._size = Qt.WindowState.WindowNoState, QSize()
        self._place, self._is_moved = QRect(), False
        self._height, self._is_going_back = 0, False
        self._lines: Sequence[bool] = ()
        self._watched: set[str] = set()
        # A style sheet that is set while the window is being resized can crash Qt: it waits for the end of the event.
        self._fitting = QTimer(self, singleShot=True, interval=0)
        self._fitting.timeout.connect(self._fit_to_size)

    def enter(self) -> CaptionBar:
        """Use the whole screen, and return the bar for the caption."""
        window = self._window
        self._kept, self._is_going_back = self._arranging.keep(), False
        self._state, self._size = window.windowState(), window.size()
        self._place, self._is_moved = window.normalGeometry(), False
        self._lines = [line.isHidden() for line in (window.menuBar(), window.statusBar())]
        for line in (window.menuBar(), window.statusBar(), *self._bars()):
            line.hide()
        self._watched = {bar.objectName() for bar in self._bars()}  # the welcome may be made meanwhile
        for bar in self._bars():
            bar.visibilityChanged.connect(self._keep_bars_away)
        self.caption = CaptionBar()
        window.addToolBar(Qt.ToolBarArea.BottomToolBarArea, self.caption)
        window.setWindowState(self._state | Qt.WindowState.WindowFullScreen)
        self.fit()
        return self.caption

    def leave(self) -> None:
        """Show the window as it was before."""
        window, caption = self._window, self.caption
        if caption is None:
            return
        for bar in self._bars():
            if bar.objectName() in self._watched:
                bar.visibilityChanged.disconnect(self._keep_bars_away)
        self.caption, self._height = None, 0
        window.removeToolBar(caption)
        caption.deleteLater()
        window.setWindowState(Qt.WindowState.WindowNoState if self._is_moved else self._state)
        if self._is_moved:
            window.setGeometry(self._place)
            window.setWindowState(self._state)
        for line, is_hidden in zip((window.menuBar(), window.statusBar()), self._lines, strict=True):
            line.setVisible(not is_hidden)
        self._appearing.set_presented(False)
        # The desktop may give the window its size later; docks of another size would not be as they were.
        self._is_going_back = window.size() != self._size
        self._arranging.bring_back(self._kept)

    def _bars(self) -> list[QToolBar]:
        bars = self._window.findChildren(QToolBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return [bar for bar in bars if bar is not self.caption]

    @Slot()
    def _keep_bars_away(self) -> None:
        if self.caption is not None:
            for bar in self._bars():
                if bar.objectName() not in _ALLOWED and not bar.isHidden():
                    bar.hide()

    def fit(self) -> None:
        """Fit text, lines and caption to the height of the window."""
        if self.caption is not None and self._height != self._window.height():
            self._height = self._window.height()
            self._appearing.set_presented(True)
            self.caption.set_screen_height(self._height)

    def take_size(self) -> bool:
        """Fit what is shown to a new size of the window, soon; return whether nobody else should."""
        is_ours = self.caption is not None or self._is_going_back
        if is_ours:
            self._fitting.start()
        return is_ours

    @Slot()
    def _fit_to_size(self) -> None:
        if self.caption is not None:
            self.fit()
        elif self._is_going_back and self._window.size() == self._size:
            self._is_going_back = False
            self._appearing.set_presented(False)  # some text is as large as the height of the window allows
            self._arranging.bring_back(self._kept)

    def other(self) -> QScreen | None:
        """Return a screen that the window is not on; None if there is none."""
        return next((screen for screen in QGuiApplication.screens() if screen is not self._window.screen()), None)

    def swap(self) -> None:
        """Go to the other screen, if there is one."""
        if (other := self.other()) is not None:
            if QGuiApplication.platformName() == "wayland":  # there, a window says its screen only when it is shown
                self._window.hide()
                self._window.setScreen(other)
            else:  # desktops do not move a window that uses the whole screen
                self._window.setWindowState(Qt.WindowState.WindowNoState)
            self._window.setGeometry(other.geometry())
            self._window.setWindowState(Qt.WindowState.WindowFullScreen)
            self._window.show()
            self._is_moved = True
