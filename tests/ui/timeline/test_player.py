from __future__ import annotations

from collections.abc import Iterator

import pytest

from bpviz.session.engine.commands import GoLive, GoTo
from bpviz.session.engine.events import EpochsDone, Failed, State, Status
from bpviz.session.training.position import Position
from bpviz.ui.timeline.player import RATES, Player
from tests.session.helpers import epoch_record
from tests.ui.stage import Stage


class Show:
    """A player for a hundred epochs, with a clock that the test sets."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.now = stage, 0.0
        self.player = Player(stage.model, stage.model, clock=lambda: self.now)
        self.directions: list[int] = []
        self.player.playing_changed.connect(self.directions.append)
        stage.prepare()
        stage.tell(EpochsDone(tuple(epoch_record(epoch) for epoch in range(100)), 30.0))
        self.arrive(40)

    def arrive(self, epoch: int, state: State = State.PAUSED) -> None:
        self.stage.tell(Status(state, Position(epoch), is_live=epoch == 100, furthest=Position(100)))

    def wait(self, seconds: float) -> None:
        """Advance the clock, then trigger the timer."""
        self.now += seconds
        self.player._timer.timeout.emit()

    def asked(self) -> list[int]:
        travels = self.stage.commands.of(GoTo)
        return [position.epoch for position in travels if isinstance(position, Position)]


@pytest.fixture
def show(stage: Stage) -> Iterator[Show]:
    made = Show(stage)
    made.player.set_rate(30.0)
    yield made
    made.player.stop()


def test_the_current_epoch_follows_the_clock(show: Show) -> None:
    show.player.play_forward(True)
    for expected in (43, 46):
        show.wait(0.1001)
        assert show.asked()[-1] == expected
        show.arrive(expected)


def test_playing_backwards_stops_at_the_start(show: Show) -> None:
    show.player.play_backward(True)
    show.wait(1.0)
    assert show.asked() == [10]
    show.arrive(10)
    show.wait(1.0)
    assert show.asked() == [10, 0]
    assert show.directions == [-1, 0]


def test_a_slow_session_skips_epochs_instead_of_lagging_behind(show: Show) -> None:
    show.player.play_forward(True)
    for _ in range(5):
        show.wait(0.2)
    assert show.asked() == [46]  # no seeks are queued behind the pending one
    show.arrive(46)
    assert show.asked() == [46, 70]


def test_playing_forward_ends_at_the_live_end(show: Show) -> None:
    show.player.play_forward(True)
    show.wait(5.0)
    assert show.stage.commands.of(GoLive) == [None]
    assert show.directions == [1, 0]


def test_it_goes_live_only_after_the_pending_seek(show: Show) -> None:
    show.player.play_forward(True)
    show.wait(0.5)
    show.wait(5.0)
    assert show.stage.commands.of(GoLive) == []
    show.arrive(55)
    show.wait(0.1)
    assert show.stage.commands.of(GoLive) == [None]


def test_at_the_live_end_it_starts_from_the_beginning(show: Show) -> None:
    show.arrive(100)
    show.player.play_forward(True)
    show.wait(0.01)
    assert show.asked() == [0]
    show.arrive(0)
    show.wait(0.1)
    assert show.asked() == [0, 3]


def test_a_new_speed_continues_from_the_current_epoch(show: Show) -> None:
    show.player.play_forward(True)
    show.wait(0.1001)
    show.arrive(43)
    show.player.set_rate(1.0)
    show.wait(2.0001)
    assert show.asked() == [43, 45]


def test_the_other_direction_replaces_the_first(show: Show) -> None:
    show.player.play_forward(True)
    show.player.play_backward(True)
    show.wait(0.1001)
    assert show.asked() == [37]
    assert show.directions == [1, -1]


def test_the_button_stops_it(show: Show) -> None:
    show.player.play_forward(True)
    show.player.play_forward(False)
    assert show.directions == [1, 0]
    assert show.player.direction == 0


def test_a_failure_stops_it(show: Show) -> None:
    show.player.play_forward(True)
    show.stage.tell(Failed("It broke."))
    assert show.directions == [1, 0]


def test_a_new_network_stops_it(show: Show) -> None:
    show.player.play_forward(True)
    show.stage.prepare()
    assert show.directions == [1, 0]


def test_training_stops_it(show: Show) -> None:
    show.player.play_forward(True)
    show.arrive(40, State.RUNNING)
    assert show.directions == [1, 0]


def test_nothing_is_played_while_training_runs(show: Show) -> None:
    show.arrive(100, State.RUNNING)
    show.player.play_backward(True)
    assert show.player.direction == 0
    assert show.directions == [0]  # the button is unchecked


def test_speeds_go_from_one_epoch_a_second_to_many() -> None:
    assert list(RATES.values()) == [1, 5, 30, 120, 480]
