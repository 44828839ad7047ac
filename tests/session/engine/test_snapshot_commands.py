"""A snapshot is handed from one session to another."""

from __future__ import annotations

from bpviz.session.engine.commands import GoTo, OpenSnapshot, RequestFrame, Run, SetSpeed, Step, TakeSnapshot
from bpviz.session.engine.events import SessionOpened, SnapshotTaken, State, Status
from bpviz.session.frames.frame import Frame
from bpviz.session.training.position import Position
from tests.session.engine.test_branch_commands import GRID, OTHER
from tests.session.helpers import SMALL, Driver


def test_a_snapshot_opens_to_the_same_numbers_in_another_session() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Step("epoch", 2))
        driver.runner.post(Step("sample", 5))
        driver.expect(Status, lambda each: each.state is State.PAUSED and each.position == Position(2, 5))
        driver.runner.post(RequestFrame(GRID))
        frame = driver.expect(Frame)
        driver.runner.post(TakeSnapshot())
        taken = driver.expect(SnapshotTaken).session
    assert taken is not None
    with Driver(OTHER) as driver:
        driver.runner.post(OpenSnapshot(taken))
        driver.expect(SessionOpened)
        driver.expect(Status, lambda each: each.position == Position(2, 5))
        driver.runner.post(RequestFrame(GRID))
        again = driver.expect(Frame)
    assert again.outputs.tobytes() == frame.outputs.tobytes()
    assert again.parameters.tobytes() == frame.parameters.tobytes()


def test_the_first_session_trains_on_while_the_second_is_in_its_past() -> None:
    with Driver(SMALL) as first, Driver(OTHER) as second:
        first.runner.post(SetSpeed(None))
        first.runner.post(Step("epoch", 3))
        first.expect(Status, lambda each: each.state is State.PAUSED and each.position == Position(3))
        first.runner.post(TakeSnapshot())
        taken = first.expect(SnapshotTaken).session
        assert taken is not None
        first.runner.post(Run())
        second.runner.post(OpenSnapshot(taken))
        second.expect(SessionOpened)
        second.runner.post(GoTo(Position(1)))
        second.expect(Status, lambda each: each.state is State.PAUSED and each.position == Position(1))
        first.expect(Status, lambda each: each.state is State.FINISHED)
        assert taken.branches[0].furthest == Position(3)


def test_without_a_network_there_is_no_snapshot() -> None:
    with Driver() as driver:
        driver.runner.post(TakeSnapshot())
        assert driver.expect(SnapshotTaken).session is None
