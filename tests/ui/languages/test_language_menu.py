"""The choice of a language: kept, offered in the language that was chosen, and followed by a restart."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSettings, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from bpviz import app
from bpviz.language import ENGLISH, choose, chosen, system_language, tell_system
from bpviz.session.engine.events import State
from bpviz.session.files.experiment_file import ExperimentFile
from bpviz.session.training.position import Position
from bpviz.ui.languages.language_menu import KEY, kept_choice, language_of
from bpviz.ui.window.main_window import MainWindow
from bpviz.ui.window.settings import Settings
from tests.session.helpers import SMALL
from tests.ui.conftest import OpenProgram


@pytest.fixture(autouse=True)
def _english_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setattr("bpviz.language._Chosen.of_system", "")
    yield
    choose(ENGLISH)
    tell_system()


def entry(window: MainWindow, name: str) -> QAction:
    (found,) = (action for action in window.languages.menu.actions() if action.objectName() == f"language_{name}")
    return found


def test_languages_are_listed_by_what_they_call_themselves(main_window: MainWindow) -> None:
    texts = [action.text() for action in main_window.languages.menu.actions()]
    assert texts == ["As the &system", "English", "简体中文"]
    assert entry(main_window, "system").isChecked()


def test_a_choice_is_kept_and_the_window_stays_as_it_is(main_window: MainWindow) -> None:
    entry(main_window, "zh_CN").trigger()
    assert Settings(QSettings()).text(KEY, ("zh_CN",), "") == "zh_CN"
    assert chosen() == ENGLISH
    assert main_window.languages.bar.sentence.text() == "下次启动 bpviz 时将使用该语言。"
    assert main_window.languages.bar.restart.text() == "立即重新启动"


def test_the_language_of_the_window_needs_no_restart(main_window: MainWindow) -> None:
    entry(main_window, "zh_CN").trigger()
    assert not main_window.languages.bar.isHidden()
    for name in ("en", "system"):
        entry(main_window, name).trigger()
        assert main_window.languages.bar.isHidden()


def test_a_choice_that_is_damaged_means_the_language_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    QSettings().setValue(KEY, "tlh")
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    assert language_of(kept_choice(Settings(QSettings()))) == system_language() == "zh_CN"


class _OpenedError(Exception):
    """The window would open now."""


@pytest.mark.parametrize(("option", "language"), [(None, "zh_CN"), ("en", "en")])
def test_an_option_is_stronger_than_the_choice(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, option: str | None, language: str
) -> None:
    def opened(*_given: object, **_named: object) -> None:
        raise _OpenedError

    QSettings().setValue(KEY, "zh_CN")
    monkeypatch.setattr("bpviz.app.make_application", lambda: qapp)
    monkeypatch.setattr("bpviz.app.Program", opened)
    with pytest.raises(_OpenedError):
        app.open_window(ExperimentFile(SMALL), preset="", language=option)
    assert chosen() == language
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()


def test_a_restart_keeps_the_session_and_speaks_the_chosen_language(open_program: OpenProgram) -> None:
    driver = open_program()
    driver.wait_until_ready()
    driver.trigger("step")
    driver.wait_until(lambda: driver.model.position == Position(0, 1))
    entry(driver.window, "zh_CN").trigger()
    driver.window.languages.bar.restart.click()
    driver.wait_until(lambda: not driver.window.isVisible())
    choose(language_of(kept_choice(Settings(QSettings()))))
    driver.reopen()
    driver.wait_for_state(State.PAUSED)
    assert driver.model.status.furthest == Position(0, 1)
    assert driver.window.docks.surface.windowTitle() == "决策面"
    assert not driver.window.languages.bar.isVisible()
    assert entry(driver.window, "zh_CN").isChecked()
