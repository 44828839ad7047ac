"""A real program, thread and all, and somebody who gives its commands and waits for what comes of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from bpviz.app import Program
from bpviz.session.engine.events import Failed, State
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.training.position import Position
from bpviz.ui.window.settings import Settings

# Only a program that hangs is ever waited for so long.
_DEADLINE_MILLISECONDS = 20_000


class Pilot:
    """Opens a window and flies it.

    Attributes
    ----------
    failures : list of Failed
        What the program has said to have gone wrong, and no test has expected.
    """

    def __init__(self, qtbot: QtBot, experiment: Experiment, *, theme: str | None = None) -> None:
        self._qtbot = qtbot
        self.program = Program(experiment, Settings(QSettings()), preset="moons", theme=theme)
        self.model, self.window = self.program.model, self.program.window
        self.failures: list[Failed] = []
        self.n_prepared = self.n_steps = 0
        self._is_place_told = True
        self.model.failed.connect(self.failures.append)
        self.model.experiment_prepared.connect(self._count_prepared)
        self.model.current_update_changed.connect(self._count_step)
        self.model.status_changed.connect(self._note_place)
        self.program.show()
        self._is_open = True

    def _count_prepared(self, _: object) -> None:
        self.n_prepared += 1

    def _count_step(self, _: object) -> None:
        self.n_steps += 1
        self._is_place_told = False  # it comes with the status that follows

    def _note_place(self, _: object) -> None:
        self._is_place_told = True

    # What is done

    def do(self, command: str) -> None:
        """Give a command as its menu entry would."""
        action = self.window.actions_[command]
        assert action.isEnabled(), f"{command} cannot be given"
        action.trigger()

    def leave(self) -> None:
        """Close the window, and fail where something went wrong that no test expected."""
        if self._is_open:
            self._is_open = False
            self.window.close()
            self.window.deleteLater()
            self.program.deleteLater()
        assert not self.failures, self.failures

    # What is waited for

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds."""
        self._qtbot.waitUntil(holds, timeout=_DEADLINE_MILLISECONDS)

    def until_state(self, state: State) -> None:
        """Wait until the window knows that the session is in a state."""
        self.until(lambda: self.model.status.state is state)

    def until_ready(self) -> None:
        """Wait until a network stands ready and its surface is on screen."""
        self.until(lambda: self.model.prepared is not None and self.model.frame is not None)
        self.until_state(State.PAUSED)

    def until_drawn(self) -> None:
        """Wait until the screen shows the present moment."""
        self.until(lambda: self.model.frame_requests.is_up_to_date)

    def until_stepped(self, before: int) -> None:
        """Wait until more than so many updates have been told, and where training then stands."""
        self.until(lambda: self.n_steps > before and self._is_place_told)

    def expect_failure(self) -> Failed:
        """Wait until something has gone wrong, as it should."""
        self.until(lambda: bool(self.failures))
        return self.failures.pop(0)

    # Longer manoeuvres

    def reset(self) -> None:
        """Reset, and wait for the new network."""
        before = self.n_prepared
        self.do("reset")
        self.until(lambda: self.n_prepared > before)
        self.until_state(State.PAUSED)

    def step(self, command: str = "step") -> None:
        """Train visibly on one sample, and wait for it."""
        before = self.n_steps
        self.do(command)
        self.until_stepped(before)

    def run_to_the_end(self) -> None:
        """Run until the experiment's last epoch."""
        self.do("run")
        self.until_state(State.FINISHED)

    @property
    def position(self) -> Position:
        """The moment on screen."""
        assert self.model.position is not None
        return self.model.position
