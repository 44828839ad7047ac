"""Pictures to take away: their format, ground and number of pixels, and the menu of a panel's title."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings
from PySide6.QtGui import QColor, QContextMenuEvent, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from bpviz.ui.style.theme import DARK
from bpviz.ui.window.main_window import MainWindow
from tests.ui.stage import Stage


@pytest.fixture
def dark(main_window: MainWindow, stage: Stage) -> MainWindow:
    """A dark window with a trained network, whose curve has the focus."""
    stage.prepare()
    stage.train(3)
    main_window.actions_["theme"].trigger()
    assert stage.model.theme == DARK
    main_window.docks.curves.panel.plot.setFocus()
    return main_window


def save(window: MainWindow, command: str, path: Path) -> None:
    window.actions_[command].trigger()
    (dialog,) = window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()


def copied(window: MainWindow, command: str) -> QImage:
    window.actions_[command].trigger()
    return QApplication.clipboard().image()


def ground(picture: QImage) -> QColor:
    """Return the colour of the corner at the bottom left, which no control covers."""
    return picture.pixelColor(2, picture.height() - 3)


def streams(pdf: bytes) -> Iterator[bytes]:
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            yield found[1]


def test_a_picture_has_the_colours_of_the_window(dark: MainWindow) -> None:
    assert ground(copied(dark, "copy_picture")) == QColor(DARK.paper)


@pytest.mark.parametrize("command", ["copy_picture", "copy_window_picture"])
def test_a_picture_for_print_is_light_on_white_and_leaves_the_window_dark(
    dark: MainWindow, stage: Stage, command: str
) -> None:
    dark.actions_["pictures_white"].trigger()
    picture = copied(dark, command)
    colours = [picture.pixelColor(x, y).lightness() for x in range(0, picture.width(), 9) for y in range(0, 300, 9)]
    assert sum(lightness > 240 for lightness in colours) > 0.6 * len(colours)
    assert stage.model.theme == DARK
    assert dark.actions_["theme"].isChecked()
    dark.actions_["pictures_white"].trigger()
    assert ground(copied(dark, "copy_picture")) == QColor(DARK.paper)


@pytest.mark.slow
@pytest.mark.parametrize("pixels", [1, 2, 3, 4])
def test_a_png_has_so_many_pixels_for_each_of_the_screen(dark: MainWindow, tmp_path: Path, pixels: int) -> None:
    dark.actions_[f"pixels_{pixels}"].trigger()
    save(dark, "export_panel", tmp_path / "panel.png")
    assert QImage(str(tmp_path / "panel.png")).size() == dark.docks.curves.size() * pixels


def test_a_pdf_is_one_page_of_the_panel_s_size_with_texts_as_text(dark: MainWindow, tmp_path: Path) -> None:
    save(dark, "export_panel", tmp_path / "panel.pdf")
    content = (tmp_path / "panel.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 1
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", content)
    assert box is not None
    dock = dark.docks.curves
    points = 72 / dock.logicalDpiX()
    assert [float(each) for each in box.groups()] == pytest.approx(
        [dock.width() * points, dock.height() * points], abs=1
    )
    drawn = b"".join(streams(content))
    assert len(re.findall(rb"\bT[jJ]\b", drawn)) > 10  # the operator that shows text
    assert b"/FontFile" in content


def test_pixels_and_ground_are_kept_in_the_settings(dark: MainWindow) -> None:
    dark.actions_["pictures_white"].trigger()
    dark.actions_["pixels_4"].trigger()
    assert QSettings().value("picture/white") == "true"
    assert QSettings().value("picture/pixels") == "4"


def test_the_title_of_a_panel_has_a_menu_with_its_picture(dark: MainWindow, qtbot: QtBot) -> None:
    dark.docks.deltas.bring_to_front()
    dock = dark.docks.deltas
    line = dock.panel.title_line
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), line.mapToGlobal(QPoint(5, 5)))
    QApplication.sendEvent(line, event)
    (menu,) = dark.findChildren(QMenu, "panel")
    next(action for action in menu.actions() if action.text() == "&Copy picture").trigger()
    assert QApplication.clipboard().image().size() == dock.size() * 2
    menu.close()
