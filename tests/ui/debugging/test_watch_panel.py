"""The watch panel."""

import dataclasses
import math
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QSpinBox

from bpviz.core.metrics.metric import QUANTITIES, Metric
from bpviz.session.debugging.watches import MOST_WATCHES, Watch, Watched
from bpviz.session.engine.commands import SetWatches
from bpviz.session.engine.events import EpochsDone
from bpviz.session.experiment.presets import load_preset
from bpviz.session.training.position import Position
from bpviz.ui.debugging.watch_panel import WatchPanel
from bpviz.ui.debugging.watch_table import EPOCHS, NOW, REMOVE, STEPS, WHAT
from tests.session.helpers import SMALL, epoch_record
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint, press

LOSS, WEIGHT = Watch(Metric("loss"), 12), Watch(Metric("W", 2, neuron=2, source=3))
RMS, DEEP = Watch(Metric("delta", 1, "rms")), Watch(Metric("delta", 3, neuron=1))
SHALLOW = dataclasses.replace(SMALL, hidden=(4,), activations=("sigmoid", "sigmoid"))


@pytest.fixture
def panel(stage: Stage, show: Show) -> WatchPanel:
    made = WatchPanel(stage.model)
    show(made, 460, 300)
    made.activateWindow()
    stage.prepare()
    return made


def watches(panel: WatchPanel) -> tuple[Watch, ...]:
    return panel.model.debugger.watches


def text(panel: WatchPanel, row: int, column: int) -> object:
    return panel.table.data(panel.table.index(row, column))


def offered(panel: WatchPanel) -> dict[str, Watch | None]:
    menu = panel.ready_made.menu()
    menu.aboutToShow.emit()
    return {action.text(): action.data() for action in menu.actions() if not action.isSeparator()}


def take(panel: WatchPanel, words: str) -> None:
    offered(panel)
    (action,) = [action for action in panel.ready_made.menu().actions() if action.text() == words]
    action.trigger()


# Adding watches


