"""Drives a real program with its worker thread: triggers its actions and waits for their effects."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from bpviz.app import Program
from bpviz.session.engine.events import Failed, State
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.training.position import Position
from bpviz.ui.window.settings import Settings

# Only a program that hangs takes this long.
_DEADLINE_MILLISECONDS = 20_000


class ProgramDriver:
    """Opens a program, triggers its actions and waits for their effects.

    Attributes
    ----------
    failures : list of Failed
        Failures that no test has expected.
    """

    def __init__(self, qtbot: QtBot, experiment: Experiment, *, theme: str | None = None) -> None:
        self._qtbot = qtbot
        self.failures: list[Failed] = []
        self._open(Program(experiment, Settings(QSettings()), preset="moons", theme=theme))

    def _open(self, program: Program) -> None:
        self.program = program
        self.model, self.window = program.model, program.window
        self.n_prepared = self.n_steps = 0
        self._is_position_sent = True
        self.model.failed.connect(self.failures.append)
        self.model.experiment_prepared.connect(self._count_prepared)
        self.model.current_update_changed.connect(self._count_step)
        self.model.status_changed.connect(self._note_position)
        self.program.show()
        self._is_open = True

    def _count_prepared(self, _: object) -> None:
        self.n_prepared += 1

    def _count_step(self, _: object) -> None:
        self.n_steps += 1
        self._is_position_sent = False  # the status that follows has it

    def _note_position(self, _: object) -> None:
        self._is_position_sent = True

    # Actions

    def trigger(self, command: str) -> None:
        """Trigger an action, as its menu entry does."""
        action = self.window.actions_[command]
        assert action.isEnabled(), f"{command} is disabled"
        action.trigger()

    def reopen(self) -> None:
        """Open another window with the session of this one, which has closed to start again."""
        self._open(self.program.again())

    def close(self) -> None:
        """Close the window, and fail if there were unexpected failures."""
        if self._is_open:
            self._is_open = False
            self.window.close()
            self.window.deleteLater()
            self.program.deleteLater()
        assert not self.failures, self.failures

    # Waiting

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Wait until a condition is true."""
        self._qtbot.waitUntil(holds, timeout=_DEADLINE_MILLISECONDS)

    def wait_for_state(self, state: State) -> None:
        """Wait until the window has received a state of the session."""
        self.wait_until(lambda: self.model.status.state is state)

    def wait_until_ready(self) -> None:
        """Wait until a network is ready and its first frame has arrived."""
        self.wait_until(lambda: self.model.prepared is not None and self.model.frame is not None)
        self.wait_for_state(State.PAUSED)

    def wait_until_drawn(self) -> None:
        """Wait until the latest frame shows the current position."""
        self.wait_until(lambda: self.model.frame_requests.is_up_to_date)

    def wait_until_stepped(self, before: int) -> None:
        """Wait until there were more than `before` updates, and the position after the last one was sent."""
        self.wait_until(lambda: self.n_steps > before and self._is_position_sent)

    def wait_for_failure(self) -> Failed:
        """Wait for a failure that the test expects, and return it."""
        self.wait_until(lambda: bool(self.failures))
        return self.failures.pop(0)

    # Sequences

    def reset(self) -> None:
        """Reset, and wait for the new network."""
        before = self.n_prepared
        self.trigger("reset")
        self.wait_until(lambda: self.n_prepared > before)
        self.wait_for_state(State.PAUSED)

    def step(self, command: str = "step") -> None:
        """Trigger a step, and wait for its update."""
        before = self.n_steps
        self.trigger(command)
        self.wait_until_stepped(before)

    def run_to_end(self) -> None:
        """Run until the experiment's last epoch."""
        self.trigger("run")
        self.wait_for_state(State.FINISHED)

    @property
    def position(self) -> Position:
        """The current position."""
        assert self.model.position is not None
        return self.model.position
