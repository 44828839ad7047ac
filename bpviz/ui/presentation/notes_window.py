"""The lecturer's own window: the present stop, the next one, and the time."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QElapsedTimer, QLocale, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QHideEvent, QScreen, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from bpviz.language import _
from bpviz.ui.presentation.stop import Stop
from bpviz.ui.style.theme import GAP

_TICK = 1000
_SIZE = (560, 620)


class NotesWindow(QWidget):
    """A window of its own, for the screen that the audience does not see."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Window)
        self._window = window
        self.setObjectName("notes")
        self.setWindowTitle(_("bpviz notes"))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.clock, self.spent, self.restart = QLabel(), QLabel(), QPushButton(_("From zero"))
        self.now, self.coming = _Part(_("Now")), _Part(_("Next"))
        self.restart.setToolTip(_("Count the time of the presentation from zero"))
        self.restart.clicked.connect(self.begin)
        for label in (self.clock, self.spent):
            label.setProperty("role", "readout")
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        column.setSpacing(2 * GAP)
        column.addLayout(self._times())
        column.addWidget(self.now, 1)
        column.addWidget(self.coming, 1)
        self._elapsed, self._timer = QElapsedTimer(), QTimer(self, interval=_TICK)
        self._timer.timeout.connect(self.show_times)
        self.resize(*_SIZE)
        self.begin()

    def _times(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self.clock)
        row.addStretch(1)
        row.addWidget(self.spent)
        row.addWidget(self.restart)
        return row

    @Slot()
    def begin(self) -> None:
        """Count the time from zero."""
        self._elapsed.start()
        self.show_times()

    @Slot()
    def show_times(self) -> None:
        """Show the time of day, and how long the presentation has taken."""
        self.clock.setText(QLocale().toString(QDateTime.currentDateTime().time(), "HH:mm"))
        seconds = self._elapsed.elapsed() // 1000
        self.spent.setText(f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}")

    def show_stops(self, now: Stop, coming: Stop | None) -> None:
        """Show the present stop and the next one; None if there is no other."""
        self.now.show_stop(now)
        self.coming.show_stop(coming or Stop(_("The end"), _("There is no further stop.")))

    def show_on(self, screen: QScreen | None) -> None:
        """Fill a screen, without taking the keyboard, or open before the window if there is no other screen."""
        self.hide()  # on Wayland, a window says its screen only when it is shown
        self.create()  # there is no handle before
        # Desktops keep a window before its parent, on the screen of that.
        parent = None if screen else self._window.windowHandle()
        self.windowHandle().setTransientParent(parent)  # type: ignore[arg-type]  # the stubs do not know of None
        if screen:
            self.setScreen(screen)
            self.setGeometry(screen.availableGeometry())
            # On Wayland, only a window that uses the whole screen can say which.
            (self.showFullScreen if QGuiApplication.platformName() == "wayland" else self.showMaximized)()
        else:
            self.showNormal()
            self.raise_()
            self.activateWindow()

    def showEvent(self, event: QShowEvent) -> None:
        """Let the clock go."""
        self.show_times()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the clock; the time is counted all the same."""
        self._timer.stop()


class _Part(QWidget):
    """A caption, and the heading and the whole text of a stop below it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.caption, self.heading, self.text = QLabel(name), QLabel(wordWrap=True), QLabel(wordWrap=True)
        self._name = name
        self.caption.setProperty("role", "caption")
        self.heading.setProperty("role", "title")
        for label in (self.heading, self.text):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(self.text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP // 2)
        column.addWidget(self.caption)
        column.addWidget(self.heading)
        column.addWidget(area, 1)

    def show_stop(self, stop: Stop) -> None:
        """Show a stop."""
        self.caption.setText(f"{self._name}  ·  {stop.count}" if stop.count else self._name)
        self.heading.setText(stop.heading)
        self.text.setText("\n\n".join(filter(None, (stop.text, stop.asked))))
