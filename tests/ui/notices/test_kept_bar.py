import dataclasses
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from bpviz.session.engine.commands import OpenSession, Undo
from bpviz.session.engine.events import SessionKept, State, Status
from bpviz.session.recovery.recovery import Recovery
from bpviz.session.training.position import Position
from bpviz.ui.notices.kept_bar import KeptBar
from bpviz.ui.window.main_window import MainWindow
from tests.session.helpers import SMALL
from tests.ui.conftest import OpenProgram
from tests.ui.program_driver import ProgramDriver
from tests.ui.stage import Stage
from tests.ui.user_input import click


@pytest.fixture
def bar(bare_window: MainWindow, stage: Stage) -> KeptBar:
    stage.prepare()
    return bare_window.notices.kept


def test_a_run_that_was_replaced_is_said_to_be_kept(bar: KeptBar, stage: Stage) -> None:
    assert not bar.isVisible()
    stage.tell(SessionKept(163))
    assert bar.isVisible()
    assert bar.sentence.text() == "The run of 163 epochs is kept"
    click(bar.undo)
    assert stage.commands.given[-1] == Undo()


def test_the_line_goes_with_the_next_run_and_with_the_next_network(bar: KeptBar, stage: Stage) -> None:
    stage.tell(SessionKept(1))
    assert bar.sentence.text() == "The run of 1 epoch is kept"
    stage.tell(Status(State.RUNNING, Position()))
    assert not bar.isVisible()
    stage.tell(SessionKept(1))
    stage.prepare()
    assert not bar.isVisible()


def test_both_lines_of_a_row_can_be_read(bar: KeptBar, bare_window: MainWindow, stage: Stage) -> None:
    bare_window.resize(1280, 720)
    stage.tell(SessionKept(163))
    bare_window.notices.disabled.say("3 breakpoints of the earlier experiment are disabled")
    QCoreApplication.sendPostedEvents()
    for line in (bar, bare_window.notices.disabled):
        assert line.sentence.width() >= line.sentence.fontMetrics().horizontalAdvance(line.sentence.text())
    assert bar.y() == bare_window.notices.disabled.y()


def run_epochs(driver: ProgramDriver) -> int:
    driver.run_to_end()
    return driver.position.epoch


@pytest.mark.parametrize(
    "way", ["reset", *(pytest.param(way, marks=pytest.mark.slow) for way in ("preset", "new network"))]
)
def test_undo_brings_a_run_back_whatever_replaced_it(open_program: OpenProgram, way: str) -> None:
    driver = open_program()
    driver.wait_until_ready()
    trained, before = run_epochs(driver), driver.n_prepared
    scores = driver.model.epochs.column("mse_test").copy()
    if way == "reset":
        driver.trigger("reset")
    elif way == "preset":
        driver.window.tool_bar.preset.setCurrentIndex(driver.window.tool_bar.preset.findData("xor"))
        driver.window.tool_bar._load_preset()
    else:
        driver.model.load(dataclasses.replace(SMALL, hidden=(5,), activations=("sigmoid", "sigmoid")))
    bar = driver.window.notices.kept
    driver.wait_until(lambda: driver.n_prepared > before and bar.isVisible())
    assert bar.sentence.text() == f"The run of {trained} epochs is kept"
    driver.wait_until(driver.window.actions_["undo"].isEnabled)
    assert driver.window.actions_["undo"].text() == f"&Undo (back to the run of {trained} epochs)"
    driver.trigger("undo")
    driver.wait_until(lambda: driver.model.position == Position(trained) and not bar.isVisible())
    assert list(driver.model.epochs.column("mse_test")) == list(scores)


def test_recent_runs_are_in_the_menu_and_open_without_a_file_name(
    bare_window: MainWindow, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    stage.prepare()
    menu = bare_window.recent.menu
    bare_window.recent.fill()
    assert [(each.text(), each.isEnabled()) for each in menu.actions()] == [("No run has been replaced yet", False)]
    folder = Recovery(tmp_path / "autosave").recent_folder
    folder.mkdir()
    path = folder / "2026-01-02 03-04-05 moons 2-25-2, epoch 163 0123abcd.bpviz"
    path.touch()
    bare_window.recent.fill()
    (action,) = menu.actions()
    assert action.text() == "2026-01-02 03:04, moons 2-25-2, epoch 163"
    action.trigger()
    assert stage.commands.given[-1] == OpenSession(path)
    stage.prepare()
    assert bare_window.files.source.path is None
