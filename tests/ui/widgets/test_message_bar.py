from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QToolButton

from bpviz.session.engine.events import Failed, State, Status
from bpviz.ui.window.main_window import MainWindow
from tests.ui.hands import click
from tests.ui.stage import Stage

FAULT = Failed("The sky fell.", "on Tuesday,\nin line 3")


def button(window: MainWindow, text: str) -> QToolButton:
    (found,) = [button for button in window.notice.findChildren(QToolButton) if button.text() == text]
    return found


def test_nothing_is_said_while_nothing_is_wrong(main_window: MainWindow, stage: Stage) -> None:
    stage.prepare()
    stage.train()
    assert not main_window.notice.isVisible()


def test_a_failure_is_said_in_the_window_and_stops_nobody(main_window: MainWindow, stage: Stage) -> None:
    stage.tell(FAULT)
    assert main_window.notice.isVisible()
    assert main_window.notice.sentence.text() == "The sky fell."
    assert QApplication.activeModalWidget() is None


def test_its_details_can_be_copied(main_window: MainWindow, stage: Stage) -> None:
    stage.tell(FAULT)
    click(button(main_window, "Copy details"))
    assert QApplication.clipboard().text() == "on Tuesday,\nin line 3"


def test_without_details_there_is_nothing_to_copy(main_window: MainWindow, stage: Stage) -> None:
    stage.tell(FAULT)
    stage.tell(Failed("Rain."))
    assert main_window.notice.sentence.text() == "Rain."
    assert not button(main_window, "Copy details").isEnabled()


def test_it_can_be_closed(main_window: MainWindow, stage: Stage) -> None:
    stage.tell(FAULT)
    click(button(main_window, "Close"))
    assert not main_window.notice.isVisible()


def test_it_goes_when_training_is_started_again(main_window: MainWindow, stage: Stage) -> None:
    stage.prepare()
    stage.tell(FAULT)
    stage.become(State.STOPPED)
    main_window.actions_["run"].trigger()
    assert not main_window.notice.isVisible()


def test_it_goes_with_the_network_that_it_was_about(main_window: MainWindow, stage: Stage) -> None:
    stage.prepare()
    stage.tell(FAULT)
    stage.prepare()
    assert not main_window.notice.isVisible()


def test_it_stays_while_training_just_goes_on(main_window: MainWindow, stage: Stage) -> None:
    stage.prepare()
    stage.become(State.RUNNING)
    stage.tell(FAULT)
    stage.become(State.RUNNING)
    assert main_window.notice.isVisible()


def test_an_experiment_that_is_refused_while_another_runs_is_not_passed_over(
    main_window: MainWindow, stage: Stage
) -> None:
    stage.prepare()
    stage.become(State.RUNNING)
    stage.tell(Status(State.PREPARING, stage.training.position))
    stage.tell(Failed("This experiment cannot be run."))
    stage.become(State.RUNNING)  # the one that ran goes on
    assert main_window.notice.isVisible()


def test_a_sentence_is_not_taken_for_markup(main_window: MainWindow, stage: Stage) -> None:
    stage.tell(Failed("no dataset is called <b>moons</b>"))
    assert main_window.notice.sentence.textFormat() is Qt.TextFormat.PlainText
