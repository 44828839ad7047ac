"""Base class of all panels: the contents of a dock, with a title line for name, caption and controls."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QHideEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bpviz.language import _
from bpviz.session.conventions.relation import marks
from bpviz.session.engine.events import NetworkReady
from bpviz.session.sharing.numbers import Numbers
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.style.theme import GAP, Theme
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.array_table import numbers_in
from bpviz.ui.widgets.compact_editors import offer
from bpviz.ui.widgets.layout_barrier import ElidedLabel


class TitleLine(QWidget):
    """Title bar of a dock; it ignores most mouse events, so that dragging it moves the dock.

    Signals
    -------
    double_clicked
    help_wanted
        The button with the question mark was clicked.
    menu_wanted : QPoint
        The context menu was asked for at a point of the screen.
    """

    double_clicked = Signal()
    help_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, name: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, 4, GAP, 4)
        row.setSpacing(GAP // 2)
        title = QLabel(name)
        title.setProperty("role", "title")
        self.name, self.caption = name, ElidedLabel()
        self.help = QToolButton()
        self.help.setText("?")
        self.help.setToolTip(_("What am I looking at?"))
        self.help.setAccessibleName(_("Help on {name}").format(name=name))
        self.help.setProperty("role", "tiny")
        self.help.clicked.connect(self.help_wanted)
        row.addWidget(title)
        row.addWidget(self.help)
        row.addSpacing(GAP // 2)
        row.addWidget(self.caption, 1)
        hidden = self.caption.sizePolicy()
        hidden.setRetainSizeWhenHidden(True)  # the controls stay at the right
        self.caption.setSizePolicy(hidden)
        self.mark = QLabel()
        self.mark.setProperty("role", "caption")
        self.mark.hide()
        row.addWidget(self.mark)
        self._controls = QWidget()
        self._controls_row = QHBoxLayout(self._controls)
        self._controls_row.setContentsMargins(0, 0, 0, 0)
        self._controls_row.setSpacing(GAP // 2)
        row.addWidget(self._controls)

    def show_mark(self, text: str, tip: str) -> None:
        """Show a short remark before the controls; "" for none."""
        self.mark.setText(text)
        self.mark.setToolTip(tip)
        self.mark.setVisible(bool(text))

    def add_control(self, control: QWidget) -> None:
        """Add a small control at the right."""
        self._controls_row.addWidget(control)

    def show_controls(self, shown: bool) -> None:
        """Show or hide all controls."""
        self._controls.setVisible(shown)
        self.help.setVisible(shown)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Emit `double_clicked`, in place of letting the dock float."""
        self.double_clicked.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Emit `menu_wanted`."""
        self.menu_wanted.emit(event.globalPos())


class Panel(QWidget):
    """The contents of a dock, and the title line that the dock shows above them.

    Parameters
    ----------
    key : str
        Object name, under which the choices of the panel are saved.
    name : str
        Title on screen.
    model : ViewModel

    Signals
    -------
    seen_changed : bool
        The panel has become visible, or is no longer visible.
    needed_in_front
        The panel should be shown, before the other tabs of its place.
    other_wanted : str
        The panel of this key should be shown so; after a space may stand the layer that it should show.
    completed
        `is_complete` may have become true.
    """

    seen_changed = Signal(bool)
    needed_in_front = Signal()
    other_wanted = Signal(str)
    completed = Signal()

    def __init__(self, key: str, name: str, model: ViewModel) -> None:
        super().__init__()
        self.setObjectName(key)
        self.model = model
        self.title_line = TitleLine(name)
        self.layout_ = QVBoxLayout(self)
        self.layout_.setContentsMargins(GAP, 0, GAP, GAP)
        self.layout_.setSpacing(GAP // 2)
        #: Whether the panel is visible: neither hidden nor behind another tab.
        self.is_seen = False
        model.theme_changed.connect(self._show_controls)
        self._show_controls(model.theme)
        model.experiment_prepared.connect(self.begin)
        model.drawing.samples_changed.connect(self.take_samples)
        model.current_update_changed.connect(self.show_update)
        model.selection_changed.connect(self.select)

    # Hooks

    @Slot(object)
    def begin(self, prepared: NetworkReady) -> None:
        """Show another network."""

    @Slot(object)
    def take_samples(self, prepared: NetworkReady) -> None:
        """Show the same network with other samples, since points were drawn or erased."""
        self.begin(prepared)

    @Slot(object)
    def show_update(self, update: TracedUpdate) -> None:
        """Show another update, or the same one with other operations done."""

    @Slot(object)
    def select(self, selection: Selection) -> None:
        """Mark the selected sample and neuron."""

    def show_layer(self, layer: int) -> None:
        """Show a layer, 0 for the input, for panels that show one at a time."""

    def shown_numbers(self) -> Numbers | None:
        """Return the numbers that the panel shows, by default the rows of its table; None if it shows none."""
        return numbers_in(self)

    def catch_up(self) -> None:
        """Redraw what has changed while the panel was not visible, for panels that draw only when visible."""

    @property
    def is_complete(self) -> bool:
        """Whether nothing that the panel asked the session for is still to come; true where it is not visible."""
        return True

    def prepare_for_picture(self) -> None:
        """Leave out what only a user needs, and ask the session for what a button would ask for."""

    def show_mark(self) -> None:
        """Let the title say where the panel does not follow the conventions that are chosen."""
        applying = self.model.conventions.applying(self.model.experiment)
        self.title_line.show_mark(*marks(self.objectName(), applying))

    @Slot(object)
    def _show_controls(self, theme: Theme) -> None:
        """Leave the controls out in a lecture, which has no room for them."""
        self.title_line.show_controls(not theme.is_for_lecture)

    # Visibility

    def take_over(self) -> None:
        """Show what the model already holds: the panel may have been made after it."""
        if self.model.prepared is not None:
            self.begin(self.model.prepared)
            if self.model.current_update is not None:
                self.show_update(self.model.current_update)
            self.select(self.model.selection)

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what has changed while the panel was hidden."""
        self.set_seen(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop drawing."""
        self.set_seen(False)

    @Slot(bool)
    def set_seen(self, is_seen: bool) -> None:
        """Note whether the panel is visible; Qt shows also the widgets of docks that are behind another tab."""
        if is_seen != self.is_seen:
            self.is_seen = is_seen
            self.seen_changed.emit(is_seen)
            if is_seen:
                self.catch_up()

    def draw_in_turn(self, draw: Callable[[], None]) -> None:
        """Draw if the panel is visible: at once, or through the paint queue while training runs.

        The queue lets input events in between two panels, so that the window stays responsive.
        """
        if self.is_seen and (self.model.is_running or self.model.paint_queue.is_for_all):
            self.model.paint_queue.take(draw)
        elif self.is_seen:
            draw()

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
        self.title_line.caption.setText(text)

    def caption(self) -> str:
        """Return the caption next to the title."""
        return self.title_line.caption.text()

    def add_toggle(self, text: str, tip: str, *, on: bool = False) -> QToolButton:
        """Add a small checkable button at the right of the title line; see `add_button`."""
        button = self.add_button(text, tip)
        button.setCheckable(True)
        button.setChecked(on)
        return button

    def add_button(self, text: str, tip: str) -> QToolButton:
        """Add a small button at the right of the title line; it is named after its text, which is translated here."""
        button = QToolButton()
        button.setText(_(text))
        button.setToolTip(tip)
        button.setProperty("role", "flat")
        button.setObjectName(f"{self.objectName()}.{text.lower().replace(' ', '_')}")
        self.title_line.add_control(button)
        return button

    def add_editor(self, editor: QWidget) -> None:
        """Add a small editor at the right of the title line."""
        self.title_line.add_control(editor)

    def add_choice(self, texts: list[str], tip: str) -> QComboBox:
        """Add a small combo box at the right of the title line; its items have the texts as data."""
        combo = QComboBox()
        offer(combo, texts)
        combo.setToolTip(tip)
        combo.setAccessibleName(tip)
        combo.setProperty("role", "flat")
        # Named controls are saved in the settings, so the name must not depend on the current choice.
        combo.setObjectName(f"{self.objectName()}.{texts[0].lower()}")
        self.title_line.add_control(combo)
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
