from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.breakpoints import Breakpoint, Condition, Hit, Hits
from bpviz.session.engine.commands import GoLive, GoTo, Step
from bpviz.session.engine.events import EpochsDone, EpochTablesReplaced, State, Status
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.time_travel.timeline import BranchInfo
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.position import Position
from bpviz.ui.style.theme import DARK, LIGHT, Theme
from bpviz.ui.timeline.timeline_scale import Scale, axis_labels, place_flags
from bpviz.ui.timeline.timeline_track import TimelineTrack
from tests.session.helpers import epoch_record
from tests.ui.stage import Stage
from tests.ui.user_input import click, press

LARGE = Breakpoint((Condition(Metric("loss"), ">", 0.5),))
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def track(qtbot: QtBot, stage: Stage) -> TimelineTrack:
    """A track 516 pixels wide, with its base line in row 39, after 10 epochs; at 500 epochs each takes a pixel."""
    made = TimelineTrack(stage.model)
    qtbot.addWidget(made)
    made.resize(516, 45 + made.fontMetrics().height())
    made.show()
    stage.prepare()
    tell_epochs(stage, 10)
    stage.tell_timeline()
    return made


def tell_epochs(stage: Stage, count: int, mse: float = 0.1) -> None:
    start = len(stage.model.epochs)
    stage.tell(EpochsDone(tuple(epoch_record(start + index, mse=mse) for index in range(count)), 30.0))
    go_to(stage, start + count, live=start + count)


def go_to(stage: Stage, epoch: int, live: int = 10, sample: int = 0) -> None:
    here, end = Position(epoch, sample), Position(live)
    stage.tell(Status(State.PAUSED, here, is_live=here >= end, furthest=end))


def place(track: TimelineTrack, epoch: int) -> QPoint:
    return QPoint(round(track.scale.x(Position(epoch))), 40)


def coloured(track: TimelineTrack, colour: str) -> list[int]:
    """Return the columns that contain a colour."""
    picture, wanted = track.grab().toImage(), QColor(colour).rgb()
    return [x for x in range(picture.width()) if any(picture.pixel(x, y) == wanted for y in range(picture.height()))]


# Value


def test_the_value_is_the_current_epoch_and_the_maximum_the_live_end(track: TimelineTrack, stage: Stage) -> None:
    go_to(stage, 4)
    assert (track.minimum(), track.value(), track.maximum()) == (0, 4, 10)
    assert track.accessibleName()
    assert stage.commands.of(GoTo) == []


def test_before_training_it_has_room_for_one_epoch_and_is_painted_empty(qtbot: QtBot, stage: Stage) -> None:
    made = TimelineTrack(stage.model)
    qtbot.addWidget(made)
    assert (made.value(), made.maximum(), made.isEnabled()) == (0, 1, False)
    made.grab()
    stage.prepare()
    assert made.isEnabled()
    made.grab()


def test_the_live_end_moves_while_the_past_is_shown(track: TimelineTrack, stage: Stage) -> None:
    go_to(stage, 4)
    stage.tell(EpochsDone((epoch_record(10), epoch_record(11)), 30.0))
    assert (track.value(), track.maximum()) == (4, 12)


