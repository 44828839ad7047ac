"""Numbers that somebody keeps an eye on: each with its value now and two small plots."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QWidget

from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.watches import MOST_WATCHES, Watch
from bpviz.session.engine.events import NetworkReady
from bpviz.ui.debugging.metric_editor import MetricEditor
from bpviz.ui.debugging.watch_table import EPOCHS, NOW, REMOVE, STEPS, WHAT, SparklinePainter, WatchTable
from bpviz.ui.style.theme import GAP
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.compact_editors import CompactSpinBox
from bpviz.ui.widgets.flow_layout import FlowLayout
from bpviz.ui.widgets.form_fields import sentence
from bpviz.ui.widgets.keyboard_table import KeyboardTable
from bpviz.ui.widgets.panel import Panel

_NONE_YET = "Nothing is watched yet. Choose a number below and press Return, or take one from Ready-made."
_COLUMNS = {NOW: "−1.23456e−88", REMOVE: "×"}


class PinEditor(QWidget):
    """Chooses a number, of one sample or of whichever is on the table."""

    def __init__(self, sizes: tuple[int, ...]) -> None:
        super().__init__()
        self.metric_editor = MetricEditor(sizes)
        self.sample = CompactSpinBox("Sample", "Of this training sample; any is the one on the table", "any")
        self.pin = QPushButton("Pin")
        self.pin.setToolTip("Watch this number  (Return)")
        end = QWidget()
        row = QHBoxLayout(end)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP // 2)
        for widget in (QLabel("of sample"), self.sample, self.pin):
            row.addWidget(widget)
        flow = FlowLayout(self, GAP // 2)
        flow.addWidget(self.metric_editor)
        flow.addWidget(end)

    def watch(self) -> Watch:
        """Return what is chosen."""
        return Watch(self.metric_editor.chosen_metric(), self.sample.number())

    def show_watch(self, watch: Watch) -> None:
        """Show a watch, to be varied."""
        self.metric_editor.show_metric(watch.metric)
        self.sample.show_number(watch.sample)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pin on Return, wherever it is pressed."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.pin.click()
        else:
            super().keyPressEvent(event)


class WatchPanel(Panel):
    """Lists what is watched over what pins more."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("watch", "Watch", model)
        self.ready_made = self.add_button("Ready-made", "Pin a number that is often wanted")
        self.log = self.add_toggle("Log", "Plot the logarithms of the sizes")
        self.table = WatchTable(model, self)
        self.view = KeyboardTable("Watched numbers", _NONE_YET, self.table)
        self.painter_ = SparklinePainter(self.table, model, self)
        self.editor = PinEditor(model.experiment.sizes)
        self._reason = QLabel(wordWrap=True)
        self._reason.setProperty("role", "problem")
        self._add_menu()
        self._add_body()
        self._connect()
        self._complain(None)

    # Building

    def _add_menu(self) -> None:
        self._menu = QMenu(self.ready_made)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._menu.triggered.connect(self._take)
        self.ready_made.setMenu(self._menu)
        self.ready_made.setText("Ready-made ▾")
        self.ready_made.setStyleSheet("QToolButton::menu-indicator { image: none }")
        self.ready_made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _add_body(self) -> None:
        self.view.set_columns(_COLUMNS, WHAT, STEPS, EPOCHS)
        self.view.set_lines(2)
        self.view.setMinimumHeight(64)
        for column in (STEPS, EPOCHS):
            self.view.setItemDelegateForColumn(column, self.painter_)
        self.layout_.addWidget(self.view, 1)
        self.layout_.addWidget(self.editor)
        self.layout_.addWidget(self._reason)

    def _connect(self) -> None:
        self.log.toggled.connect(self._set_log)
        self.view.removed.connect(self._remove)
        self.view.chosen.connect(self._vary)
        self.view.clicked.connect(self._clicked)
        self.editor.pin.clicked.connect(self._pin_chosen)
        self.editor.metric_editor.edited.connect(self._forgive)
        self.editor.sample.edited.connect(self._forgive)
        self.model.debugger.watches_changed.connect(self._refresh)
        self.model.debugger.watched.connect(self.table.touch)
        self.model.experiment_prepared.connect(self._begin)
        self.model.theme_changed.connect(self.table.touch)

    # What the model tells

    @Slot(object)
    def _begin(self, prepared: NetworkReady) -> None:
        self.editor.metric_editor.set_sizes(self.model.experiment.sizes)
        self.editor.sample.set_count(len(prepared.split.X_train))
        self.table.touch()

    @Slot()
    def _refresh(self) -> None:
        row = self.view.currentIndex().row()
        self.table.refresh()
        if row >= 0 and self.table.rowCount():
            self._make_current(min(row, self.table.rowCount() - 1))

    # What users do

    def pin(self, watch: Watch) -> None:
        """Watch a number from now on, or say why not."""
        present = self.model.debugger.watches
        if watch in present:
            self._make_current(present.index(watch))
            self._complain(f"this is watched already: {watch.describe()}")
        elif len(present) >= MOST_WATCHES:
            self._complain(f"{MOST_WATCHES} numbers are watched, and that is the most: remove one first")
        else:
            self._complain(None)
            self.model.debugger.set_watches((*present, watch))
            self._make_current(len(present))

    @Slot()
    def _fill_menu(self) -> None:
        """Offer what is often wanted of the present network and choice."""
        self._menu.clear()
        chosen, layers = self.model.selection, range(1, len(self.model.experiment.sizes))
        if chosen.layer is None:
            self._menu.addAction("delta of the chosen neuron (choose one first)").setEnabled(False)
        else:
            self._offer(Watch(Metric("delta", chosen.layer, neuron=chosen.neuron)), ", the chosen neuron")
        if chosen.sample is not None:
            self._offer(Watch(Metric("loss"), chosen.sample), ", the chosen sample")
        self._menu.addSeparator()
        for watch in (*(Watch(Metric("delta", layer, "rms")) for layer in layers), Watch(Metric("loss"))):
            self._offer(watch)

    def _offer(self, watch: Watch, remark: str = "") -> None:
        self._menu.addAction(f"{watch.describe()}{remark}").setData(watch)

    @Slot(QAction)
    def _take(self, action: QAction) -> None:
        self.pin(action.data())

    @Slot()
    def _pin_chosen(self) -> None:
        self.pin(self.editor.watch())

    @Slot(int)
    def _remove(self, row: int) -> None:
        kept = list(self.model.debugger.watches)
        del kept[row]
        self.model.debugger.set_watches(tuple(kept))

    @Slot(int)
    def _vary(self, row: int) -> None:
        self.editor.show_watch(self.model.debugger.watches[row])
        self.editor.metric_editor.quantity.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == REMOVE:
            self._remove(index.row())

    @Slot(bool)
    def _set_log(self, on: bool) -> None:
        self.painter_.log = on
        self.view.viewport().update()

    # Words

    def problem(self) -> str:
        """Return the sentence that is shown, empty for none."""
        return self._reason.text()

    @Slot()
    def _forgive(self) -> None:
        self._complain(None)

    def _complain(self, problem: str | None) -> None:
        self._reason.setText(sentence(problem))
        self._reason.setVisible(bool(problem))

    def _make_current(self, row: int) -> None:
        self.view.setCurrentIndex(self.table.index(row, WHAT))
