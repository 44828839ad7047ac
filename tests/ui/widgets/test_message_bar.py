from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QToolButton

from bpviz.session.engine.events import Failed, State, Status
from bpviz.ui.window.main_window import MainWindow
from tests.ui.stage import Stage
from tests.ui.user_input import click

FAULT = Failed("The sky fell.", "on Tuesday,\nin line 3")


def button(window: MainWindow, text: str) -> QToolButton:
    (found,) = [button for button in window.notice.findChildren(QToolButton) if button.text() == text]
    return found


def test_the_bar_is_hidden_without_a_failure(bare_window: MainWindow, stage: Stage) -> None:
    stage.prepare()
    stage.train()
    assert not bare_window.notice.isVisible()


def test_a_failure_is_shown_without_blocking_the_window(bare_window: MainWindow, stage: Stage) -> None:
    stage.tell(FAULT)
    assert bare_window.notice.isVisible()
    assert bare_window.notice.sentence.text() == "The sky fell."
    assert QApplication.activeModalWidget() is None


def test_its_details_can_be_copied(bare_window: MainWindow, stage: Stage) -> None:
    stage.tell(FAULT)
    click(button(bare_window, "Copy details"))
    assert QApplication.clipboard().text() == "on Tuesday,\nin line 3"


def test_without_details_the_copy_button_is_disabled(bare_window: MainWindow, stage: Stage) -> None:
    stage.tell(FAULT)
    stage.tell(Failed("Rain."))
    assert bare_window.notice.sentence.text() == "Rain."
    assert not button(bare_window, "Copy details").isEnabled()


def test_it_can_be_closed(bare_window: MainWindow, stage: Stage) -> None:
    stage.tell(FAULT)
    click(button(bare_window, "Close"))
    assert not bare_window.notice.isVisible()


def test_it_is_hidden_when_training_starts_again(bare_window: MainWindow, stage: Stage) -> None:
    stage.prepare()
    stage.tell(FAULT)
    stage.become(State.STOPPED)
    bare_window.actions_["run"].trigger()
    assert not bare_window.notice.isVisible()


def test_it_is_hidden_when_a_new_network_is_ready(bare_window: MainWindow, stage: Stage) -> None:
    stage.prepare()
    stage.tell(FAULT)
    stage.prepare()
    assert not bare_window.notice.isVisible()


def test_it_stays_while_training_continues(bare_window: MainWindow, stage: Stage) -> None:
    stage.prepare()
    stage.become(State.RUNNING)
    stage.tell(FAULT)
    stage.become(State.RUNNING)
    assert bare_window.notice.isVisible()


def test_a_refused_experiment_is_reported_while_another_one_trains(bare_window: MainWindow, stage: Stage) -> None:
    stage.prepare()
    stage.become(State.RUNNING)
    stage.tell(Status(State.PREPARING, stage.training.position))
    stage.tell(Failed("This experiment cannot be run."))
    stage.become(State.RUNNING)  # the other experiment continues
    assert bare_window.notice.isVisible()


def test_a_message_is_plain_text(bare_window: MainWindow, stage: Stage) -> None:
    stage.tell(Failed("no dataset is called <b>moons</b>"))
    assert bare_window.notice.sentence.textFormat() is Qt.TextFormat.PlainText
