"""A text that is as high as it needs where there is room, and scrolls where there is not."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QListWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bpviz.ui.widgets.scrolled_text import ScrolledText
from tests.ui.user_input import lay_out_and_paint

LONG = "One sentence of some length that wraps. " * 8


@pytest.fixture
def text(qtbot: QtBot) -> Iterator[ScrolledText]:
    """A text above a list that takes the rest of the height."""
    widget, made = QWidget(), ScrolledText()
    column = QVBoxLayout(widget)
    column.addWidget(made)
    column.addWidget(QListWidget(), 1)
    qtbot.addWidget(widget)
    widget.resize(300, 600)
    widget.show()
    yield made
    widget.close()


def test_a_longer_text_gets_the_height_that_it_needs(text: ScrolledText) -> None:
    text.setText("Short.")
    lay_out_and_paint(text.window())
    before = text.height()
    text.setText(LONG)
    lay_out_and_paint(text.window())
    assert text.height() > 2 * before
    assert text.verticalScrollBar().maximum() == 0


def test_where_there_is_no_room_it_keeps_three_lines_and_scrolls(text: ScrolledText) -> None:
    text.setText(LONG)
    text.window().resize(300, 150)
    lay_out_and_paint(text.window())
    assert text.height() >= 3 * text.fontMetrics().lineSpacing()
    assert text.verticalScrollBar().maximum() > 0
