"""The card on which a weight or a bias gets another value."""

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
from tests.ui.hands import press


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
    """Drag the weight's slider, slowly enough that every place is handed in."""
    slider = editor.weight.slider
    slider.setSliderDown(True)
    for place in places:
        count = len(edits)
        slider.setSliderPosition(place)
        qtbot.waitUntil(partial(_has_more, edits, count))
    slider.setSliderDown(False)


def test_all_but_the_first_value_of_a_drag_go_on_with_the_one_before(
    editor: ParameterEditor, qtbot: QtBot, edits: list[Edit]
) -> None:
    drag(editor, qtbot, edits, 10, 20, 30)
    assert [edit.goes_on for edit in edits] == [False, True, True]
    assert [edit.value for edit in edits] == pytest.approx([0.6, 0.7, 0.8])


def test_another_drag_begins_anew(editor: ParameterEditor, qtbot: QtBot, edits: list[Edit]) -> None:
    drag(editor, qtbot, edits, 10, 20)
    drag(editor, qtbot, edits, 10, 20)
    assert [edit.goes_on for edit in edits] == [False, True, False, True]


def test_the_last_place_of_a_drag_is_handed_in_when_the_slider_is_let_go(
    editor: ParameterEditor, qtbot: QtBot, edits: list[Edit]
) -> None:
    slider = editor.weight.slider
    slider.setSliderDown(True)
    slider.setSliderPosition(40)
    slider.setSliderDown(False)
    (edit,) = edits
    assert edit.value == pytest.approx(0.9)
    assert not edit.goes_on


def test_a_typed_value_never_goes_on_with_a_drag(editor: ParameterEditor, qtbot: QtBot, edits: list[Edit]) -> None:
    drag(editor, qtbot, edits, 10, 20)
    editor.weight.line.setText("3")
    editor.weight.line.returnPressed.emit()
    assert edits[-1] == Edit(1, 0, 0, 3.0)


def test_a_drag_that_goes_on_after_a_value_was_typed_begins_anew(
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


def test_escape_closes_the_card_though_the_window_has_a_command_for_it(editor: ParameterEditor, qtbot: QtBot) -> None:
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


def test_a_drag_that_never_rests_is_followed(editor: ParameterEditor, qtbot: QtBot, edits: list[Edit]) -> None:
    slider = editor.weight.slider
    slider.setSliderDown(True)
    places = iter(range(1, 90))
    mover = QTimer(interval=5)
    mover.timeout.connect(lambda: slider.setSliderPosition(next(places)))
    mover.start()
    qtbot.waitUntil(lambda: len(edits) >= 3)
    mover.stop()
    slider.setSliderDown(False)


def test_a_value_typed_right_after_a_move_is_handed_in_once(
    editor: ParameterEditor, qtbot: QtBot, edits: list[Edit]
) -> None:
    editor.weight.slider.setValue(10)
    editor.weight.line.setText("3")
    editor.weight.line.returnPressed.emit()
    editor.bias.slider.setValue(10)
    qtbot.waitUntil(lambda: edits[-1].source is None)  # as long as it takes until a move is handed in
    assert [edit.value for edit in edits if edit.source is not None] == [3.0]
