"""Lessons when the program starts again in another language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSettings

from bpviz.language import ENGLISH, choose, tell_system
from bpviz.session.experiment.presets import load_preset
from bpviz.session.lessons.lesson import Lesson, LessonStep, Scene
from bpviz.session.lessons.questions import Question
from bpviz.session.lessons.shipped import load_lesson
from bpviz.ui.languages.language_menu import KEY
from bpviz.ui.lessons.lesson_panel import LessonPanel
from bpviz.ui.presentation.lesson_stops import LessonStops
from tests.ui.conftest import OpenProgram
from tests.ui.lessons.walking import open_lesson, wait_for_scene
from tests.ui.program_driver import ProgramDriver


@pytest.fixture(autouse=True)
def _english_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setattr("bpviz.language._Chosen.of_system", "")
    yield
    choose(ENGLISH)
    tell_system()


@pytest.fixture
def driver(open_program: OpenProgram) -> ProgramDriver:
    made = open_program(load_preset("mazur").experiment)
    made.wait_until_ready()
    return made


def start_again(driver: ProgramDriver) -> LessonPanel:
    """Start again in Chinese, as *Restart now* does."""
    QSettings().setValue(KEY, "zh_CN")
    driver.window.restart.begin()
    driver.wait_until(lambda: not driver.window.isVisible())
    choose("zh_CN")
    driver.reopen()
    driver.wait_until_ready()
    panel: LessonPanel = driver.window.docks.lesson.panel
    return panel


def test_recording_goes_on_at_the_chosen_step_and_undo_reaches_back(driver: ProgramDriver) -> None:
    driver.trigger("lesson_record")
    editor = driver.window.docks.lesson.panel.editor
    for _ in range(3):
        driver.trigger("lesson_add")
    editor.steps.setCurrentRow(2)
    editor.heading.setText("Look")
    editor.heading.textEdited.emit("Look")
    editor.delete.click()
    editor.steps.setCurrentRow(0)
    draft = editor.lesson
    panel = start_again(driver)
    assert panel.editor.lesson == draft
    assert panel.pages.currentWidget() is panel.editor
    assert not driver.window.docks.lesson.isHidden()
    assert panel.editor.index == 0
    panel.editor.undo.click()
    assert [step.heading for step in panel.editor.lesson.steps][-1] == "Look"


def test_a_complete_form_is_put_into_the_step_and_an_incomplete_one_is_not(driver: ProgramDriver) -> None:
    driver.trigger("lesson_record")
    panel = driver.window.docks.lesson.panel
    driver.trigger("lesson_add")
    panel.editor.parts["question"].click()
    panel.forms.question.ask.setPlainText("Which?")
    panel.forms.question.choices.setPlainText("this\nthat")
    panel = start_again(driver)
    assert panel.editor.step is not None
    assert panel.editor.step.question == Question("Which?", ("this", "that"), "stated", stated=0)
    panel.editor.parts["task"].click()
    panel = start_again(driver)
    assert panel.editor.step is not None
    assert panel.editor.step.task is None
    assert panel.pages.currentWidget() is panel.editor


def test_a_lesson_that_is_taken_goes_on_in_the_other_language_where_the_user_is(driver: ProgramDriver) -> None:
    panel = open_lesson(driver, "chain-rule")
    wait_for_scene(driver, panel)
    panel.page.next.click()
    wait_for_scene(driver, panel)
    assert panel.step is not None
    scene = panel.step.scene
    driver.step("finish_sample")
    driver.wait_until(lambda: driver.position > scene.position)
    here = driver.position
    panel = start_again(driver)
    assert panel.index == 1
    assert panel.page.heading.text() == load_lesson("chain-rule").steps[1].heading  # in Chinese
    assert not panel.page.heading.text().isascii()
    driver.wait_until(lambda: driver.model.position == here)
    assert not panel.director.is_on_its_way
    assert driver.window.actions_["lesson_return"].isEnabled()
    driver.trigger("lesson_return")
    wait_for_scene(driver, panel)
    assert driver.position == scene.position


def test_an_open_question_stays_covered_and_can_be_answered(driver: ProgramDriver) -> None:
    panel = open_lesson(driver, "chain-rule")
    panel.take(load_lesson("chain-rule"), "chain-rule", 4)
    wait_for_scene(driver, panel)
    assert driver.window.docks.deltas.is_covered
    panel = start_again(driver)
    assert panel.is_asking
    assert driver.window.docks.deltas.is_covered
    driver.wait_until(lambda: panel.director.is_at_scene)
    panel.page.question.choices.button(0).click()
    panel.page.question.reveal.click()
    driver.wait_until(panel.page.question.reveal.isHidden)
    assert not driver.window.docks.deltas.is_covered


def test_what_a_lecturer_has_written_is_never_translated(driver: ProgramDriver) -> None:
    choose("zh_CN")
    scene = Scene(load_preset("mazur").experiment, "mazur")
    question = Question("Number", ("Yes", "Network"), "stated", stated=0)
    panel = driver.window.docks.lesson.panel
    panel.take(Lesson("Lesson", "", (LessonStep("Network", "Layer", scene, question=question),)))
    stop = LessonStops(panel).now()
    assert (stop.heading, stop.text, stop.asked) == ("Network", "Layer", "Number   A: Yes   B: Network")
    wait_for_scene(driver, panel)
