"""A lesson recorded in the real program: moments added, saved beside the session, presented, and kept."""

import dataclasses
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from bpviz.core.metrics.metric import Metric
from bpviz.session.experiment.presets import load_preset
from bpviz.session.files.lesson_file import read_lesson_file
from bpviz.session.files.session_file import read_session
from bpviz.session.lessons.measures import UpdateMeasure
from bpviz.session.lessons.questions import Question
from bpviz.session.lessons.shipped import load_lesson
from bpviz.session.lessons.tasks import NeuronSelected, Task
from bpviz.session.training.position import Position
from bpviz.ui.lessons.lesson_panel import LessonPanel
from tests.ui.conftest import OpenProgram
from tests.ui.lessons.walking import answer_question, do_task, wait_for_scene
from tests.ui.program_driver import ProgramDriver

MAZUR = load_preset("mazur").experiment
QUESTION = Question(
    "What sign has it?", ("Positive", "Negative"), "sign", (UpdateMeasure(Metric("delta", 2, neuron=0)),)
)


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
    for button in (panel.editor.present, panel.page.next):  # both are gone or disabled then
        button.setFocus()
        button.click()
        wait_for_scene(driver, panel)
        assert panel.isAncestorOf(driver.window.focusWidget())
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
    panel.editor.save_menu.as_file.trigger()
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


def add_task_and_question(driver: ProgramDriver) -> LessonPanel:
    """Give the first of two steps a task, a question and two marked panels, by the forms."""
    record_two(driver)
    driver.trigger("lesson_record")
    panel = driver.window.docks.lesson.panel
    editor, forms = panel.editor, panel.forms
    editor.steps.setCurrentRow(0)
    editor.parts["task"].click()
    forms.task.text.setPlainText("Select a neuron of layer 2.")
    forms.task.kind.setCurrentIndex(forms.task.kind.findData("neuron"))
    forms.task.neuron.layer.choose("2")
    forms.task.put.click()
    editor.parts["question"].click()
    form = forms.question
    form.ask.setPlainText(QUESTION.ask)
    form.choices.setPlainText("\n".join(QUESTION.choices))
    form.rule.setCurrentIndex(form.rule.findData("sign"))
    form.measures.add.click()
    form.measures.fields.metric_editor.show_metric(Metric("delta", 2, neuron=0))
    form.why.setPlainText("It is {0}, so a < 1.")
    form.hide_.check("code", is_on=True)
    form.put.click()
    editor.parts["marks"].click()
    for key in tuple(forms.marks.panels.keys):
        forms.marks.panels.check(key, is_on=False)
    for key in ("formula", "network"):
        forms.marks.panels.check(key, is_on=True)
    forms.marks.put.click()
    return panel


def test_a_recorded_task_and_question_are_walked_like_those_of_a_shipped_lesson(driver: ProgramDriver) -> None:
    panel = add_task_and_question(driver)
    panel.editor.steps.setCurrentRow(0)
    panel.editor.present.click()
    wait_for_scene(driver, panel)
    do_task(driver, panel)
    answer = answer_question(driver, panel)
    assert answer is not None
    assert answer.choice == 0
    assert answer.why.endswith(", so a < 1.")
    assert "so a &lt; 1." in panel.page.question.answer.text()
    panel.page.next.click()
    wait_for_scene(driver, panel)


def test_a_recorded_question_is_presented_with_its_marked_panels(driver: ProgramDriver) -> None:
    panel = add_task_and_question(driver)
    panel.editor.steps.setCurrentRow(0)
    panel.editor.present.click()
    wait_for_scene(driver, panel)
    driver.trigger("present")
    shown = driver.window.presentation
    assert shown.panels.keys == ("formula", "network")
    assert shown.screen.caption is not None
    assert "What sign has it?   A: Positive   B: Negative" in shown.screen.caption.sentence.text()
    assert driver.window.docks.network.is_covered
    driver.trigger("next_stop")
    assert panel.answer is not None
    assert "Answer: Positive. It is 0." in shown.screen.caption.sentence.text()
    driver.trigger("next_stop")
    driver.wait_until(lambda: panel.index == 1 and panel.is_there)
    driver.trigger("present")


