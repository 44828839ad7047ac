"""BreakpointMonitor: which breakpoints are scanned for, and which hits are counted and reported."""

import dataclasses

import numpy as np
import pytest

from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.breakpoint_monitor import BreakpointMonitor
from bpviz.session.debugging.breakpoints import Breakpoint, Condition
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from tests.session.helpers import SMALL

pytestmark = pytest.mark.usefixtures("kernel_path")

SHUFFLED = dataclasses.replace(SMALL, shuffle=True)
N_TRAIN, SIZES = 28, SMALL.sizes


def breakpoint_at(
    quantity: str, comparison: str, value: float, layer: int = 0, *, log_only: bool = False
) -> Breakpoint:
    return Breakpoint((Condition(Metric(quantity, layer), comparison, value),), log_only=log_only)


ALWAYS = breakpoint_at("epoch", "≥", 0, log_only=True)
NEVER = breakpoint_at("epoch", "<", 0)


def run(
    breakpoint_monitor: BreakpointMonitor, training: Training, samples: int = N_TRAIN
) -> list[tuple[Position, int]]:
    """Train with what the tripwire looks for; return place and sample of the hits that call a stop."""
    begin, order = training.position, training.trainer.order
    training.trainer.advance(samples, breakpoint_monitor.scan)
    return [(hit.position, hit.sample) for hit in breakpoint_monitor.collect(begin, order)]


def test_only_enabled_breakpoints_that_fit_the_network_are_scanned_for() -> None:
    fits, too_deep = breakpoint_at("abs_delta", "<", 1, layer=3), breakpoint_at("abs_delta", "<", 1, layer=4)
    disabled = dataclasses.replace(fits, enabled=False)
    assert BreakpointMonitor((too_deep, fits, disabled), SIZES).armed == (fits,)
    assert BreakpointMonitor((too_deep, disabled), SIZES).scan is None
    assert BreakpointMonitor((too_deep,), SIZES).collect(Position(), np.arange(N_TRAIN)) == []
    assert BreakpointMonitor((too_deep, disabled), SIZES).event().counts == (0, 0)


def test_a_hit_tells_place_sample_and_operation_in_a_shuffled_epoch() -> None:
    training, wanted = Training(SHUFFLED), 17
    breakpoint_monitor = BreakpointMonitor((breakpoint_at("sample", "=", wanted), ALWAYS), SIZES)
    training.trainer.advance(3)
    place = training.trainer.order.tolist().index(wanted)
    assert place > 3
    assert run(breakpoint_monitor, training) == [(Position(0, place), wanted)]
    logged = [(hit.position.sample, hit.sample) for hit in breakpoint_monitor.event().new if hit.breakpoint == ALWAYS]
    assert logged == list(enumerate(training.trainer.order.tolist()))[3 : place + 1]


def test_of_several_operations_the_latest_is_where_all_conditions_are_known() -> None:
    conditions = (Condition(Metric("abs_delta", 2), ">", 0), Condition(Metric("a", 1), ">", -2))
    training, breakpoint_monitor = Training(SMALL), BreakpointMonitor((Breakpoint(conditions),), SIZES)
    assert run(breakpoint_monitor, training) == [
        (Position(0, 0, 13), 0)
    ]  # six forward, the loss, three of layer 3, three of 2


def test_only_the_hits_of_the_update_that_stops_call_a_stop() -> None:
    breakpoint_monitor = BreakpointMonitor(
        (ALWAYS, breakpoint_at("sample", "=", 6), breakpoint_at("sample", ">", 5)), SIZES
    )
    assert run(breakpoint_monitor, Training(SMALL)) == [(Position(0, 6), 6), (Position(0, 6), 6)]
    assert breakpoint_monitor.event().counts == (7, 1, 1)


def test_a_log_only_breakpoint_counts_hits_and_does_not_stop() -> None:
    breakpoint_monitor, training = BreakpointMonitor((ALWAYS, NEVER), SIZES), Training(SMALL)
    assert run(breakpoint_monitor, training, 10) == []
    assert run(breakpoint_monitor, training, 10) == []
    event = breakpoint_monitor.event()
    assert event.counts == (20, 0)
    assert [hit.sample for hit in event.new] == list(range(20))


def test_hits_are_reported_once_and_counts_accumulate() -> None:
    breakpoint_monitor, training = BreakpointMonitor((ALWAYS,), SIZES), Training(SMALL)
    assert not breakpoint_monitor.has_news
    run(breakpoint_monitor, training, 4)
    assert breakpoint_monitor.has_news
    assert len(breakpoint_monitor.event().new) == 4
    assert not breakpoint_monitor.has_news
    run(breakpoint_monitor, training, 4)
    event = breakpoint_monitor.event()
    assert (len(event.new), event.counts) == (4, (8,))


def test_of_very_many_hits_the_latest_are_reported() -> None:
    breakpoint_monitor, training = (
        BreakpointMonitor((ALWAYS,), SIZES),
        Training(dataclasses.replace(SMALL, samples=1000)),
    )
    run(breakpoint_monitor, training, 700)
    event = breakpoint_monitor.event()
    assert event.counts == (700,)
    assert event.new[-1].position.sample == 699
    assert [hit.sample for hit in event.new] == list(range(700 - len(event.new), 700))


def test_counts_are_kept_when_a_breakpoint_is_switched_off_and_on() -> None:
    old, training = BreakpointMonitor((ALWAYS, NEVER), SIZES), Training(SMALL)
    run(old, training, 4)
    stops = dataclasses.replace(ALWAYS, log_only=False)
    new = BreakpointMonitor((breakpoint_at("sample", ">", 90), dataclasses.replace(stops, enabled=False)), SIZES)
    new.keep_counts_of(old)
    assert new.event().counts == (0, 4)
