"""What all panels share: one title line with name, caption and a few controls, and a body under it."""

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
    """The title bar of a dock: dragging it moves the panel, since it takes no mouse events of its own."""

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
        What the layout is remembered by.
    name : str
        What people read.
    model : ViewModel
    """

    def __init__(self, key: str, name: str, model: ViewModel) -> None:
        super().__init__(name)
        self.setObjectName(key)
        self.model = model
        self._line = _TitleLine(name)
        self.setTitleBarWidget(self._line)
        self.body = QWidget()
        self.layout_ = QVBoxLayout(self.body)
        self.layout_.setContentsMargins(GAP, 0, GAP, GAP)
        self.layout_.setSpacing(GAP // 2)
        self.setWidget(LayoutBarrier(self.body))
        #: Whether anybody can see it: it is neither hidden nor behind a tab.
        self.is_seen = False
        self.visibilityChanged.connect(self._change_sight)
        self.toggleViewAction().triggered.connect(self._come_forward)

    def catch_up(self) -> None:
        """Draw what was not drawn while nobody could see it; for panels that spare themselves the work."""

    def draw_in_turn(self, draw: Callable[[], None]) -> None:
        """Draw what somebody can see: now or, while training runs, when it is this one's turn."""
        if self.is_seen and self.model.is_running:
            self.model.paint_queue.take(draw)
        elif self.is_seen:
            draw()

    @Slot(bool)
    def _change_sight(self, is_seen: bool) -> None:
        self.is_seen = is_seen
        if is_seen:
            self.catch_up()

    @Slot(bool)
    def _come_forward(self, shown: bool) -> None:
        """Be on top of the tabs when somebody asks for this panel."""
        if shown:
            self.raise_()

    def add_readout(self, readout: QLabel) -> QLabel:
        """Add a line of numbers between title and body, where they have the whole width."""
        readout.setProperty("role", "caption")
        readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.layout_.insertWidget(0, readout)
        return readout

    def beside(self, *widgets: QWidget) -> None:
        """Fill the body with widgets side by side; the first takes the room."""
        row = QHBoxLayout()
        row.setSpacing(GAP)
        for index, widget in enumerate(widgets):
            row.addWidget(widget, 1 if index == 0 else 0)
        self.layout_.addLayout(row, 1)

    def set_caption(self, text: str) -> None:
        """Say beside the name what is shown."""
        self._line.caption.setText(text)

    def caption(self) -> str:
        """Return what is said beside the name."""
        return self._line.caption.text()

    def add_toggle(self, text: str, tip: str, *, on: bool = False) -> QToolButton:
        """Add a small switch at the right of the title line."""
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

    def add_choice(self, texts: list[str], tip: str) -> QComboBox:
        """Add a small choice at the right of the title line."""
        combo = QComboBox()
        combo.addItems(texts)
        combo.setToolTip(tip)
        combo.setAccessibleName(tip)
        combo.setProperty("role", "flat")
        combo.setObjectName(f"{self.objectName()}.{texts[0].lower()}")
        self._line.row.addWidget(combo)
        return combo


def empty_page(text: str) -> QLabel:
    """Return what stands in the middle of a panel while it has nothing to show: what to do."""
    label = QLabel(text)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setProperty("role", "caption")
    return label


def stacked(*pages: QWidget) -> QStackedWidget:
    """Return pages of which one is seen at a time, the first to begin with."""
    stack = QStackedWidget()
    for page in pages:
        stack.addWidget(page)
    return stack
