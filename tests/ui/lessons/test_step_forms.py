"""The forms for what a step marks, its task and its question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget
from pytestqt.qtbot import QtBot

from bpviz.core.metrics.metric import Metric
from bpviz.session.experiment.presets import load_preset
from bpviz.session.lessons.lesson import Lesson, LessonStep, Scene
from bpviz.session.lessons.lesson_json import lesson_text, read_lesson
from bpviz.session.lessons.measures import EpochMeasure, UpdateMeasure
from bpviz.session.lessons.questions import Question
from bpviz.session.lessons.shipped import NAMES, load_lesson
from bpviz.session.lessons.tasks import (
    ColumnBelow,
    Condition,
    NeuronSelected,
    OperationDone,
    PositionReached,
    SampleSelected,
    Task,
)
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.operations import Operation
from bpviz.ui.lessons.forms.task_form import TaskForm
from bpviz.ui.lessons.lesson_editor import LessonEditor
from bpviz.ui.lessons.step_forms import StepForms

SCENE = Scene(load_preset("moons").experiment, "moons", Position(0, 0, 5), "step", ("formula",), 3, 1, 2)
TITLES = {"network": "Network", "formula": "Formula", "deltas": "Deltas"}


class Page:
    """An editor with a lesson of one step, and its forms."""

    def __init__(self, qtbot: QtBot) -> None:
        self.editor, self.pages = LessonEditor(), QStackedWidget()
        qtbot.addWidget(self.pages)
        self.pages.addWidget(self.editor)
        self.forms = StepForms(self.editor, self.pages)
        self.forms.titles = lambda: TITLES
        self.show(LessonStep("Look", "", SCENE))
        self.pages.show()

    def show(self, step: LessonStep) -> None:
        """Show a lesson of one step."""
        self.editor.show_draft(Lesson("Mine", "", (step,)))

    @property
    def step(self) -> LessonStep:
        """The step."""
        assert self.editor.step is not None
        return self.editor.step

    def open(self, part: str) -> None:
        """Open a form as a user does."""
        self.editor.parts[part].click()
        assert self.forms.is_open


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    return Page(qtbot)


@pytest.mark.parametrize("name", NAMES)
def test_every_part_of_every_lesson_comes_back_from_its_form_unchanged(page: Page, name: str) -> None:
    lesson = load_lesson(name)
    page.editor.show_draft(lesson)
    for index, step in enumerate(lesson.steps):
        page.editor.steps.setCurrentRow(index)
        for part in ["marks", *(["task"] if step.task else []), *(["question"] if step.question else [])]:
            page.open(part)
            getattr(page.forms, part).put.click()
            assert not page.forms.is_open, (step.heading, part)
            assert page.editor.lesson.steps[index] == step


def test_panels_are_marked_in_the_order_in_which_they_are_checked(page: Page) -> None:
    page.open("marks")
    form = page.forms.marks
    assert [form.panels.item(row).text() for row in range(3)] == ["1. Formula", "Network", "Deltas"]
    for key, is_on in (("deltas", True), ("network", True), ("formula", False)):
        form.panels.check(key, is_on=is_on)
    assert [form.panels.item(row).text() for row in range(3)] == ["Formula", "2. Network", "1. Deltas"]
    form.sample.setValue(form.sample.minimum())
    form.neuron.layer.choose("2")
    form.neuron.neuron.setValue(7)
    form.put.click()
    assert page.step.scene == replace(SCENE, front=("deltas", "network"), sample=None, layer=2, neuron=7)
    page.editor.undo.click()
    assert page.step.scene == SCENE


def test_a_panel_that_this_version_has_not_stays_marked(page: Page) -> None:
    page.show(LessonStep("Look", "", replace(SCENE, front=("hologram", "deltas"))))
    page.open("marks")
    page.forms.marks.panels.check("network", is_on=True)
    page.forms.marks.put.click()
    assert page.step.scene.front == ("hologram", "deltas", "network")


def test_too_many_panels_are_refused_in_a_sentence(page: Page) -> None:
    page.forms.titles = lambda: {f"panel {number}": f"Panel {number}" for number in range(25)}
    page.open("marks")
    for number in range(20):
        page.forms.marks.panels.check(f"panel {number}", is_on=True)
    page.forms.marks.put.click()
    assert page.forms.marks.said.text() == "A step shows at most 20 panels in front."
    assert page.step.scene == SCENE


def write_operation(page: Page) -> None:
    page.forms.task.operation.setCurrentText("delta of layer 3")
    page.forms.task.just.click()


def write_position(page: Page) -> None:
    page.forms.task.position.epoch.setValue(2)
    page.forms.task.position.operation.setValue(0)


def write_neuron(page: Page) -> None:
    page.forms.task.neuron.layer.choose("2")
    page.forms.task.neuron.neuron.setValue(0)


def write_sample(page: Page) -> None:
    page.forms.task.sample.setValue(11)


def write_column(page: Page) -> None:
    page.forms.task.column_.choose("mse_test")
    page.forms.task.below.setText("1e-2")


TASKS: list[tuple[str, Callable[[Page], None], Condition]] = [
    ("operation", write_operation, OperationDone(Operation("delta", 3), just=True)),
    ("position", write_position, PositionReached(Position(2))),
    ("neuron", write_neuron, NeuronSelected(2, 0)),
    ("sample", write_sample, SampleSelected(11)),
    ("column", write_column, ColumnBelow("mse_test", 0.01)),
]


@pytest.mark.parametrize(("kind", "write", "until"), TASKS, ids=[kind for kind, *_ in TASKS])
def test_a_task_of_each_kind_is_added_survives_a_file_and_is_removed(
    page: Page, kind: str, write: Callable[[Page], None], until: Condition
) -> None:
    page.open("task")
    form = page.forms.task
    assert form.remove.isHidden()
    form.text.setPlainText("Do it.")
    form.kind.setCurrentIndex(form.kind.findData(kind))
    write(page)
    form.put.click()
    assert page.step.task == Task("Do it.", until)
    assert read_lesson(lesson_text(page.editor.lesson)).steps[0].task == page.step.task
    assert page.editor.parts["task"].text() == "Task ✓"
    page.open("task")
    form.remove.click()
    assert page.step.task is None
    assert page.editor.parts["task"].text() == "Task"


BAD_TASKS: dict[str, tuple[str, Callable[[TaskForm], object], str]] = {
    "operation": ("Do it.", lambda form: form.operation.setCurrentIndex(0), "This is so already when the step begins"),
    "position": ("Do it.", lambda form: None, "This is so already when the step begins"),
    "neuron": ("Do it.", lambda form: form.neuron.show_neuron((2, 25), 1, None), "This is so already when the step"),
    "sample": (" ", lambda form: form.sample.setValue(4), "The task has no text: write what is to be done."),
    "column": ("Do it.", lambda form: form.below.setText("little"), "The score is compared with a number, such as"),
}


@pytest.mark.parametrize("kind", BAD_TASKS)
def test_a_bad_task_is_answered_in_a_sentence_and_the_step_stays(page: Page, kind: str) -> None:
    text, write, said = BAD_TASKS[kind]
    page.open("task")
    form = page.forms.task
    form.text.setPlainText(text)
    form.kind.setCurrentIndex(form.kind.findData(kind))
    write(form)
    form.put.click()
    assert form.said.text().startswith(said)
    assert page.step.task is None
    assert page.forms.is_open
    form.cancel.click()
    assert not page.forms.is_open


def write(area: QPlainTextEdit, text: str) -> None:
    area.setPlainText(text)


def test_a_limit_that_no_file_can_hold_is_refused(page: Page) -> None:
    page.open("task")
    form = page.forms.task
    write(form.text, "Do it.")
    form.kind.setCurrentIndex(form.kind.findData("column"))
    for text in ("nan", "inf"):
        form.below.setText(text)
        form.put.click()
        assert "must be a number" in form.said.text()
    assert page.step.task is None


def test_a_question_about_numbers_is_written_and_survives_a_file(page: Page) -> None:
    page.open("question")
    form = page.forms.question
    write(form.ask, "Is delta smaller in layer 1?")
    write(form.choices, "Layer 1\n\n Layer 4 \n")
    form.rule.setCurrentIndex(form.rule.findData("smallest"))
    numbers = form.measures
    numbers.add.click()
    numbers.fields.metric_editor.layer.choose("1")
    numbers.add.click()
    numbers.fields.metric_editor.layer.choose("4")
    numbers.add.click()
    numbers.fields.divides.click()
    numbers.fields.over.layer.choose("1")
    assert [numbers.list.item(row).text() for row in range(3)] == [
        "{0}  RMS delta of layer 1",
        "{1}  RMS delta of layer 4",
        "{2}  RMS delta of layer 4 divided by RMS delta of layer 1",
    ]
    write(form.why, "They are {0} and {1}; the ratio is {2}.")
    form.hide_.check("deltas", is_on=True)
    form.moves.click()
    form.reveal_at.operation.setValue(21)
    form.put.click()
    first, fourth = (Metric("delta", layer, "rms") for layer in (1, 4))
    assert page.step.question == Question(
        "Is delta smaller in layer 1?",
        ("Layer 1", "Layer 4"),
        "smallest",
        (UpdateMeasure(first), UpdateMeasure(fourth), UpdateMeasure(fourth, first)),
        None,
        "They are {0} and {1}; the ratio is {2}.",
        ("deltas",),
        Position(0, 0, 21),
    )
    assert read_lesson(lesson_text(page.editor.lesson)).steps[0].question == page.step.question
    assert page.editor.parts["question"].text() == "Question ✓"


def test_a_question_for_a_number_of_an_epoch_has_no_choices(page: Page) -> None:
    page.open("question")
    form = page.forms.question
    write(form.ask, "By how much does it fall?")
    write(form.choices, "left over\nfrom another rule")
    form.rule.setCurrentIndex(form.rule.findData("number"))
    assert not form.choices.isVisible()
    form.measures.add.click()
    fields = form.measures.fields
    fields.kind.choose("epoch")
    fields.column.choose("accuracy_test")
    fields.epoch.setValue(20)
    fields.since.setValue(5)
    form.put.click()
    question = page.step.question
    assert question is not None
    assert (question.choices, question.measures) == ((), (EpochMeasure("accuracy_test", 20, 5),))


def test_a_stated_answer_is_chosen_from_the_choices(page: Page) -> None:
    page.open("question")
    form = page.forms.question
    write(form.ask, "Which?")
    write(form.choices, "red\ngreen\nblue")
    form.stated.setCurrentRow(2)
    write(form.choices, "black\nred\ngreen\nblue")
    assert form.stated.currentRow() == 3
    write(form.choices, "red\ngreen\nblue")
    write(form.choices, "red\ngreen\nblue-grey")
    assert form.stated.currentItem().text() == "blue-grey"
    form.put.click()
    assert page.step.question == Question("Which?", ("red", "green", "blue-grey"), "stated", stated=2)


def no_text(page: Page) -> None:
    write(page.forms.question.ask, " ")


def one_choice(page: Page) -> None:
    write(page.forms.question.choices, "only")


def no_number(page: Page) -> None:
    page.forms.question.rule.setCurrentIndex(page.forms.question.rule.findData("number"))


def too_few_numbers(page: Page) -> None:
    page.forms.question.rule.setCurrentIndex(page.forms.question.rule.findData("largest"))
    page.forms.question.measures.add.click()


def no_such_epoch(page: Page) -> None:
    too_few_numbers(page)
    form = page.forms.question
    form.rule.setCurrentIndex(form.rule.findData("sign"))
    form.measures.fields.kind.choose("epoch")
    form.measures.fields.epoch.setValue(0)


def no_such_place(page: Page) -> None:
    write(page.forms.question.why, "It is {5}.")


def too_many_choices(page: Page) -> None:
    write(page.forms.question.choices, "\n".join("abcdefghi"))


def too_long(page: Page) -> None:
    write(page.forms.question.ask, "?" * 1001)


BAD_QUESTIONS: list[tuple[Callable[[Page], None], str]] = [
    (no_text, "The question has no text: write what you ask."),
    (one_choice, "The step, question: at least two choices are needed."),
    (no_number, "The step, question: a number needs a measure and no choices."),
    (too_few_numbers, "The step, question: largest needs 2 measures, not 1."),
    (no_such_epoch, "must be a whole number from 1 to"),
    (no_such_place, "why names a measure that there is not"),
    (too_many_choices, "may have at most 8 entries, not 9"),
    (too_long, "must be a text of at most 1,000 characters"),
]


@pytest.mark.parametrize(("spoil", "said"), BAD_QUESTIONS, ids=[spoil.__name__ for spoil, _ in BAD_QUESTIONS])
def test_a_bad_question_is_answered_in_a_sentence_and_the_step_stays(
    page: Page, spoil: Callable[[Page], None], said: str
) -> None:
    page.open("question")
    form = page.forms.question
    write(form.ask, "Which?")
    write(form.choices, "this\nthat")
    spoil(page)
    form.put.click()
    assert said in form.said.text()
    assert page.step.question is None
    assert page.forms.is_open


def test_numbers_are_moved_and_deleted(page: Page) -> None:
    page.open("question")
    numbers = page.forms.question.measures
    for layer in "123":
        numbers.add.click()
        numbers.fields.metric_editor.layer.choose(layer)
    numbers.up.click()
    assert [each.metric.layer for each in numbers.measures if isinstance(each, UpdateMeasure)] == [1, 3, 2]
    assert numbers.fields.metric_editor.layer.word() == "3"
    numbers.delete.click()
    assert [each.metric.layer for each in numbers.measures if isinstance(each, UpdateMeasure)] == [1, 2]
    for _ in range(6):
        numbers.add.click()
    assert not numbers.add.isEnabled()


def test_choosing_a_number_changes_no_other(page: Page) -> None:
    page.show(load_lesson("vanishing").steps[2])
    page.open("question")
    numbers = page.forms.question.measures
    before = list(numbers.measures)
    for row in (3, 0, 2, 1):
        numbers.list.setCurrentRow(row)
    assert numbers.measures == before


def test_a_moment_added_meanwhile_does_not_get_the_task_of_the_step_before(page: Page) -> None:
    page.open("task")
    page.editor.add_step(SCENE)
    write(page.forms.task.text, "Do it.")
    page.forms.task.kind.setCurrentIndex(page.forms.task.kind.findData("sample"))
    write_sample(page)
    page.forms.task.put.click()
    assert [step.task is not None for step in page.editor.lesson.steps] == [True, False]


def test_a_form_that_was_only_looked_at_leaves_nothing_to_undo(page: Page) -> None:
    page.show(LessonStep("Look", "", SCENE, Task("Do it.", SampleSelected(11))))
    page.open("task")
    page.forms.task.put.click()
    page.open("marks")
    page.forms.marks.put.click()
    assert not page.editor.undo.isEnabled()
