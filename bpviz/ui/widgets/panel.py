"""Base class of all panels: a title line with name, caption and controls, and a body below it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bpviz.ui.style.theme import GAP
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.layout_barrier import ElidedLabel, LayoutBarrier


class _TitleLine(QWidget):
    """Title bar of a dock; it ignores mouse events, so that dragging it moves the dock."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(GAP, 4, GAP, 4)
        self.row.setSpacing(GAP // 2)
        title = QLabel(name)
        title.setProperty("role", "title")
        self.caption = ElidedLabel()
        self.row.addWidget(title)
        self.row.addSpacing(GAP // 2)
        self.row.addWidget(self.caption, 1)


class Panel(QDockWidget):
    """A dock with a title line and a body.

    Parameters
    ----------
    key : str
        Object name, under which the layout is saved.
    name : str
        Title on screen.
    model : ViewModel
    """

    def __init__(self, key: str, name: str, model: ViewModel) -> None:
        super().__init__(name)
        # restoreState finds docks by their object name.
        self.setObjectName(key)
        self.model = model
        self._line = _TitleLine(name)
        self.setTitleBarWidget(self._line)
        self.body = QWidget()
        self.layout_ = QVBoxLayout(self.body)
        self.layout_.setContentsMargins(GAP, 0, GAP, GAP)
        self.layout_.setSpacing(GAP // 2)
        # Labels in the body change at every frame, which must not cause a new layout of the window each time.
        self.setWidget(LayoutBarrier(self.body))
        #: Whether the panel is visible: neither hidden nor behind another tab.
        self.is_seen = False
        # Emitted also when a dock goes behind another tab or comes to the front.
        self.visibilityChanged.connect(self._set_visibility)
        # Qt shows a dock of a tab group without raising it.
        self.toggleViewAction().triggered.connect(self._raise_if_shown)

    def catch_up(self) -> None:
        """Redraw what has changed while the panel was not visible; a hook for panels that draw only when visible."""

    def draw_in_turn(self, draw: Callable[[], None]) -> None:
        """Draw if the panel is visible: at once, or through the paint queue while training runs.

        The queue lets input events in between two panels, so that the window stays responsive.
        """
        if self.is_seen and self.model.is_running:
            self.model.paint_queue.take(draw)
        elif self.is_seen:
            draw()

    @Slot(bool)
    def _set_visibility(self, is_seen: bool) -> None:
        self.is_seen = is_seen
        if is_seen:
            self.catch_up()

    @Slot(bool)
    def _raise_if_shown(self, shown: bool) -> None:
        """Raise the panel above the other tabs when the user shows it from the menu."""
        if shown:
            self.raise_()

    def add_readout(self, readout: QLabel) -> QLabel:
        """Add a line of text between title and body, over the whole width."""
        readout.setProperty("role", "caption")
        readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.layout_.insertWidget(0, readout)
        return readout

    def add_side_by_side(self, *widgets: QWidget) -> None:
        """Add widgets side by side to the body; the first one stretches."""
        row = QHBoxLayout()
        row.setSpacing(GAP)
        for index, widget in enumerate(widgets):
            row.addWidget(widget, 1 if index == 0 else 0)
        self.layout_.addLayout(row, 1)

    def set_caption(self, text: str) -> None:
        """Set the caption next to the title."""
        self._line.caption.setText(text)

    def caption(self) -> str:
        """Return the caption next to the title."""
        return self._line.caption.text()

    def add_toggle(self, text: str, tip: str, *, on: bool = False) -> QToolButton:
        """Add a small checkable button at the right of the title line."""
        button = self.add_button(text, tip)
        button.setCheckable(True)
        button.setChecked(on)
        return button

    def add_button(self, text: str, tip: str) -> QToolButton:
        """Add a small button at the right of the title line."""
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setProperty("role", "flat")
        button.setObjectName(f"{self.objectName()}.{text.lower().replace(' ', '_')}")
        self._line.row.addWidget(button)
        return button

    def add_editor(self, editor: QWidget) -> None:
        """Add a small editor at the right of the title line."""
        self._line.row.addWidget(editor)

    def add_choice(self, texts: list[str], tip: str) -> QComboBox:
        """Add a small combo box at the right of the title line."""
        combo = QComboBox()
        combo.addItems(texts)
        combo.setToolTip(tip)
        combo.setAccessibleName(tip)
        combo.setProperty("role", "flat")
        # Named controls are saved in the settings, so the name must not depend on the current choice.
        combo.setObjectName(f"{self.objectName()}.{texts[0].lower()}")
        self._line.row.addWidget(combo)
        return combo


def empty_page(text: str) -> QLabel:
    """Return the page of a panel without data: a centred text that says what to do."""
    label = QLabel(text)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setProperty("role", "caption")
    return label


def stacked(*pages: QWidget) -> QStackedWidget:
    """Return a stack of pages that shows the first one."""
    stack = QStackedWidget()
    for page in pages:
        stack.addWidget(page)
    return stack
