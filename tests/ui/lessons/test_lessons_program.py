"""Lessons in the real program, walked from the first step to the last."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QFileDialog

from bpviz.session.experiment.presets import load_preset
from bpviz.session.lessons.lesson import Lesson, LessonStep, Scene
from bpviz.session.lessons.measures import EpochMeasure
from bpviz.session.lessons.questions import Question
from bpviz.session.lessons.shipped import NAMES, load_lesson
from bpviz.session.training.position import Position
from bpviz.ui.window.status_line import StatusLine
from tests.session.lessons.test_claims import ANSWERS
from tests.ui.conftest import OpenProgram
from tests.ui.lessons.walking import open_lesson, wait_for_scene, walk
from tests.ui.program_driver import ProgramDriver


@pytest.fixture
def driver(open_program: OpenProgram) -> ProgramDriver:
    made = open_program()
    made.wait_until_ready()
    return made


def test_the_chain_rule_is_walked_with_mazurs_numbers(driver: ProgramDriver) -> None:
    answers = [answer.text for answer in walk(driver, "chain-rule") if answer]
    assert answers == ANSWERS["chain-rule"]
    epochs = driver.model.epochs.column("mse_train")
    assert f"{epochs[0]:.4f}" == "0.2910"
    assert epochs[-1] < 0.001


def test_one_key_returns_to_the_step_with_its_panels_and_its_network(driver: ProgramDriver) -> None:
    panel = open_lesson(driver, "chain-rule")
    panel.take(load_lesson("chain-rule"), "chain-rule", 4)
    wait_for_scene(driver, panel)
    driver.window.actions_["train_layout"].trigger()
    driver.model.load(load_preset("xor").experiment)
    driver.wait_until(lambda: driver.model.experiment.dataset == "xor" and driver.model.position == Position())
    assert not driver.window.docks.lesson.isHidden()
    driver.trigger("lesson_return")
    wait_for_scene(driver, panel)
    assert not driver.window.docks.formula.isHidden()
    assert driver.window.docks.operands.is_covered


@pytest.mark.slow
def test_a_lesson_keeps_the_run_that_it_replaces(driver: ProgramDriver) -> None:
    driver.run_to_end()
    before = driver.model.experiment
    panel = open_lesson(driver, "chain-rule")
    wait_for_scene(driver, panel)
    driver.wait_until(lambda: driver.window.actions_["undo"].isEnabled())
    driver.trigger("undo")
    driver.wait_until(lambda: driver.model.experiment == before and len(driver.model.epochs) == before.epochs)


@pytest.mark.slow
def test_progress_is_kept_from_one_program_to_the_next(driver: ProgramDriver, open_program: OpenProgram) -> None:
    panel = open_lesson(driver, "chain-rule")
    wait_for_scene(driver, panel)
    panel.page.next.click()
    wait_for_scene(driver, panel)
    panel.page.list.click()
    assert panel.list.states["chain-rule"].text() == "Step 2 of 11"
    assert not driver.window.actions_["lesson_return"].isEnabled()
    driver.close()
    again = open_program()
    again.wait_until_ready()
    panel = open_lesson(again, "chain-rule")
    assert panel.index == 1
    wait_for_scene(again, panel)


@pytest.mark.slow
def test_hands_are_counted_in_place_of_a_choice(driver: ProgramDriver) -> None:
    panel = open_lesson(driver, "chain-rule")
    panel.take(load_lesson("chain-rule"), "", 4)
    wait_for_scene(driver, panel)
    box = panel.page.question
    box.count_hands.click()
    for hands, count in zip(box.hands, (12, 5), strict=True):
        hands.setValue(count)
    box.reveal.click()
    driver.wait_until(lambda: not box.answer.isHidden())
    assert box.answer.text().startswith("<b>Positive</b>. The output is larger than its target")
    assert box.answer.text().endswith("12 of 17 hands had it right.")


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name != "chain-rule"])
def test_a_lesson_is_walked_to_its_end(driver: ProgramDriver, name: str) -> None:
    assert [answer.text for answer in walk(driver, name) if answer] == ANSWERS[name]


def test_a_saved_lesson_is_changed_and_taken_from_its_file(driver: ProgramDriver, tmp_path: Path) -> None:
    panel = open_lesson(driver, "xor")
    wait_for_scene(driver, panel)
    path = tmp_path / "mine.json"
    driver.trigger("lesson_save")
    (dialog,) = driver.window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()
    values = json.loads(path.read_text(encoding="utf-8"))
    values["steps"][0]["heading"] = "What do you expect?"
    path.write_text(json.dumps(values), encoding="utf-8")
    panel.page.list.click()
    driver.window.lesson_files.open(str(path))
    wait_for_scene(driver, panel)
    assert panel.page.heading.text() == "What do you expect?"
    assert panel.page.progress.text().endswith("step 1 of 10")
    assert panel.progress["xor"] == 1  # a file's own progress is not kept, and that of the shipped lesson stays


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "reason"),
    [("{", "JSON"), ('{"title": "t", "steps": [{"heading": "h"}]}', "step 1"), (None, "no such file")],
)
def test_a_file_that_is_no_lesson_is_refused_in_a_sentence(
    driver: ProgramDriver, tmp_path: Path, text: str | None, reason: str
) -> None:
    path = tmp_path / "mine.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    panel = open_lesson(driver, "xor")
    wait_for_scene(driver, panel)
    driver.window.lesson_files.open(str(path))
    said = driver.window.notice.sentence.text()
    assert str(path) in said
    assert reason in said
    assert panel.lesson == load_lesson("xor")


def test_while_a_delta_is_asked_no_panel_export_or_line_shows_it(driver: ProgramDriver) -> None:
    panel = open_lesson(driver, "chain-rule")
    index = next(n for n, step in enumerate(load_lesson("chain-rule").steps) if step.heading == "The sign of a delta")
    panel.take(load_lesson("chain-rule"), "", index)
    wait_for_scene(driver, panel)
    window = driver.window
    shown = {dock.objectName() for dock in window.docks.all if not dock.is_covered}
    assert shown == {"formula", "code", "operations", "lesson", "experiment", "find_bug"}
    assert window.docks.step.panel.title_line.caption.isHidden()  # "loss 0.29 -> 0.28"
    for name in ("copy_numbers", "copy_latex", "copy_update_latex", "export_history"):
        assert not window.actions_[name].isEnabled(), name
    while driver.position.operation < 8:
        driver.step("step_into")  # looking ahead does not help
    driver.wait_until(lambda: window.docks.formula.is_covered)
    panel.page.list.click()
    assert not any(dock.is_covered for dock in window.docks.all)
    assert not window.docks.step.panel.title_line.caption.isHidden()
    assert window.actions_["copy_latex"].isEnabled()


def test_while_an_epoch_is_asked_scores_and_losses_are_left_out(driver: ProgramDriver) -> None:
    panel = open_lesson(driver, "chain-rule")
    question = Question("How large?", (), "number", (EpochMeasure("mse_train", 3),), why="It is {0}.")
    scene = Scene(load_preset("mazur").experiment, "mazur", Position(4))
    panel.take(Lesson("One", "", (LessonStep("Asked", "Before it is trained.", scene, question=question),)))
    wait_for_scene(driver, panel)
    track, status = driver.window.timeline.track, driver.window.statusBar()
    assert isinstance(status, StatusLine)
    end = QPointF(track.scale.x(Position(4)), 20.0)
    assert status.scores.text() == ""
    assert track.tooltip_at(end) == "epoch 4"
    assert driver.window.docks.curves.is_covered
    assert not driver.window.docks.network.is_covered
    box = panel.page.question
    box.number.setText("0.1")
    box.reveal.click()
    driver.wait_until(box.reveal.isHidden)
    assert "MSE train" in status.scores.text()
    assert "train MSE" in track.tooltip_at(end)


def test_an_answer_is_not_read_off_another_update(driver: ProgramDriver) -> None:
    lesson = load_lesson("one-neuron")
    index = next(n for n, step in enumerate(lesson.steps) if step.heading == "The direction of learning")
    panel = open_lesson(driver, "one-neuron")
    panel.take(lesson, "", index)
    wait_for_scene(driver, panel)
    for _ in range(2):
        driver.step("finish_sample")
    driver.step("step_into")
    box = panel.page.question
    box.choices.button(1).click()
    box.reveal.click()
    assert "return to this step" in box.answer.text()
    assert driver.window.docks.deltas.is_covered
    driver.trigger("lesson_return")
    wait_for_scene(driver, panel)
    box.choices.button(1).click()
    box.reveal.click()
    driver.wait_until(box.reveal.isHidden)
    assert box.answer.text().startswith("Right: <b>Negative</b>")
