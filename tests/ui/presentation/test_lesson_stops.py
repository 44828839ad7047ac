"""A lesson in a presentation: its steps and the answers to its questions are the stops."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import QCoreApplication, Qt

from bpviz.core.metrics.metric import Metric
from bpviz.session.engine.commands import GoTo
from bpviz.session.engine.events import State
from bpviz.session.experiment.presets import load_preset
from bpviz.session.lessons.lesson import Lesson, LessonStep, Scene
from bpviz.session.lessons.measures import UpdateMeasure
from bpviz.session.lessons.questions import Question
from bpviz.session.training.position import Position
from bpviz.ui.lessons.lesson_panel import LessonPanel
from bpviz.ui.presentation.presentation import Presentation
from bpviz.ui.window.main_window import MainWindow
from tests.session.helpers import SMALL
from tests.ui.presentation.settling import settle
from tests.ui.stage import Stage
from tests.ui.user_input import press

Key = Qt.Key


def measure(quantity: str) -> UpdateMeasure:
    return UpdateMeasure(Metric(quantity, layer=2, neuron=0))


SCENE = Scene(SMALL, front=("network", "formula"), layer=2, neuron=0)
QUESTION = Question(
    "Is delta larger than slope?",
    ("Yes", "No"),
    "above",
    (measure("delta"), measure("slope")),
    why="They are {0} and {1}.",
    hide=("operands",),
)
LESSON = Lesson(
    "A lesson",
    "About deltas.",
    (
        LessonStep("The network", "It has two layers. Each has weights.", SCENE),
        LessonStep("The delta", "It comes from the error.", dataclasses.replace(SCENE, front=()), question=QUESTION),
        LessonStep("The loss", "It falls.", dataclasses.replace(SCENE, front=("curves",), workspace="train")),
    ),
)


@pytest.fixture
def lesson(main_window: MainWindow, stage: Stage) -> LessonPanel:
    """The lesson at its first step, in the window before the presentation."""
    stage.prepare(SMALL)
    stage.tell_timeline()
    stage.show_update(0)
    main_window.activateWindow()
    QCoreApplication.processEvents()  # keys reach the window that is active
    panel = main_window.docks.lesson.panel
    panel.take(LESSON)
    return panel


@pytest.fixture
def shown(lesson: LessonPanel, main_window: MainWindow) -> Presentation:
    press(main_window, Key.Key_F12)
    settle(main_window)
    return main_window.presentation


def caption(shown: Presentation) -> tuple[str, str]:
    assert shown.screen.caption is not None
    return shown.screen.caption.heading.text(), shown.screen.caption.sentence.text()


@pytest.mark.slow
def test_the_step_marks_the_panels_and_says_its_text(shown: Presentation, main_window: MainWindow) -> None:
    assert shown.panels.keys == ("network", "formula")
    assert caption(shown) == ("The network  ·  1 of 3", "It has two layers. Each has weights.")
    assert not main_window.docks.lesson.isVisible()


def test_a_question_is_asked_answered_and_left(shown: Presentation, main_window: MainWindow) -> None:
    press(main_window, Key.Key_PageDown)
    heading, text = caption(shown)
    assert heading == "The delta  ·  2 of 3"
    assert text.endswith("Is delta larger than slope?   A: Yes   B: No")
    assert main_window.docks.operands.is_covered
    press(main_window, Key.Key_PageDown)
    assert caption(shown)[0] == "The delta  ·  2 of 3"
    assert "They are" in caption(shown)[1]
    assert not main_window.docks.operands.is_covered
    press(main_window, Key.Key_PageDown)
    assert caption(shown) == ("The loss  ·  3 of 3", "It falls.")
    press(main_window, Key.Key_PageDown)
    assert shown.over.banner.text() == "PgDown   This is the last stop"


@pytest.mark.slow
def test_back_from_an_answer_asks_again(shown: Presentation, main_window: MainWindow, lesson: LessonPanel) -> None:
    for _ in range(2):
        press(main_window, Key.Key_PageDown)
    assert lesson.answer
    press(main_window, Key.Key_PageUp)
    assert lesson.is_asking
    assert "They are" not in caption(shown)[1]
    press(main_window, Key.Key_PageUp)
    assert lesson.index == 0
    press(main_window, Key.Key_PageUp)
    assert shown.over.banner.text() == "PgUp   This is the first stop"


@pytest.mark.slow
def test_an_answer_at_another_position_comes_when_the_session_is_there(
    lesson: LessonPanel, main_window: MainWindow, stage: Stage
) -> None:
    question = dataclasses.replace(QUESTION, reveal_at=Position(1))
    steps = (dataclasses.replace(LESSON.steps[1], question=question), LESSON.steps[2])
    stage.train(1)
    stage.tell_timeline()
    lesson.take(dataclasses.replace(LESSON, steps=steps))
    stage.tell(dataclasses.replace(stage.model.status, position=Position(0), is_live=False))
    press(main_window, Key.Key_F12)
    press(main_window, Key.Key_PageDown)
    assert stage.commands.of(GoTo)[-1] == Position(1)
    stage.become(State.PAUSED)
    assert "They are" not in caption(main_window.presentation)[1]
    stage.show_update(0)
    assert "They are" in caption(main_window.presentation)[1]


@pytest.mark.slow
def test_a_step_without_marked_panels_leaves_those_of_the_lecturer(
    shown: Presentation, main_window: MainWindow
) -> None:
    press(main_window, Key.Key_S)
    press(main_window, Key.Key_3)
    press(main_window, Key.Key_PageDown)
    assert shown.panels.keys == ("curves",)


@pytest.mark.slow
def test_a_step_with_a_workspace_shows_its_panel_alone(shown: Presentation, main_window: MainWindow) -> None:
    for _ in range(3):
        press(main_window, Key.Key_PageDown)
    settle(main_window)
    assert [dock.objectName() for dock in main_window.docks.all if dock.is_seen] == ["curves"]
    assert main_window.isFullScreen()


@pytest.mark.slow
def test_the_drawing_goes_with_the_next_stop_of_the_lesson(shown: Presentation, main_window: MainWindow) -> None:
    press(main_window, Key.Key_P)
    press(main_window, Key.Key_P)
    shown.over.pen.strokes.append([shown.over.pen.rect().center().toPointF()])
    press(main_window, Key.Key_PageDown)
    assert shown.over.pen.strokes == []


@pytest.mark.slow
def test_the_notes_show_what_comes_next(shown: Presentation, main_window: MainWindow) -> None:
    press(main_window, Key.Key_W)
    assert shown.notes.now.heading.text() == "The network"
    assert shown.notes.coming.heading.text() == "The delta"
    assert "Is delta larger than slope?" in shown.notes.coming.text.text()
    press(main_window, Key.Key_PageDown)
    assert shown.notes.coming.heading.text() == "The answer"
    press(main_window, Key.Key_PageDown)
    assert "They are" in shown.notes.now.text.text()
    press(main_window, Key.Key_PageDown)
    assert shown.notes.coming.heading.text() == "The end"


@pytest.mark.slow
def test_without_a_lesson_the_list_of_lessons_can_be_shown(main_window: MainWindow, stage: Stage) -> None:
    stage.prepare(load_preset("mazur").experiment)
    main_window.activateWindow()
    QCoreApplication.processEvents()
    press(main_window, Key.Key_F12)
    press(main_window, Key.Key_F2)
    settle(main_window)
    assert main_window.docks.lesson.is_seen
    main_window.docks.lesson.panel.take(dataclasses.replace(LESSON, steps=LESSON.steps[1:]))  # marks no panel at first
    settle(main_window)
    assert [dock.objectName() for dock in main_window.docks.all if dock.is_seen] == ["surface"]
    main_window.docks.lesson.panel.take(LESSON)
    settle(main_window)
    assert [dock.objectName() for dock in main_window.docks.all if dock.is_seen] == ["formula", "network"]


@pytest.mark.slow
def test_the_lesson_is_beside_the_workspace_again_after_the_presentation(
    lesson: LessonPanel, main_window: MainWindow
) -> None:
    main_window.actions_["lessons"].trigger()
    settle(main_window)
    before = main_window.docks.lesson.geometry()
    for presses in (0, 1):
        press(main_window, Key.Key_F12)
        for _ in range(presses):
            press(main_window, Key.Key_PageDown)
        press(main_window, Key.Key_Escape)
        settle(main_window)
        assert main_window.docks.lesson.isVisible()
        assert lesson.index == presses
        # The page of a question may need more room.
        assert presses or main_window.docks.lesson.geometry() == before
