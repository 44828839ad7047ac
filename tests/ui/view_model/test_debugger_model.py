"""What the window knows of breakpoints and watches, and what it asks of the session."""

import math

import pytest

from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.breakpoints import READY_MADE, Breakpoint, Condition, Hit, Hits
from bpviz.session.debugging.watches import Watch, Watched
from bpviz.session.engine.commands import SetBreakpoints, SetWatches
from bpviz.session.engine.events import EpochsDone
from bpviz.session.training.position import Position
from bpviz.ui.view_model.debugger_model import DebuggerModel
from tests.session.helpers import epoch_record
from tests.ui.stage import Stage

VANISHING, SATURATED, *_ = READY_MADE.values()
LOSS, DELTA = Watch(Metric("loss")), Watch(Metric("delta", 1, neuron=2))


@pytest.fixture
def debugger(stage: Stage) -> DebuggerModel:
    return stage.model.debugger


def hit(epoch: int = 0) -> Hit:
    return Hit(Position(epoch, 4, 9), 4, VANISHING, (1e-6,))


def test_breakpoints_reach_the_session(stage: Stage, debugger: DebuggerModel) -> None:
    debugger.set_breakpoints((VANISHING,))
    assert stage.commands.of(SetBreakpoints) == [(VANISHING,)]
    assert (debugger.breakpoints, debugger.counts) == ((VANISHING,), (0,))


def test_breakpoints_that_stay_keep_their_counts(stage: Stage, debugger: DebuggerModel) -> None:
    debugger.set_breakpoints((VANISHING, SATURATED))
    stage.tell(Hits((3, 5), (), None))
    quiet = Breakpoint(SATURATED.conditions, enabled=False)
    debugger.set_breakpoints((quiet, Breakpoint((Condition(Metric("loss"), ">", 1),))))
    assert debugger.counts == (5, 0)


def test_hits_are_kept_in_their_order_and_the_last_stop_is_known(stage: Stage, debugger: DebuggerModel) -> None:
    debugger.set_breakpoints((VANISHING,))
    stage.tell(Hits((1,), (hit(0),), None))
    stage.tell(Hits((2,), (hit(1),), hit(1)))
    assert list(debugger.hits) == [hit(0), hit(1)]
    assert (debugger.counts, debugger.stopped) == ((2,), hit(1))
    stage.tell(Hits((2,), (), None))
    assert debugger.stopped is None


def test_counts_of_breakpoints_that_are_gone_are_not_taken(stage: Stage, debugger: DebuggerModel) -> None:
    debugger.set_breakpoints((VANISHING, SATURATED))
    debugger.set_breakpoints((VANISHING,))
    stage.tell(Hits((3, 5), (), None))
    assert debugger.counts == (0,)


def test_only_the_latest_hits_are_kept(stage: Stage, debugger: DebuggerModel) -> None:
    stage.tell(Hits((), tuple(hit(epoch) for epoch in range(1500)), None))
    assert (len(debugger.hits), debugger.hits[-1]) == (1000, hit(1499))


def test_the_log_can_be_emptied(stage: Stage, debugger: DebuggerModel) -> None:
    stage.tell(Hits((), (hit(),), None))
    debugger.clear_hits()
    assert not debugger.hits


def test_watches_reach_the_session_and_those_that_stay_keep_what_they_showed(
    stage: Stage, debugger: DebuggerModel
) -> None:
    debugger.set_watches((LOSS,))
    stage.tell(Watched(Position(0, 1), (0.5,)))
    debugger.set_watches((DELTA, LOSS))
    assert stage.commands.of(SetWatches) == [(LOSS,), (DELTA, LOSS)]
    assert (debugger.logs[LOSS].value, debugger.logs[DELTA].value) == (0.5, None)


def test_a_watch_shows_its_steps_and_its_epochs(stage: Stage, debugger: DebuggerModel) -> None:
    debugger.set_watches((LOSS,))
    stage.tell(Watched(Position(0, 1), (0.5,)))
    stage.tell(Watched(Position(0, 2), (0.25,)))
    stage.tell(EpochsDone((epoch_record(0),), 1.0, (Watched(Position(1), (0.125,)),)))
    log = debugger.logs[LOSS]
    assert list(log.steps) == [(Position(0, 1), 0.5), (Position(0, 2), 0.25)]
    assert (list(log.epochs), log.value) == ([(1, 0.125)], 0.125)


def test_going_back_forgets_what_lay_ahead(stage: Stage, debugger: DebuggerModel) -> None:
    debugger.set_watches((LOSS,))
    for sample, value in ((1, 0.5), (2, 0.25), (3, 0.125), (2, 0.75)):
        stage.tell(Watched(Position(0, sample), (value,)))
    assert [value for _, value in debugger.logs[LOSS].steps] == [0.5, 0.75]


def test_values_of_other_watches_are_not_taken(stage: Stage, debugger: DebuggerModel) -> None:
    debugger.set_watches((LOSS, DELTA))
    stage.tell(Watched(Position(0, 1), (math.nan,)))
    assert debugger.logs[LOSS].value is None


def test_a_new_network_keeps_breakpoints_and_watches_and_forgets_what_they_showed(
    stage: Stage, debugger: DebuggerModel
) -> None:
    debugger.set_breakpoints((VANISHING,))
    debugger.set_watches((LOSS,))
    stage.tell(Hits((1,), (hit(),), hit()))
    stage.tell(Watched(Position(0, 1), (0.5,)))
    stage.prepare()
    assert (debugger.breakpoints, debugger.watches) == ((VANISHING,), (LOSS,))
    assert (debugger.counts, list(debugger.hits), debugger.stopped) == ((0,), [], None)
    assert debugger.logs[LOSS].value is None
