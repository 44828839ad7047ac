"""Films are made, read again, and compared with pictures of panels at the same positions."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence
from PySide6.QtCore import QObject, QSize
from pytestqt.qtbot import QtBot

from bpviz.session.engine.commands import OpenSession, OpenSnapshot
from bpviz.session.files.session_data import SavedSession
from bpviz.session.files.session_file import write_session
from bpviz.session.film.film_plan import FilmPlan
from bpviz.session.film.pixels import Pixels
from bpviz.session.training.position import Position
from bpviz.ui.film.film_caption import film_caption
from bpviz.ui.film.film_maker import FilmMaker, pixels_of
from bpviz.ui.offscreen.board import Board
from bpviz.ui.offscreen.second_session import SecondSession
from bpviz.ui.style.theme import DARK, LIGHT, Theme
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.panel import Panel
from bpviz.ui.window.panel_docks import OF_A_POSITION
from tests.session.files.saved_sessions import trained_session

SIZE = (400, 300)
_DEADLINE_MILLISECONDS = 60_000


def make_panel(key: str, model: ViewModel) -> Panel:
    return OF_A_POSITION[key](model)


@pytest.fixture
def parent() -> Iterator[QObject]:
    made = QObject()
    yield made
    made.deleteLater()


@pytest.fixture
def saved() -> SavedSession:
    return trained_session()


def film(
    qtbot: QtBot, parent: QObject, plan: FilmPlan, source: OpenSnapshot | OpenSession, theme: Theme = LIGHT
) -> str:
    """Make a film; return the problem, "" for none."""
    maker = FilmMaker(plan, theme, make_panel, parent)
    with qtbot.waitSignal(maker.ended, timeout=_DEADLINE_MILLISECONDS) as ended:
        maker.start(source)
    assert maker.is_over
    return str(ended.args[0])


def pictures_in(path: Path) -> list[Pixels]:
    with Image.open(path) as film:
        return [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(film)]


def pictures_of(
    qtbot: QtBot, parent: QObject, saved: SavedSession, plan: FilmPlan, positions: list[Position], theme: Theme
) -> list[Pixels]:
    """Return what a board of these panels looks like at each position."""
    maker = FilmMaker(plan, theme, make_panel, parent)  # for its theme alone
    session, board = SecondSession(parent), Board(maker.theme, QSize(*plan.size), has_caption=plan.has_captions)
    session.model.set_theme(maker.theme)
    with qtbot.waitSignal(session.opened, timeout=_DEADLINE_MILLISECONDS):
        session.open(OpenSnapshot(saved))
    for key in plan.shown_panels:
        board.add(make_panel(key, session.model))
    board.open(plan.shown_panels)
    made = []
    for position in positions:
        with qtbot.waitSignal(session.arrived, timeout=_DEADLINE_MILLISECONDS):
            session.go_to(position)
        assert session.model.frame is not None
        assert session.model.frame.position == Position(position.epoch, position.sample)
        board.set_caption(film_caption(session.model, plan.level))
        made.append(pixels_of(board.picture()))
    session.end(board)
    maker.cancel()
    return made


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_each_picture_is_that_of_the_panels_at_its_position(
    qtbot: QtBot, parent: QObject, saved: SavedSession, tmp_path: Path, theme: Theme
) -> None:
    plan = FilmPlan(tmp_path / "a.webp", ("surface", "deltas"), every=2, size=SIZE)
    assert film(qtbot, parent, plan, OpenSnapshot(saved), theme) == ""
    expected = pictures_of(qtbot, parent, saved, plan, [Position(epoch) for epoch in (0, 2, 4)], theme)
    made = pictures_in(plan.path)
    assert len(made) == 3
    for picture, other in zip(made, expected, strict=True):
        np.testing.assert_array_equal(picture, other)
    assert (made[0] != made[1]).any()
    assert (made[1] != made[2]).any()


def test_a_film_of_operations_shows_every_one_of_them(
    qtbot: QtBot, parent: QObject, saved: SavedSession, tmp_path: Path
) -> None:
    plan = FilmPlan(tmp_path / "a.gif", ("operations",), "operation", Position(2, 3), every=1, size=SIZE)
    assert film(qtbot, parent, plan, OpenSnapshot(saved)) == ""
    n_operations = 25  # of three layers
    made = pictures_in(plan.path)
    assert len(made) == n_operations + 1
    assert all((before != now).any() for before, now in itertools.pairwise(made))


def test_a_film_of_a_session_file_is_that_of_the_session(
    qtbot: QtBot, parent: QObject, saved: SavedSession, tmp_path: Path
) -> None:
    write_session(tmp_path / "a.bpviz", saved)
    one = FilmPlan(tmp_path / "a.webp", ("surface",), every=2, size=SIZE)
    other = FilmPlan(tmp_path / "b.webp", ("surface",), every=2, size=SIZE)
    assert film(qtbot, parent, one, OpenSnapshot(saved)) == ""
    assert film(qtbot, parent, other, OpenSession(tmp_path / "a.bpviz")) == ""
    assert one.path.read_bytes() == other.path.read_bytes()


def test_what_cannot_be_filmed_is_said(qtbot: QtBot, parent: QObject, saved: SavedSession, tmp_path: Path) -> None:
    plan = FilmPlan(tmp_path / "a.webp", ("surface",), end=Position(9), size=SIZE)
    assert film(qtbot, parent, plan, OpenSnapshot(saved)) == "Training has come to epoch 4, not to epoch 9."
    assert list(tmp_path.iterdir()) == []


def test_a_cancelled_film_leaves_no_file_and_no_thread(
    qtbot: QtBot, parent: QObject, saved: SavedSession, tmp_path: Path
) -> None:
    plan = FilmPlan(tmp_path / "a.webp", ("surface",), "sample", size=SIZE)
    maker = FilmMaker(plan, LIGHT, make_panel, parent)
    with qtbot.waitSignal(
        maker.progressed, check_params_cb=lambda done, total: done > 1, timeout=_DEADLINE_MILLISECONDS
    ):
        maker.start(OpenSnapshot(saved))
    with qtbot.assertNotEmitted(maker.ended):
        maker.cancel()
    assert list(tmp_path.iterdir()) == []
    assert "film" not in [thread.name for thread in threading.enumerate()]


def test_a_film_cancelled_before_its_session_is_open_leaves_nothing(
    qtbot: QtBot, parent: QObject, saved: SavedSession, tmp_path: Path
) -> None:
    maker = FilmMaker(FilmPlan(tmp_path / "a.webp", size=SIZE), LIGHT, make_panel, parent)
    maker.start(OpenSnapshot(saved))
    with qtbot.assertNotEmitted(maker.ended, wait=200):
        maker.cancel()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_ends_the_film_with_a_reason(
    qtbot: QtBot, parent: QObject, saved: SavedSession, tmp_path: Path
) -> None:
    plan = FilmPlan(tmp_path / "nowhere" / "a.webp", ("surface",), size=SIZE)
    assert "cannot be written: no such file" in film(qtbot, parent, plan, OpenSnapshot(saved))


@pytest.mark.slow
@pytest.mark.parametrize("key", OF_A_POSITION)
def test_every_panel_can_be_filmed(
    qtbot: QtBot, parent: QObject, saved: SavedSession, tmp_path: Path, key: str
) -> None:
    plan = FilmPlan(tmp_path / "a.webp", (key,), "operation", Position(1, 2), every=8, size=SIZE)
    assert film(qtbot, parent, plan, OpenSnapshot(saved)) == ""
    assert len(pictures_in(plan.path)) == 5
