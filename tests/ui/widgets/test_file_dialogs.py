"""Exports from the menu, and errors when a file cannot be written."""

import csv
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QStandardPaths
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QGraphicsItem, QWidget
from pytestqt.qtbot import QtBot

from bpviz.session.files.safe_write import ExportError
from bpviz.ui.widgets.pictures import save_picture, svg
from bpviz.ui.window.main_window import MainWindow
from tests.ui.stage import Stage


@pytest.fixture
def trained(main_window: MainWindow, stage: Stage) -> MainWindow:
    stage.prepare()
    stage.train(3)
    return main_window


def choose(window: MainWindow, command: str, path: Path) -> None:
    """Trigger an action and accept its dialog with a path."""
    window.actions_[command].trigger()
    (dialog,) = window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()


def test_the_history_has_every_epoch(trained: MainWindow, stage: Stage, tmp_path: Path) -> None:
    choose(trained, "export_history", tmp_path / "history.csv")
    with (tmp_path / "history.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["epoch"]) for row in rows] == [1, 2, 3]
    assert [float(row["mse_test"]) for row in rows] == list(stage.model.epochs.column("mse_test"))


def test_the_picture_is_the_window(trained: MainWindow, tmp_path: Path) -> None:
    choose(trained, "export_picture", tmp_path / "window.png")
    picture = QImage(str(tmp_path / "window.png"))
    assert picture.size() == trained.size() * 2


def test_a_picture_in_svg_has_its_texts_as_text(trained: MainWindow, tmp_path: Path) -> None:
    trained.docks.curves.panel.plot.setFocus()
    choose(trained, "export_panel", tmp_path / "panel.svg")
    drawing = ElementTree.parse(tmp_path / "panel.svg").getroot()
    texts = " ".join(text.strip() for text in drawing.itertext())
    assert "Loss and accuracy" in texts
    assert "mean squared error" in texts


def test_points_are_drawn_as_shapes_in_svg(trained: MainWindow, stage: Stage, tmp_path: Path) -> None:
    stage.frame()
    drawing = svg(trained.docks.surface.panel.plot).decode()
    assert drawing.count("<image") <= 1  # the surface
    assert drawing.count("<path") > len(stage.training.split.X_train)


def test_the_picture_of_a_panel_is_copied_at_twice_its_size(trained: MainWindow) -> None:
    trained.docks.curves.panel.plot.setFocus()
    trained.actions_["copy_picture"].trigger()
    copied = QApplication.clipboard().image()
    assert copied.size() == trained.docks.curves.size() * 2


def test_after_a_picture_axes_are_kept_as_pixmaps_again(trained: MainWindow) -> None:
    axis = trained.docks.curves.panel.plot.getAxis("left")
    before = axis.cacheMode()
    trained.docks.curves.panel.plot.setFocus()
    trained.actions_["copy_picture"].trigger()
    assert axis.cacheMode() is before is QGraphicsItem.CacheMode.DeviceCoordinateCache


@pytest.mark.parametrize("name", ["pic.jpg", "pic"])
def test_a_picture_is_not_written_under_the_name_of_another_format(
    trained: MainWindow, tmp_path: Path, name: str
) -> None:
    choose(trained, "export_picture", tmp_path / name)
    assert "its name must end in .png or .svg or .pdf" in trained.notice.sentence.text()
    assert not (tmp_path / name).exists()


LATER = [pytest.param(each, marks=pytest.mark.slow) for each in ("save_session", "export_history")]


def folder_of_dialog(window: MainWindow, command: str) -> str:
    """Trigger an action, and return the folder in which its dialog opens."""
    window.actions_[command].trigger()
    (dialog,) = (each for each in window.findChildren(QFileDialog) if each.isVisible())
    dialog.close()
    return dialog.directory().absolutePath()


@pytest.mark.parametrize("command", ["open", *LATER, pytest.param("export_picture", marks=pytest.mark.slow)])
def test_dialogs_open_in_the_user_s_documents(
    trained: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(tmp_path))
    assert folder_of_dialog(trained, command) == str(tmp_path)


@pytest.mark.parametrize("command", ["open", *LATER])
def test_dialogs_open_in_the_folder_used_last(trained: MainWindow, tmp_path: Path, command: str) -> None:
    (tmp_path / "used").mkdir()
    choose(trained, "export_picture", tmp_path / "used" / "window.png")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert folder_of_dialog(trained, command) == str(tmp_path / "used")


def test_a_folder_that_is_gone_is_not_opened(trained: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "used").mkdir()
    choose(trained, "export_picture", tmp_path / "used" / "window.png")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    (tmp_path / "used" / "window.png").unlink()
    (tmp_path / "used").rmdir()
    assert folder_of_dialog(trained, "export_history") != str(tmp_path / "used")


@pytest.mark.parametrize("command", ["export_history", "export_picture", "save_experiment"])
def test_a_file_that_cannot_be_written_shows_an_error(trained: MainWindow, tmp_path: Path, command: str) -> None:
    choose(trained, command, tmp_path / "nowhere" / "file.png")
    assert trained.notice.isVisible()
    assert "cannot be written" in trained.notice.sentence.text()
    assert list(tmp_path.glob("nowhere*")) == []


@pytest.mark.parametrize(
    ("command", "suffix"), [("export_history", "csv"), ("export_picture", "png"), ("save_experiment", "json")]
)
def test_the_dialog_proposes_a_name_and_is_not_modal(trained: MainWindow, command: str, suffix: str) -> None:
    trained.actions_[command].trigger()
    (dialog,) = trained.findChildren(QFileDialog)
    assert dialog.defaultSuffix() == suffix
    assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    dialog.reject()


def test_a_picture_that_cannot_be_written_raises(qtbot: QtBot, tmp_path: Path) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(ExportError, match="that is a folder"):
        save_picture(widget, tmp_path / "folder.png")
