"""A pad to draw a picture on, and what the network makes of it."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QToolButton, QVBoxLayout, QWidget

from bpviz.core.data.split import Split
from bpviz.language import _
from bpviz.ui.pictures.pad import Pad
from bpviz.ui.pictures.sample_body import DrawingBody
from bpviz.ui.style.theme import GAP, Theme
from bpviz.ui.widgets.flow_layout import FlowLayout


class DrawPage(QWidget):
    """Holds the pad with its buttons, and the outputs for the drawing.

    Signals
    -------
    clear_wanted, copy_wanted, walk_wanted, return_wanted
        A button was clicked: for empty paper, for a copy of the chosen sample, for a walk through the network with the
        drawing, and for the training sample that was on screen before.
    target_changed
        Another class is meant.
    """

    clear_wanted = Signal()
    copy_wanted = Signal()
    walk_wanted = Signal()
    return_wanted = Signal()
    target_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.pad = Pad()
        self.body = DrawingBody(self.pad, _("the drawing"))
        self.target = QComboBox()
        self.target.setAccessibleName(_("The class that is meant"))
        self.target.setProperty("role", "flat")
        self.target.setToolTip(_("The class that you mean: loss, dL/dx and the walk are for this target"))
        self.clear = _button(_("Clear"), _("Take all ink away"))
        self.copy = _button(_("Copy sample"), _("Begin with the picture of the chosen training sample"))
        self.walk = _button(
            _("Step through it"),
            _("Show in Operations, Formula, Operands and Network how it passes through the network"),
        )
        self.back = _button(_("Back to training"), _("Show the training sample again that was on screen before"))
        controls = QWidget()
        flow = FlowLayout(controls, GAP // 2)
        for each in (self.target, self.clear, self.copy, self.walk, self.back):
            flow.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP // 2)
        column.addWidget(controls)
        column.addWidget(self.body, 1)
        self.show_walk(on=False)
        self._connect()

    def _connect(self) -> None:
        self.clear.clicked.connect(self.clear_wanted)
        self.copy.clicked.connect(self.copy_wanted)
        self.walk.clicked.connect(self.walk_wanted)
        self.back.clicked.connect(self.return_wanted)
        self.target.currentIndexChanged.connect(self._tell_target)

    @Slot()
    def _tell_target(self) -> None:
        self.target_changed.emit()

    def begin(self, split: Split) -> None:
        """Offer the classes of other data; a regression has none, and takes the targets of the chosen sample."""
        with QSignalBlocker(self.target):  # filling it would tell that another class is meant
            self.target.clear()
            self.target.addItems([_("Meant: {name}").format(name=name) for name in split.class_names])
        self.target.setVisible(split.is_classification)

    def show_walk(self, *, on: bool) -> None:
        """Offer the way back while the drawing is walked through, else the walk."""
        self.back.setVisible(on)
        self.walk.setVisible(not on)

    def restyle(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self.body.restyle(theme)


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setProperty("role", "flat")
    return button