def test_marks_task_and_question_are_in_the_draft_of_the_next_program(
    driver: ProgramDriver, open_program: OpenProgram
) -> None:
    draft = add_task_and_question(driver).editor.lesson
    step = draft.steps[0]
    assert step.task == Task("Select a neuron of layer 2.", NeuronSelected(2))
    assert step.question == dataclasses.replace(QUESTION, why="It is {0}, so a < 1.", hide=("code",))
    assert step.scene.front == ("formula", "network")
    driver.close()
    again = open_program()
    again.wait_until_ready()
    assert again.window.docks.lesson.panel.editor.lesson == draft


def test_a_lesson_kept_in_the_session_is_offered_when_that_is_opened(
    driver: ProgramDriver, open_program: OpenProgram, tmp_path: Path
) -> None:
    panel = add_task_and_question(driver)
    path = tmp_path / "mine.bpviz"
    panel.editor.save_menu.in_session.trigger()
    (dialog,) = driver.window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()
    driver.wait_until(lambda: driver.window.files.source.path == path)
    draft = panel.editor.lesson
    assert read_session(path).lesson == draft
    assert not (tmp_path / "mine.lesson.json").exists()
    driver.close()
    again = open_program()
    again.wait_until_ready()
    again.trigger("lessons")
    panel = again.window.docks.lesson.panel
    assert panel.list.kept.isHidden()
    again.window.files.open(str(path))
    again.wait_until(lambda: not panel.list.kept.isHidden())
    panel.list.kept.click()
    wait_for_scene(again, panel)
    assert panel.lesson == draft
    do_task(again, panel)
    answer_question(again, panel)


def test_a_lesson_is_left_out_of_the_session_again(driver: ProgramDriver, tmp_path: Path) -> None:
    record_two(driver)
    driver.trigger("lesson_record")
    menu, path = driver.window.docks.lesson.panel.editor.save_menu, tmp_path / "mine.bpviz"
    assert not menu.leave_out.isEnabled()
    driver.window.files.save_as(str(path))
    driver.wait_until(lambda: driver.window.files.source.path == path)
    menu.in_session.trigger()
    driver.wait_until(lambda: read_session(path).lesson is not None and not driver.window.files.source.is_replaced)
    assert menu.leave_out.isEnabled()
    menu.leave_out.trigger()
    driver.wait_until(lambda: read_session(path).lesson is None)
    assert not menu.leave_out.isEnabled()
    assert len(driver.window.docks.lesson.panel.editor.lesson.steps) == 2


def test_a_new_session_has_no_lesson_and_undo_brings_both_back(driver: ProgramDriver) -> None:
    record_two(driver)
    lesson = driver.window.docks.lesson.panel.editor.lesson
    driver.model.time.set_lesson(lesson)
    driver.model.load(load_preset("xor").experiment)
    driver.wait_until(lambda: driver.model.experiment.dataset == "xor" and driver.model.time.lesson is None)
    driver.wait_until(lambda: driver.window.actions_["undo"].isEnabled())
    driver.trigger("undo")
    driver.wait_until(lambda: driver.model.time.lesson == lesson)
    driver.wait_until(lambda: driver.model.position == Position(2))


def test_what_is_entered_in_a_form_is_not_lost_when_another_page_is_asked_for(driver: ProgramDriver) -> None:
    record_two(driver)
    driver.trigger("lesson_record")
    panel = driver.window.docks.lesson.panel
    panel.editor.parts["question"].click()
    form = panel.forms.question
    form.ask.setPlainText("Which?")
    driver.trigger("lesson_record")
    assert panel.forms.is_open
    form.choices.setPlainText("this\nthat")
    panel.take(load_lesson("chain-rule"))
    assert panel.editor.step is not None
    assert panel.editor.step.question == Question("Which?", ("this", "that"), "stated", stated=0)
    wait_for_scene(driver, panel)


def test_a_lesson_that_no_file_can_hold_is_not_written(driver: ProgramDriver, tmp_path: Path) -> None:
    record_two(driver)
    lesson = driver.window.docks.lesson.panel.editor.lesson
    step = dataclasses.replace(lesson.steps[0], text="δ" * 4000)
    path = tmp_path / "mine.json"
    driver.window.lesson_files.save(dataclasses.replace(lesson, steps=(step,) * 99), str(path))
    assert read_lesson_file(path).steps[98].text == "δ" * 4000
    long = dataclasses.replace(step, text="学" * 4000)
    driver.window.lesson_files.save(dataclasses.replace(lesson, steps=(long,) * 99), str(path))
    assert "larger than 1 MB" in driver.window.notice.sentence.text()
    assert read_lesson_file(path).steps[98].text == "δ" * 4000
