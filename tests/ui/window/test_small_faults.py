"""Small faults of the window that users met, one test for each."""

import dataclasses

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QStatusTipEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bpviz.session.engine.commands import InspectSample, Load
from bpviz.session.engine.events import EpochsDone, State, Status
from bpviz.session.experiment.presets import load_preset
from bpviz.session.training.position import Position
from bpviz.ui.branches.branch_table import END, MSE
from bpviz.ui.network.number_cards import chief
from bpviz.ui.style.theme import LIGHT
from bpviz.ui.timeline.timeline_scale import MARGIN
from bpviz.ui.window.main_window import MainWindow
from tests.session.helpers import SMALL, epoch_record
from tests.ui.conftest import OpenProgram
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint, press, retype


@pytest.fixture
def window(main_window: MainWindow, stage: Stage) -> MainWindow:
    stage.prepare()
    stage.tell_timeline()
    return main_window


# The number of the sample


def type_number(window: MainWindow, number: str) -> None:
    QTest.keyClicks(window.step_bar.sample, number)
    press(window.step_bar.sample, Qt.Key.Key_Return)


def test_a_sample_that_there_is_not_is_refused_and_not_replaced(open_program: OpenProgram) -> None:
    driver = open_program()
    driver.wait_until_ready()
    driver.trigger("enter_sample")
    type_number(driver.window, "99999")
    failed = driver.wait_for_failure()
    assert failed.sentence == "There is no training sample 99,999: choose one from 0 to 27."
    assert driver.model.selection.sample is None


def test_the_box_shows_the_sample_that_the_panels_show(window: MainWindow, stage: Stage) -> None:
    box = window.step_bar.sample
    box.setValue(27)
    update = stage.show_update(0)
    assert box.value() == int(update.samples[0])
    stage.model.select(sample=12)
    assert box.value() == 12
    stage.model.select_nothing()
    assert box.value() == int(update.samples[0])
    stage.prepare()
    assert box.value() == 0


def test_the_number_is_given_as_it_is(window: MainWindow, stage: Stage) -> None:
    window.actions_["enter_sample"].trigger()
    type_number(window, "1234567")
    assert stage.commands.of(InspectSample)[-1] == 1234567


# The branch table


def test_the_branch_table_has_the_latest_epoch_before_the_timeline_says_it(window: MainWindow, stage: Stage) -> None:
    window.docks.branches.show()
    window.docks.branches.raise_()
    stage.train(3)
    table = window.docks.branches.panel.table
    assert table.text(0, END) == "3"
    assert table.text(0, MSE) == f"{stage.model.epochs.column('mse_train')[-1]:.6f}"
    stage.tell(Status(State.RUNNING, Position(3), furthest=Position(3)))
    stage.tell(EpochsDone((epoch_record(3, mse=0.125),), 30.0))
    stage.become(State.PAUSED)
    assert (table.text(0, END), table.text(0, MSE)) == ("4", "0.125000")


# The miniature on the timeline


def test_the_miniature_is_full_after_two_epochs(window: MainWindow, stage: Stage) -> None:
    stage.train(2)
    track = window.timeline.track
    picture = track.grab(QRect(QPoint(), track.size())).toImage()
    x = round(MARGIN + 0.25 * (track.width() - 2 * MARGIN))
    column = [picture.pixelColor(x, y) for y in range(track.height())]
    loss = QColor(LIGHT.mse)
    assert any(abs(each.hue() - loss.hue()) < 25 and each.saturation() > 40 for each in column)


# Tips


def test_tips_of_buttons_leave_the_status_line_alone(window: MainWindow) -> None:
    for action in window.actions_.values():
        assert action.toolTip()
        QApplication.sendEvent(window, QStatusTipEvent(action.statusTip()))
        assert window.statusBar().currentMessage() == ""


# Changes of the experiment


def set_noise(window: MainWindow, text: str) -> None:
    editor = window.docks.experiment.panel.fields["noise"].editor
    retype(editor, text)  # type: ignore[arg-type]  # a line edit


def test_other_data_are_taken_at_once_while_nothing_is_trained(window: MainWindow, stage: Stage) -> None:
    set_noise(window, "0.3")
    assert stage.commands.of(Load) == [dataclasses.replace(SMALL, noise=0.3)]
    stage.prepare(dataclasses.replace(SMALL, noise=0.3))
    assert not window.docks.experiment.panel.notice.isVisible()


def test_other_data_ask_for_a_new_network_where_one_is_trained(window: MainWindow, stage: Stage) -> None:
    stage.train(1)
    set_noise(window, "0.3")
    assert stage.commands.of(Load) == []
    assert window.docks.experiment.panel.notice.isVisible()


def test_wrong_data_are_not_taken(window: MainWindow, stage: Stage) -> None:
    set_noise(window, "much")
    assert stage.commands.of(Load) == []


def test_only_one_bar_for_changes_is_open(window: MainWindow, stage: Stage) -> None:
    stage.train(1)
    set_noise(window, "0.3")
    assert window.docks.experiment.panel.notice.isVisible()
    window.docks.network.panel.strip.add_layer(1)
    assert window.docks.network.panel.strip.isVisible()
    assert not window.docks.experiment.panel.notice.isVisible()
    assert window.docks.experiment.panel.draft() == SMALL
    set_noise(window, "0.4")
    assert window.docks.experiment.panel.notice.isVisible()
    assert not window.docks.network.panel.strip.isVisible()
    click(window.docks.experiment.panel.revert)
    assert not window.docks.experiment.panel.notice.isVisible()


# Numbers on the network


def test_a_small_network_has_numbers_on_a_small_screen_too(main_window: MainWindow, stage: Stage) -> None:
    main_window.resize(1280, 720)
    main_window.actions_["train_layout"].trigger()
    stage.prepare(load_preset("xor").experiment)
    stage.show_update(0)
    main_window.model.paint_queue.finish()
    lay_out_and_paint(main_window)
    view = main_window.docks.network.panel.view
    stage.frame()
    lay_out_and_paint(main_window)
    assert view.layout_ is not None
    assert view.layout_.card is not None
    assert view.labels.labels is not None
    assert len(view.labels.labels.places) >= 8


def test_a_card_of_one_line_has_the_number_of_the_operation_or_else_the_last_that_is_known(
    main_window: MainWindow, stage: Stage
) -> None:
    stage.prepare(load_preset("xor").experiment)
    stage.show_update(8)
    main_window.model.paint_queue.finish()
    numbers = main_window.docks.network.panel.view._numbers
    assert numbers is not None
    assert [name for name, _value in (*chief(numbers, 1, 0), *chief(numbers, 2, 0))] == ["a", "delta"]