def test_inside_an_epoch_the_handle_is_between_two_epochs(track: TimelineTrack, stage: Stage) -> None:
    n = len(stage.training.split.X_train)
    go_to(stage, 4, sample=n // 2)
    assert track.scale.x(Position(4)) < track.handle_x() < track.scale.x(Position(5))


# Pointer


def test_a_click_seeks_to_its_epoch(track: TimelineTrack, stage: Stage) -> None:
    click(track, place(track, 3))
    assert stage.commands.of(GoTo) == [Position(3)]


def test_a_click_at_the_right_end_goes_live(track: TimelineTrack, stage: Stage) -> None:
    go_to(stage, 4)
    click(track, place(track, 10))
    assert stage.commands.of(GoLive) == [None]
    assert stage.commands.of(GoTo) == []


def test_a_drag_requests_each_epoch_once_and_the_latest_wins(track: TimelineTrack, stage: Stage) -> None:
    QTest.mousePress(track, Qt.MouseButton.LeftButton, NONE, place(track, 8))
    for epoch in (7, 7, 6, 3):
        QTest.mouseMove(track, place(track, epoch))
    assert stage.commands.of(GoTo) == [Position(8)]  # the first is pending
    assert track.value() == 3
    go_to(stage, 8)
    assert track.value() == 3  # the user is dragging the handle
    assert stage.commands.of(GoTo) == [Position(8), Position(3)]
    QTest.mouseRelease(track, Qt.MouseButton.LeftButton, NONE, place(track, 3))
    go_to(stage, 3)
    assert track.value() == 3


def test_beyond_the_ends_the_pointer_seeks_to_the_ends(track: TimelineTrack, stage: Stage) -> None:
    click(track, QPoint(1, 40))
    go_to(stage, 0)
    click(track, QPoint(515, 40))
    assert stage.commands.of(GoTo) == [Position(0)]
    assert stage.commands.of(GoLive) == [None]


def test_other_buttons_and_the_wheel_do_nothing(track: TimelineTrack, stage: Stage) -> None:
    click(track, place(track, 3), Qt.MouseButton.MiddleButton)
    assert stage.commands.of(GoTo) == []
    assert not track.isSliderDown()


def test_a_click_on_a_flag_seeks_to_its_exact_position(track: TimelineTrack, stage: Stage) -> None:
    stage.model.time.set_bookmarks((Bookmark(Position(4, 2, 3), "plateau"),))
    track.grab()
    (flag,) = track.flags
    click(track, flag.name.center().toPoint())
    assert stage.commands.of(GoTo) == [Position(4, 2, 3)]


# Keyboard


@pytest.mark.parametrize(
    ("key", "modifiers", "step"),
    [
        (Qt.Key.Key_Left, NONE, ("epoch", -1)),
        (Qt.Key.Key_Right, NONE, ("epoch", 1)),
        (Qt.Key.Key_Left, SHIFT, ("sample", -1)),
        (Qt.Key.Key_Right, SHIFT, ("sample", 1)),
        (Qt.Key.Key_Left, CONTROL, ("operation", -1)),
        (Qt.Key.Key_Right, CONTROL, ("operation", 1)),
        (Qt.Key.Key_PageUp, NONE, ("epoch", -10)),
    ],
)
def test_keys_step(
    track: TimelineTrack,
    stage: Stage,
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier,
    step: tuple[str, int],
) -> None:
    go_to(stage, 4)
    press(track, key, modifiers)
    assert stage.commands.of(Step) == [step]


def test_home_seeks_to_the_start_and_end_goes_live(track: TimelineTrack, stage: Stage) -> None:
    press(track, Qt.Key.Key_Home)
    assert stage.commands.of(GoTo) == [Position()]
    press(track, Qt.Key.Key_End)
    assert stage.commands.of(GoLive) == [None]


def test_no_key_trains_beyond_the_live_end(track: TimelineTrack, stage: Stage) -> None:
    for modifiers in (NONE, SHIFT, CONTROL):
        press(track, Qt.Key.Key_Right, modifiers)
    assert stage.commands.of(Step) == []
    go_to(stage, 4)
    press(track, Qt.Key.Key_PageDown)
    assert stage.commands.of(Step) == []
    assert stage.commands.of(GoLive) == [None]


def test_other_keys_are_left_to_the_window(track: TimelineTrack, stage: Stage) -> None:
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_A):
        press(track, key)
    press(track, Qt.Key.Key_PageUp, SHIFT)
    assert stage.commands.of(Step) == stage.commands.of(GoTo) == []


# Marks


def branch(stage: Stage, *changes: tuple[Position, str]) -> BranchInfo:
    return BranchInfo(0, "main", stage.training.experiment, None, Position(), changes, Position(10), None)


def test_the_tooltip_has_the_epoch_its_loss_and_its_marks(track: TimelineTrack, stage: Stage) -> None:
    stage.tell_timeline(branch(stage, (Position(4), "learning rate 0.1")))
    stage.tell(Hits((), (Hit(Position(4), 7, LARGE, (0.71,)),), None))
    words = track.tooltip_at(QPointF(place(track, 4))).splitlines()
    assert words == [
        "epoch 4, train MSE 0.1000",
        "epoch 4: learning rate 0.1",
        "loss > 0.5: 0.71, at sample 7 of epoch 4",
    ]
    assert track.tooltip_at(QPointF(place(track, 0))) == "epoch 0"


