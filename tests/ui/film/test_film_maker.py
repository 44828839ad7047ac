"""Films are made, read again, and compared with pictures of panels at the same positions."""

from __future__ import annotations

import dataclasses
import itertools
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence
from PySide6.QtCore import QObject, QSize
from pytestqt.qtbot import QtBot

from bpviz.session.conventions.conventions import Conventions
from bpviz.session.engine.commands import OpenSession, OpenSnapshot
from bpviz.session.files.session_data import SavedSession
from bpviz.session.files.session_file import write_session
from bpviz.session.files.snapshot import single_branch_session
from bpviz.session.film.film_plan import LEFT_OUT, PANELS, FilmPlan
from bpviz.session.film.pixels import Pixels
from bpviz.session.training.position import Position
from bpviz.ui.film.film_caption import film_caption
from bpviz.ui.film.film_maker import FilmMaker, pixels_of
from bpviz.ui.offscreen.viewpoint import Viewpoint
from bpviz.ui.style.theme import DARK, LIGHT, Theme
from bpviz.ui.view_model.plane_model import Kind, PlaneChoice
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.panel import Panel
from bpviz.ui.window.panel_docks import OF_A_POSITION, panel_titles
from tests.session.files.saved_sessions import MARKS, trained, trained_session
from tests.session.helpers import SMALL
from tests.ui.offscreen.sessions import DEADLINE_MILLISECONDS, board_of, go_to, make_panel, opened

SIZE = (400, 300)
PLAIN = Viewpoint()
IRIS = dataclasses.replace(SMALL, dataset="iris", activations=("sigmoid", "tanh", "softmax"))


@pytest.fixture
def saved() -> SavedSession:
    return trained_session()


def film(
    qtbot: QtBot,
    parent: QObject,
    plan: FilmPlan,
    source: OpenSnapshot | OpenSession,
    theme: Theme = LIGHT,
    viewpoint: Viewpoint = PLAIN,
) -> str:
    """Make a film; return the problem, "" for none."""
    maker = FilmMaker(plan, theme, make_panel, parent)
    with qtbot.waitSignal(maker.ended, timeout=DEADLINE_MILLISECONDS) as ended:
        maker.start(source, viewpoint)
    assert maker.is_over
    return str(ended.args[0])


def pictures_in(path: Path) -> list[Pixels]:
    with Image.open(path) as film:
        return [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(film)]


def pictures_of(
    qtbot: QtBot,
    parent: QObject,
    saved: SavedSession,
    plan: FilmPlan,
    positions: list[Position],
    theme: Theme = LIGHT,
    viewpoint: Viewpoint = PLAIN,
) -> list[Pixels]:
    """Return what a board of these panels looks like at each position."""
    maker = FilmMaker(plan, theme, make_panel, parent)  # for its theme alone
    session = opened(qtbot, parent, saved)
    session.model.conventions.choose(viewpoint.conventions)
    board = board_of(session, plan.shown_panels, maker.theme, QSize(*plan.size), has_caption=plan.has_captions)
    viewpoint.take(session.model)
    made = []
    for position in positions:
        go_to(qtbot, session, position)
        assert session.model.frame is not None
        assert session.model.frame.position == Position(position.epoch, position.sample)
        board.show_marks()
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
        maker.progressed, check_params_cb=lambda done, total: done > 1, timeout=DEADLINE_MILLISECONDS
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


def test_a_film_shows_the_plane_that_was_chosen(qtbot: QtBot, parent: QObject, tmp_path: Path) -> None:
    history, table = trained(1, IRIS)
    saved = single_branch_session(history, IRIS, table)
    plan = FilmPlan(tmp_path / "a.webp", ("surface",), size=SIZE, end=Position(0))
    (usual,) = pictures_of(qtbot, parent, saved, plan, [Position(0)])
    for kind in (Kind.AT_MEAN, Kind.COMPONENTS):
        chosen = Viewpoint(plane=PlaneChoice(kind, 0, 1))
        (expected,) = pictures_of(qtbot, parent, saved, plan, [Position(0)], viewpoint=chosen)
        assert film(qtbot, parent, plan, OpenSnapshot(saved), viewpoint=chosen) == ""
        (made,) = pictures_in(plan.path)
        np.testing.assert_array_equal(made, expected)
        assert (made != usual).any()


def test_a_film_shows_the_conventions_that_were_chosen(
    qtbot: QtBot, parent: QObject, saved: SavedSession, tmp_path: Path
) -> None:
    place, chosen = Position(2, 3, 20), Viewpoint(conventions=Conventions(negative=True, from_one=True))
    plan = FilmPlan(tmp_path / "a.webp", ("formula", "weights"), "operation", place, place, size=SIZE)
    (expected,) = pictures_of(qtbot, parent, saved, plan, [place], viewpoint=chosen)
    (usual,) = pictures_of(qtbot, parent, saved, plan, [place])
    assert film(qtbot, parent, plan, OpenSnapshot(saved), viewpoint=chosen) == ""
    (made,) = pictures_in(plan.path)
    np.testing.assert_array_equal(made, expected)
    assert (made != usual).any()


def logs_of(model: ViewModel) -> list[tuple[int, float]]:
    return list(model.debugger.logs[MARKS[1][0]].epochs)


def test_a_film_by_epochs_draws_what_is_watched_over_the_epochs(
    qtbot: QtBot, parent: QObject, saved: SavedSession, tmp_path: Path
) -> None:
    models: list[ViewModel] = []

    def make(key: str, model: ViewModel) -> Panel:
        models.append(model)
        return make_panel(key, model)

    maker = FilmMaker(FilmPlan(tmp_path / "a.webp", ("watch",), size=SIZE), LIGHT, make, parent)
    drawn: list[list[int]] = []
    maker.progressed.connect(lambda: drawn.extend([n for n, _ in logs_of(model)] for model in models))
    with qtbot.waitSignal(maker.ended, timeout=DEADLINE_MILLISECONDS):
        maker.start(OpenSnapshot(saved))
    assert drawn[-1] == [1, 2, 3, 4]


def test_panels_their_makers_and_titles_are_the_same_everywhere() -> None:
    assert tuple(OF_A_POSITION) == tuple(panel_titles()) == PANELS
    assert not set(LEFT_OUT) & set(PANELS)


@pytest.mark.slow
@pytest.mark.parametrize("key", OF_A_POSITION)
def test_every_panel_can_be_filmed(
    qtbot: QtBot, parent: QObject, saved: SavedSession, tmp_path: Path, key: str
) -> None:
    plan = FilmPlan(tmp_path / "a.webp", (key,), "operation", Position(1, 2), every=8, size=SIZE)
    assert film(qtbot, parent, plan, OpenSnapshot(saved)) == ""
    assert len(pictures_in(plan.path)) == 5
