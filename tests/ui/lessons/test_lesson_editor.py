"""The page on which a lesson is recorded."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from bpviz.session.experiment.presets import load_preset
from bpviz.session.lessons import editing
from bpviz.session.lessons.lesson import Lesson, Scene
from bpviz.session.lessons.lesson_json import MOST_STEPS
from bpviz.session.training.position import Position
from bpviz.ui.lessons.lesson_editor import LessonEditor

SCENE = Scene(load_preset("mazur").experiment, "mazur", Position(0, 0, 5))


@pytest.fixture
def editor(qtbot: QtBot) -> LessonEditor:
    made = LessonEditor()
    qtbot.addWidget(made)
    for _ in range(3):
        made.add_step(SCENE)
    for index, heading in enumerate("abc"):
        made.steps.setCurrentRow(index)
        type_over(made.heading, heading)
    return made


def type_over(field: QLineEdit, text: str) -> None:
    field.selectAll()
    QTest.keyClicks(field, text)


def headings(editor: LessonEditor) -> str:
    return "".join(step.heading for step in editor.lesson.steps)


def test_a_step_is_added_after_the_chosen_one(editor: LessonEditor) -> None:
    editor.steps.setCurrentRow(0)
    editor.add_step(SCENE)
    assert [step.heading[0] for step in editor.lesson.steps] == ["a", "S", "b", "c"]
    assert editor.index == 1


def test_steps_move_and_the_chosen_one_stays_chosen(editor: LessonEditor) -> None:
    editor.steps.setCurrentRow(2)
    editor.up.click()
    assert (headings(editor), editor.index, editor.step and editor.step.heading) == ("acb", 1, "c")
    editor.up.click()
    assert (headings(editor), editor.up.isEnabled()) == ("cab", False)
    editor.down.click()
    assert headings(editor) == "acb"


def test_a_deleted_step_and_a_lesson_that_was_left_come_back(editor: LessonEditor) -> None:
    editor.steps.setCurrentRow(1)
    editor.delete.click()
    assert headings(editor) == "ac"
    editor.new.click()
    assert editor.lesson == editing.EMPTY
    editor.undo.click()
    editor.undo.click()
    assert headings(editor) == "abc"


def test_every_change_is_told_at_once(editor: LessonEditor) -> None:
    told: list[Lesson] = []
    editor.changed.connect(told.append)
    editor.steps.setCurrentRow(1)
    QTest.keyClicks(editor.notes, "Say")
    type_over(editor.title, "T")
    editor.delete.click()
    assert [len(each.steps) for each in told] == [3, 3, 3, 3, 2]
    assert told[2].steps[1].text == "Say"
    assert told[3].title == "T"


def test_an_empty_title_is_refused_and_the_old_one_kept(editor: LessonEditor) -> None:
    editor.steps.setCurrentRow(1)
    type_over(editor.heading, " ")
    assert headings(editor) == "abc"
    assert "until then it stays “b”" in editor.said.text()
    QTest.keyClicks(editor.heading, "x")
    assert [step.heading for step in editor.lesson.steps] == ["a", " x", "c"]
    assert "Kept as a draft" in editor.said.text()


def test_notes_that_are_too_long_lose_nothing_that_was_there(editor: LessonEditor) -> None:
    editor.steps.setCurrentRow(0)
    QTest.keyClicks(editor.notes, "before")
    editor.notes.insertPlainText("x" * 4000)
    assert editor.notes.toPlainText() == "before"
    assert editor.lesson.steps[0].text == "before"
    assert "at most 4,000" in editor.said.text()


def test_choosing_a_step_changes_no_other(editor: LessonEditor) -> None:
    editor.steps.setCurrentRow(0)
    QTest.keyClicks(editor.notes, "first")
    before = editor.lesson
    for index in (1, 2, 0, 1):
        editor.steps.setCurrentRow(index)
    assert editor.lesson == before
    assert editor.notes.toPlainText() == ""


def test_without_steps_there_is_nothing_to_present_or_save(editor: LessonEditor) -> None:
    editor.new.click()
    for button in (editor.present, editor.delete, editor.up, editor.down, editor.again, *editor.parts.values()):
        assert not button.isEnabled(), button.text()
    assert not any(action.isEnabled() for action in editor.save_menu.actions() if not action.isSeparator())


def test_a_lesson_that_is_full_says_so(editor: LessonEditor) -> None:
    editor.show_draft(Lesson("Full", "", editor.lesson.steps[:1] * MOST_STEPS))
    assert not editor.add_step(SCENE)
    assert "at most 100 steps" in editor.said.text()
    assert len(editor.lesson.steps) == MOST_STEPS
