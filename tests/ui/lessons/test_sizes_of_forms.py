"""Text of any size in the page that records a lesson and in its forms: nothing is cut off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from bpviz.core.metrics.metric import Metric
from bpviz.session.experiment.presets import load_preset
from bpviz.session.lessons.lesson import Lesson, LessonStep, Scene
from bpviz.session.lessons.measures import EpochMeasure, Measure, UpdateMeasure
from bpviz.session.lessons.questions import Question
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
from bpviz.ui.window.main_window import MainWindow
from bpviz.ui.window.settings import Settings
from tests.session.helpers import SMALL
from tests.ui.layout_faults import layout_faults
from tests.ui.stage import Stage
from tests.ui.user_input import lay_out_and_paint

USUAL = [((1280, 720), 1.0), ((1280, 720), 2.2)]
SIZES = [((1280, 720), 1.5), ((1440, 900), 1.0), ((1440, 900), 1.5), ((1440, 900), 2.2)]
SCENE = Scene(load_preset("moons").experiment, "moons", Position(3), "step", ("formula", "network"), 3, 1, 2)
CONDITIONS: tuple[Condition, ...] = (
    OperationDone(Operation("moment", 4)),
    PositionReached(Position(10)),
    NeuronSelected(3),
    SampleSelected(1),
    ColumnBelow("accuracy_train", -1.25e-12),
)
WIDE = Metric("saturated", 3), Metric("update", 3, neuron=10, source=20), Metric("loss_rise")
MEASURES: tuple[Measure, ...] = (
    *(UpdateMeasure(metric, WIDE[1]) for metric in WIDE),
    EpochMeasure("accuracy_train", 100, 50),
)


def faults(panel: QWidget) -> list[str]:
    """Return the faults of what is seen of the panel."""
    found = layout_faults(panel)
    for area in panel.findChildren(QScrollArea):
        if area.isVisible() and area.horizontalScrollBar().maximum() > 0:
            found.append(f"scrolls to the side by {area.horizontalScrollBar().maximum()}")
    return found


def lesson_with_everything() -> Lesson:
    """Return a lesson with a task of each kind and a question with long texts."""
    experiment = replace(SCENE.experiment, optimiser="adam", hidden=(25, 50, 25))
    scene = replace(SCENE, experiment=experiment, preset="")
    steps = tuple(LessonStep("Look", "Text " * 40, scene, Task("Do it. " * 9, each)) for each in CONDITIONS)
    question = Question(
        "How large? " * 9, ("one " * 20, "two"), "stated", MEASURES, 0, "{0} " * 40, ("code",), Position(5)
    )
    return Lesson("Mine", "", (*steps, LessonStep("Ask", "Text", scene, question=question)))


@pytest.mark.parametrize(("size", "scale"), [*USUAL, *(pytest.param(*each, marks=pytest.mark.slow) for each in SIZES)])
def test_everything_in_the_forms_can_be_read_and_reached(
    qtbot: QtBot, stage: Stage, size: tuple[int, int], scale: float
) -> None:
    QSettings().clear()
    window = MainWindow(stage.model, Settings(None), preset="moons", size=size)
    qtbot.addWidget(window)
    window.appearance.set_scale(scale)
    window.show()
    stage.prepare(SMALL)
    window.actions_["lesson_record"].trigger()
    panel = window.docks.lesson.panel
    panel.editor.show_draft(lesson_with_everything())

    def check(what: str) -> None:
        lay_out_and_paint(window)
        assert (window.width(), window.height()) == size
        assert faults(panel) == [], what

    check("editor")
    for row, condition in enumerate(CONDITIONS):
        panel.editor.steps.setCurrentRow(row)
        for part in ("marks", "task"):
            panel.editor.parts[part].click()
            panel.forms.task.complain(
                "this is so already when the step begins: choose something else" * (part == "task")
            )
            check(f"{part} {type(condition).__name__}")
            panel.forms.task.cancel.click()
    panel.editor.steps.setCurrentRow(len(CONDITIONS))
    panel.editor.parts["question"].click()
    for row in range(len(MEASURES)):
        panel.forms.question.measures.list.setCurrentRow(row)
        check(f"question {row}")
    panel.forms.question.cancel.click()
    panel.beside = lambda: Path("mine.lesson.json")
    stage.model.time.set_lesson(panel.editor.lesson)
    panel.show_list()
    check("list")
