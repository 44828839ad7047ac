"""Saving and opening sessions in the window."""

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
from tests.ui.conftest import OpenProgram
from tests.ui.stage import Stage


@pytest.fixture
def window(bare_window: MainWindow, stage: Stage) -> MainWindow:
    stage.prepare()
    return bare_window


def answer(window: MainWindow, path: Path) -> None:
    """Accept the open dialog with a path."""
    (dialog,) = [each for each in window.findChildren(QFileDialog) if each.isVisible()]
    dialog.fileSelected.emit(str(path))
    dialog.close()


# Saving


def test_the_first_save_asks_for_a_name_and_the_next_uses_it(window: MainWindow, stage: Stage, tmp_path: Path) -> None:
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


def test_save_as_changes_the_file_of_the_session(window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    stage.tell(SessionSaved(tmp_path / "one.bpviz"))
    window.actions_["save_session_as"].trigger()
    answer(window, tmp_path / "other.bpviz")
    stage.tell(SessionSaved(tmp_path / "other.bpviz"))
    window.actions_["save_session"].trigger()
    assert stage.commands.of(SaveSession) == [tmp_path / "other.bpviz"] * 2


def test_a_file_that_another_program_has_written_is_not_replaced_unasked(
    window: MainWindow, stage: Stage, tmp_path: Path
) -> None:
    path = tmp_path / "one.bpviz"
    path.write_bytes(b"mine")
    stage.tell(SessionSaved(path))
    path.write_bytes(b"somebody else's")
    window.actions_["save_session"].trigger()
    assert stage.commands.of(SaveSession) == []
    assert "was changed by another program" in window.notice.sentence.text()
    answer(window, path)  # the dialog has asked whether to replace it
    assert stage.commands.of(SaveSession) == [path]
    stage.tell(SessionSaved(path))
    path.unlink()
    window.actions_["save_session"].trigger()
    assert stage.commands.of(SaveSession) == [path, path]


@pytest.mark.parametrize("name", ["run.json", "nowhere/run.bpviz"])
def test_an_invalid_name_shows_an_error_before_anything_is_written(
    window: MainWindow, stage: Stage, tmp_path: Path, name: str
) -> None:
    window.actions_["save_session_as"].trigger()
    answer(window, tmp_path / name)
    assert "cannot be written" in window.notice.sentence.text()
    assert stage.commands.of(SaveSession) == []


def test_a_session_that_could_not_be_saved_keeps_its_title(window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    window.actions_["save_session_as"].trigger()
    answer(window, tmp_path / "run.bpviz")
    stage.tell(Failed("No room."))
    assert window.windowTitle() == "bpviz"


def test_a_new_experiment_has_no_file(window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    stage.tell(SessionSaved(tmp_path / "one.bpviz"))
    stage.prepare()
    assert window.windowTitle() == "bpviz"
    window.actions_["save_session"].trigger()
    answer(window, tmp_path / "two.bpviz")
    assert stage.commands.of(SaveSession) == [tmp_path / "two.bpviz"]


def test_nothing_can_be_saved_without_a_network(bare_window: MainWindow, stage: Stage) -> None:
    names = ("save_session", "save_session_as")
    assert not any(bare_window.actions_[name].isEnabled() for name in names)
    stage.prepare()
    assert all(bare_window.actions_[name].isEnabled() for name in names)


# Opening


def test_one_dialog_opens_sessions_and_experiments(window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    write_experiment_file(tmp_path / "other.json", ExperimentFile(Experiment(seed=9)))
    for name in ("run.bpviz", "other.json"):
        window.actions_["open"].trigger()
        answer(window, tmp_path / name)
    assert stage.commands.of(OpenSession) == [tmp_path / "run.bpviz"]
    assert stage.commands.of(Load) == [Experiment(seed=9)]


def test_an_opened_session_is_saved_to_its_file(window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    window.files.open(str(tmp_path / "run.bpviz"))
    assert window.windowTitle() == "bpviz"
    stage.prepare()
    assert window.windowTitle() == "run.bpviz – bpviz"
    window.actions_["save_session"].trigger()
    assert stage.commands.of(SaveSession) == [tmp_path / "run.bpviz"]


def test_a_file_that_cannot_be_opened_changes_nothing(window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    stage.tell(SessionSaved(tmp_path / "one.bpviz"))
    window.files.open(str(tmp_path / "damaged.bpviz"))
    stage.tell(Failed("damaged.bpviz cannot be opened."))
    assert window.windowTitle() == "one.bpviz – bpviz"
    stage.prepare()
    assert window.windowTitle() == "bpviz"


# Drag and drop


def drop(window: MainWindow, *paths: Path) -> bool:
    """Drag files over the window and drop them; return whether they are accepted."""
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


def test_a_dropped_file_is_opened(window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    write_experiment_file(tmp_path / "other.json", ExperimentFile(Experiment(seed=9)))
    assert drop(window, tmp_path / "run.BPVIZ")
    assert drop(window, tmp_path / "other.json")
    assert stage.commands.of(OpenSession) == [tmp_path / "run.BPVIZ"]
    assert stage.commands.of(Load) == [Experiment(seed=9)]


def test_other_files_cannot_be_dropped(window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    assert not drop(window, tmp_path / "picture.png")
    assert not drop(window, tmp_path / "one.bpviz", tmp_path / "two.bpviz")
    assert not drop(window)
    assert stage.commands.of(OpenSession) == []


@pytest.mark.slow
def test_undo_of_a_reset_brings_the_title_of_the_file_back(open_program: OpenProgram, tmp_path: Path) -> None:
    driver = open_program()
    driver.wait_until_ready()
    driver.run_to_end()
    driver.window.files.save_as(str(tmp_path / "run.bpviz"))
    driver.wait_until(lambda: driver.window.windowTitle() == "run.bpviz – bpviz")
    driver.trigger("reset")
    driver.wait_until(lambda: driver.window.windowTitle() == "bpviz" and driver.window.actions_["undo"].isEnabled())
    driver.trigger("undo")
    driver.wait_until(lambda: driver.window.windowTitle() == "run.bpviz – bpviz")
    driver.wait_until(driver.window.actions_["redo"].isEnabled)
    driver.trigger("redo")
    driver.wait_until(lambda: driver.window.windowTitle() == "bpviz")
