import pytest

from bpviz.session.engine.rate_limit import RateLimit


class Clock:
    """Shows the time that it is set to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> RateLimit:
    return RateLimit(clock)


def run_epoch(pace: RateLimit, clock: Clock, seconds: float) -> None:
    pace.epoch_begins()
    clock.now += seconds
    pace.epoch_ends()


def test_without_a_limit_an_epoch_may_always_begin(pace: RateLimit, clock: Clock) -> None:
    for _ in range(3):
        assert pace.seconds_to_next_epoch() == 0
        run_epoch(pace, clock, 0.001)


def test_with_a_limit_epochs_begin_evenly_spaced(pace: RateLimit, clock: Clock) -> None:
    pace.limit(10)
    for _ in range(5):
        assert pace.seconds_to_next_epoch() == 0
        run_epoch(pace, clock, 0.03)
        assert pace.seconds_to_next_epoch() == pytest.approx(0.07)
        clock.now += pace.seconds_to_next_epoch()


def test_a_late_epoch_is_not_made_up_for_by_hurrying(pace: RateLimit, clock: Clock) -> None:
    pace.limit(10)
    run_epoch(pace, clock, 5.0)
    assert pace.seconds_to_next_epoch() == 0
    run_epoch(pace, clock, 0.01)
    run_epoch(pace, clock, 0.01)
    assert pace.seconds_to_next_epoch() == pytest.approx(0.1, abs=0.02)


def test_another_limit_holds_at_once(pace: RateLimit, clock: Clock) -> None:
    pace.limit(0.01)
    run_epoch(pace, clock, 0.001)
    assert pace.seconds_to_next_epoch() > 90
    pace.limit(None)
    assert pace.seconds_to_next_epoch() == 0


def test_a_restart_lets_the_next_epoch_begin_at_once_and_keeps_the_limit(pace: RateLimit, clock: Clock) -> None:
    pace.limit(1)
    run_epoch(pace, clock, 0.25)
    pace.restart()
    assert pace.seconds_to_next_epoch() == 0
    run_epoch(pace, clock, 0.25)
    assert pace.seconds_to_next_epoch() == pytest.approx(0.75)


def test_the_rate_is_unknown_before_the_first_epoch_ends(pace: RateLimit) -> None:
    assert pace.rate == 0


def test_the_rate_counts_the_epochs_of_the_last_second(pace: RateLimit, clock: Clock) -> None:
    for _ in range(10):
        run_epoch(pace, clock, 0.5)
    assert pace.rate == pytest.approx(2)
    for _ in range(100):
        run_epoch(pace, clock, 0.02)
    assert pace.rate == pytest.approx(50)


def test_the_rate_of_long_epochs_is_that_of_the_last(pace: RateLimit, clock: Clock) -> None:
    run_epoch(pace, clock, 1.0)
    run_epoch(pace, clock, 4.0)
    assert pace.rate == pytest.approx(0.25)


def test_a_pause_does_not_count_as_a_slow_epoch(pace: RateLimit, clock: Clock) -> None:
    run_epoch(pace, clock, 0.1)
    clock.now += 60
    pace.restart()
    assert pace.rate == 0
    run_epoch(pace, clock, 0.1)
    assert pace.rate == pytest.approx(10)
