"""The list of presets: groups, a line and a picture for each."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from bpviz.assets import resource
from bpviz.session.experiment.presets import GROUPS, load_preset, preset_names
from bpviz.ui.training.preset_chooser import PresetChooser
from tests.preset_pictures import SIZE
from tests.ui.user_input import press

LONGEST = 80


@pytest.fixture
def chooser(qtbot: QtBot) -> PresetChooser:
    made = PresetChooser()
    qtbot.addWidget(made)
    return made


def test_every_preset_is_in_one_group() -> None:
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(preset_names())


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_has_a_line_and_a_picture(name: str) -> None:
    assert 0 < len(load_preset(name).line) <= LONGEST
    assert not load_preset(name).line.endswith(".")
    assert QImage(str(resource("presets", f"{name}.png"))).size() == SIZE


def test_the_arrow_keys_skip_the_headings(chooser: PresetChooser) -> None:
    chooser.show_preset("article")
    press(chooser, Qt.Key.Key_Down)
    assert chooser.currentData() == "linear"
    press(chooser, Qt.Key.Key_Up)
    assert chooser.currentData() == "article"


def test_an_experiment_of_the_users_own_is_no_preset(chooser: PresetChooser) -> None:
    chooser.show_preset("xor")
    assert chooser.chosen() == load_preset("xor")
    chooser.show_preset("")
    assert chooser.chosen() is None


def test_the_open_list_fits_on_a_low_screen_and_cuts_no_line(chooser: PresetChooser) -> None:
    chooser.show()
    chooser.showPopup()
    view = chooser.view()
    hints = [view.sizeHintForIndex(chooser.model().index(row, 0)) for row in range(chooser.count())]
    assert view.window().height() <= chooser.screen().geometry().height()  # the rest is scrolled to
    assert view.viewport().width() >= max(hint.width() for hint in hints)
    chooser.hidePopup()


def test_the_pictures_are_read_when_the_list_is_opened(chooser: PresetChooser) -> None:
    picture = Qt.ItemDataRole.UserRole + 2
    rows = [chooser.findData(name) for name in chooser.names]
    assert all(chooser.itemData(row, picture) is None for row in rows)
    chooser.show()
    chooser.showPopup()
    chooser.hidePopup()
    assert all(not chooser.itemData(row, picture).isNull() for row in rows)
