"""The session on its thread: what it says arrives on the window's, and it always comes to an end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event as Flag

import pytest
from PySide6.QtCore import QObject, QThread, Slot
from pytestqt.qtbot import QtBot

from bpviz.core.metrics.scan import Scan
from bpviz.core.training.trainer import Trainer
from bpviz.session.engine import training_commands as conductor
from bpviz.session.engine.commands import Load, Run, Step
from bpviz.session.engine.events import EpochsDone, Event, Failed, NetworkReady, State, Status
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.training.training import Training
from bpviz.ui.view_model.worker_thread import WorkerThread
from tests.session.helpers import LONG, SMALL

_DEADLINE_MILLISECONDS = 20_000


class Listener(QObject):
    """Keeps the events and the threads that they were heard on."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Event] = []
        self.threads: set[QThread] = set()

    @Slot(object)
    def hear(self, event: Event) -> None:
        self.events.append(event)
        self.threads.add(QThread.currentThread())

    def states(self) -> list[State]:
        return [event.state for event in self.events if isinstance(event, Status)]

    def failures(self) -> list[Failed]:
        return [event for event in self.events if isinstance(event, Failed)]


@pytest.fixture
def worker(qapp: object) -> Iterator[WorkerThread]:
    made = WorkerThread()
    yield made
    assert made.end()


@pytest.fixture
def listener(worker: WorkerThread) -> Listener:
    made = Listener()
    worker.happened.connect(made.hear)
    worker.start()
    return made


@pytest.fixture
def until(qtbot: QtBot) -> Callable[[Callable[[], bool]], None]:
    return lambda holds: qtbot.waitUntil(holds, timeout=_DEADLINE_MILLISECONDS)


Until = Callable[[Callable[[], bool]], None]


def test_everything_is_heard_on_the_thread_of_the_window(
    worker: WorkerThread, listener: Listener, until: Until
) -> None:
    worker.post(Load(SMALL))
    worker.post(Run())
    until(lambda: State.FINISHED in listener.states())
    assert listener.threads == {QThread.currentThread()}
    assert any(isinstance(event, NetworkReady) for event in listener.events)
    records = [record for event in listener.events if isinstance(event, EpochsDone) for record in event.records]
    assert [record.epoch for record in records] == list(range(SMALL.epochs))


def test_the_work_is_done_on_another_thread(
    worker: WorkerThread, listener: Listener, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[bool] = []
    here = QThread.currentThread()
    advance = Trainer.advance

    def noting(trainer: Trainer, samples: int, scan: Scan | None = None) -> None:
        threads.append(QThread.currentThread() is here)
        advance(trainer, samples, scan)

    monkeypatch.setattr(Trainer, "advance", noting)
    worker.post(Load(SMALL))
    worker.post(Run())
    until(lambda: State.FINISHED in listener.states())
    assert threads
    assert not any(threads)


@pytest.mark.parametrize("place", ["prepare", "train"])
def test_a_fault_in_the_work_is_told_and_the_thread_goes_on(
    worker: WorkerThread, listener: Listener, until: Until, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("somebody pulled the plug")

    with monkeypatch.context() as patch:
        if place == "prepare":
            patch.setattr(conductor, "Training", fail)
        else:
            patch.setattr(Trainer, "advance", fail)
        worker.post(Load(SMALL))
        worker.post(Run())
        until(lambda: bool(listener.failures()))
    assert "somebody pulled the plug" in listener.failures()[0].sentence
    assert "RuntimeError" in listener.failures()[0].details
    worker.post(Load(SMALL))
    worker.post(Run())
    until(lambda: State.FINISHED in listener.states())


def test_what_is_asked_for_before_the_start_is_done_in_its_order(qapp: object, until: Until) -> None:
    worker, listener = WorkerThread(), Listener()
    worker.happened.connect(listener.hear)
    worker.post(Load(SMALL))
    worker.post(Run())
    worker.start()
    until(lambda: State.FINISHED in listener.states())
    assert worker.end()


def test_it_ends_before_it_was_started_and_twice(qapp: object) -> None:
    worker = WorkerThread()
    assert worker.end()
    assert worker.end()


def test_it_ends_while_it_waits(worker: WorkerThread, listener: Listener, until: Until) -> None:
    worker.post(Load(SMALL))
    until(lambda: State.PAUSED in listener.states())
    assert worker.end()


def test_the_end_is_the_end_however_soon_it_comes(qapp: object) -> None:
    for _ in range(100):
        worker = WorkerThread()
        worker.start()
        assert worker.end()
        assert worker._thread.isFinished()


def test_it_ends_in_the_middle_of_a_long_epoch(worker: WorkerThread, listener: Listener, until: Until) -> None:
    worker.post(Load(LONG))
    worker.post(Run())
    until(lambda: State.RUNNING in listener.states())
    assert worker.end()
    assert not any(isinstance(event, EpochsDone) for event in listener.events)


def test_it_ends_while_samples_are_being_made(
    worker: WorkerThread, listener: Listener, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = Flag(), Flag()

    def slow(experiment: Experiment) -> Training:
        begun.set()
        may_end.wait(_DEADLINE_MILLISECONDS / 1000)
        return Training(experiment)

    monkeypatch.setattr(conductor, "Training", slow)
    worker.post(Load(SMALL))
    until(begun.is_set)
    worker._worker.close()
    may_end.set()
    assert worker.end()
    assert not worker._thread.isRunning()


def test_what_is_asked_for_after_the_end_does_nothing(worker: WorkerThread, listener: Listener, until: Until) -> None:
    worker.post(Load(SMALL))
    until(lambda: State.PAUSED in listener.states())
    worker.end()
    heard = len(listener.events)
    worker.post(Run())
    worker.post(Step())
    assert worker.end()
    assert len(listener.events) == heard
