"""Second sessions and boards for tests, and sessions for them to show."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QObject, QSize
from pytestqt.qtbot import QtBot

from bpviz.session.engine.commands import OpenSnapshot
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.files.session_data import SavedSession
from bpviz.session.files.snapshot import single_branch_session
from bpviz.session.training.position import Position
from bpviz.ui.offscreen.board import Board
from bpviz.ui.offscreen.second_session import SecondSession
from bpviz.ui.style.theme import LIGHT, Theme
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.panel import Panel
from bpviz.ui.window.panel_docks import OF_A_POSITION
from tests.session.files.saved_sessions import trained
from tests.session.helpers import SMALL

DEADLINE_MILLISECONDS = 120_000
_SIZE = QSize(800, 450)


def make_panel(key: str, model: ViewModel) -> Panel:
    return OF_A_POSITION[key](model)


def opened(qtbot: QtBot, parent: QObject, saved: SavedSession) -> SecondSession:
    """Return a second session that shows a saved one."""
    session = SecondSession(parent)
    with qtbot.waitSignal(session.opened, timeout=DEADLINE_MILLISECONDS):
        session.open(OpenSnapshot(saved))
    return session


def board_of(
    session: SecondSession,
    keys: tuple[str, ...],
    theme: Theme = LIGHT,
    size: QSize = _SIZE,
    *,
    has_caption: bool = False,
) -> Board:
    """Return a board of panels, which the session waits for."""
    session.model.set_theme(theme)
    board = Board(theme, size, has_caption=has_caption)
    for key in board.lacks(keys):
        panel = make_panel(key, session.model)
        board.add(panel)
        session.wait_for(panel)
    board.open(keys)
    return board


def go_to(qtbot: QtBot, session: SecondSession, position: Position) -> None:
    """Go to a position, and wait until all panels show it."""
    with qtbot.waitSignal(session.arrived, timeout=DEADLINE_MILLISECONDS):
        session.go_to(position)


def compared_with(other: Experiment, epochs: int, *, trained_there: int = 0) -> SavedSession:
    """Return a session of `SMALL` that is compared with another experiment, which may not have come as far."""
    own, table = trained(epochs)
    history, beside = trained(trained_there, other)
    session = single_branch_session(own, SMALL, table)
    (branch,) = single_branch_session(history, other, beside).branches
    compared = dataclasses.replace(branch, number=1, name="other")
    return dataclasses.replace(session, branches=(*session.branches, compared), compared=1)