def test_the_tooltip_counts_the_hits_that_do_not_fit(track: TimelineTrack, stage: Stage) -> None:
    stage.tell(Hits((), (Hit(Position(4), 7, LARGE, (0.71,)),) * 20, None))
    assert track.tooltip_at(QPointF(place(track, 4))).endswith("and 14 more")


def test_the_tooltip_of_a_flag_has_the_whole_name(track: TimelineTrack, stage: Stage) -> None:
    stage.model.time.set_bookmarks((Bookmark(Position(4), "<b>a very long name that cannot stand there</b>"),))
    track.grab()
    QTest.mouseMove(track, QPoint(round(track.flags[0].x) + 3, 5))
    assert "&lt;b&gt;a very long name that cannot stand there" in track.toolTip()
    assert "epoch 4" in track.toolTip()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_hits_and_interventions_are_at_their_epochs(track: TimelineTrack, stage: Stage, theme: Theme) -> None:
    track.clearFocus()  # its focus frame has the ink colour as well
    stage.model.set_theme(theme)
    stage.tell_timeline(branch(stage, (Position(6), "learning rate 0.1")))
    stage.tell(Hits((), (Hit(Position(2), 7, LARGE, (0.71,)),), None))
    for colour, epoch in ((theme.danger, 2), (theme.ink, 6), (theme.accent, 10)):
        columns = coloured(track, colour)
        assert columns, colour
        assert all(abs(x - place(track, epoch).x()) <= 6 for x in columns)


def test_names_of_bookmarks_never_overlap() -> None:
    rng = np.random.default_rng(1)
    scale = Scale(800, 100, 10)
    for _ in range(50):
        epochs = np.sort(rng.integers(0, 101, rng.integers(1, 12))).tolist()
        bookmarks = tuple(Bookmark(Position(epoch), "n" * int(rng.integers(1, 60))) for epoch in epochs)
        flags = place_flags(bookmarks, scale, 14, lambda text: 7.0 * len(text))
        names = [flag.name for flag in flags if flag.name.isValid()]
        assert all(name.left() >= 0 and name.right() <= 800 for name in names)
        assert all(one.right() < other.left() for one, other in pairwise(names))
        poles = [flag.x for flag in flags]
        assert not any(name.left() < pole - 1 < name.right() for name in names for pole in poles)


def test_epoch_and_x_are_inverse() -> None:
    scale = Scale(700, 500, 10)
    assert [scale.epoch(scale.x(Position(epoch))) for epoch in range(501)] == list(range(501))
    assert (scale.epoch(-5), scale.epoch(9999)) == (0, 500)
    assert scale.x(Position(501)) == scale.x(Position(500))


# The loss is drawn between rows 2 and 38; the line of time lies below it.
@pytest.mark.parametrize(
    ("mse", "usual", "strange"),
    [
        pytest.param(np.nan, 38, None, id="not a number"),
        pytest.param(np.inf, 38, None, id="infinite"),
        pytest.param(0.0, 31, 38, id="zero"),
        pytest.param(1e300, 38, 2, id="huge"),
        pytest.param(1e-300, 2, 38, id="tiny"),
    ],
)
def test_any_loss_has_its_height_and_one_that_is_not_finite_is_a_gap(
    track: TimelineTrack, stage: Stage, mse: float, usual: int, strange: int | None
) -> None:
    tell_epochs(stage, 2, mse)
    tell_epochs(stage, 2, 0.5)
    assert top_of_loss(track, 3) == usual
    assert top_of_loss(track, 11) == strange


def top_of_loss(track: TimelineTrack, epoch: int) -> int | None:
    """Return the highest row of the line between an epoch and the next; None where there is none."""
    x = (place(track, epoch).x() + place(track, epoch + 1).x()) // 2
    picture, line, paper = track.grab().toImage(), QColor(LIGHT.mse), track.palette().window().color()
    like_the_line = [y for y in range(39) if _distance(picture.pixelColor(x, y), line) < 0.6 * _distance(paper, line)]
    return like_the_line[0] if like_the_line else None


