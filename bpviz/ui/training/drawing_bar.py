"""The bar over the surface with which points are drawn: class or target, tool, and what the tool needs."""

from __future__ import annotations

import enum

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QButtonGroup, QDoubleSpinBox, QLabel, QSpinBox, QToolButton, QWidget

from bpviz.core.data.split import Split
from bpviz.language import N_, _
from bpviz.session.frames.class_colours import CLASSES
from bpviz.ui.style import formats
from bpviz.ui.style.theme import GAP
from bpviz.ui.widgets.flow_layout import FlowLayout

_SWATCH, _LONGEST = 12, 16
_NOTHING, _USUAL = N_("no points"), N_("from epoch 999")


class Tool(enum.Enum):
    """What a drag or a click on the surface does."""

    BRUSH = N_("Brush")
    SCATTER = N_("Scatter")
    POINT = N_("Point")
    ERASER = N_("Eraser")


_TIPS = {
    Tool.BRUSH: N_("Drag: leave points at even distances  (B)"),
    Tool.SCATTER: N_("Drag: scatter points around the pointer, normally distributed  (S)"),
    Tool.POINT: N_("Click: draw one point  (P)"),
    Tool.ERASER: N_("Drag: erase the training and test points under the circle  (E)"),
}
#: The size in pixels of each tool that has one: what it is called, and its first value.
_SIZES = {
    Tool.BRUSH: (N_("Distance between points"), 16),
    Tool.SCATTER: (N_("Radius within which most points fall"), 24),
    Tool.ERASER: (N_("Radius"), 20),
}
_KEYS = {Qt.Key.Key_B: Tool.BRUSH, Qt.Key.Key_S: Tool.SCATTER, Qt.Key.Key_P: Tool.POINT, Qt.Key.Key_E: Tool.ERASER}


