import pytest

from bpviz.session.engine.event_sender import EventSender
from bpviz.session.engine.events import EpochsDone, Event, Failed
from bpviz.session.engine.rate_limit import RateLimit
from tests.session.helpers import epoch_record


class Post:
    """An outbox at a time that stands still until it is moved, and what it has sent."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.sent: list[Event] = []
        self.event_sender = EventSender(self.sent.append, RateLimit(self.clock), self.clock)

    def clock(self) -> float:
        return self.now

    def put(self, *epochs: int) -> None:
        for epoch in epochs:
            self.event_sender.put(epoch_record(epoch))

    def epochs_sent(self) -> list[list[int]]:
        """Return the epochs of each message."""
        return [[record.epoch for record in event.records] for event in self.sent if isinstance(event, EpochsDone)]


@pytest.fixture
def post() -> Post:
    return Post()


def test_slow_epochs_are_sent_one_by_one(post: Post) -> None:
    for epoch in range(3):
        post.put(epoch)
        post.now += 0.1
    assert post.epochs_sent() == [[0], [1], [2]]


def test_fast_epochs_are_sent_in_batches_and_each_once(post: Post) -> None:
    post.put(0, 1, 2)
    assert post.epochs_sent() == [[0]]
    post.now += 0.1
    post.put(3)
    assert post.epochs_sent() == [[0], [1, 2, 3]]


def test_another_event_never_overtakes_an_epoch(post: Post) -> None:
    post.put(0, 1)
    post.event_sender.send(Failed("something"))
    assert post.epochs_sent() == [[0], [1]]
    assert isinstance(post.sent[-1], Failed)


def test_a_flush_sends_what_waits_and_nothing_twice(post: Post) -> None:
    post.put(0, 1)
    post.event_sender.flush()
    post.event_sender.flush()
    assert post.epochs_sent() == [[0], [1]]


def test_epochs_of_a_network_that_is_no_more_are_dropped(post: Post) -> None:
    post.put(0, 1)
    post.event_sender.forget()
    post.event_sender.flush()
    assert post.epochs_sent() == [[0]]
