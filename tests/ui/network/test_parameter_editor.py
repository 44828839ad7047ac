"""The editor of a weight or a bias."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from bpviz.session.training.interventions import Edit
from bpviz.ui.network.parameter_editor import ParameterEditor
from tests.ui.user_input import press


@pytest.fixture
def edits() -> list[Edit]:
    return []


@pytest.fixture
def editor(qtbot: QtBot, edits: list[Edit]) -> Iterator[ParameterEditor]:
    window, picture = QMainWindow(), QWidget()
    qtbot.addWidget(window)
    window.setCentralWidget(picture)
    made = ParameterEditor(picture, lambda layer, source, neuron: 0.5)
    made.edited.connect(edits.append)
    made.open(1, 0, 0, 2, weight_first=True)
    yield made
    window.close()


def _has_more(edits: list[Edit], count: int) -> bool:
    return len(edits) > count


def drag(editor: ParameterEditor, qtbot: QtBot, edits: list[Edit], *places: int) -> None:
    """Drag the weight's slider slowly enough that every step is submitted."""
    slider = editor.weight.slider
    slider.setSliderDown(True)
    for place in places:
        count = len(edits)
        slider.setSliderPosition(place)
        qtbot.waitUntil(partial(_has_more, edits, count))
    slider.setSliderDown(False)


def test_all_values_of_a_drag_but_the_first_continue_it(
    editor: ParameterEditor, qtbot: QtBot, edits: list[Edit]
) -> None:
    drag(editor, qtbot, edits, 10, 20, 30)
    assert [edit.goes_on for edit in edits] == [False, True, True]
    assert [edit.value for edit in edits] == pytest.approx([0.6, 0.7, 0.8])


def test_another_drag_is_not_a_continuation(editor: ParameterEditor, qtbot: QtBot, edits: list[Edit]) -> None:
    drag(editor, qtbot, edits, 10, 20)
    drag(editor, qtbot, edits, 10, 20)
    assert [edit.goes_on for edit in edits] == [False, True, False, True]


def test_releasing_the_slider_submits_its_last_position(
    editor: ParameterEditor, qtbot: QtBot, edits: list[Edit]
) -> None:
    slider = editor.weight.slider
    slider.setSliderDown(True)
    slider.setSliderPosition(40)
    slider.setSliderDown(False)
    (edit,) = edits
    assert edit.value == pytest.approx(0.9)
    assert not edit.goes_on


def test_a_typed_value_never_continues_a_drag(editor: ParameterEditor, qtbot: QtBot, edits: list[Edit]) -> None:
    drag(editor, qtbot, edits, 10, 20)
    editor.weight.line.setText("3")
    editor.weight.line.returnPressed.emit()
    assert edits[-1] == Edit(1, 0, 0, 3.0)


def test_a_drag_after_a_typed_value_is_not_a_continuation(
    editor: ParameterEditor, qtbot: QtBot, edits: list[Edit]
) -> None:
    slider = editor.weight.slider
    slider.setSliderDown(True)
    for place in (10, 20):
        slider.setSliderPosition(place)
        qtbot.waitUntil(partial(_has_more, edits, len(edits)))
    editor.weight.line.setText("3")
    editor.weight.line.returnPressed.emit()
    for place in (10, 20):
        slider.setSliderPosition(place)
        qtbot.waitUntil(partial(_has_more, edits, len(edits)))
    slider.setSliderDown(False)
    assert [edit.goes_on for edit in edits] == [False, True, False, False, True]


def test_escape_closes_the_card_instead_of_clearing_the_selection(editor: ParameterEditor, qtbot: QtBot) -> None:
    window = editor.window()
    taken: list[bool] = []
    command = QAction("Choose nothing", window, shortcut=QKeySequence("Esc"))
    command.triggered.connect(lambda: taken.append(True))
    window.addAction(command)
    with qtbot.waitActive(window):
        window.show()
    for widget in (editor.weight.line, editor.weight.slider):
        editor.open(1, 0, 0, 2, weight_first=True)
        widget.setFocus()
        press(widget, Qt.Key.Key_Escape)
        assert not editor.isVisible()
    assert not taken
    press(window, Qt.Key.Key_Escape)
    assert taken


def test_a_drag_without_a_pause_submits_values(editor: ParameterEditor, qtbot: QtBot, edits: list[Edit]) -> None:
    slider = editor.weight.slider
    slider.setSliderDown(True)
    places = iter(range(1, 90))
    mover = QTimer(interval=5)
    mover.timeout.connect(lambda: slider.setSliderPosition(next(places)))
    mover.start()
    qtbot.waitUntil(lambda: len(edits) >= 3)
    mover.stop()
    slider.setSliderDown(False)


def test_a_value_typed_during_a_drag_is_submitted_once(
    editor: ParameterEditor, qtbot: QtBot, edits: list[Edit]
) -> None:
    editor.weight.slider.setValue(10)
    editor.weight.line.setText("3")
    editor.weight.line.returnPressed.emit()
    editor.bias.slider.setValue(10)
    qtbot.waitUntil(lambda: edits[-1].source is None)  # until the pending drag step would have been submitted
    assert [edit.value for edit in edits if edit.source is not None] == [3.0]