def test_a_watch_is_added_with_the_keyboard_alone(panel: WatchPanel, stage: Stage) -> None:
    metric = panel.editor.metric_editor
    metric.quantity.setFocus()
    QTest.keyClicks(metric.quantity, "loss")
    press(metric.quantity, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is panel.editor.sample
    QTest.keyClicks(panel.editor.sample, "12")
    press(panel.editor.sample, Qt.Key.Key_Return)
    assert watches(panel) == (LOSS,)
    assert stage.commands.of(SetWatches) == [(LOSS,)]


@pytest.mark.parametrize("watch", [LOSS, WEIGHT, RMS, DEEP, Watch(Metric("saturated", 2), 0)])
def test_the_editor_returns_the_watch_it_shows(panel: WatchPanel, watch: Watch) -> None:
    panel.editor.show_watch(watch)
    click(panel.editor.pin)
    assert watches(panel) == (watch,)


def test_only_samples_of_the_training_set_are_offered(panel: WatchPanel, stage: Stage) -> None:
    prepared = stage.model.prepared
    assert prepared is not None
    assert panel.editor.sample.maximum() == len(prepared.split.X_train) - 1


def test_the_selected_neuron_and_sample_are_ready_made(panel: WatchPanel, stage: Stage) -> None:
    assert offered(panel)["delta of the selected neuron (select one first)"] is None
    stage.model.select(sample=12, layer=3, neuron=1)
    take(panel, "delta[3][1], the selected neuron")
    take(panel, "loss of sample 12, the selected sample")
    assert watches(panel) == (DEEP, LOSS)


def test_the_rms_delta_of_every_layer_is_ready_made(panel: WatchPanel, stage: Stage) -> None:
    assert [words for words in offered(panel) if words.startswith("RMS")] == [
        f"RMS delta of layer {layer}" for layer in (1, 2, 3)
    ]
    stage.prepare(SHALLOW)
    take(panel, "RMS delta of layer 1")
    assert watches(panel) == (RMS,)
    assert "RMS delta of layer 3" not in offered(panel)


def test_a_metric_is_watched_once(panel: WatchPanel) -> None:
    panel.pin(RMS)
    panel.pin(RMS)
    assert watches(panel) == (RMS,)
    assert panel.problem() == "This is already watched: RMS delta of layer 1"
    panel.editor.sample.show_number(3)
    assert panel.problem() == ""


def test_the_number_of_watches_is_limited(panel: WatchPanel) -> None:
    panel.model.debugger.set_watches(tuple(Watch(Metric("epoch"), sample) for sample in range(MOST_WATCHES)))
    panel.pin(RMS)
    assert panel.problem() == "The limit is 100 watches: remove one first"


# The list


def test_each_watch_is_a_row_with_its_current_value(panel: WatchPanel, stage: Stage) -> None:
    QAbstractItemModelTester(panel.table, QAbstractItemModelTester.FailureReportingMode.Warning, panel.table)
    panel.model.debugger.set_watches((LOSS, WEIGHT))
    assert [text(panel, row, WHAT) for row in (0, 1)] == ["loss of sample 12", "W[2][3, 2]"]
    assert [text(panel, row, NOW) for row in (0, 1)] == ["—", "—"]
    stage.tell(Watched(Position(0, 1), (1 / 3, math.nan)))
    assert [text(panel, row, NOW) for row in (0, 1)] == ["0.333333", "not a number"]


def test_a_watch_has_a_sparkline_of_steps_and_one_of_epochs(panel: WatchPanel, stage: Stage) -> None:
    panel.model.debugger.set_watches((LOSS,))
    for sample, value in enumerate((0.5, 0.25, math.inf)):
        stage.tell(Watched(Position(0, sample), (value,)))
    stage.tell(EpochsDone((epoch_record(0),), 1.0, (Watched(Position(1), (0.125,)),)))
    assert panel.table.series(0, STEPS).tolist() == [0.5, 0.25, math.inf]
    assert panel.table.series(0, EPOCHS).tolist() == [0.125]
    tips = [panel.table.data(panel.table.index(0, column), Qt.ItemDataRole.ToolTipRole) for column in (STEPS, EPOCHS)]
    assert tips == [
        "loss of sample 12: 3 values from 0.2500 to 0.5000",
        "loss of sample 12: 1 values from 0.1250 to 0.1250",
    ]


def test_sparklines_are_painted_and_differ_on_a_log_scale(panel: WatchPanel, stage: Stage) -> None:
    panel.model.debugger.set_watches((RMS,))
    lay_out_and_paint(panel)
    pictures = [panel.view.grab().toImage()]
    for sample in range(30):
        stage.tell(Watched(Position(0, sample), (10.0**-sample,)))
    pictures.append(panel.view.grab().toImage())
    click(panel.log)
    pictures.append(panel.view.grab().toImage())
    assert all(one != other for one, other in combinations(pictures, 2))


def test_a_watch_is_removed_by_its_button_and_by_delete(panel: WatchPanel) -> None:
    panel.model.debugger.set_watches((LOSS, WEIGHT, RMS))
    lay_out_and_paint(panel)
    box = panel.view.visualRect(panel.table.index(1, REMOVE))
    click(panel.view.viewport(), QPoint(box.center()))
    assert watches(panel) == (LOSS, RMS)
    panel.view.setCurrentIndex(panel.table.index(1, WHAT))
    for _ in range(3):
        press(panel.view, Qt.Key.Key_Delete)
    assert watches(panel) == ()


def test_enter_on_a_watch_copies_it_to_the_editor(panel: WatchPanel) -> None:
    panel.model.debugger.set_watches((LOSS, WEIGHT))
    panel.view.setCurrentIndex(panel.table.index(1, WHAT))
    press(panel.view, Qt.Key.Key_Return)
    assert panel.editor.watch() == WEIGHT
    assert QApplication.focusWidget() is panel.editor.metric_editor.quantity


def test_a_watch_that_does_not_fit_stays_with_a_reason(panel: WatchPanel, stage: Stage) -> None:
    panel.model.debugger.set_watches((DEEP,))
    stage.prepare(SHALLOW)
    assert text(panel, 0, WHAT) == "delta[3][1]"
    tip = panel.table.data(panel.table.index(0, WHAT), Qt.ItemDataRole.ToolTipRole)
    assert tip == "Does not fit this network: there is no layer 3: choose one from 1 to 2."


def test_every_control_has_a_tooltip(panel: WatchPanel) -> None:
    controls = [
        control
        for kind in (QAbstractButton, QComboBox, QSpinBox, QLineEdit)
        for control in panel.findChildren(kind)
        if not control.objectName().startswith("qt_")
    ]
    assert len(controls) > 5
    assert [control for control in controls if not control.toolTip()] == []


def test_a_regression_is_offered_nothing_about_classes(panel: WatchPanel, stage: Stage) -> None:
    quantity = panel.editor.metric_editor.quantity
    stage.prepare(load_preset("sine").experiment)
    offered = {quantity.itemData(index) for index in range(quantity.count())}
    assert offered == set(QUANTITIES) - {"misclassified", "class"}
    panel.editor.show_watch(Watch(Metric("class")))
    assert panel.editor.watch().metric.quantity == "abs_delta"
    stage.prepare(SMALL)
    panel.editor.show_watch(Watch(Metric("class")))
    assert panel.editor.watch().metric.quantity == "class"
