"""Panels that show what is measured or replayed: a second session arrives only when they are complete."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from bpviz.session.debugging.evaluation import read_update, watch_values
from bpviz.session.effects.effect import Effect, effect_of_epoch, effect_of_update
from bpviz.session.engine.commands import MakeLedger
from bpviz.session.files.session_data import SavedSession
from bpviz.session.files.snapshot import restored
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.training.position import Position
from bpviz.ui.branches.comparison_panel import ComparisonPanel
from bpviz.ui.debugging.watch_panel import WatchPanel
from bpviz.ui.effects.effect_panel import EffectPanel, Mode
from bpviz.ui.effects.ledger_panel import LedgerPanel
from bpviz.ui.offscreen.board import Board
from bpviz.ui.offscreen.second_session import SecondSession
from tests.session.files.saved_sessions import MARKS, trained_session
from tests.session.helpers import GROWING, SMALL
from tests.ui.offscreen.sessions import board_of, compared_with, go_to, opened

PLACES = (Position(3), Position(1, 4), Position(2, 7, 9), Position(2))


@pytest.fixture
def saved() -> SavedSession:
    return trained_session()


@pytest.fixture
def session(qtbot: QtBot, parent: QObject, saved: SavedSession) -> Iterator[SecondSession]:
    made = opened(qtbot, parent, saved)
    yield made
    if isValid(made):
        made.end()


def stepper_of(saved: SavedSession) -> Stepper:
    """Return the active branch, replayed by itself."""
    return restored(saved)[0].active.stepper


def panel_on(board: Board, kind: type) -> object:
    return next(found for tile in board.shown_tiles if (found := tile.findChild(kind)))


def shown_effect(panel: EffectPanel) -> list[float]:
    return [float(change) for change in panel.shown.changes]


def measured(session: SecondSession, saved: SavedSession, mode: Mode) -> list[float]:
    """Return what the panel must show at the position on screen, worked out by itself."""
    prepared, stepper, position = session.model.prepared, stepper_of(saved), session.model.position
    assert prepared is not None
    assert position is not None
    if mode is Mode.EPOCH:
        (*_, found) = effect_of_epoch(stepper, position.epoch - 1, prepared.shown.train)
    else:
        stepper.go_to(position)
        assert stepper.current_update is not None
        (*_, found) = effect_of_update(stepper.current_update, prepared.split, prepared.shown.train)
    assert isinstance(found, Effect)
    return [float(change) for change in found.change]


@pytest.mark.parametrize("mode", [Mode.UPDATE, Mode.EPOCH])
def test_the_effect_is_that_of_the_position(
    qtbot: QtBot, session: SecondSession, saved: SavedSession, mode: Mode
) -> None:
    board = board_of(session, ("effect",))
    panel = panel_on(board, EffectPanel)
    assert isinstance(panel, EffectPanel)
    panel.mode.setCurrentText(mode)
    for place in PLACES:
        go_to(qtbot, session, place)
        assert shown_effect(panel) == measured(session, saved, mode)
    session.end(board)


def test_a_predicted_step_is_of_the_deltas_of_the_position(qtbot: QtBot, session: SecondSession) -> None:
    board = board_of(session, ("effect",))
    panel = panel_on(board, EffectPanel)
    assert isinstance(panel, EffectPanel)
    panel.mode.setCurrentText(Mode.STEP)
    session.model.select(sample=4)
    seen = []
    for place in (Position(1), Position(3)):
        go_to(qtbot, session, place)
        assert np.isfinite(panel.shown.changes).all()
        seen.append(shown_effect(panel))
    assert seen[0] != seen[1]
    session.end(board)


def test_what_cannot_be_measured_ends_nothing(qtbot: QtBot, session: SecondSession) -> None:
    board = board_of(session, ("effect",))
    with qtbot.assertNotEmitted(session.failed):
        session.post(MakeLedger(99))
        go_to(qtbot, session, Position(2))
    session.end(board)


def test_the_ledger_is_that_of_the_epoch(qtbot: QtBot, session: SecondSession) -> None:
    board = board_of(session, ("ledger",))
    panel = panel_on(board, LedgerPanel)
    assert isinstance(panel, LedgerPanel)
    for place, epoch in ((Position(3), 2), (Position(1, 4), 1), (Position(2, 7, 9), 2), (Position(1), 0)):
        go_to(qtbot, session, place)
        assert panel.table.ledger is not None
        assert panel.table.ledger.epoch == epoch
    session.end(board)


def test_before_the_first_update_there_is_no_ledger(qtbot: QtBot, session: SecondSession) -> None:
    board = board_of(session, ("ledger",))  # which begins to list the last epoch at once
    panel = panel_on(board, LedgerPanel)
    assert isinstance(panel, LedgerPanel)
    go_to(qtbot, session, Position(0))
    assert panel.table.ledger is None
    assert panel.empty.text() == "No update has been made yet."
    session.end(board)


def test_the_row_of_the_update_on_screen_is_visible(qtbot: QtBot, session: SecondSession) -> None:
    board = board_of(session, ("ledger", "surface", "curves", "deltas"))
    panel = panel_on(board, LedgerPanel)
    assert isinstance(panel, LedgerPanel)
    for start in (25, 2):
        go_to(qtbot, session, Position(2, start))
        row = panel.view.visualRect(panel.table.index(start, 0))
        assert panel.view.viewport().rect().contains(row.center())
        assert panel.table.light(start, 0) is not None
    session.end(board)


def test_the_watches_are_those_of_the_session(qtbot: QtBot, session: SecondSession, saved: SavedSession) -> None:
    board = board_of(session, ("watch",))
    panel = panel_on(board, WatchPanel)
    assert isinstance(panel, WatchPanel)
    assert session.model.debugger.watches == MARKS[1]
    for place in PLACES:
        go_to(qtbot, session, place)
        stepper = stepper_of(saved)
        stepper.go_to(place)
        assert stepper.current_update is not None
        expected = watch_values(stepper.training, MARKS[1], read_update(stepper.current_update))
        assert tuple(session.model.debugger.logs[watch].value for watch in MARKS[1]) == expected
    assert not panel.editor.isVisible()
    session.end(board)


def test_the_compared_branch_is_at_the_position_even_where_it_was_not_trained(qtbot: QtBot, parent: QObject) -> None:
    other = dataclasses.replace(SMALL, learning_rate=0.5)
    session = opened(qtbot, parent, compared_with(other, epochs=6, trained_there=2))
    board = board_of(session, ("comparison",))
    assert isinstance(panel_on(board, ComparisonPanel), ComparisonPanel)
    for place in (Position(5), Position(1, 4), Position(6), Position(0)):
        go_to(qtbot, session, place)
        frame = session.model.frame
        assert frame is not None
        assert frame.beside is not None
        assert frame.beside.position == frame.position == place
    session.end(board)


def test_a_compared_branch_that_leaves_the_range_of_numbers_ends_nothing(qtbot: QtBot, parent: QObject) -> None:
    session = opened(qtbot, parent, compared_with(GROWING, epochs=30))
    board = board_of(session, ("comparison",))
    go_to(qtbot, session, Position(30))
    frame = session.model.frame
    assert frame is not None
    assert frame.beside is not None
    assert frame.beside.position < frame.position
    go_to(qtbot, session, Position(0))
    assert session.model.frame is not None
    assert session.model.frame.beside is not None
    assert session.model.frame.beside.position == Position(0)
    session.end(board)
