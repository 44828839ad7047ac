"""Walks through a lesson in the real program: does its tasks, and answers its questions."""

from __future__ import annotations

from bpviz.session.engine.commands import Run
from bpviz.session.engine.events import State
from bpviz.session.lessons.questions import Answer, right_answer
from bpviz.session.lessons.tasks import ColumnBelow, NeuronSelected, OperationDone, PositionReached, SampleSelected
from bpviz.ui.lessons.lesson_panel import LessonPanel
from tests.ui.program_driver import ProgramDriver


def open_lesson(driver: ProgramDriver, name: str) -> LessonPanel:
    """Begin a lesson from the list, as a user does."""
    driver.trigger("lessons")
    panel = driver.window.docks.lesson.panel
    panel.list.buttons[name].click()
    return panel


def wait_for_scene(driver: ProgramDriver, panel: LessonPanel) -> None:
    """Wait until a step is set up, and check that the program shows what the step says."""
    step = panel.step
    assert step is not None
    scene = step.scene
    driver.wait_until(lambda: panel.is_there and panel.director.situation().update is not None)
    assert scene.trains(driver.model.experiment)
    assert driver.position == scene.position
    driver.wait_until(lambda: driver.model.status.state is not State.RUNNING and not driver.model.is_moving)
    chosen = driver.model.selection
    wanted = {name: value for name in ("sample", "layer", "neuron") if (value := getattr(scene, name)) is not None}
    assert {name: getattr(chosen, name) for name in wanted} == wanted, step.heading
    for key in scene.front:
        (dock,) = [dock for dock in driver.window.docks.all if dock.objectName() == key]
        assert not dock.isHidden(), key


def do_task(driver: ProgramDriver, panel: LessonPanel) -> None:
    """Do what a step asks for by the program's own means, and see that it is noticed."""
    task = panel.step.task if panel.step else None
    if task is None:
        return
    assert "To do" in panel.page.task.text(), task.text
    match task.until:
        case OperationDone():
            while not task.until.holds(panel.director.situation()):
                driver.step("step_into")
        case PositionReached(position):
            if position.sample:
                driver.step("finish_sample")
            else:
                driver.model.step("epoch", position.epoch - driver.position.epoch)
        case NeuronSelected(layer, neuron):
            driver.model.select(layer=layer, neuron=neuron or 0)
        case SampleSelected(sample):
            driver.model.select(sample=sample)
        case ColumnBelow():
            driver.model.set_speed(None)
            driver.model.post(Run())
    driver.wait_until(lambda: "Done" in panel.page.task.text())


def answer_question(driver: ProgramDriver, panel: LessonPanel) -> Answer | None:
    """Predict, reveal, and return the right answer, with which the prediction agrees if it can be known before."""
    question = panel.step.question if panel.step else None
    if question is None:
        return None
    box = panel.page.question
    hidden = [dock for dock in driver.window.docks.all if dock.objectName() in question.hide]
    assert len(hidden) == len(question.hide)
    assert all(dock.is_covered for dock in hidden)
    assert all(dock.is_covered == panel.withheld.hides(dock.objectName()) for dock in driver.window.docks.all)
    assert not box.reveal.isEnabled()
    if question.choices:
        box.choices.button(0).click()
    else:
        box.number.setText("0.5")
    before = right_answer(question, panel.director.situation())
    box.reveal.click()
    driver.wait_until(box.reveal.isHidden)
    assert not any(dock.is_covered for dock in driver.window.docks.all)
    answer = before or right_answer(question, panel.director.situation())
    assert answer is not None, question.ask
    assert answer.text in box.answer.text()
    return answer


def walk(driver: ProgramDriver, name: str) -> list[Answer | None]:
    """Walk through all of a lesson, and return the right answer of each step, None where nothing was asked."""
    panel = open_lesson(driver, name)
    answers = []
    while True:
        wait_for_scene(driver, panel)
        do_task(driver, panel)
        answers.append(answer_question(driver, panel))
        if not panel.page.next.isEnabled():
            return answers
        panel.page.next.click()
