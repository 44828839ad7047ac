"""A dock that makes its panel when it is first seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QDockWidget, QLabel

from bpviz.language import _
from bpviz.ui.view_model.paint_queue import PaintQueue
from bpviz.ui.widgets.layout_barrier import LayoutBarrier
from bpviz.ui.widgets.panel import Panel, TitleLine

P_co = TypeVar("P_co", bound=Panel, covariant=True)


class PanelDock(QDockWidget, Generic[P_co]):
    """A dock for one panel, which costs nothing before somebody looks at it.

    Parameters
    ----------
    key : str
        Object name, under which the layout is saved.
    name : str
        Title on screen, which is looked up in the catalogue.
    make : callable
        Makes the panel, with the view model as it is by then.
    queue : PaintQueue
        In which the panel is made when the dock is seen.

    Signals
    -------
    made : PanelDock
        The panel of this dock has been made.
    fill_wanted : PanelDock
        The user wants the panel to fill the window, or no longer to.
    help_wanted : str
        The user asks what the panel shows; its key.
    menu_wanted : PanelDock, QPoint
        The user asks for the menu of the panel at a point of the screen.
    """

    made = Signal(object)
    fill_wanted = Signal(object)
    help_wanted = Signal(str)
    menu_wanted = Signal(object, object)

    def __init__(self, key: str, name: str, make: Callable[[], P_co], queue: PaintQueue) -> None:
        super().__init__(_(name))
        # restoreState finds docks by their object name.
        self.setObjectName(key)
        self._cover: QLabel | None = None
        self._set_title_line(TitleLine(_(name)))
        self._make, self._queue = make, queue
        self._panel: P_co | None = None
        self._is_in_front = False
        self._barrier: LayoutBarrier | None = None
        # Emitted also when a dock goes behind another tab or comes to the front.
        self.visibilityChanged.connect(self._set_visibility)
        # Qt shows a dock of a tab group without raising it.
        self.toggleViewAction().triggered.connect(self._raise_if_shown)

    @property
    def panel(self) -> P_co:
        """The panel; it is made if nobody has seen it yet."""
        return self._panel or self._make_panel()

    @property
    def is_made(self) -> bool:
        """Whether there is a panel."""
        return self._panel is not None

    @property
    def is_seen(self) -> bool:
        """Whether the panel is visible: neither hidden nor behind another tab."""
        return self._panel is not None and self._panel.is_seen

    def _make_panel(self) -> P_co:
        self._panel = panel = self._make()
        plain = self.titleBarWidget()
        self._set_title_line(panel.title_line)
        plain.deleteLater()
        # Labels in a panel change at every frame, which must not cause a new layout of the window each time.
        self._barrier = LayoutBarrier(panel)
        panel.needed_in_front.connect(self.bring_to_front)
        panel.title_line.double_clicked.connect(self._want_fill)
        panel.take_over()
        # Shows the panel if the dock is visible, so it must have its contents.
        if self._cover is None:
            self.setWidget(self._barrier)
        self.made.emit(self)
        return panel

    def _set_title_line(self, line: TitleLine) -> None:
        self._line = line
        self.setTitleBarWidget(line)
        line.help_wanted.connect(self._ask_for_help)
        line.menu_wanted.connect(self._ask_for_menu)
        line.caption.setVisible(self._cover is None)

    def cover(self, words: str) -> None:
        """Show only these words in place of the panel, which is not visible meanwhile; "" shows the panel again."""
        before, self._cover = self._cover, _cover(words) if words else None
        if shown := self._cover or (self._barrier if before else None):
            self.setWidget(shown)
            shown.show()
        if before:
            before.deleteLater()
        if self._barrier and self._barrier is not self.widget():
            self._barrier.hide()
        self._line.caption.setVisible(not words)

    @property
    def is_covered(self) -> bool:
        """Whether words stand in place of the panel."""
        return self._cover is not None

    @Slot()
    def _ask_for_help(self) -> None:
        self.help_wanted.emit(self.objectName())

    @Slot(QPoint)
    def _ask_for_menu(self, place: QPoint) -> None:
        self.menu_wanted.emit(self, place)

    @Slot()
    def bring_to_front(self) -> None:
        """Show the dock, before the other tabs of its place."""
        self.show()
        self.raise_()

    @Slot()
    def _want_fill(self) -> None:
        self.fill_wanted.emit(self)

    @Slot(bool)
    def _set_visibility(self, is_seen: bool) -> None:
        self._is_in_front = is_seen
        if self._panel is not None:
            self._panel.set_seen(is_seen)
        elif is_seen:
            # One in each turn of the event loop: the window is painted before all of its panels are there.
            self._queue.take(self._make_if_missing)

    def _make_if_missing(self) -> None:
        # While docks are arranged each of a group of tabs is in front for a moment.
        if self._is_in_front and self._panel is None:
            self._make_panel()
            self._queue.rest()

    @Slot(bool)
    def _raise_if_shown(self, shown: bool) -> None:
        """Raise the dock above the other tabs when the user shows it from the menu."""
        if shown:
            self.raise_()


def _cover(words: str) -> QLabel:
    label = QLabel(words, wordWrap=True)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setProperty("role", "title")
    return label
