"""A second session and the board that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QScrollBar
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from bpviz.session.engine.commands import OpenSession
from bpviz.session.training.position import Position
from bpviz.ui.offscreen.second_session import SecondSession
from bpviz.ui.style.theme import DARK, LIGHT
from tests.session.files.saved_sessions import trained_session
from tests.ui.offscreen.sessions import DEADLINE_MILLISECONDS, board_of, opened


@pytest.fixture
def session(qtbot: QtBot, parent: QObject) -> Iterator[SecondSession]:
    made = opened(qtbot, parent, trained_session())
    yield made
    if isValid(made):
        made.end()


def test_it_arrives_with_a_frame_of_the_position(qtbot: QtBot, session: SecondSession) -> None:
    for position in (Position(3), Position(1, 2), Position(1, 2, 7), Position(1, 2, 25)):
        with qtbot.waitSignal(session.arrived, timeout=DEADLINE_MILLISECONDS):
            session.go_to(position)
        update = session.model.current_update
        assert update is not None
        assert session.model.frame_requests.is_up_to_date
        assert session.model.frame is not None
        after = Position(1, 3) if position.operation == 25 else Position(position.epoch, position.sample)
        assert session.model.frame.position == after
        if position.operation < 25:
            assert session.model.position == position
        else:
            assert (session.model.position, update.index) == (Position(1, 3), 25)
    session.end()


def test_a_position_that_was_not_reached_is_said(qtbot: QtBot, session: SecondSession) -> None:
    with qtbot.waitSignal(session.failed, timeout=DEADLINE_MILLISECONDS) as failed:
        session.go_to(Position(70))
    assert failed.args == ["There is no epoch 70 in this session."]
    session.end()


def test_a_file_that_cannot_be_opened_is_said(qtbot: QtBot, parent: QObject, tmp_path: Path) -> None:
    session = SecondSession(parent)
    with qtbot.waitSignal(session.failed, timeout=DEADLINE_MILLISECONDS) as failed:
        session.open(OpenSession(tmp_path / "no.bpviz"))
    assert "no.bpviz cannot be opened: no such file" in failed.args[0]
    session.end()


def test_nothing_is_told_after_the_end(qtbot: QtBot, session: SecondSession) -> None:
    told: list[str] = []
    session.arrived.connect(partial(told.append, "arrived"))
    session.go_to(Position(2))
    session.end()
    qtbot.waitUntil(lambda: not isValid(session))
    assert told == []


def test_a_board_is_in_its_theme_whatever_the_application_wears(qtbot: QtBot, session: SecondSession) -> None:
    board = board_of(session, ("operations", "formula"), DARK, QSize(600, 300))
    with qtbot.waitSignal(session.arrived, timeout=DEADLINE_MILLISECONDS):
        session.go_to(Position(1, 2, 3))
    picture = board.picture()
    assert (picture.width(), picture.height()) == (600, 300)
    corners = [picture.pixelColor(x, y) for x in (1, 598) for y in (1, 298)]
    assert corners == [QColor(DARK.paper)] * 4
    colours = {picture.pixelColor(x, y).lightness() for x in range(0, 600, 2) for y in range(0, 300, 2)}
    assert max(colours) > 200  # light letters on it
    session.end(board)


def test_tables_and_code_on_a_board_have_no_scroll_bars(qtbot: QtBot, session: SecondSession) -> None:
    board = board_of(session, ("code", "ledger", "operations"), LIGHT, QSize(480, 270))
    with qtbot.waitSignal(session.arrived, timeout=DEADLINE_MILLISECONDS):
        session.go_to(Position(1, 2, 3))
    assert not any(bar.isVisible() for bar in board.findChildren(QScrollBar))
    session.end(board)


def test_a_board_is_never_on_the_screen(session: SecondSession) -> None:
    board = board_of(session, ("operations",), LIGHT, QSize(400, 300))
    assert board.isVisible()
    assert board.windowHandle() is None or not board.windowHandle().isExposed()
    session.end(board)


@pytest.mark.parametrize("count", range(1, 7))
def test_panels_neither_overlap_nor_leave_the_board(session: SecondSession, count: int) -> None:
    keys = ("surface", "curves", "deltas", "operations", "formula", "code")[:count]
    board = board_of(session, keys, LIGHT, QSize(800, 450))
    tiles = board.shown_tiles
    assert len(tiles) == count
    for index, tile in enumerate(tiles):
        assert board.rect().contains(tile.geometry())
        assert tile.width() >= tile.minimumSizeHint().width()
        assert tile.height() >= tile.minimumSizeHint().height()
        assert not any(tile.geometry().intersects(other.geometry()) for other in tiles[index + 1 :])
    session.end(board)