class DrawingBar(QWidget):
    """Holds the choices of the user; hidden while nothing is drawn.

    Signals
    -------
    changed
        Another tool or size was chosen.
    clear_wanted
        All points should be erased.
    """

    changed = Signal()
    clear_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Drawing tools"))
        self._flow = FlowLayout(self, GAP // 2)
        self._class_group, self._tool_group = QButtonGroup(self), QButtonGroup(self)
        self.classes: list[QToolButton] = []
        self._names: tuple[str, ...] = ()
        self.target, self.reach, self.rate = QDoubleSpinBox(), QSpinBox(), QSpinBox()
        self.hint = QLabel(_("target: the height of the pointer"))
        self.hint.setProperty("role", "caption")
        self.note = _Note()
        self.tools = {tool: self._tool_button(tool) for tool in Tool}
        self.test, self.clear = _button(_("As test □")), _button(_("Clear all"))
        self._sizes = {tool: first for tool, (_name, first) in _SIZES.items()}
        self._add_all()
        self._tool_group.buttonClicked.connect(self._show_tool)
        self.reach.valueChanged.connect(self._keep_size)
        self.clear.clicked.connect(self.clear_wanted)
        self.tools[Tool.BRUSH].setChecked(True)
        self._show_tool()

    def _tool_button(self, tool: Tool) -> QToolButton:
        button = _button(_(tool.value), _(_TIPS[tool]), checkable=True)
        self._tool_group.addButton(button)
        return button

    def _add_all(self) -> None:
        self.test.setCheckable(True)
        self.test.setToolTip(_("Draw test points □, which are not trained on, in place of training points ●  (T)"))
        self.clear.setToolTip(_("Erase all training and test points; Undo brings them back"))
        self.reach.setRange(2, 200)
        self.reach.setSuffix(_(" px"))
        self.rate.setRange(1, 50)
        self.rate.setValue(3)
        self.rate.setPrefix("× ")
        self.rate.setToolTip(_("Points that are scattered at a time"))
        self.target.setToolTip(_("Target of the points that are drawn"))
        for editor, name in ((self.reach, _("Size")), (self.rate, _("Points at a time")), (self.target, _("Target"))):
            editor.setAccessibleName(name)
            editor.setProperty("role", "flat")
        self.target.setPrefix(_("target "))
        self._fill()

    def _fill(self) -> None:
        """Put all widgets in their order into the layout, where they may be already."""
        while self._flow.takeAt(0):
            pass
        targets, sizes = (self.target, self.hint), (self.reach, self.rate)
        for widget in (*self.classes, *targets, *self.tools.values(), *sizes, self.test, self.clear, self.note):
            self._flow.addWidget(widget)

    # What is drawn

    def begin(self, split: Split) -> None:
        """Offer the classes or targets of other samples."""
        names = tuple(split.class_title(number) for number in range(split.n_classes)) if split.is_classification else ()
        if names != self._names:
            self._names = names
            self._offer_classes(names)
        has_field = not split.is_classification and split.n_inputs == 2
        self.target.setVisible(has_field)
        self.hint.setVisible(not split.is_classification and split.n_inputs == 1)
        if has_field:
            self._offer_targets(split)

    def _offer_classes(self, names: tuple[str, ...]) -> None:
        for button in self.classes:
            self._class_group.removeButton(button)
            button.hide()
            button.deleteLater()
        self.classes = [_class_button(number, name) for number, name in enumerate(names)]
        for number, button in enumerate(self.classes):
            self._class_group.addButton(button, number)
        self._fill()
        if self.classes:
            self.classes[0].setChecked(True)

    def _offer_targets(self, split: Split) -> None:
        """Offer targets in their original units, from the least to the largest and as far again on either side."""
        values = split.target_scaling.undo(split.y_train)[:, 0]
        low, high = float(values.min()), float(values.max())
        span = max(high - low, 1.0)
        if not low - span <= self.target.value() <= high + span or self.target.maximum() != high + span:
            before = self.target.value()
            self.target.setRange(low - span, high + span)
            self.target.setSingleStep(span / 20)
            self.target.setValue(before if low <= before <= high else (low + high) / 2)

    def show_waiting(self, holds_from: int | None, n_training: int) -> None:
        """Say from which epoch on the points that were drawn are trained on, and that there are none if so."""
        if not n_training:
            self.note.setText(_(_NOTHING))
            self.note.setToolTip(_("Until points are drawn, training goes on with those before"))
        elif holds_from is None:
            self.note.setText("")
            self.note.setToolTip("")
        else:
            self.note.setText(_("from epoch {count}").format(count=formats.count(holds_from)))
            self.note.setToolTip(_("An epoch is trained on the same points from its beginning to its end"))

    @property
    def tool(self) -> Tool:
        """The tool that was chosen."""
        return next(tool for tool, button in self.tools.items() if button.isChecked())

    @property
    def class_number(self) -> int:
        """The class that was chosen; 0 for a regression."""
        return max(self._class_group.checkedId(), 0)

    def take_key(self, key: int) -> bool:
        """Choose a class by its number, counted from 1, or a tool by its letter; return whether it was one."""
        number = key - Qt.Key.Key_1
        if 0 <= number < len(self.classes):
            self.classes[number].setChecked(True)
            if self.tool is Tool.ERASER:  # who chooses a class wants to draw
                self._choose(Tool.BRUSH)
        elif key == Qt.Key.Key_T:
            self.test.toggle()
        elif (tool := next((each for code, each in _KEYS.items() if code == key), None)) is not None:
            self._choose(tool)
        else:
            return False
        return True

    def _choose(self, tool: Tool) -> None:
        self.tools[tool].setChecked(True)
        self._show_tool()

    @Slot()
    def _show_tool(self) -> None:
        """Show the size of the tool that was chosen, and what else it needs."""
        tool = self.tool
        self.reach.setVisible(tool in _SIZES)
        self.rate.setVisible(tool is Tool.SCATTER)
        if tool in _SIZES:
            self.reach.setToolTip(_("{sizes} in pixels of the screen").format(sizes=_SIZES[tool][0]))
            self.reach.setValue(self._sizes[tool])
        self.changed.emit()

    @Slot(int)
    def _keep_size(self, value: int) -> None:
        self._sizes[self.tool] = value
        self.changed.emit()


class _Note(QLabel):
    """A caption that is always as wide as a usual text, so that nothing moves while it comes and goes."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "caption")

    def sizeHint(self) -> QSize:
        """Return the size of the text, and at least that of a usual one."""
        widths = (self.fontMetrics().horizontalAdvance(text) for text in (self.text(), _(_USUAL)))
        return QSize(max(widths) + GAP // 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return `sizeHint`."""
        return self.sizeHint()


def _button(text: str, tip: str = "", *, checkable: bool = False) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setCheckable(checkable)
    button.setProperty("role", "flat")
    return button


def _class_button(number: int, name: str) -> QToolButton:
    short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
    button = _button(short, _("Draw points of {name}  ({number})").format(name=name, number=number + 1), checkable=True)
    button.setIcon(_swatch(CLASSES[number]))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button


def _swatch(colour: str) -> QIcon:
    picture = QPixmap(_SWATCH, _SWATCH)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(1, 1, _SWATCH - 2, _SWATCH - 2)
    painter.end()
    return QIcon(picture)
