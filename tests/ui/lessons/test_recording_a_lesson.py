"""A lesson recorded in the real program: moments added, saved beside the session, presented, and kept."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from bpviz.session.experiment.presets import load_preset
from bpviz.session.files.lesson_file import read_lesson_file
from bpviz.session.training.position import Position
from tests.ui.conftest import OpenProgram
from tests.ui.lessons.walking import wait_for_scene
from tests.ui.program_driver import ProgramDriver

MAZUR = load_preset("mazur").experiment


@pytest.fixture
def driver(open_program: OpenProgram) -> ProgramDriver:
    made = open_program()
    made.wait_until_ready()
    made.model.load(MAZUR)
    made.wait_until(lambda: made.model.position == Position() and made.model.experiment == MAZUR)
    return made


def record_two(driver: ProgramDriver) -> None:
    """Add two moments: after the third operation with a neuron selected, and after two epochs."""
    driver.trigger("step_layout")
    for _ in range(3):
        driver.step("step_into")
    driver.model.select(layer=1, neuron=1)
    driver.trigger("lesson_add")
    driver.model.step("epoch", 2)
    driver.wait_until(lambda: driver.model.position == Position(2))
    driver.trigger("train_layout")
    driver.trigger("lesson_add")


def test_recorded_moments_are_presented_as_they_were(driver: ProgramDriver) -> None:
    record_two(driver)
    driver.trigger("lesson_record")
    panel = driver.window.docks.lesson.panel
    first, second = (step.scene for step in panel.editor.lesson.steps)
    assert (first.position, first.workspace, first.layer, first.neuron) == (Position(0, 0, 3), "step", 1, 1)
    assert (second.position, second.workspace) == (Position(2), "train")
    assert "formula" in first.front
    assert "curves" in second.front
    panel.editor.steps.setCurrentRow(0)
    panel.editor.present.click()
    wait_for_scene(driver, panel)
    panel.page.next.click()
    wait_for_scene(driver, panel)
    panel.page.edit.click()
    assert (panel.editor.isVisible(), panel.editor.index) == (True, 1)


def test_the_draft_is_there_again_after_the_program_was_closed(
    driver: ProgramDriver, open_program: OpenProgram
) -> None:
    record_two(driver)
    draft = driver.window.docks.lesson.panel.editor.lesson
    driver.close()
    again = open_program()
    again.wait_until_ready()
    again.trigger("lessons")
    panel = again.window.docks.lesson.panel
    assert panel.editor.lesson == draft
    assert panel.list.own_state.text() == "A draft of 2 steps"


def test_a_lesson_saved_beside_the_session_is_offered_with_it(driver: ProgramDriver, tmp_path: Path) -> None:
    record_two(driver)
    session = tmp_path / "mine.bpviz"
    driver.window.files.save_as(str(session))
    driver.wait_until(session.is_file)
    driver.wait_until(lambda: driver.window.files.source.path == session)
    driver.trigger("lesson_record")
    panel = driver.window.docks.lesson.panel
    panel.editor.save.click()
    (dialog,) = driver.window.findChildren(QFileDialog)
    beside = tmp_path / "mine.lesson.json"
    assert dialog.selectedFiles() == [str(beside)]
    dialog.fileSelected.emit(str(beside))
    dialog.close()
    assert read_lesson_file(beside) == panel.editor.lesson
    panel.editor.list.click()
    assert not panel.list.beside.isHidden()
    panel.list.beside.click()
    wait_for_scene(driver, panel)
    assert panel.lesson == panel.editor.lesson


def test_a_run_that_was_changed_by_hand_is_refused_in_a_sentence(driver: ProgramDriver) -> None:
    driver.step()
    driver.model.select(sample=0)
    driver.trigger("step_chosen")  # out of turn
    driver.wait_until(lambda: driver.window.actions_["undo"].isEnabled())
    driver.trigger("lesson_add")
    assert "changed by hand" in driver.window.notice.sentence.text()
    assert not driver.window.docks.lesson.panel.editor.lesson.steps


def test_a_scene_is_taken_again_and_what_a_step_says_stays(driver: ProgramDriver) -> None:
    record_two(driver)
    driver.trigger("lesson_record")
    editor = driver.window.docks.lesson.panel.editor
    editor.notes.setPlainText("Look at z.")
    editor.again.click()
    driver.model.step("epoch", 1)
    driver.wait_until(lambda: driver.model.position == Position(3))
    editor.again.click()
    assert editor.lesson.steps[1].scene.position == Position(3)
    assert editor.lesson.steps[1].text == "Look at z."
