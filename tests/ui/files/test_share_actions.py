"""Copying and pasting an experiment with its position."""

import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bpviz.session.engine.commands import Load
from bpviz.session.engine.events import State
from bpviz.session.training.position import Position
from bpviz.ui.window.main_window import MainWindow
from tests.session.helpers import SMALL
from tests.ui.conftest import OpenProgram
from tests.ui.stage import Stage


@pytest.mark.slow
@pytest.mark.parametrize("command", ["copy_command", "copy_text"])
@pytest.mark.parametrize(
    "position",
    [Position(1, 4, 3), *(pytest.param(each, marks=pytest.mark.slow) for each in (Position(2), Position(1, 4)))],
)
def test_what_is_copied_brings_experiment_and_position_back(
    open_program: OpenProgram, command: str, position: Position
) -> None:
    program = open_program()
    program.wait_until_ready()
    changed = dataclasses.replace(SMALL, seed=5, learning_rate=0.03)
    program.window.model.load(changed)
    program.wait_until(lambda: program.window.model.experiment == changed)
    program.wait_for_state(State.PAUSED)
    program.window.exports.share.go_to(position)
    program.window.model.load(changed)
    program.wait_until(lambda: program.position == position and not program.window.model.is_running)
    parameters = program.window.model.experiment
    program.trigger(command)
    program.window.model.load(SMALL)
    program.wait_until(lambda: program.window.model.experiment == SMALL and program.position == Position())
    program.trigger("paste_experiment")
    program.wait_until(lambda: program.window.model.experiment == parameters and program.position == position)


def test_a_wrong_text_is_answered_by_a_sentence_and_loads_nothing(main_window: MainWindow, stage: Stage) -> None:
    stage.prepare()
    QApplication.clipboard().setText("hello")
    main_window.actions_["paste_experiment"].trigger()
    assert main_window.notice.sentence.text().startswith("This is no experiment of bpviz")
    assert stage.commands.of(Load) == []


def test_ctrl_v_pastes_where_no_text_field_has_the_focus(main_window: MainWindow, stage: Stage) -> None:
    stage.prepare()
    QApplication.clipboard().setText("bpviz --preset xor")
    main_window.step_bar.show()
    main_window.step_bar.sample.setFocus()
    QTest.keyClick(main_window.step_bar.sample, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert stage.commands.of(Load) == []
    main_window.docks.curves.panel.plot.setFocus()
    QTest.keyClick(main_window.docks.curves.panel.plot, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert [each.dataset for each in stage.commands.of(Load)] == ["xor"]


def test_what_is_not_in_the_line_is_said(main_window: MainWindow, stage: Stage) -> None:
    stage.prepare(SMALL)
    branch = dataclasses.replace(
        stage.tell_timeline().branches[0], interventions=((Position(0), "W of layer 1 edited"),)
    )
    stage.tell_timeline(branch)
    main_window.actions_["copy_command"].trigger()
    assert QApplication.clipboard().text().startswith("bpviz --preset")
    assert "is not in what was copied" in main_window.notice.sentence.text()
