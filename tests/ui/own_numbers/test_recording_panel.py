"""Panel Recording: the updates of somebody's training, and the numbers of one of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.session.engine.commands import CheckRecordedUpdate, SurveyRecording
from bpviz.session.engine.events import RecordingOpened
from bpviz.session.recording.recording import Recording
from bpviz.session.recording.survey import survey_in_pieces
from bpviz.session.recording.understanding import Understood, understand
from bpviz.session.recording.verdict import check_update_in_pieces
from bpviz.ui.own_numbers import update_table
from bpviz.ui.own_numbers.number_table import FIRST, NOT_GIVEN, WRONG
from bpviz.ui.own_numbers.recording_panel import RecordingPanel
from bpviz.ui.window.main_window import MainWindow
from bpviz.ui.window.settings import Settings
from tests.session.recording.loops import (
    classifier,
    layers,
    recorded,
    train_classifier,
    train_layers,
    understood_in,
)
from tests.ui.conftest import Show
from tests.ui.layout_faults import layout_faults
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint, press


@pytest.fixture
def panel(stage: Stage, show: Show) -> RecordingPanel:
    made = RecordingPanel(stage.model)
    show(made, 560, 620)
    made.activateWindow()
    return made


@pytest.fixture
def accumulated(tmp_path: Path) -> Understood:
    network = classifier("accumulated")
    with recorded(network, tmp_path):
        train_classifier(network)
    return understood_in(tmp_path)


def of_layers(folder: Path, bug: str | None) -> Understood:
    network = layers(bug)
    with recorded(network, folder):
        train_layers(network)
    return understood_in(folder)


def answer(stage: Stage) -> None:
    """Tell what the session would, until it is asked for nothing more."""
    surveys = stage.commands.of(SurveyRecording)
    for part in survey_in_pieces(*surveys[-1]):
        if part:
            stage.tell(part)
    for found in check_update_in_pieces(*stage.commands.of(CheckRecordedUpdate)[-1]):
        if found:
            stage.tell(found)


def open_recording(stage: Stage, understood: Understood) -> None:
    stage.tell(RecordingOpened(Path("mine.bpviz"), understood))
    answer(stage)


def verdict_column(panel: RecordingPanel) -> list[str]:
    return [panel.table.text(row, update_table.VERDICT) for row in range(panel.table.rowCount())]


def test_without_a_recording_it_says_how_to_make_one(panel: RecordingPanel) -> None:
    assert panel.empty.isVisible()
    assert "bpviz.record(my_network" in panel.empty.text()


def test_it_opens_at_the_first_wrong_number_of_the_first_update_that_differs(
    panel: RecordingPanel, stage: Stage, accumulated: Understood
) -> None:
    open_recording(stage, accumulated)
    assert verdict_column(panel) == ["✓", "▶ dW 1", "✕ dW 1", "✕ dW 1"]
    assert panel.recording.index == panel.list.currentIndex().row() == 1
    assert panel.choice.key() == ("dW", 1)
    assert panel.caption() == "mine.bpviz · update 2 · dW of layer 1 · 3 × 5"
    assert panel.view.current_cell() == (0, 0)
    assert panel.numbers.text(0, 0).startswith(FIRST)
    assert "the gradients of the update before are added to those of this one" in panel.verdict.text()
    assert panel.note.text() == (
        "3-5-5-3, tanh, relu, softmax. 4 updates, all of them recorded. 3 differ, the first is update 2."
    )


def test_a_right_recording_says_so_and_stays_at_its_first_update(
    panel: RecordingPanel, stage: Stage, tmp_path: Path
) -> None:
    open_recording(stage, of_layers(tmp_path, None))
    assert panel.recording.index == 0
    assert panel.note.text().endswith("12 updates, all of them recorded. No update differs.")
    assert panel.verdict.text().startswith("Right: all ")


def test_updates_are_walked_through_by_buttons_number_and_rows(
    panel: RecordingPanel, stage: Stage, tmp_path: Path
) -> None:
    open_recording(stage, of_layers(tmp_path, "no slope"))
    assert (panel.recording.index, panel.back.isEnabled()) == (0, False)
    click(panel.forward)
    click(panel.forward)
    click(panel.back)
    assert (panel.recording.index, panel.number.value()) == (1, 2)
    panel.number.setValue(5)
    assert panel.recording.index == panel.list.currentIndex().row() == 4
    press(panel.list, Qt.Key.Key_Down)
    assert (panel.recording.index, panel.number.value()) == (5, 6)
    panel.number.setValue(12)
    answer(stage)
    assert not panel.forward.isEnabled()
    assert " of update 12: it is " in panel.verdict.text()


@pytest.mark.slow
def test_next_difference_runs_forward_to_the_next_update_beyond_the_tolerance(
    panel: RecordingPanel, stage: Stage, accumulated: Understood
) -> None:
    open_recording(stage, accumulated)
    panel.choice.show_key(("z", 1))
    click(panel.run)
    answer(stage)
    assert (panel.recording.index, panel.choice.key()) == (2, ("dW", 1))
    click(panel.run)
    assert not panel.run.isEnabled()
    click(panel.back)
    click(panel.back)
    click(panel.back)
    panel.recording.set_tolerance(1.0)
    answer(stage)
    worst = [max(row.differences.values()) for row in panel.recording.rows]
    assert [row.is_right for row in panel.recording.rows] == [value <= 1.0 for value in worst]


def test_a_tolerance_of_the_list_compares_all_again(
    panel: RecordingPanel, stage: Stage, accumulated: Understood
) -> None:
    open_recording(stage, accumulated)
    panel.tolerance.choose("1e-6")
    assert panel.recording.rows == []
    assert panel.note.text().endswith("0 compared so far, 0 differ.")
    assert stage.commands.of(SurveyRecording)[-1] == (accumulated, 1e-6)
    answer(stage)
    assert verdict_column(panel)[0] == "✓"
    assert verdict_column(panel)[1] == "▶ dW 1"


def test_it_waits_for_the_comparison_when_the_next_difference_is_not_yet_known(
    panel: RecordingPanel, stage: Stage, tmp_path: Path
) -> None:
    stage.tell(RecordingOpened(Path("mine.bpviz"), of_layers(tmp_path, "no slope")))
    panel.recording.choose(3)
    click(panel.run)
    assert panel.recording.is_looking
    answer(stage)
    assert (panel.recording.index, panel.recording.is_looking) == (4, False)


def test_theirs_ours_and_the_difference_are_shown_and_copied(
    panel: RecordingPanel, stage: Stage, tmp_path: Path
) -> None:
    open_recording(stage, of_layers(tmp_path, "no slope"))
    right = panel.numbers.right()
    assert right is not None
    theirs = panel.numbers.values
    for word, expected in (("theirs", theirs), ("ours", right), ("difference", theirs - right)):
        panel.what.choose(word)
        assert (panel.numbers.shown() == expected).all()
        panel.view.clearSelection()
        press(panel.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert QApplication.clipboard().text() == "\t".join(map(repr, expected[0].tolist()))
    assert panel.numbers.text(0, 1).startswith(WRONG)
    assert "−" in panel.readout.text()


def test_what_was_not_recorded_shows_ours_alone(panel: RecordingPanel, stage: Stage, tmp_path: Path) -> None:
    open_recording(stage, of_layers(tmp_path, None))
    panel.choice.show_key(("slope", 1))
    panel.choice.chosen.emit()
    assert panel.numbers.text(0, 0) == NOT_GIVEN
    panel.what.choose("ours")
    assert panel.numbers.text(0, 0) not in ("", NOT_GIVEN)


def test_no_number_can_be_edited(panel: RecordingPanel, stage: Stage, accumulated: Understood) -> None:
    open_recording(stage, accumulated)
    assert not panel.numbers.flags(panel.numbers.index(0, 0)) & Qt.ItemFlag.ItemIsEditable


def test_the_sentence_leads_to_the_first_wrong_number(
    panel: RecordingPanel, stage: Stage, accumulated: Understood
) -> None:
    open_recording(stage, accumulated)
    panel.choice.show_key(("z", 1))
    panel.choice.chosen.emit()
    panel.verdict.link_activated.emit("first")
    assert panel.choice.key() == ("dW", 1)


def test_an_update_that_cannot_be_compared_says_why(
    panel: RecordingPanel, stage: Stage, accumulated: Understood
) -> None:
    first, second, *_ = accumulated.recording.updates
    broken = [second.raw.weights[0] * np.nan, *second.raw.weights[1:]]
    second = replace(second, raw=replace(second.raw, weights=broken))
    open_recording(stage, understand(Recording((first, second), 2, activations=("tanh", "relu", "softmax"))))
    assert verdict_column(panel) == ["✓", "▶ start"]
    assert panel.recording.index == 1
    assert panel.verdict.text().startswith("W of layer 1 is not finite before this update")


def test_answers_about_another_recording_are_left_out(
    panel: RecordingPanel, stage: Stage, accumulated: Understood, tmp_path: Path
) -> None:
    stage.tell(RecordingOpened(Path("old.bpviz"), accumulated))
    old = [part for part in survey_in_pieces(accumulated, None) if part]
    open_recording(stage, of_layers(tmp_path, None))
    for part in old:
        stage.tell(part)
    assert len(panel.recording.rows) == 12
    assert panel.caption().startswith("mine.bpviz · update 1 ·")


@pytest.mark.slow
@pytest.mark.parametrize(("size", "scale"), [((1280, 720), 1.0), ((1440, 900), 1.5)])
def test_everything_in_it_can_be_read_and_reached_in_the_window(
    qtbot: QtBot, stage: Stage, accumulated: Understood, size: tuple[int, int], scale: float
) -> None:
    window = MainWindow(stage.model, Settings(None), preset="moons", size=size)
    qtbot.addWidget(window)
    window.appearance.set_scale(scale)
    window.show()
    stage.prepare()
    stage.step()
    open_recording(stage, accumulated)
    for workspace in ("train", "step"):
        window.actions_[f"{workspace}_layout"].trigger()
        window.docks.recording.bring_to_front()
        for _ in range(3):
            stage.model.paint_queue.finish()
            QCoreApplication.processEvents()
        stage.frame()
        lay_out_and_paint(window)
        assert window.docks.recording.is_seen
        assert (window.width(), window.height()) == size
        assert layout_faults(window) == [], workspace
        view = window.docks.recording.panel.view
        cell = view.visualRect(view.table.index(0, 0))
        assert view.viewport().rect().top() <= cell.top() <= cell.bottom() <= view.viewport().rect().bottom(), workspace
