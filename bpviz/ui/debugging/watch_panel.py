"""The watch panel: metrics to observe, each with its current value and two sparklines."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QWidget

from bpviz.core.metrics.metric import Metric
from bpviz.language import N_, _
from bpviz.session.debugging.watches import MOST_WATCHES, Watch
from bpviz.session.engine.events import NetworkReady
from bpviz.ui.debugging.watch_table import EPOCHS, NOW, REMOVE, STEPS, WHAT, SparklinePainter, WatchTable
from bpviz.ui.style.theme import GAP
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.compact_editors import CompactSpinBox
from bpviz.ui.widgets.editors.metric_editor import MetricEditor
from bpviz.ui.widgets.flow_layout import FlowLayout
from bpviz.ui.widgets.form_fields import sentence
from bpviz.ui.widgets.keyboard_table import KeyboardTable
from bpviz.ui.widgets.panel import Panel

_NONE_YET = N_("No watches yet. Choose a metric below and press Return, or choose a ready-made one.")
_COLUMNS = {NOW: "−1.23456e−88", REMOVE: "×"}


class PinEditor(QWidget):
    """Editor for a watch: a metric, of one sample or of the current one."""

    def __init__(self, sizes: tuple[int, ...]) -> None:
        super().__init__()
        self.metric_editor = MetricEditor(sizes)
        self.sample = CompactSpinBox(_("Sample"), _("Number of a training sample; “any” is the current one"), _("any"))
        self.pin = QPushButton(_("Pin"))
        self.pin.setToolTip(_("Watch this metric  (Return)"))
        end = QWidget()
        row = QHBoxLayout(end)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP // 2)
        for widget in (QLabel(_("of sample")), self.sample, self.pin):
            row.addWidget(widget)
        flow = FlowLayout(self, GAP // 2)
        flow.addWidget(self.metric_editor)
        flow.addWidget(end)

    def watch(self) -> Watch:
        """Return the watch."""
        return Watch(self.metric_editor.chosen_metric(), self.sample.number())

    def show_watch(self, watch: Watch) -> None:
        """Show a watch for editing."""
        self.metric_editor.show_metric(watch.metric)
        self.sample.show_number(watch.sample)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Add the watch on Return."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.pin.click()
        else:
            super().keyPressEvent(event)


class WatchPanel(Panel):
    """Shows the watches with an editor for new ones below them."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("watch", _("Watch"), model)
        self.ready_made = self.add_button(N_("Ready-made"), _("Watch a common metric"))
        self.log = self.add_toggle(N_("Log"), _("Plot logarithms of the magnitudes"))
        self.table = WatchTable(model, self)
        self.view = KeyboardTable(_("Watches"), _(_NONE_YET), self.table)
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
        # Its entries depend on the network and the selection, so it is filled each time it opens.
        self._menu.aboutToShow.connect(self._fill_menu)
        self._menu.triggered.connect(self._add_ready_made)
        self.ready_made.setMenu(self._menu)
        self.ready_made.setText(_("Ready-made ▾"))
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
        self.view.chosen.connect(self._edit_copy)
        self.view.clicked.connect(self._clicked)
        self.editor.pin.clicked.connect(self._pin_chosen)
        self.editor.metric_editor.edited.connect(self._clear_problem)
        self.editor.sample.edited.connect(self._clear_problem)
        self.model.debugger.watches_changed.connect(self._refresh)
        self.model.debugger.watched.connect(self.table.touch)
        self.model.theme_changed.connect(self.table.touch)

    def prepare_for_picture(self) -> None:
        """Leave out the editor, and the column that removes a watch."""
        self.editor.hide()
        self.view.hideColumn(REMOVE)

    # Model signals

    @Slot(object)
    def begin(self, prepared: NetworkReady) -> None:
        """Show another network."""
        self.editor.metric_editor.set_sizes(self.model.experiment.sizes)
        self.editor.metric_editor.set_task(is_classification=prepared.split.is_classification)
        self.editor.sample.set_count(len(prepared.split.X_train))
        self.table.touch()

    @Slot(object)
    def take_samples(self, prepared: NetworkReady) -> None:
        """Allow the numbers of other samples."""
        self.editor.sample.set_count(len(prepared.split.X_train))
        self.table.touch()

    @Slot()
    def _refresh(self) -> None:
        row = self.view.currentIndex().row()
        self.table.refresh()
        if row >= 0 and self.table.rowCount():
            self._make_current(min(row, self.table.rowCount() - 1))

    # User actions

    def pin(self, watch: Watch) -> None:
        """Add a watch, or show why it cannot be added."""
        present = self.model.debugger.watches
        if watch in present:
            self._make_current(present.index(watch))
            self._complain(_("this is already watched: {watch}").format(watch=watch.describe()))
        elif len(present) >= MOST_WATCHES:
            self._complain(_("the limit is {most_watches} watches: remove one first").format(most_watches=MOST_WATCHES))
        else:
            self._complain(None)
            self.model.debugger.set_watches((*present, watch))
            self._make_current(len(present))

    @Slot()
    def _fill_menu(self) -> None:
        """Fill the menu with common watches of the current network and selection."""
        self._menu.clear()
        chosen, layers = self.model.selection, range(1, len(self.model.experiment.sizes))
        if chosen.layer is None:
            self._menu.addAction(_("delta of the selected neuron (select one first)")).setEnabled(False)
        else:
            self._offer(Watch(Metric("delta", chosen.layer, neuron=chosen.neuron)), _(", the selected neuron"))
        if chosen.sample is not None:
            self._offer(Watch(Metric("loss"), chosen.sample), _(", the selected sample"))
        self._menu.addSeparator()
        for watch in (*(Watch(Metric("delta", layer, "rms")) for layer in layers), Watch(Metric("loss"))):
            self._offer(watch)

    def _offer(self, watch: Watch, remark: str = "") -> None:
        self._menu.addAction(f"{watch.describe()}{remark}").setData(watch)

    @Slot(QAction)
    def _add_ready_made(self, action: QAction) -> None:
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
    def _edit_copy(self, row: int) -> None:
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

    # Error message

    def problem(self) -> str:
        """Return the error message, or ""."""
        return self._reason.text()

    @Slot()
    def _clear_problem(self) -> None:
        self._complain(None)

    def _complain(self, problem: str | None) -> None:
        self._reason.setText(sentence(problem))
        self._reason.setVisible(bool(problem))

    def _make_current(self, row: int) -> None:
        self.view.setCurrentIndex(self.table.index(row, WHAT))