def test_what_is_ahead_is_paler_than_what_is_behind(track: TimelineTrack, stage: Stage) -> None:
    go_to(stage, 5)
    picture = track.grab().toImage()
    paper = track.palette().window().color()
    behind, ahead = (picture.pixelColor(place(track, epoch).x() + 5, 34) for epoch in (2, 7))
    assert _distance(behind, paper) > 1.5 * _distance(ahead, paper) > 0


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def _distance(one: QColor, other: QColor) -> int:
    return sum(abs(a - b) for a, b in zip(_rgb(one), _rgb(other), strict=True))


def test_a_hundred_thousand_epochs_are_repainted_only_on_a_visible_change(track: TimelineTrack, stage: Stage) -> None:
    table = EpochTable()
    table.extend(epoch_record(epoch) for epoch in range(20_000))
    stage.tell(EpochTablesReplaced(table, None))
    go_to(stage, 20_000, live=20_000)
    track.grab()
    for _ in range(5):
        tell_epochs(stage, 1)
        assert track._behind is not None
    tell_epochs(stage, 100)
    assert track._behind is None


def test_another_branch_is_repainted(track: TimelineTrack, stage: Stage) -> None:
    stage.tell_timeline()
    track.grab()
    table = EpochTable()
    table.extend(epoch_record(epoch, mse=0.3 - 0.02 * epoch) for epoch in range(10))
    before = track.grab().toImage()
    stage.tell(EpochTablesReplaced(table, None))
    assert track.grab().toImage() != before


def test_checkpoints_have_ticks(track: TimelineTrack, stage: Stage) -> None:
    timeline = stage.tell_timeline()
    few = track.grab().toImage()
    stage.tell(dataclasses.replace(timeline, checkpoints=(0, 3, 7)))
    assert track.grab().toImage() != few


def test_while_training_runs_the_track_is_repainted_at_intervals(
    track: TimelineTrack, stage: Stage, qtbot: QtBot
) -> None:
    stage.tell(Status(State.RUNNING, Position(10), furthest=Position(10)))
    track.grab()
    before = track._behind
    assert before is not None
    for _ in range(3):
        tell_epochs_of_a_run(stage, 5)
        track.grab()
        assert track._behind is before
    qtbot.waitUntil(lambda: track._behind is not before)
    track.grab()
    assert track.maximum() == 25


def tell_epochs_of_a_run(stage: Stage, count: int) -> None:
    start = len(stage.model.epochs)
    stage.tell(EpochsDone(tuple(epoch_record(start + index) for index in range(count)), 30.0))
    end = Position(start + count)
    stage.tell(Status(State.RUNNING, end, furthest=end))


@pytest.mark.parametrize(
    ("epochs", "texts"),
    [
        (1, ["0", "1"]),
        (10, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]),
        (120, ["0", "20", "40", "60", "80", "100", "120"]),
        (10_000, ["0", "2,000", "4,000", "6,000", "8,000", "10,000"]),
    ],
)
def test_the_axis_has_round_numbers_that_can_be_read(epochs: int, texts: list[str]) -> None:
    scale = Scale(516, epochs, 1)
    labels = axis_labels(scale, lambda text: 8.0 * len(text))
    assert [label.text for label in labels] == texts
    assert [label.x for label in labels] == [scale.x(Position(int(text.replace(",", "")))) for text in texts]


@pytest.mark.parametrize("epochs", [1, 7, 99, 100, 4321, 1_000_000])
def test_the_numbers_of_the_axis_neither_overlap_nor_leave_it(epochs: int) -> None:
    labels = axis_labels(Scale(300, epochs, 1), lambda text: 8.0 * len(text))
    ends = [(label.left, label.left + 8 * len(label.text)) for label in labels]
    assert len(labels) > 1
    assert all(right + 8 <= left for (_, right), (left, _) in pairwise(ends))
    assert ends[0][0] >= 0
    assert ends[-1][1] <= 300
