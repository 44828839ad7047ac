"""Sessions go into files and come back, as far as the window is concerned."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from bpviz.session.engine.commands import Load, OpenSession, SaveSession
from bpviz.session.engine.events import Failed, SessionSaved
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.files.experiment_file import ExperimentFile, write_experiment_file
from bpviz.ui.window.main_window import MainWindow
from tests.ui.stage import Stage


@pytest.fixture
def window(main_window: MainWindow, stage: Stage) -> MainWindow:
    stage.prepare()
    return main_window


def answer(window: MainWindow, path: Path) -> None:
    """Answer the dialog that is open."""
    (dialog,) = [each for each in window.findChildren(QFileDialog) if each.isVisible()]
    dialog.fileSelected.emit(str(path))
    dialog.close()


# Saving


def test_the_first_time_a_name_is_asked_for_and_then_the_same_file_is_written(
    window: MainWindow, stage: Stage, tmp_path: Path
) -> None:
    path = tmp_path / "moons.bpviz"
    window.actions_["save_session"].trigger()
    answer(window, path)
    assert stage.commands.of(SaveSession) == [path]
    assert window.windowTitle() == "bpviz"  # nothing is written yet
    stage.tell(SessionSaved(path))
    assert window.windowTitle() == "moons.bpviz – bpviz"
    assert window.statusBar().currentMessage() == f"Saved {path}"
    assert not window.notice.isVisible()
    window.actions_["save_session"].trigger()
    assert stage.commands.of(SaveSession) == [path, path]


def test_another_name_becomes_the_file_from_then_on(window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    stage.tell(SessionSaved(tmp_path / "one.bpviz"))
    window.actions_["save_session_as"].trigger()
    answer(window, tmp_path / "other.bpviz")
    stage.tell(SessionSaved(tmp_path / "other.bpviz"))
    window.actions_["save_session"].trigger()
    assert stage.commands.of(SaveSession) == [tmp_path / "other.bpviz"] * 2


@pytest.mark.parametrize("name", ["run.json", "nowhere/run.bpviz"])
def test_a_name_that_cannot_be_is_told_before_anything_is_written(
    window: MainWindow, stage: Stage, tmp_path: Path, name: str
) -> None:
    window.actions_["save_session_as"].trigger()
    answer(window, tmp_path / name)
    assert "cannot be written" in window.notice.sentence.text()
    assert stage.commands.of(SaveSession) == []


def test_what_could_not_be_saved_keeps_its_name(window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    window.actions_["save_session_as"].trigger()
    answer(window, tmp_path / "run.bpviz")
    stage.tell(Failed("No room."))
    assert window.windowTitle() == "bpviz"


def test_another_experiment_has_no_file_yet(window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    stage.tell(SessionSaved(tmp_path / "one.bpviz"))
    stage.prepare()
    assert window.windowTitle() == "bpviz"
    window.actions_["save_session"].trigger()
    answer(window, tmp_path / "two.bpviz")
    assert stage.commands.of(SaveSession) == [tmp_path / "two.bpviz"]


def test_nothing_can_be_saved_before_there_is_a_network(main_window: MainWindow, stage: Stage) -> None:
    names = ("save_session", "save_session_as")
    assert not any(main_window.actions_[name].isEnabled() for name in names)
    stage.prepare()
    assert all(main_window.actions_[name].isEnabled() for name in names)


# Opening


def test_one_question_serves_sessions_and_experiments(window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    write_experiment_file(tmp_path / "other.json", ExperimentFile(Experiment(seed=9)))
    for name in ("run.bpviz", "other.json"):
        window.actions_["open"].trigger()
        answer(window, tmp_path / name)
    assert stage.commands.of(OpenSession) == [tmp_path / "run.bpviz"]
    assert stage.commands.of(Load) == [Experiment(seed=9)]


def test_what_is_opened_is_saved_to_where_it_came_from(window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    window.files.open(str(tmp_path / "run.bpviz"))
    assert window.windowTitle() == "bpviz"
    stage.prepare()
    assert window.windowTitle() == "run.bpviz – bpviz"
    window.actions_["save_session"].trigger()
    assert stage.commands.of(SaveSession) == [tmp_path / "run.bpviz"]


def test_what_cannot_be_opened_changes_nothing(window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    stage.tell(SessionSaved(tmp_path / "one.bpviz"))
    window.files.open(str(tmp_path / "damaged.bpviz"))
    stage.tell(Failed("damaged.bpviz cannot be opened."))
    assert window.windowTitle() == "one.bpviz – bpviz"
    stage.prepare()
    assert window.windowTitle() == "bpviz"


# Dropping


def drop(window: MainWindow, *paths: Path) -> bool:
    """Drag files over the window and drop them there; returns whether they could be."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    keys, button, copy = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction
    where = window.rect().center()
    enter = QDragEnterEvent(where, copy, data, button, keys)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(where), copy, data, button, keys))
    return enter.isAccepted()


def test_a_file_that_is_dropped_is_opened(window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    write_experiment_file(tmp_path / "other.json", ExperimentFile(Experiment(seed=9)))
    assert drop(window, tmp_path / "run.BPVIZ")
    assert drop(window, tmp_path / "other.json")
    assert stage.commands.of(OpenSession) == [tmp_path / "run.BPVIZ"]
    assert stage.commands.of(Load) == [Experiment(seed=9)]


def test_what_is_no_file_of_ours_cannot_be_dropped(window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    assert not drop(window, tmp_path / "picture.png")
    assert not drop(window, tmp_path / "one.bpviz", tmp_path / "two.bpviz")
    assert not drop(window)
    assert stage.commands.of(OpenSession) == []
