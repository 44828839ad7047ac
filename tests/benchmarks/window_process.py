"""One measurement of the window in a process of its own; prints its result as JSON."""

from __future__ import annotations

import dataclasses
import json
import resource
import sys
import time

import numpy as np
from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Slot

from bpviz.app import Program, make_application
from bpviz.core.training import kernel
from bpviz.session.engine.commands import Run
from bpviz.session.engine.events import State, Status
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.presets import load_preset
from bpviz.session.training.training import Training
from bpviz.ui.window.settings import Settings

_SECONDS = 60
_ENDLESS = 10_000_000
_ASK_MILLISECONDS = 4
_SMALL = {"hidden": (8,), "activations": ("sigmoid", "sigmoid"), "samples": 40}


class Watch(QObject):
    """Posts a timer event every few milliseconds and records its delay."""

    def __init__(self) -> None:
        super().__init__()
        self.silences: list[float] = []
        self._clock = QElapsedTimer()
        self._timer = QTimer(self, interval=_ASK_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Start the timer."""
        self._clock.start()
        self._timer.start()

    @Slot()
    def _tick(self) -> None:
        self.silences.append(max(self._clock.nsecsElapsed() / 1e6 - _ASK_MILLISECONDS, 0.0))
        self._clock.restart()


class Trial(QObject):
    """Opens the window with all weights of the network, trains at unlimited speed, and closes it after a while."""

    def __init__(self, experiment: Experiment, seconds: float | None, watches: bool) -> None:
        super().__init__()
        self._watches = watches
        self.program = Program(experiment, Settings(None), preset="moons", size=(1440, 900))
        self.watch, self._seconds = Watch(), seconds
        self.began, self.first_epoch, self.rate = 0.0, 0, 0.0
        model = self.program.model
        model.experiment_prepared.connect(self._run)
        model.status_changed.connect(self._finish)

    @Slot()
    def _run(self) -> None:
        kernel.wait_until_compiled()
        self.program.window.docks.network.panel.share.setValue(100)
        self.program.model.set_speed(None)
        self.program.model.post(Run())
        QTimer.singleShot(2000, self._measure)

    @Slot()
    def _measure(self) -> None:
        self.began, self.first_epoch = time.perf_counter(), len(self.program.model.epochs)
        if self._watches:
            self.watch.start()
        if self._seconds:
            QTimer.singleShot(int(1000 * self._seconds), self._close)

    @Slot(object)
    def _finish(self, status: Status) -> None:
        if status.state is State.FINISHED:
            QTimer.singleShot(500, self._close)

    @Slot()
    def _close(self) -> None:
        done = len(self.program.model.epochs) - self.first_epoch
        self.rate = done / (time.perf_counter() - self.began) if self.began else 0.0
        self.program.window.close()


def _trial(experiment: Experiment, seconds: float | None, *, watches: bool = False) -> Trial:
    app = make_application()
    trial = Trial(experiment, seconds, watches)
    trial.program.show()
    app.exec()
    return trial


def alone() -> dict[str, float]:
    """Return epochs per second of the article's experiment without a window, with scores."""
    training = Training(load_preset("moons").experiment)
    kernel.wait_until_compiled()
    training.run_epoch()
    started, epochs = time.perf_counter(), 0
    while time.perf_counter() - started < _SECONDS / 4:
        training.run_epoch()
        epochs += 1
    return {"rate": epochs / (time.perf_counter() - started)}


def speed() -> dict[str, float]:
    """Return epochs per second of the article's experiment with the window open."""
    experiment = dataclasses.replace(load_preset("moons").experiment, epochs=_ENDLESS)
    return {"rate": _trial(experiment, _SECONDS / 4).rate}


def smooth() -> dict[str, float]:
    """Return the delays of the event loop in milliseconds, over a minute of the article's experiment."""
    experiment = dataclasses.replace(load_preset("moons").experiment, epochs=_ENDLESS)
    trial = _trial(experiment, _SECONDS, watches=True)
    p99, longest = np.percentile(trial.watch.silences, (99, 100))
    return {"p99": float(p99), "longest": float(longest)}


def memory(epochs: int) -> dict[str, float]:
    """Return the peak memory of the process after a number of epochs of a small network, with the window open."""
    experiment = dataclasses.replace(load_preset("moons").experiment, epochs=epochs, **_SMALL)  # type: ignore[arg-type]
    _trial(experiment, None)
    return {"bytes": 1024.0 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}


if __name__ == "__main__":
    if "--numpy" in sys.argv:
        kernel.HAS_NUMBA = False
    measures = {"alone": alone, "speed": speed, "smooth": smooth}
    name = sys.argv[1]
    print(json.dumps(memory(int(sys.argv[2])) if name == "memory" else measures[name]()))
