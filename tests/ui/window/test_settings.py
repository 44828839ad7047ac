"""Settings are restored at the next start, and damaged ones are ignored."""

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QComboBox, QMainWindow
from pytestqt.qtbot import QtBot

from bpviz.session.engine.commands import SetSpeed
from bpviz.ui.window.main_window import MainWindow
from bpviz.ui.window.settings import Settings
from bpviz.ui.window.workspaces import TRAIN
from tests.session.helpers import SMALL
from tests.ui.stage import Stage

DAMAGED = ["", "nonsense", "9.9", b"\x00\xff", ["a", "b"], {"a": 1}, 7, None, QByteArray(b"\x01\x02")]


@pytest.fixture
def store() -> QSettings:
    return QSettings()


def open_window(qtbot: QtBot) -> tuple[Stage, MainWindow]:
    stage = Stage(SMALL)
    window = MainWindow(stage.model, Settings(QSettings()), preset="moons")
    stage.model.setParent(window)
    qtbot.addWidget(window)
    window.show()
    return stage, window


def test_tests_have_their_own_settings(store: QSettings, tmp_path: Path) -> None:
    assert Path(store.fileName()).is_relative_to(tmp_path)


def test_a_saved_setting_is_read_at_the_next_start(store: QSettings) -> None:
    Settings(store).write("theme", "dark")
    Settings(store).write("scale", 1.5)
    Settings(store).write("choices/a.b", True)
    store.sync()
    again = Settings(QSettings())
    assert (again.theme(), again.scale(), again.flag("choices/a.b", False)) == ("dark", 1.5, True)


def test_missing_settings_read_as_the_defaults(store: QSettings) -> None:
    settings = Settings(store)
    assert (settings.theme(), settings.scale(), settings.flag("a", True), settings.flag("a", False)) == (
        "system",
        1.0,
        True,
        False,
    )


@pytest.mark.parametrize("value", DAMAGED, ids=repr)
def test_damaged_values_read_as_the_defaults(store: QSettings, value: object) -> None:
    for key in ("theme", "scale", "flag"):
        store.setValue(key, value)
    store.sync()
    settings = Settings(QSettings())
    assert (settings.theme(), settings.scale(), settings.flag("flag", True)) == ("system", 1.0, True)


@pytest.mark.slow
@pytest.mark.parametrize("value", ["nonsense", b"\x00\xff", ["a", "b"], None], ids=repr)
def test_a_damaged_layout_opens_the_default_window(qtbot: QtBot, store: QSettings, value: object) -> None:
    for key in ("geometry", "layout"):
        store.setValue(key, value)
    store.sync()
    _, window = open_window(qtbot)
    usual = {key for column in TRAIN.columns for cell in column for key in cell}
    assert {panel.objectName() for panel in window.docks.all if panel.isVisible()} == usual


def test_settings_without_a_store_save_nothing(qtbot: QtBot, store: QSettings, stage: Stage) -> None:
    window = MainWindow(stage.model, Settings(None), preset="moons")
    qtbot.addWidget(window)
    window.actions_["theme"].trigger()
    window.close()
    assert store.allKeys() == []


def test_layout_and_choices_are_restored_at_the_next_start(qtbot: QtBot) -> None:
    _, window = open_window(qtbot)
    window.resize(1111, 666)
    window.actions_["lecture_layout"].trigger()
    window.docks.curves.panel.log.click()
    window.docks.surface.panel.tests.click()
    window.docks.deltas.panel.scale.setCurrentText("Log")
    window.tool_bar.speed.setCurrentText("5 epochs/s")
    window.actions_["theme"].trigger()
    window.actions_["larger"].trigger()
    dark = window.model.theme.is_dark
    window.close()

    stage, again = open_window(qtbot)
    assert again.height() == 666  # the offscreen platform's screen is narrower than any window of bpviz
    assert [panel.objectName() for panel in again.docks.all if panel.isVisible()] == [
        *("surface", "curves", "deltas", "network"),
    ]
    assert again.docks.curves.panel.log.isChecked()
    assert not again.docks.surface.panel.tests.isChecked()
    assert again.docks.deltas.panel.scale.currentText() == "Log"
    assert again.tool_bar.speed.currentText() == "5 epochs/s"
    assert stage.commands.of(SetSpeed)[-1] == 5.0
    assert again.model.theme.is_dark is dark
    assert Settings(QSettings()).scale() == 1.15


@pytest.mark.slow
def test_an_open_message_is_not_restored(qtbot: QtBot) -> None:
    stage, window = open_window(qtbot)
    stage.prepare()
    window.notice.show()
    window.close()
    assert not open_window(qtbot)[1].notice.isVisible()


def test_the_theme_option_is_not_saved(qtbot: QtBot, stage: Stage) -> None:
    window = MainWindow(stage.model, Settings(QSettings()), preset="moons", theme="dark")
    qtbot.addWidget(window)
    assert stage.model.theme.is_dark
    window.close()
    assert Settings(QSettings()).theme() == "system"


def test_a_choice_is_kept_by_its_word_which_is_the_same_in_every_language(qtbot: QtBot, store: QSettings) -> None:
    combos = []
    for first, second in (("One", "Two"), ("一", "二")):
        window, combo = QMainWindow(), QComboBox()
        qtbot.addWidget(window)
        window.setCentralWidget(combo)
        combo.setObjectName("panel.choice")
        combo.addItem(first, "one")
        combo.addItem(second, "two")
        Settings(store).restore_choices(window)
        combos.append(combo.currentText())
        combo.setCurrentIndex(1)
        Settings(store).save_choices(window)
    assert combos == ["One", "二"]
