"""One thing is drawn in each turn of the event loop."""

from functools import partial

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from bpviz.ui.view_model.paint_queue import PaintQueue


@pytest.fixture
def paint_queue(qapp: QObject) -> PaintQueue:
    return PaintQueue(qapp)


def test_what_waits_is_drawn_in_its_order_and_once(paint_queue: PaintQueue, qtbot: QtBot) -> None:
    drawn: list[int] = []
    draws = [partial(drawn.append, number) for number in range(3)]
    for draw in [*draws, *draws]:
        paint_queue.take(draw)
    assert drawn == []
    qtbot.waitUntil(lambda: len(drawn) == 3)
    assert drawn == [0, 1, 2]


def test_the_event_loop_has_a_turn_between_two_drawings(paint_queue: PaintQueue, qtbot: QtBot) -> None:
    order: list[str] = []
    later = QObject()
    later.objectNameChanged.connect(lambda: order.append("event"))

    def first() -> None:
        order.append("first")
        paint_queue.take(lambda: order.append("third"))
        later.setObjectName("told")

    paint_queue.take(first)
    paint_queue.take(lambda: order.append("second"))
    qtbot.waitUntil(lambda: len(order) == 4)
    assert order == ["first", "event", "second", "third"]


def test_all_that_waits_can_be_drawn_now(paint_queue: PaintQueue, qtbot: QtBot) -> None:
    drawn: list[int] = []
    for number in range(2):
        paint_queue.take(partial(drawn.append, number))
    paint_queue.finish()
    assert drawn == [0, 1]
    paint_queue.finish()
    assert drawn == [0, 1]


def test_a_drawing_that_fails_does_not_hold_up_the_others(paint_queue: PaintQueue, qtbot: QtBot) -> None:
    drawn: list[int] = []

    def fail() -> None:
        raise IndexError

    paint_queue.take(fail)
    paint_queue.take(lambda: drawn.append(1))
    with qtbot.captureExceptions() as faults:
        qtbot.waitUntil(lambda: drawn == [1])
    assert [fault[0] for fault in faults] == [IndexError]
